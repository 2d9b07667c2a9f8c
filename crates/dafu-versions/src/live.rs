//! The reading side of a publication.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use dafu::{ErrorKind, KnowledgeBase};

use crate::error::{Error, Result};
use crate::publication::{Current, LIVE, OpenGeneration, Publication, Served};

/// Answers from the generation that a channel serves, and switches when it is told to look again.
///
/// Any number of threads share it. It needs no write permission and no store. Nothing runs in the background unless
/// [`follow`](Self::follow) is called. A clone is another handle to the same.
///
/// ```
/// use dafu::{AskOptions, Content};
/// use dafu_versions::{Live, Publication, Reload};
///
/// let folder = tempfile::tempdir()?;
/// let content = Content::from_jsonl(r#"{"id":"hours","question":"几点上班？","answer":"9点到18点。"}"#.as_bytes())?;
/// Publication::create(folder.path())?.publish(&content, 1)?;
///
/// let live = Live::open(folder.path())?;
/// let generation = live.current(); // this question keeps its generation, whatever happens meanwhile
/// let reply = generation.knowledge_base().ask("几点上班", &AskOptions::new())?;
/// assert_eq!(reply.hits[0].answer.as_deref(), Some("9点到18点。"));
/// assert_eq!(live.reload()?, Reload::Unchanged);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

/// A generation that is being served: it stays whole, and on the disk, as long as anybody has it.
#[derive(Debug, Clone)]
pub struct Generation {
    open: Arc<OpenGeneration>,
    served: Served,
}

/// What a reload has found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reload {
    /// The channel serves what it served before.
    Unchanged,
    /// The channel was switched, and so was the reader.
    Switched {
        /// What was served until now.
        from: Served,
        /// What is served from now on. The generation may be the same: as another version, or after a roll back.
        to: Served,
    },
}

/// A thread that reloads again and again, until it is dropped.
pub struct Follower {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Inner {
    folder: PathBuf,
    channel: String,
    current: ArcSwap<Generation>,
    /// The generation before, which a roll back takes up again. Locked while reloading, so that one reloads at a time.
    before: Mutex<Option<Arc<OpenGeneration>>>,
}

impl Live {
    /// Opens what the channel `live` of a publication folder serves.
    ///
    /// Takes the time to map the files and to compare them with their checksums: some milliseconds for
    /// 20,000 phrasings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when nothing has been published there, [`ErrorKind::Corrupt`] when a file is damaged,
    /// [`ErrorKind::Format`] when another release has written it.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        Self::open_channel(folder, LIVE)
    }

