use serde::Serialize;
use serde_json::Value;

use super::Store;
use super::rows::Rows;
use crate::error::Result;
use crate::publication::now;

/// What somebody did: a commit, a publish, an override of the gate, a label, a change of the test questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditRecord {
    /// Its number: 1, 2, 3 and so on.
    pub number: u64,
    /// When, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// Who.
    pub who: String,
    /// What, such as `commit` or `publish`.
    pub what: String,
    /// With which details, as JSON.
    pub details: String,
}

impl Store {
    /// Returns what was done, the newest first: at most `limit`, before the record `before` if it is given. Nothing can
    /// change or remove a record.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) or [`Corrupt`](crate::ErrorKind::Corrupt) when the file cannot be read.
    pub fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>> {
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "SELECT number, time, who, what, details FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?";
        self.read(|rows| {
            rows.all(sql, (before, limit), |row| {
                Ok(AuditRecord {
                    number: row.get(0)?,
                    time: row.get(1)?,
                    who: row.get(2)?,
                    what: row.get(3)?,
                    details: row.get(4)?,
                })
            })
        })
    }
}

/// Writes down what somebody did, in the transaction in which it is done.
pub(super) fn record(rows: &Rows<'_>, who: &str, what: &str, details: &Value) -> Result<()> {
    let sql = "INSERT INTO audit (time, who, what, details) VALUES (?, ?, ?, ?)";
    rows.execute(sql, (now(), who, what, details.to_string())).map(drop)
}
