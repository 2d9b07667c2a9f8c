use std::ffi::{c_char, c_void};
use std::ptr;
use std::time::Duration;

use dafu_versions::{Follower, Live, Reload, Served};

use crate::block::{self, Block};
use crate::error::{Failure, dafu_error};
use crate::guard::{guard, guard_value};
use crate::kb::{dafu_kb, dafu_open_options, open_options};
use crate::pointers::{borrow, handle, output, take, text};
use crate::source::{Current, Source};
use crate::status::dafu_status;
use crate::text::dafu_str;

/// What a live knowledge base answers from. Free it with `dafu_generation_free`, unless it is an argument of a
/// callback. Any thread may read it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_generation {
    /// The number of the switch by which its channel serves it, from 1: each publish and each roll back has a greater
    /// one.
    pub number: u64,
    /// The version of its content, as its publisher numbers them; 0 for none.
    pub version: u64,
    /// When it was switched to, in seconds since 1970-01-01T00:00:00Z, by the clock of the publisher.
    pub time: i64,
    /// Its name, which follows from its content: 32 hexadecimal digits.
    pub name: dafu_str,
}

/// A thread that looks again and again what is published. You own it: `dafu_follower_free` stops it. It goes on when
/// the knowledge base handle is freed, which is of use to nobody: free it first.
pub struct dafu_follower {
    _follower: Follower,
}

/// Is told that a follower has switched to another generation, or that it could not: one of `generation` and `error` is
/// NULL. Both are the library's, and gone when the function returns. After an error the generation of before goes on
/// answering, and the same error is told once, however often it comes in a row.
///
/// It is called on the follower's thread. It must return: no exception, no `longjmp`. It may free its own follower.
pub type dafu_follow_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, generation: *const dafu_generation, error: *const dafu_error)>;

/// Opens what is published in a folder, on a channel; `channel_len` 0 is the channel `live`. The handle answers from
/// the generation that was published last when it was opened, until `dafu_kb_reload` or a follower switches it. A
/// question in flight keeps its generation.
///
/// Fails with `DAFU_STATUS_NOT_FOUND` when nothing was published there, `DAFU_STATUS_CORRUPT` when a file is damaged,
/// `DAFU_STATUS_FORMAT` when another release has written it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_open_live(
    path: *const c_char,
    path_len: usize,
    channel: *const c_char,
    channel_len: usize,
    options: *const dafu_open_options,
    kb: *mut *mut dafu_kb,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (path, channel, options, kb) = unsafe {
            (
                text(path, path_len, "path")?,
                text(channel, channel_len, "channel")?,
                open_options(options)?,
                output(kb, "kb")?,
            )
        };
        let live = match channel {
            "" => Live::open(path),
            channel => Live::open_channel(path, channel),
        };
        let live = live.map_err(|error| Failure::from(error).about(path))?;
        options
            .log
            .info(format!("opened `{path}`: {}", told(live.current().served())));
        kb.write(handle(dafu_kb::new(Source::Live(live), options.log)));
        Ok(())
    })
}

/// Looks whether something else is published, and switches to it: with its files checked first, while the old
/// generation goes on answering. `*switched` becomes 1 if it was switched, else 0; `switched` may be NULL. Any thread
/// may call it at any time; it holds up no question.
///
/// Fails as `dafu_kb_open_live`, and the generation of before goes on answering then; and with
/// `DAFU_STATUS_INVALID_INPUT` for a knowledge base that is not live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_reload(
    kb: *const dafu_kb,
    switched: *mut i32,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let kb = unsafe { borrow(kb, "kb") }?;
        let reload = live(kb)?.reload()?;
        if let Reload::Switched { to, .. } = &reload {
            kb.log.info(format!("switched: {}", told(to)));
        }
        if !switched.is_null() {
            // SAFETY: the caller passes NULL or a pointer to a number.
            unsafe { switched.write(i32::from(reload != Reload::Unchanged)) };
        }
        Ok(())
    })
}

