//! The one error type of the crate.

mod chinese;

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;

use crate::mistake::{Mistake, Mistakes};
use crate::model::InvalidValue;

/// What went wrong: one sentence for people, a [`kind`](Self::kind) for programs.
///
/// The sentence says the outermost context first and carries the text of the underlying error, so printing it alone is
/// enough; [`source`](StdError::source) gives that underlying error for programs that want to look at it.
///
/// ```
/// use dafu::{Content, ErrorKind};
///
/// let error = Content::open("没有这个文件.jsonl").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Io);
/// assert!(error.to_string().starts_with("reading `没有这个文件.jsonl`: "));
/// assert!(error.mistakes().is_empty());
/// ```
pub struct Error {
    // Boxed so that every `Result` of the crate stays one word larger than its value at most.
    inner: Box<Inner>,
}

/// What kind of failure an [`Error`] is, named by what the caller should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the caller passed cannot be used: correct it as the message says and call again.
    InvalidInput,
    /// What the caller named does not exist: check the name, or create it first.
    NotFound,
    /// Something else has changed or taken it in the meantime: look at the new state, then decide.
    Conflict,
    /// It is in use right now: try again a little later.
    Busy,
    /// The data is of another format or version: convert or rebuild it with this version.
    Format,
    /// The data was damaged after it was written: restore it from a copy or rebuild it.
    Corrupt,
    /// The operating system refused: the message names the path; check space, permissions and the disk.
    Io,
    /// A defect of this library: please report it with the message.
    Internal,
}

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_parts(kind, message.into(), None, Mistakes::default())
    }

    pub(crate) fn from_source(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::from_parts(kind, message.into(), Some(Box::new(source)), Mistakes::default())
    }

    /// Makes the error of an operation on the file system; `action` is a verb phrase such as `reading`.
    pub(crate) fn io(path: &Path, action: &str, source: std::io::Error) -> Self {
        Self::from_source(ErrorKind::Io, format!("{action} `{}`", path.display()), source)
    }

    pub(crate) fn from_mistakes(message: impl Into<String>, mut mistakes: Mistakes) -> Self {
        mistakes.sort();
        Self::from_parts(ErrorKind::InvalidInput, message.into(), None, mistakes)
    }

    /// Puts `message` in front: what was being done when the error came up.
    pub(crate) fn context(mut self, message: impl Into<String>) -> Self {
        let inner = &mut self.inner;
        inner.message = format!("{}: {}", message.into(), inner.message);
        self
    }

    /// Returns what kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns what is wrong in the imported files, in their order: at most 1,000 mistakes, and empty for any other error.
    pub fn mistakes(&self) -> &[Mistake] {
        self.inner.mistakes.kept()
    }

    /// Returns how many mistakes there are altogether, also those that [`mistakes`](Self::mistakes) leaves out.
    pub fn mistake_count(&self) -> usize {
        self.inner.mistakes.total()
    }

    fn from_parts(kind: ErrorKind, message: String, source: Option<Source>, mistakes: Mistakes) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message,
                source,
                mistakes,
            }),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            message,
            source,
            mistakes,
            ..
        } = &*self.inner;
        f.write_str(message)?;
        if let Some(source) = source {
            write!(f, ": {source}")?;
        }
        let shown = mistakes.kept().iter().take(MAX_SHOWN);
        for (number, mistake) in shown.enumerate() {
            write!(f, "{}{mistake}", if number == 0 { ": " } else { " | " })?;
        }
        match mistakes.total().saturating_sub(MAX_SHOWN) {
            0 => Ok(()),
            more => write!(f, " | and {more} more"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<InvalidValue> for Error {
    fn from(value: InvalidValue) -> Self {
        Self::new(ErrorKind::InvalidInput, value.to_string())
    }
}

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<Source>,
    mistakes: Mistakes,
}

type Source = Box<dyn StdError + Send + Sync>;

/// How many mistakes one sentence can bear.
const MAX_SHOWN: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_small_and_crosses_threads() {
        fn crosses_threads<T: Send + Sync + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn context_stands_outermost_first() {
        let cause = std::io::Error::other("disk full");
        let error = Error::io(Path::new("kb/CURRENT"), "writing", cause)
            .context("publishing")
            .context("version 3");
        assert_eq!(
            error.to_string(),
            "version 3: publishing: writing `kb/CURRENT`: disk full"
        );
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk full"));
        assert_eq!(format!("{error:?}"), format!("Io: {error}"));
    }

    #[test]
    fn shows_three_mistakes_and_counts_all() {
        let mut mistakes = Mistakes::default();
        for line in 0..1_500 {
            mistakes.push(Mistake::error(format!("wrong {line}"), "fix it"));
        }
        let error = Error::from_mistakes("importing", mistakes);
        assert_eq!(
            error.to_string(),
            "importing: wrong 0; fix it | wrong 1; fix it | wrong 2; fix it | and 1497 more"
        );
        assert_eq!((error.mistakes().len(), error.mistake_count()), (1_000, 1_500));
    }
}
