//! What the parts of the ranking are worth: entries in the order of a plain sum of some of their evidence.

use std::str::FromStr;

use dafu::{AskOptions, Evidence, KnowledgeBase};
use serde_json::{Value, json};

use crate::metrics::{self, Outcome};
use crate::questions::Labelled;

/// Which evidence is summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    /// What recall orders by: the nearest phrasing, all phrasings, the entry as a whole.
    Words,
    /// And the meanings of the nearest phrasing and of all.
    Meanings,
    /// And what the entry's own model says.
    Learned,
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "words" => Ok(Self::Words),
            "meanings" => Ok(Self::Meanings),
            "learned" => Ok(Self::Learned),
            _ => Err(format!(
                "--order-by takes `words`, `meanings` or `learned`, and not `{text}`"
            )),
        }
    }
}

impl Order {
    fn of(self, evidence: &Evidence) -> f32 {
        let profiles = evidence.profile_chars + evidence.profile_pairs + evidence.profile_words;
        let words = evidence.cosine + evidence.mean_of_all + 0.5 * profiles / 3.0;
        let meanings = evidence.meaning + evidence.meaning_of_all;
        let learned = evidence.learned + evidence.learned_from_many;
        match self {
            Self::Words => words,
            Self::Meanings => words + meanings,
            Self::Learned => words + meanings + learned,
        }
    }
}

/// The figures that are about places: the others need the confidence, which is not that of a plain sum.
pub fn measure(
    kb: &KnowledgeBase,
    questions: &[Labelled],
    options: &AskOptions,
    order: Order,
) -> Result<Value, String> {
    let options = options.clone().hits(50);
    let outcomes: Vec<Outcome> = questions
        .iter()
        .map(|labelled| outcome(kb, labelled, &options, order))
        .collect::<Result<_, _>>()?;
    let outcomes: Vec<&Outcome> = outcomes.iter().collect();
    let statistics = kb.statistics();
    Ok(json!({
        "entries": statistics.entries,
        "phrasings": statistics.phrasings,
        "questions": questions.len(),
        "top1": metrics::top(&outcomes, 1),
        "top3": metrics::top(&outcomes, 3),
        "top5": metrics::top(&outcomes, 5),
        "mrr10": metrics::mrr(&outcomes),
    }))
}

fn outcome(kb: &KnowledgeBase, labelled: &Labelled, options: &AskOptions, order: Order) -> Result<Outcome, String> {
    let explanation = kb.explain(&labelled.question, options).map_err(|e| e.to_string())?;
    let mut entries = explanation.entries;
    // Stable: of equal ones, the one that the ranking prefers.
    entries.sort_by(|a, b| order.of(&b.evidence).total_cmp(&order.of(&a.evidence)));
    let place = entries.iter().take(10).position(|e| labelled.is_right(&e.entry));
    Ok(Outcome {
        place,
        answerable: !labelled.right.is_empty(),
        confidence: 0.0,
        told_right: false,
    })
}
