use std::collections::BTreeMap;

use dafu::{AnswerText, Escape, ReplyTemplate, Slot, SlotKind};
use proptest::prelude::*;

fn slot(name: &str, kind: SlotKind) -> Slot {
    Slot::required(name.try_into().unwrap(), kind)
}

fn template(texts: &[&str], slots: Vec<Slot>) -> Result<ReplyTemplate, String> {
    let wordings = texts.iter().map(|&text| AnswerText::try_from(text).unwrap()).collect();
    let template = ReplyTemplate::new("t".try_into().unwrap(), "solve".try_into().unwrap(), wordings, slots);
    template.map_err(|invalid| invalid.to_string())
}

#[test]
fn wordings_take_turns() {
    let template = template(&["您好", "欢迎", "在的"], vec![]).unwrap();
    let replies: Vec<String> = (0..4)
        .map(|n| template.render(n, [("", ""); 0], Escape::None).unwrap())
        .collect();
    assert_eq!(replies, ["您好", "欢迎", "在的", "您好"]);
    assert_eq!(
        template.render(usize::MAX, [("", ""); 0], Escape::None).unwrap(),
        "您好"
    );
}

#[test]
fn a_value_is_never_expanded_again() {
    let template = template(
        &["{{a}}{{b}}"],
        vec![slot("a", SlotKind::Text), slot("b", SlotKind::Text)],
    )
    .unwrap();
    let values = BTreeMap::from([
        ("a".to_owned(), "{{b}}".to_owned()),
        ("b".to_owned(), "{{{{a}}".to_owned()),
    ]);
    assert_eq!(template.render(0, &values, Escape::None).unwrap(), "{{b}}{{{{a}}");
}

#[test]
fn html_is_escaped_in_values_only() {
    let template = template(&["<b>{{a}}</b>"], vec![slot("a", SlotKind::Text)]).unwrap();
    let reply = template.render(0, [("a", "<i>&\"'王")], Escape::Html).unwrap();
    assert_eq!(reply, "<b>&lt;i&gt;&amp;&quot;&#39;王</b>");
}

#[test]
fn doubled_braces_are_braces() {
    let template = template(&["{{{{a}}}} { } {{ a }}"], vec![slot("a", SlotKind::Text)]).unwrap();
    assert_eq!(template.render(0, [("a", "x")], Escape::None).unwrap(), "{{a}} { } x");
}

#[test]
fn an_empty_value_counts_as_none_and_the_last_of_two_counts() {
    let name = Slot::optional("name".try_into().unwrap(), SlotKind::Text, "您").unwrap();
    let template = template(&["{{name}}好"], vec![name]).unwrap();
    assert_eq!(template.render(0, [("name", "")], Escape::None).unwrap(), "您好");
    assert_eq!(
        template
            .render(0, [("name", "王"), ("name", "李")], Escape::None)
            .unwrap(),
        "李好"
    );
}

#[test]
fn everything_that_stands_against_a_reply_is_named_at_once() {
    let slots = vec![
        slot("a", SlotKind::Money),
        slot("b", SlotKind::Date),
        slot("c", SlotKind::Order),
    ];
    let template = template(&["{{a}}{{b}}{{c}}"], slots).unwrap();
    let error = template
        .render(0, [("a", "很多"), ("b", ""), ("d", "x")], Escape::None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the reply cannot be made: no value for `b`, `c`; `a` needs an amount such as 29.90 or ¥29.90; no slot for `d`"
    );
    let many: Vec<(String, &str)> = (0..12).map(|n| (n.to_string(), "x")).collect();
    let error = template.render(0, many, Escape::None).unwrap_err();
    assert!(error.to_string().ends_with("`9` and 2 more"), "{error}");
}

#[test]
fn a_value_has_a_limit() {
    let template = template(&["{{a}}"], vec![slot("a", SlotKind::Text)]).unwrap();
    assert!(template.render(0, [("a", "很".repeat(2_000))], Escape::None).is_ok());
    assert!(template.render(0, [("a", "很".repeat(2_001))], Escape::None).is_err());
}

#[test]
fn every_mistake_of_a_template_says_what_to_do() {
    let a = || vec![slot("a", SlotKind::Text)];
    let cases: Vec<(&[&str], Vec<Slot>)> = vec![
        (&[], a()),
        (&["{{a"], a()),
        (&["好{{a {{b}}"], a()),
        (&["好}}"], a()),
        (&["{{{a}}}"], a()),
        (&["{{}}"], a()),
        (&["{{a}}{{b}}{{订单}}"], a()),
        (&["{{a}}", "没有"], a()),
        (&["{{a}}"], vec![slot("a", SlotKind::Text), slot("a", SlotKind::Date)]),
    ];
    let messages: Vec<String> = cases
        .into_iter()
        .map(|(texts, slots)| template(texts, slots).unwrap_err())
        .collect();
    assert_eq!(messages, MISTAKES);
    let many = "{{a}}".repeat(101);
    assert_eq!(
        template(&[&many], a()).unwrap_err(),
        "the wording `{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}…` has 101 slots; write at most 100 in one wording"
    );
}

const MISTAKES: &[&str] = &[
    "the template has no wording; write at least one text",
    "`{{` at character 1 is never closed; write `}}` after the slot's name, or `{{{{` for the braces themselves",
    "`{{` at character 2 is never closed; write `}}` after the slot's name, or `{{{{` for the braces themselves",
    "`}}` at character 2 closes nothing; write `{{` and a slot's name before it, or `}}}}` for the braces",
    "`{a` is not a slot name at character 1; write letters, digits and `_` only, such as `order_no`",
    "the slot name is empty at character 1; write something, or leave it out",
    "the wording `{{a}}{{b}}{{订单}}` uses `b`, `订单` without declaring it; declare it among the slots",
    "the wording `没有` does not use `a`; write every declared slot in every wording, or do not declare it",
    "the slot `a` is declared twice; delete one of the two",
];

proptest! {
    #[test]
    fn no_wording_panics(text in "订[{}a订 ]{0,30}", value in "\\PC{0,20}") {
        let slots = vec![slot("a", SlotKind::Text), slot("订", SlotKind::Text)];
        if let Ok(template) = template(&[&text], slots) {
            let reply = template.render(0, [("a", value.as_str()), ("订", "1")], Escape::Html);
            prop_assert!(reply.is_ok() || value.trim().is_empty());
        }
    }

    #[test]
    fn any_text_can_be_written_with_doubled_braces(text in "[{}a]{1,20}") {
        let doubled = text.replace("{{", "{{{{").replace("}}", "}}}}");
        // What is left over of an odd number of braces may pair up with its neighbours; such a text has no short way.
        prop_assume!(!text.contains("{{{") && !text.contains("}}}"));
        let template = template(&[&doubled], vec![]).unwrap();
        prop_assert_eq!(template.render(0, [("", ""); 0], Escape::None).unwrap(), text);
    }
}
