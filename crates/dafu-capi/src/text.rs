use std::ffi::{CStr, c_char};
use std::ptr;

use crate::block::{self, Block};
use crate::guard::guard_value;

/// A text: UTF-8, and how many bytes.
///
/// Texts that the library hands out are followed by a NUL, which `len` does not count, so that `data` is a C string,
/// too; what is not there is `{NULL, 0}`. Texts that you pass in need no NUL; `{NULL, 0}` means not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_str {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

impl dafu_str {
    /// What is not there.
    pub(crate) const NONE: Self = Self {
        data: ptr::null(),
        len: 0,
    };

    /// A text of the library itself.
    pub(crate) const fn of_static(text: &'static CStr) -> Self {
        Self {
            data: text.as_ptr(),
            len: text.count_bytes(),
        }
    }
}

/// A text that you own: free it with `dafu_text_free`. Any thread may read it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_text {
    /// The first byte; the text is followed by a NUL.
    pub data: *const c_char,
    /// How many bytes, without the NUL.
    pub len: usize,
}

/// Returns a C string as a text, such as `dafu_str_of("app")`. It points to the same bytes; NULL gives `{NULL, 0}`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_str_of(c_string: *const c_char) -> dafu_str {
    guard_value(dafu_str::NONE, || {
        if c_string.is_null() {
            return dafu_str::NONE;
        }
        // SAFETY: the caller passes a C string, which ends with a NUL.
        let len = unsafe { CStr::from_ptr(c_string) }.count_bytes();
        dafu_str { data: c_string, len }
    })
}

/// Frees a text. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_text_free(text: *mut dafu_text) {
    // SAFETY: the caller passes a text of ours that is not yet freed, or NULL.
    guard_value((), || unsafe { block::free(text) });
}

/// Makes a text that the caller owns.
pub(crate) fn owned(text: &str) -> *mut dafu_text {
    block::owned(|block: &mut Block| {
        let dafu_str { data, len } = block.text(text);
        dafu_text { data, len }
    })
}
