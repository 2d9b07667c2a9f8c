use super::content_check::{Parts, Places};
use crate::error::Result;
use crate::mistake::{Mistake, Mistakes};
use crate::model::{Entry, ReplyTemplate, Settings, StandardAnswer};

/// Everything one knowledge base holds, in the order in which it was written, with all references checked.
///
/// ```
/// use dafu::Content;
///
/// let content = Content::from_jsonl(
///     r#"
/// {"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}
/// {"kind":"synonyms","words":["退款","退钱"]}
/// "#
///     .as_bytes(),
/// )?;
/// assert_eq!(content.entries()[0].question.as_str(), "退款多久到账？");
/// assert_eq!(content.settings().synonyms.len(), 1);
/// assert!(content.warnings().is_empty());
/// # Ok::<(), dafu::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Content {
    parts: Parts,
    warnings: Mistakes,
}

impl Content {
    /// Returns the content made of these parts. A phrasing that an entry has twice is dropped, with a warning.
    ///
    /// Takes time in proportion to the phrasings: a million of them take about half a second.
    ///
    /// # Errors
    ///
    /// When two entries, two standard answers or two templates have the same id, a related entry or a standard answer does
    /// not exist, or a [limit](crate::Limits) is exceeded. The error lists all of it as
    /// [mistakes](crate::Error::mistakes).
    pub fn new(
        entries: Vec<Entry>,
        standard_answers: Vec<StandardAnswer>,
        templates: Vec<ReplyTemplate>,
        settings: Settings,
    ) -> Result<Self> {
        let parts = Parts {
            entries,
            standard_answers,
            templates,
            settings,
        };
        parts.check(
            &Places::default(),
            Mistakes::default(),
            Mistakes::default(),
            "checking the content",
        )
    }

    /// Returns the entries.
    pub fn entries(&self) -> &[Entry] {
        &self.parts.entries
    }

    /// Returns the standard answers.
    pub fn standard_answers(&self) -> &[StandardAnswer] {
        &self.parts.standard_answers
    }

    /// Returns the reply templates.
    pub fn templates(&self) -> &[ReplyTemplate] {
        &self.parts.templates
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// Returns what an editor should look at, such as a phrasing that stands under two entries: at most 1,000 warnings.
    pub fn warnings(&self) -> &[Mistake] {
        self.warnings.kept()
    }

    /// Returns how many warnings there are altogether, also those that [`warnings`](Self::warnings) leaves out.
    pub fn warning_count(&self) -> usize {
        self.warnings.total()
    }

    pub(super) fn checked(parts: Parts, warnings: Mistakes) -> Self {
        Self { parts, warnings }
    }
}
