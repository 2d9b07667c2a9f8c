//! The authoring store: one SQLite file with all versions, drafts, test questions and the audit trail.
//!
//! See `docs/design.md`, *Store*, for the tables and what holds of them.

mod audit;
mod commit;
mod diff;
mod drafts;
mod failure;
mod history;
mod labels;
mod publications;
mod rows;
mod schema;
mod test_questions;
mod versions;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dafu::ErrorKind;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use audit::AuditRecord;
pub use commit::{Commit, Conflict};
pub use diff::{Change, ChangeKind, FieldChange};
pub use drafts::{Draft, DraftInfo, ImportSummary, ItemState};
pub use history::{FieldOrigin, Revision};
pub(crate) use publications::Intent;
pub use test_questions::{Expectation, TestQuestion};
pub use versions::Version;

use crate::error::{Error, Result};
use failure::failed;
use schema::State;

/// All versions of a content, the drafts of its editors, and who did what.
///
/// Several processes may have it open. A writer waits for another, 10 seconds at most unless told otherwise, and
/// then gets [`ErrorKind::Busy`]. Threads share one handle; they take turns.
///
/// ```
/// use dafu::Entry;
/// use dafu_versions::{Commit, Store};
///
/// let folder = tempfile::tempdir()?;
/// let store = Store::create(folder.path().join("shop.dafu"))?;
/// let draft = store.new_draft("退款", "王芳")?;
/// draft.put(Entry::new("refund".try_into()?, "退款多久到账？".try_into()?))?;
/// let Commit::Version(version) = draft.commit("王芳", "第一个问题")? else { panic!("nobody else is here") };
/// assert_eq!((version.number, version.entries), (1, 1));
/// assert_eq!(store.content(1)?.entries()[0].question.as_str(), "退款多久到账？");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Store {
    /// Creates a store.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] when there is a store already, [`ErrorKind::Io`] when the folder is not there or may not
    /// be written.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        let context = |e: Error| e.context(format!("creating the store `{}`", path.display()));
        let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_CREATE).map_err(context)?;
        match schema::prepare(&mut connection, &path).map_err(context)? {
            State::Empty => schema::migrate(&mut connection).map_err(context)?,
            State::Store => {
                let message = format!("`{}` is a store already; open it, or name another file", path.display());
                return Err(Error::new(ErrorKind::Conflict, message));
            }
        }
        Self::with_connection(path, connection)
    }

    /// Opens a store, and brings one of an older release up to date.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is none, [`ErrorKind::Format`] when the file is of another program or of a newer
    /// release, [`ErrorKind::Corrupt`] when it is damaged.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        if !path.exists() {
            let message = format!("there is no store `{}`; create it first", path.display());
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let context = |e: Error| e.context(format!("opening the store `{}`", path.display()));
        let mut connection = connect(&path, OpenFlags::empty()).map_err(context)?;
        match schema::prepare(&mut connection, &path).map_err(context)? {
            State::Store => Self::with_connection(path, connection),
            State::Empty => {
                let message = format!("`{}` is no store yet; create it first", path.display());
                Err(Error::new(ErrorKind::NotFound, message))
            }
        }
    }

    /// Sets how long to wait for another process that writes: 10 seconds by default.
    ///
    /// # Errors
    ///
    /// Never in practice.
    pub fn with_wait(self, wait: Duration) -> Result<Self> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.busy_timeout(wait).map_err(|e| failed("opening", e))?;
        drop(connection);
        Ok(self)
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks through the whole file for damage: every page, every reference, every hash. Takes some seconds for a
    /// gigabyte.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Corrupt`] when something is wrong; the message says what was found first.
    pub fn verify(&self) -> Result<()> {
        self.read(|rows| {
            let found: String = rows.one("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            let damaged = |what: String| {
                Err(Error::new(
                    ErrorKind::Corrupt,
                    format!("{what}; restore the file from a copy"),
                ))
            };
            if found != "ok" {
                return damaged(found);
            }
            if rows.exists("SELECT 1 FROM pragma_foreign_key_check", [])? {
                return damaged("a row refers to one that is not there".to_owned());
            }
            match rows.first_wrong_hash()? {
                None => Ok(()),
                Some(key) => damaged(format!("a revision of the {key} does not match its hash")),
            }
        })
    }

    /// Lets the file grow to so many pages and no further, as a full disk does.
    #[doc(hidden)]
    pub fn limit_pages_for_tests(&self, pages: i64) -> Result<()> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()));
        limit.map_err(|e| failed("opening", e))
    }

    /// Runs something on one state of the store.
    pub(crate) fn read<T>(&self, run: impl FnOnce(&rows::Rows<'_>) -> Result<T>) -> Result<T> {
        self.transact(TransactionBehavior::Deferred, run)
    }

    /// Runs something that changes the store: all of it, or nothing if it fails.
    pub(crate) fn write<T>(&self, run: impl FnOnce(&rows::Rows<'_>) -> Result<T>) -> Result<T> {
        self.transact(TransactionBehavior::Immediate, run)
    }

    fn transact<T>(&self, behavior: TransactionBehavior, run: impl FnOnce(&rows::Rows<'_>) -> Result<T>) -> Result<T> {
        let context = |e: Error| match e.kind() {
            // What the caller got wrong says enough; what happened to the file must name it.
            ErrorKind::InvalidInput | ErrorKind::NotFound | ErrorKind::Conflict => e,
            _ => e.context(format!("the store `{}`", self.path.display())),
        };
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction: Transaction<'_> = connection
            .transaction_with_behavior(behavior)
            .map_err(|e| context(failed("beginning", e)))?;
        let rows = rows::Rows::new(&transaction);
        let result = run(&rows).map_err(context)?;
        transaction.commit().map_err(|e| context(failed("committing", e)))?;
        Ok(result)
    }

    fn with_connection(path: PathBuf, connection: Connection) -> Result<Self> {
        connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
            .and_then(|()| connection.pragma_update(None, "journal_size_limit", 16_i64 << 20))
            .map_err(|e| failed("opening", e).context(format!("the store `{}`", path.display())))?;
        Ok(Self {
            path,
            connection: Mutex::new(connection),
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn connect(path: &Path, more: OpenFlags) -> Result<Connection> {
    let opening = |e| failed("opening", e);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags).map_err(opening)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(opening)?;
    // FULL: the log is synced before a commit returns.
    connection.pragma_update(None, "synchronous", "FULL").map_err(opening)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(opening)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
