//! What an index learns from its own phrasings while it is built: a linear model for each entry.
//!
//! See `docs/ranking.md` for the formulas and their sources.

mod doubts;
mod examples;
mod machine;
mod neighbours;
mod points;

use rayon::prelude::*;

use crate::error::Result;
use crate::index::{Index, LearnedEntry, Trained};
use doubts::Claims;
use examples::Examples;
use machine::Machine;
use neighbours::Neighbours;

/// Learns the models of some entries, in their order. The same phrasings of all entries give the same models, whatever
/// the number of threads.
pub(crate) fn train(index: &Index, entries: &[u32]) -> Result<Trained> {
    if entries.is_empty() {
        return Ok(Trained::default());
    }
    let examples = Examples::new(index)?;
    let neighbours = Neighbours::new(&examples, entries.iter().flat_map(|entry| index.phrasings_of(*entry)));
    let training = Training {
        index,
        examples: &examples,
        neighbours: &neighbours,
    };
    let (models, claims) = training.learn(entries, &[]);
    // Only all models together can tell what is doubtful.
    let all = entries.len() == index.counts().entries as usize;
    Ok(match all.then(|| claims.doubted(index)).flatten() {
        // What is learned from wrong labels is wrong: once more without them.
        Some(doubted) => {
            // Together with what follows they would take a third more memory than they need to.
            drop(models);
            Trained {
                models: training.learn(entries, &doubted).0,
                doubted: doubted.iter().filter(|doubted| **doubted).count() as u32,
            }
        }
        None => Trained { models, doubted: 0 },
    })
}

struct Training<'t> {
    index: &'t Index,
    examples: &'t Examples<'t>,
    neighbours: &'t Neighbours<'t>,
}

impl Training<'_> {
    /// Learns models from all phrasings but those that are doubted, and what the models say of each phrasing.
    fn learn(&self, entries: &[u32], doubted: &[bool]) -> (Vec<LearnedEntry>, Claims) {
        let believed = |phrasing: &u32| doubted.get(*phrasing as usize) != Some(&true);
        let mut models = Vec::with_capacity(entries.len());
        let mut claims = Claims::new(self.examples.len());
        // What is claimed takes as much memory as the models: that of some entries at a time.
        for entries in entries.chunks(CHUNK) {
            let learned: Vec<(LearnedEntry, Vec<(u32, f32)>)> = entries
                .par_iter()
                .map_init(
                    || (self.neighbours.scratch(), Machine::new(self.examples)),
                    |(scratch, machine), entry| {
                        let own = self.index.phrasings_of(*entry);
                        let mut rivals = self.neighbours.rivals(own.clone(), scratch);
                        rivals.retain(believed);
                        let believed_own: Vec<u32> = own.clone().filter(believed).collect();
                        let mut claimed = Vec::new();
                        let model = machine.learn(&believed_own, &rivals, |phrasing, says| {
                            if own.contains(&phrasing) || says > doubts::FAINT {
                                claimed.push((phrasing, says));
                            }
                        });
                        (model, claimed)
                    },
                )
                .collect();
            for (entry, (model, claimed)) in entries.iter().zip(learned) {
                claims.add(self.index.phrasings_of(*entry), &claimed);
                models.push(model);
            }
        }
        (models, claims)
    }
}

/// Of how many entries claims are kept before they are counted.
const CHUNK: usize = 4_096;
