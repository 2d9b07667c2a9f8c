//! Where phrasings, answers and templates are looked up: in memory or in a directory, in the same files.
//!
//! See `docs/design.md`, *Index*, for the files.

mod answers;
mod basis;
#[cfg(test)]
mod basis_tests;
mod build;
mod documents;
mod familiarity;
mod files;
mod filter;
mod forward;
mod learned;
mod lookup;
mod manifest;
mod meanings;
mod open;
mod pinyin_input;
mod postings;
mod profiles;
mod recall;
mod records;
mod schema;
mod sketches;
mod spelling;
mod stage;
mod suggest;
mod top;
mod weights;

pub(crate) use answers::AnswerMatches;
pub(crate) use basis::entries_to_learn;
pub(crate) use build::{Dictionary, Plan, build, build_in_memory};
pub(crate) use filter::Filter;
pub(crate) use learned::{LearnedEntry, Trained};
pub(crate) use lookup::{Lookup, Overlap};
pub(crate) use meanings::Meaning;
pub(crate) use open::{Index, Kind, WeightedTerm};
pub(crate) use recall::{Candidate, Recalled};
pub use stage::BuildStage;
