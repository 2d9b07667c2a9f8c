//! The one error type of the crate.

mod chinese;

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;

use dafu::{ErrorKind, Mistake};

/// What went wrong: one sentence for people, a [`kind`](Self::kind) for programs.
///
/// The sentence says the outermost context first and carries the text of the underlying error, so printing it alone is
/// enough; [`source`](StdError::source) gives that underlying error for programs that want to look at it.
///
/// ```
/// use dafu_versions::{ErrorKind, Live};
///
/// let error = Live::open("没有这个目录").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// assert!(error.to_string().contains("没有这个目录"));
/// ```
pub struct Error {
    // Boxed so that every `Result` of the crate stays one word larger than its value at most.
    inner: Box<Inner>,
}

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_parts(kind, message.into(), None)
    }

    pub(crate) fn from_source(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::from_parts(kind, message.into(), Some(Box::new(source)))
    }

    /// Makes the error of an operation on the file system; `action` is a verb phrase such as `reading`.
    pub(crate) fn io(path: &Path, action: &str, source: std::io::Error) -> Self {
        Self::from_source(ErrorKind::Io, format!("{action} `{}`", path.display()), source)
    }

    /// Puts `message` in front: what was being done when the error came up.
    pub(crate) fn context(mut self, message: impl Into<String>) -> Self {
        let message = message.into();
        let inner = &mut self.inner;
        inner.message = match inner.message.is_empty() {
            true => message,
            false => format!("{message}: {}", inner.message),
        };
        self
    }

    /// Returns what kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns what is wrong with a content, one by one: at most 1,000 mistakes, and empty for any other error.
    pub fn mistakes(&self) -> &[Mistake] {
        let source = self.inner.source.as_deref();
        source
            .and_then(|source| source.downcast_ref::<dafu::Error>())
            .map_or(&[], dafu::Error::mistakes)
    }

    fn from_parts(kind: ErrorKind, message: String, source: Option<Source>) -> Self {
        Self {
            inner: Box::new(Inner { kind, message, source }),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, source, .. } = &*self.inner;
        f.write_str(message)?;
        match source {
            Some(source) if message.is_empty() => write!(f, "{source}"),
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
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

impl From<dafu::Error> for Error {
    fn from(error: dafu::Error) -> Self {
        Self::from_source(error.kind(), "", error)
    }
}

impl From<dafu::InvalidValue> for Error {
    fn from(value: dafu::InvalidValue) -> Self {
        dafu::Error::from(value).into()
    }
}

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<Source>,
}

type Source = Box<dyn StdError + Send + Sync>;

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
        let error = Error::from(dafu::Content::open("x.txt").unwrap_err()).context("importing");
        // What the names may end with depends on the features of dafu.
        assert!(
            error.to_string().starts_with("importing: `x.txt` is not named "),
            "{error}"
        );
        let error = Error::io(Path::new("a"), "reading", std::io::Error::other("gone")).context("publishing");
        assert_eq!(error.to_string(), "publishing: reading `a`: gone");
    }

    #[test]
    fn keeps_the_mistakes_of_a_content() {
        let error = Error::from(dafu::Content::from_jsonl(b"{\n{").unwrap_err()).context("importing");
        assert_eq!((error.kind(), error.mistakes().len()), (ErrorKind::InvalidInput, 2));
    }
}
