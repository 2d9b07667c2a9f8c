use std::ffi::{c_char, c_void};
use std::fs;
use std::mem::size_of;
use std::sync::Arc;

use dafu::{BuildOptions, Content, ContentBuilder, CsvTable, KnowledgeBase};

use crate::error::{Failure, dafu_error};
use crate::guard::{guard, guard_value};
use crate::log::{Log, dafu_log_callback};
use crate::pointers::{Growing, array, borrow, grown, handle, optional_text, output, take, text};
use crate::source::{Current, Source};
use crate::status::dafu_status;
use crate::text::dafu_str;

/// A knowledge base: it answers.
///
/// Any number of threads may use one at once; no call waits for another. You own it: free it with `dafu_kb_free` when
/// no call uses it any more. What it has handed out may be kept longer.
pub struct dafu_kb {
    pub(crate) source: Source,
    pub(crate) log: Log,
}

/// How a knowledge base is opened. Set `size`, and of the rest what you need; what is 0 or NULL has its default.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_open_options {
    /// `sizeof(dafu_open_options)`.
    pub size: usize,
    /// Gets what the knowledge base has to tell; NULL for nobody. Kept until the knowledge base, all that was pinned
    /// from it and all its followers are freed.
    pub log: dafu_log_callback,
    /// Handed to `log` as it is.
    pub log_user_data: *mut c_void,
    /// The least important messages to tell, one of `dafu_log_level`. 0: all.
    pub log_level: i32,
    /// Not used; 0.
    pub reserved: i32,
    /// What messages call the bytes given to `dafu_kb_from_bytes`; not set: `bytes`.
    pub name: dafu_str,
}

/// How content is written.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_format {
    /// JSON Lines: one object a line; entries, standard answers, templates and settings in one file.
    Jsonl = 1,
    /// CSV in UTF-8 or GB18030, a table of entries.
    CsvEntries = 2,
    /// CSV, a table of standard answers.
    CsvStandardAnswers = 3,
    /// CSV, a table of reply templates.
    CsvTemplates = 4,
}

/// How much a knowledge base holds.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct dafu_statistics {
    /// Entries.
    pub entries: u64,
    /// Phrasings of all entries, standard questions included.
    pub phrasings: u64,
    /// Standard answers.
    pub standard_answers: u64,
    /// Reply templates.
    pub templates: u64,
    /// The number of the generation, as in `dafu_reply`.
    pub generation: u64,
}

/// Reads a content file, `.jsonl` or `.csv`, and builds a knowledge base in memory; or opens an index folder.
///
/// 20,000 phrasings take some seconds to build, since each entry learns from its phrasings; an index folder opens in
/// milliseconds. The first build of a process takes 100 ms and 33 MB more for its dictionary. A file with mistakes is refused as a whole: the error object lists them all.
///
/// Fails with `DAFU_STATUS_IO` when there is neither; else as `dafu_kb_from_bytes` and `dafu_kb_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_load(
    path: *const c_char,
    path_len: usize,
    options: *const dafu_open_options,
    kb: *mut *mut dafu_kb,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (path, options, kb) = unsafe { (text(path, path_len, "path")?, open_options(options)?, output(kb, "kb")?) };
        let source = if fs::metadata(path).is_ok_and(|what| what.is_file()) {
            let content = Content::open(path).map_err(about(path))?;
            build(&content, &options.log)?
        } else {
            KnowledgeBase::load(path).map_err(about(path))?
        };
        kb.write(opened(source, &options, path));
        Ok(())
    })
}

/// Opens an index folder, which `dafu_build_index` has built: 20,000 phrasings take some milliseconds. Its files are
/// mapped and must stay as they are; an index that is built anew beside them leaves them alone.
///
/// Fails with `DAFU_STATUS_NOT_FOUND` when there is no folder, `DAFU_STATUS_FORMAT` when it is no index or one of
/// another release, `DAFU_STATUS_CORRUPT` when a file is damaged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_open(
    path: *const c_char,
    path_len: usize,
    options: *const dafu_open_options,
    kb: *mut *mut dafu_kb,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (path, options, kb) = unsafe { (text(path, path_len, "path")?, open_options(options)?, output(kb, "kb")?) };
        let source = KnowledgeBase::open(path).map_err(about(path))?;
        kb.write(opened(source, &options, path));
        Ok(())
    })
}

/// Builds a knowledge base in memory from the bytes of a content file; `format` is one of `dafu_format`. The bytes are
/// read during the call only.
///
/// Fails with `DAFU_STATUS_INVALID_INPUT` when anything is wrong in the content: the error object lists it all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_from_bytes(
    bytes: *const u8,
    bytes_len: usize,
    format: i32,
    options: *const dafu_open_options,
    kb: *mut *mut dafu_kb,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (bytes, options, kb) = unsafe {
            (
                array(bytes, bytes_len, "bytes")?,
                open_options(options)?,
                output(kb, "kb")?,
            )
        };
        let content = read(bytes, format, &options.name)?;
        let source = build(&content, &options.log)?;
        kb.write(opened(source, &options, &options.name));
        Ok(())
    })
}

