//! The committed header is what the sources say, and stands on its own.
//!
//! After a change of the sources, `DAFU_BLESS=1 cargo test -p dafu-capi header` writes it anew.

use std::path::Path;

/// The order of the topics in the header.
const SOURCES: [&str; 12] = [
    "version",
    "status",
    "text",
    "error",
    "log",
    "kb",
    "live",
    "options",
    "reply",
    "ask",
    "search",
    "templates",
];

#[test]
fn is_what_the_sources_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = made(root);
    let committed = root.join("include/dafu.h");
    if std::env::var_os("DAFU_BLESS").is_some() {
        std::fs::write(&committed, &made).unwrap();
    }
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(
        committed == made,
        "include/dafu.h is not what the sources say; look at the difference after \
         `DAFU_BLESS=1 cargo test -p dafu-capi header`"
    );
}

fn made(root: &Path) -> String {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(root.join("src").join(format!("{source}.rs")));
    }
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    readable(&String::from_utf8(header).unwrap())
}

/// The header with less noise: an enumeration begins with one macro instead of two blocks of conditions, code in comments
/// is indented instead of fenced, types go without the word `struct`, and one empty line is enough.
fn readable(header: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut source = header.lines().peekable();
    let (mut in_code, mut enumeration) = (false, false);
    while let Some(line) = source.next() {
        let comment = line.trim_start().starts_with("//");
        if comment && line.contains("```") {
            in_code = !in_code;
        } else if in_code {
            lines.push(line.replacen("// ", "//     ", 1));
        } else if line.starts_with("enum ") && source.peek().is_some_and(|next| next.starts_with("#if")) {
            lines.push(format!("DAFU_ENUM({}) {{", &line["enum ".len()..]));
            enumeration = true;
            // The condition, `: int32_t`, the end of the condition, and the brace.
            assert_eq!(source.by_ref().take(4).last(), Some(" {"));
        } else if enumeration && line == "};" {
            lines.push(line.to_owned());
            enumeration = false;
            // The type definition for C, in two conditions.
            assert_eq!(source.by_ref().take(7).last(), Some("#endif // __cplusplus"));
        } else if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            let declares = comment || line.starts_with("typedef struct ");
            lines.push(if declares {
                line.to_owned()
            } else {
                line.replace("struct dafu_", "dafu_")
            });
        }
    }
    let mut text = lines.join("\n");
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Included first, alone and twice, in C11 and in C++17, with every warning an error.
#[test]
fn stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["alone.c", "alone.cpp"] {
        let source = folder.path().join(name);
        std::fs::write(&source, "#include <dafu.h>\n#include <dafu.h>\nextern int done;\n").unwrap();
        let mut command = crate::build::compiler(&source);
        crate::build::succeed(command.arg("-fsyntax-only").arg(&source));
    }
}
