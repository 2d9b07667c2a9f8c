use std::fs;

use dafu_versions::{ErrorKind, Publication, VersionBundle};

/// Any bytes, read as a bundle of either kind, give what a bundle holds or an error, and leave nothing behind.
pub fn bundle(bytes: &[u8]) {
    if let Err(error) = VersionBundle::from_bytes(bytes) {
        check(&error);
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bundle");
    fs::write(&file, bytes).expect("a temporary file");
    let publication = Publication::create(folder.path().join("publication")).expect("a new publication");
    match publication.import(&file) {
        Ok(taken) => publication.verify(&taken.name).expect("what was taken is whole"),
        Err(error) => {
            check(&error);
            assert!(publication.generations().expect("the folder is there").is_empty());
        }
    }
    let names = |folder: &std::path::Path| fs::read_dir(folder).expect("the folder is there").count();
    assert_eq!(names(&folder.path().join("publication/work")), 0);
    assert_eq!(names(folder.path()), 2, "something was written beside the publication");
}

fn check(error: &dafu_versions::Error) {
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Corrupt | ErrorKind::Format | ErrorKind::InvalidInput
        ),
        "{error:?}"
    );
}
