use std::mem::size_of;

use dafu::{AskOptions, Audience, Category, Channel, InvalidValue, Precision, Tag, Threshold, Timestamp};

use crate::error::Failure;
use crate::pointers::{Growing, array, grown, optional, optional_text};
use crate::text::dafu_str;

/// How a question is to be answered. Set `size`, and of the rest what you need; what is 0 or NULL has its default:
///
/// ```text
/// dafu_ask_options options = {.size = sizeof options};   // in C++: options = {}; options.size = sizeof options;
/// options.channel = dafu_str_of("app");
/// ```
///
/// All of it is read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_ask_options {
    /// `sizeof(dafu_ask_options)`.
    pub size: usize,
    /// Your clock, for entries that are valid for some time only: seconds since 1970-01-01T00:00:00Z, in the years 0 to
    /// 9999. NULL: the clock of the machine.
    pub at: *const i64,
    /// Where the customer asks, such as `app`: entries and answers limited to other channels stay out. Not set: entries
    /// of all channels may answer.
    pub channel: dafu_str,
    /// Who asks, one of `dafu_audience`. 0: a customer.
    pub audience: i32,
    /// How many of the answers that are given are to be right, as a share from 0.5 to 0.99. What that takes is known from
    /// questions that were held out while the knowledge base was built. 0: 0.9, nine of ten.
    pub precision: f32,
    /// The language of the customer, such as `zh-Hant`, for entries that answer in several.
    pub locale: dafu_str,
    /// Only entries of this category, such as `售后/退款`, or below it.
    pub category: dafu_str,
    /// Only entries with all of these tags.
    pub tags: *const dafu_str,
    /// How many tags there are.
    pub tags_len: usize,
    /// How sure an answer must be, as a probability in 0..1, whatever the precision: an answer is given when the
    /// confidence reaches it. NULL: an entry's own threshold, then that of the knowledge base; without both, `precision`
    /// decides.
    pub threshold: *const f32,
    /// How many choices are offered at most when no answer is sure enough: 0 to 5; more count as 5. NULL: 3.
    pub choices: *const u32,
    /// How many hits a reply has at most: 1 to 50; more count as 50. 0: 5.
    pub hits: usize,
}

/// Who asks.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_audience {
    /// Not set: a customer asks; a search finds what is for anybody.
    Unset = 0,
    /// People who ask for themselves.
    Customer = 1,
    /// The shop's own staff, who may see more.
    Agent = 2,
}

// SAFETY: `repr(C)`, the size first, words and a pair of four bytes each without padding, all of which may be 0.
unsafe impl Growing for dafu_ask_options {
    const NAME: &'static str = "dafu_ask_options";
    const FIRST_SIZE: usize = FIRST_ASK_OPTIONS;
}

/// The size in ABI 1.0. A later release that appends a field leaves it as it is.
const FIRST_ASK_OPTIONS: usize = 13 * size_of::<usize>() + size_of::<i32>() + size_of::<f32>();

/// Reads the options of a question.
pub(crate) unsafe fn ask_options(options: *const dafu_ask_options) -> Result<AskOptions, Failure> {
    if options.is_null() {
        return Ok(AskOptions::new());
    }
    // SAFETY: the caller passes options that begin with their size, and whose pointers are NULL or valid.
    unsafe {
        let given = grown(options)?;
        let mut options = AskOptions::new();
        options.at = instant(given.at, "dafu_ask_options.at")?;
        options.channel = parsed::<Channel>(given.channel, "dafu_ask_options.channel")?;
        options.audience = audience(given.audience, "dafu_ask_options.audience")?;
        options.locale = parsed(given.locale, "dafu_ask_options.locale")?;
        options.category = parsed::<Category>(given.category, "dafu_ask_options.category")?;
        options.tags = tags(given.tags, given.tags_len, "dafu_ask_options.tags")?;
        options.precision = precision(given.precision)?;
        options.threshold = optional(given.threshold)
            .map(Threshold::try_from)
            .transpose()
            .map_err(|invalid| Failure::invalid_value("dafu_ask_options.threshold", &invalid))?;
        options.choices = optional(given.choices).map(|choices| choices as usize);
        options.hits = Some(given.hits).filter(|hits| *hits > 0);
        Ok(options)
    }
}

pub(crate) unsafe fn instant(at: *const i64, name: &str) -> Result<Option<Timestamp>, Failure> {
    // SAFETY: the caller passes NULL or a pointer to a number.
    let at = unsafe { optional(at) };
    at.map(Timestamp::from_unix_seconds)
        .transpose()
        .map_err(|invalid| Failure::invalid_value(name, &invalid))
}

fn precision(share: f32) -> Result<Option<Precision>, Failure> {
    if share == 0.0 {
        return Ok(None);
    }
    Precision::try_from(share)
        .map(Some)
        .map_err(|invalid| Failure::invalid_value("dafu_ask_options.precision", &invalid))
}

pub(crate) fn audience(number: i32, name: &str) -> Result<Option<Audience>, Failure> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Audience::Customer)),
        2 => Ok(Some(Audience::Agent)),
        other => Err(Failure::invalid(format!(
            "{name}: {other} is not an audience; use one of dafu_audience"
        ))),
    }
}

pub(crate) unsafe fn tags(first: *const dafu_str, len: usize, name: &str) -> Result<Vec<Tag>, Failure> {
    // SAFETY: the caller passes `len` texts.
    let given = unsafe { array(first, len, name) }?;
    if given.len() > MOST_TAGS {
        return Err(Failure::invalid(format!(
            "{name}: {len} tags; at most {MOST_TAGS} are looked for"
        )));
    }
    let tag = |(index, given): (usize, &dafu_str)| {
        let name = format!("{name}[{index}]");
        // SAFETY: each is a text of the caller.
        unsafe { parsed::<Tag>(*given, &name) }?
            .ok_or_else(|| Failure::invalid(format!("{name}: it is not set; leave it out")))
    };
    given.iter().enumerate().map(tag).collect()
}

/// A value of the model, read from a text that may be not set.
pub(crate) unsafe fn parsed<T>(given: dafu_str, name: &str) -> Result<Option<T>, Failure>
where
    T: for<'a> TryFrom<&'a str, Error = InvalidValue>,
{
    // SAFETY: the caller passes a text or `{NULL, 0}`.
    unsafe { optional_text(given, name) }?
        .map(T::try_from)
        .transpose()
        .map_err(|invalid| Failure::invalid_value(name, &invalid))
}

/// More tags than any entry has.
const MOST_TAGS: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_size_of_its_first_release() {
        // Grows only: when a field is appended, this becomes `>=`, and `FIRST_ASK_OPTIONS` stays.
        assert_eq!(size_of::<dafu_ask_options>(), FIRST_ASK_OPTIONS);
    }
}
