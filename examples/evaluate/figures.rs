//! The figures, as they are printed.

use std::collections::BTreeMap;

use dafu::{Decision, KnowledgeBase};
use serde::Serialize;
use serde_json::Value;

use crate::asked::Asked;
use crate::metrics::{self, Outcome};
use crate::timing::Timing;

#[derive(Serialize)]
pub struct Figures {
    pub entries: usize,
    pub phrasings: usize,
    pub questions: usize,
    pub top1: f64,
    pub top3: f64,
    pub top5: f64,
    pub mrr10: f64,
    pub told_right: f64,
    /// The share of questions that got an answer, with the precision that is asked for where nobody says otherwise.
    pub answered: f64,
    /// The share of these answers that is right.
    pub answered_right: f64,
    pub answered_at_precision_90: f64,
    pub auroc: Option<f64>,
    pub ece: f64,
    pub build_seconds: Option<f64>,
    pub open_ms: f64,
    pub p50_us: f64,
    pub p99_us: f64,
    pub questions_per_second: f64,
    pub threads: usize,
    pub peak_rss_mb: Option<f64>,
    /// For files that say what sort a question is: the share that is right, of each sort.
    pub kinds: BTreeMap<String, f64>,
    /// For files of questions with errors that were made: of each sort the share that is right, over the share that is right
    /// without the errors.
    pub kept: BTreeMap<String, f64>,
    /// A digest of the questions and their right entries: only runs with the same one are compared.
    pub digest: String,
    /// What became of each question, in the order of the file, so that a later run can be compared with this one.
    pub outcomes: PerQuestion,
}

/// A character for each question.
#[derive(Serialize)]
pub struct PerQuestion {
    /// The place of the first right entry, from 0 to 9; `-` for none.
    pub places: String,
    /// `1` where what the customer was told is right, else `0`.
    pub told: String,
}

impl Figures {
    pub fn of(
        kb: &KnowledgeBase,
        asked: &[Asked<'_>],
        strange: &[f32],
        timing: &Timing,
        (build_seconds, open_ms): (Option<f64>, f64),
        digest: String,
    ) -> Self {
        let outcomes: Vec<&Outcome> = asked.iter().map(|asked| &asked.outcome).collect();
        let confidences = |answerable: bool| {
            outcomes
                .iter()
                .filter(move |outcome| outcome.answerable == answerable)
                .map(|outcome| outcome.confidence)
        };
        let others: Vec<f32> = strange.iter().copied().chain(confidences(false)).collect();
        let answered = asked.iter().filter(|asked| asked.decision == Decision::Answer);
        let statistics = kb.statistics();
        Self {
            entries: statistics.entries,
            phrasings: statistics.phrasings,
            questions: asked.len(),
            top1: metrics::top(&outcomes, 1),
            top3: metrics::top(&outcomes, 3),
            top5: metrics::top(&outcomes, 5),
            mrr10: metrics::mrr(&outcomes),
            told_right: metrics::told_right(&outcomes),
            answered: answered.clone().count() as f64 / asked.len().max(1) as f64,
            answered_right: metrics::share(answered.map(|asked| asked.outcome.is_top())),
            answered_at_precision_90: metrics::answered_at(&outcomes, 0.9),
            auroc: metrics::auroc(&confidences(true).collect::<Vec<_>>(), &others),
            ece: metrics::calibration_error(&outcomes),
            build_seconds,
            open_ms,
            p50_us: timing.percentile(50),
            p99_us: timing.percentile(99),
            questions_per_second: timing.per_second,
            threads: timing.threads,
            peak_rss_mb: peak_rss_mb(),
            kinds: by_kind(asked, |asked| Some(asked.outcome.is_right()))
                .into_iter()
                .map(|(kind, right)| (kind.to_owned(), metrics::share(right.into_iter())))
                .collect(),
            kept: kept(asked),
            digest,
            outcomes: PerQuestion {
                places: outcomes.iter().map(|outcome| place(outcome)).collect(),
                told: outcomes
                    .iter()
                    .map(|outcome| if outcome.told_right { '1' } else { '0' })
                    .collect(),
            },
        }
    }
}

/// What there is to say of each question, by kind.
fn by_kind<'a, T>(asked: &[Asked<'a>], of: impl Fn(&Asked<'a>) -> Option<T>) -> BTreeMap<&'a str, Vec<T>> {
    let mut kinds: BTreeMap<&str, Vec<T>> = BTreeMap::new();
    for asked in asked {
        if let (Some(kind), Some(said)) = (&asked.labelled.kind, of(asked)) {
            kinds.entry(kind).or_default().push(said);
        }
    }
    kinds
}

/// How much of what is right without the errors that were made is right with them, by kind.
fn kept(asked: &[Asked<'_>]) -> BTreeMap<String, f64> {
    by_kind(asked, |asked| {
        Some((asked.outcome.is_right(), asked.original_is_right?))
    })
    .into_iter()
    .map(|(kind, right)| {
        let spoilt = right.iter().filter(|(spoilt, _)| *spoilt).count();
        let original = right.iter().filter(|(_, original)| *original).count();
        (kind.to_owned(), spoilt as f64 / original.max(1) as f64)
    })
    .collect()
}

fn place(outcome: &Outcome) -> char {
    outcome
        .place
        .and_then(|place| char::from_digit(place as u32, 10))
        .unwrap_or('-')
}

/// Prints figures: as one JSON object, or for people, who do not read what is there for programs.
pub fn print(figures: &Value, json: bool) {
    if json {
        println!("{figures}");
        return;
    }
    for (name, value) in figures.as_object().into_iter().flatten() {
        match value {
            // By kind, under a heading; what is there for programs has no numbers.
            Value::Object(kinds) => {
                if kinds.values().any(Value::is_number) {
                    println!("{name}");
                }
                for (kind, value) in kinds {
                    if let Some(value) = value.as_f64() {
                        println!("{:<26} {value:.4}", format!("  {kind}"));
                    }
                }
            }
            Value::Null => println!("{name:<26} -"),
            Value::Number(number) => match number.as_u64() {
                Some(whole) => println!("{name:<26} {whole}"),
                None => println!("{name:<26} {:.4}", number.as_f64().unwrap_or(0.0)),
            },
            _ => {}
        }
    }
}

/// The most memory that the process has had, where the system tells (Linux).
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::Labelled;

    #[test]
    fn what_is_kept_is_told_of_questions_that_are_right_without_errors() {
        let labelled = ["drop", "drop", "drop", "swap"].map(|kind| Labelled {
            question: "退款几天到账".to_owned(),
            right: vec!["refund".to_owned()],
            kind: Some(kind.to_owned()),
            original: Some("退款要几天到账".to_owned()),
        });
        let asked = |labelled, place, original_is_right| Asked {
            labelled,
            outcome: Outcome {
                place,
                answerable: true,
                confidence: 0.5,
                told_right: false,
            },
            decision: Decision::Answer,
            hits: Vec::new(),
            original_is_right,
        };
        let [a, b, c, d] = &labelled;
        let asked = [
            asked(a, Some(0), Some(true)),
            asked(b, Some(1), Some(true)),
            asked(c, None, Some(false)),
            asked(d, Some(0), None),
        ];
        assert_eq!(kept(&asked), BTreeMap::from([("drop".to_owned(), 0.5)]));
    }
}
