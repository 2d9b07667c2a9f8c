use super::evidence::Evidence;
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
    let best = open.iter().find(|open| is_rival(&open.evidence)).map(|best| best.score);
    let mut shut_out = comparison.rank(&recalled.shut_out);
    // What is shut out competes with what is open.
    for ranked in &mut shut_out {
        let margin = best.map_or(ranked.score * ranked.evidence.of_question, |best| ranked.score - best);
        ranked.confidence = comparison.mix.confidence(&ranked.evidence, margin);
    }
    Ok(Ranking { open, shut_out })
}

/// Whether an entry is one to be better than. Some are always nearest in meaning: to be better than those means nothing if
/// neither their phrasings nor their answers share a word with the question.
fn is_rival(evidence: &Evidence) -> bool {
    evidence.cosine > 0.0 || evidence.answer > 0.0
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
        let first = ranked.first().map_or(0.0, |first| first.score);
        let rival = ranked
            .iter()
            .skip(1)
            .find(|other| is_rival(&other.evidence))
            .map(|rival| rival.score);
        for (place, ranked) in ranked.iter_mut().enumerate() {
            let margin = match (place, rival) {
                // Without a rival, being first means little where most of the question is strange.
                (0, None) => ranked.score * ranked.evidence.of_question,
                (0, Some(rival)) => ranked.score - rival,
                _ => ranked.score - first,
            };
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
