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

/// Learns the models of some entries, in their order. The same phrasings of all entries give the same models, whatever
/// the number of threads.
pub(crate) fn train(index: &Index, entries: &[u32]) -> Result<Vec<LearnedEntry>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let examples = Examples::new(index)?;
    let neighbours = Neighbours::new(&examples);
    let models = entries.par_iter().map_init(
        || (neighbours.scratch(), Machine::new(&examples)),
        |(scratch, machine), entry| {
            let own = index.phrasings_of(*entry);
            let rivals = neighbours.rivals(own.clone(), scratch);
            machine.learn(own, &rivals)
        },
    );
    Ok(models.collect())
}
