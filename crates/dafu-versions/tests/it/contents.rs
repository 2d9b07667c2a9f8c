//! Small contents whose answers tell which version they are of.

use dafu::{AskOptions, Content, KnowledgeBase};

/// A content of which every answer names the version.
pub fn content(version: u64) -> Content {
    let lines: String = ["退款多久到账", "怎么开发票", "几点上班", "怎么改收货地址"]
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
    let mut answers = ["退款多久到账", "怎么开发票", "几点上班", "怎么改收货地址"].map(|question| {
        let reply = kb.ask(question, &AskOptions::new()).unwrap();
        reply.answer().unwrap().answer.clone().unwrap()
    });
    answers.sort();
    assert_eq!(answers.first(), answers.last());
    answers[0].clone()
}
