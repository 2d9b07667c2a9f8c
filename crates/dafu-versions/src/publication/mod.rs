//! Publishing: generations beside each other, and one small file that says which one serves.
//!
//! See `docs/design.md`, *Publication*, for the files and what holds of them.

mod basis;
mod current;
#[cfg(test)]
mod fault_tests;
mod generation;
mod lock;
mod prune;
mod storage;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dafu::{BuildOptions, Content, ErrorKind, KnowledgeBase};
use serde::Serialize;

pub use basis::BasisRule;
pub use current::Served;
pub(crate) use current::{Current, LIVE, channel_of};
pub(crate) use generation::{OpenGeneration, RECORD, is_name};
pub use prune::{PruneRule, Pruned};
pub(crate) use storage::{Storage, read_folder, sync_all};

use crate::error::{Error, Result};
use generation::Identity;
use lock::WriteLock;
use storage::Disk;

/// The writing side of a publication folder: builds generations, switches channels, removes what is not needed.
///
/// Several processes may have one; while one writes, the others wait, 10 seconds at most unless told otherwise, and
/// then get [`ErrorKind::Busy`]. Readers use [`Live`](crate::Live).
///
/// ```
/// use dafu::{AskOptions, Content};
/// use dafu_versions::{Live, Publication};
///
/// let folder = tempfile::tempdir()?;
/// let publication = Publication::create(folder.path().join("shop"))?;
/// let monday = Content::from_jsonl(r#"{"id":"r","question":"退款多久到账？","answer":"3天。"}"#.as_bytes())?;
/// let tuesday = Content::from_jsonl(r#"{"id":"r","question":"退款多久到账？","answer":"1天。"}"#.as_bytes())?;
/// publication.publish(&monday, 1)?;
///
/// let live = Live::open(folder.path().join("shop"))?;
/// publication.publish(&tuesday, 2)?;
/// live.reload()?;
/// let reply = live.current().knowledge_base().ask("退款多久到账", &AskOptions::new())?;
/// assert_eq!(reply.hits[0].answer.as_deref(), Some("1天。"));
///
/// publication.roll_back("live", None)?;
/// live.reload()?;
/// assert_eq!(live.current().version(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Publication {
    folder: PathBuf,
    storage: Arc<dyn Storage>,
    wait: Duration,
    bases: BasisRule,
}

/// A generation that is whole and durable, and that no channel has been switched to yet.
///
/// As long as it is there, nobody else can publish, roll back or prune. To drop it is no loss: the generation stays, and
/// publishing the same content again takes no time.
pub struct Prepared {
    publication: Publication,
    generation: OpenGeneration,
    was_there: bool,
    _lock: WriteLock,
}

/// A generation in a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GenerationInfo {
    /// Its name.
    pub name: String,
    /// The channels that serve it.
    pub channels: Vec<String>,
    /// How many bytes its files have.
    pub bytes: u64,
}

impl Publication {
    /// Opens a publication folder, and creates what is not there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the disk refuses.
    pub fn create(folder: impl Into<PathBuf>) -> Result<Self> {
        let publication = Self::with_storage(folder.into(), Arc::new(Disk));
        publication.create_folders()?;
        Ok(publication)
    }

