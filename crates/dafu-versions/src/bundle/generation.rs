use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use dafu::ErrorKind;

use super::container::{Kind, Packed, Reader, Source, write};
use crate::error::{Error, Result};
use crate::publication::{OpenGeneration, Publication, RECORD, is_name, read_folder};

/// A generation that was taken from a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BundledGeneration {
    /// Its name, to switch a channel to with [`Publication::switch_to`].
    pub name: String,
    /// The version that it was bundled as; 0 for none.
    pub version: u64,
    /// Whether the publication had it already.
    pub was_there: bool,
}

impl Publication {
    /// Writes a generation into one file: compressed, with checksums. `version` is what it is published as.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such generation, [`ErrorKind::Corrupt`] when it is damaged.
    pub fn export(&self, generation: &str, version: u64, path: impl AsRef<Path>) -> Result<()> {
        self.check_present(generation)?;
        let folder = self.generation_folder(generation);
        // Compared with its checksums, and kept from pruning meanwhile.
        let _open = OpenGeneration::open(&folder)?;
        let index = folder.join("index");
        let names = read_folder(&index)?.into_iter().map(|item| item.name);
        let mut paths = vec![(RECORD.to_owned(), folder.join(RECORD))];
        paths.extend(
            names
                .filter(|name| !name.starts_with('.'))
                .map(|name| (format!("index/{name}"), index.join(&name))),
        );
        let files: Vec<(String, Source<'_>)> = paths
            .iter()
            .map(|(name, path)| (name.clone(), Source::File(path)))
            .collect();
        write(path.as_ref(), Kind::Generation, generation, version, &files)
    }

    /// Takes the generation from a bundle. No channel changes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Format`] when the file is no bundle, [`ErrorKind::Corrupt`] when it is damaged or made to do harm: then
    /// nothing of it stays.
    pub fn import(&self, path: impl AsRef<Path>) -> Result<BundledGeneration> {
        let path = path.as_ref();
        let _lock = self.lock()?;
        self.clean_up()?;
        let mut reader = Reader::open(path, Kind::Generation)?;
        let context = |e: Error| e.context(format!("the bundle `{}`", path.display()));
        let (name, version) = (reader.list.name.clone(), reader.list.version);
        if !is_name(&name) {
            let message = "it names no generation; nothing of it was taken, ask whoever made it";
            return Err(context(Error::new(ErrorKind::Corrupt, message)));
        }
        let was_there = OpenGeneration::open(&self.generation_folder(&name)).is_ok();
        if !was_there {
            let unpacked = self
                .unpack(&mut reader, &name)
                .and_then(|()| self.put_in_place(&name).map(drop));
            // Best effort: the error that is on its way says more, and the next publish cleans up, too.
            unpacked.inspect_err(|_| drop(self.clean_up())).map_err(context)?;
        }
        Ok(BundledGeneration {
            name,
            version,
            was_there,
        })
    }

    fn unpack(&self, reader: &mut Reader<File>, name: &str) -> Result<()> {
        let folder = self.work_folder().join(name);
        let index = folder.join("index");
        fs::create_dir_all(&index).map_err(|e| Error::io(&index, "creating", e))?;
        let mut create = |packed: &Packed| -> Result<Box<dyn Write>> {
            let path = folder.join(&packed.name);
            let file = File::create_new(&path).map_err(|e| Error::io(&path, "creating", e))?;
            Ok(Box::new(BufWriter::new(file)))
        };
        while reader.next(&mut create)?.is_some() {}
        Ok(())
    }
}
