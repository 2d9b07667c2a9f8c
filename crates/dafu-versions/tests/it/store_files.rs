//! Files that are no store, are damaged, full, read-only, or of another release.

use std::fs;

use dafu_versions::{ErrorKind, ItemKey, Store};
use rusqlite::Connection;

use crate::contents::{commit_lines, content, entry, store};

#[test]
fn what_is_no_store_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    assert_eq!(Store::open(&path).unwrap_err().kind(), ErrorKind::NotFound);
    fs::write(&path, "这不是数据库，只是一个文件。".repeat(100)).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().contains("opening the store"), "{error}");
    fs::remove_file(&path).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    for error in [Store::open(&path).unwrap_err(), Store::create(&path).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Format);
        assert!(error.to_string().contains("another program"), "{error}");
    }
    let nowhere = folder.path().join("no folder").join("x");
    assert_eq!(Store::create(nowhere).unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn a_store_is_created_once() {
    let (folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    let again = Store::create(folder.path().join("shop.dafu")).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    assert_eq!(store.newest().unwrap().unwrap().number, 1);
    // What a killed `create` leaves is no store, and can become one.
    let empty = folder.path().join("empty");
    fs::write(&empty, b"").unwrap();
    assert_eq!(Store::open(&empty).unwrap_err().kind(), ErrorKind::NotFound);
    Store::create(&empty).unwrap();
}

#[test]
fn a_store_of_a_newer_release_is_left_alone() {
    let (folder, store) = store();
    drop(store);
    let path = folder.path().join("shop.dafu");
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let error = Store::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(error.to_string().contains("newer dafu"), "{error}");
}

#[test]
fn a_store_of_every_release_opens() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let mut seen = 0;
    for file in fs::read_dir(fixtures).unwrap() {
        let file = file.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("shop.dafu");
        fs::copy(&file, &copy).unwrap();
        let store = Store::open(&copy).unwrap();
        assert_eq!(store.newest().unwrap().unwrap().number, 2, "{}", file.display());
        assert_eq!(store.content(1).unwrap().to_jsonl(), content(1).to_jsonl());
        assert_eq!(store.draft("草稿").unwrap().items().unwrap().len(), 5);
        assert_eq!(store.labels().unwrap(), [("开业".to_owned(), 1)]);
        assert_eq!(store.test_questions().unwrap().len(), 1);
        store.verify().unwrap();
        commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
        seen += 1;
    }
    assert_eq!(seen, 1, "one fixture for each released version of the schema");
}

/// Writes the fixture of the present schema: run once for each release that changes it, with `--ignored`.
#[test]
#[ignore = "writes into the source tree"]
fn write_the_fixture_of_the_present_schema() {
    let (folder, store) = store();
    commit_lines(&store, &content(1).to_jsonl());
    commit_lines(&store, &content(2).to_jsonl());
    let draft = store.new_draft("草稿", "王芳").unwrap();
    draft.put(entry(r#"{"id":"new","question":"能开发票吗"}"#)).unwrap();
    store.set_label("开业", 1, "王芳").unwrap();
    let test = dafu_versions::TestQuestion {
        question: "几点开门".to_owned(),
        expected: dafu_versions::Expectation::Entry("e2".to_owned()),
    };
    store.put_test_questions(&[test], "王芳").unwrap();
    drop(store);
    let connection = Connection::open(folder.path().join("shop.dafu")).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = DELETE; VACUUM")
        .unwrap();
    drop(connection);
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schema-1.dafu");
    fs::copy(folder.path().join("shop.dafu"), fixture).unwrap();
}

#[test]
fn a_full_disk_loses_nothing() {
    let (folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    drop(store);
    let path = folder.path().join("shop.dafu");
    // SQLite's own limit of pages ends like a full disk, at a place that a test can choose.
    let pages: i64 = Connection::open(&path)
        .unwrap()
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let store = Store::open(&path).unwrap();
    store.limit_pages_for_tests(pages + 4).unwrap();
    let draft = store.new_draft("d", "王芳").unwrap();
    let mut put = 0;
    let error = loop {
        let line = format!(
            r#"{{"id":"n{put}","question":"第{put}问","answers":["{}"]}}"#,
            "很长的答案".repeat(300)
        );
        match draft.put(entry(&line)) {
            Ok(()) => put += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(
        error.to_string().contains("the disk is full; nothing was changed"),
        "{error}"
    );
    assert_eq!(draft.items().unwrap().len(), put + 1);
    assert_eq!(store.content(1).unwrap().entries().len(), 1);
    store.verify().unwrap();
}

#[cfg(unix)]
#[test]
fn a_read_only_store_is_told() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    drop(store);
    let path = folder.path().join("shop.dafu");
    let set = |file: u32, dir: u32| {
        fs::set_permissions(&path, fs::Permissions::from_mode(file)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(dir)).unwrap();
    };
    set(0o444, 0o555);
    let is_root = fs::File::options().append(true).open(&path).is_ok();
    let result = Store::open(&path).and_then(|store| store.new_draft("d", "王芳").map(drop));
    set(0o644, 0o755);
    // Permissions do not bind the superuser.
    if !is_root {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        assert!(error.to_string().contains("permissions"), "{error}");
    }
}

#[test]
fn damage_is_noticed_and_told() {
    let (folder, store) = store();
    for number in 0..20 {
        let lines: String = (0..50)
            .map(|id| format!("{{\"id\":\"e{id}\",\"question\":\"第{number}版的第{id}问\"}}\n"))
            .collect();
        commit_lines(&store, &lines);
    }
    drop(store);
    let path = folder.path().join("shop.dafu");
    let whole = fs::read(&path).unwrap();
    let mut noticed = 0;
    let mut tried = 0;
    for place in (100..whole.len()).step_by(1_500) {
        let mut flipped = whole.clone();
        flipped[place..(place + 8).min(whole.len())].fill(0xa5);
        fs::write(&path, &flipped).unwrap();
        for rest in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{rest}", path.display()));
        }
        // Whatever is hit: an error or a right answer, never a panic; and `verify` finds what matters.
        tried += 1;
        match Store::open(&path) {
            Err(error) => {
                noticed += 1;
                assert!(
                    matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Format),
                    "{error}"
                );
            }
            Ok(store) => {
                let _ = store.content(10);
                let _ = store.history(&ItemKey::entry("e7"));
                let _ = store.diff(1, 20);
                if let Err(error) = store.verify() {
                    noticed += 1;
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
                }
            }
        }
    }
    // Free pages and free space within pages hold nothing.
    assert!(tried > 50 && noticed * 2 > tried, "{noticed} of {tried}");
}

#[test]
fn nothing_that_was_committed_can_be_changed() {
    let (folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    commit_lines(&store, r#"{"id":"a","question":"乙"}"#);
    let other = Connection::open(folder.path().join("shop.dafu")).unwrap();
    for sql in [
        "UPDATE audit SET who = 'x'",
        "DELETE FROM audit",
        "UPDATE revisions SET body = '{}'",
        "UPDATE revisions SET until = NULL",
        "DELETE FROM revisions",
        "UPDATE versions SET message = 'x'",
        "DELETE FROM versions WHERE version = 2",
    ] {
        let error = other.execute_batch(sql).unwrap_err();
        assert!(
            error.to_string().contains("never") || error.to_string().contains("once"),
            "{sql}: {error}"
        );
    }
    store.verify().unwrap();
}
