use dafu::{InvalidValue, Mistake, Severity};

use crate::block::{self, Block};
use crate::guard::guard_value;
use crate::status::dafu_status;
use crate::text::dafu_str;

/// What went wrong. Free it with `dafu_error_free`. Any thread may read it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_error {
    /// What the call returned.
    pub status: dafu_status,
    /// Not used.
    pub reserved: i32,
    /// One sentence for people: what was being done, what is wrong, and what to do about it.
    pub message: dafu_str,
    /// The file or folder it is about; `{NULL, 0}` if none.
    pub file: dafu_str,
    /// The line of the first mistake, from 1; 0 if no line is known.
    pub line: u64,
    /// How many mistakes the content has. The array holds the first 1,000.
    pub mistake_count: usize,
    /// How many mistakes the array holds.
    pub mistakes_len: usize,
    /// What is wrong in the content, in its order.
    pub mistakes: *const *const dafu_mistake,
}

/// One thing that is wrong in content, and what to do about it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_mistake {
    /// Whether it stops the import.
    pub severity: dafu_severity,
    /// Not used.
    pub reserved: i32,
    /// The name of the file; `{NULL, 0}` if it has none.
    pub file: dafu_str,
    /// The line, from 1; 0 if no line is known. In CSV: the line on which the row starts.
    pub line: u64,
    /// The column, from 1; 0 if none is known. In CSV: the cell's number in its row; in JSON Lines: the byte in its
    /// line.
    pub column: u64,
    /// The field, such as `priority`, or in CSV the heading of its column; `{NULL, 0}` if it is about a whole item.
    pub field: dafu_str,
    /// What is wrong.
    pub message: dafu_str,
    /// What to do about it.
    pub remedy: dafu_str,
}

/// Whether a mistake stops an import.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_severity {
    /// The content is usable; an editor should look at it.
    Warning = 1,
    /// The content cannot be used.
    Error = 2,
}

/// Frees an error object. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_error_free(error: *mut dafu_error) {
    // SAFETY: the caller passes an error object of ours that is not yet freed, or NULL.
    guard_value((), || unsafe { block::free(error) });
}

/// A call that failed, on its way to the caller.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: dafu_status,
    message: String,
    file: Option<String>,
    mistakes: Vec<Mistake>,
    mistake_count: usize,
}

impl Failure {
    pub(crate) fn new(status: dafu_status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            file: None,
            mistakes: Vec::new(),
            mistake_count: 0,
        }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(dafu_status::InvalidInput, message)
    }

    /// What is wrong with a value that the caller passed as `name`.
    pub(crate) fn invalid_value(name: &str, invalid: &InvalidValue) -> Self {
        Self::invalid(format!("{name}: {invalid}"))
    }

    /// Tells the file that a call was about, unless a mistake names one.
    pub(crate) fn about(mut self, file: &str) -> Self {
        self.file.get_or_insert_with(|| file.to_owned());
        self
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn into_object(self) -> *mut dafu_error {
        block::owned(|block| {
            let line = self.mistakes.first().and_then(|mistake| mistake.line);
            dafu_error {
                status: self.status,
                reserved: 0,
                message: block.text(&self.message),
                file: block.optional_text(self.file.as_deref()),
                line: line.unwrap_or(0),
                mistake_count: self.mistake_count,
                mistakes_len: self.mistakes.len(),
                mistakes: block.list(self.mistakes.iter(), describe),
            }
        })
    }
}

impl From<dafu::Error> for Failure {
    fn from(error: dafu::Error) -> Self {
        Self {
            status: error.kind().into(),
            message: error.to_string(),
            file: error.mistakes().first().and_then(|mistake| mistake.file.clone()),
            mistakes: error.mistakes().to_vec(),
            mistake_count: error.mistake_count(),
        }
    }
}

impl From<dafu_versions::Error> for Failure {
    fn from(error: dafu_versions::Error) -> Self {
        Self {
            status: error.kind().into(),
            message: error.to_string(),
            file: error.mistakes().first().and_then(|mistake| mistake.file.clone()),
            mistakes: error.mistakes().to_vec(),
            mistake_count: error.mistakes().len(),
        }
    }
}

fn describe(block: &mut Block, mistake: &Mistake) -> *const dafu_mistake {
    let mistake = dafu_mistake {
        severity: match mistake.severity {
            Severity::Warning => dafu_severity::Warning,
            _ => dafu_severity::Error,
        },
        reserved: 0,
        file: block.optional_text(mistake.file.as_deref()),
        line: mistake.line.unwrap_or(0),
        column: mistake.column.unwrap_or(0),
        field: block.optional_text(mistake.field.as_deref()),
        message: block.text(&mistake.message),
        remedy: block.text(&mistake.remedy),
    };
    block.value(mistake)
}
