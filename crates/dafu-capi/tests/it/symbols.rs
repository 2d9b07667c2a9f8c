//! The shared library exports what stands in `abi/symbols.txt`, and nothing else.

use std::process::Command;

use crate::build::{library, package, succeed};

#[test]
fn are_those_of_the_list() {
    let library = library().join("libdafu_capi.so");
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