    /// Opens what a channel of a publication folder serves, such as `test`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_channel(folder: impl AsRef<Path>, channel: &str) -> Result<Self> {
        let folder = folder.as_ref();
        let context = |e: Error| e.context(format!("opening the publication `{}`", folder.display()));
        let generation = open_serving(folder, channel, &[]).map_err(context)?;
        Ok(Self {
            inner: Arc::new(Inner {
                folder: folder.to_owned(),
                channel: channel.to_owned(),
                current: ArcSwap::from_pointee(generation),
                before: Mutex::new(None),
            }),
        })
    }

    /// Returns the generation to answer the next question with. Takes no lock, whatever else happens: not even a reload
    /// that is under way.
    pub fn current(&self) -> Arc<Generation> {
        self.inner.current.load_full()
    }

    /// Looks whether the channel has been switched, and follows.
    ///
    /// Reads one small file if nothing has changed. A new generation is opened first, in a few milliseconds, while the old
    /// one goes on serving: its manifests are compared with their checksums, its other files by their lengths, since the
    /// publisher has compared every byte before it switched. [`Publication::verify`] compares them again. A roll back to
    /// the generation before takes no time, since that is kept open.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open): the generation of before goes on serving then.
    pub fn reload(&self) -> Result<Reload> {
        let Inner {
            folder,
            channel,
            current,
            before,
        } = &*self.inner;
        let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
        let old = current.load_full();
        let serving = Current::read(folder, channel)?.ok_or_else(|| nothing_served(channel))?;
        if *serving.serving() == old.served {
            return Ok(Reload::Unchanged);
        }
        let mut known = vec![Arc::clone(&old.open)];
        known.extend(before.clone());
        let new = open_serving(folder, channel, &known)?;
        let switched = Reload::Switched {
            from: old.served.clone(),
            to: new.served.clone(),
        };
        if !Arc::ptr_eq(&old.open, &new.open) {
            *before = Some(Arc::clone(&old.open));
        }
        current.store(Arc::new(new));
        Ok(switched)
    }

    /// Starts a thread that reloads every `interval`, and calls `callback` after each switch, and for each error that
    /// is not the one of the time before. It stops when the follower is dropped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the system gives no thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use std::time::Duration;
    ///
    /// use dafu::Content;
    /// use dafu_versions::{Live, Publication, Reload};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let publication = Publication::create(folder.path())?;
    /// publication.publish(&Content::from_jsonl("{\"question\":\"几点上班？\"}".as_bytes())?, 1)?;
    ///
    /// let live = Live::open(folder.path())?;
    /// let (sender, switches) = mpsc::channel();
    /// let follower = live.follow(Duration::from_millis(10), move |reload| drop(sender.send(reload)))?;
    /// publication.publish(&Content::from_jsonl("{\"question\":\"几点下班？\"}".as_bytes())?, 2)?;
    /// assert!(matches!(switches.recv()??, Reload::Switched { to, .. } if to.version == 2));
    /// drop(follower);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn follow(
        &self,
        interval: Duration,
        mut callback: impl FnMut(Result<Reload>) + Send + 'static,
    ) -> Result<Follower> {
        let live = self.clone();
        let (stop, stopped) = mpsc::channel();
        let run = move || {
            let mut last_error = None;
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                match live.reload() {
                    Ok(Reload::Unchanged) => last_error = None,
                    Ok(switched) => {
                        last_error = None;
                        callback(Ok(switched));
                    }
                    Err(error) => {
                        let message = Some(error.to_string());
                        if message != last_error {
                            last_error = message;
                            callback(Err(error));
                        }
                    }
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("dafu-follow".to_owned())
            .spawn(run)
            .map_err(|e| Error::from_source(ErrorKind::Io, "starting a thread", e))?;
        Ok(Follower {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the publication folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// Returns the channel that is followed.
    pub fn channel(&self) -> &str {
        &self.inner.channel
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live")
            .field("folder", &self.inner.folder)
            .field("channel", &self.inner.channel)
            .field("served", &self.current().served)
            .finish_non_exhaustive()
    }
}

impl Generation {
    /// Returns what to ask.
    pub fn knowledge_base(&self) -> &KnowledgeBase {
        &self.open.knowledge_base
    }

    /// Returns its name, which follows from its content: 32 hexadecimal digits.
    pub fn name(&self) -> &str {
        &self.open.record.name
    }

    /// Returns the number of the switch by which the channel serves it, from 1: each switch has a greater one.
    pub fn number(&self) -> u64 {
        self.served.number
    }

    /// Returns the version of its content, as its publisher numbers them; 0 for none.
    pub fn version(&self) -> u64 {
        self.served.version
    }

    /// Returns since when, and as what, the channel serves it.
    pub fn served(&self) -> &Served {
        &self.served
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else {
            return;
        };
        // The callback may own what owns this follower; a thread cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}

/// Opens what a channel serves, unless it is known.
fn open_serving(folder: &Path, channel: &str, known: &[Arc<OpenGeneration>]) -> Result<Generation> {
    let mut attempts = ATTEMPTS;
    loop {
        let current = Current::read(folder, channel)?.ok_or_else(|| nothing_served(channel))?;
        let served = current.serving().clone();
        if let Some(open) = known.iter().find(|open| open.record.name == served.generation) {
            let open = Arc::clone(open);
            return Ok(Generation { open, served });
        }
        attempts -= 1;
        let place = Publication::generation_in(folder, &served.generation);
        let opened = match known.first() {
            Some(open) => open.open_next(&place),
            None => OpenGeneration::open(&place),
        };
        match opened {
            // It was switched away from, and removed, since it was read: what is there now?
            Err(e) if e.kind() == ErrorKind::NotFound && attempts > 0 => continue,
            open => {
                let open = Arc::new(open?);
                return Ok(Generation { open, served });
            }
        }
    }
}

/// Each takes a switch and a removal in the instant between two reads: more than a few in a row is no coincidence.
const ATTEMPTS: usize = 5;

fn nothing_served(channel: &str) -> Error {
    let message =
        format!("nothing has been published on the channel `{channel}`; publish first, or name another folder");
    Error::new(ErrorKind::NotFound, message)
}
