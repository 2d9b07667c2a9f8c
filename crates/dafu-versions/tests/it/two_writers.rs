//! Two processes on one store, here two handles: they wait, or are told, and nothing is lost.

use std::time::Duration;

use dafu_versions::{Commit, ErrorKind, Store};
use rusqlite::Connection;

use crate::contents::{commit_lines, committed, entry, store};

#[test]
fn commits_of_many_writers_are_all_there() {
    let (folder, first) = store();
    let path = folder.path().join("shop.dafu");
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let path = &path;
            scope.spawn(move || {
                let store = Store::open(path).unwrap();
                for number in 0..20 {
                    let draft = store.new_draft(&format!("w{writer}"), "写手").unwrap();
                    let line = format!(r#"{{"id":"w{writer}-{number}","question":"写手{writer}的第{number}问"}}"#);
                    draft.put(entry(&line)).unwrap();
                    committed(draft.commit("写手", "").unwrap());
                }
            });
        }
    });
    assert_eq!(first.newest().unwrap().unwrap().number, 60);
    assert_eq!(first.content(60).unwrap().entries().len(), 60);
    first.verify().unwrap();
}

#[test]
fn whoever_waits_too_long_is_told() {
    let (folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    let store = store.with_wait(Duration::from_millis(30)).unwrap();
    let other = Connection::open(folder.path().join("shop.dafu")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.new_draft("d", "王芳").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.to_string().contains("try again a little later"), "{error}");
    // Reading goes on.
    assert_eq!(store.content(1).unwrap().entries().len(), 1);
    other.execute_batch("ROLLBACK").unwrap();
    store.new_draft("d", "王芳").unwrap();
}

#[test]
fn the_same_draft_is_committed_once() {
    let (folder, store) = store();
    let draft = store.new_draft("d", "王芳").unwrap();
    draft.put(entry(r#"{"id":"a","question":"甲"}"#)).unwrap();
    let path = folder.path().join("shop.dafu");
    let made: Vec<bool> = std::thread::scope(|scope| {
        let commits: Vec<_> = (0..4)
            .map(|_| {
                let path = &path;
                scope.spawn(move || {
                    let store = Store::open(path).unwrap();
                    let Ok(draft) = store.draft("d") else {
                        return false;
                    };
                    matches!(draft.commit("王芳", ""), Ok(Commit::Version(_)))
                })
            })
            .collect();
        commits.into_iter().map(|commit| commit.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(store.newest().unwrap().unwrap().number, 1);
}
