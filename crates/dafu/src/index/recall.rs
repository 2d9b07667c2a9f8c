use std::cell::RefCell;

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::lookup::Lookup;
use super::meanings::Meaning;
use super::open::Index;
use super::profiles::{Gains, PROFILES, SMOOTHING, profile_of};
use super::top::Top;

/// An entry that may answer, with its phrasings that are nearest by the terms that recall scored.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) entry: u32,
    /// The nearest phrasings, the nearest first, with their cosines as recall knows them.
    pub(crate) nearest: [(u32, f32); NEAREST],
    /// The mean cosine of all its phrasings.
    pub(crate) mean: f32,
    /// How well the question's characters, pairs and words fit what all its phrasings say together, in about -1..=1.
    pub(crate) profiles: [f32; PROFILES],
}

/// What recall found.
#[derive(Debug, Default)]
pub(crate) struct Recalled {
    /// Entries that may answer now, the nearest first.
    pub(crate) open: Vec<Candidate>,
    /// Entries that conditions shut out, the nearest first.
    pub(crate) shut_out: Vec<Candidate>,
}

impl Lookup {
    /// Finds the entries whose phrasings share most of the question's tokens, and those that are nearest to its meaning.
    ///
    /// Rare tokens are scored first, and common ones only while their occurrences are few ([`most_postings`]): they cost
    /// most and tell least. Up to [`CANDIDATES`] entries that `is_open` come back, and a few others.
    pub(crate) fn recall(
        &self,
        index: &Index,
        meaning: Option<&Meaning>,
        is_open: impl Fn(u32) -> bool,
    ) -> tantivy::Result<Recalled> {
        let mut scratch = SCRATCH.take();
        scratch.fit(index.counts().phrasings as usize, index.counts().entries as usize);
        let mut plan: Vec<Step<'_>> = Vec::with_capacity(self.terms.len() + self.sounds.len());
        plan.extend(self.terms.iter().map(|term| Step {
            field: &index.phrasing,
            info: &term.info,
            weight: term.weight * term.full_weight,
            part: term.part,
            profile: profile_of(term.kind),
        }));
        plan.extend(self.sounds.iter().map(|(info, weight)| Step {
            field: &index.sound,
            info,
            weight: weight * weight,
            part: 0.0,
            profile: None,
        }));
        plan.sort_by_key(|step| step.info.doc_freq);
        let mut read = 0;
        let most = most_postings(index.counts().phrasings);
        for step in plan {
            // The rarest is always scored: there may be no other.
            if read > 0 && read + step.info.doc_freq > most {
                break;
            }
            read += step.info.doc_freq;
            scratch.add(index, &step)?;
        }
        let near = match (index.meanings(), meaning) {
            (Some(meanings), Some(meaning)) => meanings.nearest_entries(meaning, BY_MEANING),
            _ => Vec::new(),
        };
        let recalled = scratch.group(index, self, &near, is_open);
        SCRATCH.set(scratch);
        Ok(recalled)
    }
}

/// The occurrences of one term, and what they are worth.
struct Step<'a> {
    field: &'a InvertedIndexReader,
    info: &'a TermInfo,
    /// For the score of a phrasing.
    weight: f32,
    /// For the profile of its entry.
    part: f32,
    profile: Option<usize>,
}

/// What a question's tokens say for an entry.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    /// For each kind of token.
    profiles: [f32; PROFILES],
    /// The scores of its phrasings together.
    sum: f32,
    /// What a phrasing would score that has all tokens which any of them has.
    most: f32,
}

/// The scores of all phrasings while a question is looked up: one for each thread, kept from question to question.
///
/// All scores are 0 between questions. Whoever uses it takes it out, so one that a panic or an error left dirty is
/// dropped, not used again.
#[derive(Debug, Default)]
struct Scratch {
    scores: Vec<f32>,
    /// A bit for each entry of which a phrasing has a score.
    touched: Vec<u64>,
    /// For each entry what the question's tokens say for it.
    tallies: Vec<Tally>,
    /// What a missing token says, by the number of phrasings of an entry.
    absent: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Scratch {
    fn fit(&mut self, phrasings: usize, entries: usize) {
        if self.scores.len() < phrasings {
            self.scores.resize(phrasings, 0.0);
        }
        if self.tallies.len() < entries {
            self.tallies.resize(entries, Tally::default());
            self.touched.resize(entries.div_ceil(64), 0);
        }
    }

    /// Adds to the phrasings that have a term its weight, and to the profiles of their entries what the term says.
    fn add(&mut self, index: &Index, step: &Step<'_>) -> tantivy::Result<()> {
        let owners = index.owners_of_phrasings();
        let scores = self.scores.get_mut(..owners.len()).unwrap_or_default();
        let mut teller = Teller {
            touched: &mut self.touched,
            tallies: &mut self.tallies,
            weight: step.weight,
            profile: step.profile,
            gains: Gains::new(step.part, step.info.doc_freq, owners.len()),
        };
        // The phrasings of an entry come in a row: they are counted, and the count told when the row ends.
        let (mut entry, mut count) = (0, 0);
        let mut block = step
            .field
            .read_block_postings_from_terminfo(step.info, IndexRecordOption::Basic)?;
        'postings: while !block.docs().is_empty() {
            for &doc in block.docs() {
                // Excluded phrasings follow; recall does not look at them.
                let (Some(&owner), Some(score)) = (owners.get(doc as usize), scores.get_mut(doc as usize)) else {
                    break 'postings;
                };
                *score += step.weight;
                if owner != entry {
                    teller.tell(entry, count);
                    (entry, count) = (owner, 0);
                }
                count += 1;
            }
            block.advance();
        }
        teller.tell(entry, count);
        Ok(())
    }

