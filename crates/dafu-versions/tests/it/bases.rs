//! Generations that are built upon another: what they answer, what stays for the next, and what happens when it is gone.

use std::fs;
use std::path::{Path, PathBuf};

use dafu::{AskOptions, Content};
use dafu_versions::{BasisRule, Live, PruneRule, Publication};

/// 30 entries; the answers name the version, and the first entry has a phrasing more for each of `new`.
fn content(version: u64, new: &[&str]) -> Content {
    let mut lines = String::new();
    for number in 0..30 {
        let thing = ["订单", "发票", "礼品卡", "积分", "地址"][number % 5];
        let act = ["怎么查", "怎么改", "能退吗", "丢了怎么办", "几天能到", "要不要钱"][number / 5];
        let similar = if number == 0 { new } else { &[] };
        lines += &format!(
            "{{\"id\":\"e{number}\",\"question\":\"{thing}{act}？\",\"similar\":{},\"answer\":\"第{version}版，{thing}\"}}\n",
            serde_json::to_string(similar).unwrap()
        );
    }
    Content::from_jsonl(lines.as_bytes()).unwrap()
}

/// A publication in which one changed entry of 30 is few.
fn publication(folder: &Path) -> Publication {
    let mut rule = BasisRule::default();
    (rule.least_phrasings, rule.most_changed) = (0, 30);
    Publication::create(folder).unwrap().with_bases(rule)
}

fn generation(publication: &Publication, name: &str) -> PathBuf {
    publication.folder().join("generations").join(name)
}

/// The name of the generation upon which another is built, as its record has it.
fn basis(publication: &Publication, name: &str) -> Option<String> {
    let record = fs::read(generation(publication, name).join("generation.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let basis = &record["body"]["identity"]["basis"];
    basis.as_str().map(str::to_owned)
}

#[test]
fn a_few_changes_are_built_upon_what_serves_and_many_alone() {
    let folder = tempfile::tempdir().unwrap();
    let publication = publication(folder.path());
    let first = publication.publish(&content(1, &[]), 1).unwrap().generation;
    let second = publication.publish(&content(2, &[]), 2).unwrap().generation;
    let third = publication.publish(&content(3, &["我的单子呢"]), 3).unwrap().generation;
    assert_eq!(basis(&publication, &first), None);
    assert_eq!(basis(&publication, &second).as_ref(), Some(&first));
    // Not upon the second: what has been built alone stays the basis.
    assert_eq!(basis(&publication, &third).as_ref(), Some(&first));

    let other = Content::from_jsonl("{\"id\":\"x\",\"question\":\"几点上班？\"}".as_bytes()).unwrap();
    let fourth = publication.publish(&other, 4).unwrap().generation;
    assert_eq!(basis(&publication, &fourth), None);
    // What is there serves again, whatever it was built upon.
    assert!(publication.prepare(&content(1, &[])).unwrap().was_there());
}

#[test]
fn a_preview_answers_as_the_generation_does() {
    let folder = tempfile::tempdir().unwrap();
    let publication = publication(folder.path());
    publication.publish(&content(1, &[]), 1).unwrap();
    let draft = content(2, &["我的单子呢", "单号在哪里看"]);
    let preview = publication.preview(&draft).unwrap();
    let served = publication.publish(&draft, 2).unwrap();
    assert!(basis(&publication, &served.generation).is_some());
    let live = Live::open(folder.path()).unwrap().current();
    for question in [
        "我的单子呢",
        "发票怎么开",
        "单号",
        "礼品卡不见了",
        "wo de dingdan",
        "转人工",
        "",
    ] {
        let replies = [&preview, live.knowledge_base()].map(|kb| kb.ask(question, &AskOptions::new()).unwrap());
        assert_eq!(replies[0], replies[1], "{question}");
        let bits = replies.map(|reply| {
            reply
                .hits
                .iter()
                .map(|hit| hit.confidence.to_bits())
                .collect::<Vec<_>>()
        });
        assert_eq!(bits[0], bits[1], "{question}");
    }
}

#[test]
fn pruning_keeps_the_basis_of_what_stays() {
    let folder = tempfile::tempdir().unwrap();
    let publication = publication(folder.path());
    let names: Vec<String> = (1..=4)
        .map(|version| publication.publish(&content(version, &[]), version).unwrap().generation)
        .collect();
    let mut rule = PruneRule::default();
    rule.keep_last = 1;
    let pruned = publication.prune(&rule).unwrap();
    assert_eq!(pruned.removed.len(), 2);
    let mut left: Vec<String> = publication
        .generations()
        .unwrap()
        .into_iter()
        .map(|info| info.name)
        .collect();
    left.sort();
    let mut expected = vec![names[0].clone(), names[3].clone()];
    expected.sort();
    assert_eq!(left, expected);
}

#[test]
fn a_damaged_or_missing_basis_is_none() {
    for damage in [
        |index: &Path| fs::remove_dir_all(index).unwrap(),
        |index: &Path| {
            let file = index.join("learned.bin");
            let mut bytes = fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&file, bytes).unwrap();
        },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let publication = publication(folder.path());
        let first = publication.publish(&content(1, &[]), 1).unwrap().generation;
        damage(&generation(&publication, &first).join("index"));
        let second = publication.publish(&content(2, &[]), 2).unwrap().generation;
        assert_eq!(basis(&publication, &second), None);
        let live = Live::open(folder.path()).unwrap().current();
        let reply = live.knowledge_base().ask("订单怎么查", &AskOptions::new()).unwrap();
        assert_eq!(reply.hits[0].answer.as_deref(), Some("第2版，订单"));
    }
}
