//! Two runs over the same questions, compared.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::asked::Asked;
use crate::metrics::Outcome;

/// An older run, as `--json` printed it.
pub struct Baseline {
    path: PathBuf,
    figures: Value,
}

/// What has become of the figures.
pub struct Comparison {
    pub lines: Vec<Line>,
    /// The numbers of the questions that were told right then, and are not now.
    pub worse: Vec<usize>,
    /// The numbers of those that are told right only now.
    pub better: Vec<usize>,
    /// Whether the old file says what became of each question; else shares are compared as if the questions were others.
    pub is_paired: bool,
}

/// One figure then and now.
pub struct Line {
    pub name: String,
    pub old: f64,
    pub new: f64,
    /// How likely so great a difference would be by chance alone; none for what is no share of questions.
    pub chance: Option<f64>,
}

impl Baseline {
    pub fn open(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = std::fs::read_to_string(path).map_err(|e| format!("reading `{name}`: {e}"))?;
        let figures: Value = serde_json::from_str(text.trim())
            .map_err(|e| format!("`{name}` is not what --json prints, one JSON object: {e}"))?;
        if figures.get("top1").and_then(Value::as_f64).is_none() {
            return Err(format!("`{name}` is not what --json prints: it has no figure `top1`"));
        }
        Ok(Self {
            path: path.to_owned(),
            figures,
        })
    }

    /// Refuses a run over other questions, which says nothing about this one.
    pub fn check_questions(&self, digest: &str, count: usize) -> Result<(), String> {
        let name = self.path.display();
        let old = self.figures.get("questions").and_then(Value::as_u64).unwrap_or(0);
        if old != count as u64 {
            return Err(format!(
                "`{name}` was measured with {old} questions, and these are {count}: compare runs over the same file"
            ));
        }
        match self.figures.get("digest").and_then(Value::as_str) {
            Some(old) if old != digest => Err(format!(
                "`{name}` was measured with other questions, or other right entries (another file, or another --hide): compare runs over the same file"
            )),
            _ => Ok(()),
        }
    }

    pub fn compare(&self, new: &Value, asked: &[Asked<'_>]) -> Comparison {
        let then = self.outcomes(asked);
        let told = |wanted: (bool, bool)| -> Vec<usize> {
            let pairs = then.iter().flatten().zip(asked).enumerate();
            pairs
                .filter(|(_, (old, new))| (old.told_right, new.outcome.told_right) == wanted)
                .map(|(number, _)| number)
                .collect()
        };
        let old_figures = flat(&self.figures);
        let line = |(name, new): (String, f64)| {
            let old = *old_figures.get(&name)?;
            let chance = Counted::of(&name).map(|counted| match &then {
                Some(then) => {
                    let pairs = then.iter().zip(asked).filter_map(|(old, asked)| {
                        let kind = asked.labelled.kind.as_deref();
                        Some((counted.is_right(old, kind)?, counted.is_right(&asked.outcome, kind)?))
                    });
                    by_sign_test(pairs)
                }
                None => {
                    let counts = |asked: &&Asked<'_>| {
                        let kind = asked.labelled.kind.as_deref();
                        counted.is_right(&asked.outcome, kind).is_some()
                    };
                    by_shares(old, new, asked.iter().filter(counts).count())
                }
            });
            Some(Line { name, old, new, chance })
        };
        Comparison {
            lines: flat(new).into_iter().filter_map(line).collect(),
            worse: told((true, false)),
            better: told((false, true)),
            is_paired: then.is_some(),
        }
    }

