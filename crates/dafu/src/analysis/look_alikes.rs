use std::str::Chars;

use super::char_table::{CHAR, line_of};

/// The characters that look most like one, the most alike first; none for a character that is not in the table.
pub(crate) fn look_alikes(c: char) -> Chars<'static> {
    line_of(TABLE, LINE, c).unwrap_or_default().chars()
}

/// For each of the 6,763 characters of GB 2312 a line: the character, and those that look most like it. The lines stand in
/// the order of code points, and all have the same length, so that the table is searched as it is. It is made by
/// `resources/look_alikes.py`.
pub(super) const TABLE: &str = include_str!("../../resources/look_alikes.txt");

/// The bytes of a line: a character, its look-alikes, and the line's end.
const LINE: usize = (1 + LOOK_ALIKES) * CHAR + 1;

const LOOK_ALIKES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_found() {
        assert_eq!(TABLE.len(), 6_763 * LINE);
        for line in TABLE.lines() {
            let mut chars = line.chars();
            let first = chars.next().unwrap();
            assert_eq!(line.len() + 1, LINE, "{line}");
            assert!(line.chars().all(|c| c.len_utf8() == CHAR), "{line}");
            assert_eq!(look_alikes(first).as_str(), chars.as_str());
            assert!(!chars.as_str().contains(first), "{line}");
        }
    }

    #[test]
    fn what_looks_alike_comes_first() {
        assert_eq!(look_alikes('吗').next(), Some('呜'));
        assert!(look_alikes('末').take(3).any(|c| c == '未'));
    }

    #[test]
    fn what_is_not_in_the_table_has_none() {
        for c in ['a', 'é', '，', '\u{4e02}', '𠮷', '\u{10ffff}', '\0'] {
            assert_eq!(look_alikes(c).as_str(), "", "{c:?}");
        }
    }
}
