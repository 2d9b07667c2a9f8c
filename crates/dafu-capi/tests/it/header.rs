//! The committed header is what the sources say, and stands on its own.
//!
//! After a change of the sources, `DAFU_BLESS=1 cargo test -p dafu-capi header` writes it anew.

use std::path::Path;

/// The order of the topics in the header.
const SOURCES: [&str; 11] = [
    "version",
    "status",
    "text",
    "error",
    "log",
    "kb",
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
    String::from_utf8(header).unwrap()
}
