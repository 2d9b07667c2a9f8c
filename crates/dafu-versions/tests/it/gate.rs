//! The gate: what it refuses, how it is overridden, and what stays written down.

use dafu_versions::{
    ErrorKind, Expectation, FindingCode, PruneRule, Publication, Publish, PublishOptions, Store, TestQuestion,
};

use crate::contents::{commit_lines, content, store};

fn publish(store: &Store, publication: &Publication, options: &PublishOptions) -> Publish {
    store.publish(publication, "王芳", options).unwrap()
}

fn put_test(store: &Store, question: &str, entry: &str) {
    let test = TestQuestion {
        question: question.to_owned(),
        expected: Expectation::Entry(entry.to_owned()),
    };
    store.put_test_questions(&[test], "王芳").unwrap();
}

#[test]
fn a_question_that_worked_and_does_not_is_refused_until_overridden() {
    let (folder, store) = store();
    let publication = Publication::create(folder.path().join("p")).unwrap();
    // One that never worked stops nothing.
    put_test(&store, "今天天气怎么样", "weather");
    put_test(&store, "几点上班", "e2");
    commit_lines(&store, &content(1).to_jsonl());
    assert!(matches!(
        publish(&store, &publication, &PublishOptions::new()),
        Publish::Done(_)
    ));
    let without: String = content(2)
        .to_jsonl()
        .lines()
        .filter(|line| !line.contains("几点"))
        .map(|l| format!("{l}\n"))
        .collect();
    commit_lines(&store, &without);
    let Publish::Refused(refusal) = publish(&store, &publication, &PublishOptions::new()) else {
        panic!("not refused");
    };
    assert_eq!((refusal.errors.len(), refusal.regressions.len()), (0, 1));
    assert_eq!(refusal.regressions[0].test.question, "几点上班");
    assert_eq!(publication.serving("live").unwrap().unwrap().version, 1);

    let empty = store.publish(&publication, "王芳", &PublishOptions::new().override_gate(" "));
    assert_eq!(empty.unwrap_err().kind(), ErrorKind::InvalidInput);
    let anyway = PublishOptions::new().override_gate("改由人工回答");
    let Publish::Done(published) = publish(&store, &publication, &anyway) else {
        panic!("refused");
    };
    // It was built when it was refused.
    assert_eq!((published.served.version, published.was_there), (2, true));
    let audit = store.audit(None, 2).unwrap();
    assert!(audit[1].details.contains("改由人工回答"), "{audit:?}");
    // A test channel has nothing yet, so nothing can be worse there.
    let test = PublishOptions::new().version(2).channel("test");
    assert!(matches!(publish(&store, &publication, &test), Publish::Done(_)));
}

#[test]
fn errors_are_refused() {
    let (folder, store) = store();
    let publication = Publication::create(folder.path().join("p")).unwrap();
    commit_lines(&store, r#"{"id":"a","question":"能退吗","answer":"{{name}}您好"}"#);
    let Publish::Refused(refusal) = publish(&store, &publication, &PublishOptions::new()) else {
        panic!("not refused");
    };
    assert_eq!(refusal.errors[0].code, FindingCode::SlotInAnswer);
    assert_eq!(publication.serving("live").unwrap(), None);
}

#[test]
fn rolling_back_is_written_down_and_labels_keep_generations() {
    let (folder, store) = store();
    let publication = Publication::create(folder.path().join("p")).unwrap();
    let mut names = Vec::new();
    for number in 1..=4 {
        commit_lines(&store, &content(number).to_jsonl());
        let Publish::Done(published) = publish(&store, &publication, &PublishOptions::new()) else {
            panic!("refused");
        };
        names.push(published.served.generation);
    }
    store.set_label("双十一", 1, "王芳").unwrap();
    let served = store.roll_back(&publication, "live", None, "李雷").unwrap();
    assert_eq!(served.version, 3);
    assert_eq!(store.audit(None, 1).unwrap()[0].what, "roll back");
    let mut rule = PruneRule::default();
    rule.keep_last = 1;
    let mut removed = store.prune(&publication, &rule).unwrap().removed;
    removed.sort();
    let mut expected = vec![names[1].clone(), names[3].clone()];
    expected.sort();
    assert_eq!(removed, expected);
    let error = store.roll_back(&publication, "live", Some(77), "李雷").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn nothing_to_publish_is_told() {
    let (folder, store) = store();
    let publication = Publication::create(folder.path().join("p")).unwrap();
    let error = store.publish(&publication, "王芳", &PublishOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    commit_lines(&store, &content(1).to_jsonl());
    let options = PublishOptions::new().version(9);
    let error = store.publish(&publication, "王芳", &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