    /// Opens a publication folder.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when it is not there.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let publication = Self::with_storage(folder.into(), Arc::new(Disk));
        if publication.generations_folder().is_dir() {
            return Ok(publication);
        }
        let message = format!("`{}` is no publication folder", publication.folder.display());
        Err(Error::new(
            ErrorKind::NotFound,
            format!("{message}; publish to it first"),
        ))
    }

    /// Sets how long to wait for another process that writes: 10 seconds by default.
    pub fn with_wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Sets which contents are built upon a generation that is there.
    pub fn with_bases(mut self, rule: BasisRule) -> Self {
        self.bases = rule;
        self
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Publishes a content on the channel `live`, as a version of this number: [`prepare`](Self::prepare) and
    /// [`switch`](Prepared::switch) in one.
    ///
    /// # Errors
    ///
    /// As both.
    pub fn publish(&self, content: &Content, version: u64) -> Result<Served> {
        self.prepare(content)?.switch(LIVE, version)
    }

    /// Makes the generation of a content, or finds it, and opens it. No channel changes.
    ///
    /// Building takes most of the time. A large content is built [upon what is there](BasisRule), so that but the changes
    /// cost time. It leaves the cores to those who answer meanwhile. What interrupted publishes have left over is
    /// removed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Busy`] when another process writes for too long, [`ErrorKind::Io`] when the disk refuses. In any
    /// case every channel serves what it served before.
    pub fn prepare(&self, content: &Content) -> Result<Prepared> {
        let lock = self.lock()?;
        self.clean_up()?;
        let (identity, options) = self.plan(content)?;
        let folder = self.generation_folder(&identity.name());
        let found = match folder.exists() {
            true => OpenGeneration::open(&folder).ok(),
            false => None,
        };
        let was_there = found.is_some();
        let generation = match found {
            Some(generation) => generation,
            None => self.build(content, identity, &options)?,
        };
        Ok(Prepared {
            publication: self.clone(),
            generation,
            was_there,
            _lock: lock,
        })
    }

    /// Builds in memory what a publish of this content would serve now: the same answers, bit for bit. Nothing is
    /// written, and nobody waits.
    ///
    /// # Errors
    ///
    /// As [`KnowledgeBase::new`].
    pub fn preview(&self, content: &Content) -> Result<KnowledgeBase> {
        let (_, options) = self.plan(content)?;
        Ok(KnowledgeBase::with_options(content, &options)?)
    }

    /// Takes up again what a channel served before: the switch with this number, or without one the last switch before
    /// the present one. Rolling back twice goes back twice. Builds nothing and takes milliseconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when nothing was served before, the number is unknown, or its generation was pruned.
    pub fn roll_back(&self, channel: &str, to: Option<u64>) -> Result<Served> {
        let lock = self.lock()?;
        self.clean_up()?;
        let target = self.roll_back_target(channel, to)?;
        self.take_up_again(channel, &target, &lock)
    }

    /// Lets a channel serve a generation that is there, as a version of this number; one that another channel has tried
    /// out, say. Builds nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such generation, [`ErrorKind::Corrupt`] when it is damaged.
    pub fn switch_to(&self, channel: &str, generation: &str, version: u64) -> Result<Served> {
        let _lock = self.lock()?;
        self.clean_up()?;
        self.check_present(generation)?;
        OpenGeneration::open(&self.generation_folder(generation))?;
        self.switch(channel, generation, version)
    }

    /// Returns what a channel serves; `None` if nothing was ever published there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a name that no channel can have, [`ErrorKind::Corrupt`] for a damaged file.
    pub fn serving(&self, channel: &str) -> Result<Option<Served>> {
        Ok(self.current(channel)?.map(|current| current.serving().clone()))
    }

    /// Returns the last 64 switches of a channel, the newest first.
    ///
    /// # Errors
    ///
    /// As [`serving`](Self::serving).
    pub fn switches(&self, channel: &str) -> Result<Vec<Served>> {
        let current = self.current(channel)?;
        Ok(current.map_or_else(Vec::new, |current| current.switches().iter().rev().cloned().collect()))
    }

    /// Returns the channels that serve something, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the folder cannot be read.
    pub fn channels(&self) -> Result<Vec<String>> {
        let items = read_folder(&self.folder)?;
        let channels = items.iter().filter_map(|item| channel_of(&item.name));
        Ok(channels.map(str::to_owned).collect())
    }

    /// Returns the generations that are there, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the folder cannot be read.
    pub fn generations(&self) -> Result<Vec<GenerationInfo>> {
        let mut serving = Vec::new();
        for channel in self.channels()? {
            if let Some(served) = self.serving(&channel)? {
                serving.push((served.generation, channel));
            }
        }
        self.generation_names()?
            .into_iter()
            .map(|name| {
                let channels = serving.iter().filter(|(generation, _)| *generation == name);
                Ok(GenerationInfo {
                    channels: channels.map(|(_, channel)| channel.clone()).collect(),
                    bytes: size_of_folder(&self.generation_folder(&name))?,
                    name,
                })
            })
            .collect()
    }

    /// Returns the names of the generations that are there, whatever the channels serve: also when one of those is damaged.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the folder cannot be read.
    pub fn generation_names(&self) -> Result<Vec<String>> {
        let items = read_folder(&self.generations_folder())?;
        let names = items.into_iter().map(|item| item.name);
        Ok(names.filter(|name| is_name(name)).collect())
    }

    /// Compares every file of a generation with its checksum, and opens it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when it is not there, [`ErrorKind::Corrupt`] when a file is damaged; the message names it.
    pub fn verify(&self, generation: &str) -> Result<()> {
        self.check_present(generation)?;
        OpenGeneration::open(&self.generation_folder(generation)).map(|_| ())
    }

    pub(crate) fn with_storage(folder: PathBuf, storage: Arc<dyn Storage>) -> Self {
        Self {
            folder,
            storage,
            wait: Duration::from_secs(10),
            bases: BasisRule::default(),
        }
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    pub(crate) fn generation_in(folder: &Path, name: &str) -> PathBuf {
        folder.join(GENERATIONS).join(name)
    }

    pub(crate) fn generation_folder(&self, name: &str) -> PathBuf {
        Self::generation_in(&self.folder, name)
    }

    pub(crate) fn work_folder(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// Waits until nobody else writes.
    pub(crate) fn lock(&self) -> Result<WriteLock> {
        WriteLock::take(&self.folder.join("publish.lock"), self.wait)
    }

    /// Removes what was not finished. Only for the holder of the lock.
    pub(crate) fn clean_up(&self) -> Result<()> {
        let work = self.work_folder();
        for item in read_folder(&work)? {
            self.remove(&work.join(item.name))?;
        }
        Ok(())
    }

    /// Puts a finished generation from `work` in its place; a damaged one that is there goes.
    pub(crate) fn put_in_place(&self, name: &str) -> Result<OpenGeneration> {
        let (made, place) = (self.work_folder().join(name), self.generation_folder(name));
        sync_all(self.storage(), &made)?;
        // Its files stay open under the new name, so that they are compared with their checksums only once.
        let generation = OpenGeneration::open(&made)?;
        if place.exists() {
            self.rename(&place, &self.work_folder().join(format!("{name}.damaged")))?;
        }
        self.rename(&made, &place)?;
        self.sync_folder(&self.generations_folder())?;
        self.sync_folder(&self.work_folder())?;
        self.clean_up()?;
        Ok(generation)
    }

    /// Returns the switch that a roll back takes up again, after a look whether its generation is there.
    pub(crate) fn roll_back_target(&self, channel: &str, to: Option<u64>) -> Result<Served> {
        let current = self.current(channel)?.ok_or_else(|| {
            let message = format!("the channel `{channel}` has never served anything; publish to it first");
            Error::new(ErrorKind::NotFound, message)
        })?;
        let to = to.or(current.serving().before);
        let Some(target) = to.and_then(|number| current.find(number)) else {
            let what = to.map_or("an earlier generation".to_owned(), |number| {
                format!("the switch {number}")
            });
            let message = format!("the channel `{channel}` does not remember {what}; publish the version again");
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        self.check_present(&target.generation)?;
        // Its other files are compared with their checksums by whoever opens it: that takes longer than a roll back may.
        generation::read_record(&self.generation_folder(&target.generation))?;
        Ok(target.clone())
    }

    /// Lets a channel serve again what it served by an earlier switch.
    pub(crate) fn take_up_again(&self, channel: &str, target: &Served, _lock: &WriteLock) -> Result<Served> {
        let current = self.current(channel)?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("the channel `{channel}` serves nothing any more; publish to it"),
            )
        })?;
        self.write_current(channel, &current.rolled_back(target, now()))
    }

    pub(crate) fn switch(&self, channel: &str, generation: &str, version: u64) -> Result<Served> {
        let current = self.current(channel)?;
        if let Some(serving) = current.as_ref().map(Current::serving)
            && (serving.generation.as_str(), serving.version) == (generation, version)
        {
            return Ok(serving.clone());
        }
        self.write_current(
            channel,
            &Current::switched(current.as_ref(), generation, version, now()),
        )
    }

    pub(crate) fn check_present(&self, generation: &str) -> Result<()> {
        if is_name(generation) && self.generation_folder(generation).join(RECORD).is_file() {
            return Ok(());
        }
        let shown: String = generation.chars().take(40).collect();
        let message = format!("there is no generation `{shown}` in `{}`", self.folder.display());
        Err(Error::new(
            ErrorKind::NotFound,
            format!("{message}; publish its version again"),
        ))
    }

    fn create_folders(&self) -> Result<()> {
        for folder in [&self.generations_folder(), &self.work_folder()] {
            self.storage
                .create_folder(folder)
                .map_err(|e| Error::io(folder, "creating", e))?;
        }
        self.sync_folder(&self.folder)?;
        match self.folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => self.sync_folder(parent),
            None => Ok(()),
        }
    }

    fn build(&self, content: &Content, identity: Identity, options: &BuildOptions) -> Result<OpenGeneration> {
        let name = identity.name();
        let folder = self.work_folder().join(&name);
        self.storage
            .create_folder(&folder)
            .map_err(|e| Error::io(&folder, "creating", e))?;
        let made = generation::build(content, identity, options, &folder, |path, bytes| {
            self.storage.write(path, bytes)
        })
        .and_then(|()| self.put_in_place(&name));
        // Best effort: the error that is on its way says more, and the next publish cleans up, too.
        made.inspect_err(|_| drop(self.clean_up()))
    }

    fn current(&self, channel: &str) -> Result<Option<Current>> {
        Current::read(&self.folder, channel)
    }

    fn write_current(&self, channel: &str, current: &Current) -> Result<Served> {
        let name = current::file_name(channel)?;
        let (made, place) = (self.work_folder().join(&name), self.folder.join(&name));
        self.storage
            .write(&made, &current.to_bytes())
            .and_then(|()| self.storage.sync_file(&made))
            .map_err(|e| Error::io(&made, "writing", e))?;
        self.rename(&made, &place)?;
        self.sync_folder(&self.folder)?;
        Ok(current.serving().clone())
    }

    fn generations_folder(&self) -> PathBuf {
        self.folder.join(GENERATIONS)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.storage.rename(from, to).map_err(|e| Error::io(from, "moving", e))
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.storage.remove(path).map_err(|e| Error::io(path, "removing", e))
    }

    fn sync_folder(&self, path: &Path) -> Result<()> {
        self.storage
            .sync_folder(path)
            .map_err(|e| Error::io(path, "syncing", e))
    }
}

