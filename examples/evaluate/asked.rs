//! Asking, and what came of it.

use dafu::{AskOptions, Decision, Hit, KnowledgeBase, Reply};

use crate::metrics::Outcome;
use crate::questions::Labelled;

/// A question that was asked.
pub struct Asked<'a> {
    pub labelled: &'a Labelled,
    pub outcome: Outcome,
    pub decision: Decision,
    /// The first entries, the best first.
    pub hits: Vec<Hit>,
    /// For a question with an error that was made: whether it is right without.
    pub original_is_right: Option<bool>,
}

pub fn ask_all<'a>(
    kb: &KnowledgeBase,
    questions: &'a [Labelled],
    options: &AskOptions,
) -> Result<Vec<Asked<'a>>, String> {
    let options = options.clone().hits(10);
    questions.iter().map(|labelled| ask(kb, labelled, &options)).collect()
}

/// How sure the knowledge base is of its first entry for a question.
pub fn confidence(kb: &KnowledgeBase, question: &str, options: &AskOptions) -> Result<f32, String> {
    kb.ask(question, options)
        .map(|reply| reply.confidence())
        .map_err(|e| e.to_string())
}

fn ask<'a>(kb: &KnowledgeBase, labelled: &'a Labelled, options: &AskOptions) -> Result<Asked<'a>, String> {
    let (outcome, reply) = outcome(kb, labelled, &labelled.question, options)?;
    let original_is_right = match &labelled.original {
        Some(original) => Some(self::outcome(kb, labelled, original, options)?.0.is_right()),
        None => None,
    };
    Ok(Asked {
        labelled,
        outcome,
        decision: reply.decision,
        hits: reply.hits,
        original_is_right,
    })
}

/// What comes of a question with the right entries of a labelled one.
fn outcome(
    kb: &KnowledgeBase,
    labelled: &Labelled,
    question: &str,
    options: &AskOptions,
) -> Result<(Outcome, Reply), String> {
    let reply = kb.ask(question, options).map_err(|e| e.to_string())?;
    let place = reply.hits.iter().position(|hit| labelled.is_right(&hit.entry));
    let answerable = !labelled.right.is_empty();
    let answers = !matches!(reply.decision, Decision::NoAnswer(_));
    let outcome = Outcome {
        place,
        answerable,
        confidence: reply.confidence(),
        told_right: if answerable {
            answers && place == Some(0)
        } else {
            !answers
        },
    };
    Ok((outcome, reply))
}
