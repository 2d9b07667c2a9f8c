use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::slot::Slot;
use super::wording::{Piece, Wording};
use crate::model::{AnswerText, Category, Channel, Id, InvalidValue, Limits, Metadata, Tag};

/// A reply for a kind of situation (话术), in one or more wordings that take turns, with slots to fill.
///
/// A wording writes a slot as `{{name}}`, and braces of its own as `{{{{` and `}}}}`. Every wording uses every slot, so
/// that it does not matter for the caller which one it is.
///
/// ```
/// use dafu::{AnswerText, Escape, ReplyTemplate, Slot, SlotKind};
///
/// let template = ReplyTemplate::new(
///     "tpl-appease-late".try_into()?,
///     "appease".try_into()?,
///     vec![
///         AnswerText::try_from("非常抱歉{{customer}}，订单{{order_no}}今天一定发出。")?,
///         AnswerText::try_from("{{customer}}，让您久等了，{{order_no}}已加急。")?,
///     ],
///     vec![
///         Slot::optional("customer".try_into()?, SlotKind::Text, "您")?,
///         Slot::required("order_no".try_into()?, SlotKind::Order),
///     ],
/// )?
/// .with_mood("angry".try_into()?);
///
/// let reply = template.render(0, [("customer", "王女士"), ("order_no", "QH1001")], Escape::None)?;
/// assert_eq!(reply, "非常抱歉王女士，订单QH1001今天一定发出。");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct ReplyTemplate {
    id: Id,
    scenario: Tag,
    #[serde(skip_serializing_if = "Option::is_none")]
    mood: Option<Tag>,
    #[serde(rename = "texts")]
    wordings: Vec<Wording>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<Category>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<Channel>,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    metadata: Metadata,
}

impl ReplyTemplate {
    /// Returns a template; `scenario` is `greeting`, `confirm`, `solve`, `appease`, `close` or the editor's own word.
    ///
    /// # Errors
    ///
    /// When there is no wording, a slot is declared twice, a wording uses a slot that is not declared or leaves one out, or
    /// its braces do not match.
    pub fn new(id: Id, scenario: Tag, wordings: Vec<AnswerText>, slots: Vec<Slot>) -> Result<Self, InvalidValue> {
        if wordings.is_empty() {
            return Err(InvalidValue::new(
                "the template has no wording",
                "write at least one text",
            ));
        }
        for (what, count) in [("wordings", wordings.len()), ("slots", slots.len())] {
            if count > Limits::ANSWERS_PER_ENTRY {
                let remedy = format!("keep at most {}", Limits::ANSWERS_PER_ENTRY);
                return Err(InvalidValue::new(format!("the template has {count} {what}"), remedy));
            }
        }
        let mut names = HashSet::new();
        if let Some(twice) = slots.iter().find(|slot| !names.insert(slot.name())) {
            let reason = format!("the slot `{}` is declared twice", twice.name());
            return Err(InvalidValue::new(reason, "delete one of the two"));
        }
        let wordings = wordings
            .into_iter()
            .map(|text| Wording::parse(text, &slots))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id,
            scenario,
            mood: None,
            wordings,
            slots,
            category: None,
            tags: Vec::new(),
            channels: Vec::new(),
            metadata: Metadata::new(),
        })
    }

    /// Sets the mood it answers to: `anxious`, `angry`, `disappointed`, `confused`, `pleased` or the editor's own word.
    pub fn with_mood(mut self, mood: Tag) -> Self {
        self.mood = Some(mood);
        self
    }

    /// Sets where it belongs.
    pub fn with_category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Sets its free labels.
    pub fn with_tags(mut self, tags: Vec<Tag>) -> Self {
        self.tags = tags;
        self
    }

    /// Sets where it is used; empty for everywhere.
    pub fn with_channels(mut self, channels: Vec<Channel>) -> Self {
        self.channels = channels;
        self
    }

    /// Sets the editor's own facts.
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Returns its stable name.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Returns the kind of situation it is for.
    pub fn scenario(&self) -> &Tag {
        &self.scenario
    }

    /// Returns the mood it answers to.
    pub fn mood(&self) -> Option<&Tag> {
        self.mood.as_ref()
    }

    /// Returns its texts, at least one, with their slots unfilled.
    pub fn wordings(&self) -> impl ExactSizeIterator<Item = &AnswerText> {
        self.wordings.iter().map(Wording::text)
    }

    /// Returns its slots, in the order of their declaration.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Returns where it belongs.
    pub fn category(&self) -> Option<&Category> {
        self.category.as_ref()
    }

    /// Returns its free labels.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Returns where it is used; empty for everywhere.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Returns the editor's own facts.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Returns the pieces of a wording and its text; any number means one of them, so that callers can count up for ever.
    pub(super) fn wording(&self, number: usize) -> (&[Piece], &str) {
        let wording = &self.wordings[number % self.wordings.len()];
        (wording.pieces(), wording.text().as_str())
    }
}

#[derive(Deserialize)]
struct Fields {
    id: Id,
    scenario: Tag,
    #[serde(default)]
    mood: Option<Tag>,
    texts: Vec<AnswerText>,
    #[serde(default)]
    slots: Vec<Slot>,
    #[serde(default)]
    category: Option<Category>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    channels: Vec<Channel>,
    #[serde(default)]
    metadata: Metadata,
}

impl TryFrom<Fields> for ReplyTemplate {
    type Error = InvalidValue;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields {
            id,
            scenario,
            mood,
            texts,
            slots,
            category,
            tags,
            channels,
            metadata,
        } = fields;
        Ok(Self {
            mood,
            category,
            tags,
            channels,
            metadata,
            ..Self::new(id, scenario, texts, slots)?
        })
    }
}
