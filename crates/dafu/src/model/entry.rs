use serde::{Deserialize, Serialize};

use crate::model::{
    Answer, Audience, Category, Channel, Date, Id, Metadata, Owner, Phrasing, Priority, Tag, Threshold, Validity,
};

/// A standard question with its other phrasings and its answers.
///
/// The JSON form leaves out what has its usual value. Reading it back checks every value again, but not the entry's
/// references: [`Content::new`](crate::Content::new) does.
///
/// ```
/// use dafu::{AnswerText, Entry};
///
/// let mut entry = Entry::new("refund-time".try_into()?, "退款多久到账？".try_into()?);
/// entry.similar.push("钱几时退回来".try_into()?);
/// entry.answers.push(AnswerText::try_from("1-3个工作日到账。")?.into());
/// assert_eq!(entry.phrasings().map(|p| p.as_str()).collect::<Vec<_>>(), ["退款多久到账？", "钱几时退回来"]);
///
/// let json = serde_json::to_string(&entry).unwrap();
/// let expected = r#"{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answers":["1-3个工作日到账。"]}"#;
/// assert_eq!(json, expected);
/// assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its stable name.
    pub id: Id,
    /// The standard question.
    pub question: Phrasing,
    /// Other phrasings of the same question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub similar: Vec<Phrasing>,
    /// Phrasings that this entry must not answer, however close they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Phrasing>,
    /// What is answered: the first whose conditions fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Where it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Free labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Where it is answered; empty for everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// To whom it is answered; empty for everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Audience>,
    /// How much it is preferred among equally good entries.
    #[serde(default, skip_serializing_if = "is_normal")]
    pub priority: Priority,
    /// When it is answered.
    #[serde(default, skip_serializing_if = "Validity::is_always")]
    pub valid: Validity,
    /// Whether it is answered at all.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// Entries that customers often need next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Id>,
    /// Short next questions to offer with the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<Phrasing>,
    /// The day by which someone should read it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Date>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// How sure this entry has to be, where that differs from the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// The editor's own facts.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl Entry {
    /// Returns an enabled entry that is always valid and has nothing but its question.
    pub fn new(id: Id, question: Phrasing) -> Self {
        Self {
            id,
            question,
            similar: Vec::new(),
            excluded: Vec::new(),
            answers: Vec::new(),
            category: None,
            tags: Vec::new(),
            channels: Vec::new(),
            audiences: Vec::new(),
            priority: Priority::NORMAL,
            valid: Validity::ALWAYS,
            enabled: true,
            related: Vec::new(),
            follow_ups: Vec::new(),
            review_by: None,
            owner: None,
            threshold: None,
            metadata: Metadata::new(),
        }
    }

    /// Returns the question, then the similar ones.
    pub fn phrasings(&self) -> impl Iterator<Item = &Phrasing> {
        std::iter::once(&self.question).chain(&self.similar)
    }
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

fn is_normal(priority: &Priority) -> bool {
    *priority == Priority::NORMAL
}
