use dafu::{Content, ContentBuilder, Entry, ErrorKind, ReplyTemplate, Settings, Severity, StandardAnswer};
use proptest::prelude::*;

use crate::arbitrary;

fn import(lines: &str) -> Content {
    Content::from_jsonl(lines.as_bytes()).unwrap()
}

fn mistakes(lines: &str) -> Vec<String> {
    let error = Content::from_jsonl(lines.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.mistakes().iter().map(ToString::to_string).collect()
}

proptest! {
    #[test]
    fn import_after_export_is_the_identity(content in arbitrary::content()) {
        let again = import(&content.to_jsonl());
        prop_assert_eq!(again.entries(), content.entries());
        prop_assert_eq!(again.standard_answers(), content.standard_answers());
        prop_assert_eq!(again.templates(), content.templates());
        prop_assert_eq!(again.settings(), content.settings());
        prop_assert_eq!(again.to_jsonl(), content.to_jsonl());
    }

    #[test]
    fn the_quick_way_back_agrees_with_the_import(content in arbitrary::content()) {
        for entry in content.entries() {
            prop_assert_eq!(&serde_json::from_str::<Entry>(&serde_json::to_string(entry).unwrap()).unwrap(), entry);
        }
        for answer in content.standard_answers() {
            let json = serde_json::to_string(answer).unwrap();
            prop_assert_eq!(&serde_json::from_str::<StandardAnswer>(&json).unwrap(), answer);
        }
        for template in content.templates() {
            let json = serde_json::to_string(template).unwrap();
            prop_assert_eq!(&serde_json::from_str::<ReplyTemplate>(&json).unwrap(), template);
        }
        let json = serde_json::to_string(content.settings()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Settings>(&json).unwrap(), content.settings());
    }
}

#[test]
fn an_entry_with_every_field_is_written_as_it_was_read() {
    let line = concat!(
        r#"{"kind":"entry","id":"return-apply","question":"怎么申请退货？","similar":["买错了咋退"],"excluded":["怎么换货"],"#,
        r#""answers":["在订单里点退货。",{"text":"点右上角。","channels":["app"]},{"standard_answer":"sa"}],"#,
        r#""category":"售后/退货","tags":["退货"],"channels":["app","web"],"audiences":["customer"],"priority":-3,"#,
        r#""valid":{"from":"2026-11-01T00:00:00+08:00","until":"2026-11-12T00:00:00+08:00"},"enabled":false,"#,
        r#""related":["return-apply"],"follow_ups":["退款多久到账？"],"review_by":"2027-03-31","owner":"售后组","#,
        r#""threshold":0.7,"metadata":{"来源":"工单"}}"#
    );
    let shared = r#"{"kind":"standard_answer","id":"sa","title":"退货规则","text":"七天无理由。"}"#;
    assert_eq!(
        import(&format!("{line}\n{shared}\n")).to_jsonl(),
        format!("{line}\n{shared}\n")
    );
}

#[test]
fn what_editors_write_short_is_understood() {
    let content = import(concat!(
        "\u{feff}\n",
        r#"{"question":"退款多久到账？","answer":"1-3天。","category":"","owner":null,"valid":{}}"#,
        "\r\n\n",
        r#"{"question":"退款多久到账？","answer":""}"#,
        "\n",
        r#"{"id":42,"question":"退款多久到账?","answers":[]}"#,
    ));
    let ids: Vec<&str> = content.entries().iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids[2], "42");
    assert_eq!(ids[1], format!("{}-2", ids[0]));
    // Fixed for ever: an id is made once, and then others refer to it.
    assert_eq!(ids[0], "e-37aa88706a43");
    assert_eq!(content.entries()[0].answers.len(), 1);
    assert!(content.entries()[1].answers.is_empty());
}

