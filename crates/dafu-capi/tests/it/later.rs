//! The story: a bank links this release. A year later its machines get a library of a later minor release, with more
//! options and longer replies, and nobody builds the bank's programs anew. They must go on as before.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{Link, compile, library, package, repository, succeed};

#[test]
#[ignore = "builds a copy of the library, which takes half a minute"]
fn a_program_of_today_runs_with_a_library_of_tomorrow() {
    let program = compile(&package().join("tests/c/later.c"), library(), Link::Shared);
    // With the library of today it is the wrong version, so the check below does check something.
    assert!(!Command::new(&program).output().unwrap().status.success());
    succeed(Command::new(&program).env("LD_LIBRARY_PATH", later_library()));
}

/// Builds a copy of this crate whose structs have grown.
fn later_library() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let copy = target.join("dafu-capi/later");
    let source = copy.join("src");
    std::fs::create_dir_all(&source).unwrap();
    for file in std::fs::read_dir(package().join("src")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap();
        std::fs::write(source.join(name), grown(name.to_str().unwrap(), &text)).unwrap();
    }
    std::fs::copy(package().join("build.rs"), copy.join("build.rs")).unwrap();
    std::fs::copy(repository().join("Cargo.lock"), copy.join("Cargo.lock")).unwrap();
    std::fs::write(copy.join("Cargo.toml"), manifest()).unwrap();
    let mut command = Command::new(env!("CARGO"));
    // The lock file may name more than this package needs, so it is not `--locked`; nothing new is fetched.
    command
        .args(["build", "--lib", "--offline", "--target-dir"])
        .arg(target);
    succeed(command.current_dir(&copy));
    let kept = copy.join("lib");
    std::fs::create_dir_all(&kept).unwrap();
    std::fs::copy(target.join("debug/libdafu_capi.so"), kept.join("libdafu_capi.so")).unwrap();
    kept
}

/// What a later minor release may do: append fields to structs, and count up the minor number.
fn grown(file: &str, text: &str) -> String {
    let changes: &[(&str, &str)] = match file {
        "version.rs" => &[("DAFU_ABI_MINOR: u32 = 0", "DAFU_ABI_MINOR: u32 = 1")],
        "options.rs" => &[
            (
                "    pub hits: usize,\n}",
                "    pub hits: usize,\n    pub mood: dafu_str,\n}",
            ),
            (
                "        Ok(options)\n",
                "        parsed::<Tag>(given.mood, \"dafu_ask_options.mood\")?;\n        Ok(options)\n",
            ),
        ],
        "reply.rs" => &[
            (
                "    pub follow_ups_len: usize,\n}",
                "    pub follow_ups_len: usize,\n    pub mood: dafu_str,\n}",
            ),
            (
                "follow_ups_len: hit.follow_ups.len(),\n",
                "follow_ups_len: hit.follow_ups.len(),\n        mood: block.text(\"calm\"),\n",
            ),
            (
                "    pub generation: u64,\n}",
                "    pub generation: u64,\n    pub later: u64,\n}",
            ),
            (
                "        generation,\n    }",
                "        generation,\n        later: u64::MAX,\n    }",
            ),
        ],
        _ => &[],
    };
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{file}: {from}");
        text.replace(from, to)
    })
}

/// As in the workspace, so that what others made is not built again; and without optimisation, which takes longest.
fn manifest() -> String {
    let crates = repository().join("crates");
    format!(
        "[package]\nname = \"dafu-capi\"\nversion = \"0.2.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[features]\ntest-panics = []\n\n\
         [dependencies]\ndafu = {{ path = {:?} }}\n\
         dafu-versions = {{ path = {:?}, default-features = false }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\n\
         [workspace]\n\n[profile.dev]\nopt-level = 0\ndebug = \"line-tables-only\"\n\n\
         [profile.dev.package.\"*\"]\nopt-level = 2\ndebug = false\n\n\
         [profile.dev.package.dafu]\nopt-level = 0\n\n\
         [profile.dev.package.dafu-versions]\nopt-level = 0\n",
        crates.join("dafu"),
        crates.join("dafu-versions")
    )
}
