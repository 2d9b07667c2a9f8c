use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{AnswerText, Audience, Channel, Id, InvalidValue, Locale};

/// One answer of an entry, and when it is given.
///
/// ```
/// use dafu::{Answer, AnswerText};
///
/// let mut answer = Answer::from(AnswerText::try_from("请在“我的订单”里点“申请退款”。")?);
/// assert!(answer.when.is_always());
/// answer.when.channels.push("app".try_into()?);
/// assert_eq!(
///     serde_json::to_string(&answer).unwrap(),
///     r#"{"text":"请在“我的订单”里点“申请退款”。","channels":["app"]}"#
/// );
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// What is answered.
    pub body: AnswerBody,
    /// When it is given.
    pub when: Conditions,
}

/// What an [`Answer`] says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerBody {
    /// A text of its own.
    Text(AnswerText),
    /// The text of the standard answer with this id.
    Standard(Id),
}

/// When an [`Answer`] is given: any of the listed values fits, and an empty list fits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conditions {
    /// Where customers ask.
    pub channels: Vec<Channel>,
    /// Who asks.
    pub audiences: Vec<Audience>,
    /// In which language they ask.
    pub locales: Vec<Locale>,
}

impl Conditions {
    /// Says whether there are none.
    pub fn is_always(&self) -> bool {
        self.channels.is_empty() && self.audiences.is_empty() && self.locales.is_empty()
    }
}

impl AnswerBody {
    /// Returns the one that is there.
    pub(crate) fn from_either(text: Option<AnswerText>, standard: Option<Id>) -> Result<Self, InvalidValue> {
        match (text, standard) {
            (Some(text), None) => Ok(Self::Text(text)),
            (None, Some(id)) => Ok(Self::Standard(id)),
            (None, None) => Err(InvalidValue::new(
                "the answer has neither `text` nor `standard_answer`",
                "give one of the two, or leave the answer out",
            )),
            (Some(_), Some(_)) => Err(InvalidValue::new(
                "the answer has both `text` and `standard_answer`",
                "give one of the two, or make two answers of it",
            )),
        }
    }
}

impl From<AnswerBody> for Answer {
    /// Makes an answer without conditions.
    fn from(body: AnswerBody) -> Self {
        Self {
            body,
            when: Conditions::default(),
        }
    }
}

impl From<AnswerText> for Answer {
    /// Makes an answer without conditions.
    fn from(text: AnswerText) -> Self {
        AnswerBody::Text(text).into()
    }
}

impl Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let Conditions {
            channels,
            audiences,
            locales,
        } = &self.when;
        if let (AnswerBody::Text(text), true) = (&self.body, self.when.is_always()) {
            return text.serialize(serializer);
        }
        let mut fields = serializer.serialize_struct("Answer", 4)?;
        match &self.body {
            AnswerBody::Text(text) => fields.serialize_field("text", text)?,
            AnswerBody::Standard(id) => fields.serialize_field("standard_answer", id)?,
        }
        if !channels.is_empty() {
            fields.serialize_field("channels", channels)?;
        }
        if !audiences.is_empty() {
            fields.serialize_field("audiences", audiences)?;
        }
        if !locales.is_empty() {
            fields.serialize_field("locales", locales)?;
        }
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

/// Reads a plain string or an object. Why not an untagged enum: it would copy every answer before it looks at it.
struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = Answer;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or an object with `text` or `standard_answer`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Answer, E> {
        AnswerText::try_from(text).map(Answer::from).map_err(E::custom)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Answer, M::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        let Fields {
            text,
            standard_answer,
            channels,
            audiences,
            locales,
        } = fields;
        let body = AnswerBody::from_either(text, standard_answer).map_err(de::Error::custom)?;
        Ok(Answer {
            body,
            when: Conditions {
                channels,
                audiences,
                locales,
            },
        })
    }
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    text: Option<AnswerText>,
    #[serde(default)]
    standard_answer: Option<Id>,
    #[serde(default)]
    channels: Vec<Channel>,
    #[serde(default)]
    audiences: Vec<Audience>,
    #[serde(default)]
    locales: Vec<Locale>,
}
