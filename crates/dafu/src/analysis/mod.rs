//! Text to tokens, with a way back to the original text.
//!
//! `normalize` → `segment` → `tokens`, wired by [`Analyzer`]. A question and the texts of an index are analysed by the
//! same [`Analyzer`], with the same dictionary: the index carries it.

mod analyzer;
mod char_table;
mod chinese;
mod dictionary;
mod encoder;
mod frequencies;
mod look_alikes;
mod normalize;
mod numbers;
pub(crate) mod pinyin;
mod segment;
mod synonyms;
mod tokens;
mod words;

pub(crate) use analyzer::{Analyzer, Question, sounds, squeeze};
pub(crate) use dictionary::DictionarySlice;
pub use encoder::Encoder;
pub(crate) use encoder::built_in_encoder;
pub(crate) use frequencies::frequency;
pub(crate) use look_alikes::look_alikes;
pub(crate) use normalize::{Normalized, is_word_char};
pub(crate) use segment::ChineseSegmenter;
pub(crate) use tokens::{Token, TokenKind, join_terms, join_texts, split_terms};
