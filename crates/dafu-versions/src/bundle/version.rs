use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use dafu::{Content, ErrorKind};
use serde::{Deserialize, Serialize};

use super::container::{Kind, Packed, Reader, Source, version_files, write};
use crate::error::{Error, Result};
use crate::store::{Store, TestQuestion};

/// A version that was taken from a bundle: to import into a draft.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VersionBundle {
    /// Its number in the store that it comes from.
    pub number: u64,
    /// Who committed it.
    pub author: String,
    /// What was changed, and why.
    pub message: String,
    /// When it was committed, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// What it holds.
    pub content: Content,
    /// The test questions of the store that it comes from.
    pub test_questions: Vec<TestQuestion>,
}

/// `version.json`.
#[derive(Serialize, Deserialize)]
struct About {
    number: u64,
    author: String,
    message: String,
    time: i64,
}

impl Store {
    /// Writes a version and the test questions into one file: compressed, with checksums.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such version, [`ErrorKind::Io`] when the file cannot be written.
    ///
    /// # Examples
    ///
    /// ```
    /// # use dafu::Content;
    /// # use dafu_versions::{Store, VersionBundle};
    /// # let folder = tempfile::tempdir()?;
    /// # let store = Store::create(folder.path().join("shop.dafu"))?;
    /// # let draft = store.new_draft("d", "王芳")?;
    /// # draft.import(&Content::from_jsonl("{\"question\":\"几点上班？\"}".as_bytes())?)?;
    /// # draft.commit("王芳", "")?;
    /// store.export_version(1, folder.path().join("shop-1.bundle"))?;
    ///
    /// let elsewhere = Store::create(folder.path().join("branch.dafu"))?;
    /// let bundle = VersionBundle::open(folder.path().join("shop-1.bundle"))?;
    /// elsewhere.new_draft("总店", "李雷")?.import(&bundle.content)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn export_version(&self, version: u64, path: impl AsRef<Path>) -> Result<()> {
        let about = self.version(version)?;
        let about = About {
            number: about.number,
            author: about.author,
            message: about.message,
            time: about.time,
        };
        let json = |error| Error::from_source(ErrorKind::Internal, "writing a bundle", error);
        let about = serde_json::to_vec(&about).map_err(json)?;
        let content = self.content(version)?.to_jsonl();
        let tests = serde_json::to_vec(&self.test_questions()?).map_err(json)?;
        let bytes = [about.as_slice(), content.as_bytes(), tests.as_slice()];
        let files: Vec<(String, Source<'_>)> = version_files()
            .into_iter()
            .zip(bytes)
            .map(|(name, bytes)| (name.to_owned(), Source::Bytes(bytes)))
            .collect();
        write(path.as_ref(), Kind::Version, "", version, &files)
    }
}

impl VersionBundle {
    /// Reads a bundle of a version.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Format`] when the file is no bundle, [`ErrorKind::Corrupt`] when it is damaged or made to do harm,
    /// [`ErrorKind::InvalidInput`] when it holds a generation.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let reader = Reader::<File>::open(path, Kind::Version)?;
        Self::read(reader).map_err(|e| e.context(format!("the bundle `{}`", path.display())))
    }

    /// Reads the bytes of a bundle, as [`open`](Self::open) does.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Self::read(Reader::new(bytes, bytes.len() as u64, Kind::Version)?)
    }

    fn read<R: io::Read>(mut reader: Reader<R>) -> Result<Self> {
        let mut files: HashMap<String, Vec<u8>> = HashMap::new();
        let memory = Memory::default();
        let mut keep = |_: &Packed| -> Result<Box<dyn Write>> { Ok(Box::new(memory.clone())) };
        while let Some(name) = reader.next(&mut keep)? {
            files.insert(name, memory.take());
        }
        let wrong = |name: &str| {
            let message = format!("`{name}` in it is missing or cannot be read; copy the bundle again");
            Error::new(ErrorKind::Corrupt, message)
        };
        let [about_name, content_name, tests_name] = version_files();
        let file = |name: &str| files.get(name).ok_or_else(|| wrong(name));
        let about: About = serde_json::from_slice(file(about_name)?).map_err(|_| wrong(about_name))?;
        let tests = serde_json::from_slice(file(tests_name)?).map_err(|_| wrong(tests_name))?;
        Ok(Self {
            number: about.number,
            author: about.author,
            message: about.message,
            time: about.time,
            content: Content::from_jsonl(file(content_name)?)?,
            test_questions: tests,
        })
    }
}

/// Takes the bytes of one file after the other.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<Vec<u8>>>);

impl Memory {
    fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
