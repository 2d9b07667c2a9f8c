use tantivy::InvertedIndexReader;

use crate::analysis::{TokenKind, frequency};

/// How familiar a question is to a knowledge base: how much likelier its characters are in the phrasings than in Chinese
/// at large.
///
/// For each of its n different ideographs the logarithm of a likelihood ratio, that of a unigram model of the phrasings,
/// smoothed by that of the language (Jelinek-Mercer), to that of the language alone; their sum over √n, so that long and
/// short questions about nothing in particular spread alike.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Familiarity {
    sum: f32,
    ideographs: f32,
}

impl Familiarity {
    /// Adds an ideograph that so many phrasings have, of a knowledge base with so many ideographs in all.
    pub(super) fn add(&mut self, ideograph: char, phrasings: u32, all: f32) {
        let in_general = frequency(ideograph);
        let here = phrasings as f32 / all.max(1.0);
        self.sum += libm::logf(((1.0 - SMOOTHING) * here + SMOOTHING * in_general) / in_general);
        self.ideographs += 1.0;
    }

    /// The whole; none for a question without ideographs, of which nothing is known.
    pub(super) fn get(self) -> Option<f32> {
        (self.ideographs > 0.0).then(|| self.sum / self.ideographs.sqrt())
    }
}

/// How many ideographs phrasings have, each counted once a phrasing.
pub(super) fn ideographs(phrasing: &InvertedIndexReader) -> std::io::Result<f32> {
    let mut all = 0;
    let mut terms = phrasing.terms().range().ge(b"c").lt(b"d").into_stream()?;
    while terms.advance() {
        debug_assert_eq!(TokenKind::of_term(terms.key()), Some(TokenKind::Char));
        all += u64::from(terms.value().doc_freq);
    }
    Ok(all as f32)
}

/// How much of the mixture the language is.
const SMOOTHING: f32 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(char, u32)]) -> Option<f32> {
        let mut familiarity = Familiarity::default();
        counts
            .iter()
            .for_each(|(c, count)| familiarity.add(*c, *count, 1_000.0));
        familiarity.get()
    }

    #[test]
    fn what_the_phrasings_say_often_is_familiar() {
        let familiar = of(&[('退', 50), ('款', 50)]).unwrap();
        assert!(familiar > 3.0, "{familiar}");
        // As often as anywhere.
        let usual = of(&[('我', (1_000.0 * frequency('我')).round() as u32)]).unwrap();
        assert!(usual.abs() < 0.3, "{usual}");
        // What no phrasing has is strange, however rare it is.
        let strange = of(&[('笑', 0), ('话', 0)]).unwrap();
        assert!(
            (strange - 2.0 * libm::logf(SMOOTHING) / libm::sqrtf(2.0)).abs() < 1e-4,
            "{strange}"
        );
        assert_eq!(of(&[('蟹', 0), ('𠮷', 0)]), Some(strange));
    }

    #[test]
    fn without_ideographs_nothing_is_known() {
        assert_eq!(of(&[]), None);
    }
}
