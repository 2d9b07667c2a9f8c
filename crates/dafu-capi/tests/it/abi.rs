//! The header describes the ABI that was released last, kept in `abi/dafu-1.abi`, or one that has only grown.
//!
//! The ABI is read from a library of empty functions, made of the header: that is what programs are compiled against. That
//! the real library has these functions is what the list of symbols is for. Beside them it has functions that take each
//! enumeration, each struct, each field and its place, so that libabigail names whatever changes: it compares what functions
//! reach, and where a struct may grow it overlooks a field of another type. After a release, keep its ABI:
//! `DAFU_KEEP_ABI=1 cargo test -p dafu-capi abi -- --ignored`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::build::{compiler, package, succeed};

#[test]
#[ignore = "needs libabigail"]
fn is_the_released_one_or_has_grown() {
    let folder = tempfile::tempdir().unwrap();
    let kept = package().join("abi/dafu-1.abi");
    let library = empty_library(folder.path(), &header());
    if std::env::var_os("DAFU_KEEP_ABI").is_some() {
        let mut command = Command::new("abidw");
        command.args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file"]);
        succeed(command.arg(&kept).arg(&library));
    }
    let told = difference(&kept, &library);
    assert!(told.status.success(), "{}", text(&told));
}

#[test]
#[ignore = "needs libabigail"]
fn what_grows_fits_and_what_breaks_is_named() {
    let grown = [
        ("    size_t hits;\n}", "    size_t hits;\n    dafu_str mood;\n}"),
        (
            "    uint64_t generation;\n} dafu_reply",
            "    uint64_t generation;\n    uint64_t later;\n} dafu_reply",
        ),
        ("// Frees a page.", "void dafu_later(void);\n\n// Frees a page."),
    ];
    for (from, to) in grown {
        let told = changed(from, to);
        assert!(told.status.success(), "{to}: {}", text(&told));
    }
    let broken = [
        (
            "    dafu_str phrasing;\n",
            "    dafu_str mood;\n    dafu_str phrasing;\n",
            "dafu_hit_phrasing",
        ),
        ("    size_t offset;\n", "    size_t skipped;\n", "offset"),
        ("    float precision;\n", "    int32_t precision;\n", "precision"),
        ("    dafu_str question;\n", "", "dafu_hit"),
        (
            "    float confidence;\n",
            "    double confidence;\n",
            "dafu_hit_confidence",
        ),
        ("    size_t byte_start;\n", "    uint32_t byte_start;\n", "byte_start"),
        (
            "    size_t utf16_end;\n}",
            "    size_t utf16_end;\n    size_t lines;\n}",
            "dafu_span",
        ),
        (
            "DAFU_REASON_EXCLUDED = 5",
            "DAFU_REASON_EXCLUDED = 6",
            "DAFU_REASON_EXCLUDED",
        ),
        ("void dafu_page_free(dafu_page *page);", "", "dafu_page_free"),
        (
            "dafu_status dafu_render(const dafu_kb *kb,",
            "dafu_status dafu_render(",
            "dafu_render",
        ),
    ];
    for (from, to, named) in broken {
        let told = changed(from, to);
        assert!(!told.status.success(), "{to}");
        assert!(text(&told).contains(named), "{to}: {}", text(&told));
    }
}

fn header() -> String {
    std::fs::read_to_string(package().join("include/dafu.h")).unwrap()
}

/// How the header differs from the released one after a change.
fn changed(from: &str, to: &str) -> Output {
    let header = header();
    assert!(header.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    difference(
        &package().join("abi/dafu-1.abi"),
        &empty_library(folder.path(), &header.replacen(from, to, 1)),
    )
}

fn difference(kept: &Path, library: &Path) -> Output {
    let mut command = Command::new("abidiff");
    command
        .args(["--no-added-syms", "--suppressions"])
        .arg(package().join("abi/appended.suppr"));
    command.arg(kept).arg(library).output().unwrap()
}

/// A library with the functions of a header, which do nothing.
fn empty_library(folder: &Path, header: &str) -> PathBuf {
    let source = folder.join("empty.c");
    std::fs::write(folder.join("dafu.h"), header).unwrap();
    let code = functions(header) + &enumerations(header) + &structs(header);
    std::fs::write(&source, format!("#include \"dafu.h\"\n{code}")).unwrap();
    let library = folder.join("libdafu.so");
    let mut command = compiler(&source);
    // Other than in programs, parameters are not used, and nothing is returned.
    command.args(["-Wno-unused-parameter", "-Wno-error=return-type", "-Wno-return-type"]);
    command
        .args(["-fno-eliminate-unused-debug-types", "-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(&source);
    succeed(&mut command);
    library
}

/// Definitions of the functions that a header declares.
fn functions(header: &str) -> String {
    let (_, declarations) = header.split_once("extern \"C\" {").unwrap();
    let code: Vec<&str> = declarations
        .lines()
        .filter(|line| !line.starts_with("//") && !line.starts_with('#'))
        .collect();
    let functions = code.join("\n");
    let functions = functions
        .split_inclusive(");")
        .filter(|function| function.contains("dafu_"));
    functions
        .map(|function| function.trim().trim_end_matches(';').to_owned() + " {}\n")
        .collect()
}

/// A function for each enumeration: the fields of structs are plain numbers.
fn enumerations(header: &str) -> String {
    let names = header.lines().filter_map(|line| line.strip_prefix("DAFU_ENUM("));
    names
        .filter_map(|rest| rest.split_once(") {"))
        .map(|(name, _)| format!("void enumeration_{name}(enum {name} number) {{}}\n"))
        .collect()
}

/// A function for each struct, with the places of its fields as an enumeration; and one for each of its fields.
fn structs(header: &str) -> String {
    let mut code = String::new();
    for part in header.split("\ntypedef struct ").skip(1) {
        let Some((name, rest)) = part.split_once(" {\n") else {
            continue;
        };
        let (body, _) = rest.split_once("\n}").unwrap();
        let declared = body.lines().filter_map(|line| line.trim().strip_suffix(';'));
        let fields: Vec<&str> = declared
            .filter(|line| !line.starts_with("//"))
            .filter_map(|line| line.rsplit([' ', '*']).next())
            .collect();
        assert!(!fields.is_empty(), "{name}");
        let place = |field: &&str| format!("place_{name}_{field} = offsetof({name}, {field}), ");
        let places: String = fields.iter().map(place).collect();
        code += &format!("enum places_{name} {{ {places} }};\n");
        code += &format!("void struct_{name}(const {name} *value, enum places_{name} places) {{}}\n");
        for field in fields {
            code += &format!("void field_{name}_{field}(__typeof__((({name} *)0)->{field}) *field) {{}}\n");
        }
    }
    code
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