/// Tells the generation that a live knowledge base answers from now. Free it with `dafu_generation_free`.
///
/// Fails with `DAFU_STATUS_INVALID_INPUT` for a knowledge base that is neither live nor pinned from one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_generation(
    kb: *const dafu_kb,
    generation: *mut *mut dafu_generation,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, generation) = unsafe { (borrow(kb, "kb")?, output(generation, "generation")?) };
        let Current::Served(current) = kb.current() else {
            return Err(not_live());
        };
        generation.write(owned(current.served()));
        Ok(())
    })
}

/// Frees a generation. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_generation_free(generation: *mut dafu_generation) {
    // SAFETY: the caller passes a generation of ours that is not yet freed, or NULL.
    guard_value((), || unsafe { block::free(generation) });
}

/// Returns another handle that goes on answering from what answers now, whatever is published: for a conversation whose
/// replies must not contradict each other, say. Costs next to nothing. Free it with `dafu_kb_free`; it outlives `kb`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_pin(
    kb: *const dafu_kb,
    pinned: *mut *mut dafu_kb,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, pinned) = unsafe { (borrow(kb, "kb")?, output(pinned, "pinned")?) };
        pinned.write(handle(dafu_kb::new(kb.source.pinned(), kb.log)));
        Ok(())
    })
}

/// Starts a thread that reloads a live knowledge base every `interval_ms` milliseconds, 1 at least, until
/// `dafu_follower_free`. `callback` may be NULL; `user_data` is handed to it as it is, and kept until the follower is
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_kb_follow(
    kb: *const dafu_kb,
    interval_ms: u64,
    callback: dafu_follow_callback,
    user_data: *mut c_void,
    follower: *mut *mut dafu_follower,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, follower) = unsafe { (borrow(kb, "kb")?, output(follower, "follower")?) };
        if interval_ms == 0 {
            return Err(Failure::invalid("interval_ms is 0; wait 1 millisecond at least"));
        }
        let (log, listener) = (kb.log, Listener { callback, user_data });
        let follow = live(kb)?.follow(Duration::from_millis(interval_ms), move |reload| match reload {
            Ok(Reload::Switched { to, .. }) => {
                log.info(format!("switched: {}", told(&to)));
                listener.switched(&to);
            }
            Ok(_) => {}
            Err(error) => {
                log.warning(format!("not switched: {error}"));
                listener.failed(Failure::from(error));
            }
        })?;
        follower.write(handle(dafu_follower { _follower: follow }));
        Ok(())
    })
}

/// Stops a follower and waits until it has: its callback is not called any more after this. NULL is fine. In its own
/// callback it does not wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_follower_free(follower: *mut dafu_follower) {
    // SAFETY: the caller passes a follower of ours that is not yet freed, or NULL.
    guard_value((), || drop(unsafe { take(follower) }));
}

/// A caller's function that is told of switches.
struct Listener {
    callback: dafu_follow_callback,
    user_data: *mut c_void,
}

// SAFETY: the header says that the callback is called on the follower's thread, so the caller made its data ready for
// that.
unsafe impl Send for Listener {}

impl Listener {
    fn switched(&self, to: &Served) {
        let Some(callback) = self.callback else { return };
        let generation = owned(to);
        // SAFETY: the caller passed a function of this type together with its data; the generation is freed after it
        // returns, and by nobody else.
        unsafe {
            callback(self.user_data, generation, ptr::null());
            block::free(generation);
        }
    }

    fn failed(&self, failure: Failure) {
        let Some(callback) = self.callback else { return };
        let error = failure.into_object();
        // SAFETY: as above.
        unsafe {
            callback(self.user_data, ptr::null(), error);
            block::free(error);
        }
    }
}

fn live(kb: &dafu_kb) -> Result<&Live, Failure> {
    match &kb.source {
        Source::Live(live) => Ok(live),
        _ => Err(not_live()),
    }
}

fn not_live() -> Failure {
    Failure::invalid("kb is not live; open it with dafu_kb_open_live")
}

fn owned(served: &Served) -> *mut dafu_generation {
    block::owned(|block: &mut Block| dafu_generation {
        number: served.number,
        version: served.version,
        time: served.time,
        name: block.text(&served.generation),
    })
}

fn told(served: &Served) -> String {
    format!("switch {}, version {}", served.number, served.version)
}
