use dafu::{
    Answer, AnswerBody, Category, Channel, Content, Date, Entry, ErrorKind, Id, InvalidValue, Locale, MetadataKey,
    MetadataValue, Owner, Phrasing, Priority, Settings, Slot, SlotKind, SlotName, SynonymGroup, Tag, Threshold,
    Timestamp, Validity, Word,
};

fn entry(id: &str, question: &str) -> Entry {
    Entry::new(id.try_into().unwrap(), question.try_into().unwrap())
}

fn message<T: std::fmt::Debug>(result: Result<T, InvalidValue>) -> String {
    result.unwrap_err().to_string()
}

fn content(entries: Vec<Entry>) -> dafu::Result<Content> {
    Content::new(entries, vec![], vec![], Settings::default())
}

#[test]
fn every_invalid_value_says_why_and_what_to_do() {
    let long = |count| "很".repeat(count);
    let word = Phrasing::try_from("退款").unwrap();
    let slot = SlotName::try_from("a").unwrap();
    let at = |text: &str| Some(Timestamp::try_from(text).unwrap());
    let messages = [
        message(Id::try_from("")),
        message(Id::try_from("退 款")),
        message(Id::try_from("退\u{200b}款")),
        message(Id::try_from("退，款")),
        message(Id::try_from(long(129))),
        message(Phrasing::try_from(" \u{feff} ")),
        message(Phrasing::try_from("……")),
        message(Phrasing::try_from(long(501))),
        message(dafu::AnswerText::try_from("\r\n")),
        message(dafu::AnswerText::try_from(long(20_001))),
        message(MetadataValue::try_from("")),
        message(MetadataKey::try_from("a\nb")),
        message(Owner::try_from(" ")),
        message(Tag::try_from("a,b")),
        message(Channel::try_from("a;b")),
        message(Locale::try_from("zh_CN")),
        message(Category::try_from("")),
        message(Category::try_from("/售后")),
        message(Category::try_from("1/2/3/4/5/6/7/8/9")),
        message(Word::try_from("花 呗")),
        message(Priority::try_from(11)),
        message(Threshold::try_from(-0.1)),
        message(Date::try_from("下周二")),
        message(Date::new(2027, 2, 29)),
        message(Timestamp::try_from("下周二")),
        message(Timestamp::from_unix_seconds(i64::MAX)),
        message(Validity::new(at("2026-11-02"), at("2026-11-01T16:00:00Z"))),
        message(SynonymGroup::two_way(vec![word.clone()], 1.0)),
        message(SynonymGroup::one_way(vec![word.clone()], vec![], 1.0)),
        message(SynonymGroup::two_way(vec![word.clone(), word], f32::NAN)),
        message(SlotName::try_from("订单-号")),
        message(Slot::optional(slot.clone(), SlotKind::Date, "昨天")),
        message(Slot::required(slot, SlotKind::Text).with_example(&long(501))),
    ];
    assert_eq!(messages, INVALID_VALUES);
}

const INVALID_VALUES: &[&str] = &[
    "the id is empty; write something, or leave it out",
    "the id `退 款` contains a space; remove that character",
    "the id `退�款` contains the character U+200B; remove that character",
    "the id `退，款` contains `，`; remove that character",
    "the id `很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很…` is 129 characters long; shorten it to at most 128",
    "the phrasing is empty; write it in words, or leave it out",
    "the phrasing `……` has no letter, digit or Chinese character; write it in words, or leave it out",
    "the phrasing `很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很…` is 501 characters long; shorten it to at most 500",
    "the text is empty; write something, or leave it out",
    "the text `很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很…` is 20001 characters long; shorten it to at most 20000",
    "the metadata value is empty; write something, or leave it out",
    "the metadata key `a�b` contains a line break; remove that character",
    "the owner is empty; write something, or leave it out",
    "the tag `a,b` contains `,`; remove that character",
    "the channel `a;b` contains `;`; remove that character",
    "`zh_CN` is not a locale; write letters, digits and `-` only, such as `zh-Hant`",
    "the category is empty; write it as `售后/退货`, with a name before and after each slash",
    "the category `/售后` has an empty level; write it as `售后/退货`, with a name before and after each slash",
    "the category `1/2/3/4/5/6/7/8/9` has 9 levels; use at most 8",
    "the word `花 呗` contains white space; write it as one word",
    "11 is not a priority; write a whole number from -10 to 10",
    "-0.1 is not a threshold; write a number from 0 to 1, such as 0.7",
    "`下周二` is not a date; write it as `2026-11-05`",
    "there is no day 2027-02-29; correct the month or the day",
    "`下周二` is not a date and time; write it as `2026-11-01T00:00:00+08:00`, or `2026-11-01 00:00` for China time",
    "the instant 9223372036854775807 lies outside the years 0 to 9999; give it in seconds",
    "it would be valid from 2026-11-02T00:00:00+08:00 until 2026-11-01T16:00:00Z, which is never; let it end after it begins",
    "a synonym group needs at least two words; add a word, or delete the group",
    "a one-way synonym group needs a word on each side; fill in `from` and `to`, or delete the group",
    "NaN is not a weight; write a number over 0 and at most 1",
    "`订单-号` is not a slot name; write letters, digits and `_` only, such as `order_no`",
    "the default `昨天` of the slot `a` does not fit its kind date; write a date such as 2026-11-05 or 11月5日",
    "the example `很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很很…` is 501 characters long; shorten it to at most 500",
];

