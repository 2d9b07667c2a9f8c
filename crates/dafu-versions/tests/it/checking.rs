//! Each kind of finding, in a content that has one thing wrong, and none in one that is right.

use dafu::Content;
use dafu_versions::{CheckOptions, Expectation, Finding, FindingCode, TestQuestion, check};

use crate::contents::{entry, store};

const RIGHT: &str = r#"{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗"],"answer":"7天内可以退。"}
{"id":"refund","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}
{"id":"invoice","question":"怎么开发票？","similar":["我要电子发票"],"answer":"在订单里申请，价保期内也可以。"}
{"kind":"synonyms","words":["退款","退钱"]}
{"kind":"word","word":"价保"}"#;

fn findings(lines: &str) -> Vec<Finding> {
    findings_with(lines, &[])
}

fn findings_with(lines: &str, tests: &[TestQuestion]) -> Vec<Finding> {
    let (_folder, store) = store();
    let draft = store.new_draft("d", "王芳").unwrap();
    draft.import(&Content::from_jsonl(lines.as_bytes()).unwrap()).unwrap();
    check(&draft.items().unwrap(), tests, &options(), &|_, _| {}).unwrap()
}

fn options() -> CheckOptions {
    let mut options = CheckOptions::default();
    options.at = Some("2026-11-11".try_into().unwrap());
    options
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_right_content_has_no_findings() {
    let found = findings(RIGHT);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn each_kind_of_finding_is_found() {
    for (line, code, id) in [
        (
            r#"{"id":"x","question":"客服几点上班","answer":"您好{{name}}"}"#,
            "slot-in-answer",
            "x",
        ),
        (
            r#"{"id":"x","question":"怎么申请退货","answer":"不能"}"#,
            "near-duplicate",
            "return",
        ),
        (
            r#"{"id":"x","question":"我们开票要什么资料","answer":"请在“我的订单”里选好这一单，点“申请发票”，填写抬头和税号，提交以后三天内会把电子发票发到邮箱里，也可以自己下载。"}
{"id":"y","question":"抬头填错","answer":"您好，请在“我的订单”里选好这一单，点“申请发票”，填写抬头和税号，提交以后三天内会把电子发票发到邮箱里，也可以自己下载。"}"#,
            "same-answer",
            "y",
        ),
        (
            r#"{"id":"x","question":"客服几点上班","valid":{"until":"2026-11-10"}}"#,
            "expired",
            "x",
        ),
        (
            r#"{"id":"x","question":"客服几点上班","valid":{"from":"2026-12-01"}}"#,
            "not-yet-valid",
            "x",
        ),
        (
            r#"{"id":"x","question":"客服几点上班","valid":{"until":"2026-11-20"}}"#,
            "expiring",
            "x",
        ),
        (
            r#"{"id":"x","question":"客服几点上班","review_by":"2026-11-01"}"#,
            "review-overdue",
            "x",
        ),
        (
            r#"{"kind":"word","word":"空气炸锅"}"#,
            "word-without-effect",
            "空气炸锅",
        ),
        (
            r#"{"kind":"synonyms","from":["发票"],"to":["收据"]}"#,
            "synonyms-without-effect",
            "发票>收据",
        ),
    ] {
        let found = findings(&format!("{RIGHT}\n{line}"));
        let first = found.iter().find(|finding| finding.code.as_str() == code);
        let first = first.unwrap_or_else(|| panic!("no {code}: {:?}", codes(&found)));
        assert_eq!(first.item.as_ref().unwrap().id, id, "{code}");
        assert!(
            !first.in_chinese().contains(" the ") && !first.in_chinese().contains("  "),
            "{}",
            first.in_chinese()
        );
    }
}

#[test]
fn a_shadowed_entry_is_found_with_what_shadows_it() {
    let found = findings(&format!(
        "{RIGHT}\n{}",
        r#"{"id":"x","question":"怎么申请退货？","similar":["东西不想要了能退吗"],"priority":-5,"answer":"不能"}"#
    ));
    let shadowed = found
        .iter()
        .find(|finding| finding.code == FindingCode::Shadowed)
        .unwrap();
    assert_eq!(shadowed.item.as_ref().unwrap().id, "x");
    assert_eq!(shadowed.other.as_ref().unwrap().id, "return");
}

#[test]
fn a_phrasing_that_finds_another_entry_is_found() {
    let found = findings(&format!(
        "{RIGHT}\n{}",
        r#"{"id":"x","question":"客服几点上班","similar":["怎么开发票？"],"priority":-5}"#
    ));
    let finding = found
        .iter()
        .find(|finding| finding.code == FindingCode::PhrasingFindsOther)
        .unwrap();
    assert_eq!(finding.text.as_deref(), Some("怎么开发票？"));
    assert_eq!(finding.other.as_ref().unwrap().id, "invoice");
    assert_eq!(finding.in_chinese(), "“怎么开发票？” 问出来是 invoice");
}

#[test]
fn dangling_references_come_first_and_all_else_is_still_checked() {
    let (_folder, store) = store();
    let draft = store.new_draft("d", "王芳").unwrap();
    draft.import(&Content::from_jsonl(RIGHT.as_bytes()).unwrap()).unwrap();
    draft
        .put(entry(
            r#"{"id":"x","question":"客服几点上班","related":["gone"],"answers":[{"standard_answer":"sa"}],"review_by":"2026-01-01"}"#,
        ))
        .unwrap();
    let found = check(&draft.items().unwrap(), &[], &options(), &|_, _| {}).unwrap();
    assert_eq!(
        codes(&found),
        ["dangling-reference", "dangling-reference", "review-overdue"]
    );
    assert_eq!((found[0].field, found[1].field), (Some("related"), Some("answers")));
}

#[test]
fn failing_test_questions_are_found() {
    let test = |question: &str, expected| TestQuestion {
        question: question.to_owned(),
        expected,
    };
    let tests = [
        test("退款多久到账", Expectation::Entry("refund".to_owned())),
        test("我要电子发票", Expectation::Entry("refund".to_owned())),
        test("怎么申请退货", Expectation::NoAnswer),
        test("今天天气怎么样", Expectation::NoAnswer),
    ];
    let found = findings_with(RIGHT, &tests);
    assert_eq!(codes(&found), ["test-fails", "test-fails"]);
    assert_eq!(
        found[0].message,
        "the test question gets the entry `invoice` instead of the entry `refund`"
    );
    assert_eq!(found[0].in_chinese(), "“我要电子发票” 得到的是 invoice，应该是 refund");
}

#[test]
fn progress_reaches_its_end() {
    let (_folder, store) = store();
    let draft = store.new_draft("d", "王芳").unwrap();
    draft.import(&Content::from_jsonl(RIGHT.as_bytes()).unwrap()).unwrap();
    let last = std::sync::Mutex::new((0, 0));
    let progress = |done, total| {
        let mut last = last.lock().unwrap();
        *last = (last.0.max(done), total);
    };
    check(&draft.items().unwrap(), &[], &options(), &progress).unwrap();
    assert_eq!(*last.lock().unwrap(), (6, 6));
}
