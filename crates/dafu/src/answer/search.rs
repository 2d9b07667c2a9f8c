use serde::Serialize;

use super::decide::{read, read_entry};
use super::options::SearchOptions;
use super::reply::Reason;
use super::spans::{Span, shared};
use crate::analysis::Normalized;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{AnswerMatches, Index, Kind};
use crate::model::{Channel, ReplyTemplate, StandardAnswer};
use crate::ranking::{Mix, rank};

/// A page of what was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SearchPage {
    /// How many results there are on all pages together: at most 100 or so, since no one looks further.
    pub total: usize,
    /// The results of this page, the most relevant first.
    pub results: Vec<Found>,
}

/// An entry, a standard answer or a template that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Its id.
    pub id: String,
    /// Its standard question, its title, or its scenario.
    pub title: String,
    /// The text that matched best: a phrasing, the text of a standard answer, a wording of a template.
    pub text: String,
    /// The parts of `text` that what was searched for has, too.
    pub spans: Vec<Span>,
    /// How relevant it is, in 0..=1.
    pub relevance: f32,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FoundKind {
    /// An entry.
    Entry,
    /// A standard answer.
    StandardAnswer,
    /// A reply template.
    Template,
}

/// Finds entries, standard answers and templates.
pub(crate) fn search(index: &Index, mix: &Mix, text: &str, options: &SearchOptions) -> Result<SearchPage> {
    let question = match read(index, text)? {
        Ok(question) => question,
        Err(Reason::QuestionTooLong) => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the text to search for is too long; shorten it",
            ));
        }
        Err(_) => return Ok(SearchPage::default()),
    };
    let at = index.open_at(&options.filter())?;
    let ranking = rank(index, mix, &question, |entry| index.is_open(&at, entry))?;
    let mut found: Vec<(f32, Kind, u32, u32)> = ranking
        .open
        .iter()
        .map(|ranked| {
            (
                ranked.confidence.max(ranked.evidence.answer),
                Kind::Entry,
                ranked.entry,
                ranked.phrasing,
            )
        })
        .collect();
    if options.category.is_none() && options.tags.is_empty() {
        let matches = AnswerMatches::new(index, &question)?;
        let library = matches.best(LIBRARY, |doc| index.long_text_of(doc).0 != Kind::Entry);
        for (doc, share) in library {
            let (kind, number) = index.long_text_of(doc);
            if kind != Kind::Template || is_for_channel(index, number, options.channel.as_ref())? {
                found.push((share.min(1.0), kind, number, 0));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let limit = options.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let page = found.iter().skip(options.offset).take(limit);
    let results = page.map(|(relevance, kind, number, phrasing)| {
        let (id, title, text, kind) = match kind {
            Kind::Entry => {
                let entry = read_entry(index, *number)?;
                let text = index.phrasing_text(*phrasing).to_owned();
                (entry.id, entry.question.as_str().to_owned(), text, FoundKind::Entry)
            }
            Kind::StandardAnswer => {
                let answer: StandardAnswer = read_item(index, Kind::StandardAnswer, *number)?;
                let title = answer.title.as_str().to_owned();
                (
                    answer.id,
                    title,
                    answer.text.as_str().to_owned(),
                    FoundKind::StandardAnswer,
                )
            }
            Kind::Template => {
                let template: ReplyTemplate = read_item(index, Kind::Template, *number)?;
                let wording = template
                    .wordings()
                    .next()
                    .map_or("", |wording| wording.as_str())
                    .to_owned();
                (
                    template.id().clone(),
                    template.scenario().as_str().to_owned(),
                    wording,
                    FoundKind::Template,
                )
            }
        };
        let spans = shared(&text, &Normalized::new(&text), &question.normalized);
        Ok(Found {
            kind,
            id: id.as_str().to_owned(),
            title,
            spans,
            text,
            relevance: *relevance,
        })
    });
    Ok(SearchPage {
        total: found.len(),
        results: results.collect::<Result<_>>()?,
    })
}

/// Whether a template may be used in a channel; in any, where none is said.
fn is_for_channel(index: &Index, template: u32, channel: Option<&Channel>) -> Result<bool> {
    let Some(channel) = channel else { return Ok(true) };
    let template: ReplyTemplate = read_item(index, Kind::Template, template)?;
    Ok(template.channels().is_empty() || template.channels().contains(channel))
}

/// Reads a standard answer or a template.
pub(crate) fn read_item<T: serde::de::DeserializeOwned>(index: &Index, kind: Kind, number: u32) -> Result<T> {
    serde_json::from_slice(index.item(kind, number))
        .map_err(|e| Error::from_source(ErrorKind::Corrupt, format!("item number {number}"), e))
}

/// How many standard answers and templates are found at most.
const LIBRARY: usize = 40;

/// How many results there are on a page, where the caller does not say.
const PAGE: usize = 10;

/// The largest page.
const LARGEST_PAGE: usize = 100;
