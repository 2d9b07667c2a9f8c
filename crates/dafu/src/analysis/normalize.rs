use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use super::{chinese, numbers};

/// A text in the form in which texts are compared, and for each of its characters where it came from.
///
/// Compatibility forms are folded (NFKC), letters are lower case, traditional characters simplified, numerals that
/// count things are digits, white space is one blank, and characters that show nothing are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Normalized {
    chars: Vec<char>,
    /// The byte range of the original text behind each character.
    origins: Vec<Origin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    start: u32,
    end: u32,
}

impl Normalized {
    /// Normalises a text of at most 4 GiB.
    pub(crate) fn new(text: &str) -> Self {
        let mut folded = Self::fold(text);
        chinese::simplify(&mut folded.chars);
        numbers::to_digits(&mut folded);
        folded
    }

    pub(crate) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// The bytes of the original text behind a range of characters.
    pub(crate) fn original(&self, chars: Range<usize>) -> Range<usize> {
        let Some(origins) = self.origins.get(chars).filter(|origins| !origins.is_empty()) else {
            return 0..0;
        };
        origins[0].start as usize..origins[origins.len() - 1].end as usize
    }

    /// Replaces a range of characters by others, which all come from where the range came from.
    pub(crate) fn replace(&mut self, range: Range<usize>, by: impl Iterator<Item = char>) {
        let from = self.original(range.clone());
        let origin = Origin {
            start: from.start as u32,
            end: from.end as u32,
        };
        self.chars.splice(range.clone(), by);
        let added = self.chars.len() + range.len() - self.origins.len();
        self.origins.splice(range, std::iter::repeat_n(origin, added));
    }

    /// NFKC and lower case, cluster by cluster, so that each character keeps its origin.
    fn fold(text: &str) -> Self {
        let mut out = Self {
            chars: Vec::with_capacity(text.len() / 3 + 8),
            origins: Vec::with_capacity(text.len() / 3 + 8),
        };
        let mut rest = text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            // A base character and its marks. Marks past the 30th of a run are cut off into a cluster of their own, as
            // in Unicode's stream-safe text format, so that the work stays in proportion to the length.
            let mut end = start + c.len_utf8();
            let mut marks = 0;
            while let Some(&(at, mark)) = rest.peek() {
                if marks == 30 || (canonical_combining_class(mark) == 0 && !is_combining_mark(mark)) {
                    break;
                }
                end = at + mark.len_utf8();
                marks += 1;
                rest.next();
            }
            let origin = Origin {
                start: start as u32,
                end: end as u32,
            };
            if marks == 0 && (c.is_ascii() || is_common_ideograph(c)) {
                out.push(c.to_ascii_lowercase(), origin);
            } else {
                for folded in text[start..end].nfkc().flat_map(char::to_lowercase) {
                    out.push(folded, origin);
                }
            }
        }
        if out.chars.last() == Some(&' ') {
            out.chars.pop();
            out.origins.pop();
        }
        out
    }

    fn push(&mut self, c: char, origin: Origin) {
        if c.is_whitespace() || c.is_control() {
            if self.chars.last().is_some_and(|last| *last != ' ') {
                self.chars.push(' ');
                self.origins.push(origin);
            }
        } else if !is_invisible(c) {
            self.chars.push(c);
            self.origins.push(origin);
        }
    }
}

/// Whether words are made of this character. All others only separate words.
pub(crate) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !is_invisible(c)
}

/// The characters of Chinese that NFKC leaves as they are.
pub(super) fn is_common_ideograph(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// Characters that a reader does not see: zero-width and bidi controls, variation selectors, tags, private use.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(s: &str) -> String {
        Normalized::new(s).text()
    }

    #[test]
    fn folds_what_customers_type_to_one_form() {
        assert_eq!(text("　ｉＰｈｏｎｅ　１５　Ｐｒｏ　"), "iphone 15 pro");
        assert_eq!(text("東西壞了能退嗎"), "东西坏了能退吗");
        assert_eq!(text("退\u{200b}款\u{202e}"), "退款");
        assert_eq!(text("e\u{301}"), "é");
        assert_eq!(text("㎏ ① ﬁ"), "kg 1 fi");
        assert_eq!(text("\0\n\t"), "");
    }

    #[test]
    fn maps_back_to_the_original() {
        let original = "我想　退貨，七天無理由ＯＫ嗎";
        let normalized = Normalized::new(original);
        let digit = normalized.chars().iter().position(|c| *c == '7').unwrap();
        assert_eq!(&original[normalized.original(digit..digit + 1)], "七");
        let ok = normalized.chars().iter().position(|c| *c == 'o').unwrap();
        assert_eq!(&original[normalized.original(ok..ok + 2)], "ＯＫ");
        assert_eq!(normalized.original(5..5), 0..0);
        assert_eq!(normalized.original(90..99), 0..0);
    }

    #[test]
    fn a_hundred_thousand_marks_stay_linear() {
        let marks = "e".to_owned() + &"\u{301}".repeat(100_000);
        assert!(Normalized::new(&marks).chars().len() <= 100_001);
    }

    proptest! {
        #[test]
        fn origins_lie_on_character_boundaries_in_order(s in any::<String>()) {
            let normalized = Normalized::new(&s);
            let mut last = 0;
            for i in 0..normalized.chars().len() {
                let range = normalized.original(i..i + 1);
                prop_assert!(s.is_char_boundary(range.start) && s.is_char_boundary(range.end));
                prop_assert!(range.start >= last && range.start < range.end);
                last = range.start;
            }
        }

        #[test]
        fn what_is_normal_stays_so(s in "[\u{4e00}-\u{9fa5}a-zA-Z0-9 ，。一二三七十天个]{0,20}") {
            let once = Normalized::new(&s).text();
            prop_assert_eq!(Normalized::new(&once).text(), once);
        }
    }
}
