use serde::Serialize;

use super::spans::Span;
use crate::ranking::Evidence;

/// What is to be said to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reply {
    /// Whether to answer, to offer choices, or to hand over.
    pub decision: Decision,
    /// The entries nearest to the question, the best first. Those that the decision does not offer are
    /// for agents and tools, not for customers.
    pub hits: Vec<Hit>,
}

/// What is done about a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// The first hit answers it.
    Answer,
    /// Not sure enough to answer, or two are too close: so many of the first hits are offered ("did you mean ...?").
    Choices(usize),
    /// No entry answers it. Say so, and call a person.
    NoAnswer(Reason),
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// No entry is near enough.
    NothingClose,
    /// The customer asks for a person.
    HandoverRequested,
    /// Entries that would answer are out of their validity window.
    OnlyOutOfDate,
    /// Entries that would answer are disabled, or for another channel, audience, category or tag.
    OnlyFiltered,
    /// The entry that would answer excludes this phrasing.
    Excluded,
    /// The question has no letter, digit or ideograph.
    EmptyQuestion,
    /// The question is longer than [`Limits::QUESTION_CHARS`](crate::Limits::QUESTION_CHARS).
    QuestionTooLong,
}

/// An entry that may answer a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hit {
    /// The id of the entry.
    pub entry: String,
    /// Its standard question.
    pub question: String,
    /// The text to answer with, for the caller's channel, audience and locale; none for an entry without answers.
    pub answer: Option<String>,
    /// How likely the entry is what the customer wants to know, in 0..=1.
    pub confidence: f32,
    /// How the phrasing agrees with the question: what the confidence was made from.
    pub evidence: Evidence,
    /// The phrasing of the entry that is nearest to the question.
    pub phrasing: String,
    /// The parts of the question that the phrasing has, too.
    pub question_spans: Vec<Span>,
    /// The parts of the phrasing that the question has, too.
    pub phrasing_spans: Vec<Span>,
    /// The category of the entry.
    pub category: Option<String>,
    /// Ids of entries that customers often need next.
    pub related: Vec<String>,
    /// Short next questions to offer.
    pub follow_ups: Vec<String>,
}

impl Reply {
    pub(super) fn none(reason: Reason) -> Self {
        Self {
            decision: Decision::NoAnswer(reason),
            hits: Vec::new(),
        }
    }

    /// Returns the hit that answers, if the decision is to answer.
    pub fn answer(&self) -> Option<&Hit> {
        self.hits.first().filter(|_| self.decision == Decision::Answer)
    }

    /// Returns the hits to offer, if the decision is to offer choices; else none.
    pub fn choices(&self) -> &[Hit] {
        match self.decision {
            Decision::Choices(count) => &self.hits[..count.min(self.hits.len())],
            _ => &[],
        }
    }

    /// Returns how likely the first hit is right, in 0..=1; 0 without a hit.
    pub fn confidence(&self) -> f32 {
        self.hits.first().map_or(0.0, |hit| hit.confidence)
    }
}
