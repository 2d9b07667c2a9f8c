//! Questions are untrusted: whatever is asked, searched for or typed, there is a reply in bounded time, no panic, and
//! what a reply says about places in texts holds.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use dafu::{AskOptions, Content, Decision, ErrorKind, KnowledgeBase, Limits, Reason, SearchOptions, Span};
use proptest::prelude::*;

/// Phrasings in which normalisation moves places about: marks, ligatures, widths, numerals, emoji.
const CONTENT: &str = r#"
{"id":"return","question":"怎么申请退货？","similar":["東西不想要了，能退嗎","七天无理由怎么退"],"excluded":["只退运费"],"answer":"点“申请退货”。"}
{"id":"phone","question":"ｉＰｈｏｎｅ　１５　Ｐｒｏ怎么保修","similar":["cafe\u0301的ﬁle怎么退","😀👨‍👩‍👧二十四小时内能退吗"],"answer":"一年。"}
{"kind":"standard_answer","id":"rule","title":"七天无理由","text":"二十四小时内，ＯＫ。"}
{"kind":"template","id":"hello","scenario":"greeting","texts":["您好，{{{{退货}}}}请点“申请”。"]}
{"kind":"synonyms","words":["退货","退"]}
"#;

fn kb() -> &'static KnowledgeBase {
    static KB: OnceLock<KnowledgeBase> = OnceLock::new();
    KB.get_or_init(|| KnowledgeBase::new(&Content::from_jsonl(CONTENT.as_bytes()).unwrap()).unwrap())
}

/// Asks everything that can be asked, and checks what holds for all texts.
fn ask_everything(text: &str) -> Decision {
    let kb = kb();
    let reply = kb.ask(text, &AskOptions::new()).unwrap();
    for hit in &reply.hits {
        assert!((0.0..=1.0).contains(&hit.confidence), "{text:?}: {}", hit.confidence);
        check_spans(text, &hit.question_spans);
        check_spans(&hit.phrasing, &hit.phrasing_spans);
    }
    assert!(reply.choices().len() <= reply.hits.len());
    assert_eq!(kb.explain(text, &AskOptions::new()).unwrap().decision, reply.decision);
    match kb.search(text, &SearchOptions::new()) {
        Ok(page) => {
            assert!(page.results.len() <= page.total);
            for found in &page.results {
                assert!((0.0..=1.0).contains(&found.relevance), "{text:?}: {}", found.relevance);
                check_spans(&found.text, &found.spans);
            }
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(reply.decision, Decision::NoAnswer(Reason::QuestionTooLong));
        }
    }
    kb.suggest(text, 10, &AskOptions::new()).unwrap();
    reply.decision
}

/// Spans come in order, do not touch, lie on characters, and say the same in all three units.
fn check_spans(text: &str, spans: &[Span]) {
    let mut end = None;
    for span in spans {
        let part = &text[span.bytes.clone()];
        let before = &text[..span.bytes.start];
        assert!(!part.is_empty(), "{text:?}: {span:?}");
        assert!(end.is_none_or(|end| end < span.bytes.start), "{text:?}: {span:?}");
        let chars = before.chars().count();
        assert_eq!(span.chars, chars..chars + part.chars().count(), "{text:?}");
        let utf16 = before.encode_utf16().count();
        assert_eq!(span.utf16, utf16..utf16 + part.encode_utf16().count(), "{text:?}");
        end = Some(span.bytes.end);
    }
}

#[test]
fn a_question_without_end_is_refused_before_it_is_read() {
    // The first question of a process loads what it needs.
    ask_everything("退货");
    for text in [
        "退货".repeat(200_000),
        "a".repeat(1 << 20),
        "\0".repeat(1 << 20),
        "😀".repeat(1 << 18),
    ] {
        let start = Instant::now();
        assert_eq!(ask_everything(&text), Decision::NoAnswer(Reason::QuestionTooLong));
        assert!(start.elapsed() < Duration::from_millis(100), "{:?}", start.elapsed());
    }
    let marks = "退".to_owned() + &"\u{301}".repeat(100_000);
    assert_eq!(ask_everything(&marks), Decision::NoAnswer(Reason::QuestionTooLong));
}

