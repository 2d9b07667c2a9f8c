//! The C and C++ programs with AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer.
//!
//! The library is instrumented, and the standard library with it, which ThreadSanitizer cannot do without: it would not see
//! the locks. That takes the sources of the standard library (`rustup component add rust-src`) and some minutes each, so it
//! runs when asked for: `cargo test -p dafu-capi --test it -- --ignored sanitizers`.
//!
//! What a program in C does to the results it got (reads behind the end, frees twice, forgets to free) is seen with the
//! library as it is, too, because the sanitizer watches all memory that is allocated: that is quick, and always done.

use std::path::PathBuf;
use std::process::Command;

use crate::build::{Link, Setup, library_instrumented};
use crate::{clients, programs};

#[test]
fn address_sanitizer_finds_nothing_in_the_programs() {
    run_all(&Setup {
        flags: &ADDRESS_FLAGS,
        environment: &ADDRESS,
        ..Setup::plain(Link::Shared)
    });
}

#[test]
#[ignore = "builds the library and the standard library anew, which takes minutes"]
fn address_sanitizer_finds_nothing_in_the_library() {
    instrumented("address", &ADDRESS_FLAGS, &ADDRESS);
}

#[test]
#[ignore = "builds the library and the standard library anew, which takes minutes"]
fn thread_sanitizer_finds_nothing_in_the_library() {
    let runtime = thread_runtime();
    let flags = [&["-fsanitize=thread", runtime.as_str()], &WITHOUT_GCC_RUNTIME[..]].concat();
    instrumented("thread", &flags, &THREAD);
}

/// The linker's argument for the runtime that comes with the Rust compiler. That of gcc lacks functions which instrumented
/// Rust calls.
fn thread_runtime() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc).args(["--print", "target-libdir"]).output().unwrap();
    let folder = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end());
    let is_it = |path: &PathBuf| path.to_string_lossy().ends_with("_rt.tsan.a");
    let runtime = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(is_it);
    let runtime = runtime.unwrap_or_else(|| panic!("{} has no runtime of ThreadSanitizer", folder.display()));
    format!("-Wl,--whole-archive,{},--no-whole-archive", runtime.display())
}

fn instrumented(sanitizer: &str, flags: &[&str], environment: &[(&str, &str)]) {
    let setup = Setup {
        library: &library_instrumented(sanitizer, false),
        link: Link::Shared,
        flags,
        under: &[],
        environment,
    };
    run_all(&setup);
    // In the same place.
    library_instrumented(sanitizer, true);
    programs::panics(&setup);
}

/// All programs but those that tests of documents compile, which do no more than these.
fn run_all(setup: &Setup<'_>) {
    programs::calls_every_function(setup);
    programs::follows(setup);
    programs::makes_many_calls(setup, 2_000);
    programs::forks(setup);
    programs::replies(setup);
    clients::chats(setup);
    clients::threads(setup, 3);
    clients::wraps(setup);
    clients::asks_in_cpp(setup);
}

const ADDRESS_FLAGS: [&str; 3] = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];
const ADDRESS: [(&str, &str); 1] = [("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1")];
/// gcc links its own runtime along with the libraries that every program needs: these are named instead.
const WITHOUT_GCC_RUNTIME: [&str; 7] = [
    "-nodefaultlibs",
    "-rdynamic",
    "-lstdc++",
    "-lm",
    "-lgcc_s",
    "-lgcc",
    "-lc",
];
const THREAD: [(&str, &str); 1] = [("TSAN_OPTIONS", "halt_on_error=1:die_after_fork=0")];
