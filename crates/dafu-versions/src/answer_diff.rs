//! Which questions are answered otherwise.

use std::collections::HashSet;

use dafu::{AskOptions, Content, Decision, KnowledgeBase, Reply};
use rayon::prelude::*;
use serde::Serialize;

use crate::error::Result;
use crate::progress::{Counter, Progress};

/// A question that two knowledge bases answer differently: another decision, another entry or another text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AnswerChange {
    /// The question.
    pub question: String,
    /// What is replied before.
    pub before: ReplySummary,
    /// What is replied after.
    pub after: ReplySummary,
}

/// What of a reply a customer notices, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReplySummary {
    /// What is done about the question.
    pub decision: Decision,
    /// The entries that answer or are offered, in their order; none without an answer.
    pub entries: Vec<String>,
    /// The text that is said, if the decision is to answer.
    pub answer: Option<String>,
    /// How likely the first hit is right, in 0..=1; 0 without a hit.
    pub confidence: f32,
}

/// The difference in answers between two knowledge bases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AnswerDiff {
    /// How many questions were asked.
    pub questions: usize,
    /// Those that are answered otherwise, in the order in which they were asked.
    pub changes: Vec<AnswerChange>,
}

/// Asks both knowledge bases every question, and returns those that are answered otherwise. A changed confidence alone
/// is no change.
///
/// Uses all cores; takes the time of two [`ask`](KnowledgeBase::ask) for each question. Set the clock in `options` for the
/// same result at any time.
///
/// # Errors
///
/// Only when an index cannot be read any more.
///
/// # Examples
///
/// ```
/// use dafu::{AskOptions, Content, KnowledgeBase};
/// use dafu_versions::{answer_diff, questions_of};
///
/// let before = Content::from_jsonl(r#"{"id":"hours","question":"几点上班？","answer":"9点。"}"#.as_bytes())?;
/// let after = Content::from_jsonl(r#"{"id":"hours","question":"几点上班？","answer":"10点。"}"#.as_bytes())?;
/// let questions = questions_of([&before, &after], &[]);
/// let (before, after) = (KnowledgeBase::new(&before)?, KnowledgeBase::new(&after)?);
/// let diff = answer_diff(&before, &after, &questions, &AskOptions::new(), &|_, _| {})?;
/// assert_eq!(diff.changes[0].after.answer.as_deref(), Some("10点。"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer_diff(
    before: &KnowledgeBase,
    after: &KnowledgeBase,
    questions: &[String],
    options: &AskOptions,
    progress: Progress<'_>,
) -> Result<AnswerDiff> {
    let counter = Counter::new(progress, questions.len());
    let compare = |question: &String| -> Result<Option<AnswerChange>> {
        let before = ReplySummary::of(before.ask(question, options)?);
        let after = ReplySummary::of(after.ask(question, options)?);
        counter.one_more();
        Ok((!before.says_the_same(&after)).then(|| AnswerChange {
            question: question.clone(),
            before,
            after,
        }))
    };
    let changes: Result<Vec<AnswerChange>> = questions
        .par_iter()
        .filter_map(|question| compare(question).transpose())
        .collect();
    Ok(AnswerDiff {
        questions: questions.len(),
        changes: changes?,
    })
}

/// Returns the questions that a difference in answers is looked for with: the test questions, then every phrasing of the
/// contents, each once.
pub fn questions_of<'c>(
    contents: impl IntoIterator<Item = &'c Content>,
    test_questions: &[crate::TestQuestion],
) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut questions: Vec<String> = Vec::new();
    let mut add = |question: &str| {
        if seen.insert(question.to_owned()) {
            questions.push(question.to_owned());
        }
    };
    test_questions.iter().for_each(|test| add(&test.question));
    for content in contents {
        let phrasings = content.entries().iter().flat_map(|entry| entry.phrasings());
        phrasings.for_each(|phrasing| add(phrasing.as_str()));
    }
    questions
}

impl ReplySummary {
    fn of(reply: Reply) -> Self {
        let shown = match reply.decision {
            Decision::Answer => 1,
            Decision::Choices(count) => count,
            _ => 0,
        };
        Self {
            decision: reply.decision,
            entries: reply.hits.iter().take(shown).map(|hit| hit.entry.clone()).collect(),
            answer: reply.answer().and_then(|hit| hit.answer.clone()),
            confidence: reply.confidence(),
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        (&self.decision, &self.entries, &self.answer) == (&other.decision, &other.entries, &other.answer)
    }
}
