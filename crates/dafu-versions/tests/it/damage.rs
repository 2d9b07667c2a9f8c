//! A flipped bit or a lost end, in any file of a generation: the reader says so, names the file, and never answers.

use std::fs;
use std::path::{Path, PathBuf};

use dafu_versions::{ErrorKind, Live, Publication};

use crate::contents::{answered, content};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

#[test]
fn every_damaged_file_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    let files: Vec<PathBuf> = files(folder.path())
        .into_iter()
        .filter(|file| !file.ends_with("publish.lock"))
        .collect();
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let whole = fs::read(&file).unwrap();
        let step = (whole.len() / 16).max(1);
        for place in (0..whole.len()).step_by(step) {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            check(folder.path(), &file, &flipped);
        }
        for length in [0, whole.len() / 2, whole.len().saturating_sub(1)] {
            if length < whole.len() {
                check(folder.path(), &file, &whole[..length]);
            }
        }
        fs::write(&file, &whole).unwrap();
        answered(Live::open(folder.path()).unwrap().current().knowledge_base());
    }
}

fn check(publication: &Path, file: &Path, damaged: &[u8]) {
    fs::write(file, damaged).unwrap();
    let error = Live::open(publication).unwrap_err();
    // A flipped digit of a format makes it one of the future.
    assert!(
        matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Format),
        "{}: {error}",
        file.display()
    );
    let name = file.file_name().unwrap().to_string_lossy();
    let told = error.to_string();
    let by_checksum = told.contains("manifest.json") || told.contains("generation.json");
    assert!(told.contains(&*name) || by_checksum, "{}: {error}", file.display());
}

#[test]
fn a_missing_file_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    let served = publication.publish(&content(1), 1).unwrap();
    for file in files(&folder.path().join("generations").join(&served.generation)) {
        let whole = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        Live::open(folder.path()).unwrap_err();
        publication.verify(&served.generation).unwrap_err();
        fs::write(&file, whole).unwrap();
    }
    publication.verify(&served.generation).unwrap();
}

/// A reload compares lengths, and the manifests by their checksums; the publisher has compared all bytes.
#[test]
fn a_reload_notices_what_is_cut_off_missing_or_not_of_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    let live = Live::open(folder.path()).unwrap();
    let served = publication.publish(&content(2), 2).unwrap();
    for file in files(&folder.path().join("generations").join(&served.generation)) {
        let whole = fs::read(&file).unwrap();
        let mut damaged = vec![whole[..whole.len() / 2].to_vec(), [&whole[..], b"x"].concat()];
        let name = file.file_name().unwrap();
        if name == "manifest.json" || name == "generation.json" {
            let mut flipped = whole.clone();
            flipped[whole.len() / 2] ^= 1;
            damaged.push(flipped);
        }
        for bytes in damaged {
            fs::write(&file, bytes).unwrap();
            let error = live.reload().unwrap_err();
            let kind = error.kind();
            assert!(
                matches!(kind, ErrorKind::Corrupt | ErrorKind::Format),
                "{}: {error}",
                file.display()
            );
            assert_eq!(answered(live.current().knowledge_base()), "第1版");
        }
        fs::remove_file(&file).unwrap();
        live.reload().unwrap_err();
        fs::write(&file, whole).unwrap();
    }
    live.reload().unwrap();
    assert_eq!(answered(live.current().knowledge_base()), "第2版");
}
