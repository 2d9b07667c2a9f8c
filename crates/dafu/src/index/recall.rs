use std::cell::RefCell;

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::forward::key;
use super::learned::term_name;
use super::meanings::Meaning;
use super::open::Index;
use super::top::Top;
use super::weights::token_weight;
use crate::analysis::{Question, Token, TokenKind};

/// A question's tokens with the weight of each, looked up in an index.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// Terms that phrasings have, in ascending order.
    terms: Vec<LookupTerm>,
    sounds: Vec<(TermInfo, f32)>,
    /// Σ w² over the question's own tokens, those that no phrasing has included.
    square: f32,
    /// For the term of each synonym, by how much it changes Σ w² where it stands in for the question's own word.
    replaced: Vec<(u32, f32)>,
    /// How many own tokens of each kind there are.
    tokens: [f32; PROFILES],
    /// 1 over what the profiles of an entry would be that has every token in [`TYPICAL`] phrasings; 0 without tokens.
    inverse_profiles: [f32; PROFILES],
}

#[derive(Debug, Clone)]
struct LookupTerm {
    key: u32,
    /// In the models.
    name: u32,
    /// In the question: less for a synonym.
    weight: f32,
    /// In a phrasing.
    full_weight: f32,
    kind: TokenKind,
    /// 1, or less for a synonym: the part of the token that counts.
    part: f32,
    info: TermInfo,
}

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

/// How two texts share their tokens.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Overlap {
    /// The cosine of their weighted tokens, in 0..=1.
    pub(crate) cosine: f32,
    /// The share of the question's weight that the phrasing has, in 0..=1.
    pub(crate) of_question: f32,
    /// The share of the phrasing's weight that the question has, in 0..=1.
    pub(crate) of_phrasing: f32,
}

impl Lookup {
    /// Looks a question's tokens up.
    pub(crate) fn new(index: &Index, question: &Question) -> tantivy::Result<Self> {
        let mut term = String::new();
        let mut terms = Vec::with_capacity(question.tokens.len() + question.synonyms.len());
        let mut square = 0.0;
        let mut own: Vec<(&Token, f32)> = Vec::with_capacity(question.tokens.len());
        let (mut tokens, mut full_profiles) = ([0.0; PROFILES], [0.0; PROFILES]);
        let phrasings = index.counts().phrasings as usize;
        for token in &question.tokens {
            let found = find(&index.phrasing, token, &mut term)?;
            let weight = token_weight(token.kind, found.as_ref().map_or(0, |info| info.doc_freq), phrasings);
            square += weight * weight;
            own.push((token, weight));
            // A word that no phrasing has is not missed if a synonym stands in for it.
            let stood_in = found.is_none() && question.synonyms.iter().any(|synonym| synonym.own.contains(token));
            if let Some(profile) = profile_of(token.kind).filter(|_| !stood_in) {
                let df = found.as_ref().map_or(1, |info| info.doc_freq.max(1));
                tokens[profile] += 1.0;
                full_profiles[profile] += profile_gain(TYPICAL, df, phrasings);
            }
            let kind = token.kind;
            terms.extend(found.map(|info| LookupTerm {
                key: key(&info),
                name: term_name(term.as_bytes()),
                weight,
                full_weight: weight,
                kind,
                part: 1.0,
                info,
            }));
        }
        let mut replaced = Vec::new();
        for synonym in &question.synonyms {
            let Some(first) = synonym.tokens.first() else { continue };
            let whole = find(&index.phrasing, first, &mut term)?;
            let mut brought = 0.0;
            for token in synonym
                .tokens
                .iter()
                .filter(|token| question.tokens.binary_search(token).is_err())
            {
                if let Some(info) = find(&index.phrasing, token, &mut term)? {
                    let full_weight = token_weight(token.kind, info.doc_freq, phrasings);
                    let (kind, part, weight) = (token.kind, synonym.part, synonym.part * full_weight);
                    brought += weight * weight;
                    let key = key(&info);
                    match terms.iter_mut().find(|known| known.key == key) {
                        // Two synonyms share the token: the better one counts.
                        Some(known) if known.weight >= weight => {}
                        Some(known) => (known.weight, known.part) = (weight, part),
                        None => terms.push(LookupTerm {
                            key,
                            name: term_name(term.as_bytes()),
                            weight,
                            full_weight,
                            kind,
                            part,
                            info,
                        }),
                    }
                }
            }
            let own = own.iter().filter(|(token, _)| synonym.own.contains(token));
            let given: f32 = own.map(|(_, weight)| weight * weight).sum();
            // A synonym that the segmenter cuts apart brings its parts, and takes nothing from the question.
            replaced.extend(whole.map(|whole| (key(&whole), brought - synonym.part * given)));
        }
        terms.sort_unstable_by_key(|term| term.key);
        let mut sounds = Vec::with_capacity(question.sounds.len());
        for token in &question.sounds {
            if let Some(info) = find(&index.sound, token, &mut term)? {
                let weight = token_weight(TokenKind::Sound, info.doc_freq, phrasings);
                sounds.push((info, weight));
            }
        }
        Ok(Self {
            terms,
            sounds,
            square,
            replaced,
            tokens,
            inverse_profiles: full_profiles.map(|full| if full > 0.0 { 1.0 / full } else { 0.0 }),
        })
    }

