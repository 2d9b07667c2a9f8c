//! One generation: a folder that never changes.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dafu::{BuildOptions, Content, ErrorKind, KnowledgeBase};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::sealed::{hash, seal, unseal};

/// What `generation.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    format: u32,
    pub name: String,
    identity: Identity,
    /// BLAKE3 of the manifest of the index, which has those of all other files.
    index_manifest: String,
}

/// What a generation is made of: the same makes the same, and has the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// BLAKE3 of the content as JSON Lines.
    content: String,
    /// The fingerprint of the analysis, which covers the settings and its rules.
    fingerprint: String,
    made_by: String,
    /// The name of the generation upon which it is built, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
}

impl Identity {
    /// What a content is built of alone.
    pub fn of(content: &Content) -> Self {
        Self {
            content: hash(content.to_jsonl().as_bytes()),
            fingerprint: KnowledgeBase::fingerprint_for(content.settings()),
            made_by: concat!("dafu ", env!("CARGO_PKG_VERSION")).to_owned(),
            basis: None,
        }
    }

    /// The same, upon a generation.
    pub fn upon(mut self, basis: &str) -> Self {
        self.basis = Some(basis.to_owned());
        self
    }

    /// Whether a generation has the same settings, and is by the same release.
    pub fn is_like(&self, other: &Record) -> bool {
        let Self {
            fingerprint, made_by, ..
        } = &other.identity;
        (&self.fingerprint, &self.made_by) == (fingerprint, made_by)
    }

    pub fn name(&self) -> String {
        let parts = serde_json::to_vec(&(FORMAT, self)).expect("an identity is plain data");
        hash(&parts)[..NAME_DIGITS].to_owned()
    }
}

impl Record {
    /// The generation with the indexes of which others are built: this one, or the one that it was built upon itself.
    pub fn basis(&self) -> &str {
        self.identity.basis.as_deref().unwrap_or(&self.name)
    }
}

/// Writes a generation into a folder: the index, then `generation.json`. Nothing of it is durable yet.
pub(crate) fn build(
    content: &Content,
    identity: Identity,
    options: &BuildOptions,
    folder: &Path,
    write: impl FnOnce(&Path, &[u8]) -> io::Result<()>,
) -> Result<()> {
    let index = folder.join(INDEX);
    pool()?.install(|| KnowledgeBase::build_index(content, &index, options))?;
    let manifest = index.join(INDEX_MANIFEST);
    let manifest = fs::read(&manifest).map_err(|e| Error::io(&manifest, "reading", e))?;
    let record = Record {
        format: FORMAT,
        name: identity.name(),
        identity,
        index_manifest: hash(&manifest),
    };
    let path = folder.join(RECORD);
    write(&path, &seal(&record)).map_err(|e| Error::io(&path, "writing", e))
}

/// A generation that is open. While it is, nothing removes it.
#[derive(Debug)]
pub(crate) struct OpenGeneration {
    pub knowledge_base: Arc<KnowledgeBase>,
    pub record: Record,
    /// Holds the shared lock that pruning respects.
    _lock: File,
}

impl OpenGeneration {
    /// Opens a generation after comparing all of it with its checksums.
    ///
    /// `NotFound` means that it is not there, or is being removed at this moment.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_with(folder, KnowledgeBase::open)
    }

    /// Opens the generation that follows one which is open: `generation.json` and the index manifest are compared with
    /// their checksums, the other files by their lengths. Whoever put it in its place has compared all of it.
    pub fn open_next(&self, folder: &Path) -> Result<Self> {
        Self::open_with(folder, |index| self.knowledge_base.open_next(index))
    }

    fn open_with(folder: &Path, open: impl FnOnce(PathBuf) -> dafu::Result<KnowledgeBase>) -> Result<Self> {
        let path = folder.join(RECORD);
        let lock = File::open(&path).map_err(|e| not_there(&path, e))?;
        match lock.try_lock_shared() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("`{}` is being removed", folder.display());
                return Err(Error::new(ErrorKind::NotFound, message));
            }
            Err(TryLockError::Error(e)) => return Err(Error::io(&path, "locking", e)),
        }
        if !is_still_at(&lock, &path)? {
            let message = format!("`{}` has just been removed", folder.display());
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let context = |e: Error| e.context(format!("the generation `{}`", folder.display()));
        let record = read_record(folder).map_err(context)?;
        let knowledge_base = open(folder.join(INDEX)).map_err(|e| context(e.into()))?;
        Ok(Self {
            knowledge_base: Arc::new(knowledge_base),
            record,
            _lock: lock,
        })
    }
}

