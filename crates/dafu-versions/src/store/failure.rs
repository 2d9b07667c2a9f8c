//! What an error of the database means for the caller.

use dafu::ErrorKind;
use rusqlite::ErrorCode;

use crate::error::Error;

pub(super) fn failed(action: &str, error: rusqlite::Error) -> Error {
    use rusqlite::Error as E;

    let unreadable = "a value cannot be read; the file is damaged, restore it from a copy";
    let (kind, remedy) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (ErrorKind::Busy, "another process is writing; try again a little later")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            ErrorKind::Corrupt,
            "the file is damaged or no store; restore it from a copy",
        ),
        Some(ErrorCode::DiskFull) => (
            ErrorKind::Io,
            "the disk is full; nothing was changed, make room and try again",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            ErrorKind::Io,
            "the file or its folder may not be written; nothing was changed, check the permissions",
        ),
        Some(ErrorCode::CannotOpen) => (ErrorKind::Io, "check the path and the permissions of its folder"),
        Some(ErrorCode::SystemIoFailure) => (ErrorKind::Io, "check the disk"),
        None if matches!(
            error,
            E::FromSqlConversionFailure(..)
                | E::IntegralValueOutOfRange(..)
                | E::Utf8Error(..)
                | E::InvalidColumnType(..)
        ) =>
        {
            (ErrorKind::Corrupt, unreadable)
        }
        _ => (ErrorKind::Internal, "please report it"),
    };
    Error::from_source(kind, format!("{action}: {remedy}"), error)
}
