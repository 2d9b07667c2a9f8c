use dafu::{Content, ErrorKind};
use rusqlite::Row;
use serde::Serialize;

use super::Store;
use super::rows::{Rows, read_item};
use crate::error::{Error, Result};
use crate::item::{Item, ItemKey, content_of};

/// A version: one state of the whole content, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Version {
    /// Its number: 1, 2, 3 and so on. The version before it is its parent.
    pub number: u64,
    /// The version on which its draft was based: its parent, unless others had committed meanwhile.
    pub base: u64,
    /// Who committed it.
    pub author: String,
    /// What was changed, and why.
    pub message: String,
    /// When it was committed, in seconds since 1970-01-01T00:00:00Z: never before its parent.
    pub time: i64,
    /// What it holds, as 64 hexadecimal digits: equal for versions with the same items in the same order.
    pub content_hash: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many standard answers it has.
    pub standard_answers: u64,
    /// How many templates it has.
    pub templates: u64,
    /// How many lines of settings it has.
    pub settings: u64,
    /// How many phrasings its entries have together.
    pub phrasings: u64,
}

impl Store {
    /// Returns the newest version; `None` for a store without any.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when the file cannot be read.
    pub fn newest(&self) -> Result<Option<Version>> {
        self.read(|rows| match rows.newest()? {
            0 => Ok(None),
            newest => version(rows, newest).map(Some),
        })
    }

    /// Returns the version with a number.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is none.
    pub fn version(&self, number: u64) -> Result<Version> {
        self.read(|rows| version(rows, rows.check_version(number)?))
    }

    /// Returns the versions, the newest first: at most `limit`, before the version `before` if it is given.
    ///
    /// # Errors
    ///
    /// As [`newest`](Self::newest).
    pub fn versions(&self, before: Option<u64>, limit: usize) -> Result<Vec<Version>> {
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = format!("SELECT {COLUMNS} FROM versions WHERE version < ? ORDER BY version DESC LIMIT ?");
        self.read(|rows| rows.all(&sql, (before, limit), read_version))
    }

    /// Returns the version that was the newest at an instant, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there was none yet.
    pub fn version_at(&self, unix_seconds: i64) -> Result<Version> {
        let sql = format!("SELECT {COLUMNS} FROM versions WHERE time <= ? ORDER BY time DESC, version DESC LIMIT 1");
        self.read(|rows| rows.maybe(&sql, [unix_seconds], read_version))?
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::NotFound,
                    "there was no version at that time yet; name a later time",
                )
            })
    }

    /// Returns what a version holds; version 0 is empty. 10,000 entries take about a tenth of a second.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such version.
    pub fn content(&self, version: u64) -> Result<Content> {
        Ok(content_of(self.items(version)?.into_iter().map(|(_, item)| item))?)
    }

    /// Returns the items of a version in its order, each with its key.
    ///
    /// # Errors
    ///
    /// As [`content`](Self::content).
    pub fn items(&self, version: u64) -> Result<Vec<(ItemKey, Item)>> {
        let states = self.read(|rows| rows.states_at(rows.check_version(version)?))?;
        states
            .into_iter()
            .map(|state| {
                let item = read_item(&state.key, &state.body)?;
                Ok((state.key, item))
            })
            .collect()
    }

    /// Returns an item of a version; `None` if the version does not have it.
    ///
    /// # Errors
    ///
    /// As [`content`](Self::content).
    pub fn item(&self, version: u64, key: &ItemKey) -> Result<Option<Item>> {
        self.read(|rows| {
            let version = rows.check_version(version)?;
            let Some(item) = rows.item(key)? else {
                return Ok(None);
            };
            let body = rows.body_at(item, version)?;
            body.map(|body| read_item(key, &body)).transpose()
        })
    }
}

/// Reads a version that is known to be there.
pub(super) fn version(rows: &Rows<'_>, number: i64) -> Result<Version> {
    let sql = format!("SELECT {COLUMNS} FROM versions WHERE version = ?");
    rows.maybe(&sql, [number], read_version)?.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("there is no version {number} to look at; commit first"),
        )
    })
}

pub(super) const COLUMNS: &str = "version, base, author, message, time, content_hash, \
     entries, standard_answers, templates, settings, phrasings";

pub(super) fn read_version(row: &Row<'_>) -> rusqlite::Result<Version> {
    let hash: Vec<u8> = row.get(5)?;
    Ok(Version {
        number: row.get(0)?,
        base: row.get(1)?,
        author: row.get(2)?,
        message: row.get(3)?,
        time: row.get(4)?,
        content_hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        entries: row.get(6)?,
        standard_answers: row.get(7)?,
        templates: row.get(8)?,
        settings: row.get(9)?,
        phrasings: row.get(10)?,
    })
}
