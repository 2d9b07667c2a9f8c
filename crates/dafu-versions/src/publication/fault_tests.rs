//! A publish on a storage that fails, or loses power, at every single operation, one after the other.
//!
//! After each of them a reader finds the old generation or the new one, whole; the next publish goes through, and nothing
//! stays that does not belong there.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dafu::{AskOptions, Content, ErrorKind};

use super::storage::Disk;
use super::{BasisRule, PruneRule, Publication, Storage};
use crate::error::Result;
use crate::live::Live;

fn content(version: u64) -> Content {
    let line = format!(r#"{{"id":"which","question":"现在是第几版？","answer":"第{version}版"}}"#);
    Content::from_jsonl(line.as_bytes()).unwrap()
}

/// Returns the version that a publication serves, after making sure that its answers are of that version, too.
fn served(folder: &Path) -> u64 {
    let generation = Live::open(folder).unwrap().current();
    let reply = generation
        .knowledge_base()
        .ask("现在是第几版", &AskOptions::new())
        .unwrap();
    let version = generation.version();
    assert_eq!(reply.hits[0].answer, Some(format!("第{version}版")));
    version
}

/// Something that a publisher does while version 1 serves, and the version that serves when it is done.
type Story = (&'static str, fn(&Publication) -> Result<()>, u64);

const STORIES: [Story; 5] = [
    (
        "publish",
        |publication| publication.publish(&content(2), 2).map(drop),
        2,
    ),
    (
        "publish upon what serves",
        |publication| {
            let bases = BasisRule {
                least_phrasings: 0,
                most_changed: 1,
            };
            let publication = publication.clone().with_bases(bases);
            assert!(publication.plan(&content(2))?.1.basis.is_some());
            publication.publish(&content(2), 2).map(drop)
        },
        2,
    ),
    (
        "roll back",
        |publication| {
            publication.publish(&content(2), 2)?;
            publication.roll_back("live", None).map(drop)
        },
        1,
    ),
    (
        "publish and prune",
        |publication| {
            publication.publish(&content(2), 2)?;
            publication.publish(&content(3), 3)?;
            let rule = PruneRule {
                keep_last: 1,
                ..PruneRule::default()
            };
            publication.prune(&rule).map(drop)
        },
        3,
    ),
    (
        "replace a damaged one",
        |publication| {
            let name = publication.serving("live")?.unwrap().generation;
            let settings = publication.generation_folder(&name).join("index").join("forward.bin");
            // Truncated by another hand. The old one cannot serve any more, so only the new one may.
            fs::write(settings, b"").unwrap();
            publication.publish(&content(1), 1).map(drop)
        },
        1,
    ),
];

#[test]
fn a_failing_operation_leaves_the_old_or_the_new_generation() {
    for (name, story, done) in STORIES {
        for number in 1.. {
            let (_temporary, faulty) = Faulty::new(Some(number), AfterFault::GoesOn);
            let result = story(&faulty.publication());
            if !faulty.has_failed() {
                result.unwrap();
                assert!(number > 10, "{name} has only {number} operations");
                break;
            }
            let context = format!("{name}, operation {number}");
            if let Err(error) = result {
                assert_eq!(error.kind(), ErrorKind::Io, "{context}: {error}");
            }
            check_after(&faulty.folder, name, done, &context);
        }
    }
}

#[test]
fn a_power_cut_leaves_the_old_or_the_new_generation() {
    for (name, story, done) in STORIES {
        for number in 1.. {
            let (_temporary, faulty) = Faulty::new(Some(number), AfterFault::Dead);
            let result = story(&faulty.publication());
            let finished = !faulty.has_failed();
            for loss in [Loss::Everything, Loss::Bytes, Loss::Nothing] {
                let after = in_memory();
                faulty.copy_what_survives(after.path(), loss);
                let context = format!("{name}, operation {number}, {loss:?} unsynced is lost");
                if finished {
                    // What was acknowledged is durable.
                    assert_eq!(served(after.path()), done, "{context}");
                }
                check_after(after.path(), name, done, &context);
            }
            if finished {
                result.unwrap();
                break;
            }
        }
    }
}

/// A reader finds a whole generation, then another publish goes through and leaves nothing behind.
fn check_after(folder: &Path, story: &str, done: u64, context: &str) {
    if story != "replace a damaged one" {
        let version = served(folder);
        assert!((1..=3).contains(&version), "{context}");
        assert!(done != 2 || version <= 2, "{context}");
    }
    let publication = Publication::open(folder).unwrap();
    publication.publish(&content(9), 9).unwrap();
    assert_eq!(served(folder), 9, "{context}");
    let rule = PruneRule {
        keep_last: 1,
        ..PruneRule::default()
    };
    assert!(publication.prune(&rule).unwrap().in_use.is_empty(), "{context}");
    assert_eq!(
        all_names(folder),
        ["CURRENT", "generations", "publish.lock", "work"],
        "{context}"
    );
    assert_eq!(all_names(&folder.join("generations")).len(), 1, "{context}");
    assert!(all_names(&folder.join("work")).is_empty(), "{context}");
}

/// A folder in memory where there is one: what is durable, the test decides, and real syncs only take their time.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn all_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What comes after the operation that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AfterFault {
    /// The others work: the disk was full for a moment.
    GoesOn,
    /// Nothing works any more: the machine is off.
    Dead,
}

/// What a power cut takes of that which was not synced.
#[derive(Debug, Clone, Copy)]
enum Loss {
    /// Names and bytes.
    Everything,
    /// Bytes, while the names are there: what some file systems do.
    Bytes,
    /// Nothing: the disk had been quick.
    Nothing,
}

/// A disk that fails at one operation, and knows what is durable.
struct Faulty {
    folder: PathBuf,
    /// Removed files go here, so that the number of a file is never given to another.
    graveyard: PathBuf,
    state: Mutex<State>,
}

struct State {
    operations: u32,
    fails_at: Option<u32>,
    after: AfterFault,
    has_failed: bool,
    /// The durable bytes of files by their number, and the durable names in folders.
    bytes: HashMap<u64, Vec<u8>>,
    names: HashMap<u64, BTreeMap<String, u64>>,
    folders: std::collections::HashSet<u64>,
}

impl Faulty {
    /// Returns a disk with a publication that serves version 1, all of it durable.
    fn new(fails_at: Option<u32>, after: AfterFault) -> (tempfile::TempDir, Arc<Self>) {
        let temporary = in_memory();
        let folder = temporary.path().join("publication");
        let graveyard = temporary.path().join("graveyard");
        fs::create_dir(&graveyard).unwrap();
        Publication::create(&folder).unwrap().publish(&content(1), 1).unwrap();
        let faulty = Self {
            folder,
            graveyard,
            state: Mutex::new(State {
                operations: 0,
                fails_at,
                after,
                has_failed: false,
                bytes: HashMap::new(),
                names: HashMap::new(),
                folders: std::collections::HashSet::new(),
            }),
        };
        faulty.state.lock().unwrap().sync_tree(&faulty.folder);
        (temporary, Arc::new(faulty))
    }

    fn publication(self: &Arc<Self>) -> Publication {
        Publication::with_storage(self.folder.clone(), Arc::new(Handle(Arc::clone(self))))
    }

    fn has_failed(&self) -> bool {
        self.state.lock().unwrap().has_failed
    }

    fn operate(&self, operation: impl FnOnce(&mut State) -> io::Result<()>) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        state.operations += 1;
        if state.fails_at == Some(state.operations) {
            state.has_failed = true;
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
        }
        if state.has_failed && state.after == AfterFault::Dead {
            return Err(io::Error::other("the machine is off"));
        }
        operation(&mut state)
    }

    fn copy_what_survives(&self, to: &Path, loss: Loss) {
        let state = self.state.lock().unwrap();
        state.copy_folder(&self.folder, fs::metadata(&self.folder).unwrap().ino(), to, loss);
    }
}