    /// Compares the question with a phrasing, by all tokens of both.
    pub(crate) fn overlap(&self, index: &Index, phrasing: u32) -> Overlap {
        let (mut dot, mut square) = (0.0, self.square);
        let mut own = self.terms.iter().peekable();
        for key in index.forward.terms(phrasing) {
            while own.next_if(|term| term.key < key).is_some() {}
            while let Some(term) = own.next_if(|term| term.key == key) {
                dot += term.weight * term.full_weight;
            }
            // Only one synonym stands in for a word; the rule is simple, since phrasings are short.
            if let Some((_, change)) = self.replaced.iter().find(|(synonym, _)| *synonym == key) {
                square += change;
            }
        }
        let inverse = index.forward.inverse_norm(phrasing);
        let square = square.max(0.25 * self.square);
        if self.square == 0.0 || inverse == 0.0 {
            return Overlap::default();
        }
        Overlap {
            cosine: (dot * inverse / square.sqrt()).min(1.0),
            of_question: (dot / square).min(1.0),
            of_phrasing: (dot * inverse * inverse).min(1.0),
        }
    }

    /// What an entry's own model says of the question; 0 in an index that has learned nothing.
    pub(crate) fn decide(&self, index: &Index, entry: u32, meaning: Option<&Meaning>) -> f32 {
        let Some(learned) = index.learned() else { return 0.0 };
        let inverse = if self.square > 0.0 {
            1.0 / self.square.sqrt()
        } else {
            0.0
        };
        learned.decide(
            entry,
            self.terms.iter().map(|term| (term.name, term.part * inverse)),
            meaning,
        )
    }

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

/// The scores of all phrasings while a question is looked up: one for each thread, kept from question to question.
///
/// All scores are 0 between questions. Whoever uses it takes it out, so one that a panic or an error left dirty is
/// dropped, not used again.
#[derive(Debug, Default)]
struct Scratch {
    scores: Vec<f32>,
    /// A bit for each entry of which a phrasing has a score.
    touched: Vec<u64>,
    /// For each entry, what the question's tokens of each kind say for it.
    profiles: Vec<[f32; PROFILES]>,
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
        if self.profiles.len() < entries {
            self.profiles.resize(entries, [0.0; PROFILES]);
            self.touched.resize(entries.div_ceil(64), 0);
        }
    }

