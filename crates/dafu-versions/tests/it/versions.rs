//! Versions: numbers, times, history, blame, diff, labels, audit, test questions.

use dafu_versions::{ChangeKind, ErrorKind, Expectation, ItemKey, TestQuestion};

use crate::contents::{commit_lines, store};

#[test]
fn every_version_can_be_read_by_number_and_time() {
    let (_folder, store) = store();
    assert_eq!(store.newest().unwrap(), None);
    assert!(store.content(0).unwrap().entries().is_empty());
    for number in 1..=5 {
        let line = format!(r#"{{"id":"a","question":"第{number}问"}}"#);
        let version = commit_lines(&store, &line);
        assert_eq!((version.number, version.base), (number, number - 1));
        let at = store.version_at(version.time).unwrap();
        assert_eq!(at.number, number);
    }
    assert_eq!(store.content(2).unwrap().entries()[0].question.as_str(), "第2问");
    let numbers: Vec<u64> = store.versions(Some(5), 2).unwrap().iter().map(|v| v.number).collect();
    assert_eq!(numbers, [4, 3]);
    for error in [
        store.content(6).unwrap_err(),
        store.diff(1, u64::MAX).unwrap_err(),
        store.version_at(0).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
}

#[test]
fn the_content_hash_follows_the_content() {
    let (_folder, store) = store();
    let line = |text: &str| format!("{{\"id\":\"a\",\"question\":\"{text}\"}}\n{{\"id\":\"b\",\"question\":\"问\"}}");
    let hashes = ["甲", "乙", "甲"].map(|text| commit_lines(&store, &line(text)).content_hash);
    assert_eq!(hashes[0], hashes[2]);
    assert_ne!(hashes[0], hashes[1]);
    assert_eq!(hashes[0].len(), 64);
    store.verify().unwrap();
}

#[test]
fn history_and_blame_tell_who_did_what() {
    let (_folder, store) = store();
    let other = r#"{"id":"b","question":"问"}"#;
    for lines in [
        format!("{{\"id\":\"a\",\"question\":\"甲\",\"tags\":[\"x\"]}}\n{other}"),
        format!("{{\"id\":\"a\",\"question\":\"乙\",\"tags\":[\"x\"]}}\n{other}"),
        other.to_owned(),
        format!("{{\"id\":\"a\",\"question\":\"丙\"}}\n{other}"),
        format!("{{\"id\":\"a\",\"question\":\"丙\",\"owner\":\"组\"}}\n{other}"),
    ] {
        commit_lines(&store, &lines);
    }
    let history = store.history(&ItemKey::entry("a")).unwrap();
    let told: Vec<(u64, ChangeKind)> = history.iter().map(|r| (r.version.number, r.change.kind)).collect();
    use ChangeKind::{Added, Changed, Removed};
    assert_eq!(told, [(1, Added), (2, Changed), (3, Removed), (4, Added), (5, Changed)]);
    let blame = store.blame(&ItemKey::entry("a")).unwrap();
    let told: Vec<(&str, u64)> = blame.iter().map(|o| (o.field.as_str(), o.version.number)).collect();
    assert_eq!(told, [("id", 4), ("owner", 5), ("question", 4)]);
    assert!(store.history(&ItemKey::entry("zzz")).unwrap().is_empty());
    assert_eq!(store.history(&ItemKey::entry("b")).unwrap().len(), 1);
}

#[test]
fn a_diff_goes_both_ways_and_over_any_distance() {
    let (_folder, store) = store();
    for lines in [
        r#"{"id":"a","question":"甲"}"#,
        "{\"id\":\"a\",\"question\":\"甲\"}\n{\"id\":\"b\",\"question\":\"乙\"}",
        "{\"id\":\"a\",\"question\":\"丙\"}\n{\"id\":\"b\",\"question\":\"乙\"}",
        "{\"id\":\"b\",\"question\":\"乙\"}",
        r#"{"id":"a","question":"甲"}"#,
    ] {
        commit_lines(&store, lines);
    }
    let kinds = |from, to| -> Vec<(String, ChangeKind)> {
        let changes = store.diff(from, to).unwrap();
        changes.into_iter().map(|change| (change.key.id, change.kind)).collect()
    };
    let one = |id: &str, kind| (id.to_owned(), kind);
    assert_eq!(kinds(1, 2), [one("b", ChangeKind::Added)]);
    assert_eq!(kinds(2, 1), [one("b", ChangeKind::Removed)]);
    assert_eq!(kinds(2, 4), [one("a", ChangeKind::Removed)]);
    assert_eq!(kinds(2, 3), [one("a", ChangeKind::Changed)]);
    assert_eq!(kinds(0, 3), [one("a", ChangeKind::Added), one("b", ChangeKind::Added)]);
    // What was added and removed in between, or changed and changed back, is no difference.
    assert!(kinds(1, 5).is_empty());
    assert!(kinds(3, 3).is_empty());
}

#[test]
fn labels_and_test_questions_are_written_down() {
    let (_folder, store) = store();
    commit_lines(&store, r#"{"id":"a","question":"甲"}"#);
    store.set_label("双十一", 1, "王芳").unwrap();
    assert_eq!(store.labels().unwrap(), [("双十一".to_owned(), 1)]);
    assert_eq!(store.set_label("x", 0, "王芳").unwrap_err().kind(), ErrorKind::NotFound);
    store.remove_label("双十一", "王芳").unwrap();
    assert_eq!(
        store.remove_label("双十一", "王芳").unwrap_err().kind(),
        ErrorKind::NotFound
    );

    let test = |question: &str, expected| TestQuestion {
        question: question.to_owned(),
        expected,
    };
    let tests = [
        test("今天天气", Expectation::NoAnswer),
        test("能退吗", Expectation::Entry("a".to_owned())),
    ];
    store.put_test_questions(&tests, "王芳").unwrap();
    assert_eq!(store.test_questions().unwrap(), tests);
    let bad = [tests[0].clone(), test(" ", Expectation::NoAnswer)];
    assert_eq!(
        store.put_test_questions(&bad, "王芳").unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    store.remove_test_question("今天天气", "王芳").unwrap();
    assert_eq!(
        store.remove_test_question("今天天气", "王芳").unwrap_err().kind(),
        ErrorKind::NotFound
    );

    let audit = store.audit(None, 100).unwrap();
    let what: Vec<&str> = audit.iter().map(|record| record.what.as_str()).collect();
    let expected = [
        "remove test question",
        "put test questions",
        "remove label",
        "label",
        "commit",
    ];
    assert_eq!(what, expected);
    assert_eq!(audit[0].number, 5);
}
