//! Which entry answers a question, and how sure that is.
//!
//! Recall hands on candidates; [`evidence`](Evidence) says how each agrees with the question; [`Mix`] makes one
//! score of it. See `docs/design.md`, *Ranking*.

mod evidence;
mod fit;
mod held_out;
mod margin;
mod mix;
mod rank;
mod sameness;
mod strangeness;
mod training;

pub use evidence::Evidence;
pub(crate) use fit::fit;
pub(crate) use mix::Mix;
pub(crate) use rank::{Ranked, rank};
pub(crate) use training::train;

/// Another text whenever the ranking may make something else of the same content: the version of the rules of training
/// and fitting, the weights that they begin with, and how common characters are.
pub(crate) fn ranking_rules() -> &'static str {
    concat!(
        "7 ",
        include_str!("weights.json"),
        include_str!("../../resources/frequencies.txt")
    )
}
