use serde::{Deserialize, Serialize};

use super::dictionary;
use crate::error::Result;
use crate::model::{DictionaryWord, Phrasing, SynonymGroup, Threshold, Word};

/// What the editor has decided for the whole knowledge base.
///
/// ```
/// use dafu::Settings;
///
/// let mut settings = Settings::default();
/// settings.handover.push("找个活人".try_into()?);
/// settings.words.extend(Settings::parse_dictionary("花呗 1000 n\n运费险\n")?);
/// assert_eq!(settings.words[1].word.as_str(), "运费险");
/// # Ok::<(), dafu::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Settings {
    /// Words that mean the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<SynonymGroup>,
    /// Words that must not be cut apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<DictionaryWord>,
    /// Words that say nothing about what is asked, such as `亲`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop_words: Vec<Word>,
    /// Phrases by which customers ask for a human.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handover: Vec<Phrasing>,
    /// How sure an answer has to be, unless its entry says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
}

impl Settings {
    /// Returns the words of a dictionary in jieba's own format: one a line, then, after blanks, its frequency and its
    /// tag, both optional; empty lines and those that start with `#` are skipped.
    ///
    /// # Errors
    ///
    /// When a line is wrong: the error lists all of them as [mistakes](crate::Error::mistakes).
    ///
    /// # Examples
    ///
    /// ```
    /// use dafu::Settings;
    ///
    /// let error = Settings::parse_dictionary("花呗 1000 n\n运费险 9999999999\n").unwrap_err();
    /// assert_eq!(error.mistakes()[0].line, Some(2));
    /// ```
    pub fn parse_dictionary(text: &str) -> Result<Vec<DictionaryWord>> {
        dictionary::parse_dictionary(text)
    }
}
