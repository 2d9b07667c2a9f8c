//! What comes in: every pointer of a caller is checked and read here.
//!
//! The functions are unsafe for one reason only: a pointer that is not NULL must point to what its type says, for as
//! long as the call lasts. Callers promise that by the rules at the top of the header.

use std::ffi::c_char;
use std::mem::{MaybeUninit, size_of};
use std::slice;

use crate::error::Failure;
use crate::text::dafu_str;

/// A struct of the caller that later releases may make longer. It begins with its own size, in bytes.
///
/// # Safety
///
/// The type is `repr(C)`, begins with a `usize`, has no padding, and any of its bytes may be 0.
pub(crate) unsafe trait Growing: Copy {
    /// Its name in the header.
    const NAME: &'static str;
    /// How large it was in the first release that had it.
    const FIRST_SIZE: usize;
}

/// Where a result is to be put.
pub(crate) struct Output<T> {
    to: *mut T,
}

impl<T> Output<T> {
    /// Puts the result. To be called last, since outputs are written on success only.
    pub(crate) fn write(self, value: T) {
        // SAFETY: `output` was given a pointer that may be written.
        unsafe { self.to.write(value) };
    }
}

/// Where the result called `name` goes.
pub(crate) unsafe fn output<T>(to: *mut T, name: &str) -> Result<Output<T>, Failure> {
    if to.is_null() {
        return Err(is_null(name));
    }
    Ok(Output { to })
}

/// What a required pointer called `name` points to.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, name: &str) -> Result<&'a T, Failure> {
    // SAFETY: the caller passes NULL or a pointer to a `T`.
    unsafe { pointer.as_ref() }.ok_or_else(|| is_null(name))
}

/// The value that an optional pointer points to; NULL is none.
pub(crate) unsafe fn optional<T: Copy>(pointer: *const T) -> Option<T> {
    // SAFETY: the caller passes NULL or a pointer to a `T`.
    unsafe { pointer.as_ref() }.copied()
}

/// An array of the caller; NULL is fine when it is empty.
pub(crate) unsafe fn array<'a, T>(first: *const T, len: usize, name: &str) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if first.is_null() {
        return Err(Failure::invalid(format!(
            "{name} is NULL, and its length is {len}; pass the data, or length 0"
        )));
    }
    if len > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(Failure::invalid(format!(
            "{name} has the length {len}, which no array can have; pass the length of the data"
        )));
    }
    // SAFETY: the caller passes `len` values in a row, and they are no more than an array may have.
    Ok(unsafe { slice::from_raw_parts(first, len) })
}

/// A text of the caller.
pub(crate) unsafe fn text<'a>(data: *const c_char, len: usize, name: &str) -> Result<&'a str, Failure> {
    // SAFETY: as for any array.
    let bytes = unsafe { array(data.cast::<u8>(), len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        Failure::invalid(format!(
            "{name} is not UTF-8 at byte {}; convert it to UTF-8",
            error.valid_up_to()
        ))
    })
}

/// A text in a struct of the caller; `{NULL, 0}` is none.
pub(crate) unsafe fn optional_text<'a>(given: dafu_str, name: &str) -> Result<Option<&'a str>, Failure> {
    if given.data.is_null() && given.len == 0 {
        return Ok(None);
    }
    // SAFETY: as for any text.
    unsafe { text(given.data, given.len, name) }.map(Some)
}

