//! The shared library exports what stands in `abi/symbols.txt`, and nothing else.

use std::path::Path;
use std::process::Command;

use crate::build::{library, library_released, package, succeed};

#[test]
fn are_those_of_the_list() {
    compare(library());
}

/// The optimiser of a release sees the whole library at once, and takes out what nobody calls.
#[test]
#[ignore = "builds a release, which takes minutes"]
fn are_those_of_the_list_in_a_release() {
    compare(&library_released());
}

fn compare(library: &Path) {
    let library = library.join("libdafu_capi.so");
    let printed = succeed(
        Command::new("nm")
            .args(["--dynamic", "--defined-only", "--format=posix"])
            .arg(library),
    );
    let mut exported: Vec<&str> = printed.lines().filter_map(|line| line.split(' ').next()).collect();
    exported.sort_unstable();
    let kept = std::fs::read_to_string(package().join("abi/symbols.txt")).unwrap();
    assert_eq!(exported, kept.lines().collect::<Vec<_>>());
}
