use serde::{Deserialize, Serialize};

use crate::model::{InvalidValue, Phrasing};

/// Words that customers use for the same thing.
///
/// ```
/// use dafu::{Phrasing, SynonymGroup};
///
/// let words = ["退款", "退钱", "返钱"].map(|word| Phrasing::try_from(word).unwrap());
/// let group = SynonymGroup::two_way(words.to_vec(), 0.9)?;
/// assert!(group.is_two_way());
/// assert_eq!(group.from(), group.to());
/// assert!(SynonymGroup::two_way(words[..1].to_vec(), 1.0).is_err());
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
pub struct SynonymGroup {
    direction: Direction,
    weight: f32,
}

impl SynonymGroup {
    /// What a synonym counts when nothing else is said: as much as the word itself.
    pub const DEFAULT_WEIGHT: f32 = 1.0;

    /// Returns a group in which each word stands for every other.
    ///
    /// # Errors
    ///
    /// When there are fewer than two words, or `weight` is not over 0 and at most 1.
    pub fn two_way(words: Vec<Phrasing>, weight: f32) -> Result<Self, InvalidValue> {
        if words.len() < 2 {
            return Err(InvalidValue::new(
                "a synonym group needs at least two words",
                "add a word, or delete the group",
            ));
        }
        Self::new(Direction::TwoWay(words), weight)
    }

    /// Returns a group in which a word of `from` in a question also finds those of `to`, and not the other way round.
    ///
    /// # Errors
    ///
    /// When one side is empty, or `weight` is not over 0 and at most 1.
    pub fn one_way(from: Vec<Phrasing>, to: Vec<Phrasing>, weight: f32) -> Result<Self, InvalidValue> {
        if from.is_empty() || to.is_empty() {
            return Err(InvalidValue::new(
                "a one-way synonym group needs a word on each side",
                "fill in `from` and `to`, or delete the group",
            ));
        }
        Self::new(Direction::OneWay(from, to), weight)
    }

    /// Says whether each word stands for every other.
    pub fn is_two_way(&self) -> bool {
        matches!(self.direction, Direction::TwoWay(_))
    }

    /// Returns the words that are replaced: all of a two-way group.
    pub fn from(&self) -> &[Phrasing] {
        match &self.direction {
            Direction::TwoWay(words) => words,
            Direction::OneWay(from, _) => from,
        }
    }

    /// Returns the words that replace them: all of a two-way group.
    pub fn to(&self) -> &[Phrasing] {
        match &self.direction {
            Direction::TwoWay(words) => words,
            Direction::OneWay(_, to) => to,
        }
    }

    /// Returns how much a synonym counts beside the word itself: over 0, at most 1.
    pub fn weight(&self) -> f32 {
        self.weight
    }

    /// Makes the group that the fields of a file describe.
    pub(crate) fn from_fields(
        words: Option<Vec<Phrasing>>,
        from: Option<Vec<Phrasing>>,
        to: Option<Vec<Phrasing>>,
        weight: Option<f32>,
    ) -> Result<Self, InvalidValue> {
        let weight = weight.unwrap_or(Self::DEFAULT_WEIGHT);
        match (words, from, to) {
            (Some(words), None, None) => Self::two_way(words, weight),
            (None, from, to) => Self::one_way(from.unwrap_or_default(), to.unwrap_or_default(), weight),
            (Some(_), _, _) => Err(InvalidValue::new(
                "the synonym group has both `words` and `from` or `to`",
                "give `words` for a two-way group, or `from` and `to` for a one-way group",
            )),
        }
    }

    fn new(direction: Direction, weight: f32) -> Result<Self, InvalidValue> {
        if weight > 0.0 && weight <= 1.0 {
            return Ok(Self { direction, weight });
        }
        Err(InvalidValue::new(
            format!("{weight} is not a weight"),
            "write a number over 0 and at most 1",
        ))
    }
}

// A weight is never NaN.
impl Eq for SynonymGroup {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Direction {
    TwoWay(Vec<Phrasing>),
    OneWay(Vec<Phrasing>, Vec<Phrasing>),
}

impl Serialize for SynonymGroup {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut fields = serializer.serialize_struct("SynonymGroup", 3)?;
        match &self.direction {
            Direction::TwoWay(words) => fields.serialize_field("words", words)?,
            Direction::OneWay(from, to) => {
                fields.serialize_field("from", from)?;
                fields.serialize_field("to", to)?;
            }
        }
        if self.weight != Self::DEFAULT_WEIGHT {
            fields.serialize_field("weight", &self.weight)?;
        }
        fields.end()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    words: Option<Vec<Phrasing>>,
    from: Option<Vec<Phrasing>>,
    to: Option<Vec<Phrasing>>,
    weight: Option<f32>,
}

impl TryFrom<Fields> for SynonymGroup {
    type Error = InvalidValue;

    fn try_from(
        Fields {
            words,
            from,
            to,
            weight,
        }: Fields,
    ) -> Result<Self, Self::Error> {
        Self::from_fields(words, from, to, weight)
    }
}
