use std::ffi::{CStr, c_char};

use dafu::ErrorKind;

use crate::guard::guard_value;

/// What a call came to. The numbers are fixed for ever; later releases may add some, so treat a number that you do
/// not know as a failure.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_status {
    /// It worked, and the outputs are written. In every other case they are not.
    Ok = 0,
    /// An argument cannot be used: correct it as the message says and call again.
    InvalidInput = 1,
    /// What was named does not exist: check the name, or create it first.
    NotFound = 2,
    /// Something else has changed or taken it in the meantime: look at the new state, then decide.
    Conflict = 3,
    /// It is in use right now: try again a little later.
    Busy = 4,
    /// The data is of another format or version: convert or rebuild it with this version.
    Format = 5,
    /// The data was damaged after it was written: restore it from a copy or rebuild it.
    Corrupt = 6,
    /// The operating system refused: the message names the path; check space, permissions and the disk.
    Io = 7,
    /// A defect of this library: please report it with the message.
    Internal = 8,
    /// A defect of this library that stopped the call half-way: please report it with the message. The knowledge base
    /// is as it was and may be used further.
    Panic = 9,
    /// The buffer given to `dafu_ask_into` is too small: `*needed` says how many bytes it takes.
    BufferTooSmall = 10,
}

impl From<ErrorKind> for dafu_status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidInput => Self::InvalidInput,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Format => Self::Format,
            ErrorKind::Corrupt => Self::Corrupt,
            ErrorKind::Io => Self::Io,
            // A kind that a later release of the core adds is none of the above.
            _ => Self::Internal,
        }
    }
}

/// Returns the name of a status in plain words, such as `invalid input`; `unknown status` for any other number. The
/// text is part of the library: do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn dafu_status_name(status: i32) -> *const c_char {
    guard_value(c"unknown status".as_ptr(), || name(status).as_ptr())
}

fn name(status: i32) -> &'static CStr {
    match status {
        0 => c"ok",
        1 => c"invalid input",
        2 => c"not found",
        3 => c"conflict",
        4 => c"busy",
        5 => c"format",
        6 => c"corrupt",
        7 => c"io",
        8 => c"internal",
        9 => c"panic",
        10 => c"buffer too small",
        _ => c"unknown status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number_and_name() {
        for (kind, number, text) in [
            (ErrorKind::InvalidInput, 1, c"invalid input"),
            (ErrorKind::NotFound, 2, c"not found"),
            (ErrorKind::Conflict, 3, c"conflict"),
            (ErrorKind::Busy, 4, c"busy"),
            (ErrorKind::Format, 5, c"format"),
            (ErrorKind::Corrupt, 6, c"corrupt"),
            (ErrorKind::Io, 7, c"io"),
            (ErrorKind::Internal, 8, c"internal"),
        ] {
            assert_eq!(dafu_status::from(kind) as i32, number);
            assert_eq!(name(number), text);
        }
        assert_eq!(dafu_status::Panic as i32, 9);
        assert_eq!(dafu_status::BufferTooSmall as i32, 10);
        for unknown in [-1, 11, i32::MAX, i32::MIN] {
            assert_eq!(name(unknown), c"unknown status");
        }
    }
}
