//! The version of a store's schema, and how an older one becomes the present one.

use std::path::Path;

use dafu::ErrorKind;
use rusqlite::{Connection, TransactionBehavior};

use super::failure::failed;
use crate::error::{Error, Result};

/// One step for each released version of the schema, from nothing to the present.
const STEPS: [&str; 1] = [include_str!("schema.sql")];

/// "dafu" as a number, at a fixed place of the file.
const APPLICATION: i64 = 0x6461_6675;

/// What a database file is.
pub(super) enum State {
    /// There is nothing in it yet.
    Empty,
    /// It is a store.
    Store,
}

/// Says what a database file is, and brings an older store up to date.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<State> {
    let (application, version): (i64, i64) = (
        pragma(connection, "application_id")?,
        pragma(connection, "user_version")?,
    );
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| failed("reading the schema", e))?;
    if (application, version, tables) == (0, 0, 0) {
        return Ok(State::Empty);
    }
    let format = |what: String| Error::new(ErrorKind::Format, format!("`{}` {what}", path.display()));
    if application != APPLICATION {
        return Err(format("is a database of another program; name another file".to_owned()));
    }
    if version > STEPS.len() as i64 {
        let known = STEPS.len();
        return Err(format(format!(
            "has version {version} of the schema, this release knows up to {known}; use a newer dafu"
        )));
    }
    migrate(connection)?;
    Ok(State::Store)
}

/// Takes the steps that are not yet taken, all or none.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    if pragma(connection, "user_version")? == STEPS.len() as i64 {
        return Ok(());
    }
    let migrating = |e| failed("bringing the schema up to date", e);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(migrating)?;
    // Read again: another process may have been quicker.
    let version = pragma(&transaction, "user_version")?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(migrating)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION)
        .and_then(|()| transaction.pragma_update(None, "user_version", STEPS.len() as i64))
        .and_then(|()| transaction.commit())
        .map_err(migrating)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|e| failed("opening", e))
}