/// A struct of the caller that may be shorter or longer than the one this release knows; NULL is one with nothing set.
///
/// What is missing is not set. What is more must not be set, or a wish of the caller would be ignored in silence.
pub(crate) unsafe fn grown<T: Growing>(pointer: *const T) -> Result<T, Failure> {
    let mut value = MaybeUninit::<T>::zeroed();
    if !pointer.is_null() {
        // SAFETY: the struct begins with its size.
        let size = unsafe { pointer.cast::<usize>().read() };
        if !(T::FIRST_SIZE..=LARGEST).contains(&size) {
            return Err(Failure::invalid(format!(
                "{name}: its size is {size}; set `.size = sizeof({name})`",
                name = T::NAME
            )));
        }
        let known = size.min(size_of::<T>());
        // SAFETY: the struct has `size` bytes, and `value` has as many as are known.
        let unknown = unsafe {
            pointer
                .cast::<u8>()
                .copy_to_nonoverlapping(value.as_mut_ptr().cast(), known);
            slice::from_raw_parts(pointer.cast::<u8>().add(known), size - known)
        };
        if unknown.iter().any(|byte| *byte != 0) {
            return Err(Failure::invalid(format!(
                "{}: a field is set that this release ({}) does not know; leave it unset, or install a later release",
                T::NAME,
                env!("CARGO_PKG_VERSION"),
            )));
        }
    }
    // SAFETY: all its bytes are written, from the caller's or as 0, which any field may be.
    Ok(unsafe { value.assume_init() })
}

/// Gives a value to the caller, as a handle.
pub(crate) fn handle<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes a handle back. NULL is none.
pub(crate) unsafe fn take<T>(handle: *mut T) -> Option<Box<T>> {
    if handle.is_null() {
        return None;
    }
    // SAFETY: the caller passes a handle that came from `handle` and was not given back yet.
    Some(unsafe { Box::from_raw(handle) })
}

fn is_null(name: &str) -> Failure {
    Failure::invalid(format!("{name} is NULL; pass one"))
}

/// No struct of options will ever be larger: what says so was not set by `sizeof`.
const LARGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Later {
        size: usize,
        one: usize,
        two: usize,
    }

    // SAFETY: three `usize` in a row.
    unsafe impl Growing for Later {
        const NAME: &'static str = "later";
        const FIRST_SIZE: usize = 16;
    }

    fn read(words: &[usize]) -> Result<Later, String> {
        // SAFETY: no more is read than the first word says, and the tests say the truth or what is refused.
        unsafe { grown(words.as_ptr().cast::<Later>()) }.map_err(|failure| failure.message().to_owned())
    }

    #[test]
    fn reads_shorter_and_longer_structs() {
        assert_eq!(
            read(&[16, 7]),
            Ok(Later {
                size: 16,
                one: 7,
                two: 0
            })
        );
        assert_eq!(
            read(&[24, 7, 8]),
            Ok(Later {
                size: 24,
                one: 7,
                two: 8
            })
        );
        assert_eq!(
            read(&[32, 7, 8, 0]),
            Ok(Later {
                size: 32,
                one: 7,
                two: 8
            })
        );
        // SAFETY: NULL is fine.
        let none = unsafe { grown(std::ptr::null::<Later>()) };
        assert_eq!(
            none.unwrap(),
            Later {
                size: 0,
                one: 0,
                two: 0
            }
        );
    }

    #[test]
    fn refuses_what_it_would_have_to_ignore() {
        assert!(
            read(&[32, 7, 8, 9])
                .unwrap_err()
                .starts_with("later: a field is set that this release")
        );
        for size in [0, 8, 15, 4097, usize::MAX] {
            assert_eq!(
                read(&[size, 0, 0]),
                Err(format!("later: its size is {size}; set `.size = sizeof(later)`"))
            );
        }
    }

    #[test]
    fn texts_say_where_they_are_wrong() {
        let wrong = b"\xE9\x80\x80\xE6\xAC";
        // SAFETY: the bytes are there.
        let failure = unsafe { text(wrong.as_ptr().cast(), wrong.len(), "question") }.unwrap_err();
        assert_eq!(
            failure.message(),
            "question is not UTF-8 at byte 3; convert it to UTF-8"
        );
        // SAFETY: refused before anything is read.
        let failure = unsafe { text(wrong.as_ptr().cast(), usize::MAX, "question") }.unwrap_err();
        assert!(failure.message().contains("which no array can have"));
        // SAFETY: NULL is refused.
        let failure = unsafe { text(std::ptr::null(), 1, "question") }.unwrap_err();
        assert!(failure.message().starts_with("question is NULL"));
    }
}
