use std::cmp::Reverse;
use std::collections::HashSet;

use super::handover::asks_for_a_person;
use super::options::AskOptions;
use super::pick::{pick, text_of};
use super::reply::{Decision, Hit, Reason, Reply};
use super::spans::shared;
use crate::analysis::{Normalized, Question};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Index, Kind};
use crate::model::{Entry, Limits, Threshold};
use crate::ranking::{Mix, Ranked, rank};

/// Answers a question from an index.
pub(crate) fn ask(
    index: &Index,
    mix: &Mix,
    handover: &HashSet<String>,
    text: &str,
    options: &AskOptions,
) -> Result<Reply> {
    let question = match read(index, text)? {
        Ok(question) => question,
        Err(reason) => return Ok(Reply::none(reason)),
    };
    let at = index.open_at(&options.filter())?;
    let ranking = rank(index, mix, &question, |entry| index.is_open(&at, entry))?;

    let shown = options.hits.unwrap_or(SHOWN).clamp(1, MOST);
    // The decision looks at as many as it may offer, however few are shown.
    let looked_at = shown.max(MOST_CHOICES);
    let mut hits: Vec<Candidate> = Vec::with_capacity(looked_at);
    let mut without_answer_for_caller = None;
    for ranked in ranking.open.iter().filter(|ranked| !ranked.excluded) {
        if hits.len() == looked_at {
            break;
        }
        let entry = read_entry(index, ranked.entry)?;
        match pick(&entry, options) {
            None if !entry.answers.is_empty() => {
                without_answer_for_caller.get_or_insert((ranked, entry.threshold));
            }
            answer => {
                let answer = answer.map(|answer| text_of(index, answer)).transpose()?;
                hits.push(Candidate::new(index, &question, text, ranked, entry, answer));
            }
        }
    }
    let ambiguous = prefer_by_priority(&mut hits);
    let reply = |decision, mut hits: Vec<Candidate>| {
        hits.truncate(shown);
        Reply {
            decision,
            hits: hits.into_iter().map(|candidate| candidate.hit).collect(),
        }
    };

    let bar = |own: Option<Threshold>| {
        let set = options.threshold.or(own).or(index.settings().threshold);
        let by_precision = || mix.threshold(options.precision.unwrap_or_default().value());
        set.map_or_else(by_precision, Threshold::value)
    };
    let exact = hits.first().is_some_and(|hit| hit.exact);
    if !exact && asks_for_a_person(&question.squeezed, handover) {
        return Ok(reply(Decision::NoAnswer(Reason::HandoverRequested), hits));
    }
    let wanted = options.choices.unwrap_or(CHOICES).min(MOST_CHOICES);
    let decision = match hits.first() {
        Some(first) if first.hit.confidence >= bar(first.threshold) && !ambiguous => Decision::Answer,
        _ => {
            let near = near(&hits[..hits.len().min(wanted).min(shown)], |c| {
                c.hit.confidence >= bar(c.threshold).min(CHOICE)
            });
            if near > 0 {
                Decision::Choices(near)
            } else {
                Decision::NoAnswer(Reason::NothingClose)
            }
        }
    };
    if decision == Decision::Answer {
        return Ok(reply(decision, hits));
    }
    // What is shut out is told only if it would have answered better than what is offered.
    let best = hits.first().map_or(0.0, |hit| hit.hit.confidence);
    let would_answer =
        |ranked: &Ranked, own| !ranked.excluded && ranked.confidence > best && ranked.confidence >= bar(own);
    for ranked in &ranking.shut_out {
        if would_answer(ranked, read_entry(index, ranked.entry)?.threshold) {
            let reason = if index.is_out_of_date(&at, ranked.entry) {
                Reason::OnlyOutOfDate
            } else {
                Reason::OnlyFiltered
            };
            return Ok(reply(Decision::NoAnswer(reason), hits));
        }
    }
    if without_answer_for_caller.is_some_and(|(ranked, own)| would_answer(ranked, own)) {
        return Ok(reply(Decision::NoAnswer(Reason::OnlyFiltered), hits));
    }
    // So is an entry that excludes the phrasing, and would come before what is offered.
    let mut excluded = ranking.open.iter().filter(|ranked| ranked.excluded);
    if excluded.any(|ranked| ranked.confidence > best || matches!(decision, Decision::NoAnswer(_))) {
        return Ok(reply(Decision::NoAnswer(Reason::Excluded), hits));
    }
    Ok(reply(decision, hits))
}

