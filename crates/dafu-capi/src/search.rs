use std::ffi::c_char;
use std::mem::size_of;

use dafu::{Category, Channel, Found, FoundKind, SearchOptions, SearchPage, Suggestion};

use crate::block::{self, Block};
use crate::error::{Failure, dafu_error};
use crate::guard::{guard, guard_value};
use crate::kb::dafu_kb;
use crate::options::{ask_options, audience, dafu_ask_options, instant, parsed, tags};
use crate::pointers::{self, Growing, borrow, grown, output};
use crate::reply::{dafu_span, spans};
use crate::status::dafu_status;
use crate::text::dafu_str;

/// What is searched for, beside the text. Set `size`, and of the rest what you need; what is 0 or NULL has its default.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_search_options {
    /// `sizeof(dafu_search_options)`.
    pub size: usize,
    /// Your clock, as in `dafu_ask_options`. NULL: entries are found at all times, and disabled ones too.
    pub at: *const i64,
    /// Only what may be shown in this channel.
    pub channel: dafu_str,
    /// Only what is for this audience, one of `dafu_audience`. 0: everything, since search is for agents and editors.
    pub audience: i32,
    /// Not used; 0.
    pub reserved: i32,
    /// Only entries of this category, or below it.
    pub category: dafu_str,
    /// Only entries with all of these tags.
    pub tags: *const dafu_str,
    /// How many tags there are.
    pub tags_len: usize,
    /// How many results are left out before the first.
    pub offset: usize,
    /// How many results there are on a page: 1 to 100; more count as 100. 0: 10.
    pub limit: usize,
}

/// A page of what was found. Free it with `dafu_page_free`. Any thread may read it; it outlives the knowledge base.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_page {
    /// How many results there are on all pages together: at most 100 or so, since no one looks further.
    pub total: usize,
    /// The results of this page, the most relevant first.
    pub results: *const *const dafu_found,
    /// How many results this page has.
    pub results_len: usize,
}

/// An entry, a standard answer or a template that was found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_found {
    /// What it is.
    pub kind: dafu_found_kind,
    /// How relevant it is, in 0..1.
    pub relevance: f32,
    /// Its id.
    pub id: dafu_str,
    /// Its standard question, its title, or its scenario.
    pub title: dafu_str,
    /// The text that matched best: a phrasing, the text of a standard answer, a wording of a template.
    pub text: dafu_str,
    /// The parts of `text` that what was searched for has, too.
    pub spans: *const dafu_span,
    /// How many spans there are.
    pub spans_len: usize,
}

/// What was found.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_found_kind {
    /// An entry.
    Entry = 1,
    /// A standard answer.
    StandardAnswer = 2,
    /// A reply template.
    Template = 3,
    /// Something that this release of the C library has no number for yet.
    Other = 4,
}

/// Entries that continue what a customer is typing. Free it with `dafu_suggestions_free`. Any thread may read it; it
/// outlives the knowledge base.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_suggestions {
    /// The suggestions, the best first.
    pub items: *const *const dafu_suggestion,
    /// How many there are.
    pub items_len: usize,
}

/// What a suggestion completes to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_suggestion {
    /// The id of the entry.
    pub entry: dafu_str,
    /// Its standard question.
    pub question: dafu_str,
}

/// Finds entries, standard answers and templates, for agents and editors. `options` may be NULL. Free the page with
/// `dafu_page_free`.
///
/// Fails with `DAFU_STATUS_INVALID_INPUT` when the text is longer than 1,000 characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_search(
    kb: *const dafu_kb,
    text: *const c_char,
    text_len: usize,
    options: *const dafu_search_options,
    page: *mut *mut dafu_page,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, text, options, page) = unsafe {
            (
                borrow(kb, "kb")?,
                pointers::text(text, text_len, "text")?,
                search_options(options)?,
                output(page, "page")?,
            )
        };
        let found = kb.current().search(text, &options)?;
        page.write(block::owned(|block: &mut Block| describe_page(block, &found)));
        Ok(())
    })
}

