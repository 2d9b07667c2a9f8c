use std::io::Write;
use std::path::Path;

use tantivy::Directory;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{OwnedBytes, TerminatingWrite};

use crate::error::{Error, ErrorKind, Result};

/// The files that dafu writes beside tantivy's own.
pub(super) const DICTIONARY: &str = "dictionary.txt";
pub(super) const SETTINGS: &str = "settings.json";
pub(super) const FORWARD: &str = "forward.bin";
pub(super) const OWNERS: &str = "owners.bin";
pub(super) const PHRASINGS: &str = "phrasings.bin";
pub(super) const SQUEEZED: &str = "squeezed.bin";
pub(super) const ITEMS: &str = "items.bin";
pub(super) const LEARNED: &str = "learned.bin";
pub(super) const MEANINGS: &str = "meanings.bin";
pub(super) const WEIGHTS: &str = "weights.json";

/// Those of them that every index has.
pub(super) const ALWAYS: [&str; 8] = [SETTINGS, FORWARD, OWNERS, PHRASINGS, SQUEEZED, ITEMS, LEARNED, WEIGHTS];

/// Tantivy's list of its segments, and its list of its files, which only a writer needs.
pub(super) const SEGMENTS: &str = "meta.json";
pub(super) const MANAGED: &str = ".managed.json";

/// Maps a file, or hands out the memory of one that is there already.
pub(super) fn read(directory: &dyn Directory, name: &str) -> Result<OwnedBytes> {
    let missing = |e: OpenReadError| match e {
        OpenReadError::FileDoesNotExist(_) => Error::new(
            ErrorKind::Corrupt,
            format!("`{name}` is missing; build the index again from its content"),
        ),
        other => Error::from_source(ErrorKind::Io, format!("opening `{name}`"), other),
    };
    let bytes = directory.open_read(Path::new(name)).map_err(missing)?.read_bytes();
    bytes.map_err(|e| Error::io(Path::new(name), "reading", e))
}

/// Writes a file and syncs it, where the directory is on a disk.
pub(super) fn write(
    directory: &dyn Directory,
    name: &str,
    fill: impl FnOnce(&mut dyn Write) -> tantivy::Result<()>,
) -> Result<()> {
    let mut file = directory
        .open_write(Path::new(name))
        .map_err(|e| Error::from_source(ErrorKind::Io, format!("creating `{name}`"), e))?;
    fill(&mut file).map_err(|e| engine(&format!("writing `{name}`"), e))?;
    file.terminate().map_err(|e| Error::io(Path::new(name), "writing", e))
}

/// What is wrong with a file that has other bytes than its head says.
pub(super) fn cut_off(name: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("`{name}` is cut off; build the index again from its content"),
    )
}

/// What an error of tantivy's means for the caller.
pub(super) fn engine(action: &str, error: tantivy::TantivyError) -> Error {
    use tantivy::TantivyError as E;
    let kind = match &error {
        E::IoError(_) | E::OpenDirectoryError(_) | E::OpenWriteError(_) | E::LockFailure(..) => ErrorKind::Io,
        E::DataCorruption(_) | E::OpenReadError(_) => ErrorKind::Corrupt,
        E::IncompatibleIndex(_) => ErrorKind::Format,
        _ => ErrorKind::Internal,
    };
    Error::from_source(kind, action.to_owned(), error)
}
