//! Statements on the tables, for whoever is in a transaction.

use dafu::ErrorKind;
use rusqlite::{OptionalExtension as _, Params, Row, Transaction};

use super::failure::failed;
use crate::error::{Error, Result};
use crate::item::{Item, ItemKey, ItemKind};

/// The tables, in one transaction.
pub(crate) struct Rows<'t> {
    transaction: &'t Transaction<'t>,
}

/// An item at some version or in some draft.
pub(crate) struct State {
    /// The number of the item, by which items are ordered.
    pub item: i64,
    pub key: ItemKey,
    pub body: String,
}

impl<'t> Rows<'t> {
    pub fn new(transaction: &'t Transaction<'t>) -> Self {
        Self { transaction }
    }

    pub fn execute(&self, sql: &str, values: impl Params) -> Result<usize> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(writing)?;
        statement.execute(values).map_err(writing)
    }

    pub fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(reading)?;
        statement.query_row(values, read).map_err(reading)
    }

    pub fn maybe<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(reading)?;
        statement.query_row(values, read).optional().map_err(reading)
    }

    pub fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(reading)?;
        let rows = statement.query_map(values, read).map_err(reading)?;
        rows.collect::<rusqlite::Result<_>>().map_err(reading)
    }

    pub fn exists(&self, sql: &str, values: impl Params) -> Result<bool> {
        self.maybe(sql, values, |_| Ok(())).map(|row| row.is_some())
    }

    pub fn last_number(&self) -> i64 {
        self.transaction.last_insert_rowid()
    }

    /// Returns the number of the newest version; 0 for none.
    pub fn newest(&self) -> Result<i64> {
        self.one("SELECT coalesce(max(version), 0) FROM versions", [], |row| row.get(0))
    }

    /// Fails unless there is such a version; 0 is the empty one.
    pub fn check_version(&self, version: u64) -> Result<i64> {
        let newest = self.newest()?;
        match i64::try_from(version) {
            Ok(version) if version <= newest => Ok(version),
            _ => {
                let message = format!("there is no version {version}; the newest is {newest}");
                Err(Error::new(ErrorKind::NotFound, message))
            }
        }
    }

    /// Returns the number of an item that some version or draft has or had.
    pub fn item(&self, key: &ItemKey) -> Result<Option<i64>> {
        let sql = "SELECT item FROM items WHERE kind = ? AND id = ?";
        self.maybe(sql, (key.kind.number(), &key.id), |row| row.get(0))
    }

    /// Returns the number of an item, which the store may see for the first time.
    pub fn item_or_new(&self, key: &ItemKey) -> Result<i64> {
        if let Some(item) = self.item(key)? {
            return Ok(item);
        }
        self.execute(
            "INSERT INTO items (kind, id) VALUES (?, ?)",
            (key.kind.number(), &key.id),
        )?;
        Ok(self.last_number())
    }

    /// Returns the JSON form of an item in a version.
    pub fn body_at(&self, item: i64, version: i64) -> Result<Option<String>> {
        let sql = "SELECT body FROM revisions WHERE item = ?1 AND since <= ?2 AND (until IS NULL OR until > ?2)
                   ORDER BY since DESC LIMIT 1";
        self.maybe(sql, (item, version), |row| row.get(0))
    }

    /// Returns all items of a version, in its order.
    pub fn states_at(&self, version: i64) -> Result<Vec<State>> {
        let read = |row: &Row<'_>| state(row);
        if version == self.newest()? {
            let sql =
                "SELECT item, kind, id, body FROM revisions JOIN items USING (item) WHERE until IS NULL ORDER BY item";
            return self.all(sql, [], read);
        }
        let sql = "SELECT item, kind, id, body FROM revisions JOIN items USING (item)
                   WHERE since <= ?1 AND (until IS NULL OR until > ?1) ORDER BY item";
        self.all(sql, [version], read)
    }

    /// Returns the first item of which some revision does not match its hash.
    pub fn first_wrong_hash(&self) -> Result<Option<ItemKey>> {
        let sql = "SELECT kind, id, body, hash FROM revisions JOIN items USING (item)";
        let mut statement = self.transaction.prepare(sql).map_err(reading)?;
        let mut rows = statement.query([]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let key = key(row, 0).map_err(reading)?;
            let body: String = row.get(2).map_err(reading)?;
            let hash: Vec<u8> = row.get(3).map_err(reading)?;
            if revision_hash(&key, &body) != hash[..] {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }
}

/// Reads `item, kind, id, body`.
pub(super) fn state(row: &Row<'_>) -> rusqlite::Result<State> {
    Ok(State {
        item: row.get(0)?,
        key: key(row, 1)?,
        body: row.get(3)?,
    })
}

/// Reads `kind, id` from a column on.
pub(super) fn key(row: &Row<'_>, column: usize) -> rusqlite::Result<ItemKey> {
    let number: i64 = row.get(column)?;
    let kind = ItemKind::from_number(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, number))?;
    Ok(ItemKey::new(kind, row.get::<_, String>(column + 1)?))
}

/// Returns the item that a stored JSON text is.
pub(super) fn read_item(key: &ItemKey, body: &str) -> Result<Item> {
    Item::from_json(key.kind, body).map_err(|e| {
        let message = format!("the {key} cannot be read; restore the file from a copy");
        Error::from_source(ErrorKind::Corrupt, message, e)
    })
}

/// Returns the hash of a state of an item.
pub(super) fn revision_hash(key: &ItemKey, body: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in [key.kind.as_str(), &key.id, body] {
        hasher
            .update(&(part.len() as u64).to_le_bytes())
            .update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

pub(super) fn reading(error: rusqlite::Error) -> Error {
    failed("reading", error)
}

fn writing(error: rusqlite::Error) -> Error {
    failed("writing", error)
}
