use std::fs;

use dafu_versions::{ErrorKind, Live, Publication};

/// Any bytes, read as `CURRENT` and as the `generation.json` of a generation, are what they say or an error.
pub fn manifest(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let publication = Publication::create(folder.path()).expect("a new publication");
    fs::write(folder.path().join("CURRENT"), bytes).expect("a temporary file");
    match publication.serving("live") {
        Ok(served) => assert!(served.is_some_and(|served| served.number > 0)),
        Err(error) => assert!(
            matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Format),
            "{error:?}"
        ),
    }
    Live::open(folder.path()).expect_err("there is no generation");
    let generation = folder.path().join("generations").join(NAME);
    fs::create_dir_all(&generation).expect("a temporary folder");
    fs::write(generation.join("generation.json"), bytes).expect("a temporary file");
    publication.verify(NAME).expect_err("there is no index");
}

const NAME: &str = "0123456789abcdef0123456789abcdef";
