//! What two short texts have in common, and where they contradict each other.

use crate::analysis::pinyin;

/// A text prepared for comparison: its word characters and their sounds.
#[derive(Debug, Default)]
pub(super) struct Side {
    chars: Vec<char>,
    /// The syllable of each character, its letters in a row; 0 for what has none.
    sounds: Vec<u64>,
}

impl Side {
    pub(super) fn new(squeezed: impl Iterator<Item = char>) -> Self {
        let mut side = Self::default();
        side.set(squeezed);
        side
    }

    /// Takes another text, and keeps the memory.
    pub(super) fn set(&mut self, squeezed: impl Iterator<Item = char>) {
        self.chars.clear();
        self.chars.extend(squeezed.take(COMPARED));
        self.sounds.clear();
        self.sounds
            .extend(self.chars.iter().map(|c| pinyin::syllable(*c).map_or(0, packed)));
    }

    /// The longest run of characters that both texts have, as a share of the shorter text: 0..=1.
    pub(super) fn common_run(&self, other: &Self) -> f32 {
        let shorter = self.chars.len().min(other.chars.len());
        if shorter == 0 {
            return 0.0;
        }
        // lengths[j] is the length of the common run that ends at the i-th and j-th character.
        let mut lengths = [0_u8; COMPARED + 1];
        let mut longest = 0;
        for a in &self.chars {
            let mut diagonal = 0;
            for (j, b) in other.chars.iter().enumerate() {
                let above = lengths[j + 1];
                lengths[j + 1] = if a == b { diagonal + 1 } else { 0 };
                longest = longest.max(lengths[j + 1]);
                diagonal = above;
            }
        }
        f32::from(longest) / shorter as f32
    }

    /// How alike the texts sound: the Dice coefficient of their syllable pairs, 0..=1.
    pub(super) fn sound(&self, other: &Self) -> f32 {
        let pairs = |side: &Self| side.sounds.len().saturating_sub(1);
        let total = pairs(self) + pairs(other);
        if total == 0 {
            return if self.sounds == other.sounds && !self.sounds.is_empty() {
                1.0
            } else {
                0.0
            };
        }
        let mut used = 0_u64;
        let mut common = 0;
        for pair in self.sounds.windows(2) {
            let found = other
                .sounds
                .windows(2)
                .enumerate()
                .find(|(j, other)| used & (1 << j) == 0 && *other == pair);
            if let Some((j, _)) = found.filter(|_| pair[0] != 0 && pair[1] != 0) {
                used |= 1 << j;
                common += 1;
            }
        }
        (2 * common) as f32 / total as f32
    }

    /// Whether both name numbers, and none of them is the same.
    pub(super) fn numbers_differ(&self, other: &Self) -> bool {
        differ(self, other, |c| c.is_ascii_digit(), 1)
    }

    /// Whether both name Latin words or codes of two letters or more, and none of them is the same.
    pub(super) fn codes_differ(&self, other: &Self) -> bool {
        differ(self, other, |c| c.is_ascii_alphabetic(), 2)
    }

    /// Whether one denies and the other does not.
    pub(super) fn negation_differs(&self, other: &Self) -> bool {
        self.denies() != other.denies()
    }

    /// Whether it has a word that denies. 能不能 and 有没有 ask, and deny nothing.
    fn denies(&self) -> bool {
        (0..self.chars.len()).any(|i| {
            let at = |i: usize| self.chars.get(i);
            match self.chars[i] {
                '不' | '没' => {
                    let asks = i > 0 && at(i - 1) == at(i + 1);
                    let ends = i > 0 && i + 1 == self.chars.len();
                    !(asks || ends || at(i + 1) == Some(&'好') && at(i + 2) == Some(&'意'))
                }
                '无' => at(i + 1) != Some(&'理'),
                '未' | '别' | '勿' | '甭' => true,
                _ => false,
            }
        })
    }
}

/// The letters of a syllable, of which there are six at most.
fn packed(syllable: &str) -> u64 {
    syllable
        .bytes()
        .fold(0, |packed, letter| packed << 8 | u64::from(letter))
}

fn differ(a: &Side, b: &Side, class: impl Fn(&char) -> bool + Copy, least: usize) -> bool {
    let runs = |side: &'_ Side| -> Vec<String> {
        let runs = side.chars.split(|c| !class(c)).filter(|run| run.len() >= least);
        runs.map(|run| run.iter().collect()).collect()
    };
    if !a.chars.iter().any(class) || !b.chars.iter().any(class) {
        return false;
    }
    let (a, b) = (runs(a), runs(b));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|run| b.contains(run))
}

/// How many characters of a text are compared: longer ones are complaints whose beginning says what they ask.
const COMPARED: usize = 60;

const _: () = assert!(COMPARED <= 64, "one bit for each pair");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::is_word_char;

    fn side(s: &str) -> Side {
        Side::new(s.chars().filter(|c| is_word_char(*c)))
    }

    #[test]
    fn texts_that_sound_alike_are_alike() {
        assert_eq!(side("怎么腿款").sound(&side("怎么退款")), 1.0);
        assert!(side("怎么退款").sound(&side("几时发货")) < 0.1);
        assert_eq!(side("").sound(&side("")), 0.0);
        assert_eq!(side("好").sound(&side("好")), 1.0);
    }

    #[test]
    fn runs_are_shares_of_the_shorter_text() {
        assert_eq!(side("我想退款").common_run(&side("退款")), 1.0);
        assert_eq!(side("退款").common_run(&side("发货")), 0.0);
        let long = "退".repeat(500);
        assert_eq!(side(&long).common_run(&side(&long)), 1.0);
    }

    #[test]
    fn contradictions_are_seen() {
        assert!(side("满300减50").numbers_differ(&side("满200减30")));
        assert!(!side("满300减50").numbers_differ(&side("满减")));
        assert!(side("iphone怎么退").codes_differ(&side("ipad怎么退")));
        assert!(side("收不到货").negation_differs(&side("收到货了")));
        assert!(!side("能不能退").negation_differs(&side("能退吗")));
        assert!(!side("7天无理由").negation_differs(&side("7天退货")));
    }
}
