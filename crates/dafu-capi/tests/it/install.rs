//! Installed with cargo-c as a distribution would: files where they belong, a SONAME, and a program that finds it all by
//! pkg-config.

use std::path::Path;
use std::process::Command;

use crate::build::{compiler, package, repository, succeed};

#[test]
#[ignore = "needs cargo-c, and builds the library anew, which takes minutes"]
fn installs_as_systems_expect() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let root = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "cinstall",
        "--locked",
        "--package",
        "dafu-capi",
        "--prefix=/usr",
        "--libdir=/usr/lib",
    ]);
    command.args(["--profile", "dev", "--target-dir"]).arg(target);
    command.arg("--destdir").arg(root.path());
    succeed(command.current_dir(repository()));

    let lib = root.path().join("usr/lib");
    for file in [
        "libdafu.so",
        "libdafu.so.1",
        "libdafu.so.1.0.0",
        "libdafu.a",
        "pkgconfig/dafu.pc",
    ] {
        assert!(lib.join(file).exists(), "{file}");
    }
    let header = std::fs::read(root.path().join("usr/include/dafu.h")).unwrap();
    assert_eq!(header, std::fs::read(package().join("include/dafu.h")).unwrap());
    let dynamic = succeed(Command::new("readelf").arg("--dynamic").arg(lib.join("libdafu.so")));
    assert!(dynamic.contains("soname: [libdafu.so.1]"), "{dynamic}");
    assert!(dynamic.contains("NODELETE"), "{dynamic}");

    for link in ["shared", "static"] {
        let program = root.path().join(link);
        let source = repository().join("examples/c/ask.c");
        let mut flags = pkg_config(root.path(), link == "static");
        if link == "static" {
            // As a program links that wants no libdafu.so where it runs.
            std::fs::remove_file(lib.join("libdafu.so")).unwrap();
        } else {
            flags.push(format!("-Wl,-rpath,{}", lib.display()));
        }
        let mut command = Command::new(compiler(&source).get_program());
        command.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"]);
        succeed(command.arg(&source).args(flags).arg("-o").arg(&program));
        let mut ask = Command::new(&program);
        ask.arg(repository().join("examples/data/shop.jsonl"));
        succeed(ask.stdin(std::process::Stdio::null()));
    }
}

fn pkg_config(root: &Path, all: bool) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_PATH", root.join("usr/lib/pkgconfig"));
    command.env("PKG_CONFIG_SYSROOT_DIR", root);
    command
        .env("PKG_CONFIG_ALLOW_SYSTEM_CFLAGS", "1")
        .env("PKG_CONFIG_ALLOW_SYSTEM_LIBS", "1");
    command
        .args(["--cflags", "--libs"])
        .args(all.then_some("--static"))
        .arg("dafu");
    succeed(&mut command).split_whitespace().map(str::to_owned).collect()
}
