use std::cell::RefCell;

use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, TantivyError};

use super::open::Index;
use super::weights::token_weight;
use crate::analysis::{Question, Token, TokenKind};

/// A question's tokens with the weight of each, looked up in an index.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// Terms that phrasings have, in ascending order.
    terms: Vec<LookupTerm>,
    sounds: Vec<(TermInfo, f32)>,
    /// √Σ w² over the question's own tokens, those that no phrasing has included.
    norm: f32,
    /// The sum of the parts of the question's own tokens.
    parts: f32,
    /// What the profile of an entry would be that has every token in [`TYPICAL`] phrasings.
    full_profile: f32,
}

#[derive(Debug, Clone)]
struct LookupTerm {
    ordinal: u32,
    weight: f32,
    /// How much of a token of its kind it counts in the profile of an entry.
    part: f32,
    info: TermInfo,
}

/// An entry that may answer, with its phrasings that are nearest by the terms that recall scored.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) entry: u32,
    /// The nearest phrasings, the nearest first, with their cosines as recall knows them.
    pub(crate) nearest: [(u32, f32); NEAREST],
    /// The cosines of all its phrasings to a power: how strongly the entry as a whole speaks up.
    pub(crate) votes: f32,
    /// How well the question's tokens fit what all its phrasings say, in about -1..=1.
    pub(crate) profile: f32,
}

/// What recall found.
#[derive(Debug, Default)]
pub(crate) struct Recalled {
    /// Entries that may answer now, the nearest first.
    pub(crate) open: Vec<Candidate>,
    /// Entries that conditions shut out, the nearest first.
    pub(crate) shut_out: Vec<Candidate>,
    /// The votes of all entries that may answer together.
    pub(crate) votes: f32,
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
        let (mut square, mut parts, mut full_profile) = (0.0, 0.0, 0.0);
        let phrasings = index.counts().phrasings as usize;
        for token in &question.tokens {
            let found = find(&index.phrasing, token, &mut term)?;
            let weight = token_weight(
                token.kind,
                found.as_ref().map_or(0, |(_, info)| info.doc_freq),
                phrasings,
            );
            square += weight * weight;
            let part = part_of_profile(token.kind);
            parts += part;
            let df = found.as_ref().map_or(1, |(_, info)| info.doc_freq.max(1));
            full_profile += part * profile_gain(TYPICAL, df, phrasings);
            terms.extend(found.map(|(ordinal, info)| LookupTerm {
                ordinal,
                weight,
                part,
                info,
            }));
        }
        for (token, part) in &question.synonyms {
            if let Some((ordinal, info)) = find(&index.phrasing, token, &mut term)? {
                let weight = part * token_weight(token.kind, info.doc_freq, phrasings);
                terms.push(LookupTerm {
                    ordinal,
                    weight,
                    part: part * part_of_profile(token.kind),
                    info,
                });
            }
        }
        terms.sort_unstable_by_key(|term| term.ordinal);
        let mut sounds = Vec::with_capacity(question.sounds.len());
        for token in &question.sounds {
            if let Some((_, info)) = find(&index.sound, token, &mut term)? {
                let weight = token_weight(TokenKind::Sound, info.doc_freq, phrasings);
                sounds.push((info, weight));
            }
        }
        Ok(Self {
            terms,
            sounds,
            norm: square.sqrt(),
            parts,
            full_profile,
        })
    }

    /// Compares the question with a phrasing, by all tokens of both.
    pub(crate) fn overlap(&self, index: &Index, phrasing: u32) -> Overlap {
        let mut dot = 0.0;
        let mut own = self.terms.iter().peekable();
        for ordinal in index.forward.terms(phrasing) {
            while own.next_if(|term| term.ordinal < ordinal).is_some() {}
            if let Some(term) = own.next_if(|term| term.ordinal == ordinal) {
                dot += term.weight * index.forward.weight(ordinal);
            }
        }
        let inverse = index.forward.inverse_norm(phrasing);
        if self.norm == 0.0 || inverse == 0.0 {
            return Overlap::default();
        }
        Overlap {
            cosine: (dot * inverse / self.norm).min(1.0),
            of_question: (dot / (self.norm * self.norm)).min(1.0),
            of_phrasing: (dot * inverse * inverse).min(1.0),
        }
    }

    /// Finds the entries whose phrasings share most of the question's tokens.
    ///
    /// Rare tokens are scored first, and common ones only while fewer than [`POSTINGS`] occurrences have been read:
    /// they cost most and tell least. Up to [`CANDIDATES`] entries that `is_open` come back, and a few others.
    pub(crate) fn recall(&self, index: &Index, is_open: impl Fn(u32) -> bool) -> tantivy::Result<Recalled> {
        let mut scratch = SCRATCH.take();
        scratch.fit(
            (index.counts().phrasings + index.counts().excluded) as usize,
            index.counts().entries as usize,
        );
        let mut plan: Vec<(&InvertedIndexReader, &TermInfo, f32, f32)> =
            Vec::with_capacity(self.terms.len() + self.sounds.len());
        let own = |t: &'_ LookupTerm| t.weight * index.forward.weight(t.ordinal);
        plan.extend(self.terms.iter().map(|t| (&*index.phrasing, &t.info, own(t), t.part)));
        plan.extend(
            self.sounds
                .iter()
                .map(|(info, weight)| (&*index.sound, info, weight * weight, 0.0)),
        );
        plan.sort_by_key(|(_, info, _, _)| info.doc_freq);
        let mut budget = POSTINGS;
        for (field, info, weight, part) in plan {
            let Some(left) = budget.checked_sub(info.doc_freq) else {
                break;
            };
            budget = left;
            scratch.add(index, field, info, weight, part)?;
        }
        let recalled = scratch.group(index, self, is_open);
        SCRATCH.set(scratch);
        Ok(recalled)
    }
}

