use std::collections::HashSet;
use std::sync::Arc;

use jieba_rs::Jieba;
use once_cell::sync::OnceCell;

use super::dictionary::DictionarySlice;
use super::normalize::{Normalized, is_word_char};
use super::words;
use crate::error::{Error, ErrorKind, Result};
use crate::model::DictionaryWord;

/// Cuts normalised text into words.
///
/// Cheap to clone: clones share one dictionary.
#[derive(Debug, Clone)]
pub(crate) struct ChineseSegmenter {
    jieba: Arc<Jieba>,
}

/// A word of a text: a range of bytes, and whether the best cut has it (or search mode found it inside such a word).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl ChineseSegmenter {
    /// The whole dictionary with the customer-service words: one for the process, loaded at the first call in about
    /// 100 ms and 33 MB.
    pub(crate) fn whole() -> Result<Self> {
        static WHOLE: OnceCell<ChineseSegmenter> = OnceCell::new();
        WHOLE
            .get_or_try_init(|| {
                let mut jieba = Jieba::new();
                for (number, line) in (1..).zip(words::BUILT_IN.lines()) {
                    let word = Normalized::new(line).text();
                    if line.is_empty() || line.starts_with('#') {
                        continue;
                    }
                    if !word.chars().all(is_word_char) {
                        return Err(Error::new(
                            ErrorKind::Internal,
                            format!("built-in words, line {number}: not a word"),
                        ));
                    }
                    jieba.add_word(&word, None, None);
                }
                Ok(Self { jieba: Arc::new(jieba) })
            })
            .cloned()
    }

    /// The whole dictionary and an editor's words. Copies the dictionary if there are any.
    pub(crate) fn with_words(words: &[DictionaryWord]) -> Result<Self> {
        let mut segmenter = Self::whole()?;
        if !words.is_empty() {
            let jieba = Arc::make_mut(&mut segmenter.jieba);
            for word in words {
                let text = Normalized::new(word.word.as_str()).text();
                jieba.add_word(&text, word.frequency.map(|f| f as usize), None);
            }
        }
        Ok(segmenter)
    }

    /// The words of a slice, and no others.
    pub(crate) fn from_slice(slice: &DictionarySlice) -> Result<Self> {
        let mut jieba = Jieba::empty();
        jieba
            .load_dict(&mut slice.as_str().as_bytes())
            .map_err(|e| Error::from_source(ErrorKind::Corrupt, "dictionary of the index", e))?;
        Ok(Self { jieba: Arc::new(jieba) })
    }

    /// The slice of this dictionary that cuts each of `texts` (normalised) as the whole of it does: all its words
    /// that stand anywhere in them, and one more that no text has, with the rest of the frequency mass, since a word
    /// is weighed against the sum of all frequencies.
    pub(crate) fn slice<'t>(&self, texts: impl Iterator<Item = &'t str>) -> DictionarySlice {
        let mut words: HashSet<&str> = HashSet::new();
        for text in texts {
            self.add_words(text, &mut words);
        }
        DictionarySlice::new(words.into_iter().filter(|word| self.jieba.has_word(word)), &self.jieba)
    }

    /// Whether it has all words that `whole` has and that stand anywhere in a text (normalised).
    pub(crate) fn has_all_words(&self, whole: &Self, text: &str) -> bool {
        let mut words = HashSet::new();
        whole.add_words(text, &mut words);
        let mut words = words.into_iter();
        words.all(|word| self.jieba.has_word(word) || !whole.jieba.has_word(word))
    }

    /// Adds all that may be a word in a text.
    fn add_words<'t>(&self, text: &'t str, words: &mut HashSet<&'t str>) {
        words.extend(self.jieba.cut_all(text).into_iter().map(|word| word.word));
        words.extend(text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]));
        self.add_words_with_letters(text, words);
    }

    /// Adds what may be a dictionary word with letters or digits in it, such as 7天无理由: `cut_all` leaves these out.
    fn add_words_with_letters<'t>(&self, text: &'t str, words: &mut HashSet<&'t str>) {
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        for ascii in (0..ends.len() - 1).filter(|i| text.as_bytes()[ends[*i]].is_ascii_alphanumeric()) {
            for start in ascii.saturating_sub(LONGEST_MIXED - 1)..=ascii {
                for end in ascii + 1..=(start + LONGEST_MIXED).min(ends.len() - 1) {
                    words.extend(Some(&text[ends[start]..ends[end]]).filter(|word| self.jieba.has_word(word)));
                }
            }
        }
    }

    /// Calls `each` with the words of the best cut, and with the shorter words inside them; separators are left out.
    pub(crate) fn words<'t>(&self, text: &'t str, mut each: impl FnMut(Word<'t>)) {
        for word in self.jieba.cut_for_search(text, true) {
            if word.word.chars().all(is_word_char) {
                each(Word {
                    text: word.word,
                    start: word.byte_start,
                    end: word.byte_end,
                });
            }
        }
    }

    /// Whether another segmenter cuts a text at the same places.
    pub(crate) fn cuts_like(&self, other: &Self, text: &str) -> bool {
        let cut = |segmenter: &Self| -> Vec<_> {
            segmenter
                .jieba
                .cut_for_search(text, true)
                .iter()
                .map(|word| (word.byte_start, word.byte_end))
                .collect()
        };
        cut(self) == cut(other)
    }
}

/// Words with letters or digits are looked for up to this number of characters; an editor's may be as long.
const LONGEST_MIXED: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn words(segmenter: &ChineseSegmenter, text: &str) -> Vec<String> {
        let mut out = Vec::new();
        segmenter.words(&Normalized::new(text).text(), |word| out.push(word.text.to_owned()));
        out
    }

    #[test]
    fn customer_service_words_stay_whole() {
        let whole = ChineseSegmenter::whole().unwrap();
        assert!(words(&whole, "花呗怎么还").contains(&"花呗".to_owned()));
        assert!(words(&whole, "運費險怎麼賠").contains(&"运费险".to_owned()));
        assert!(words(&whole, "七天无理由退货").contains(&"7天无理由退货".to_owned()));
    }

    #[test]
    fn a_slice_cuts_its_texts_as_the_whole_dictionary_does() {
        let whole = ChineseSegmenter::whole().unwrap();
        let texts = [
            "东西不想要了能退吗",
            "研究生命的起源",
            "花呗怎么还款",
            "长春市长春药店",
            "他来到了网易杭研大厦",
        ];
        let slice = whole.slice(texts.into_iter());
        let sliced = ChineseSegmenter::from_slice(&slice).unwrap();
        for text in texts {
            assert!(sliced.cuts_like(&whole, text), "{text}");
        }
        // A check that can fail: without the words of the text it is cut otherwise.
        let empty = ChineseSegmenter::from_slice(&whole.slice(std::iter::empty())).unwrap();
        assert!(!empty.cuts_like(&whole, texts[0]));
    }

    #[test]
    fn the_editors_words_join() {
        let word = DictionaryWord::from(crate::model::Word::try_from("青禾臻选").unwrap());
        let segmenter = ChineseSegmenter::with_words(&[word]).unwrap();
        assert!(words(&segmenter, "青禾臻选会员几折").contains(&"青禾臻选".to_owned()));
        let whole = ChineseSegmenter::whole().unwrap();
        assert!(!words(&whole, "青禾臻选会员几折").contains(&"青禾臻选".to_owned()));
    }
}