/// How many of some hits are offered: none without those before it, of which it may be surer.
fn near<T>(hits: &[T], is_near: impl FnMut(&T) -> bool) -> usize {
    hits.iter().rposition(is_near).map_or(0, |last| last + 1)
}

/// The question, or why it is none.
pub(super) fn read(index: &Index, text: &str) -> Result<std::result::Result<Question, Reason>> {
    // A character has four bytes at most: a long text is refused before it is read.
    if text.len() > 4 * Limits::QUESTION_CHARS || text.chars().count() > Limits::QUESTION_CHARS {
        return Ok(Err(Reason::QuestionTooLong));
    }
    let question = index.question(text)?;
    Ok(if question.squeezed.is_empty() {
        Err(Reason::EmptyQuestion)
    } else {
        Ok(question)
    })
}

pub(super) fn read_entry(index: &Index, number: u32) -> Result<Entry> {
    serde_json::from_slice(index.item(Kind::Entry, number))
        .map_err(|e| Error::from_source(ErrorKind::Corrupt, format!("entry number {number}"), e))
}

/// A hit, and what the decision needs to know of it.
struct Candidate {
    hit: Hit,
    score: f32,
    exact: bool,
    priority: i8,
    threshold: Option<Threshold>,
}

impl Candidate {
    fn new(
        index: &Index,
        question: &Question,
        text: &str,
        ranked: &Ranked,
        entry: Entry,
        answer: Option<String>,
    ) -> Self {
        let phrasing = index.phrasing_text(ranked.phrasing);
        let normalized = Normalized::new(phrasing);
        let question_spans = shared(text, &question.normalized, &normalized);
        let phrasing_spans = shared(phrasing, &normalized, &question.normalized);
        Self {
            score: ranked.score,
            exact: ranked.evidence.exact > 0.0,
            priority: entry.priority.value(),
            threshold: entry.threshold,
            hit: Hit {
                confidence: ranked.confidence,
                evidence: ranked.evidence,
                phrasing: phrasing.to_owned(),
                question_spans,
                phrasing_spans,
                answer,
                entry: entry.id.as_str().to_owned(),
                question: entry.question.as_str().to_owned(),
                category: entry.category.map(|category| category.as_str().to_owned()),
                related: entry.related.iter().map(|id| id.as_str().to_owned()).collect(),
                follow_ups: entry.follow_ups.iter().map(|text| text.as_str().to_owned()).collect(),
            },
        }
    }
}

/// Puts the entry of the highest priority first, of those that are as good as the best. Says whether it is still open
/// which of them to answer with, so that to answer would be to guess.
///
/// Equally good are entries whose scores hardly differ, and entries that have the question word for word.
fn prefer_by_priority(hits: &mut [Candidate]) -> bool {
    let Some(best) = hits.first() else { return false };
    let (score, exact) = (best.score, best.exact);
    let as_good = |hit: &&Candidate| score - hit.score < AMBIGUOUS || (exact && hit.exact);
    let tied = hits.iter().take_while(as_good).count();
    hits[..tied].sort_by_key(|hit| Reverse(hit.priority));
    tied > 1 && hits[0].priority == hits[1].priority
}

/// How likely right an entry is that is worth offering as a choice, however high the threshold.
const CHOICE: f32 = 0.3;

/// How many choices are offered at most, where the caller does not say.
const CHOICES: usize = 3;

/// How many choices are offered, whatever the caller says: more is a list, and not a question.
const MOST_CHOICES: usize = 5;

/// How many hits a reply has at most, where the caller does not say.
const SHOWN: usize = 5;

/// How many hits a reply has, whatever the caller says.
const MOST: usize = 50;

/// Scores closer than this are equally good.
const AMBIGUOUS: f32 = 0.02;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_surer_than_those_offered_is_offered_with_them() {
        let offered = |confidences: &[f32]| near(confidences, |confidence| *confidence >= CHOICE);
        assert_eq!(offered(&[]), 0);
        assert_eq!(offered(&[0.2, 0.1]), 0);
        assert_eq!(offered(&[0.5, 0.1]), 1);
        assert_eq!(offered(&[0.2, 0.33, 0.1]), 2);
        assert_eq!(offered(&[0.5, 0.2, 0.4]), 3);
    }
}
