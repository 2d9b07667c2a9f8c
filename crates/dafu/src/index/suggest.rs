use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::files::engine;
use super::open::Index;
use crate::analysis::{Normalized, pinyin, squeeze};
use crate::error::Result;

/// The terms of all that a suggestion of this question may begin with, joined: its text, full pinyin and initials,
/// from every character on.
pub(super) fn prefix_terms(question: &str) -> String {
    let chars = squeeze(&Normalized::new(question));
    let mut terms = Vec::with_capacity(chars.len() * 3);
    for start in 0..chars.len().min(STARTS) {
        let rest = &chars[start..chars.len().min(start + LENGTH)];
        terms.push(format!("t{}{}", place(start), rest.iter().collect::<String>()));
        // Letters that stand in the text are found by the text.
        if pinyin::syllable(rest[0]).is_some() {
            terms.push(format!("f{}{}", place(start), pinyin::full(rest)));
            terms.push(format!("i{}{}", place(start), pinyin::initials(rest)));
        }
    }
    terms.join("\u{1f}")
}

impl Index {
    /// The entries whose standard question continues `typed`: those that begin with it before those that have it
    /// inside, at most `limit`, with each of them the number of the character where it begins.
    ///
    /// `typed` may be Chinese, the full pinyin of it, or initials. Work is bounded: at most [`TERMS`] different
    /// continuations are looked at.
    pub(crate) fn continuations(&self, typed: &str, limit: usize, is_open: impl Fn(u32) -> bool) -> Result<Vec<u32>> {
        let chars = squeeze(&Normalized::new(typed));
        let typed: String = chars.iter().take(LENGTH).collect();
        let mut found: Vec<u32> = Vec::new();
        if typed.is_empty() {
            return Ok(found);
        }
        let kinds: &[char] = if typed.is_ascii() { &['t', 'f', 'i'] } else { &['t'] };
        for (place, kind) in [BEGINNING, INSIDE]
            .into_iter()
            .flat_map(|place| kinds.iter().map(move |kind| (place, kind)))
        {
            if found.len() >= limit {
                break;
            }
            self.continue_prefix(&format!("{kind}{place}{typed}"), &mut |entry| {
                if found.len() < limit && !found.contains(&entry) && is_open(entry) {
                    found.push(entry);
                }
                found.len() < limit
            })?;
        }
        Ok(found)
    }

    /// Calls `each` with the entries of all terms with a prefix, until it returns false.
    fn continue_prefix(&self, prefix: &str, each: &mut dyn FnMut(u32) -> bool) -> Result<()> {
        let failed = |e| engine("looking up what was typed", e);
        let end = format!("{prefix}\u{10ffff}");
        let range = self.prefix.terms().range().ge(prefix.as_bytes()).lt(end.as_bytes());
        let mut terms = range.into_stream().map_err(|e| failed(e.into()))?;
        for _ in 0..TERMS {
            if !terms.advance() {
                break;
            }
            let postings = self
                .prefix
                .read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
            let mut postings = postings.map_err(|e| failed(e.into()))?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !each(self.owner(doc)) {
                    return Ok(());
                }
                doc = postings.advance();
            }
        }
        Ok(())
    }
}

/// Whether a continuation begins with the question or inside it: the terms of either stand together.
fn place(start: usize) -> char {
    if start == 0 { BEGINNING } else { INSIDE }
}

const BEGINNING: char = '0';
const INSIDE: char = '1';

/// How many characters of a question may begin a suggestion.
const STARTS: usize = 40;

/// How many characters of what was typed are looked at.
const LENGTH: usize = 20;

/// How many different continuations are looked at for each kind.
const TERMS: usize = 500;

#[cfg(test)]
mod tests {
    #[test]
    fn a_question_is_found_by_text_pinyin_and_initials() {
        let joined = super::prefix_terms("退款多久？");
        let terms: Vec<&str> = joined.split('\u{1f}').collect();
        for term in ["t0退款多久", "f0tuikuanduojiu", "i0tkdj", "t1款多久", "i1dj"] {
            assert!(terms.contains(&term), "{term} in {terms:?}");
        }
    }
}
