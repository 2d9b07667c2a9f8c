use std::ops::Range;

use serde::Serialize;

use crate::analysis::{Normalized, is_word_char};

/// A part of a text, in the three units in which programs count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Span {
    /// In bytes of UTF-8, as Rust, Go and C count.
    pub bytes: Range<usize>,
    /// In code points, as Python counts.
    pub chars: Range<usize>,
    /// In units of UTF-16, as Java, JavaScript and C# count.
    pub utf16: Range<usize>,
}

/// The parts of a text that another one has, too: runs of at least two characters. `text` is `original`, normalised.
pub(super) fn shared(original: &str, text: &Normalized, other: &Normalized) -> Vec<Span> {
    let chars = text.chars();
    let mut shared = vec![false; chars.len()];
    for (i, pair) in chars.windows(2).enumerate() {
        let words = is_word_char(pair[0]) && is_word_char(pair[1]);
        if words && other.chars().windows(2).take(COMPARED).any(|other| other == pair) {
            shared[i] = true;
            shared[i + 1] = true;
        }
        if i == COMPARED {
            break;
        }
    }
    let ranges = runs(&shared).map(|run| text.original(run));
    to_spans(original, ranges)
}

/// The runs of true values.
fn runs(marks: &[bool]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + marks.get(at..)?.iter().position(|mark| *mark)?;
        let len = marks[start..].iter().take_while(|mark| **mark).count();
        at = start + len;
        Some(start..at)
    })
}

/// Counts byte ranges, which come in order, in all three units. Ranges that touch or overlap become one.
fn to_spans(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Span> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges.filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    let (mut byte, mut chars, mut utf16) = (0, 0, 0);
    let mut count = |to: usize| {
        for c in text[byte..to].chars() {
            chars += 1;
            utf16 += c.len_utf16();
        }
        byte = to;
        (chars, utf16)
    };
    let spans = merged.into_iter().map(|bytes| {
        let (start, end) = (count(bytes.start), count(bytes.end));
        Span {
            chars: start.0..end.0,
            utf16: start.1..end.1,
            bytes,
        }
    });
    spans.collect()
}

/// How many characters of a text are compared.
const COMPARED: usize = 200;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans(a: &str, b: &str) -> Vec<Span> {
        shared(a, &Normalized::new(a), &Normalized::new(b))
    }

    #[test]
    fn spans_count_in_three_units() {
        let found = spans("😀我想退款", "退款多久到账");
        assert_eq!(
            found,
            [Span {
                bytes: 10..16,
                chars: 3..5,
                utf16: 4..6
            }]
        );
    }

    #[test]
    fn other_scripts_and_widths_share() {
        assert_eq!(spans("ＯＫ，運費險呢", "ok 运费险").len(), 2);
        assert!(spans("退款", "发货").is_empty());
    }

    proptest! {
        #[test]
        fn spans_lie_on_characters(a in "[退款发货😀e\u{301}ａＢ一二天 ,]{0,20}", b in "[退款发货😀e\u{301}aB12天 ,]{0,20}") {
            for span in spans(&a, &b) {
                let part = &a[span.bytes.clone()];
                prop_assert_eq!(part.chars().count(), span.chars.len());
                prop_assert_eq!(part.encode_utf16().count(), span.utf16.len());
                prop_assert_eq!(a[..span.bytes.start].chars().count(), span.chars.start);
            }
        }
    }
}