/// The scores of all phrasings while a question is looked up: one for each thread, kept from question to question.
///
/// All scores are 0 between questions. Whoever uses it takes it out, so one that a panic or an error left dirty is
/// dropped, not used again.
#[derive(Debug, Default)]
struct Scratch {
    scores: Vec<f32>,
    /// A bit for each phrasing that has a score.
    touched: Vec<u64>,
    /// For each entry, what the question's tokens say for it.
    profiles: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Scratch {
    fn fit(&mut self, phrasings: usize, entries: usize) {
        if self.profiles.len() < entries {
            self.profiles.resize(entries, 0.0);
        }
        if self.scores.len() < phrasings {
            self.scores.resize(phrasings, 0.0);
            self.touched.resize(phrasings.div_ceil(64), 0);
        }
    }

    /// Adds `weight` to the phrasings that have a term, and to the profiles of their entries what the term says.
    fn add(
        &mut self,
        index: &Index,
        field: &InvertedIndexReader,
        info: &TermInfo,
        weight: f32,
        part: f32,
    ) -> tantivy::Result<()> {
        let phrasings = index.counts().phrasings as usize;
        let mut gains = Gains::new(part, info.doc_freq, phrasings);
        let (mut entry, mut count) = (u32::MAX, 0);
        let mut block = field.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        while !block.docs().is_empty() {
            for &doc in block.docs() {
                let (Some(score), Some(touched)) = (
                    self.scores.get_mut(doc as usize),
                    self.touched.get_mut(doc as usize / 64),
                ) else {
                    return Err(TantivyError::InternalError(
                        "a posting past the last phrasing".to_owned(),
                    ));
                };
                *score += weight;
                *touched |= 1 << (doc % 64);
                if part > 0.0 && (doc as usize) < phrasings {
                    let owner = index.owner(doc);
                    if owner == entry {
                        count += 1;
                    } else {
                        if count > 0 {
                            self.profiles[entry as usize] += gains.of(count);
                        }
                        (entry, count) = (owner, 1);
                    }
                }
            }
            block.advance();
        }
        if count > 0 {
            self.profiles[entry as usize] += gains.of(count);
        }
        Ok(())
    }

    /// Groups the scores by entry, and sets them back to 0.
    fn group(&mut self, index: &Index, lookup: &Lookup, is_open: impl Fn(u32) -> bool) -> Recalled {
        let inverse_norm = if lookup.norm > 0.0 { 1.0 / lookup.norm } else { 0.0 };
        let inverse_profile = if lookup.full_profile > 0.0 {
            1.0 / lookup.full_profile
        } else {
            0.0
        };
        let mut best = Best {
            open: Top::new(CANDIDATES),
            shut_out: Top::new(SHUT_OUT),
            votes: 0.0,
        };
        let mut current: Option<Candidate> = None;
        let phrasings = index.counts().phrasings;
        for word in 0..self.touched.len() {
            let mut bits = std::mem::take(&mut self.touched[word]);
            while bits != 0 {
                let doc = (word * 64) as u32 + bits.trailing_zeros();
                bits &= bits - 1;
                let score = std::mem::take(&mut self.scores[doc as usize]);
                if doc >= phrasings {
                    continue;
                }
                let cosine = score * index.forward.inverse_norm(doc) * inverse_norm;
                let entry = index.owner(doc);
                if current.as_ref().is_none_or(|candidate| candidate.entry != entry) {
                    let gain = std::mem::take(&mut self.profiles[entry as usize]);
                    let len = index.phrasings_of(entry).len() as f32;
                    let mut next = Candidate::new(entry);
                    next.profile = (gain - lookup.parts * libm::logf(1.0 + len / SMOOTHING)) * inverse_profile;
                    if let Some(done) = current.replace(next) {
                        best.push(done, &is_open);
                    }
                }
                if let Some(candidate) = &mut current {
                    candidate.add(doc, cosine);
                }
            }
        }
        if let Some(done) = current {
            best.push(done, &is_open);
        }
        Recalled {
            open: best.open.into_sorted(),
            shut_out: best.shut_out.into_sorted(),
            votes: best.votes,
        }
    }
}

impl Candidate {
    pub(crate) fn new(entry: u32) -> Self {
        Self {
            entry,
            nearest: [(u32::MAX, 0.0); NEAREST],
            votes: 0.0,
            profile: -1.0,
        }
    }