/// Reads `generation.json`, and compares it with the folder's name and with the index manifest.
pub(crate) fn read_record(folder: &Path) -> Result<Record> {
    let read = |path: PathBuf| fs::read(&path).map_err(|e| not_there(&path, e));
    let record = parse_record(&read(folder.join(RECORD))?).map_err(|e| e.context(format!("`{RECORD}`")))?;
    let damaged = |what: &str| Err(Error::new(ErrorKind::Corrupt, format!("{what}; {REMEDY}")));
    if folder.file_name().is_none_or(|name| name != record.name.as_str()) {
        return damaged(&format!("`{RECORD}` is that of another generation"));
    }
    let manifest = read(folder.join(INDEX).join(INDEX_MANIFEST))?;
    if hash(&manifest) != record.index_manifest {
        return damaged(&format!("`{INDEX}/{INDEX_MANIFEST}` does not match its checksum"));
    }
    Ok(record)
}

/// Reads the bytes of a `generation.json`.
pub(crate) fn parse_record(bytes: &[u8]) -> Result<Record> {
    let record: Record = unseal(bytes, FORMAT)?;
    if record.identity.name() != record.name {
        let message = format!("its name does not follow from what it is made of; {REMEDY}");
        return Err(Error::new(ErrorKind::Corrupt, message));
    }
    Ok(record)
}

/// Says whether a text can be the name of a generation.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() == NAME_DIGITS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The file whose lock says that a generation is in use.
pub(crate) const RECORD: &str = "generation.json";

pub(crate) const INDEX: &str = "index";

const INDEX_MANIFEST: &str = "manifest.json";

const FORMAT: u32 = 1;

const NAME_DIGITS: usize = 32;

const REMEDY: &str = "publish its content again, which puts a whole one in its place";

fn not_there(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Error::from_source(ErrorKind::NotFound, format!("opening `{}`", path.display()), error)
        }
        _ => Error::io(path, "opening", error),
    }
}

/// Says whether the path still names this file: it may have been removed, and put there anew, before it was locked.
#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let failed = |e| Error::io(path, "reading", e);
    let here = match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        metadata => metadata.map_err(failed)?,
    };
    let open = file.metadata().map_err(failed)?;
    Ok((open.dev(), open.ino()) == (here.dev(), here.ino()))
}

/// Elsewhere a file that is open keeps its place.
#[cfg(not(unix))]
fn is_still_at(_: &File, _: &Path) -> Result<bool> {
    Ok(true)
}

/// Threads to build with, which leave the cores to those who answer meanwhile.
fn pool() -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads())
        .thread_name(|number| format!("dafu-publish-{number}"))
        .start_handler(|_| give_way())
        .build()
        .map_err(|e| Error::from_source(ErrorKind::Io, "starting threads", e))
}

/// On Linux a thread has a priority of its own: those that build have a low one, and may use every core.
///
/// Not the lowest: beside a machine's full load nothing would be left, and a publish would never end.
#[cfg(target_os = "linux")]
fn give_way() {
    // Where it is refused, a publish only takes more of the time that questions would have.
    let _ = rustix::process::setpriority_process(None, NICE);
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

/// A tenth of the time that a question's thread gets.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Elsewhere one core stays free.
fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    match cfg!(target_os = "linux") {
        true => cores,
        false => cores.saturating_sub(1).max(1),
    }
}
