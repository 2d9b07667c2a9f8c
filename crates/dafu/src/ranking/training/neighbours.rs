use std::ops::Range;

use super::examples::Examples;

/// Finds, for the phrasings of an entry, the phrasings of other entries that are nearest.
pub(super) struct Neighbours<'e> {
    examples: &'e Examples<'e>,
    /// The phrasings of each term that is needed, in a row; where those of each term end.
    postings: Vec<u32>,
    ends: Vec<u32>,
}

/// The memory of one thread.
pub(super) struct Scratch {
    scores: Vec<f32>,
    touched: Vec<u32>,
    order: Vec<u32>,
}

impl<'e> Neighbours<'e> {
    /// Those of some phrasings are asked for: of no other terms are the postings needed.
    pub(super) fn new(examples: &'e Examples<'e>, asked: impl Iterator<Item = u32>) -> Self {
        let mut needed = vec![false; examples.names.len()];
        for term in asked.flat_map(|phrasing| examples.terms(phrasing)) {
            needed[*term as usize] = true;
        }
        let mut ends = vec![0_u32; examples.names.len() + 1];
        let phrasings = 0..examples.len() as u32;
        let terms_of = |phrasing| examples.terms(phrasing).iter().filter(|term| needed[**term as usize]);
        for term in phrasings.clone().flat_map(terms_of) {
            ends[*term as usize + 1] += 1;
        }
        for i in 1..ends.len() {
            ends[i] += ends[i - 1];
        }
        let mut next = ends.clone();
        let mut postings = vec![0; ends[ends.len() - 1] as usize];
        for phrasing in phrasings {
            for term in terms_of(phrasing) {
                let place = &mut next[*term as usize];
                postings[*place as usize] = phrasing;
                *place += 1;
            }
        }
        Self {
            examples,
            postings,
            ends,
        }
    }

    pub(super) fn scratch(&self) -> Scratch {
        Scratch {
            scores: vec![0.0; self.examples.len()],
            touched: Vec::new(),
            order: Vec::new(),
        }
    }

    /// The rivals of an entry, in ascending order: for each of its phrasings the nearest ones of other entries, and some
    /// that come as they are, so that the model knows what else there is.
    pub(super) fn rivals(&self, own: Range<u32>, scratch: &mut Scratch) -> Vec<u32> {
        let mut rivals = Vec::with_capacity((NEAREST * own.len()).min(MOST) + ANY);
        // An entry with very many phrasings learns from the nearest of some of them.
        let step = own.len().div_ceil(MOST / NEAREST).max(1);
        for phrasing in own.clone().step_by(step) {
            self.add_nearest(phrasing, &own, scratch, &mut rivals);
        }
        let others = self.examples.len() - own.len();
        let any = (ANY_AT_LEAST + ANY_EACH * own.len()).min(ANY);
        // Evenly over the whole knowledge base.
        let step = (others / any).max(1);
        let first = own.start as usize % step;
        rivals.extend((first..others).step_by(step).map(|i| {
            let i = i as u32;
            if i < own.start { i } else { i + own.len() as u32 }
        }));
        rivals.sort_unstable();
        rivals.dedup();
        rivals
    }

    fn add_nearest(&self, phrasing: u32, own: &Range<u32>, scratch: &mut Scratch, rivals: &mut Vec<u32>) {
        let Scratch { scores, touched, order } = scratch;
        order.clear();
        order.extend(self.examples.terms(phrasing));
        // Rare terms first: common ones cost most and tell least.
        order.sort_by_key(|term| self.postings_of(*term).len());
        let mut budget = POSTINGS;
        for term in &*order {
            let postings = self.postings_of(*term);
            let Some(left) = budget.checked_sub(postings.len()) else {
                break;
            };
            budget = left;
            let weight = self.examples.weights[*term as usize];
            for &other in postings {
                let score = &mut scores[other as usize];
                if *score == 0.0 {
                    touched.push(other);
                }
                *score += weight * weight;
            }
        }
        touched.retain(|other| {
            let is_other = !own.contains(other);
            let score = &mut scores[*other as usize];
            if is_other {
                *score *= self.examples.inverse_norm(*other);
            } else {
                *score = 0.0;
            }
            is_other
        });
        let better = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
        if touched.len() > NEAREST {
            touched.select_nth_unstable_by(NEAREST, better);
            rivals.extend(&touched[..NEAREST]);
        } else {
            rivals.extend(&*touched);
        }
        for other in touched.drain(..) {
            scores[other as usize] = 0.0;
        }
    }

    fn postings_of(&self, term: u32) -> &[u32] {
        let [start, end] = [0, 1].map(|next| self.ends[term as usize + next] as usize);
        &self.postings[start..end]
    }
}

/// How many neighbours each phrasing of an entry brings.
const NEAREST: usize = 60;

/// How many phrasings come as they are: more for entries with more phrasings of their own.
const ANY_AT_LEAST: usize = 80;
const ANY_EACH: usize = 20;
const ANY: usize = 300;

/// How many neighbours an entry has at most.
const MOST: usize = 6_000;

/// How many occurrences of terms are looked at for one phrasing: with 30,000 no question set was answered better.
const POSTINGS: usize = 5_000;
