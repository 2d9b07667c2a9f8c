//! Under valgrind: no error, no leak. Needs valgrind, so it runs when asked for: `cargo test -p dafu-capi -- --ignored`.

use std::path::Path;
use std::process::Command;

use crate::build::{Link, compile, library_unoptimised, package, repository, succeed};
use crate::programs::publication;

#[test]
#[ignore = "needs valgrind"]
fn finds_nothing_in_the_c_programs() {
    let folder = tempfile::tempdir().unwrap();
    succeed(valgrind(&package().join("tests/c/api.c")).arg(folder.path()));
    succeed(valgrind(&package().join("tests/c/memory.c")).arg("2000"));
    let folder = tempfile::tempdir().unwrap();
    publication(folder.path());
    succeed(valgrind(&package().join("tests/c/wrapper.cpp")).arg(folder.path()));
    let publication = folder.path().to_str().unwrap();
    succeed(valgrind(&repository().join("examples/c/threads.c")).args([publication, "2", "几点上班？"]));
}

/// A program under valgrind. The crates of this repository are built without optimisation for it: optimised code may test
/// the length of a text before it tests whether there is one, which changes nothing and looks to valgrind like a mistake.
///
/// What the process keeps on purpose, such as the dictionary, is not lost: it is still reachable.
fn valgrind(source: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "--num-callers=30"]);
    command.args([
        "--errors-for-leak-kinds=definite,indirect",
        "--show-leak-kinds=definite,indirect",
    ]);
    command.arg(compile(source, library_unoptimised(), Link::Shared));
    command
}