    fn add(&mut self, phrasing: u32, cosine: f32) {
        self.votes += (cosine * cosine) * (cosine * cosine);
        let mut new = (phrasing, cosine);
        for place in &mut self.nearest {
            if new.1 > place.1 {
                std::mem::swap(place, &mut new);
            }
        }
    }

    /// The nearest phrasings that there are.
    pub(crate) fn phrasings(&self) -> impl Iterator<Item = u32> + '_ {
        self.nearest
            .iter()
            .map(|(phrasing, _)| *phrasing)
            .filter(|phrasing| *phrasing != u32::MAX)
    }

    /// What recall orders by: the nearest phrasing, and a little for more of them.
    fn recall_score(&self) -> f32 {
        self.nearest[0].1 + 0.1 * (self.nearest[1].1 + self.nearest[2].1) + 0.1 * self.votes.min(2.0)
    }
}

struct Best {
    open: Top,
    shut_out: Top,
    votes: f32,
}

impl Best {
    fn push(&mut self, candidate: Candidate, is_open: &impl Fn(u32) -> bool) {
        // Conditions are looked at only for what would be kept.
        let score = candidate.recall_score();
        let votes = candidate.votes;
        if !self.open.would_keep(score) && !self.shut_out.would_keep(score) {
            self.votes += votes;
        } else if is_open(candidate.entry) {
            self.votes += votes;
            self.open.push(score, candidate);
        } else {
            self.shut_out.push(score, candidate);
        }
    }
}

/// The best of many; of equal ones, those with the smaller entry number.
struct Top {
    limit: usize,
    kept: Vec<(f32, Candidate)>,
    /// Scores up to this one are not among the best any more.
    floor: f32,
}

impl Top {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            kept: Vec::with_capacity(2 * limit),
            floor: f32::NEG_INFINITY,
        }
    }

    fn would_keep(&self, score: f32) -> bool {
        score > self.floor
    }

    fn push(&mut self, score: f32, candidate: Candidate) {
        if self.would_keep(score) {
            self.kept.push((score, candidate));
            if self.kept.len() == 2 * self.limit {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        self.kept
            .sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.entry.cmp(&y.entry)));
        if self.kept.len() >= self.limit {
            self.kept.truncate(self.limit);
            self.floor = self.kept[self.limit - 1].0;
        }
    }

    fn into_sorted(mut self) -> Vec<Candidate> {
        self.cut();
        self.kept.into_iter().map(|(_, candidate)| candidate).collect()
    }
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
        let work = |gains: &Self| gains.part * profile_gain(count as f32, gains.df, gains.phrasings);
        if count > self.known.len() {
            return work(self);
        }
        if self.known[count - 1].is_nan() {
            self.known[count - 1] = work(self);
        }
        self.known[count - 1]
    }
}

/// ln(1 + n / (μ p)), for n phrasings of an entry with a term that a share p of all phrasings has: how much likelier
/// the term is in the entry, by a multinomial with Dirichlet smoothing, than in an entry that lacks it.
fn profile_gain(n: f32, df: u32, phrasings: usize) -> f32 {
    libm::logf(1.0 + n * phrasings.max(1) as f32 / (SMOOTHING * df as f32))
}

/// Characters, pairs and words overlap, so that each counts for a part.
fn part_of_profile(kind: TokenKind) -> f32 {
    match kind {
        TokenKind::Char => 0.3,
        TokenKind::Pair => 0.3,
        TokenKind::Word => 0.4,
        TokenKind::Sound => 0.0,
    }
}

/// μ of the smoothing: how many phrasings the whole knowledge base counts in each entry.
const SMOOTHING: f32 = 10.0;

/// In how many phrasings an entry has a token that it is about.
const TYPICAL: f32 = 5.0;

/// The term of a token, if the field has it.
fn find(field: &InvertedIndexReader, token: &Token, term: &mut String) -> tantivy::Result<Option<(u32, TermInfo)>> {
    term.clear();
    token.write_term(term);
    let Some(ordinal) = field.terms().term_ord(term.as_bytes())? else {
        return Ok(None);
    };
    Ok(field.terms().get(term.as_bytes())?.map(|info| (ordinal as u32, info)))
}

/// How many of an entry's nearest phrasings are looked at closely.
const NEAREST: usize = 3;

/// How many entries recall hands on: of `robot_talk`'s 1,468 entries, 48 hold the right one for over 99 % of questions.
const CANDIDATES: usize = 48;

/// How many entries that conditions shut out are kept, to tell why there is no answer.
const SHUT_OUT: usize = 4;

/// How many occurrences of tokens are scored for a question at most: about half a millisecond's work.
const POSTINGS: u32 = 400_000;
