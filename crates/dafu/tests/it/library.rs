//! What agents and editors use beside asking: search, suggestions as they type, related entries, whole entries,
//! standard answers and reply templates; and what of an entry's answers each caller gets to see.

use dafu::{
    AskOptions, Audience, Content, Decision, ErrorKind, Escape, Found, FoundKind, KnowledgeBase, Reason, SearchOptions,
    Suggestion, TemplateFilter,
};
use proptest::prelude::*;

use crate::arbitrary;

const SHOP: &str = r#"
{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗","买错了想退"],"excluded":["只退运费怎么申请"],"answers":["在订单里点“申请退货”。",{"text":"在App的“我的”里点“申请退货”。","channels":["app"]},{"text":"先核对订单，再代客户提交。","audiences":["agent"]},{"text":"请在訂單裡點「申請退貨」。","locales":["zh-Hant"]},{"text":"客服在App后台代为提交。","channels":["app"],"audiences":["agent"]}],"category":"售后/退货","tags":["退货","常见"],"priority":3,"related":["refund-time","return-fee"],"follow_ups":["退款多久到账？"],"review_by":"2027-03-31","owner":"售后组","threshold":0.4,"metadata":{"source":"2026 手册","page":"12"}}
{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answers":[{"standard_answer":"sa-refund"}],"category":"售后/退款","tags":["常见"],"valid":{"from":"2026-01-01T00:00:00+08:00","until":"2027-01-01T00:00:00+08:00"}}
{"id":"return-fee","question":"退货运费谁出？","answers":[{"text":"质量问题由我们出。","channels":["app","phone"]}],"category":"售后/退货"}
{"id":"agent-script","question":"客户要退货时怎么核对订单？","answer":"核对手机号后四位。","audiences":["agent"]}
{"id":"old-return","question":"旧版退货入口在哪？","answer":"已经下线。","enabled":false}
{"id":"phone-return","question":"电话里怎么申请退货？","answer":"报订单号。","channels":["phone"]}
{"id":"empty","question":"没有写答案的退货问题"}
{"kind":"standard_answer","id":"sa-refund","title":"退款时效规则","text":"原路退回，1-3个工作日到账；信用卡最长7个工作日。","category":"售后/退款","tags":["规则"],"owner":"财务组","review_by":"2027-01-31","metadata":{"版本":"3"}}
{"kind":"template","id":"tpl-hello","scenario":"greeting","texts":["您好，{{customer}}，请问有什么可以帮您？","{{customer}}，欢迎回来！"],"slots":[{"name":"customer","kind":"text","default":"亲","example":"王女士"}],"tags":["开场"]}
{"kind":"template","id":"tpl-refund","scenario":"solve","mood":"angry","texts":["非常抱歉，订单{{order_no}}的{{amount}}元退款将在{{day}}前到账。"],"slots":[{"name":"order_no","kind":"order"},{"name":"amount","kind":"money"},{"name":"day","kind":"date"}],"channels":["app"],"category":"售后","metadata":{"a":"b"}}
{"kind":"template","id":"tpl-bye","scenario":"close","mood":"angry","texts":["再次抱歉，祝您生活愉快。"],"channels":["phone"],"tags":["结束"]}
"#;

fn content() -> Content {
    Content::from_jsonl(SHOP.as_bytes()).unwrap()
}

fn kb() -> KnowledgeBase {
    KnowledgeBase::new(&content()).unwrap()
}

fn june() -> AskOptions {
    AskOptions::new().at("2026-06-01T12:00:00+08:00".try_into().unwrap())
}

fn ids(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.id.as_str()).collect()
}

mod search {
    use super::*;

    #[test]
    fn finds_all_kinds() {
        let kb = kb();
        let page = kb.search("退款多久到账", &SearchOptions::new()).unwrap();
        assert_eq!(page.results[0].id, "refund-time");
        assert_eq!(page.results[0].title, "退款多久到账？");
        let of_kind = |kind| page.results.iter().find(|found| found.kind == kind);
        let rule = of_kind(FoundKind::StandardAnswer).unwrap();
        assert_eq!((rule.id.as_str(), rule.title.as_str()), ("sa-refund", "退款时效规则"));
        assert!(rule.text.starts_with("原路退回"));
        let template = of_kind(FoundKind::Template).unwrap();
        assert_eq!((template.id.as_str(), template.title.as_str()), ("tpl-refund", "solve"));
    }

    #[test]
    fn marks_what_was_searched_for() {
        let kb = kb();
        let page = kb.search("多久到賬", &SearchOptions::new()).unwrap();
        let entry = &page.results[0];
        let marked: Vec<&str> = entry.spans.iter().map(|span| &entry.text[span.bytes.clone()]).collect();
        assert_eq!((entry.text.as_str(), marked), ("退款多久到账？", vec!["多久到账"]));
        assert_eq!(
            (entry.spans[0].chars.clone(), entry.spans[0].utf16.clone()),
            (2..6, 2..6)
        );
        let rule = page.results.iter().find(|found| found.id == "sa-refund").unwrap();
        let marked: Vec<&str> = rule.spans.iter().map(|span| &rule.text[span.bytes.clone()]).collect();
        assert_eq!(marked, ["到账"]);
    }

    #[test]
    fn pages_join_to_the_whole() {
        let kb = kb();
        let whole = kb.search("退货", &SearchOptions::new().limit(100)).unwrap();
        assert!(whole.total >= 5, "{}", whole.total);
        assert_eq!(whole.results.len(), whole.total);
        for limit in 1..4 {
            let mut joined = Vec::new();
            for offset in (0..whole.total + limit).step_by(limit) {
                let page = kb
                    .search("退货", &SearchOptions::new().limit(limit).offset(offset))
                    .unwrap();
                assert_eq!(page.total, whole.total);
                assert!(page.results.len() <= limit);
                joined.extend(page.results);
            }
            assert_eq!(joined, whole.results);
        }
        for (a, b) in whole.results.iter().zip(&whole.results[1..]) {
            assert!(a.relevance >= b.relevance);
        }
        let past = kb.search("退货", &SearchOptions::new().offset(usize::MAX)).unwrap();
        assert_eq!((past.total, past.results.len()), (whole.total, 0));
    }

    #[test]
    fn editors_find_what_customers_do_not() {
        let kb = kb();
        let all = kb.search("退货", &SearchOptions::new().limit(100)).unwrap();
        for id in ["agent-script", "old-return", "phone-return", "empty"] {
            assert!(ids(&all.results).contains(&id), "{id}");
        }
        let narrowed = |options: SearchOptions| kb.search("退货", &options.limit(100)).unwrap().results;
        let app = narrowed(SearchOptions::new().channel("app".try_into().unwrap()));
        assert!(ids(&app).contains(&"return") && !ids(&app).contains(&"phone-return"));
        let customer = narrowed(SearchOptions::new().audience(Audience::Customer));
        assert!(ids(&customer).contains(&"return") && !ids(&customer).contains(&"agent-script"));
        let now = narrowed(SearchOptions::new().at("2026-06-01".try_into().unwrap()));
        assert!(ids(&now).contains(&"return") && !ids(&now).contains(&"old-return"));
        let mut category = narrowed(SearchOptions::new().category("售后/退货".try_into().unwrap()));
        category.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(ids(&category), ["return", "return-fee"]);
        let tag = narrowed(SearchOptions::new().tag("退货".try_into().unwrap()));
        assert_eq!(ids(&tag), ["return"]);
    }

    #[test]
    fn templates_of_another_channel_stay_out() {
        let kb = kb();
        let found = |options: SearchOptions| {
            kb.search("退款将在何时到账，非常抱歉", &options.limit(100))
                .unwrap()
                .results
        };
        assert!(ids(&found(SearchOptions::new())).contains(&"tpl-refund"));
        assert!(ids(&found(SearchOptions::new().channel("app".try_into().unwrap()))).contains(&"tpl-refund"));
        let phone = found(SearchOptions::new().channel("phone".try_into().unwrap()));
        assert!(!ids(&phone).contains(&"tpl-refund"), "{phone:?}");
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        let kb = kb();
        for text in ["", "？！", "xyzzy"] {
            let page = kb.search(text, &SearchOptions::new()).unwrap();
            assert_eq!((page.total, page.results.len()), (0, 0), "{text}");
        }
        let error = kb.search(&"退".repeat(1_001), &SearchOptions::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("shorten it"), "{error}");
    }
}

mod suggest {
    use super::*;

    fn suggested(typed: &str) -> Vec<String> {
        let suggestions: Vec<Suggestion> = kb().suggest(typed, 10, &june()).unwrap();
        suggestions.into_iter().map(|suggestion| suggestion.entry).collect()
    }

    #[test]
    fn completes_chinese_pinyin_and_initials() {
        for typed in [
            "退款",
            "退款多",
            "退",
            "tuikuan",
            "tuik",
            "TUI KUAN",
            "tkdj",
            "tk",
            "ｔｋ",
            "退款多久到账？",
        ] {
            assert_eq!(
                suggested(typed).first().map(String::as_str),
                Some("refund-time"),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_begins_so_comes_before_what_has_it_inside() {
        assert_eq!(suggested("退货"), ["return-fee", "return", "phone-return", "empty"]);
        assert_eq!(suggested("sqth"), ["return", "phone-return"]);
        assert_eq!(suggested("申請退貨"), ["return", "phone-return"]);
    }

    #[test]
    fn only_what_may_answer_is_suggested() {
        assert_eq!(suggested("旧版"), [""; 0]);
        assert_eq!(suggested("客户要退货"), [""; 0]);
        let agent = kb()
            .suggest("客户要退货", 10, &june().audience(Audience::Agent))
            .unwrap();
        assert_eq!(agent[0].entry, "agent-script");
        assert_eq!(agent[0].question, "客户要退货时怎么核对订单？");
        let later = AskOptions::new().at("2028-01-01".try_into().unwrap());
        assert!(kb().suggest("退款", 10, &later).unwrap().is_empty());
        let phone = kb()
            .suggest("怎么申请", 10, &june().channel("phone".try_into().unwrap()))
            .unwrap();
        assert_eq!(
            phone.iter().map(|s| s.entry.as_str()).collect::<Vec<_>>(),
            ["return", "phone-return"]
        );
        let app = kb()
            .suggest("怎么申请", 10, &june().channel("app".try_into().unwrap()))
            .unwrap();
        assert_eq!(app.len(), 1);
    }

    #[test]
    fn no_more_than_wanted_and_nothing_for_nothing() {
        assert_eq!(kb().suggest("退货", 2, &june()).unwrap().len(), 2);
        assert!(kb().suggest("退货", 0, &june()).unwrap().is_empty());
        for typed in ["", "  ", "？", "没有这样的问题", "zzzz"] {
            assert_eq!(suggested(typed), [""; 0], "{typed}");
        }
    }
}

#[test]
fn an_entry_comes_back_whole() {
    let content = content();
    let kb = KnowledgeBase::new(&content).unwrap();
    for entry in content.entries() {
        assert_eq!(kb.get(entry.id.as_str()).unwrap().as_ref(), Some(entry));
    }
    assert_eq!(kb.get("没有").unwrap(), None);
    // A standard answer, a template and a part of an id are no entries.
    for id in ["sa-refund", "tpl-hello", "retur", "ereturn", ""] {
        assert_eq!(kb.get(id).unwrap(), None, "{id}");
    }
}

#[test]
fn a_standard_answer_comes_back_whole() {
    let content = content();
    let kb = KnowledgeBase::new(&content).unwrap();
    let expected = &content.standard_answers()[0];
    assert_eq!(kb.standard_answer("sa-refund").unwrap().as_ref(), Some(expected));
    assert_eq!(kb.standard_answer("return").unwrap(), None);
}

proptest! {
    // Each case builds an index, and loads a dictionary if the content has words of its own.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_was_put_in_comes_back(content in arbitrary::content()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kb");
        KnowledgeBase::build_index(&content, &path, &Default::default()).unwrap();
        let kb = KnowledgeBase::open(&path).unwrap();
        for entry in content.entries() {
            prop_assert_eq!(kb.get(entry.id.as_str()).unwrap(), Some(entry.clone()));
            let related: Vec<_> = kb.related(entry.id.as_str()).unwrap().into_iter().map(|entry| entry.id).collect();
            prop_assert_eq!(&related, &entry.related);
            for phrasing in entry.phrasings() {
                kb.ask(phrasing.as_str(), &AskOptions::new()).unwrap();
                kb.search(phrasing.as_str(), &SearchOptions::new()).unwrap();
            }
        }
        for answer in content.standard_answers() {
            prop_assert_eq!(kb.standard_answer(answer.id.as_str()).unwrap(), Some(answer.clone()));
        }
        prop_assert_eq!(kb.templates(&TemplateFilter::default()).unwrap(), content.templates());
        prop_assert_eq!(kb.statistics().entries, content.entries().len());
    }
}

#[test]
fn related_entries_come_in_the_editors_order() {
    let related = kb().related("return").unwrap();
    assert_eq!(
        related.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(),
        ["refund-time", "return-fee"]
    );
    assert!(kb().related("empty").unwrap().is_empty());
    let error = kb().related("没有").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(
        error.to_string(),
        "there is no entry `没有`; see the ids in the content"
    );
}

#[test]
fn the_answer_is_picked_for_the_caller() {
    let kb = kb();
    let answer = |options: AskOptions| {
        let reply = kb.ask("怎么申请退货", &options).unwrap();
        reply.answer().and_then(|hit| hit.answer.clone())
    };
    let app = || "app".try_into().unwrap();
    let hant = || "zh-Hant".try_into().unwrap();
    for (options, expected) in [
        (june(), "在订单里点“申请退货”。"),
        (june().channel(app()), "在App的“我的”里点“申请退货”。"),
        (june().channel("web".try_into().unwrap()), "在订单里点“申请退货”。"),
        (june().audience(Audience::Agent), "先核对订单，再代客户提交。"),
        (june().locale(hant()), "请在訂單裡點「申請退貨」。"),
        (june().locale("en".try_into().unwrap()), "在订单里点“申请退货”。"),
        // More conditions met come first, and the first of as many.
        (
            june().channel(app()).audience(Audience::Agent),
            "客服在App后台代为提交。",
        ),
        (june().channel(app()).locale(hant()), "在App的“我的”里点“申请退货”。"),
    ] {
        assert_eq!(answer(options.clone()).as_deref(), Some(expected), "{options:?}");
    }
}

#[test]
fn an_answer_that_many_entries_share_is_given() {
    let reply = kb().ask("退款多久到账", &june()).unwrap();
    let answer = reply.answer().and_then(|hit| hit.answer.as_deref());
    assert_eq!(answer, Some("原路退回，1-3个工作日到账；信用卡最长7个工作日。"));
}

#[test]
fn an_entry_whose_answers_are_all_for_others_says_so() {
    let kb = kb();
    let reply = kb
        .ask("退货运费谁出", &june().channel("phone".try_into().unwrap()))
        .unwrap();
    assert_eq!(reply.answer().map(|hit| hit.entry.as_str()), Some("return-fee"));
    let reply = kb
        .ask("退货运费谁出", &june().channel("web".try_into().unwrap()))
        .unwrap();
    assert_eq!(reply.decision, Decision::NoAnswer(Reason::OnlyFiltered));
    assert!(reply.hits.iter().all(|hit| hit.entry != "return-fee"));
}

#[test]
fn an_entry_without_answers_is_found_without_one() {
    let reply = kb().ask("没有写答案的退货问题", &june()).unwrap();
    assert_eq!(
        reply.answer().map(|hit| (hit.entry.as_str(), hit.answer.clone())),
        Some(("empty", None))
    );
}

#[test]
fn a_hit_says_what_comes_next() {
    let reply = kb().ask("怎么申请退货", &june()).unwrap();
    let hit = reply.answer().unwrap();
    assert_eq!(hit.follow_ups, ["退款多久到账？"]);
    assert_eq!(hit.related, ["refund-time", "return-fee"]);
    assert_eq!(hit.category.as_deref(), Some("售后/退货"));
    assert_eq!(
        (hit.question.as_str(), hit.phrasing.as_str()),
        ("怎么申请退货？", "怎么申请退货？")
    );
}

mod templates {
    use super::*;

    fn named(filter: TemplateFilter) -> Vec<String> {
        let templates = kb().templates(&filter).unwrap();
        templates.iter().map(|template| template.id().to_string()).collect()
    }

    #[test]
    fn come_back_whole_and_in_order() {
        assert_eq!(
            kb().templates(&TemplateFilter::default()).unwrap(),
            content().templates()
        );
    }

    #[test]
    fn are_filtered() {
        let filter = |set: fn(&mut TemplateFilter)| {
            let mut filter = TemplateFilter::default();
            set(&mut filter);
            named(filter)
        };
        assert_eq!(
            filter(|f| f.scenario = Some("solve".try_into().unwrap())),
            ["tpl-refund"]
        );
        assert_eq!(
            filter(|f| f.mood = Some("angry".try_into().unwrap())),
            ["tpl-refund", "tpl-bye"]
        );
        assert_eq!(
            filter(|f| f.channel = Some("app".try_into().unwrap())),
            ["tpl-hello", "tpl-refund"]
        );
        assert_eq!(filter(|f| f.tag = Some("结束".try_into().unwrap())), ["tpl-bye"]);
        let both = filter(|f| {
            f.mood = Some("angry".try_into().unwrap());
            f.channel = Some("phone".try_into().unwrap());
        });
        assert_eq!(both, ["tpl-bye"]);
        assert_eq!(filter(|f| f.mood = Some("pleased".try_into().unwrap())), [""; 0]);
    }

    #[test]
    fn take_turns_and_fill_their_slots() {
        let kb = kb();
        let render = |turn, values: &[(&str, &str)]| kb.render("tpl-hello", turn, values.iter().copied(), Escape::None);
        assert_eq!(
            render(0, &[("customer", "王女士")]).unwrap(),
            "您好，王女士，请问有什么可以帮您？"
        );
        assert_eq!(render(1, &[]).unwrap(), "亲，欢迎回来！");
        assert_eq!(render(2, &[]).unwrap(), "您好，亲，请问有什么可以帮您？");
        assert_eq!(render(usize::MAX, &[]).unwrap(), "亲，欢迎回来！");
        // A value is never expanded again.
        assert_eq!(
            render(1, &[("customer", "{{customer}}")]).unwrap(),
            "{{customer}}，欢迎回来！"
        );
        let html = kb
            .render("tpl-hello", 1, [("customer", "<b>&\"'")], Escape::Html)
            .unwrap();
        assert_eq!(html, "&lt;b&gt;&amp;&quot;&#39;，欢迎回来！");
    }

    #[test]
    fn name_all_that_stands_against_them() {
        let kb = kb();
        let error = kb
            .render("tpl-refund", 0, [("amount", "很多"), ("名字", "x")], Escape::None)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.starts_with("template `tpl-refund`: the reply cannot be made: "),
            "{text}"
        );
        for name in ["order_no", "day", "amount", "名字"] {
            assert!(text.contains(&format!("`{name}`")), "{name} in {text}");
        }
        let error = kb.render("没有", 0, [("a", "b")], Escape::None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(
            error.to_string(),
            "there is no template `没有`; see the ids in the content"
        );
    }
}

mod empty {
    use super::*;

    fn check(kb: &KnowledgeBase) {
        assert_eq!((kb.statistics().entries, kb.statistics().phrasings), (0, 0));
        let reply = kb.ask("怎么申请退货", &AskOptions::new()).unwrap();
        assert_eq!(
            (reply.decision, reply.hits.len()),
            (Decision::NoAnswer(Reason::NothingClose), 0)
        );
        assert_eq!(reply.confidence(), 0.0);
        let reply = kb.ask("转人工", &AskOptions::new()).unwrap();
        assert_eq!(reply.decision, Decision::NoAnswer(Reason::HandoverRequested));
        assert!(
            kb.explain("怎么申请退货", &AskOptions::new())
                .unwrap()
                .entries
                .is_empty()
        );
        assert!(kb.suggest("退", 10, &AskOptions::new()).unwrap().is_empty());
        assert_eq!(kb.get("return").unwrap(), None);
        assert_eq!(kb.standard_answer("sa").unwrap(), None);
    }

    #[test]
    fn a_content_without_anything_works() {
        let content = Content::default();
        let kb = KnowledgeBase::new(&content).unwrap();
        check(&kb);
        assert_eq!(kb.search("退货", &SearchOptions::new()).unwrap().total, 0);
        assert!(kb.templates(&TemplateFilter::default()).unwrap().is_empty());

        let folder = tempfile::tempdir().unwrap();
        KnowledgeBase::build_index(&content, folder.path(), &Default::default()).unwrap();
        check(&KnowledgeBase::open(folder.path()).unwrap());
    }

    #[test]
    fn a_content_without_entries_has_its_library() {
        let library: String = SHOP
            .lines()
            .filter(|line| line.contains("\"kind\""))
            .collect::<Vec<_>>()
            .join("\n");
        let content = Content::from_jsonl(library.as_bytes()).unwrap();
        let kb = KnowledgeBase::new(&content).unwrap();
        assert_eq!((kb.statistics().standard_answers, kb.statistics().templates), (1, 3));
        let page = kb.search("退款到账", &SearchOptions::new()).unwrap();
        assert!(ids(&page.results).contains(&"sa-refund"), "{page:?}");
        assert!(kb.standard_answer("sa-refund").unwrap().is_some());
        assert!(kb.ask("退款到账", &AskOptions::new()).unwrap().hits.is_empty());
    }
}
