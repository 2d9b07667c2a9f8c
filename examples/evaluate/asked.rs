//! Asking, and what came of it.

use dafu::{AskOptions, Decision, Hit, KnowledgeBase};

use crate::metrics::Outcome;
use crate::questions::Labelled;

/// A question that was asked.
pub struct Asked<'a> {
    pub labelled: &'a Labelled,
    pub outcome: Outcome,
    pub decision: Decision,
    /// The first entries, the best first.
    pub hits: Vec<Hit>,
}

pub fn ask_all<'a>(kb: &KnowledgeBase, questions: &'a [Labelled]) -> Result<Vec<Asked<'a>>, String> {
    questions.iter().map(|labelled| ask(kb, labelled)).collect()
}

/// How sure the knowledge base is of its first entry for a question.
pub fn confidence(kb: &KnowledgeBase, question: &str) -> Result<f32, String> {
    kb.ask(question, &AskOptions::new())
        .map(|reply| reply.confidence())
        .map_err(|e| e.to_string())
}

fn ask<'a>(kb: &KnowledgeBase, labelled: &'a Labelled) -> Result<Asked<'a>, String> {
    let reply = kb
        .ask(&labelled.question, &AskOptions::new().hits(10))
        .map_err(|e| e.to_string())?;
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
    Ok(Asked {
        labelled,
        outcome,
        decision: reply.decision,
        hits: reply.hits,
    })
}