    /// Adds to the phrasings that have a term its weight, and to the profiles of their entries what the term says.
    fn add(&mut self, index: &Index, step: &Step<'_>) -> tantivy::Result<()> {
        let owners = index.owners_of_phrasings();
        let scores = self.scores.get_mut(..owners.len()).unwrap_or_default();
        let mut tally = Tally {
            touched: &mut self.touched,
            profiles: &mut self.profiles,
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
                    tally.tell(entry, count);
                    (entry, count) = (owner, 0);
                }
                count += 1;
            }
            block.advance();
        }
        tally.tell(entry, count);
        Ok(())
    }

    /// Groups the scores by entry, and sets them back to 0. Entries that are `near`, [`BY_MEANING`] at most and in ascending
    /// order, come back whatever their scores.
    fn group(&mut self, index: &Index, lookup: &Lookup, near: &[u32], is_open: impl Fn(u32) -> bool) -> Recalled {
        let inverse_norm = if lookup.square > 0.0 {
            1.0 / lookup.square.sqrt()
        } else {
            0.0
        };
        let mut best = Best {
            open: Top::new(CANDIDATES - near.len()),
            shut_out: Top::new(SHUT_OUT),
        };
        let mut near: Vec<Candidate> = near.iter().map(|entry| Candidate::new(*entry)).collect();
        let mut next_near = near.iter_mut().peekable();
        for word in 0..self.touched.len() {
            for entry in entries_of(word, self.touched[word]) {
                let group = self.group_of(index, entry);
                let (score, candidate) = self.candidate(lookup, &group, inverse_norm);
                while next_near.next_if(|near| near.entry < entry).is_some() {}
                if let Some(near) = next_near.next_if(|near| near.entry == entry) {
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

    fn group_of(&self, index: &Index, entry: u32) -> Group {
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
        Group {
            entry,
            len: scores.len().max(1),
            most,
            sum,
        }
    }

    fn clear(&mut self, index: &Index) {
        let touched: u32 = self.touched.iter().map(|bits| bits.count_ones()).sum();
        if touched > index.counts().entries / 2 {
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

    /// What is known of an entry when all its phrasings have been seen; takes its profiles.
    fn candidate(&mut self, lookup: &Lookup, group: &Group, inverse_norm: f32) -> (f32, Candidate) {
        let gains = self
            .profiles
            .get_mut(group.entry as usize)
            .map(std::mem::take)
            .unwrap_or_default();
        let absent = self.absent(group.len);
        let mut candidate = Candidate::new(group.entry);
        candidate.mean = group.sum * inverse_norm / group.len as f32;
        for (kind, profile) in candidate.profiles.iter_mut().enumerate() {
            *profile = (gains[kind] - lookup.tokens[kind] * absent) * lookup.inverse_profiles[kind];
        }
        let profile = candidate.profiles.iter().sum::<f32>() / PROFILES as f32;
        (group.most * inverse_norm + candidate.mean + 0.5 * profile, candidate)
    }
}

/// What one term does to the entries.
struct Tally<'s> {
    touched: &'s mut [u64],
    profiles: &'s mut [[f32; PROFILES]],
    profile: Option<usize>,
    gains: Gains,
}

impl Tally<'_> {
    /// So many phrasings of an entry have the term.
    #[inline(always)]
    fn tell(&mut self, entry: u32, count: usize) {
        let entry = entry as usize;
        if count == 0 || entry >= self.profiles.len() {
            return;
        }
        self.touched[entry / 64] |= 1 << (entry % 64);
        if let Some(profile) = self.profile {
            self.profiles[entry][profile] += self.gains.of(count);
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

/// The phrasings of an entry together.
struct Group {
    entry: u32,
    /// How many there are.
    len: usize,
    /// The cosine of the nearest times the norm of the question, and the sum over all.
    most: f32,
    sum: f32,
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
    /// Recall orders by the nearest phrasing and what the entry says as a whole. Conditions are looked at only for what
    /// would be kept.
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

/// What a term says for an entry, by how many of its phrasings have it; each count is worked out once.
struct Gains {
    part: f32,
    df: u32,
    phrasings: usize,
    known: [f32; 8],
}

impl Gains {
    fn new(part: f32, df: u32, phrasings: usize) -> Self {
        Self {
            part,
            df,
            phrasings,
            known: [f32::NAN; 8],
        }
    }

    fn of(&mut self, count: usize) -> f32 {
        match self.known.get_mut(count) {
            Some(known) if !known.is_nan() => *known,
            known => {
                let gain = self.part * profile_gain(count as f32, self.df, self.phrasings);
                if let Some(known) = known {
                    *known = gain;
                }
                gain
            }
        }
    }
}

/// ln(1 + n / (μ p)), for n phrasings of an entry with a term that a share p of all phrasings has: how much likelier
/// the term is in the entry than in one that lacks it, by a unigram model with Dirichlet smoothing (Zhai and Lafferty,
/// *A study of smoothing methods for language models applied to information retrieval*, 2004).
fn profile_gain(n: f32, df: u32, phrasings: usize) -> f32 {
    libm::logf(1.0 + n * phrasings.max(1) as f32 / (SMOOTHING * df.max(1) as f32))
}

/// Each kind of token has a profile of its own: characters, pairs and words overlap.
fn profile_of(kind: TokenKind) -> Option<usize> {
    match kind {
        TokenKind::Char => Some(0),
        TokenKind::Pair => Some(1),
        TokenKind::Word => Some(2),
        TokenKind::Sound => None,
    }
}

const PROFILES: usize = 3;

/// μ of the smoothing: how many phrasings' worth of the whole knowledge base each entry is mixed with. From 3 to 30 it
/// made no difference.
const SMOOTHING: f32 = 10.0;

/// In how many phrasings an entry has a token that it is about.
const TYPICAL: f32 = 5.0;

/// The term of a token, if the field has it.
fn find(field: &InvertedIndexReader, token: &Token, term: &mut String) -> std::io::Result<Option<TermInfo>> {
    term.clear();
    token.write_term(term);
    field.terms().get(term.as_bytes())
}

/// How many of an entry's nearest phrasings are looked at closely.
const NEAREST: usize = 3;

/// How many entries recall hands on: more of them cost time and change few first places.
const CANDIDATES: usize = 20;

/// How many of them for their meaning, whatever their tokens.
const BY_MEANING: usize = 8;

/// How many entries that conditions shut out are kept, to tell why there is no answer.
const SHUT_OUT: usize = 4;

/// How many occurrences of tokens are scored for a question, in so many phrasings: with two for five phrasings, the visible
/// question sets are answered as well as with all of them. More than the upper bound would cost more than all else.
fn most_postings(phrasings: u32) -> u32 {
    (phrasings / 5 * 2).clamp(8_000, 120_000)
}
