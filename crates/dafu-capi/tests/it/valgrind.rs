//! Under valgrind: no error, no leak. Needs valgrind, so it runs when asked for: `cargo test -p dafu-capi -- --ignored`.

use crate::build::{Link, Setup, library_unoptimised};
use crate::{clients, programs};

/// The programs that build small knowledge bases only: valgrind runs them some fifty times slower. What they cannot do
/// without is the dictionary, which takes most of the time.
#[test]
#[ignore = "needs valgrind"]
fn finds_nothing_in_the_c_programs() {
    // The crates of this repository are built without optimisation for it: optimised code may test the length of a text
    // before it tests whether there is one, which changes nothing and looks to valgrind like a mistake.
    let setup = &Setup {
        library: library_unoptimised(),
        link: Link::Shared,
        flags: &[],
        under: &VALGRIND,
        environment: &[],
    };
    std::thread::scope(|scope| {
        scope.spawn(|| programs::calls_every_function(setup));
        scope.spawn(|| {
            programs::makes_many_calls(setup, 200);
            clients::wraps(setup);
            clients::threads(setup, 10);
        });
    });
}

/// What the process keeps on purpose, such as the dictionary, is not lost: it is still reachable.
const VALGRIND: [&str; 7] = [
    "valgrind",
    "--quiet",
    "--error-exitcode=9",
    "--leak-check=full",
    "--num-callers=30",
    "--errors-for-leak-kinds=definite,indirect",
    "--show-leak-kinds=definite,indirect",
];