    /// Groups the scores by entry, and sets them back to 0. Entries that are `near`, [`BY_MEANING`] at most and in ascending
    /// order, come back whatever their scores.
    fn group(&mut self, index: &Index, lookup: &Lookup, near: &[u32], is_open: impl Fn(u32) -> bool) -> Recalled {
        let inverse_norm = lookup.inverse_norm();
        let mut best = Best {
            open: Top::new(CANDIDATES - near.len()),
            shut_out: Top::new(SHUT_OUT),
        };
        let mut near: Vec<Candidate> = near.iter().map(|entry| Candidate::new(*entry)).collect();
        let mut next_near = near.iter_mut().peekable();
        for word in 0..self.touched.len() {
            for entry in entries_of(word, self.touched[word]) {
                let tally = std::mem::take(&mut self.tallies[entry as usize]);
                let profiles = lookup.profiles(tally.profiles, self.absent(index.phrasings_of(entry).len()));
                while next_near.next_if(|near| near.entry < entry).is_some() {}
                let near = next_near.next_if(|near| near.entry == entry);
                let at_most = tally.score_at_most(index, entry, inverse_norm, &profiles);
                if near.is_none() && !best.might_keep(at_most, entry, &is_open) {
                    continue;
                }
                let (score, candidate) = self.candidate(index, entry, inverse_norm, profiles);
                debug_assert!(score <= at_most || !at_most.is_finite(), "{score} > {at_most}");
                if let Some(near) = near {
                    near.clone_from(&candidate);
                }
                best.push(score, candidate, &is_open);
            }
        }
        let mut recalled = Recalled {
            open: in_order(best.open),
            shut_out: in_order(best.shut_out),
        };
        near.retain(|near| is_open(near.entry) && recalled.open.iter().all(|open| open.entry != near.entry));
        recalled.open.append(&mut near);
        for candidate in recalled.open.iter_mut().chain(&mut recalled.shut_out) {
            for phrasing in index.phrasings_of(candidate.entry) {
                let score = self.scores.get(phrasing as usize).copied().unwrap_or(0.0);
                if score > 0.0 {
                    candidate.add(phrasing, score * index.forward.inverse_norm(phrasing) * inverse_norm);
                }
            }
        }
        self.clear(index);
        recalled
    }

    /// What all phrasings of an entry say.
    fn candidate(&self, index: &Index, entry: u32, inverse_norm: f32, profiles: [f32; PROFILES]) -> (f32, Candidate) {
        let run = index.phrasings_of(entry);
        let run = run.start as usize..run.end as usize;
        let scores = self.scores.get(run.clone()).unwrap_or(&[]);
        let (mut most, mut sum) = (0.0_f32, 0.0);
        for (score, norm) in scores.iter().zip(index.forward.inverse_norms(run)) {
            let part = score * norm;
            // Without the care of `f32::max` for NaN, of which there is none.
            most = if part > most { part } else { most };
            sum += part;
        }
        let mut candidate = Candidate::new(entry);
        candidate.mean = sum * inverse_norm / scores.len().max(1) as f32;
        candidate.profiles = profiles;
        (score(most * inverse_norm, candidate.mean, &profiles), candidate)
    }

    fn clear(&mut self, index: &Index) {
        let touched: u32 = self.touched.iter().map(|bits| bits.count_ones()).sum();
        // To clear a few by themselves takes longer than all in a row.
        if touched > index.counts().entries / 4 {
            self.touched.fill(0);
            let phrasings = index.counts().phrasings as usize;
            return self.scores.get_mut(..phrasings).unwrap_or_default().fill(0.0);
        }
        for (word, bits) in self.touched.iter_mut().enumerate() {
            for entry in entries_of(word, std::mem::take(bits)) {
                let run = index.phrasings_of(entry);
                if let Some(scores) = self.scores.get_mut(run.start as usize..run.end as usize) {
                    scores.fill(0.0);
                }
            }
        }
    }

