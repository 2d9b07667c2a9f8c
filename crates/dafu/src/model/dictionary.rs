//! Words that the segmentation must know.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::mistake::{Mistake, Mistakes, Place};
use crate::model::{InvalidValue, Tag, Word};
use crate::quote::quote;

/// A word that must not be cut apart.
///
/// ```
/// use dafu::DictionaryWord;
///
/// let word = DictionaryWord { word: "运费险".try_into()?, frequency: Some(1_000), tag: Some("n".try_into()?) };
/// assert_eq!(serde_json::to_string(&word).unwrap(), r#"{"word":"运费险","frequency":1000,"tag":"n"}"#);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DictionaryWord {
    /// The word.
    pub word: Word,
    /// How often it occurs, on the scale of jieba's dictionary; chosen by the segmentation when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<u32>,
    /// Its part of speech, as jieba names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
}

impl From<Word> for DictionaryWord {
    /// Makes a dictionary word with nothing but the word.
    fn from(word: Word) -> Self {
        Self {
            word,
            frequency: None,
            tag: None,
        }
    }
}

/// Reads jieba's dictionary format; see [`Settings::parse_dictionary`](crate::Settings::parse_dictionary).
pub(super) fn parse_dictionary(text: &str) -> Result<Vec<DictionaryWord>> {
    let mut words = Vec::new();
    let mut mistakes = Mistakes::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match dictionary_line(line) {
            Ok(word) => words.push(word),
            Err(InvalidLine { field, invalid }) => {
                let place = Place {
                    line: Some(number),
                    ..Place::default()
                };
                mistakes.push(
                    Mistake::error(invalid.reason(), invalid.remedy())
                        .at(&place)
                        .field(field),
                );
            }
        }
    }
    if mistakes.total() > 0 {
        return Err(Error::from_mistakes("reading the dictionary", mistakes));
    }
    Ok(words)
}

struct InvalidLine {
    field: &'static str,
    invalid: InvalidValue,
}

fn dictionary_line(line: &str) -> std::result::Result<DictionaryWord, InvalidLine> {
    let in_field = |field| move |invalid| InvalidLine { field, invalid };
    let mut parts = line.split_whitespace().peekable();
    let word = Word::try_from(parts.next().unwrap_or_default()).map_err(in_field("word"))?;
    let frequency = parts.next_if(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let frequency = frequency
        .map(self::frequency)
        .transpose()
        .map_err(in_field("frequency"))?;
    let tag = parts.next().map(Tag::try_from).transpose().map_err(in_field("tag"))?;
    if let Some(extra) = parts.next() {
        let invalid = InvalidValue::new(
            format!("{} stands after the tag", quote(extra)),
            "write a word, its frequency and its tag, and nothing more",
        );
        return Err(InvalidLine { field: "tag", invalid });
    }
    Ok(DictionaryWord { word, frequency, tag })
}

fn frequency(text: &str) -> std::result::Result<u32, InvalidValue> {
    text.parse().map_err(|_| invalid_frequency(&quote(text)))
}

pub(crate) fn invalid_frequency(written: &str) -> InvalidValue {
    InvalidValue::new(
        format!("{written} is not a frequency"),
        format!("write a whole number from 0 to {}, or leave it out", u32::MAX),
    )
}