#[test]
fn a_made_id_gives_way_to_a_written_one_that_comes_later() {
    let made = import(r#"{"question":"退款多久到账？"}"#).entries()[0].id.clone();
    let content = import(&format!(
        "{{\"question\":\"退款多久到账？\"}}\n{{\"id\":\"{made}\",\"question\":\"退钱\"}}"
    ));
    assert_eq!(content.entries()[1].id, made);
    assert_eq!(content.entries()[0].id.as_str(), format!("{made}-2"));
}

#[test]
fn settings_of_all_kinds_are_collected() {
    let content = import(
        r#"{"kind":"synonyms","words":["退款","退钱"],"weight":0.9}
           {"kind":"synonyms","from":["花呗"],"to":["支付宝","分期"]}
           {"kind":"word","word":"花呗","frequency":1000,"tag":"n"}
           {"kind":"stop_word","word":"亲"}
           {"kind":"handover","phrase":"找个活人"}
           {"kind":"settings","threshold":0.7}"#,
    );
    let settings = content.settings();
    assert_eq!(settings.synonyms[0].weight(), 0.9);
    assert_eq!(settings.synonyms[1].to().len(), 2);
    assert_eq!(settings.words[0].frequency, Some(1_000));
    assert_eq!(
        (settings.stop_words[0].as_str(), settings.handover[0].as_str()),
        ("亲", "找个活人")
    );
    assert_eq!(settings.threshold.map(|threshold| threshold.value()), Some(0.7));
}

#[test]
fn unknown_fields_become_metadata_with_one_warning_each() {
    let content = import(
        r#"{"id":"a","question":"怎么退款","answer":"点退款。","simliar":["退钱"],"note":"旧"}
           {"id":"b","question":"怎么换货","answer":"点换货。","note":"新"}"#,
    );
    assert_eq!(content.entries()[0].metadata["simliar"].as_str(), r#"["退钱"]"#);
    assert_eq!(content.entries()[1].metadata["note"].as_str(), "新");
    let warnings: Vec<String> = content.warnings().iter().map(ToString::to_string).collect();
    let sentence =
        "nothing is known about this field, so it is kept as metadata; correct its name, or put it under `metadata`";
    assert_eq!(
        warnings,
        [
            format!("line 1, field `simliar`: {sentence}"),
            format!("line 1, field `note`: {sentence}")
        ]
    );
}

#[test]
fn doubtful_content_is_imported_with_warnings() {
    let content = import(
        r#"{"id":"a","question":"怎么退款？","similar":["退钱","退钱","咋退"],"answer":"点退款。"}
           {"id":"b","question":"怎么换货？","similar":["怎么 退款"]}
           {"id":"c","question":"发货时间"}"#,
    );
    assert_eq!(content.entries()[0].similar.len(), 2);
    let warnings: Vec<String> = content.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "line 1, field `similar`: `退钱` is there twice and was dropped once; delete one of the two",
            "line 2, field `similar`: `怎么 退款` stands under the entries `a` and `b`; keep it where it belongs",
            "line 2, field `answers`: 2 entries have no answer, the first is `b`; add an answer, or disable the entry",
        ]
    );
    assert!(
        content
            .warnings()
            .iter()
            .all(|warning| warning.severity == Severity::Warning)
    );
    assert_eq!(content.warning_count(), 3);
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let error = ContentBuilder::new()
        .add_jsonl(
            "甲.jsonl",
            b"{\"question\":1,\"priority\":\"3\"}\n{\"id\":\"x\",\"question\":\"?\"}",
        )
        .add_jsonl(
            "乙.jsonl",
            "{\"id\":\"y\",\"question\":\"怎么退款\",\"related\":[\"x\",\"z\"]}".as_bytes(),
        )
        .build()
        .unwrap_err();
    let mistakes: Vec<String> = error.mistakes().iter().map(ToString::to_string).collect();
    assert_eq!(
        mistakes,
        [
            "甲.jsonl, line 1, field `question`: a number does not belong here; write it as a text in quotes",
            "甲.jsonl, line 1, field `priority`: a text does not belong here; write a whole number from -10 to 10",
            "甲.jsonl, line 2, field `question`: the phrasing `?` has no letter, digit or Chinese character; write it in words, or leave it out",
            // `x` has a mistake of its own, so only `z` is missing.
            "乙.jsonl, line 1, field `related`: there is no entry with the id `z`; correct the id, or add what it names",
        ]
    );
}

/// Every mistake that one line can have, as an editor reads it.
#[test]
fn every_mistake_says_what_to_do() {
    for (line, expected) in MISTAKES {
        assert_eq!(mistakes(line), [*expected], "{line}");
    }
}

