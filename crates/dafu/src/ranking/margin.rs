use super::evidence::Evidence;

/// What counts, besides the scores, for how far an entry is ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    shares_words: bool,
    of_question: f32,
}

impl Standing {
    pub(super) fn of(evidence: &Evidence) -> Self {
        Self {
            shares_words: evidence.cosine > 0.0 || evidence.answer > 0.0,
            of_question: evidence.of_question,
        }
    }

    /// How far an entry is ahead of others, of which the best has the score `rival`; infinite if there are none.
    ///
    /// Some are always nearest in meaning. For one that shares no word with the question to be ahead, or to be ahead of such
    /// ones alone, means little where most of the question is strange.
    pub(super) fn ahead(self, score: f32, rival: f32, mut others: impl Iterator<Item = Self>) -> f32 {
        match self.shares_words && others.any(|other| other.shares_words) {
            true => score - rival,
            false => (score - rival).min(score * self.of_question),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_be_ahead_without_a_common_word_means_little() {
        let near = Standing {
            shares_words: true,
            of_question: 0.5,
        };
        let far = Standing {
            shares_words: false,
            of_question: 0.0,
        };
        let ahead = |standing: Standing, others: &[Standing]| standing.ahead(2.0, 0.5, others.iter().copied());
        assert_eq!(ahead(near, &[far, near]), 1.5);
        assert_eq!(ahead(near, &[far]), 1.0);
        assert_eq!(ahead(far, &[near]), 0.0);
        assert_eq!(near.ahead(2.0, f32::NEG_INFINITY, std::iter::empty()), 1.0);
        // Whoever is behind is behind.
        assert_eq!(near.ahead(0.5, 2.0, std::iter::once(far)), -1.5);
    }
}
