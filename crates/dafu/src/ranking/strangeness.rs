use serde::{Deserialize, Serialize};

/// How familiar a knowledge base's own questions are to it, against which a question may be strange.
///
/// Where entries are held out, one learns how sure an answer is to questions that no entry answers although they are of
/// the same field. Customers also say what has nothing to do with it. Of that nothing can be held out; but it is in other
/// words than all that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Strangeness {
    /// What three quarters of the questions reach.
    quartile: f32,
    /// The standard deviation.
    deviation: f32,
}

impl Strangeness {
    /// That of a knowledge base whose questions are as familiar as these.
    pub(super) fn of(mut familiarity: Vec<f32>) -> Self {
        if familiarity.is_empty() {
            return Self::default();
        }
        familiarity.sort_by(f32::total_cmp);
        let count = familiarity.len() as f32;
        let mean = familiarity.iter().sum::<f32>() / count;
        let square = familiarity.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>();
        Self {
            quartile: familiarity[familiarity.len() / 4],
            deviation: (square / count).sqrt(),
        }
    }

    /// How strange a question is.
    pub(super) fn strange(&self, familiarity: Option<f32>) -> f32 {
        let below = |familiarity| (self.quartile - familiarity) / self.deviation.max(LEAST_DEVIATION);
        familiarity.map_or(0.0, below).clamp(0.0, MOST)
    }
}

/// For a knowledge base too small to tell: its questions have many characters that it has not.
impl Default for Strangeness {
    fn default() -> Self {
        Self {
            quartile: 0.0,
            deviation: 2.0,
        }
    }
}

/// Beyond this, a question that is stranger is no less answered.
const MOST: f32 = 4.0;

/// Phrasings that are all alike tell little of what customers say. Questions to real knowledge bases have 1.6 to 1.9.
const LEAST_DEVIATION: f32 = 1.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_quarters_are_not_strange() {
        let strangeness = Strangeness::of((0..100).map(|i| (i * 37 % 100) as f32 / 10.0).collect());
        let strange = |familiarity: f32| strangeness.strange(Some(familiarity));
        let count = (0..100).filter(|i| strange(*i as f32 / 10.0) > 0.0).count();
        assert_eq!(count, 25);
        // One deviation below the quartile; that of 0.0 to 9.9 is 10 / √12.
        assert!((strange(2.5 - 10.0 / libm::sqrtf(12.0)) - 1.0).abs() < 0.01);
        assert_eq!(strange(-1e9), MOST);
        assert_eq!(strange(1e9), 0.0);
    }

    #[test]
    fn of_what_nothing_is_known_nothing_is_strange() {
        assert_eq!(Strangeness::default().strange(None), 0.0);
        assert_eq!(Strangeness::of(Vec::new()), Strangeness::default());
        let alike = Strangeness::of(vec![3.0; 10]);
        assert_eq!(alike.strange(Some(3.0)), 0.0);
        assert!(alike.strange(Some(2.0)).is_finite());
    }
}
