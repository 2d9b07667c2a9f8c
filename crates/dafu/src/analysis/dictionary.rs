use jieba_rs::Jieba;

/// The words of a dictionary that an index needs, as text: a word and its frequency a line, in the order of the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DictionarySlice(String);

impl DictionarySlice {
    pub(crate) fn from_text(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The words, without the one that no text has.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let lines = self.0.lines().filter_map(|line| line.split(' ').next());
        lines.filter(|word| *word != UNREACHABLE)
    }

    /// Takes the frequencies of some words from a dictionary, and makes one unreachable word of all its others.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>, dictionary: &Jieba) -> Self {
        let frequencies = Frequencies::of(dictionary);
        let mut words: Vec<_> = words.map(|word| (word, frequencies.get(word))).collect();
        words.sort_unstable();
        let kept: u64 = words.iter().map(|(_, frequency)| frequency).sum();
        let rest = frequencies.total().saturating_sub(kept);
        let mut text = format!("{UNREACHABLE} {rest}\n");
        for (word, frequency) in words {
            text.push_str(&format!("{word} {frequency}\n"));
        }
        Self(text)
    }
}

/// Reads the frequencies of a dictionary.
///
/// jieba-rs has no function that tells the frequency of a word. But it suggests one for a text: with the text cut into
/// words of frequencies f₁ … fₙ, and T the sum of all frequencies, `⌊T · Π fᵢ/T⌋ + 1`. In a copy of the dictionary
/// with one more word x so frequent that T ≈ x, every known word is one piece (a second one would cost a factor of
/// T), and for the word followed by x the suggestion is ⌊f · x/T⌋ + 1 with x/T just below 1: exactly f, for all
/// 0 < f < T/(T-x).
struct Frequencies {
    probe: Jieba,
    total: u64,
}

impl Frequencies {
    fn of(dictionary: &Jieba) -> Self {
        let mut probe = dictionary.clone();
        // For two x in a row the suggestion is y = ⌊x²/T⌋ + 1, so the sum of all other frequencies is x²/y - x, known
        // to one part in 10⁷: more than the logarithm of it needs.
        let x = 1_u64 << 36;
        probe.add_word(UNREACHABLE, Some(x as usize), None);
        let y = probe.suggest_freq(&format!("{UNREACHABLE}{UNREACHABLE}"));
        let total = (x as f64 * x as f64 / y as f64 - x as f64).round() as u64;
        probe.add_word(UNREACHABLE, Some(1 << 52), None);
        Self { probe, total }
    }

    fn get(&self, word: &str) -> u64 {
        self.probe.suggest_freq(&format!("{word}{UNREACHABLE}")) as u64
    }

    /// The sum of all frequencies.
    fn total(&self) -> u64 {
        self.total
    }
}

/// A word that no normalised text has: normalisation drops characters of private use.
const UNREACHABLE: &str = "\u{e000}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_read_exactly() {
        let mut dictionary = Jieba::empty();
        let words = [
            ("的", 318_825),
            ("退货", 3),
            ("退", 1_190),
            ("货", 2_431),
            ("运费险", 1),
            ("中国", 34_488),
        ];
        for (word, frequency) in words {
            dictionary.add_word(word, Some(frequency), None);
        }
        let frequencies = Frequencies::of(&dictionary);
        for (word, frequency) in words {
            assert_eq!(frequencies.get(word), frequency as u64, "{word}");
        }
        let total: usize = words.iter().map(|(_, frequency)| frequency).sum();
        assert!(frequencies.total().abs_diff(total as u64) <= 2);
    }
}
