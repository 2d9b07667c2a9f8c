use dafu::{AskOptions, Decision, KnowledgeBase};
use rayon::prelude::*;
use serde::Serialize;

use crate::error::Result;
use crate::store::{Expectation, TestQuestion};

/// What came of a test question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TestResult {
    /// The question and what is expected.
    pub test: TestQuestion,
    /// Whether it got what is expected.
    pub passes: bool,
    /// What was done about it.
    pub decision: Decision,
    /// The entry that answers, or is the first choice.
    pub entry: Option<String>,
    /// How likely the first hit is right, in 0..=1; 0 without a hit.
    pub confidence: f32,
}

/// Asks test questions, on all cores.
///
/// An expected entry must answer or be the first choice; where no answer is expected, nothing may be answered or offered.
///
/// # Errors
///
/// Only when the index cannot be read any more.
pub fn run_tests(kb: &KnowledgeBase, tests: &[TestQuestion], options: &AskOptions) -> Result<Vec<TestResult>> {
    let run = |test: &TestQuestion| {
        let reply = kb.ask(&test.question, options)?;
        let is_told = matches!(reply.decision, Decision::Answer | Decision::Choices(_));
        let entry = reply.hits.first().filter(|_| is_told).map(|hit| hit.entry.clone());
        let passes = match &test.expected {
            Expectation::Entry(id) => entry.as_ref() == Some(id),
            Expectation::NoAnswer => entry.is_none(),
        };
        Ok(TestResult {
            test: test.clone(),
            passes,
            decision: reply.decision,
            entry,
            confidence: reply.confidence(),
        })
    };
    tests.par_iter().map(run).collect()
}

impl TestResult {
    /// Returns what it got instead of what is expected, in words.
    pub(super) fn got(&self) -> String {
        let expected = match &self.test.expected {
            Expectation::Entry(id) => format!("the entry `{id}`"),
            Expectation::NoAnswer => "no answer".to_owned(),
        };
        match &self.entry {
            Some(entry) => format!("the entry `{entry}` instead of {expected}"),
            None => format!("no answer instead of {expected}"),
        }
    }
}
