//! Two drafts on one base: what merges, what conflicts, how conflicts are settled.

use dafu_versions::{Commit, Draft, ErrorKind, Item, ItemKey, Resolution, Store};

use crate::contents::{commit_lines, committed, entry, store};

const BASE: &str = r#"{"id":"r","question":"退款多久到账？","similar":["甲甲","乙乙"],"answer":"3天。","tags":["钱"]}
{"kind":"template","id":"t","scenario":"greeting","texts":["您好"]}"#;

/// Puts one entry into a draft of each of two editors.
fn drafts<'s>(store: &'s Store, first: &str, second: &str) -> (Draft<'s>, Draft<'s>) {
    let (a, b) = (
        store.new_draft("a", "王芳").unwrap(),
        store.new_draft("b", "李雷").unwrap(),
    );
    a.put(entry(first)).unwrap();
    b.put(entry(second)).unwrap();
    (a, b)
}

#[test]
fn changes_of_different_fields_come_together() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let (a, b) = drafts(
        &store,
        r#"{"id":"r","question":"退款几天到账？","similar":["甲甲","丙丙"],"answers":["3天。"],"tags":["钱"]}"#,
        r#"{"id":"r","question":"退款多久到账？","similar":["甲甲","乙乙","丁丁"],"answers":["1天。"],"tags":["钱","快"]}"#,
    );
    committed(a.commit("王芳", "").unwrap());
    let version = committed(b.commit("李雷", "").unwrap());
    assert_eq!((version.number, version.base), (3, 1));
    let Some(Item::Entry(merged)) = store.item(3, &ItemKey::entry("r")).unwrap() else {
        panic!("no entry");
    };
    assert_eq!(merged.question.as_str(), "退款几天到账？");
    let similar: Vec<&str> = merged.similar.iter().map(|text| text.as_str()).collect();
    assert_eq!(similar, ["甲甲", "丙丙", "丁丁"]);
    assert_eq!(store.content(3).unwrap().entries()[0], merged);
    let fields: Vec<String> = store.diff(2, 3).unwrap()[0]
        .fields()
        .into_iter()
        .map(|f| f.field)
        .collect();
    assert_eq!(fields, ["answers", "similar", "tags"]);
}

#[test]
fn a_conflict_is_named_and_settled_in_each_way() {
    for (resolution, expected) in [
        (Resolution::Base, "退款多久到账？"),
        (Resolution::Draft, "退款要多久？"),
        (Resolution::Newest, "退款几天到账？"),
        (Resolution::Value("\"多久退款？\"".to_owned()), "多久退款？"),
    ] {
        let (_folder, store) = store();
        commit_lines(&store, BASE);
        let (a, b) = drafts(
            &store,
            r#"{"id":"r","question":"退款几天到账？"}"#,
            r#"{"id":"r","question":"退款要多久？"}"#,
        );
        committed(a.commit("王芳", "").unwrap());
        let Commit::Conflicts(conflicts) = b.commit("李雷", "").unwrap() else {
            panic!("no conflict");
        };
        assert_eq!((conflicts.len(), conflicts[0].field.field.as_str()), (1, "question"));
        assert_eq!(conflicts[0].field.newest.as_deref(), Some("\"退款几天到账？\""));
        assert_eq!(store.newest().unwrap().unwrap().number, 2);
        b.resolve(&conflicts[0], &resolution).unwrap();
        assert!(b.conflicts().unwrap().is_empty());
        match b.commit("李雷", "").unwrap() {
            Commit::Nothing => assert_eq!(resolution, Resolution::Newest),
            commit => drop(committed(commit)),
        }
        let newest = store.newest().unwrap().unwrap().number;
        let question = store.content(newest).unwrap().entries()[0].question.clone();
        assert_eq!(question.as_str(), expected);
    }
}

