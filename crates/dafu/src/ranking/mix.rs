use std::collections::BTreeMap;

use once_cell::sync::OnceCell;
use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, PARTS};
use super::strangeness::Strangeness;
use crate::error::{Error, ErrorKind, Result};

/// Makes a score and a confidence of evidence.
///
/// The score orders the entries for one question. The confidence compares across questions: it is the logistic
/// function of a weighted sum, in which the distance to the next entry counts as well. Each knowledge base has
/// weights of its own, if it has questions enough to fit them to; else those in `weights.json`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mix {
    pub(super) score: [f32; PARTS],
    pub(super) confidence: [f32; PARTS],
    pub(super) bias: f32,
    pub(super) margin: f32,
    /// For a precision of 50 %, 51 % ... 99 %, how sure an answer must be so that of such answers this part is right.
    pub(super) thresholds: Vec<f32>,
    pub(super) strangeness: Strangeness,
    /// How many held-out questions it was fitted to; 0 for what the release ships.
    pub(super) questions: usize,
}

/// As it stands in the file.
#[derive(Serialize, Deserialize)]
struct Weights {
    score: BTreeMap<String, f32>,
    confidence: BTreeMap<String, f32>,
    #[serde(default)]
    thresholds: Vec<f32>,
    #[serde(default)]
    strangeness: Strangeness,
    #[serde(default)]
    questions: usize,
}

impl Mix {
    /// The weights that the release ships.
    pub(crate) fn shipped() -> Result<&'static Self> {
        static SHIPPED: OnceCell<Mix> = OnceCell::new();
        SHIPPED.get_or_try_init(|| Self::parse(include_bytes!("weights.json")))
    }

    pub(crate) fn parse(json: &[u8]) -> Result<Self> {
        let bad = |why: String| {
            Error::new(
                ErrorKind::Corrupt,
                format!("the weights of the ranking: {why}; build the index again from its content"),
            )
        };
        let mut weights: Weights = serde_json::from_slice(json).map_err(|e| bad(e.to_string()))?;
        let mut take = |name: &str| weights.confidence.remove(name).ok_or_else(|| bad(format!("no {name}")));
        let (bias, margin) = (take("bias")?, take("margin")?);
        let row = |row: &BTreeMap<String, f32>| -> Result<[f32; PARTS]> {
            let mut out = [0.0; PARTS];
            for (place, (name, _)) in out.iter_mut().zip(Evidence::default().parts()) {
                *place = *row.get(name).ok_or_else(|| bad(format!("no {name}")))?;
            }
            if row.len() == PARTS {
                Ok(out)
            } else {
                Err(bad("one too many".to_owned()))
            }
        };
        if weights.thresholds.len() != PRECISIONS {
            return Err(bad(format!(
                "{} thresholds instead of {PRECISIONS}",
                weights.thresholds.len()
            )));
        }
        Ok(Self {
            score: row(&weights.score)?,
            confidence: row(&weights.confidence)?,
            bias,
            margin,
            thresholds: weights.thresholds,
            strangeness: weights.strangeness,
            questions: weights.questions,
        })
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        let row = |weights: &[f32; PARTS]| -> BTreeMap<String, f32> {
            let names = Evidence::default().parts();
            names
                .iter()
                .zip(weights)
                .map(|((name, _), weight)| ((*name).to_owned(), *weight))
                .collect()
        };
        let mut confidence = row(&self.confidence);
        confidence.insert("bias".to_owned(), self.bias);
        confidence.insert("margin".to_owned(), self.margin);
        let weights = Weights {
            score: row(&self.score),
            confidence,
            thresholds: self.thresholds.clone(),
            strangeness: self.strangeness,
            questions: self.questions,
        };
        serde_json::to_vec_pretty(&weights).expect("weights are plain data")
    }

    /// By which the entries are ordered for one question.
    pub(crate) fn score(&self, evidence: &Evidence) -> f32 {
        weighted(&self.score, evidence)
    }

    /// How likely an entry is right, in 0..=1. `margin` is how far its score is above the next one's (below the best
    /// one's, negative).
    pub(crate) fn confidence(&self, evidence: &Evidence, margin: f32) -> f32 {
        let sum = self.bias + weighted(&self.confidence, evidence) + self.margin * margin.clamp(-MARGIN, MARGIN);
        1.0 / (1.0 + libm::expf(-sum))
    }

    /// How sure an answer must be so that a share `precision` of such answers is right.
    pub(crate) fn threshold(&self, precision: f32) -> f32 {
        let step = ((precision * 100.0).round() as usize).clamp(50, 99) - 50;
        // Weights that were fitted to other knowledge bases are trusted less.
        let least = if self.questions == 0 { UNCALIBRATED } else { 0.0 };
        self.thresholds[step].max(least)
    }

    /// How many held-out questions the weights were fitted to; 0 for those that the release ships.
    pub(crate) fn questions(&self) -> usize {
        self.questions
    }
}

fn weighted(weights: &[f32; PARTS], evidence: &Evidence) -> f32 {
    weights
        .iter()
        .zip(evidence.parts())
        .map(|(weight, (_, part))| weight * part)
        .sum()
}

/// Past this distance a larger one says nothing more.
pub(super) const MARGIN: f32 = 2.0;

/// How sure an answer must be at least where nothing could be calibrated.
const UNCALIBRATED: f32 = 0.5;

/// How many thresholds there are.
pub(super) const PRECISIONS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_whole() {
        let mix = Mix::shipped().unwrap();
        let none = Evidence::default();
        let all = Evidence {
            cosine: 1.0,
            of_question: 1.0,
            of_phrasing: 1.0,
            mean: 0.9,
            mean_of_all: 0.5,
            profile_chars: 1.0,
            profile_pairs: 1.0,
            profile_words: 1.0,
            learned: 0.5,
            learned_from_many: 0.2,
            meaning: 1.0,
            meaning_of_all: 0.9,
            exact: 1.0,
            ..none
        };
        assert!(mix.confidence(&none, 0.0) < 0.4);
        assert!(mix.confidence(&all, 1.0) > 0.9);
        assert!(mix.score(&all) > mix.score(&none));
        assert!(Mix::parse(b"{}").is_err());
        assert!(Mix::parse(b"{\"score\":{},\"confidence\":{\"bias\":0,\"margin\":0}}").is_err());
    }

    #[test]
    fn weights_come_back_from_their_file() {
        let mix = Mix::shipped().unwrap();
        assert_eq!(&Mix::parse(&mix.to_json()).unwrap(), mix);
    }

    #[test]
    fn a_higher_precision_takes_more_confidence() {
        let mix = Mix::shipped().unwrap();
        assert!(mix.threshold(0.6) <= mix.threshold(0.9));
        assert!(mix.threshold(0.9) <= mix.threshold(0.99));
        assert_eq!(mix.threshold(0.0), mix.threshold(0.5));
    }
}