/// Reads a content file, `.jsonl` or `.csv`, and builds an index in a folder, which `dafu_kb_open` opens in any
/// process. An older index there is replaced when the new one is whole; whoever has it open goes on using it.
///
/// Fails with `DAFU_STATUS_CONFLICT` when the folder holds anything but an index, which would be lost.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_build_index(
    content_path: *const c_char,
    content_path_len: usize,
    index_path: *const c_char,
    index_path_len: usize,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (content_path, index_path) = unsafe {
            (
                text(content_path, content_path_len, "content_path")?,
                text(index_path, index_path_len, "index_path")?,
            )
        };
        let content = Content::open(content_path).map_err(about(content_path))?;
        KnowledgeBase::build_index(&content, index_path, &BuildOptions::default()).map_err(about(index_path))
    })
}

/// Writes how much a knowledge base holds into `*statistics`, a struct of yours; pass `sizeof *statistics` as its size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_statistics(
    kb: *const dafu_kb,
    statistics: *mut dafu_statistics,
    statistics_size: usize,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let kb = unsafe { borrow(kb, "kb") }?;
        if statistics.is_null() {
            return Err(Failure::invalid("statistics is NULL; pass one"));
        }
        if !(FIRST_STATISTICS..=4096).contains(&statistics_size) {
            return Err(Failure::invalid(format!(
                "statistics_size is {statistics_size}; pass `sizeof *statistics`"
            )));
        }
        let told = kb.current().told();
        // SAFETY: the caller's struct has as many bytes as it says, and no more than ours are copied. What a later
        // header has more is 0.
        unsafe {
            let to = statistics.cast::<u8>();
            to.write_bytes(0, statistics_size);
            let known = statistics_size.min(size_of::<dafu_statistics>());
            to.copy_from_nonoverlapping((&raw const told).cast(), known);
        }
        Ok(())
    })
}

/// Frees a knowledge base; no call may be using it. NULL is fine. Followers of it, and what was pinned from it, go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_free(kb: *mut dafu_kb) {
    // SAFETY: the caller passes a knowledge base of ours that is not yet freed, or NULL.
    guard_value((), || drop(unsafe { take(kb) }));
}

impl dafu_kb {
    pub(crate) fn new(source: Source, log: Log) -> Self {
        Self { source, log }
    }

    /// The knowledge base that answers this call.
    pub(crate) fn current(&self) -> Current<'_> {
        self.source.current()
    }
}

impl Current<'_> {
    fn told(&self) -> dafu_statistics {
        let statistics = self.statistics();
        dafu_statistics {
            entries: statistics.entries as u64,
            phrasings: statistics.phrasings as u64,
            standard_answers: statistics.standard_answers as u64,
            templates: statistics.templates as u64,
            generation: self.generation(),
        }
    }
}

/// `dafu_open_options`, read.
pub(crate) struct OpenOptions {
    pub(crate) log: Log,
    name: String,
}

// SAFETY: `repr(C)`, the size first, words and a pair of `i32` without padding, all of which may be 0.
unsafe impl Growing for dafu_open_options {
    const NAME: &'static str = "dafu_open_options";
    const FIRST_SIZE: usize = 5 * size_of::<usize>() + 2 * size_of::<i32>();
}

pub(crate) unsafe fn open_options(options: *const dafu_open_options) -> Result<OpenOptions, Failure> {
    // SAFETY: the caller passes NULL or options that begin with their size, and whose pointers are NULL or valid.
    unsafe {
        let given = grown(options)?;
        Ok(OpenOptions {
            log: Log::new(given.log, given.log_user_data, given.log_level)?,
            name: optional_text(given.name, "dafu_open_options.name")?
                .unwrap_or("bytes")
                .to_owned(),
        })
    }
}

/// Names the file that a call is about in its failure.
pub(crate) fn about(path: &str) -> impl Fn(dafu::Error) -> Failure {
    move |error| Failure::from(error).about(path)
}

fn read(bytes: &[u8], format: i32, name: &str) -> Result<Content, Failure> {
    let builder = ContentBuilder::new();
    let builder = match format {
        1 => builder.add_jsonl(name, bytes),
        2 => builder.add_csv(name, CsvTable::Entries, bytes),
        3 => builder.add_csv(name, CsvTable::StandardAnswers, bytes),
        4 => builder.add_csv(name, CsvTable::Templates, bytes),
        other => {
            return Err(Failure::invalid(format!(
                "format: {other} is not a format; use one of dafu_format"
            )));
        }
    };
    builder.build().map_err(about(name))
}

fn build(content: &Content, log: &Log) -> Result<KnowledgeBase, Failure> {
    for warning in content.warnings() {
        log.warning(warning.to_string());
    }
    Ok(KnowledgeBase::new(content)?)
}

fn opened(kb: KnowledgeBase, options: &OpenOptions, name: &str) -> *mut dafu_kb {
    let statistics = kb.statistics();
    options.log.info(format!(
        "opened `{name}`: {} entries, {} phrasings",
        statistics.entries, statistics.phrasings
    ));
    handle(dafu_kb::new(Source::Fixed(Arc::new(kb)), options.log))
}

/// The size of the statistics in ABI 1.0.
const FIRST_STATISTICS: usize = 5 * size_of::<u64>();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<dafu_kb>();
    }

    #[test]
    fn structs_have_the_size_of_their_first_release() {
        assert_eq!(size_of::<dafu_open_options>(), dafu_open_options::FIRST_SIZE);
        assert_eq!(size_of::<dafu_statistics>(), FIRST_STATISTICS);
    }
}
