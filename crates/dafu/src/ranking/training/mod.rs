//! What an index learns from its own phrasings while it is built: a linear model for each entry.
//!
//! See `docs/ranking.md` for the formulas and their sources.

mod examples;
mod machine;
mod neighbours;

use rayon::prelude::*;

use crate::error::Result;
use crate::index::{Index, LearnedEntry};
use examples::Examples;
use machine::Machine;
use neighbours::Neighbours;

/// Learns the models of all entries. The same phrasings give the same models, whatever the number of threads.
pub(crate) fn train(index: &Index) -> Result<Vec<LearnedEntry>> {
    let examples = Examples::new(index)?;
    let neighbours = Neighbours::new(&examples);
    let entries = index.counts().entries;
    let models = (0..entries).into_par_iter().map_init(
        || (neighbours.scratch(), Machine::new(&examples)),
        |(scratch, machine), entry| {
            let own = index.phrasings_of(entry);
            let rivals = neighbours.rivals(own.clone(), scratch);
            machine.learn(own, &rivals)
        },
    );
    Ok(models.collect())
}
