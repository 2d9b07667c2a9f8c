//! Bundles: there and back, and what is wrong with those that others made.

use std::fs;

use dafu_versions::{ErrorKind, Live, Publication, VersionBundle};

use crate::contents::{answered, commit_lines, content, store};

#[test]
fn a_generation_travels() {
    let folder = tempfile::tempdir().unwrap();
    let here = Publication::create(folder.path().join("here")).unwrap();
    let served = here.publish(&content(7), 7).unwrap();
    let bundle = folder.path().join("shop.bundle");
    here.export(&served.generation, 7, &bundle).unwrap();

    let there = Publication::create(folder.path().join("there")).unwrap();
    let taken = there.import(&bundle).unwrap();
    assert_eq!(
        (taken.name.as_str(), taken.version, taken.was_there),
        (served.generation.as_str(), 7, false)
    );
    assert!(there.import(&bundle).unwrap().was_there);
    there.switch_to("live", &taken.name, taken.version).unwrap();
    let live = Live::open(folder.path().join("there")).unwrap();
    assert_eq!(answered(live.current().knowledge_base()), "第7版");
    assert!(there.prepare(&content(7)).unwrap().was_there());
}

#[test]
fn a_version_travels() {
    let (folder, store) = store();
    commit_lines(&store, &content(3).to_jsonl());
    let bundle = folder.path().join("shop.bundle");
    store.export_version(1, &bundle).unwrap();
    let taken = VersionBundle::open(&bundle).unwrap();
    assert_eq!((taken.number, taken.author.as_str()), (1, "王芳"));
    assert_eq!(taken.content.to_jsonl(), content(3).to_jsonl());
    let error = Publication::create(folder.path().join("p"))
        .unwrap()
        .import(&bundle)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("holds a version"), "{error}");
}

#[test]
fn damaged_bundles_are_refused_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = Publication::create(folder.path().join("here")).unwrap();
    let served = here.publish(&content(7), 7).unwrap();
    let bundle = folder.path().join("shop.bundle");
    here.export(&served.generation, 7, &bundle).unwrap();
    let whole = fs::read(&bundle).unwrap();
    let there = Publication::create(folder.path().join("there")).unwrap();
    let mut refused = 0;
    let mut tried = 0;
    let mut try_one = |bytes: &[u8]| {
        fs::write(&bundle, bytes).unwrap();
        tried += 1;
        match there.import(&bundle) {
            Err(error) => {
                refused += 1;
                let kind = error.kind();
                assert!(
                    matches!(kind, ErrorKind::Corrupt | ErrorKind::Format | ErrorKind::InvalidInput),
                    "{error}"
                );
                assert!(there.generations().unwrap().is_empty());
                assert_eq!(fs::read_dir(folder.path().join("there/work")).unwrap().count(), 0);
            }
            Ok(taken) => {
                // A bit that zstd does not use: then all is as it was.
                there.verify(&taken.name).unwrap();
                fs::remove_dir_all(folder.path().join("there/generations").join(&taken.name)).unwrap();
            }
        }
    };
    for place in (0..whole.len()).step_by((whole.len() / 200).max(1)) {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (place % 8);
        try_one(&flipped);
    }
    for length in [0, 8, 20, 100, whole.len() / 2, whole.len() - 1] {
        try_one(&whole[..length]);
    }
    assert!(refused * 100 > tried * 95, "{refused} of {tried}");
}

#[test]
fn no_bundle_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "这不是").unwrap();
    let error = VersionBundle::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(error.to_string().contains("no bundle"), "{error}");
    assert_eq!(
        VersionBundle::open(folder.path().join("y")).unwrap_err().kind(),
        ErrorKind::Io
    );
}