#[test]
fn questions_as_long_as_may_be_take_bounded_time() {
    let unit = |unit: &str| -> String { unit.chars().cycle().take(Limits::QUESTION_CHARS).collect() };
    for text in [
        unit("退"),
        unit("怎么申请退货"),
        unit("一二三四五六七八九十百千万亿天"),
        unit("e\u{301}"),
        unit("\u{301}"),
        unit("\u{fdfa}"),
        unit("1"),
        unit("a1"),
        unit("{{"),
        unit("}}{{退货}}"),
        unit("\u{202e}退\u{202c}"),
        unit("\0"),
        unit("😀"),
        unit("👨‍👩‍👧"),
        unit("ﷺ退"),
        unit("𠮷野家"),
        unit("\u{e000}"),
        unit("\u{10ffff}"),
        unit("\u{1f}退\u{1f}货"),
        unit("不要机器人"),
        unit("转人工"),
    ] {
        let start = Instant::now();
        ask_everything(&text);
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{text:.20}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn signs_alone_are_no_question() {
    for text in [
        "",
        " ",
        "\0",
        "\0\0\0",
        "？",
        "。。。",
        "……",
        "!@#$%^&*()",
        "😀",
        "👨‍👩‍👧",
        "\u{202e}",
        "\u{200b}\u{feff}",
        "\u{301}",
        "\u{e000}",
        "{{",
        "}}",
        "\u{1f}",
        "\r\n\t",
        "\u{fffd}",
        "\u{ad}",
        "　",
    ] {
        assert_eq!(
            ask_everything(text),
            Decision::NoAnswer(Reason::EmptyQuestion),
            "{text:?}"
        );
    }
}

#[test]
fn hidden_characters_do_not_hide_a_question() {
    for text in [
        "怎\0么\0申请\0退货",
        "\u{202e}怎么申请\u{202c}退货\u{2069}",
        "怎\u{200b}么\u{200c}申\u{200d}请\u{feff}退货",
        "怎么申请退货\u{e0041}\u{e007f}",
        "怎\u{fe0f}么申请退\u{ad}货",
        "{{怎么申请退货}}",
        "\u{1f}怎么申请退货\u{1f}",
        "'\"怎么申请退货\\;--",
        "+怎么申请退货 AND NOT *:* ^5 ~2",
    ] {
        let reply = kb().ask(text, &AskOptions::new()).unwrap();
        assert_eq!(
            reply.hits.first().map(|hit| hit.entry.as_str()),
            Some("return"),
            "{text:?}"
        );
        ask_everything(text);
    }
}

#[test]
fn digits_alone_find_no_return() {
    for text in [
        "1",
        "15",
        "123456789",
        "13800138000",
        "９９９",
        "一二三四五",
        "3.14",
        "-1",
        "1e309",
        "٣",
    ] {
        assert!(
            matches!(ask_everything(text), Decision::NoAnswer(_) | Decision::Choices(_)),
            "{text:?}"
        );
    }
}

#[test]
fn every_character_of_the_basic_plane_may_be_asked() {
    for c in (0..=0xffff).filter_map(char::from_u32) {
        let mut buffer = [0; 4];
        let text: &str = c.encode_utf8(&mut buffer);
        let reply = kb().ask(text, &AskOptions::new()).unwrap();
        for hit in &reply.hits {
            check_spans(text, &hit.question_spans);
        }
        if u32::from(c) % 16 == 0 {
            ask_everything(text);
        }
    }
}

#[test]
fn every_character_of_the_basic_plane_may_stand_in_a_question() {
    // 60 in a row, between words that are found, so that the places behind them have moved.
    let chars: Vec<char> = (0..=0xffff).filter_map(char::from_u32).collect();
    for row in chars.chunks(60) {
        let row: String = row.iter().collect();
        ask_everything(&format!("怎么申请退货{row}七天无理由"));
    }
}

fn texts() -> impl Strategy<Value = String> {
    let special = "退货怎么申请七天无理由二十四小时能吗東西ｉＰ１５é\u{301}\u{200d}\u{202e}\u{fe0f}\0\u{1f}😀👧ﬁﷺ{} ，。aB1\u{e000}";
    let special: Vec<char> = special.chars().collect();
    let char = prop_oneof![3 => proptest::sample::select(special), 1 => any::<char>()];
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(char, 0..40).prop_map(|chars| chars.into_iter().collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_gets_a_reply(text in texts()) {
        ask_everything(&text);
    }

    #[test]
    fn any_options_get_a_reply(
        text in texts(),
        name in "[a-z退货]{1,5}",
        seconds in -60_000_000_000..250_000_000_000_i64,
        threshold in 0.0..=1.0_f32,
        choices in any::<usize>(),
        hits in any::<usize>(),
        offset in any::<usize>(),
    ) {
        let mut options = AskOptions::new().threshold(threshold.try_into().unwrap()).choices(choices).hits(hits);
        options.at = dafu::Timestamp::from_unix_seconds(seconds).ok();
        let reply = kb().ask(&text, &options).unwrap();
        prop_assert!(reply.hits.len() <= 50);
        if let Decision::Choices(count) = reply.decision {
            prop_assert!((1..=5).contains(&count) && count <= choices.max(1) && reply.choices().len() == count);
        }
        let filtered = options.channel(name.as_str().try_into().unwrap()).tag(name.as_str().try_into().unwrap())
            .category(name.as_str().try_into().unwrap()).locale("zh".try_into().unwrap());
        prop_assert!(kb().ask(&text, &filtered).unwrap().answer().is_none(), "nothing has that tag");
        let page = kb().search(&text, &SearchOptions::new().offset(offset).limit(hits));
        if let Ok(page) = page {
            prop_assert!(page.results.len() <= page.total.saturating_sub(offset).min(100));
        }
        prop_assert!(kb().suggest(&text, choices, &filtered).unwrap().is_empty());
    }

    #[test]
    fn any_id_names_something_or_nothing(id in texts()) {
        prop_assert!(kb().get(&id).unwrap().is_none());
        prop_assert!(kb().standard_answer(&id).unwrap().is_none());
        let error = kb().related(&id).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::NotFound);
        prop_assert!(error.to_string().len() < 400);
        let error = kb().render(&id, usize::MAX, [(id.as_str(), id.as_str())], dafu::Escape::Html).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}
