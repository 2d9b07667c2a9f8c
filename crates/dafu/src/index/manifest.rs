use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tantivy::Directory;
use tantivy::directory::error::OpenReadError;

use super::files;
use crate::error::{Error, ErrorKind, Result};

/// By what the files of an index are compared with its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Their length and all their bytes.
    Bytes,
    /// Their length alone: somebody has compared their bytes before.
    Lengths,
}

/// What an index directory holds: written last, read first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The version of the format of all files together.
    pub(crate) format: u32,
    /// The release that wrote it.
    pub(crate) made_by: String,
    /// The fingerprint of the analysis: settings, word lists and rules.
    pub(crate) fingerprint: String,
    /// Of what the meanings of texts are made; nothing in an index without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) encoder: Option<EncoderMark>,
    pub(crate) counts: Counts,
    pub(super) files: Vec<File>,
}

/// By which an encoder is known again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EncoderMark {
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    pub(crate) dimensions: u32,
}

/// How many documents of each kind there are, in the order in which they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) entries: u32,
    pub(crate) phrasings: u32,
    pub(crate) excluded: u32,
    pub(crate) answers: u32,
    pub(crate) standard_answers: u32,
    pub(crate) templates: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    name: String,
    bytes: u64,
    /// BLAKE3, in hexadecimal digits.
    hash: String,
}

/// The file: the manifest and its own hash.
#[derive(Serialize, Deserialize)]
struct Sealed {
    manifest: Manifest,
    hash: String,
}

/// What can be read of a manifest of any format.
#[derive(Deserialize)]
struct Peek {
    manifest: PeekFormat,
}

#[derive(Deserialize)]
struct PeekFormat {
    format: u32,
}

impl Manifest {
    /// The manifest of an index whose files are not finished.
    pub(super) fn new(fingerprint: String, encoder: Option<EncoderMark>, counts: Counts) -> Self {
        Self {
            format: FORMAT,
            made_by: concat!("dafu ", env!("CARGO_PKG_VERSION")).to_owned(),
            fingerprint,
            encoder,
            counts,
            files: Vec::new(),
        }
    }

    /// Writes the manifest of a finished index, with its files as [`hash_files`] found them.
    pub(super) fn seal(mut self, directory: &dyn Directory, mut files: Vec<File>) -> Result<()> {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        self.files = files;
        let sealed = Sealed {
            hash: hash(&self.canonical()),
            manifest: self,
        };
        let text = serde_json::to_vec_pretty(&sealed).expect("a manifest is plain data");
        directory
            .atomic_write(Path::new(NAME), &text)
            .map_err(|e| Error::io(Path::new(NAME), "writing", e))?;
        directory
            .sync_directory()
            .map_err(|e| Error::io(Path::new("."), "syncing", e))
    }

    /// Reads the manifest and compares every file with it.
    pub(super) fn open(directory: &dyn Directory, compare: Compare) -> Result<Self> {
        let text = directory.atomic_read(Path::new(NAME)).map_err(|e| match e {
            OpenReadError::FileDoesNotExist(_) => Error::new(
                ErrorKind::Format,
                format!("no `{NAME}` in it, so this is no index of dafu; name the folder that `build_index` wrote"),
            ),
            other => Error::from_source(ErrorKind::Io, format!("reading `{NAME}`"), other),
        })?;
        let damaged = |why: &str| Error::new(ErrorKind::Corrupt, format!("`{NAME}` {why}; {REBUILD}"));
        let peek: Peek = serde_json::from_slice(&text).map_err(|_| damaged("is damaged"))?;
        let format = peek.manifest.format;
        if format != FORMAT {
            let remedy = if format > FORMAT { "use a newer dafu, or " } else { "" };
            return Err(Error::new(
                ErrorKind::Format,
                format!("the index has format {format}, this release reads format {FORMAT}; {remedy}{REBUILD}"),
            ));
        }
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|_| damaged("is damaged"))?;
        if hash(&sealed.manifest.canonical()) != sealed.hash {
            return Err(damaged("does not match its own checksum"));
        }
        if sealed.manifest.files.iter().any(|file| !is_plain(&file.name)) {
            return Err(damaged("names a file outside of its folder"));
        }
        check_files(&sealed.manifest.files, directory, compare)?;
        Ok(sealed.manifest)
    }

    pub(super) fn has_file(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// Whether another index has the same bytes in a file, by their checksums.
    pub(super) fn shares(&self, other: &Self, name: &str) -> bool {
        let hash = |manifest: &Self| {
            let mut files = manifest.files.iter();
            files.find(|file| file.name == name).map(|file| file.hash.clone())
        };
        hash(self).is_some_and(|own| Some(own) == hash(other))
    }

    fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a manifest is plain data")
    }
}

/// Hashes files that are finished.
pub(super) fn hash_files(directory: &dyn Directory, names: Vec<String>) -> Result<Vec<File>> {
    let hashed = names.into_par_iter().map(|name| {
        let bytes = files::read(directory, &name)?;
        Ok(File {
            bytes: bytes.len() as u64,
            hash: hash(&bytes),
            name,
        })
    });
    hashed.collect()
}

/// Compares files on a few threads, the largest first.
///
/// The threads are of this call alone: those of a pool would be missing in a process that has forked.
fn check_files(files: &[File], directory: &dyn Directory, compare: Compare) -> Result<()> {
    let mut largest_first: Vec<&File> = files.iter().collect();
    largest_first.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let next = AtomicUsize::new(0);
    let check_some = || -> Result<()> {
        while let Some(file) = largest_first.get(next.fetch_add(1, Ordering::Relaxed)) {
            file.check(directory, compare)?;
        }
        Ok(())
    };
    let helpers = match compare {
        Compare::Bytes => std::thread::available_parallelism().map_or(0, |cores| cores.get().min(MOST_THREADS) - 1),
        Compare::Lengths => 0,
    };
    std::thread::scope(|scope| {
        // Where no thread can be had, this one does it all.
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, check_some).ok();
        let helpers: Vec<_> = (0..helpers).filter_map(start).collect();
        let own = check_some();
        let others = helpers.into_iter().map(|helper| match helper.join() {
            Ok(checked) => checked,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        others.fold(own, |all, checked| all.and(checked))
    })
}

impl File {
    fn check(&self, directory: &dyn Directory, compare: Compare) -> Result<()> {
        let name = &self.name;
        let bytes = files::read(directory, name)?;
        let corrupt = |what: String| Err(Error::new(ErrorKind::Corrupt, format!("`{name}` {what}; {REBUILD}")));
        if bytes.len() as u64 != self.bytes {
            return corrupt(format!("has {} bytes instead of {}", bytes.len(), self.bytes));
        }
        if compare == Compare::Bytes && hash(&bytes) != self.hash {
            return corrupt("does not match its checksum".to_owned());
        }
        Ok(())
    }
}

/// Whether a name stands for a file in the folder itself, on every system.
fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', ':'])
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

pub(super) const NAME: &str = "manifest.json";

/// The version of the format that this release writes.
const FORMAT: u32 = 5;

/// On how many threads files are compared at most: past this, memory is what they wait for.
const MOST_THREADS: usize = 4;

const REBUILD: &str = "build the index again from its content";
