use std::sync::LazyLock;

use dafu::{AskOptions, Audience, Content, Decision, KnowledgeBase, Reply, SearchOptions, Span};

/// Any text gets a reply, the same one twice, with spans that lie on characters; and so for searches and suggestions.
pub fn analyse_and_ask(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let agent = AskOptions::new().audience(Audience::Agent).hits(50).choices(5);
    for options in [AskOptions::new(), agent] {
        let reply = KB.ask(&text, &options).expect("the knowledge base is in memory");
        check_reply(&text, &reply);
        assert_eq!(KB.ask(&text, &options).expect("as before"), reply);

        let explanation = KB.explain(&text, &options).expect("the knowledge base is in memory");
        assert_eq!(explanation.decision, reply.decision);
        for entry in explanation.entries.iter().chain(&explanation.shut_out) {
            assert!((0.0..=1.0).contains(&entry.confidence), "{entry:?}");
            assert!(entry.score.is_finite(), "{entry:?}");
        }
        for suggestion in KB.suggest(&text, 5, &options).expect("the knowledge base is in memory") {
            let entry = KB.get(&suggestion.entry).expect("the knowledge base is in memory");
            assert_eq!(
                entry.expect("what is suggested is there").question.as_str(),
                suggestion.question
            );
        }
    }
    // Only a text that is too long is refused.
    if let Ok(page) = KB.search(&text, &SearchOptions::new().limit(100)) {
        assert!(page.results.len() <= page.total);
        for found in page.results {
            assert!((0.0..=1.0).contains(&found.relevance), "{found:?}");
            check_spans(&found.text, &found.spans);
        }
    }
}

fn check_reply(question: &str, reply: &Reply) {
    match reply.decision {
        Decision::Answer => assert!(!reply.hits.is_empty()),
        Decision::Choices(count) => assert!((1..=5).contains(&count) && count <= reply.hits.len(), "{count}"),
        Decision::NoAnswer(_) => {}
        _ => unreachable!("a decision that this check does not know"),
    }
    for hit in &reply.hits {
        assert!((0.0..=1.0).contains(&hit.confidence), "{hit:?}");
        check_spans(question, &hit.question_spans);
        check_spans(&hit.phrasing, &hit.phrasing_spans);
    }
}

/// Spans are not empty, come in order, do not touch, and say the same in all units.
fn check_spans(text: &str, spans: &[Span]) {
    let mut end = None;
    for span in spans {
        assert!(end.is_none_or(|end| end < span.bytes.start), "{spans:?} in {text:?}");
        end = Some(span.bytes.end);
        let part = text.get(span.bytes.clone()).expect("a span lies on characters");
        assert!(!part.is_empty(), "{spans:?} in {text:?}");
        let before = &text[..span.bytes.start];
        assert_eq!(before.chars().count(), span.chars.start);
        assert_eq!(part.chars().count(), span.chars.len());
        assert_eq!(before.encode_utf16().count(), span.utf16.start);
        assert_eq!(part.encode_utf16().count(), span.utf16.len());
    }
}

static KB: LazyLock<KnowledgeBase> = LazyLock::new(|| {
    let content = Content::from_jsonl(CONTENT.as_bytes()).expect("the content below is right");
    KnowledgeBase::new(&content).expect("the knowledge base is in memory")
});

const CONTENT: &str = include_str!("knowledge_base.jsonl");