const MISTAKES: &[(&str, &str)] = &[
    (
        "退款",
        "line 1, column 1: the line cannot be read as JSON (expected value); write one JSON object a line",
    ),
    ("[]", "line 1: a list does not belong here; write an object in braces"),
    (
        r#"{"question":"怎么退款""#,
        "line 1, column 26: the line cannot be read as JSON (EOF while parsing an object); write one JSON object a line",
    ),
    (
        r#"{"question":"怎么退款","question":"怎么换货"}"#,
        "line 1, column 37: the line has a duplicate key `question`; delete one of the two",
    ),
    (
        r#"{"question":"\ud800怎么退款"}"#,
        r#"line 1, column 20: an escape such as `\ud800` is half a character; write the character itself"#,
    ),
    (
        r#"{"kind":"faq","question":"怎么退款"}"#,
        "line 1, field `kind`: there is no kind `faq`; write entry, standard_answer, template, synonyms, word, stop_word, handover, settings or test_question",
    ),
    (
        r#"{"kind":1,"question":"怎么退款"}"#,
        "line 1, field `kind`: a number does not belong here; write it as a text in quotes",
    ),
    (r#"{"id":"a"}"#, "line 1, field `question`: it is missing; fill it in"),
    (
        r#"{"id":1.5,"question":"怎么退款"}"#,
        "line 1, field `id`: a number does not belong here; write the id as a text in quotes",
    ),
    (
        r#"{"id":"退 款","question":"怎么退款"}"#,
        "line 1, field `id`: the id `退 款` contains a space; remove that character",
    ),
    (
        r#"{"question":null}"#,
        "line 1, field `question`: it is missing; fill it in",
    ),
    (
        r#"{"question":["怎么退款"]}"#,
        "line 1, field `question`: a list does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","similar":"退钱"}"#,
        "line 1, field `similar`: a text does not belong here; write a list in square brackets",
    ),
    (
        r#"{"question":"怎么退款","similar":["退钱",null]}"#,
        "line 1, field `similar[2]`: null does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","similar":["退钱",{"a":1}]}"#,
        "line 1, field `similar[2]`: an object does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","excluded":["？"]}"#,
        "line 1, field `excluded[1]`: the phrasing `？` has no letter, digit or Chinese character; write it in words, or leave it out",
    ),
    (
        r#"{"question":"怎么退款","answers":{"text":"好"}}"#,
        "line 1, field `answers`: an object does not belong here; write a list in square brackets",
    ),
    (
        r#"{"question":"怎么退款","answers":[1]}"#,
        "line 1, field `answers[1]`: a number does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","answers":["好",{}]}"#,
        "line 1, field `answers[2]`: the answer has neither `text` nor `standard_answer`; give one of the two, or leave the answer out",
    ),
    (
        r#"{"question":"怎么退款","answers":[{"text":"好","standard_answer":"a"}]}"#,
        "line 1, field `answers[1]`: the answer has both `text` and `standard_answer`; give one of the two, or make two answers of it",
    ),
    (
        r#"{"question":"怎么退款","answers":[{"text":"好","chanels":["app"]}]}"#,
        "line 1, field `answers[1].chanels`: nothing is known about this field here; correct its name, or delete it",
    ),
    (
        r#"{"question":"怎么退款","answers":[{"text":"好","locales":["zh_CN"]}]}"#,
        "line 1, field `answers[1].locales[1]`: `zh_CN` is not a locale; write letters, digits and `-` only, such as `zh-Hant`",
    ),
    (
        r#"{"question":"怎么退款","answers":[{"text":"好","audiences":["老板"]}]}"#,
        "line 1, field `answers[1].audiences[1]`: `老板` is not an audience; write `customer` (顾客) or `agent` (客服)",
    ),
    (
        r#"{"question":"怎么退款","category":"售后//退货"}"#,
        "line 1, field `category`: the category `售后//退货` has an empty level; write it as `售后/退货`, with a name before and after each slash",
    ),
    (
        r#"{"question":"怎么退款","tags":["a,b"]}"#,
        "line 1, field `tags[1]`: the tag `a,b` contains `,`; remove that character",
    ),
    (
        r#"{"question":"怎么退款","channels":[true]}"#,
        "line 1, field `channels[1]`: a truth value does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","priority":1.5}"#,
        "line 1, field `priority`: 1.5 is not a priority; write a whole number from -10 to 10",
    ),
    (
        r#"{"question":"怎么退款","valid":"2026"}"#,
        "line 1, field `valid`: a text does not belong here; write an object in braces",
    ),
    (
        r#"{"question":"怎么退款","valid":{"from":"明天"}}"#,
        "line 1, field `valid.from`: `明天` is not a date and time; write it as `2026-11-01T00:00:00+08:00`, or `2026-11-01 00:00` for China time",
    ),
    (
        r#"{"question":"怎么退款","valid":{"from":"2026-11-02","until":"2026-11-01"}}"#,
        "line 1, field `valid`: it would be valid from 2026-11-02T00:00:00+08:00 until 2026-11-01T00:00:00+08:00, which is never; let it end after it begins",
    ),
    (
        r#"{"question":"怎么退款","valid":{"form":"2026-11-02"}}"#,
        "line 1, field `valid.form`: nothing is known about this field here; correct its name, or delete it",
    ),
    (
        r#"{"question":"怎么退款","enabled":"true"}"#,
        "line 1, field `enabled`: a text does not belong here; write true or false",
    ),
    (
        r#"{"question":"怎么退款","related":["没有"]}"#,
        "line 1, field `related`: there is no entry with the id `没有`; correct the id, or add what it names",
    ),
    (
        r#"{"question":"怎么退款","follow_ups":[""]}"#,
        "line 1, field `follow_ups[1]`: the phrasing is empty; write it in words, or leave it out",
    ),
    (
        r#"{"question":"怎么退款","review_by":"2027-02-29"}"#,
        "line 1, field `review_by`: there is no day 2027-02-29; correct the month or the day",
    ),
    (
        r#"{"question":"怎么退款","owner":1}"#,
        "line 1, field `owner`: a number does not belong here; write it as a text in quotes",
    ),
    (
        r#"{"question":"怎么退款","threshold":1.5}"#,
        "line 1, field `threshold`: 1.5 is not a threshold; write a number from 0 to 1, such as 0.7",
    ),
    (
        r#"{"question":"怎么退款","metadata":["a"]}"#,
        "line 1, field `metadata`: a list does not belong here; write an object in braces",
    ),
    (
        r#"{"question":"怎么退款","metadata":{"":"x"}}"#,
        "line 1, field `metadata.`: the metadata key is empty; write something, or leave it out",
    ),
    (
        r#"{"question":"怎么退款","note":"1","metadata":{"note":"2"}}"#,
        "line 1, field `note`: it stands in the metadata twice; delete one of the two",
    ),
    (
        r#"{"kind":"standard_answer","title":"退货规则","text":"好"}"#,
        "line 1, field `id`: it is missing; fill it in",
    ),
    (
        r#"{"kind":"standard_answer","id":"a","title":"退货规则","text":" "}"#,
        "line 1, field `text`: it is missing; fill it in",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":[]}"#,
        "line 1, field `texts`: the template has no wording; write at least one text",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":["{{a}}"]}"#,
        "line 1, field `texts`: the wording `{{a}}` uses `a` without declaring it; declare it among the slots",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":["{{a}}"],"slots":[{"name":"a","kind":"文字"}]}"#,
        "line 1, field `slots[1].kind`: `文字` is not a kind of slot; write text, number, money, date, phone or order",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":["{{a}}"],"slots":[{"name":"a","kind":"text","required":false}]}"#,
        "line 1, field `slots[1]`: the slot `a` is not required and has no default; give it a default, or make it required",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":["{{a}}"],"slots":[{"name":"a","kind":"text","required":true,"default":"您"}]}"#,
        "line 1, field `slots[1]`: the slot `a` is required and has a default; delete the default, or make it not required",
    ),
    (
        r#"{"kind":"template","id":"t","scenario":"solve","texts":["{{a}}"],"slots":[{"name":"a","kind":"money","example":"三块"}]}"#,
        "line 1, field `slots[1]`: the example `三块` of the slot `a` does not fit its kind money; write an amount such as 29.90 or ¥29.90",
    ),
    (
        r#"{"kind":"synonyms","words":["退款"]}"#,
        "line 1: a synonym group needs at least two words; add a word, or delete the group",
    ),
    (
        r#"{"kind":"synonyms","words":["退款","退钱"],"weight":0}"#,
        "line 1: 0 is not a weight; write a number over 0 and at most 1",
    ),
    (
        r#"{"kind":"synonyms","words":["退款","退钱"],"to":["返钱"]}"#,
        "line 1: the synonym group has both `words` and `from` or `to`; give `words` for a two-way group, or `from` and `to` for a one-way group",
    ),
    (
        r#"{"kind":"synonyms","from":["退款"]}"#,
        "line 1: a one-way synonym group needs a word on each side; fill in `from` and `to`, or delete the group",
    ),
    (
        r#"{"kind":"synonyms","words":["退款","退钱"],"weight":"高"}"#,
        "line 1, field `weight`: a text does not belong here; write a number",
    ),
    (
        r#"{"kind":"word","word":"花 呗"}"#,
        "line 1, field `word`: the word `花 呗` contains white space; write it as one word",
    ),
    (
        r#"{"kind":"word","word":"花呗","frequency":-1}"#,
        "line 1, field `frequency`: -1 is not a frequency; write a whole number from 0 to 4294967295, or leave it out",
    ),
    (
        r#"{"kind":"stop_word"}"#,
        "line 1, field `word`: it is missing; fill it in",
    ),
    (
        r#"{"kind":"handover","phrase":"找个活人","priority":1}"#,
        "line 1, field `priority`: nothing is known about this field here; correct its name, or delete it",
    ),
    (
        r#"{"kind":"settings","threshold":"高"}"#,
        "line 1, field `threshold`: a text does not belong here; write a number from 0 to 1, such as 0.7",
    ),
];
