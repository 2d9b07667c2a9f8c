//! Runs every file in `regressions/` through its target's function.

use std::path::Path;

#[test]
fn import() {
    replay("import", dafu_fuzz::import);
}

#[test]
fn analyse_and_ask() {
    replay("analyse_and_ask", dafu_fuzz::analyse_and_ask);
}

#[test]
fn c_calls() {
    replay("c_calls", dafu_fuzz::c_calls);
}

#[test]
fn templates() {
    replay("templates", dafu_fuzz::templates);
}

#[test]
fn bundle() {
    replay("bundle", dafu_fuzz::bundle);
}

#[test]
fn manifest() {
    replay("manifest", dafu_fuzz::manifest);
}

#[test]
fn operations() {
    replay("operations", dafu_fuzz::operations);
}

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions").join(target);
    let mut files = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        println!("{}", path.display());
        run(&std::fs::read(&path).unwrap());
        files += 1;
    }
    assert!(files > 0, "{} is empty", folder.display());
}
