use super::evidence::Evidence;
use super::margin::Standing;
use super::mix::Mix;
use super::sameness::Side;
use crate::analysis::Question;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{AnswerMatches, Candidate, Index, Lookup, Meaning, Recalled};

/// An entry in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) entry: u32,
    /// Its phrasing that agrees best with the question.
    pub(crate) phrasing: u32,
    pub(crate) evidence: Evidence,
    pub(crate) score: f32,
    pub(crate) confidence: f32,
    /// Whether the question is nearer to a phrasing that the entry excludes than to any of its own.
    pub(crate) excluded: bool,
}

/// All candidates for a question in their order, the best first.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    /// How familiar the question is; none without ideographs.
    pub(super) familiarity: Option<f32>,
    pub(crate) open: Vec<Ranked>,
    /// Entries that conditions shut out, and what they would have got.
    pub(crate) shut_out: Vec<Ranked>,
}

/// Ranks the entries for a question.
///
/// This is the seam for other rankers: whatever orders the candidates takes their evidence from here and fills in
/// `score` and `confidence`.
pub(crate) fn rank(index: &Index, mix: &Mix, question: &Question, is_open: impl Fn(u32) -> bool) -> Result<Ranking> {
    let failed = |e| Error::from_source(ErrorKind::Corrupt, "looking a question up", e);
    let lookup = Lookup::new(index, question).map_err(failed)?;
    let answers = AnswerMatches::new(index, question)?;
    let meaning = index.meaning_of(&question.normalized.text());
    let mut recalled = lookup.recall(index, meaning.as_ref(), &is_open).map_err(failed)?;
    add_by_answer(&mut recalled, index, &answers, &is_open);

    let mut comparison = Comparison::new(index, &lookup, mix, question, &answers, meaning);
    let open = comparison.rank(&recalled.open);
    let mut shut_out = comparison.rank(&recalled.shut_out);
    // What is shut out competes with what is open.
    for ranked in &mut shut_out {
        ranked.confidence = comparison.mix.confidence(&ranked.evidence, ahead(ranked, &open));
    }
    Ok(Ranking {
        familiarity: lookup.familiarity,
        open,
        shut_out,
    })
}

/// How far an entry is ahead of others, the best first.
fn ahead(ranked: &Ranked, others: &[Ranked]) -> f32 {
    let rival = others.first().map_or(f32::NEG_INFINITY, |best| best.score);
    let others = others.iter().map(|other| Standing::of(&other.evidence));
    Standing::of(&ranked.evidence).ahead(ranked.score, rival, others)
}

/// Entries whose words stand in the answer only.
fn add_by_answer(recalled: &mut Recalled, index: &Index, answers: &AnswerMatches, is_open: &impl Fn(u32) -> bool) {
    let first_of_library = index.long_texts().start + index.counts().answers;
    for (doc, _) in answers.best(BY_ANSWER, |doc| doc < first_of_library) {
        let entry = index.owner(doc);
        let known = recalled
            .open
            .iter()
            .chain(&recalled.shut_out)
            .any(|candidate| candidate.entry == entry);
        if !known && is_open(entry) {
            recalled.open.push(Candidate::new(entry));
        }
    }
}

/// What all candidates of a question are compared with.
struct Comparison<'a> {
    index: &'a Index,
    lookup: &'a Lookup,
    answers: &'a AnswerMatches,
    mix: &'a Mix,
    question: Side,
    squeezed: String,
    meaning: Option<Meaning>,
    scratch: Side,
}

impl<'a> Comparison<'a> {
    fn new(
        index: &'a Index,
        lookup: &'a Lookup,
        mix: &'a Mix,
        question: &Question,
        answers: &'a AnswerMatches,
        meaning: Option<Meaning>,
    ) -> Self {
        Self {
            index,
            lookup,
            answers,
            mix,
            question: Side::new(question.squeezed.iter().copied()),
            squeezed: question.squeezed.iter().collect(),
            meaning,
            scratch: Side::default(),
        }
    }

    fn rank(&mut self, candidates: &[Candidate]) -> Vec<Ranked> {
        let mut ranked: Vec<Ranked> = candidates.iter().map(|candidate| self.compare(candidate)).collect();
        // An entry that has the question itself comes first, excluded ones last; of equal ones, the first in the content.
        ranked.sort_by(|a, b| {
            a.excluded
                .cmp(&b.excluded)
                .then(b.evidence.exact.total_cmp(&a.evidence.exact))
                .then(b.score.total_cmp(&a.score))
                .then(a.entry.cmp(&b.entry))
        });
        let margins: Vec<f32> = match ranked.split_first() {
            Some((first, others)) => {
                let behind = others.iter().map(|other| other.score - first.score);
                std::iter::once(ahead(first, others)).chain(behind).collect()
            }
            None => Vec::new(),
        };
        for (ranked, margin) in ranked.iter_mut().zip(margins) {
            ranked.confidence = self.mix.confidence(&ranked.evidence, margin);
            if ranked.evidence.exact > 0.0 && !ranked.excluded {
                ranked.confidence = ranked.confidence.max(EXACT);
            }
        }
        ranked
    }

    fn compare(&mut self, candidate: &Candidate) -> Ranked {
        let (mut evidence, phrasing) = Evidence::of(
            self.index,
            self.lookup,
            &self.question,
            &self.squeezed,
            self.meaning.as_ref(),
            candidate,
            &mut self.scratch,
        );
        evidence.answer = self
            .index
            .answer_of(candidate.entry)
            .map_or(0.0, |doc| self.answers.of(doc));
        evidence.strange = self.mix.strangeness.strange(self.lookup.familiarity);
        let excluded = self.index.excluded_of(candidate.entry).any(|excluded| {
            let near = self.lookup.overlap(self.index, excluded).cosine;
            near >= EXCLUDED && near > evidence.cosine
        });
        let score = self.mix.score(&evidence);
        Ranked {
            entry: candidate.entry,
            phrasing,
            evidence,
            score,
            confidence: 0.0,
            excluded,
        }
    }
}

/// How sure an entry is at least that has the question itself among its phrasings: the editor said so.
const EXACT: f32 = 0.97;

/// How near a question must be to an excluded phrasing for it to count.
const EXCLUDED: f32 = 0.6;

/// How many entries are added for their answers.
const BY_ANSWER: usize = 8;
