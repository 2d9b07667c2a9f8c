use std::ffi::c_char;

use crate::error::{Failure, dafu_error};
use crate::guard::{guard, guard_value};
use crate::status::dafu_status;

/// The ABI of this header: programs and libraries of different major numbers do not fit.
pub const DAFU_ABI_MAJOR: u32 = 1;
/// A library fits programs that were built with its minor number or a smaller one.
pub const DAFU_ABI_MINOR: u32 = 0;

/// Returns the release of the library, such as `0.1.0`. The text is part of the library: do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn dafu_version() -> *const c_char {
    guard_value(VERSION.as_ptr().cast(), || VERSION.as_ptr().cast())
}

/// Checks that the library fits the header that your program was built with. Call it once, first:
///
/// ```text
/// dafu_check_abi(DAFU_ABI_MAJOR, DAFU_ABI_MINOR, &error)
/// ```
///
/// Fails with `DAFU_STATUS_FORMAT` when it does not; the message tells both versions.
#[unsafe(no_mangle)]
// The comparison says something as soon as there is a later minor version than 0.
#[allow(clippy::absurd_extreme_comparisons)]
pub unsafe extern "C" fn dafu_check_abi(major: u32, minor: u32, error: *mut *mut dafu_error) -> dafu_status {
    guard(error, || {
        if major == DAFU_ABI_MAJOR && minor <= DAFU_ABI_MINOR {
            return Ok(());
        }
        let message = format!(
            "the program was built with a header of ABI {major}.{minor}, and the library has ABI \
             {DAFU_ABI_MAJOR}.{DAFU_ABI_MINOR}; install a library of ABI {major}.{minor} or a later {major}, or build \
             the program anew"
        );
        Err(Failure::new(dafu_status::Format, message))
    })
}

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