    /// What became of each question then; none if the file does not say.
    fn outcomes(&self, asked: &[Asked<'_>]) -> Option<Vec<Outcome>> {
        let outcomes = self.figures.get("outcomes")?;
        let text = |name| outcomes.get(name).and_then(Value::as_str);
        let (places, told) = (text("places")?, text("told")?);
        let then: Vec<Outcome> = places
            .chars()
            .zip(told.chars())
            .zip(asked)
            .map(|((place, told), asked)| Outcome {
                place: place.to_digit(10).map(|place| place as usize),
                answerable: asked.outcome.answerable,
                confidence: 0.0,
                told_right: told == '1',
            })
            .collect();
        (then.len() == asked.len()).then_some(then)
    }
}

/// A figure that is a share of questions.
enum Counted<'a> {
    First(usize),
    ToldRight,
    Kind(&'a str),
}

impl<'a> Counted<'a> {
    fn of(name: &'a str) -> Option<Self> {
        match name {
            "top1" => Some(Self::First(1)),
            "top3" => Some(Self::First(3)),
            "top5" => Some(Self::First(5)),
            "told_right" => Some(Self::ToldRight),
            _ => name.strip_prefix("kinds.").map(Self::Kind),
        }
    }

    /// Whether a question is right; none if it does not count.
    fn is_right(&self, outcome: &Outcome, kind: Option<&str>) -> Option<bool> {
        match self {
            Self::First(places) => outcome
                .answerable
                .then(|| outcome.place.is_some_and(|place| place < *places)),
            Self::ToldRight => Some(outcome.told_right),
            Self::Kind(wanted) => (kind == Some(wanted)).then(|| outcome.is_right()),
        }
    }
}

impl Line {
    pub fn is_beyond_chance(&self) -> bool {
        self.chance.is_some_and(|chance| chance < CHANCE)
    }

    pub fn difference(&self) -> f64 {
        self.new - self.old
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<26} {:>12} {:>12} {:>11}", "compared", "old", "new", "difference")?;
        for line in &self.lines {
            let verdict = match line.chance {
                Some(chance) if line.is_beyond_chance() => format!("  beyond chance (p = {chance:.4})"),
                Some(chance) if line.difference() != 0.0 => format!("  may be chance (p = {chance:.2})"),
                _ => String::new(),
            };
            writeln!(
                f,
                "{:<26} {:>12} {:>12} {:>11}{verdict}",
                line.name,
                figure(line.old),
                figure(line.new),
                difference(line.difference()),
            )?;
        }
        if self.is_paired {
            writeln!(
                f,
                "told right only now: {} questions; told right only then: {}",
                self.better.len(),
                self.worse.len()
            )
        } else {
            writeln!(
                f,
                "the old file does not say what became of each question: shares are compared as if the questions were others"
            )
        }
    }
}

/// A figure with as many digits as say something.
pub fn figure(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() >= 2.0 {
        format!("{value:.0}")
    } else if value.abs() >= 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.4}")
    }
}

/// A difference with its sign.
pub fn difference(value: f64) -> String {
    match value {
        0.0 => "=".to_owned(),
        value if value < 0.0 => format!("−{}", figure(-value)),
        value => format!("+{}", figure(value)),
    }
}

/// All figures that are numbers; those of kinds with their kind.
fn flat(figures: &Value) -> BTreeMap<String, f64> {
    let mut flat = BTreeMap::new();
    for (name, value) in figures.as_object().into_iter().flatten() {
        if let Some(number) = value.as_f64() {
            flat.insert(name.clone(), number);
        }
        for (kind, value) in value.as_object().into_iter().flatten() {
            if let Some(number) = value.as_f64() {
                flat.insert(format!("{name}.{kind}"), number);
            }
        }
    }
    flat
}

/// How likely it is that so many more of the questions that changed went one way, if each way is as likely: the exact
/// sign test, which is McNemar's for two answers to the same questions.
fn by_sign_test(pairs: impl Iterator<Item = (bool, bool)>) -> f64 {
    let (mut lost, mut won) = (0_u32, 0_u32);
    for pair in pairs {
        lost += u32::from(pair == (true, false));
        won += u32::from(pair == (false, true));
    }
    let (fewer, all) = (lost.min(won), f64::from(lost + won));
    let log_of_factorial = |n: f64| libm::lgamma(n + 1.0);
    let tail: f64 = (0..=fewer)
        .map(|k| {
            let k = f64::from(k);
            let ways = log_of_factorial(all) - log_of_factorial(k) - log_of_factorial(all - k);
            (ways - all * std::f64::consts::LN_2).exp()
        })
        .sum();
    (2.0 * tail).min(1.0)
}

