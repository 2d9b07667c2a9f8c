use serde::{Deserialize, Serialize};

use crate::model::{AnswerText, Category, Date, Id, Metadata, Owner, Phrasing, Tag};

/// A text that several entries share, such as a policy; customers find it by its own title and text too.
///
/// ```
/// use dafu::{AnswerText, StandardAnswer};
///
/// let text = AnswerText::try_from("签收后七天内，商品完好即可申请无理由退货。")?;
/// let answer = StandardAnswer::new("sa-return-7days".try_into()?, "七天无理由退货规则".try_into()?, text);
/// let json = serde_json::to_string(&answer).unwrap();
/// assert_eq!(serde_json::from_str::<StandardAnswer>(&json).unwrap(), answer);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StandardAnswer {
    /// Its stable name, by which answers refer to it.
    pub id: Id,
    /// What it is about.
    pub title: Phrasing,
    /// What is answered.
    pub text: AnswerText,
    /// Where it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Free labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The day by which someone should read it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Date>,
    /// The editor's own facts.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl StandardAnswer {
    /// Returns a standard answer with nothing but its title and text.
    pub fn new(id: Id, title: Phrasing, text: AnswerText) -> Self {
        Self {
            id,
            title,
            text,
            category: None,
            tags: Vec::new(),
            owner: None,
            review_by: None,
            metadata: Metadata::new(),
        }
    }
}