impl std::fmt::Debug for Publication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publication")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Prepared {
    /// Returns the name of the generation.
    pub fn name(&self) -> &str {
        &self.generation.record.name
    }

    /// Says whether it was there already, so that nothing was built.
    pub fn was_there(&self) -> bool {
        self.was_there
    }

    /// Returns what it answers with: what every reader will answer with, bit for bit.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.generation.knowledge_base
    }

    /// Lets a channel serve it, as a version of this number. A channel that serves just this is left as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a name that no channel can have, [`ErrorKind::Io`] when the disk refuses; then
    /// the channel serves either the old or the new one, whole: [`Publication::serving`] tells.
    pub fn switch(self, channel: &str, version: u64) -> Result<Served> {
        self.publication.switch(channel, self.name(), version)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("name", &self.name())
            .field("was_there", &self.was_there)
            .finish_non_exhaustive()
    }
}

const GENERATIONS: &str = "generations";

/// Returns the seconds since 1970 by the clock of the machine; 0 if it stands before.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}

fn size_of_folder(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for item in read_folder(folder)? {
        let path = folder.join(&item.name);
        bytes += match item.is_folder {
            true => size_of_folder(&path)?,
            false => fs::metadata(&path).map_err(|e| Error::io(&path, "reading", e))?.len(),
        };
    }
    Ok(bytes)
}
