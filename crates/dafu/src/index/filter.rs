use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use super::files::engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Tag;

/// The conditions of all entries, column by column.
#[derive(Debug)]
pub(super) struct Conditions {
    enabled: Column<bool>,
    valid_from: Column<i64>,
    valid_until: Column<i64>,
    channels: Option<StrColumn>,
    audiences: Option<StrColumn>,
    tags: Option<StrColumn>,
    categories: Option<StrColumn>,
}

/// What an entry must fulfil to be open to a question.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter<'a> {
    /// Seconds since 1970; none for any time.
    pub(crate) at: Option<i64>,
    pub(crate) channel: Option<&'a str>,
    pub(crate) audience: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    /// All of them.
    pub(crate) tags: &'a [Tag],
    /// Whether disabled entries are open, too.
    pub(crate) disabled: bool,
}

/// A filter with its words looked up in the columns.
#[derive(Debug)]
pub(crate) struct OpenAt<'i> {
    conditions: &'i Conditions,
    at: Option<i64>,
    disabled: bool,
    channel: Wanted,
    audience: Wanted,
    category: Wanted,
    tags: Vec<Wanted>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Wanted {
    Anything,
    /// A word that no entry has.
    Unknown,
    Word(u64),
}

impl Conditions {
    pub(super) fn open(reader: &SegmentReader) -> Result<Self> {
        let columns = reader.fast_fields();
        let failed = |e| engine("reading the conditions of the entries", e);
        Ok(Self {
            enabled: columns.bool("enabled").map_err(failed)?,
            valid_from: columns.i64("valid_from").map_err(failed)?,
            valid_until: columns.i64("valid_until").map_err(failed)?,
            channels: columns.str("channels").map_err(failed)?,
            audiences: columns.str("audiences").map_err(failed)?,
            tags: columns.str("tags").map_err(failed)?,
            categories: columns.str("categories").map_err(failed)?,
        })
    }

    /// Whether an entry is open to all at any time, by the document of its standard question.
    pub(super) fn are_none(&self, doc: u32) -> bool {
        let free = |column: &Option<StrColumn>| column.as_ref().is_none_or(|column| column.ords().first(doc).is_none());
        self.enabled.first(doc).unwrap_or(true)
            && self.valid_from.first(doc).is_none()
            && self.valid_until.first(doc).is_none()
            && free(&self.channels)
            && free(&self.audiences)
    }

    pub(super) fn look_up(&self, filter: &Filter<'_>) -> Result<OpenAt<'_>> {
        let tags = filter
            .tags
            .iter()
            .map(|tag| wanted(&self.tags, Some(tag.as_str())))
            .collect::<Result<_>>()?;
        Ok(OpenAt {
            conditions: self,
            at: filter.at,
            disabled: filter.disabled,
            channel: wanted(&self.channels, filter.channel)?,
            audience: wanted(&self.audiences, filter.audience)?,
            category: wanted(&self.categories, filter.category)?,
            tags,
        })
    }
}

impl OpenAt<'_> {
    /// Whether entries without conditions are open, whatever their category and tags.
    pub(super) fn asks_for_nothing(&self) -> bool {
        self.category == Wanted::Anything && self.tags.is_empty()
    }

    /// Whether an entry is open, by the document of its standard question.
    pub(super) fn is_open(&self, doc: u32) -> bool {
        self.is_current(doc) && self.lets_through(doc)
    }

    /// Whether an entry's validity window alone shuts it out.
    pub(super) fn is_open_but_out_of_date(&self, doc: u32) -> bool {
        !self.is_current(doc) && self.lets_through(doc)
    }

    /// Whether all conditions but the time let an entry through.
    fn lets_through(&self, doc: u32) -> bool {
        let c = self.conditions;
        (self.disabled || c.enabled.first(doc).unwrap_or(true))
            && allows(&c.channels, doc, self.channel)
            && allows(&c.audiences, doc, self.audience)
            && (self.category == Wanted::Anything || has(&c.categories, doc, self.category))
            && self.tags.iter().all(|tag| has(&c.tags, doc, *tag))
    }

    /// Whether an entry's validity window holds the moment.
    fn is_current(&self, doc: u32) -> bool {
        self.at.is_none_or(|at| {
            self.conditions.valid_from.first(doc).is_none_or(|from| from <= at)
                && self.conditions.valid_until.first(doc).is_none_or(|until| at < until)
        })
    }
}

/// An entry limited to some words is for these only; one with none is for all. Nothing wanted: no limit counts.
fn allows(column: &Option<StrColumn>, doc: u32, wanted: Wanted) -> bool {
    let unlimited = || column.as_ref().is_none_or(|column| column.ords().first(doc).is_none());
    wanted == Wanted::Anything || unlimited() || has(column, doc, wanted)
}

fn has(column: &Option<StrColumn>, doc: u32, wanted: Wanted) -> bool {
    let (Some(column), Wanted::Word(word)) = (column, wanted) else {
        return false;
    };
    column.ords().values_for_doc(doc).any(|ord| ord == word)
}

fn wanted(column: &Option<StrColumn>, word: Option<&str>) -> Result<Wanted> {
    let Some(word) = word else { return Ok(Wanted::Anything) };
    let Some(column) = column else {
        return Ok(Wanted::Unknown);
    };
    let ord = column.dictionary().term_ord(word.as_bytes());
    let ord = ord.map_err(|e| Error::from_source(ErrorKind::Corrupt, "looking a filter up", e))?;
    Ok(ord.map_or(Wanted::Unknown, Wanted::Word))
}
