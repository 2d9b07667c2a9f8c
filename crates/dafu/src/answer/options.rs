use std::time::{SystemTime, UNIX_EPOCH};

use crate::index::Filter;
use crate::model::{Audience, Category, Channel, Locale, Precision, Tag, Threshold, Timestamp};

/// How a question is to be answered. What is not set has its default.
///
/// ```
/// use dafu::{AskOptions, Audience};
///
/// let options = AskOptions::new().at("2026-11-11T20:00:00+08:00".try_into()?).channel("app".try_into()?).choices(3);
/// assert_eq!(options.audience, None);
/// # let _ = options.audience(Audience::Agent);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AskOptions {
    /// The caller's clock, for validity windows: the time of the machine by default.
    pub at: Option<Timestamp>,
    /// Where the customer asks. Entries and answers limited to other channels stay out; when not set, entries of all
    /// channels may answer.
    pub channel: Option<Channel>,
    /// Who asks: a customer by default. Entries for agents only are for agents only.
    pub audience: Option<Audience>,
    /// The language of the customer, such as `zh-Hant`, for entries that answer in several.
    pub locale: Option<Locale>,
    /// Only entries of this category, or below it.
    pub category: Option<Category>,
    /// Only entries with all of these tags.
    pub tags: Vec<Tag>,
    /// How many of the answers that are given are to be right: 0.9 by default. What that takes is known from questions
    /// that were held out while the knowledge base was built.
    pub precision: Option<Precision>,
    /// How sure an answer must be, whatever the precision. By default an entry's own threshold, then that of the
    /// knowledge base; without both, the precision decides.
    pub threshold: Option<Threshold>,
    /// How many choices are offered at most when no answer is sure enough: 0 to 5, 3 by default. 0 offers none.
    pub choices: Option<usize>,
    /// How many hits a reply has at most: 1 to 50, 5 by default.
    pub hits: Option<usize>,
}

/// What is searched for, beside the text. What is not set has its default.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SearchOptions {
    /// The caller's clock; by default entries are found at all times, and disabled ones too.
    pub at: Option<Timestamp>,
    /// Only what may be shown there.
    pub channel: Option<Channel>,
    /// Only what is for this audience; by default everything, since search is for agents and editors.
    pub audience: Option<Audience>,
    /// Only entries of this category, or below it.
    pub category: Option<Category>,
    /// Only entries with all of these tags.
    pub tags: Vec<Tag>,
    /// How many results are left out before the first: 0 by default.
    pub offset: usize,
    /// How many results there are on a page: 1 to 100, 10 by default.
    pub limit: Option<usize>,
}

impl AskOptions {
    /// Returns options that are all default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the caller's clock.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Sets where the customer asks.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Sets who asks.
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = Some(audience);
        self
    }

    /// Sets the language of the customer.
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// Limits the answers to a category.
    pub fn category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Limits the answers to entries with a tag; several calls to entries with all of them.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }

    /// Sets how many of the answers that are given are to be right.
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = Some(precision);
        self
    }

    /// Sets how sure an answer must be.
    pub fn threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// Sets how many choices are offered at most.
    pub fn choices(mut self, choices: usize) -> Self {
        self.choices = Some(choices);
        self
    }

    /// Sets how many hits a reply has at most.
    pub fn hits(mut self, hits: usize) -> Self {
        self.hits = Some(hits);
        self
    }

    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            at: Some(self.at.map_or_else(now, Timestamp::unix_seconds)),
            channel: self.channel.as_ref().map(Channel::as_str),
            audience: Some(self.audience.unwrap_or(Audience::Customer).as_str()),
            category: self.category.as_ref().map(Category::as_str),
            tags: &self.tags,
            disabled: false,
        }
    }
}

impl SearchOptions {
    /// Returns options that are all default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many results are left out before the first.
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Sets how many results there are on a page.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Limits the results to a category.
    pub fn category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Limits the results to a tag; several calls to those with all of them.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }

    /// Limits the results to what is valid at a time.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Limits the results to what may be shown in a channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Limits the results to what is for an audience.
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = Some(audience);
        self
    }

    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            at: self.at.map(Timestamp::unix_seconds),
            channel: self.channel.as_ref().map(Channel::as_str),
            audience: self.audience.map(Audience::as_str),
            category: self.category.as_ref().map(Category::as_str),
            tags: &self.tags,
            disabled: self.at.is_none(),
        }
    }
}

/// The time of the machine; its beginning if the clock stands before 1970.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}