#[test]
fn a_resolution_holds_for_its_three_values_only() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let (a, b) = drafts(
        &store,
        r#"{"id":"r","question":"退款几天到账？"}"#,
        r#"{"id":"r","question":"退款要多久？"}"#,
    );
    committed(a.commit("王芳", "").unwrap());
    let conflict = b.conflicts().unwrap().remove(0);
    b.resolve(&conflict, &Resolution::Draft).unwrap();
    commit_lines(&store, &BASE.replace("退款多久到账", "退钱"));
    let again = b.conflicts().unwrap();
    assert_eq!(again[0].field.newest.as_deref(), Some("\"退钱？\""));
}

#[test]
fn deleted_here_and_changed_there_is_asked() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let a = store.new_draft("a", "王芳").unwrap();
    a.delete(&ItemKey::entry("r")).unwrap();
    let b = store.new_draft("b", "李雷").unwrap();
    b.put(entry(r#"{"id":"r","question":"退款要多久？"}"#)).unwrap();
    committed(a.commit("王芳", "").unwrap());
    let conflicts = b.conflicts().unwrap();
    assert_eq!(
        (conflicts[0].field.field.as_str(), conflicts[0].field.newest.as_deref()),
        ("", None)
    );
    b.resolve(&conflicts[0], &Resolution::Draft).unwrap();
    let version = committed(b.commit("李雷", "").unwrap());
    assert_eq!(version.entries, 1);
}

#[test]
fn fields_that_do_not_fit_to_each_other_are_asked_as_a_whole() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let key = ItemKey::new(dafu_versions::ItemKind::Template, "t");
    let template = |json: &str| Item::from_json(key.kind, json).unwrap();
    let a = store.new_draft("a", "王芳").unwrap();
    a.put(template(
        r#"{"id":"t","scenario":"greeting","texts":["{{name}}您好"],"slots":[{"name":"name","kind":"text","required":true}]}"#,
    ))
    .unwrap();
    let b = store.new_draft("b", "李雷").unwrap();
    b.put(template(r#"{"id":"t","scenario":"greeting","texts":["在的"]}"#))
        .unwrap();
    committed(a.commit("王芳", "").unwrap());
    let texts = b.conflicts().unwrap();
    assert_eq!(texts[0].field.field, "texts");
    b.resolve(&texts[0], &Resolution::Draft).unwrap();
    // The texts of the draft do not use the slot of the newest version.
    let whole = b.conflicts().unwrap();
    assert_eq!((whole.len(), whole[0].field.field.as_str()), (1, ""));
    b.resolve(&whole[0], &Resolution::Draft).unwrap();
    committed(b.commit("李雷", "").unwrap());
    assert_eq!(store.content(3).unwrap().templates()[0].slots().len(), 0);
}

#[test]
fn values_that_do_not_fit_are_refused_at_once() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let (a, b) = drafts(
        &store,
        r#"{"id":"r","question":"退款几天到账？"}"#,
        r#"{"id":"r","question":"退款要多久？"}"#,
    );
    committed(a.commit("王芳", "").unwrap());
    let conflict = b.conflicts().unwrap().remove(0);
    for json in ["", "{", "7", "[\"a\"]"] {
        let error = b.resolve(&conflict, &Resolution::Value(json.to_owned())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{json}");
    }
}

#[test]
fn both_may_add_the_same_line_of_the_settings() {
    let (_folder, store) = store();
    commit_lines(&store, BASE);
    let word = |text: &str| Item::StopWord(text.try_into().unwrap());
    let a = store.new_draft("a", "王芳").unwrap();
    let b = store.new_draft("b", "李雷").unwrap();
    a.put(word("亲")).unwrap();
    b.put(word("亲")).unwrap();
    b.put(word("哈")).unwrap();
    committed(a.commit("王芳", "").unwrap());
    committed(b.commit("李雷", "").unwrap());
    assert_eq!(store.content(3).unwrap().settings().stop_words.len(), 2);
}