    /// What a token says for an entry of `len` phrasings that lacks it, worked out once for each length.
    fn absent(&mut self, len: usize) -> f32 {
        while self.absent.len() <= len {
            self.absent.push(libm::logf(1.0 + self.absent.len() as f32 / SMOOTHING));
        }
        self.absent[len]
    }
}

impl Tally {
    /// An upper bound of an entry's score, for which its phrasings need not be looked at: as if all were as short as the
    /// shortest, and one of them had all that any of them has.
    fn score_at_most(&self, index: &Index, entry: u32, inverse_norm: f32, profiles: &[f32; PROFILES]) -> f32 {
        let greatest = index.greatest_inverse_norm(entry) * inverse_norm;
        let mean = self.sum * greatest / index.phrasings_of(entry).len().max(1) as f32;
        score(self.most * greatest, mean, profiles) + ROUNDING
    }
}

/// By which recall orders entries: the nearest phrasing, and what all say together.
fn score(nearest: f32, mean: f32, profiles: &[f32; PROFILES]) -> f32 {
    nearest + mean + 0.5 * profiles.iter().sum::<f32>() / PROFILES as f32
}

/// What one term does to the entries.
struct Teller<'s> {
    touched: &'s mut [u64],
    tallies: &'s mut [Tally],
    weight: f32,
    profile: Option<usize>,
    gains: Gains,
}

impl Teller<'_> {
    /// So many phrasings of an entry have the term.
    #[inline(always)]
    fn tell(&mut self, entry: u32, count: usize) {
        let entry = entry as usize;
        if count == 0 || entry >= self.tallies.len() {
            return;
        }
        self.touched[entry / 64] |= 1 << (entry % 64);
        let tally = &mut self.tallies[entry];
        tally.sum += count as f32 * self.weight;
        tally.most += self.weight;
        if let Some(profile) = self.profile {
            tally.profiles[profile] += self.gains.of(count);
        }
    }
}

/// The entries of which the bits of a word are set.
fn entries_of(word: usize, mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let next = (word * 64) as u32 + bits.trailing_zeros();
        (bits != 0).then(|| {
            bits &= bits - 1;
            next
        })
    })
}

impl Candidate {
    pub(crate) fn new(entry: u32) -> Self {
        Self {
            entry,
            nearest: [(u32::MAX, 0.0); NEAREST],
            mean: 0.0,
            profiles: [0.0; PROFILES],
        }
    }

    fn add(&mut self, phrasing: u32, cosine: f32) {
        let mut new = (phrasing, cosine);
        for place in &mut self.nearest {
            if new.1 > place.1 {
                std::mem::swap(place, &mut new);
            }
        }
    }

    /// The nearest phrasings that there are; the `first`, its standard question, where recall has scored none of them.
    pub(crate) fn phrasings(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let nearest = self.nearest.iter().map(|(phrasing, _)| *phrasing);
        let is_one = |phrasing: &u32| *phrasing != u32::MAX;
        let instead = Some(first).filter(|_| !is_one(&self.nearest[0].0));
        nearest.filter(is_one).chain(instead)
    }
}

struct Best {
    open: Top<Candidate>,
    shut_out: Top<Candidate>,
}

impl Best {
    /// Whether an entry with this score would be kept.
    fn might_keep(&self, score: f32, entry: u32, is_open: &impl Fn(u32) -> bool) -> bool {
        self.open.would_keep(score) || (self.shut_out.would_keep(score) && !is_open(entry))
    }

    /// Conditions are looked at only for what would be kept.
    fn push(&mut self, score: f32, candidate: Candidate, is_open: &impl Fn(u32) -> bool) {
        if self.open.would_keep(score) || self.shut_out.would_keep(score) {
            let top = if is_open(candidate.entry) {
                &mut self.open
            } else {
                &mut self.shut_out
            };
            top.push(score, candidate.entry, candidate);
        }
    }
}

fn in_order(top: Top<Candidate>) -> Vec<Candidate> {
    top.into_sorted().into_iter().map(|(_, candidate)| candidate).collect()
}

/// How many of an entry's nearest phrasings are looked at closely.
const NEAREST: usize = 3;

/// How many entries recall hands on: more of them cost time and change few first places.
const CANDIDATES: usize = 20;

/// How many of them for their meaning, whatever their tokens.
const BY_MEANING: usize = 8;

/// By more than sums of the same numbers in another order differ.
const ROUNDING: f32 = 1e-3;

/// How many entries that conditions shut out are kept, to tell why there is no answer.
const SHUT_OUT: usize = 4;

/// How many occurrences of tokens are scored for a question, in so many phrasings: with two for five phrasings, the visible
/// question sets are answered as well as with all of them. More than the upper bound would cost more than all else.
fn most_postings(phrasings: u32) -> u32 {
    (phrasings / 5 * 2).clamp(8_000, 120_000)
}