/// How likely two shares of so many questions each differ as much, if the truth is one share: the test of two
/// proportions.
fn by_shares(old: f64, new: f64, count: usize) -> f64 {
    let both = (old + new) / 2.0;
    let spread = (2.0 * both * (1.0 - both) / count.max(1) as f64).sqrt();
    if spread == 0.0 {
        return 1.0;
    }
    libm::erfc((new - old).abs() / spread / std::f64::consts::SQRT_2)
}

/// What is less likely than this is not taken for chance.
const CHANCE: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_go_one_way_are_beyond_chance() {
        let pairs = |lost, won, same| {
            let changed = std::iter::repeat_n((true, false), lost).chain(std::iter::repeat_n((false, true), won));
            changed.chain(std::iter::repeat_n((true, true), same))
        };
        // Two of 2⁵ ways.
        assert!((by_sign_test(pairs(0, 5, 100)) - 0.0625).abs() < 1e-9);
        assert!((by_sign_test(pairs(2, 10, 0)) - 0.0386).abs() < 1e-4);
        assert_eq!(by_sign_test(pairs(7, 7, 3)), 1.0);
        assert_eq!(by_sign_test(pairs(0, 0, 9)), 1.0);
        assert!(by_sign_test(pairs(400, 600, 0)) < 1e-9);
    }

    #[test]
    fn shares_of_other_questions_take_more() {
        assert!(
            (by_shares(0.80, 0.85, 500) - 0.0373).abs() < 2e-3,
            "{}",
            by_shares(0.80, 0.85, 500)
        );
        assert!(by_shares(0.80, 0.81, 500) > 0.5);
        assert_eq!(by_shares(1.0, 1.0, 10), 1.0);
    }

    #[test]
    fn a_run_over_other_questions_is_refused() {
        let baseline = |figures| Baseline {
            path: "old.json".into(),
            figures,
        };
        let old = serde_json::json!({"top1": 0.5, "questions": 2, "digest": "a"});
        assert_eq!(baseline(old.clone()).check_questions("a", 2), Ok(()));
        assert_eq!(
            baseline(old.clone()).check_questions("a", 3).unwrap_err(),
            "`old.json` was measured with 2 questions, and these are 3: compare runs over the same file"
        );
        let other = baseline(old).check_questions("b", 2).unwrap_err();
        assert!(
            other.starts_with("`old.json` was measured with other questions"),
            "{other}"
        );
        // Files of before there was a digest.
        let older = serde_json::json!({"top1": 0.5, "questions": 2});
        assert_eq!(baseline(older).check_questions("b", 2), Ok(()));
    }

    #[test]
    fn what_changed_is_told_question_by_question() {
        let labelled: Vec<crate::questions::Labelled> = (0..3)
            .map(|n| crate::questions::Labelled {
                question: n.to_string(),
                right: vec!["a".to_owned()],
                kind: None,
                original: None,
            })
            .collect();
        let asked: Vec<Asked<'_>> = labelled
            .iter()
            .map(|labelled| Asked {
                labelled,
                outcome: Outcome {
                    place: Some(0),
                    answerable: true,
                    confidence: 0.9,
                    told_right: true,
                },
                decision: dafu::Decision::Answer,
                hits: Vec::new(),
                original_is_right: None,
            })
            .collect();
        let baseline = Baseline {
            path: "old.json".into(),
            figures: serde_json::json!({"top1": 0.3333, "outcomes": {"places": "0-1", "told": "100"}}),
        };
        let comparison = baseline.compare(&serde_json::json!({"top1": 1.0, "top3": 1.0}), &asked);
        assert_eq!((comparison.better, comparison.worse), (vec![1, 2], vec![]));
        assert_eq!(comparison.lines.len(), 1);
        assert_eq!(comparison.lines[0].chance, Some(0.5));
    }
}
