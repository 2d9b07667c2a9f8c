//! The operations on files of which the safety of a publication is made.
//!
//! Why a trait: the tests put a storage in its place that fails, or forgets what was not synced, at each operation.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::{Error, Result};

pub(crate) trait Storage: Send + Sync {
    /// Creates a folder and those above it.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes a file as a whole; afterwards its bytes are not yet durable.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Makes the bytes of a file durable.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Gives a file or folder another name, and replaces a file of that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file, or a folder with all that is in it.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The file system.
#[derive(Debug)]
pub(crate) struct Disk;

impl Storage for Disk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        File::create(path)?.write_all(bytes)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        // Windows syncs only what is open for writing.
        let file = match cfg!(windows) {
            true => File::options().write(true).open(path)?,
            false => File::open(path)?,
        };
        file.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Windows has no such operation: there a rename is durable with the journal.
        match cfg!(windows) {
            true => Ok(()),
            false => File::open(path)?.sync_all(),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::symlink_metadata(path)?.is_dir() {
            true => fs::remove_dir_all(path),
            false => fs::remove_file(path),
        }
    }
}

/// Makes every file and folder in a folder durable, and the folder itself.
pub(crate) fn sync_all(storage: &dyn Storage, folder: &Path) -> Result<()> {
    for item in read_folder(folder)? {
        let path = folder.join(&item.name);
        match item.is_folder {
            true => sync_all(storage, &path)?,
            false => storage.sync_file(&path).map_err(|e| Error::io(&path, "syncing", e))?,
        }
    }
    storage.sync_folder(folder).map_err(|e| Error::io(folder, "syncing", e))
}

/// What stands in a folder.
pub(crate) struct Item {
    pub name: String,
    pub is_folder: bool,
}

/// Returns what stands in a folder, by name; nothing if it is not there.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Item>> {
    let failed = |e| Error::io(folder, "reading", e);
    let read = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(failed)?,
    };
    let mut items = Vec::new();
    for item in read {
        let item = item.map_err(failed)?;
        items.push(Item {
            name: item.file_name().to_string_lossy().into_owned(),
            is_folder: item.file_type().map_err(failed)?.is_dir(),
        });
    }
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(items)
}
