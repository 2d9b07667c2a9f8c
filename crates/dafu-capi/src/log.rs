use std::ffi::{c_char, c_void};

use crate::error::Failure;

/// Gets what a knowledge base has to tell. `message` is UTF-8 with a NUL after it, and is gone when the function
/// returns.
///
/// It is called on whichever thread has something to tell, the follower's among them, and possibly on several at once.
/// It must return: no exception, no `longjmp`.
///
/// Questions, answers and other texts of customers are never in a message.
pub type dafu_log_callback = Option<
    unsafe extern "C" fn(user_data: *mut c_void, level: dafu_log_level, message: *const c_char, message_len: usize),
>;

/// How much a message matters.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum dafu_log_level {
    /// Something went wrong, and nobody but the log is told.
    Error = 1,
    /// An editor or operator should look at it: a phrasing that stands under two entries, for example.
    Warning = 2,
    /// What happened: opened, switched to another generation.
    Info = 3,
}

/// A caller's log, and what it wants to hear.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    callback: dafu_log_callback,
    user_data: *mut c_void,
    level: dafu_log_level,
}

// SAFETY: the header says that the callback is called on any thread, so the caller made it and its data ready for that.
unsafe impl Send for Log {}
// SAFETY: as above.
unsafe impl Sync for Log {}

impl Log {
    pub(crate) fn new(callback: dafu_log_callback, user_data: *mut c_void, level: i32) -> Result<Self, Failure> {
        let level = match level {
            0 | 3 => dafu_log_level::Info,
            1 => dafu_log_level::Error,
            2 => dafu_log_level::Warning,
            other => {
                return Err(Failure::invalid(format!(
                    "dafu_open_options.log_level: {other} is not a level; use one of dafu_log_level, or 0 for all"
                )));
            }
        };
        Ok(Self {
            callback,
            user_data,
            level,
        })
    }

    pub(crate) fn warning(&self, message: impl Into<String>) {
        self.tell(dafu_log_level::Warning, message.into());
    }

    pub(crate) fn info(&self, message: impl Into<String>) {
        self.tell(dafu_log_level::Info, message.into());
    }

    fn tell(&self, level: dafu_log_level, mut message: String) {
        let Some(callback) = self.callback.filter(|_| level <= self.level) else {
            return;
        };
        let len = message.len();
        message.push('\0');
        // SAFETY: the caller passed a function of this type together with its data, and the message lives until it
        // returns.
        unsafe { callback(self.user_data, level, message.as_ptr().cast(), len) };
    }
}
