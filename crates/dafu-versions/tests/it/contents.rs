//! Small contents, and shorthands to get them into a store.

use dafu::{AskOptions, Content, Entry, KnowledgeBase};
use dafu_versions::{Commit, Store, Version};

const QUESTIONS: [&str; 4] = ["退款多久到账", "怎么开发票", "几点上班", "怎么改收货地址"];

/// A content of which every answer names the version.
pub fn content(version: u64) -> Content {
    let lines: String = QUESTIONS
        .iter()
        .enumerate()
        .map(|(number, question)| {
            format!("{{\"id\":\"e{number}\",\"question\":\"{question}？\",\"answer\":\"第{version}版\"}}\n")
        })
        .collect();
    Content::from_jsonl(lines.as_bytes()).unwrap()
}

/// The version that the answers of a knowledge base name, after making sure that all of them name the same.
pub fn answered(kb: &KnowledgeBase) -> String {
    let mut answers = QUESTIONS.map(|question| {
        let reply = kb.ask(question, &AskOptions::new()).unwrap();
        reply.answer().unwrap().answer.clone().unwrap()
    });
    answers.sort();
    assert_eq!(answers.first(), answers.last());
    answers[0].clone()
}

/// A store in a folder of its own.
pub fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path().join("shop.dafu")).unwrap();
    (folder, store)
}

/// Commits the lines as the whole content.
pub fn commit_lines(store: &Store, lines: &str) -> Version {
    let draft = store.new_draft("lines", "王芳").unwrap();
    draft.import(&Content::from_jsonl(lines.as_bytes()).unwrap()).unwrap();
    committed(draft.commit("王芳", "alles").unwrap())
}

/// The version that a commit has made.
pub fn committed(commit: Commit) -> Version {
    match commit {
        Commit::Version(version) => version,
        other => panic!("{other:?}"),
    }
}

/// An entry of one JSON line.
pub fn entry(json: &str) -> Entry {
    serde_json::from_str(json).unwrap()
}
