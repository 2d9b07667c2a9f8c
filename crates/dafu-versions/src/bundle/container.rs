//! The file: what is in it, sealed, then all of it, compressed. See `docs/design.md`, *Bundles*.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use dafu::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::sealed::{seal, unseal};

/// What a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Generation,
    Version,
}

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct List {
    format: u32,
    pub kind: Kind,
    /// The name of the generation; empty for a version.
    pub name: String,
    /// The number of the version; 0 for none.
    pub version: u64,
    pub files: Vec<Packed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Packed {
    pub name: String,
    pub bytes: u64,
    hash: String,
}

/// A file that goes into a bundle.
pub(crate) enum Source<'s> {
    File(&'s Path),
    Bytes(&'s [u8]),
}

/// Writes a bundle. It is there as a whole, or not at all.
pub(crate) fn write(path: &Path, kind: Kind, name: &str, version: u64, files: &[(String, Source<'_>)]) -> Result<()> {
    let mut list = List {
        format: FORMAT,
        kind,
        name: name.to_owned(),
        version,
        files: Vec::new(),
    };
    for (name, source) in files {
        let mut hasher = blake3::Hasher::new();
        let bytes = source.copy(&mut hasher)?;
        list.files.push(Packed {
            name: name.clone(),
            bytes,
            hash: hasher.finalize().to_hex().to_string(),
        });
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".partial-{}", std::process::id()));
    let partial = Path::new(&partial);
    let written = write_to(partial, &list, files)
        .and_then(|()| fs::rename(partial, path).map_err(|e| Error::io(path, "putting in place", e)));
    if written.is_err() {
        // Best effort: the error that is on its way says more.
        let _ = fs::remove_file(partial);
    }
    written
}

fn write_to(path: &Path, list: &List, files: &[(String, Source<'_>)]) -> Result<()> {
    let failed = |e| Error::io(path, "writing", e);
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    let sealed = seal(list);
    let mut head = MAGIC.to_vec();
    head.extend(FORMAT.to_le_bytes());
    head.extend((sealed.len() as u64).to_le_bytes());
    head.extend(sealed);
    file.write_all(&head).map_err(failed)?;
    let mut encoder = zstd::Encoder::new(file, LEVEL).map_err(failed)?;
    for ((_, source), packed) in files.iter().zip(&list.files) {
        if source.copy(&mut encoder)? != packed.bytes {
            let message = format!("`{}` has changed while it was packed; pack it again", packed.name);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
    }
    let file = encoder.finish().map_err(failed)?;
    let file = file.into_inner().map_err(|e| failed(e.into_error()))?;
    file.sync_all().map_err(failed)
}

impl Source<'_> {
    fn copy(&self, to: &mut impl Write) -> Result<u64> {
        match self {
            Self::Bytes(bytes) => {
                to.write_all(bytes)
                    .map_err(|e| Error::from_source(ErrorKind::Io, "writing the bundle", e))?;
                Ok(bytes.len() as u64)
            }
            Self::File(path) => {
                let mut file = File::open(path).map_err(|e| Error::io(path, "reading", e))?;
                io::copy(&mut file, to).map_err(|e| Error::io(path, "packing", e))
            }
        }
    }
}

/// A bundle that is being unpacked, file by file. Nothing in it is believed before it is compared.
pub(crate) struct Reader<R: Read> {
    pub list: List,
    decoder: zstd::Decoder<'static, BufReader<R>>,
    next: usize,
}

impl Reader<File> {
    pub fn open(path: &Path, kind: Kind) -> Result<Self> {
        let failed = |e| Error::io(path, "opening", e);
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Self::new(file, length, kind).map_err(|e| e.context(format!("the bundle `{}`", path.display())))
    }
}

impl<R: Read> Reader<R> {
    /// Reads what is in a bundle of so many bytes, and refuses what no bundle of its kind has.
    pub fn new(mut input: R, length: u64, kind: Kind) -> Result<Self> {
        let mut head = [0; MAGIC.len() + 12];
        input.read_exact(&mut head).map_err(|_| no_bundle())?;
        let (magic, rest) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(no_bundle());
        }
        let format = u32::from_le_bytes([rest[0], rest[1], rest[2], rest[3]]);
        if format > FORMAT {
            let message = format!("it has format {format}, this release reads up to {FORMAT}; use a newer dafu");
            return Err(Error::new(ErrorKind::Format, message));
        }
        let size = u64::from_le_bytes(rest[4..12].try_into().expect("a slice of eight bytes"));
        if format != FORMAT || size > LIST_BYTES {
            return Err(damaged("its list is damaged"));
        }
        let mut sealed = Vec::new();
        let read = input.by_ref().take(size).read_to_end(&mut sealed);
        if read.ok() != Some(size as usize) {
            return Err(damaged("it ends within its list"));
        }
        let list: List = unseal(&sealed, FORMAT)?;
        check(&list, kind, length)?;
        let decoding = |e| Error::from_source(ErrorKind::Io, "unpacking", e);
        let mut decoder = zstd::Decoder::new(input).map_err(decoding)?.single_frame();
        decoder.window_log_max(WINDOW_LOG).map_err(decoding)?;
        Ok(Self { list, decoder, next: 0 })
    }

    /// Unpacks the next file, and returns its name; `None` after the last, when nothing may follow.
    pub fn next(&mut self, to: &mut dyn FnMut(&Packed) -> Result<Box<dyn Write>>) -> Result<Option<String>> {
        let Some(packed) = self.list.files.get(self.next) else {
            let mut more = [0];
            return match self.decoder.read(&mut more) {
                Ok(0) => Ok(None),
                _ => Err(damaged("more follows than its list says")),
            };
        };
        self.next += 1;
        let mut out = to(packed)?;
        let mut hasher = blake3::Hasher::new();
        let mut left = packed.bytes;
        let mut buffer = vec![0; 1 << 16];
        while left > 0 {
            let want = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = self.decoder.read(&mut buffer[..want]).unwrap_or(0);
            if read == 0 {
                return Err(damaged(&format!("`{}` ends too early", packed.name)));
            }
            hasher.update(&buffer[..read]);
            let writing = |e| Error::from_source(ErrorKind::Io, format!("writing `{}`", packed.name), e);
            out.write_all(&buffer[..read]).map_err(writing)?;
            left -= read as u64;
        }
        if hasher.finalize().to_hex().as_str() != packed.hash {
            return Err(damaged(&format!("`{}` does not match its checksum", packed.name)));
        }
        Ok(Some(packed.name.clone()))
    }
}

/// Refuses names that no such bundle has, and sizes that no such bundle needs.
fn check(list: &List, kind: Kind, length: u64) -> Result<()> {
    if list.kind != kind {
        let (is, wanted) = match list.kind {
            Kind::Generation => ("generation", "version"),
            Kind::Version => ("version", "generation"),
        };
        let message = format!("it holds a {is} and not a {wanted}; name another bundle");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let mut names = HashSet::new();
    for packed in &list.files {
        if !kind.has(&packed.name) || !names.insert(packed.name.as_str()) {
            let shown: String = packed.name.chars().take(60).collect();
            return Err(refused(&format!(
                "a file in it is called {shown:?}, which does not belong there"
            )));
        }
    }
    let total = list
        .files
        .iter()
        .try_fold(0_u64, |sum, packed| sum.checked_add(packed.bytes));
    let bound = length
        .saturating_mul(MOST_COMPRESSED)
        .saturating_add(1 << 20)
        .min(kind.most_bytes());
    if list.files.len() > MOST_FILES || total.is_none_or(|total| total > bound) {
        return Err(refused("it says that it holds more than such a file can"));
    }
    Ok(())
}

impl Kind {
    /// Says whether a bundle of this kind may have a file of this name: a list of what is, and not of what is not.
    fn has(self, name: &str) -> bool {
        match self {
            Self::Version => version_files().contains(&name),
            Self::Generation => name == crate::publication::RECORD || name.strip_prefix("index/").is_some_and(is_plain),
        }
    }

    fn most_bytes(self) -> u64 {
        match self {
            Self::Version => dafu::Limits::FILE_BYTES,
            Self::Generation => 64 << 30,
        }
    }
}

pub(super) fn version_files() -> [&'static str; 3] {
    ["version.json", "content.jsonl", "test_questions.json"]
}

/// Letters, digits, dots, `-` and `_`, and no dot in front.
fn is_plain(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(fits)
}

fn no_bundle() -> Error {
    Error::new(ErrorKind::Format, "it is no bundle of dafu; name another file")
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Corrupt, format!("{what}; copy the bundle again"))
}

fn refused(what: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("{what}; nothing of it was taken, ask whoever made it"),
    )
}

const MAGIC: &[u8] = b"DAFUBNDL";

const FORMAT: u32 = 1;

/// zstd's usual level: the bundle is as small as its carrying needs, and packing takes less time than building.
const LEVEL: i32 = 3;

/// Memory of the decoder, as a power of two: 8 MiB, four times what the encoder uses.
const WINDOW_LOG: u32 = 23;

const LIST_BYTES: u64 = 1 << 20;

const MOST_FILES: usize = 1_000;

/// How much smaller than what it holds a bundle can be: texts and indexes are some ten times smaller.
const MOST_COMPRESSED: u64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str], bytes: u64) -> List {
        let files = names.iter().map(|name| Packed {
            name: (*name).to_owned(),
            bytes,
            hash: String::new(),
        });
        List {
            format: FORMAT,
            kind: Kind::Generation,
            name: "a".repeat(32),
            version: 1,
            files: files.collect(),
        }
    }

    #[test]
    fn names_that_climb_or_stand_twice_are_refused() {
        check(&list(&["generation.json", "index/meta.json"], 1), Kind::Generation, 100).unwrap();
        for name in [
            "../generation.json",
            "index/../../x",
            "/etc/passwd",
            "index/a/b",
            "index/.hidden",
            "index/",
            "C:\\x",
            "index/a\\b",
            "index/文件",
            "",
        ] {
            let error = check(&list(&[name], 1), Kind::Generation, 100).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{name}");
        }
        check(&list(&["generation.json", "generation.json"], 1), Kind::Generation, 100).unwrap_err();
    }

    #[test]
    fn bombs_are_refused_before_anything_is_unpacked() {
        for (bytes, length) in [(u64::MAX, 100), (10 << 30, 1 << 10), (65 << 30, 1 << 40)] {
            check(&list(&["generation.json"], bytes), Kind::Generation, length).unwrap_err();
        }
    }
}
