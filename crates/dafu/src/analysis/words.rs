//! The built-in word lists.

/// Customer-service words that the stock dictionary lacks: one a line, `#` begins a comment.
pub(super) const BUILT_IN: &str = include_str!("../../resources/words.txt");

/// Words that say little in a question: fillers and forms of address. Question words are none of them.
pub(super) const STOP_WORDS: &str = include_str!("../../resources/stop_words.txt");

/// The lines of a list that hold a word.
pub(super) fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}
