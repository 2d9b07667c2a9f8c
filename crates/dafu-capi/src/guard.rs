//! What every exported function runs inside.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Failure, dafu_error};
use crate::status::dafu_status;

/// Runs a call. A failure becomes a status and, where the caller wants one, an error object; a panic becomes a failure.
///
/// A panic leaves nothing broken behind: knowledge bases do not change, and a result that was not finished is not
/// handed out.
pub(crate) fn guard(error: *mut *mut dafu_error, call: impl FnOnce() -> Result<(), Failure>) -> dafu_status {
    let failure = match catch_unwind(AssertUnwindSafe(|| {
        panic_if_armed();
        call()
    })) {
        Ok(Ok(())) => return dafu_status::Ok,
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::new(
            dafu_status::Panic,
            format!("the library panicked: {}", message(&*panic)),
        ),
    };
    let status = failure.status;
    if !error.is_null() {
        let object = failure.into_object();
        // SAFETY: the caller passes NULL or a pointer to where the error object is to be put.
        unsafe { error.write(object) };
    }
    status
}

/// Runs a call that cannot fail; a panic gives `fallback`.
pub(crate) fn guard_value<T>(fallback: T, call: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(|| {
        panic_if_armed();
        call()
    }))
    .unwrap_or(fallback)
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(not(feature = "test-panics"))]
fn panic_if_armed() {}

#[cfg(feature = "test-panics")]
fn panic_if_armed() {
    if ARMED.swap(false, std::sync::atomic::Ordering::SeqCst) {
        panic!("a test wanted it");
    }
}

#[cfg(feature = "test-panics")]
static ARMED: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// Makes the next call panic. Only for the tests of this crate.
#[cfg(feature = "test-panics")]
#[unsafe(no_mangle)]
pub extern "C" fn dafu_test_panic_next() {
    ARMED.store(true, std::sync::atomic::Ordering::SeqCst);
}
