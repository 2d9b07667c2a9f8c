//! An index upon another: what is taken from the basis equals what would be made anew, bit for bit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::build;
use crate::model::{Content, Entry, Phrasing, Settings, Word};
use crate::{AskOptions, BuildOptions, ErrorKind, KnowledgeBase};

const THINGS: [&str; 6] = ["订单", "发票", "优惠券", "运费险", "iphone15手机壳", "礼品卡"];
const ACTS: [&str; 5] = ["怎么查询", "怎么修改", "不见了怎么办", "可以退吗", "几天到账"];
const TIMES: [&str; 4] = ["付款以前", "收货七天内", "双十一期间", "活动结束后"];

/// 120 entries of five phrasings each: enough to fit weights and to learn models.
fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for thing in THINGS {
        for act in ACTS {
            for time in TIMES {
                let number = entries.len();
                let mut entry = entry(&format!("e{number}"), &format!("{time}{thing}{act}？"));
                for similar in ["{t}{a}", "{w}我的{t}{a}", "请问{t}{w}{a}", "{a}，{w}买的{t}"] {
                    let text = similar.replace("{t}", thing).replace("{a}", act).replace("{w}", time);
                    entry
                        .similar
                        .push(phrasing(&format!("{text}{}", "啊".repeat(number % 3))));
                }
                if number % 7 == 0 {
                    entry.excluded.push(phrasing(&format!("{thing}坏了")));
                }
                if number % 4 > 0 {
                    answer(
                        &mut entry,
                        &format!("{time}请在“我的{thing}”里操作，操作以后{act}都能看到。"),
                    );
                }
                entries.push(entry);
            }
        }
    }
    entries
}

/// What editors do: other phrasings, answers, entries; one moved to the front.
fn changed() -> Vec<Entry> {
    let mut entries = entries();
    entries[3].similar[1] = phrasing("碳纤维鱼竿还有没有货");
    entries[8].similar.pop();
    entries[14].excluded.push(phrasing("鱼竿断了"));
    entries[20].answers.clear();
    answer(&mut entries[21], "请您稍候，鱼竿专员马上联系您。");
    let moved = entries[30].similar.remove(0);
    entries[31].similar.push(moved);
    entries.remove(40);
    entries.insert(50, entry("new", "夜钓灯怎么充电？"));
    let last = entries.pop().unwrap();
    entries.insert(0, last);
    entries
}

fn entry(id: &str, question: &str) -> Entry {
    Entry::new(id.try_into().unwrap(), phrasing(question))
}

fn phrasing(text: &str) -> Phrasing {
    text.to_owned().try_into().unwrap()
}

fn answer(entry: &mut Entry, text: &str) {
    let text = crate::AnswerText::try_from(text.to_owned()).unwrap();
    entry.answers = vec![text.into()];
}

fn content(entries: Vec<Entry>) -> Content {
    Content::new(entries, Vec::new(), Vec::new(), Settings::default()).unwrap()
}

fn upon(basis: &Path) -> BuildOptions {
    BuildOptions {
        basis: Some(Arc::new(KnowledgeBase::open(basis).unwrap())),
        ..BuildOptions::default()
    }
}

/// The files of an index by name. What tantivy names by chance, its segments, is called by their order.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let list = std::fs::read(folder.join("meta.json")).unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let ids = [0, 1, 2].map(|at| list["segments"][at]["segment_id"].as_str().unwrap().replace('-', ""));
    let mut files = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let name = match name.split_once('.') {
            Some((stem, end)) if stem == ids[0] => format!("documents.{end}"),
            Some((stem, end)) if stem == ids[1] => format!("phrasings.{end}"),
            Some((stem, end)) if stem == ids[2] => format!("prefixes.{end}"),
            _ => name,
        };
        if !["manifest.json", "meta.json"].contains(&name.as_str()) {
            files.insert(name, std::fs::read(path).unwrap());
        }
    }
    files
}

fn assert_same(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    assert!(
        ["documents.idx", "phrasings.idx", "prefixes.idx"]
            .iter()
            .all(|name| a.contains_key(*name)),
        "{:?}",
        a.keys()
    );
    assert!(a.keys().eq(b.keys()), "{:?} {:?}", a.keys(), b.keys());
    for (name, bytes) in a {
        assert!(bytes == b[&name], "{name} differs");
    }
}

#[test]
fn a_content_upon_its_own_index_makes_that_index() {
    let folder = tempfile::tempdir().unwrap();
    let [alone, again] = ["alone", "again"].map(|name| folder.path().join(name));
    let content = content(entries());
    KnowledgeBase::build_index(&content, &alone, &BuildOptions::default()).unwrap();
    let calibrated = KnowledgeBase::open(&alone).unwrap().explain("发票", &AskOptions::new());
    assert!(calibrated.unwrap().calibrated_on > 0);
    KnowledgeBase::build_index(&content, &again, &upon(&alone)).unwrap();
    assert_same(&alone, &again);
}

#[test]
fn what_is_taken_from_the_basis_equals_what_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let [alone, taken, anew] = ["alone", "taken", "anew"].map(|name| folder.path().join(name));
    KnowledgeBase::build_index(&content(entries()), &alone, &BuildOptions::default()).unwrap();
    let (content, options) = (content(changed()), upon(&alone));
    let basis = options.basis.as_ref().unwrap();
    // Changed: 3, 8, 14, 30, 31, and the new one; gone: 40.
    assert_eq!(basis.entries_to_learn(&content).unwrap(), Some(7));

    let mut plan = options.plan(&content).unwrap();
    build(&content, &plan, &taken).unwrap();
    plan.analyse_all = true;
    build(&content, &plan, &anew).unwrap();
    assert_same(&taken, &anew);
    let kb = KnowledgeBase::open(&taken).unwrap();
    let reply = kb.ask("碳纤维鱼竿有货吗", &AskOptions::new()).unwrap();
    assert_eq!(reply.hits[0].entry, "e3");
    // The comparison can fail.
    assert!(files(&taken) != files(&alone));
}

#[test]
fn a_basis_with_other_settings_is_refused() {
    let mut settings = Settings::default();
    settings.stop_words.push(Word::try_from("亲").unwrap());
    let basis = KnowledgeBase::new(&content(entries())).unwrap();
    let other = Content::new(entries(), Vec::new(), Vec::new(), settings).unwrap();
    assert_eq!(basis.entries_to_learn(&other).unwrap(), None);
    let options = BuildOptions {
        basis: Some(Arc::new(basis)),
        ..BuildOptions::default()
    };
    let error = KnowledgeBase::with_options(&other, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
