use std::collections::BTreeMap;

use once_cell::sync::OnceCell;
use serde::Deserialize;

use super::evidence::{Evidence, PARTS};
use crate::error::{Error, ErrorKind, Result};

/// Makes a score and a confidence of evidence, by weights that `weights.json` holds.
///
/// The score orders the entries for one question. The confidence compares across questions: it is the logistic
/// function of a weighted sum, in which the distance to the next entry counts as well.
#[derive(Debug)]
pub(crate) struct Mix {
    score: [f32; PARTS],
    confidence: [f32; PARTS],
    bias: f32,
    margin: f32,
}

#[derive(Deserialize)]
struct Weights {
    score: BTreeMap<String, f32>,
    confidence: BTreeMap<String, f32>,
}

impl Mix {
    /// The weights that the release ships.
    pub(crate) fn shipped() -> Result<&'static Self> {
        static SHIPPED: OnceCell<Mix> = OnceCell::new();
        SHIPPED.get_or_try_init(|| Self::parse(include_str!("weights.json")))
    }

    fn parse(json: &str) -> Result<Self> {
        let bad = |why: String| Error::new(ErrorKind::Internal, format!("weights of the ranking: {why}"));
        let mut weights: Weights = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
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
        Ok(Self {
            score: row(&weights.score)?,
            confidence: row(&weights.confidence)?,
            bias,
            margin,
        })
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
}

fn weighted(weights: &[f32; PARTS], evidence: &Evidence) -> f32 {
    weights
        .iter()
        .zip(evidence.parts())
        .map(|(weight, (_, part))| weight * part)
        .sum()
}

/// Past this distance a larger one says nothing more.
const MARGIN: f32 = 2.0;

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
            exact: 1.0,
            ..none
        };
        assert!(mix.confidence(&none, 0.0) < 0.2);
        assert!(mix.confidence(&all, 1.0) > 0.9);
        assert!(mix.score(&all) > mix.score(&none));
        assert!(Mix::parse("{}").is_err());
        assert!(Mix::parse("{\"score\":{},\"confidence\":{\"bias\":0,\"margin\":0}}").is_err());
    }
}
