//! Drafts: operations, undo, states, imports.

use dafu::{AskOptions, Content, KnowledgeBase};
use dafu_versions::{ChangeKind, Commit, ErrorKind, Item, ItemKey, ItemKind, ItemState, Publication, Store};

use crate::contents::{commit_lines, committed, entry, store};

const SHOP: &str = r#"{"id":"refund","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"3天。"}
{"id":"hours","question":"几点上班？","answer":"9点。"}
{"kind":"synonyms","words":["退款","退钱"]}
{"kind":"word","word":"价保"}
{"kind":"settings","threshold":0.6}"#;

#[test]
fn an_entry_has_one_of_four_states() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    draft.put(entry(r#"{"id":"new","question":"能开发票吗"}"#)).unwrap();
    draft.put(entry(r#"{"id":"hours","question":"几点下班？"}"#)).unwrap();
    draft.delete(&ItemKey::entry("refund")).unwrap();
    let word = ItemKey::new(ItemKind::Word, "价保");
    for (key, state) in [
        (ItemKey::entry("new"), ItemState::New),
        (ItemKey::entry("hours"), ItemState::Changed),
        (ItemKey::entry("refund"), ItemState::Deleted),
        (word, ItemState::Unchanged),
    ] {
        assert_eq!(draft.state(&key).unwrap(), state, "{key}");
    }
    assert_eq!(
        draft.state(&ItemKey::entry("x")).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    let kinds: Vec<ChangeKind> = draft.changes().unwrap().iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Removed, ChangeKind::Changed, ChangeKind::Added]);
}

#[test]
fn undo_walks_back_to_the_base() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    let key = ItemKey::entry("hours");
    draft.delete(&key).unwrap();
    assert_eq!(draft.delete(&key).unwrap_err().kind(), ErrorKind::NotFound);
    draft.put(entry(r#"{"id":"hours","question":"几点下班？"}"#)).unwrap();
    draft.import(&Content::from_jsonl(b"").unwrap()).unwrap();
    assert!(draft.items().unwrap().is_empty());
    assert_eq!(draft.undo().unwrap().as_deref(), Some("import 0 items"));
    assert_eq!(draft.undo().unwrap().as_deref(), Some("put entry `hours`"));
    assert_eq!(draft.state(&key).unwrap(), ItemState::Deleted);
    assert_eq!(draft.undo().unwrap().as_deref(), Some("delete entry `hours`"));
    assert_eq!(draft.undo().unwrap(), None);
    assert_eq!(
        draft.content().unwrap().to_jsonl(),
        store.content(1).unwrap().to_jsonl()
    );
    assert_eq!(draft.commit("李雷", "nothing").unwrap(), Commit::Nothing);
}

#[test]
fn an_import_counts_what_it_does() {
    let (_folder, store) = store();
    let draft = store.new_draft("d", "李雷").unwrap();
    let first = draft.import(&Content::from_jsonl(SHOP.as_bytes()).unwrap()).unwrap();
    assert_eq!(
        (first.added, first.changed, first.removed, first.unchanged),
        (5, 0, 0, 0)
    );
    let again = draft.import(&Content::from_jsonl(SHOP.as_bytes()).unwrap()).unwrap();
    assert_eq!(
        (again.added, again.changed, again.removed, again.unchanged),
        (0, 0, 0, 5)
    );
    let other = SHOP.replace("9点", "10点").replace("价保", "运费险");
    let other = draft.import(&Content::from_jsonl(other.as_bytes()).unwrap()).unwrap();
    assert_eq!(
        (other.added, other.changed, other.removed, other.unchanged),
        (1, 1, 1, 3)
    );
    // Nothing was done the second time, so there is nothing to undo of it.
    assert_eq!(draft.info().unwrap().operations, 2);
}

#[test]
fn what_goes_in_comes_out() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let expected = Content::from_jsonl(SHOP.as_bytes()).unwrap().to_jsonl();
    assert_eq!(store.content(1).unwrap().to_jsonl(), expected);
    let version = store.version(1).unwrap();
    assert_eq!((version.entries, version.settings, version.phrasings), (2, 3, 3));
}

#[test]
fn drafts_outlast_the_process_and_stand_beside_each_other() {
    let (folder, store) = store();
    store
        .new_draft("甲", "王芳")
        .unwrap()
        .put(entry(r#"{"id":"a","question":"能退吗"}"#))
        .unwrap();
    store.new_draft("乙", "李雷").unwrap();
    assert_eq!(store.new_draft("甲", "李雷").unwrap_err().kind(), ErrorKind::Conflict);
    drop(store);
    let store = Store::open(folder.path().join("shop.dafu")).unwrap();
    let names: Vec<String> = store.drafts().unwrap().into_iter().map(|draft| draft.name).collect();
    assert_eq!(names, ["乙", "甲"]);
    assert_eq!(store.draft("甲").unwrap().items().unwrap().len(), 1);
    store.draft("甲").unwrap().discard().unwrap();
    assert_eq!(store.draft("甲").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_committed_draft_is_gone_for_every_handle() {
    let (_folder, store) = store();
    let draft = store.new_draft("d", "王芳").unwrap();
    let other = store.draft("d").unwrap();
    draft.put(entry(r#"{"id":"a","question":"能退吗"}"#)).unwrap();
    committed(draft.commit("王芳", "").unwrap());
    let error = other.put(entry(r#"{"id":"b","question":"能换吗"}"#)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("committed or discarded"), "{error}");
}

#[test]
fn dangling_references_stay_in_the_draft() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    draft
        .put(entry(
            r#"{"id":"a","question":"能退吗","related":["gone"],"answers":[{"standard_answer":"sa"}]}"#,
        ))
        .unwrap();
    let error = draft.commit("李雷", "").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().contains("the entry `a` refers to the entry `gone`"),
        "{error}"
    );
    assert!(error.to_string().contains("standard answer `sa`"), "{error}");
    assert_eq!(draft.content().unwrap_err().mistakes().len(), 2);
    assert_eq!(store.newest().unwrap().unwrap().number, 1);

    draft
        .put(entry(r#"{"id":"a","question":"能退吗","related":["refund"]}"#))
        .unwrap();
    committed(draft.commit("李雷", "").unwrap());
    let draft = store.new_draft("d", "李雷").unwrap();
    draft.delete(&ItemKey::entry("refund")).unwrap();
    let error = draft.commit("李雷", "").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the entry `a` still refers to the entry `refund`"),
        "{error}"
    );
    draft.delete(&ItemKey::entry("a")).unwrap();
    committed(draft.commit("李雷", "").unwrap());
}

#[test]
fn a_published_generation_answers_like_the_preview() {
    let (folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    draft
        .put(entry(
            r#"{"id":"a","question":"怎么申请退款","similar":["我要退钱"],"answers":["点申请。"]}"#,
        ))
        .unwrap();
    draft
        .put(entry(r#"{"id":"hours","question":"几点下班？","answers":["18点。"]}"#))
        .unwrap();
    let preview = KnowledgeBase::new(&draft.content().unwrap()).unwrap();
    let version = committed(draft.commit("李雷", "").unwrap());
    let publication = Publication::create(folder.path().join("shop")).unwrap();
    publication
        .publish(&store.content(version.number).unwrap(), version.number)
        .unwrap();
    let live = dafu_versions::Live::open(folder.path().join("shop")).unwrap().current();
    let options = AskOptions::new().at("2026-11-11".try_into().unwrap()).hits(50);
    for question in [
        "退款多久到账",
        "我要退钱",
        "几点下班",
        "钱呢",
        "转人工",
        "",
        "你们几点上班呀",
    ] {
        let (a, b) = (
            preview.ask(question, &options).unwrap(),
            live.knowledge_base().ask(question, &options).unwrap(),
        );
        assert_eq!(a, b);
        for (a, b) in a.hits.iter().zip(&b.hits) {
            assert_eq!(a.confidence.to_bits(), b.confidence.to_bits());
        }
    }
}

#[test]
fn names_are_checked() {
    let (_folder, store) = store();
    for (name, author) in [("", "王芳"), ("d", " "), ("a\nb", "王芳"), (&"长".repeat(201), "王芳")] {
        assert_eq!(
            store.new_draft(name, author).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    let draft = store.new_draft("d", "王芳").unwrap();
    let item = Item::from(entry(r#"{"id":"a","question":"能退吗"}"#));
    let error = draft.put_as(&ItemKey::entry("b"), item).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(draft.commit("", "").is_err());
}

#[test]
fn several_are_deleted_in_one_operation_or_none() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    let keys: Vec<ItemKey> = draft.items().unwrap().into_iter().map(|(key, _)| key).collect();
    let mut with_another = keys.clone();
    with_another.push(ItemKey::entry("nobody"));
    assert_eq!(draft.delete_all(&with_another).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(draft.items().unwrap().len(), keys.len());
    // Named twice is named once.
    draft.delete_all(&[&keys[..], &keys[..1]].concat()).unwrap();
    assert!(draft.items().unwrap().is_empty());
    draft.undo().unwrap();
    assert_eq!(draft.items().unwrap().len(), keys.len());
    assert_eq!(draft.undo().unwrap(), None);
}

#[test]
fn another_id_is_one_operation() {
    let (_folder, store) = store();
    commit_lines(&store, SHOP);
    let draft = store.new_draft("d", "李雷").unwrap();
    let (old, new) = (ItemKey::entry("hours"), ItemKey::entry("opening"));
    let renamed = entry(r#"{"id":"opening","question":"几点上班？"}"#);
    draft.rename(&old, renamed.clone()).unwrap();
    assert_eq!(draft.state(&old).unwrap(), ItemState::Deleted);
    assert_eq!(draft.state(&new).unwrap(), ItemState::New);
    assert_eq!(draft.rename(&old, renamed).unwrap_err().kind(), ErrorKind::NotFound);
    let taken = entry(r#"{"id":"hours","question":"几点上班？"}"#);
    draft.put(taken.clone()).unwrap();
    assert_eq!(draft.rename(&new, taken).unwrap_err().kind(), ErrorKind::Conflict);
    draft.undo().unwrap();
    assert_eq!(
        draft.undo().unwrap().as_deref(),
        Some("rename entry `hours` to entry `opening`")
    );
    assert_eq!(draft.undo().unwrap(), None);
    assert!(draft.item(&old).unwrap().is_some() && draft.item(&new).unwrap().is_none());
}
