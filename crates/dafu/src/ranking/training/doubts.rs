use std::ops::Range;

use crate::index::Index;

/// What models say of each phrasing: its own entry's, and that of the entry which claims it most.
pub(super) struct Claims {
    own: Vec<f32>,
    others: Vec<f32>,
}

impl Claims {
    pub(super) fn new(phrasings: usize) -> Self {
        Self {
            own: vec![0.0; phrasings],
            others: vec![f32::NEG_INFINITY; phrasings],
        }
    }

    /// Adds what the model of the entry with these phrasings says.
    pub(super) fn add(&mut self, own: Range<u32>, claimed: &[(u32, f32)]) {
        for (phrasing, says) in claimed {
            let place = *phrasing as usize;
            if own.contains(phrasing) {
                self.own[place] = *says;
            } else {
                self.others[place] = self.others[place].max(*says);
            }
        }
    }

    /// Which phrasings seem to stand under a wrong entry; none where they are few, since those are right and hard.
    pub(super) fn doubted(&self, index: &Index) -> Option<Vec<bool>> {
        let mut doubted = vec![false; self.own.len()];
        let mut judged = 0;
        let large = (0..index.counts().entries)
            .map(|entry| index.phrasings_of(entry))
            .filter(|own| own.len() >= JUDGED);
        for own in large {
            judged += own.len();
            // The standard question is what the entry is about.
            for phrasing in own.skip(1).map(|phrasing| phrasing as usize) {
                doubted[phrasing] = self.others[phrasing] > self.own[phrasing] - CLOSE;
            }
        }
        let count = doubted.iter().filter(|doubted| **doubted).count();
        (count as f32 > FEW * judged as f32).then_some(doubted)
    }
}

/// Phrasings of entries with fewer of them are believed: what so few teach is no reason to doubt.
const JUDGED: usize = 8;

/// How near another entry's model must come to its own one's.
const CLOSE: f32 = 0.5;

/// So small a part of doubted phrasings is none.
const FEW: f32 = 0.1;

/// What a model says less of is no claim.
pub(super) const FAINT: f32 = -0.9;