#[test]
fn content_is_checked_as_a_whole() {
    let mut first = entry("a", "怎么退款");
    first.related = vec!["b".try_into().unwrap(), "谁".try_into().unwrap()];
    first.answers = vec![AnswerBody::Standard("没有".try_into().unwrap()).into()];
    let error = content(vec![first, entry("b", "怎么换货"), entry("b", "发货时间")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "checking the content: field `id`: the id `b` belongs to another entry already; give each its own id, or delete one of \
         the two | field `related`: there is no entry with the id `谁`; correct the id, or add what it names | field `answers`: \
         there is no standard answer with the id `没有`; correct the id, or add what it names"
    );
}

#[test]
fn limits_are_kept() {
    let mut large = entry("a", "怎么退款");
    large.similar = (0..1_001)
        .map(|number| Phrasing::try_from(format!("退款{number}")).unwrap())
        .collect();
    large.answers = vec![Answer::from(dafu::AnswerText::try_from("好").unwrap()); 101];
    let error = content(vec![large]).unwrap_err();
    let messages: Vec<String> = error.mistakes().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "field `similar`: the entry `a` has 1001 items there; keep at most 1000",
            "field `answers`: the entry `a` has 101 items there; keep at most 100",
        ]
    );
}

#[test]
fn a_category_contains_what_stands_below_it() {
    let category = |text: &str| Category::try_from(text).unwrap();
    for (outer, inner, expected) in [
        ("售后", "售后", true),
        ("售后", "售后/退货/运费", true),
        ("售后/退货", "售后", false),
        ("售后", "售后服务", false),
    ] {
        assert_eq!(category(outer).contains(&category(inner)), expected, "{outer} {inner}");
    }
}

#[test]
fn validity_begins_with_and_ends_before_its_ends() {
    let at = |text: &str| Timestamp::try_from(text).unwrap();
    let (from, until) = (at("2026-11-01"), at("2026-11-12"));
    let valid = Validity::new(Some(from), Some(until)).unwrap();
    let (from, until) = (from.unix_seconds(), until.unix_seconds());
    assert_eq!(
        [from - 1, from, until - 1, until].map(|at| valid.contains(at)),
        [false, true, true, false]
    );
    assert!(valid.is_ahead(from - 1) && !valid.is_ahead(from) && !valid.is_over(until - 1) && valid.is_over(until));
    assert!(Validity::ALWAYS.contains(i64::MIN) && Validity::ALWAYS.contains(i64::MAX));
}

#[test]
fn a_dictionary_reports_all_bad_lines() {
    let words = Settings::parse_dictionary("\u{feff}# 词典\n花呗 1000 n\n\n运费险\tn\r\n保价 5\n").unwrap();
    let read: Vec<_> = words
        .iter()
        .map(|w| (w.word.as_str(), w.frequency, w.tag.as_ref().map(Tag::as_str)))
        .collect();
    assert_eq!(
        read,
        [
            ("花呗", Some(1_000), Some("n")),
            ("运费险", None, Some("n")),
            ("保价", Some(5), None)
        ]
    );
    let error = Settings::parse_dictionary("？\n花呗 99999999999\n保价 5 n x\n").unwrap_err();
    let messages: Vec<String> = error.mistakes().iter().map(ToString::to_string).collect();
    assert_eq!(messages, DICTIONARY_MISTAKES);
}

const DICTIONARY_MISTAKES: &[&str] = &[
    "line 1, field `word`: the word `？` has no letter, digit or Chinese character; write it in words, or leave it out",
    "line 2, field `frequency`: `99999999999` is not a frequency; write a whole number from 0 to 4294967295, or leave it out",
    "line 3, field `tag`: `x` stands after the tag; write a word, its frequency and its tag, and nothing more",
];

#[test]
fn large_content_is_checked_quickly() {
    let entries: Vec<Entry> = (0..20_000)
        .map(|number| {
            let mut entry = entry(&number.to_string(), &format!("第{number}个问题怎么办？"));
            entry.similar = (0..9)
                .map(|n| Phrasing::try_from(format!("{number}号{n}咋办")).unwrap())
                .collect();
            entry
        })
        .collect();
    let start = std::time::Instant::now();
    let content = content(entries).unwrap();
    // A hundred times what it takes in a release build: only quadratic time would exceed it.
    assert!(
        start.elapsed() < std::time::Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(content.warning_count(), 1);
}
