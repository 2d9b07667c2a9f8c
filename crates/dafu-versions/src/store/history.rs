//! What became of one item.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Store;
use super::diff::{Change, ChangeKind};
use super::versions::{Version, read_version};
use crate::error::Result;
use crate::item::ItemKey;

/// A version that changed an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Revision {
    /// The version.
    pub version: Version,
    /// What it did to the item.
    pub change: Change,
}

/// The version that set a field to its present value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldOrigin {
    /// The field.
    pub field: String,
    /// Its present value, as JSON.
    pub value: String,
    /// The version that set it.
    pub version: Version,
}

impl Store {
    /// Returns the versions that changed an item, the oldest first; none if no version ever had it.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) or [`Corrupt`](crate::ErrorKind::Corrupt) when the file cannot be read.
    pub fn history(&self, key: &ItemKey) -> Result<Vec<Revision>> {
        self.read(|rows| {
            let Some(item) = rows.item(key)? else {
                return Ok(Vec::new());
            };
            let sql = "SELECT since, until, body FROM revisions WHERE item = ? ORDER BY since";
            let stored: Vec<(i64, Option<i64>, String)> =
                rows.all(sql, [item], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let sql = format!("SELECT {} FROM versions WHERE version = ?", super::versions::COLUMNS);
            let mut history = Vec::new();
            let mut push = |version: i64, before, after| -> Result<()> {
                if let Some(change) = Change::new(key.clone(), before, after) {
                    let version = rows.one(&sql, [version], read_version)?;
                    history.push(Revision { version, change });
                }
                Ok(())
            };
            let mut before: Option<(i64, String)> = None;
            for (since, until, body) in stored {
                if let Some((ended, last)) = before.take() {
                    match ended == since {
                        true => push(since, Some(last), Some(body.clone()))?,
                        false => {
                            push(ended, Some(last), None)?;
                            push(since, None, Some(body.clone()))?;
                        }
                    }
                } else {
                    push(since, None, Some(body.clone()))?;
                }
                before = until.map(|until| (until, body));
            }
            if let Some((ended, last)) = before {
                push(ended, Some(last), None)?;
            }
            Ok(history)
        })
    }

    /// Returns, for each field of an item in the newest version, which version set it to what it is; none if the newest
    /// version does not have the item.
    ///
    /// # Errors
    ///
    /// As [`history`](Self::history).
    pub fn blame(&self, key: &ItemKey) -> Result<Vec<FieldOrigin>> {
        let history = self.history(key)?;
        let mut origins: BTreeMap<String, FieldOrigin> = BTreeMap::new();
        for Revision { version, change } in history {
            if change.kind == ChangeKind::Removed {
                origins.clear();
                continue;
            }
            let fields: BTreeMap<String, Box<RawValue>> = change
                .after
                .as_deref()
                .and_then(|body| serde_json::from_str(body).ok())
                .unwrap_or_default();
            origins.retain(|field, _| fields.contains_key(field));
            for (field, value) in fields {
                let value = value.get().to_owned();
                let is_old = origins.get(&field).is_some_and(|origin| origin.value == value);
                if !is_old {
                    let version = version.clone();
                    origins.insert(field.clone(), FieldOrigin { field, value, version });
                }
            }
        }
        Ok(origins.into_values().collect())
    }
}