/// Frees a page. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_page_free(page: *mut dafu_page) {
    // SAFETY: the caller passes a page of ours that is not yet freed, or NULL.
    guard_value((), || unsafe { block::free(page) });
}

/// Returns entries whose standard question continues what a customer is typing: Chinese, full pinyin (`tuikuan`) or
/// initials (`tk`); questions that begin with it come first. At most `limit`, and 50. Of `options`, which may be
/// NULL, those count that say which entries may answer. Free the suggestions with `dafu_suggestions_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_suggest(
    kb: *const dafu_kb,
    typed: *const c_char,
    typed_len: usize,
    limit: usize,
    options: *const dafu_ask_options,
    suggestions: *mut *mut dafu_suggestions,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, typed, options, suggestions) = unsafe {
            (
                borrow(kb, "kb")?,
                pointers::text(typed, typed_len, "typed")?,
                ask_options(options)?,
                output(suggestions, "suggestions")?,
            )
        };
        let found = kb.current().suggest(typed, limit, &options)?;
        suggestions.write(block::owned(|block: &mut Block| dafu_suggestions {
            items: block.list(found.iter(), describe_suggestion),
            items_len: found.len(),
        }));
        Ok(())
    })
}

/// Frees suggestions. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_suggestions_free(suggestions: *mut dafu_suggestions) {
    // SAFETY: the caller passes suggestions of ours that are not yet freed, or NULL.
    guard_value((), || unsafe { block::free(suggestions) });
}

// SAFETY: `repr(C)`, the size first, words and a pair of `i32` without padding, all of which may be 0.
unsafe impl Growing for dafu_search_options {
    const NAME: &'static str = "dafu_search_options";
    const FIRST_SIZE: usize = 10 * size_of::<usize>() + 2 * size_of::<i32>();
}

unsafe fn search_options(options: *const dafu_search_options) -> Result<SearchOptions, Failure> {
    // SAFETY: the caller passes NULL or options that begin with their size, and whose pointers are NULL or valid.
    unsafe {
        let given = grown(options)?;
        let mut options = SearchOptions::new();
        options.at = instant(given.at, "dafu_search_options.at")?;
        options.channel = parsed::<Channel>(given.channel, "dafu_search_options.channel")?;
        options.audience = audience(given.audience, "dafu_search_options.audience")?;
        options.category = parsed::<Category>(given.category, "dafu_search_options.category")?;
        options.tags = tags(given.tags, given.tags_len, "dafu_search_options.tags")?;
        options.offset = given.offset;
        options.limit = Some(given.limit).filter(|limit| *limit > 0);
        Ok(options)
    }
}

fn describe_page(block: &mut Block, page: &SearchPage) -> dafu_page {
    dafu_page {
        total: page.total,
        results: block.list(page.results.iter(), describe_found),
        results_len: page.results.len(),
    }
}

fn describe_found(block: &mut Block, found: &Found) -> *const dafu_found {
    let found = dafu_found {
        kind: match found.kind {
            FoundKind::Entry => dafu_found_kind::Entry,
            FoundKind::StandardAnswer => dafu_found_kind::StandardAnswer,
            FoundKind::Template => dafu_found_kind::Template,
            _ => dafu_found_kind::Other,
        },
        relevance: found.relevance,
        id: block.text(&found.id),
        title: block.text(&found.title),
        text: block.text(&found.text),
        spans: spans(block, &found.spans),
        spans_len: found.spans.len(),
    };
    block.value(found)
}

fn describe_suggestion(block: &mut Block, suggestion: &Suggestion) -> *const dafu_suggestion {
    let suggestion = dafu_suggestion {
        entry: block.text(&suggestion.entry),
        question: block.text(&suggestion.question),
    };
    block.value(suggestion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_size_of_its_first_release() {
        assert_eq!(size_of::<dafu_search_options>(), dafu_search_options::FIRST_SIZE);
    }
}