impl State {
    fn sync_tree(&mut self, folder: &Path) {
        for name in all_names(folder) {
            let path = folder.join(name);
            match path.is_dir() {
                true => self.sync_tree(&path),
                false => self.sync_file(&path),
            }
        }
        self.sync_folder(folder);
    }

    fn sync_file(&mut self, path: &Path) {
        let number = fs::metadata(path).unwrap().ino();
        self.bytes.insert(number, fs::read(path).unwrap());
    }

    fn sync_folder(&mut self, path: &Path) {
        let mut names = BTreeMap::new();
        for name in all_names(path) {
            let metadata = fs::metadata(path.join(&name)).unwrap();
            if metadata.is_dir() {
                self.folders.insert(metadata.ino());
            }
            names.insert(name, metadata.ino());
        }
        self.names.insert(fs::metadata(path).unwrap().ino(), names);
    }

    /// `folder` is where the folder with this number is now, if it is anywhere.
    fn copy_folder(&self, folder: &Path, number: u64, to: &Path, loss: Loss) {
        fs::create_dir_all(to).unwrap();
        match loss {
            Loss::Everything => {
                for (name, number) in self.names.get(&number).into_iter().flatten() {
                    match self.folders.contains(number) {
                        true => self.copy_folder(folder, *number, &to.join(name), loss),
                        false => self.copy_durable(*number, &to.join(name)),
                    }
                }
            }
            Loss::Bytes | Loss::Nothing => {
                for name in all_names(folder) {
                    let (from, to) = (folder.join(&name), to.join(&name));
                    let metadata = fs::metadata(&from).unwrap();
                    match (metadata.is_dir(), loss) {
                        (true, _) => self.copy_folder(&from, metadata.ino(), &to, loss),
                        (false, Loss::Bytes) => self.copy_durable(metadata.ino(), &to),
                        (false, _) => drop(fs::copy(from, to).unwrap()),
                    }
                }
            }
        }
    }

    /// A file of which nothing was synced is there, and empty.
    fn copy_durable(&self, number: u64, to: &Path) {
        fs::write(to, self.bytes.get(&number).map_or(&[][..], Vec::as_slice)).unwrap();
    }
}

struct Handle(Arc<Faulty>);

impl Storage for Handle {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.operate(|_| Disk.create_folder(path))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let result = self.0.operate(|_| Disk.write(path, bytes));
        if result.is_err() && !self.0.state.lock().unwrap().bytes.is_empty() {
            // A write that fails may have written the half of it.
            let _ = Disk.write(path, &bytes[..bytes.len() / 2]);
        }
        result
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.0.operate(|state| {
            state.sync_file(path);
            Ok(())
        })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.0.operate(|state| {
            state.sync_folder(path);
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.operate(|_| {
            if to.is_file() {
                // What is replaced keeps its number, as long as some folder may still have it durably.
                let grave = self.0.graveyard.join(fs::metadata(to)?.ino().to_string());
                fs::hard_link(to, grave)?;
            }
            Disk.rename(from, to)
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.operate(|_| {
            let grave = self.0.graveyard.join(fs::metadata(path)?.ino().to_string());
            fs::rename(path, grave)
        })
    }
}
