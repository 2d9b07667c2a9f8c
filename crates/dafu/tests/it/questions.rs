//! One table of questions and what is said to them, asked on every way in: in memory, from a folder, from the folder
//! opened again, from a folder that held an older index, and with the whole dictionary.
//!
//! The story: an editor tries a question on her machine and gets an answer. The same question to the chat system,
//! which opened the index that she built, must get the same reply to the last bit, or she could never trust a test.

use dafu::{AskOptions, Audience, BuildOptions, Content, Decision, KnowledgeBase, Reason, Reply};

const SHOP: &str = r#"
{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗","买错了想退","收到货不喜欢可以退不"],"excluded":["怎么申请换货"],"answer":"在“我的订单”里点“申请退货”。","category":"售后/退货","tags":["退货","常见"]}
{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来","退的钱什么时候能收到"],"answer":"1-3个工作日。","category":"售后/退款","tags":["常见"]}
{"id":"seven-days","question":"七天无理由退货怎么算时间？","similar":["签收以后几天内可以退"],"answer":"签收次日零点起7天。","category":"售后/退货"}
{"id":"huabei","question":"花呗怎么还款？","similar":["花呗的账单在哪里还"],"answer":"在支付宝的花呗页面还款。","category":"支付"}
{"id":"invoice","question":"怎么开发票？","similar":["发票抬头怎么修改","报销要用的票在哪弄"],"answer":"订单完成后在订单详情里开。","category":"发票"}
{"id":"address","question":"怎么修改收货地址？","similar":["地址填错了怎么办","下单以后能换个地方收吗"],"answer":"发货前可以在订单详情里改。","category":"物流"}
{"id":"ship","question":"什么时候发货？","similar":["下单后多久寄出"],"answer":"48小时内发出。","category":"物流"}
{"id":"coupon","question":"优惠券怎么使用？","similar":["优惠券为什么用不了"],"answer":"结算时勾选。","category":"优惠"}
{"id":"points","question":"积分在哪里查看？","similar":["我有多少积分"],"answer":"我的-积分。","channels":["app"],"category":"会员"}
{"id":"compensation","question":"补偿额度最高是多少？","similar":["最多能赔给顾客多少钱"],"answer":"单笔50元。","audiences":["agent"],"category":"内部"}
{"id":"double-eleven","question":"双十一满减怎么凑单？","similar":["双11的活动规则"],"answer":"每满300减50。","valid":{"from":"2026-11-01T00:00:00+08:00","until":"2026-11-12T00:00:00+08:00"},"category":"优惠"}
{"id":"old-card","question":"实体会员卡怎么补办？","answer":"已经停办。","enabled":false,"category":"会员"}
{"id":"close-account","question":"账号注销以后还能恢复吗？","similar":["注销的账号怎么找回来"],"answer":"注销后不能恢复。","threshold":1.0,"category":"账号"}
{"id":"fee-general","question":"寄回去的邮费谁承担？","similar":["邮费谁出"],"answer":"质量问题由我们出。","category":"运费"}
{"id":"fee-insured","question":"买了运费险邮费怎么赔？","similar":["邮费谁出"],"answer":"由保险公司赔付。","priority":5,"category":"运费"}
{"id":"gift-card","question":"礼品卡的余额怎么查？","similar":["余额在哪里看"],"answer":"礼品卡页面。","category":"支付"}
{"id":"wallet","question":"钱包里的余额怎么查？","similar":["余额在哪里看"],"answer":"钱包页面。","category":"支付"}
{"id":"power-bank","question":"充电宝能寄吗？","answer":"只能走陆运。","category":"物流"}
{"id":"defect","question":"商品有质量问题怎么办？","answer":"签收15天内可以换新。","category":"售后"}
{"id":"member-price","question":"青禾臻选有什么权益？","answer":"全场九五折。","category":"会员"}
{"kind":"synonyms","words":["充电宝","移动电源"]}
{"kind":"synonyms","from":["起球"],"to":["质量问题"]}
{"kind":"word","word":"青禾臻选"}
{"kind":"handover","phrase":"找掌柜的"}
"#;

/// What is expected of a reply.
#[derive(Debug)]
enum Expected {
    Answer(&'static str),
    /// This entry first, to answer or to choose.
    Finds(&'static str),
    /// These entries, whichever comes first.
    Choices(&'static [&'static str]),
    No(Reason),
}
use Expected::{Answer, Choices, Finds, No};

type Row = (&'static str, String, AskOptions, Expected);

/// A day in June, on which nothing is out of date but the sale in November.
fn june() -> AskOptions {
    AskOptions::new().at("2026-06-01T12:00:00+08:00".try_into().unwrap())
}

fn table() -> Vec<Row> {
    let row = |story, question: &str, expected| (story, question.to_owned(), june(), expected);
    let with = |story, question: &str, options, expected| (story, question.to_owned(), options, expected);
    vec![
        row("the standard question", "怎么申请退货？", Answer("return")),
        row("a similar question", "钱几时退回来", Answer("refund-time")),
        row(
            "other punctuation and blanks",
            " 钱 几时，退回来!! ",
            Answer("refund-time"),
        ),
        row("own words", "东西不想要了，还能退不", Answer("return")),
        row("traditional characters", "東西不想要了能退嗎", Answer("return")),
        row("full-width letters and blanks", "花呗　怎么还款？？", Answer("huabei")),
        row("a typo by sound", "怎么申请腿货", Finds("return")),
        row("a typo by sound", "优会券怎么使用", Finds("coupon")),
        row("digits for numerals", "7天无理由退货怎么算时间", Answer("seven-days")),
        row(
            "words of the entry in another order",
            "收货地址怎么修改",
            Answer("address"),
        ),
        row("an editor's word", "青禾臻选有啥权益", Finds("member-price")),
        row("a two-way synonym", "移动电源能寄吗", Finds("power-bank")),
        row("a one-way synonym", "商品起球怎么办", Finds("defect")),
        row(
            "two entries with the same phrasing",
            "余额在哪里看",
            Choices(&["gift-card", "wallet"]),
        ),
        row("a priority settles a tie", "邮费谁出", Answer("fee-insured")),
        with(
            "no choices wanted",
            "余额在哪里看",
            june().choices(0),
            No(Reason::NothingClose),
        ),
        row("a person is asked for", "转人工", No(Reason::HandoverRequested)),
        row(
            "a person is asked for politely",
            "麻烦帮我轉接一下人工客服，谢谢",
            No(Reason::HandoverRequested),
        ),
        row(
            "the editor's own words for a person",
            "找掌柜的！",
            No(Reason::HandoverRequested),
        ),
        row("nothing at all", "", No(Reason::EmptyQuestion)),
        row("nothing but signs", " ？！……～ \u{200b}\n", No(Reason::EmptyQuestion)),
        row("a thousand characters", &"退货".repeat(500), Answer("return")),
        row(
            "a thousand and one",
            &("退货".repeat(500) + "退"),
            No(Reason::QuestionTooLong),
        ),
        row(
            "nothing that anyone has written",
            "明天会下雨吗",
            No(Reason::NothingClose),
        ),
        row(
            "nothing that anyone could write",
            "qwxzk vbnmp",
            No(Reason::NothingClose),
        ),
        row("a phrasing that is excluded", "怎么申请换货", No(Reason::Excluded)),
        row("before the sale", "双十一满减怎么凑单", No(Reason::OnlyOutOfDate)),
        with(
            "in the sale",
            "雙11满减怎么凑单",
            at("2026-11-11T20:00:00+08:00"),
            Answer("double-eleven"),
        ),
        with(
            "its first second",
            "双十一满减怎么凑单",
            at("2026-10-31T16:00:00Z"),
            Answer("double-eleven"),
        ),
        with(
            "the second after",
            "双十一满减怎么凑单",
            at("2026-11-12T00:00:00+08:00"),
            No(Reason::OnlyOutOfDate),
        ),
        row(
            "an entry for one channel, no channel given",
            "积分在哪里查看",
            Answer("points"),
        ),
        with("asked there", "积分在哪里查看", channel("app"), Answer("points")),
        with(
            "asked elsewhere",
            "积分在哪里查看",
            channel("phone"),
            No(Reason::OnlyFiltered),
        ),
        row(
            "for agents, asked by a customer",
            "补偿额度最高是多少",
            No(Reason::OnlyFiltered),
        ),
        with(
            "asked by an agent",
            "补偿额度最高是多少",
            june().audience(Audience::Agent),
            Answer("compensation"),
        ),
        row("a disabled entry", "实体会员卡怎么补办", No(Reason::OnlyFiltered)),
        with("its category", "怎么开发票", category("发票"), Answer("invoice")),
        with(
            "a category above",
            "退款多久到账",
            category("售后"),
            Answer("refund-time"),
        ),
        with(
            "a category that only begins alike",
            "退款多久到账",
            category("售"),
            No(Reason::OnlyFiltered),
        ),
        with(
            "another category",
            "怎么开发票",
            category("支付"),
            No(Reason::OnlyFiltered),
        ),
        with("its tags", "怎么申请退货", tags(&["常见", "退货"]), Answer("return")),
        with(
            "one tag of two",
            "退款多久到账",
            tags(&["常见", "退货"]),
            No(Reason::OnlyFiltered),
        ),
        with(
            "a tag that nobody has",
            "怎么申请退货",
            tags(&["没有"]),
            No(Reason::OnlyFiltered),
        ),
        with(
            "a bar of 0 for a strict entry",
            "注销的账号还找得回来吗",
            bar(0.0),
            Answer("close-account"),
        ),
    ]
}

fn at(time: &str) -> AskOptions {
    AskOptions::new().at(time.try_into().unwrap())
}

fn channel(name: &str) -> AskOptions {
    june().channel(name.try_into().unwrap())
}

fn category(path: &str) -> AskOptions {
    june().category(path.try_into().unwrap())
}

fn tags(names: &[&str]) -> AskOptions {
    names
        .iter()
        .fold(june(), |options, name| options.tag((*name).try_into().unwrap()))
}

fn bar(threshold: f32) -> AskOptions {
    june().threshold(threshold.try_into().unwrap())
}

fn content() -> Content {
    let content = Content::from_jsonl(SHOP.as_bytes()).unwrap();
    // Two phrasings stand under two entries each, which is what two rows of the table are about.
    assert_eq!(content.warnings().len(), 2, "{:?}", content.warnings());
    content
}

fn fits(reply: &Reply, expected: &Expected) -> bool {
    match expected {
        Answer(entry) => reply
            .answer()
            .is_some_and(|hit| hit.entry == *entry && hit.answer.is_some()),
        Finds(entry) => {
            let said = !matches!(reply.decision, Decision::NoAnswer(_));
            said && reply.hits.first().is_some_and(|hit| hit.entry == *entry)
        }
        Choices(entries) => {
            let mut offered: Vec<&str> = reply.choices().iter().map(|hit| hit.entry.as_str()).collect();
            offered.sort_unstable();
            offered == **entries
        }
        No(reason) => reply.decision == Decision::NoAnswer(*reason),
    }
}

/// The lines of the table that a reply does not fit, all at once.
fn wrong(kb: &KnowledgeBase) -> Vec<String> {
    let mut wrong = Vec::new();
    for (story, question, options, expected) in table() {
        let reply = kb.ask(&question, &options).unwrap();
        if !fits(&reply, &expected) {
            let shown: String = question.chars().take(30).collect();
            let hits = reply.hits.iter().take(3);
            let hits: Vec<_> = hits.map(|hit| (hit.entry.as_str(), hit.confidence)).collect();
            wrong.push(format!(
                "{story}: {shown}: {expected:?}, not {:?} {hits:?}",
                reply.decision
            ));
        }
    }
    wrong
}

#[test]
fn questions_get_what_is_expected() {
    let wrong = wrong(&KnowledgeBase::new(&content()).unwrap());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_way_in_gives_equal_replies() {
    let content = content();
    let folder = tempfile::tempdir().unwrap();
    let (plain, over, whole) = (
        folder.path().join("plain"),
        folder.path().join("over an older one"),
        folder.path().join("whole"),
    );
    let options = BuildOptions::default();
    let mut whole_dictionary = BuildOptions::default();
    whole_dictionary.whole_dictionary = true;
    let older =
        Content::from_jsonl(r#"{"id":"old","question":"怎么申请退货？","answer":"不能退。"}"#.as_bytes()).unwrap();
    KnowledgeBase::build_index(&content, &plain, &options).unwrap();
    KnowledgeBase::build_index(&older, &over, &whole_dictionary).unwrap();
    KnowledgeBase::build_index(&content, &over, &options).unwrap();
    KnowledgeBase::build_index(&content, &whole, &whole_dictionary).unwrap();

    let in_memory = KnowledgeBase::new(&content).unwrap();
    let ways = [
        ("opened", KnowledgeBase::open(&plain)),
        ("opened again", KnowledgeBase::open(&plain)),
        ("loaded", KnowledgeBase::load(&plain)),
        ("over an older one", KnowledgeBase::open(&over)),
        (
            "the whole dictionary, in memory",
            KnowledgeBase::with_options(&content, &whole_dictionary),
        ),
        ("the whole dictionary, opened", KnowledgeBase::open(&whole)),
    ];
    for (way, kb) in ways {
        let kb = kb.unwrap();
        assert_eq!(kb.statistics(), in_memory.statistics(), "{way}");
        assert_eq!(kb.fingerprint(), in_memory.fingerprint(), "{way}");
        for (_, question, options, _) in table() {
            let expected = in_memory.ask(&question, &options).unwrap();
            assert_eq!(kb.ask(&question, &options).unwrap(), expected, "{way}: {question}");
            // Equal explanations, so that no part of a confidence differs either. The tokens may: the whole dictionary
            // knows words that no text of the index has.
            let mut expected = in_memory.explain(&question, &options).unwrap();
            let explanation = kb.explain(&question, &options).unwrap();
            if way.contains("whole dictionary") {
                expected.tokens.clone_from(&explanation.tokens);
            }
            assert_eq!(explanation, expected, "{way}: {question}");
        }
    }
}

#[test]
fn an_entry_with_a_bar_of_its_own_is_only_offered() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let reply = kb.ask("注销的账号还找得回来吗", &june()).unwrap();
    assert_eq!(reply.hits[0].entry, "close-account");
    assert_ne!(reply.decision, Decision::Answer);
}

#[test]
fn the_decision_does_not_depend_on_how_many_hits_are_shown() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    for (story, question, options, _) in table() {
        let all = kb.ask(&question, &options.clone().hits(50)).unwrap();
        for hits in 1..6 {
            let reply = kb.ask(&question, &options.clone().hits(hits)).unwrap();
            assert!(reply.hits.len() <= hits, "{story}");
            assert_eq!(reply.hits[..], all.hits[..reply.hits.len()], "{story}");
            let expected = match all.decision {
                Decision::Choices(count) => Decision::Choices(count.min(hits)),
                other => other,
            };
            assert_eq!(reply.decision, expected, "{story} with {hits} hits");
        }
    }
}

#[test]
fn explain_tells_the_decision_that_ask_makes() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    for (story, question, options, _) in table() {
        let reply = kb.ask(&question, &options).unwrap();
        let explanation = kb.explain(&question, &options).unwrap();
        assert_eq!(explanation.decision, reply.decision, "{story}");
        for hit in &reply.hits {
            let entry = explanation
                .entries
                .iter()
                .find(|entry| entry.entry == hit.entry)
                .unwrap();
            assert_eq!(entry.confidence, hit.confidence, "{story}");
        }
    }
}

#[test]
fn an_editors_word_is_not_cut() {
    for (content, is_whole) in [
        (SHOP.to_owned(), true),
        (SHOP.replace(r#""word":"青禾臻选""#, r#""word":"别的""#), false),
    ] {
        let kb = KnowledgeBase::new(&Content::from_jsonl(content.as_bytes()).unwrap()).unwrap();
        let tokens = kb.explain("青禾臻选会员几折", &june()).unwrap().tokens;
        assert_eq!(tokens.contains(&"青禾臻选".to_owned()), is_whole, "{tokens:?}");
    }
}

#[test]
fn a_one_way_synonym_works_one_way() {
    let one = r#"{"id":"defect","question":"质量问题","answer":"换新。"}
        {"kind":"synonyms","from":["起球"],"to":["质量问题"]}"#;
    let other = one.replace(r#""question":"质量问题""#, r#""question":"起球""#);
    let ask = |content: &str, question: &str| {
        let kb = KnowledgeBase::new(&Content::from_jsonl(content.as_bytes()).unwrap()).unwrap();
        let explanation = kb.explain(question, &june()).unwrap();
        explanation.entries.first().map_or(0.0, |entry| entry.evidence.cosine)
    };
    assert!(ask(one, "起球") > 0.1, "{}", ask(one, "起球"));
    assert_eq!(ask(&other, "质量问题"), 0.0);
}

#[test]
fn an_entry_that_is_disabled_and_out_of_date_would_not_answer_at_another_time() {
    let content = r#"{"id":"sale","question":"双十一满减怎么凑单？","answer":"每满300减50。","enabled":false,"valid":{"until":"2025-11-12"}}"#;
    let kb = KnowledgeBase::new(&Content::from_jsonl(content.as_bytes()).unwrap()).unwrap();
    let reply = kb.ask("双十一满减怎么凑单", &june()).unwrap();
    assert_eq!(reply.decision, Decision::NoAnswer(Reason::OnlyFiltered));
}

#[test]
fn what_is_shut_out_counts_by_its_own_bar() {
    let content = |threshold: f32| {
        let line = format!(
            r#"{{"id":"sale","question":"双十一满减怎么凑单？","answer":"每满300减50。","valid":{{"until":"2025-11-12"}},"threshold":{threshold}}}"#
        );
        KnowledgeBase::new(&Content::from_jsonl(line.as_bytes()).unwrap()).unwrap()
    };
    for (threshold, reason) in [(0.1, Reason::OnlyOutOfDate), (1.0, Reason::NothingClose)] {
        let reply = content(threshold).ask("双十一的满减怎么凑", &june()).unwrap();
        assert_eq!(reply.decision, Decision::NoAnswer(reason), "{threshold}");
    }
}
