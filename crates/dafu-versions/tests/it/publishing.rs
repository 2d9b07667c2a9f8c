//! Publishing, rolling back and pruning, while others read.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dafu_versions::{ErrorKind, Live, PruneRule, Publication, Reload};

use crate::contents::{answered, content};

fn keep(keep_last: usize) -> PruneRule {
    let mut rule = PruneRule::default();
    rule.keep_last = keep_last;
    rule
}

#[test]
fn the_same_content_makes_the_same_generation() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    let first = publication.publish(&content(1), 1).unwrap();
    let prepared = publication.prepare(&content(1)).unwrap();
    assert!(prepared.was_there());
    assert_eq!(prepared.switch("live", 1).unwrap(), first);
    let again = publication.publish(&content(1), 7).unwrap();
    assert_eq!(
        (again.generation.as_str(), again.version, again.number),
        (first.generation.as_str(), 7, 2)
    );
    assert!(!publication.prepare(&content(2)).unwrap().was_there());
    assert_eq!(publication.generations().unwrap().len(), 2);
}

#[test]
fn channels_are_apart() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    publication.prepare(&content(2)).unwrap().switch("test", 2).unwrap();
    let test = Live::open_channel(folder.path(), "test").unwrap();
    assert_eq!(
        answered(Live::open(folder.path()).unwrap().current().knowledge_base()),
        "第1版"
    );
    assert_eq!(answered(test.current().knowledge_base()), "第2版");
    assert_eq!(publication.channels().unwrap(), ["live", "test"]);

    let tried = publication.serving("test").unwrap().unwrap();
    publication.switch_to("live", &tried.generation, tried.version).unwrap();
    assert_eq!(
        answered(Live::open(folder.path()).unwrap().current().knowledge_base()),
        "第2版"
    );
    let error = Live::open_channel(folder.path(), "staging").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("`staging`"), "{error}");
}

#[test]
fn rolling_back_goes_back_step_by_step_or_to_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    for version in 1..=4 {
        publication.publish(&content(version), version).unwrap();
    }
    let live = Live::open(folder.path()).unwrap();
    for (to, version) in [(None, 3), (None, 2), (Some(4), 4), (Some(1), 1)] {
        publication.roll_back("live", to).unwrap();
        assert!(matches!(live.reload().unwrap(), Reload::Switched { to, .. } if to.version == version));
        assert_eq!(answered(live.current().knowledge_base()), format!("第{version}版"));
    }
    for to in [None, Some(99)] {
        let error = publication.roll_back("live", to).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    assert_eq!(publication.switches("live").unwrap().len(), 8);
}

#[test]
fn a_question_in_flight_keeps_its_generation() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    let live = Live::open(folder.path()).unwrap();
    let in_flight = live.current();
    for version in 2..5 {
        publication.publish(&content(version), version).unwrap();
        live.reload().unwrap();
    }
    let pruned = publication.prune(&keep(1)).unwrap();
    // That of the question, and the one before the present, which is kept open.
    assert_eq!((pruned.removed.len(), pruned.in_use.len()), (1, 2));
    assert_eq!(answered(in_flight.knowledge_base()), "第1版");
    drop(in_flight);
    assert_eq!(publication.prune(&keep(1)).unwrap().removed.len(), 1);
    assert_eq!(publication.generations().unwrap().len(), 2);
}

#[test]
fn pruning_keeps_what_the_rule_says() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    let mut names = Vec::new();
    for version in 1..=6 {
        names.push(publication.publish(&content(version), version).unwrap().generation);
    }
    publication.switch_to("test", &names[2], 3).unwrap();
    let mut rule = keep(2);
    rule.keep.push(names[0].clone());
    let pruned = publication.prune(&rule).unwrap();
    assert_eq!(pruned.removed.len(), 2);
    for (number, name) in names.iter().enumerate() {
        assert_eq!(
            publication.verify(name).is_ok(),
            [0, 2, 4, 5].contains(&number),
            "generation {number}"
        );
    }
    assert_eq!(
        publication.roll_back("live", Some(2)).unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[test]
fn a_broken_generation_leaves_the_old_one_serving() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    let live = Live::open(folder.path()).unwrap();
    let served = publication.publish(&content(2), 2).unwrap();
    let index = folder.path().join("generations").join(&served.generation).join("index");
    fs::write(index.join("items.bin"), b"broken").unwrap();
    let error = live.reload().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().contains("items.bin"), "{error}");
    assert_eq!(answered(live.current().knowledge_base()), "第1版");

    // To publish the same again puts a whole one in its place.
    publication.publish(&content(2), 2).unwrap();
    live.reload().unwrap();
    assert_eq!(answered(live.current().knowledge_base()), "第2版");
}

#[test]
fn readers_see_whole_generations_during_a_thousand_switches() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    for version in 1..=5 {
        publication.publish(&content(version), version).unwrap();
    }
    let names: Vec<String> = (1..=5)
        .map(|version| publication.prepare(&content(version)).unwrap().name().to_owned())
        .collect();
    let live = Live::open(folder.path()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|reader| {
                let (live, done) = (&live, &done);
                scope.spawn(move || {
                    let mut seen = 0_u64;
                    while !done.load(Ordering::Relaxed) {
                        if reader == 0 {
                            live.reload().unwrap();
                        }
                        let generation = live.current();
                        let expected = format!("第{}版", generation.version());
                        assert_eq!(answered(generation.knowledge_base()), expected);
                        seen = seen.max(generation.number());
                    }
                    seen
                })
            })
            .collect();
        for switch in 0..1_000_usize {
            let version = switch % 5;
            publication
                .switch_to("live", &names[version], version as u64 + 1)
                .unwrap();
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 5, "a reader has never followed");
        }
    });
    assert!(publication.serving("live").unwrap().unwrap().number >= 1_000);
}

#[test]
fn readers_that_open_anew_survive_pruning() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    publication.publish(&content(1), 1).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut opened = 0;
            while !done.load(Ordering::Relaxed) {
                let generation = Live::open(folder.path()).unwrap().current();
                let expected = format!("第{}版", generation.version());
                assert_eq!(answered(generation.knowledge_base()), expected);
                opened += 1;
            }
            opened
        });
        for version in 2..60 {
            publication.publish(&content(version), version).unwrap();
            publication.prune(&keep(1)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 1);
    });
    publication.prune(&keep(1)).unwrap();
    assert_eq!(publication.generations().unwrap().len(), 1);
}

#[test]
fn a_second_publisher_waits_and_then_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    let prepared = publication.prepare(&content(1)).unwrap();
    let impatient = publication.clone().with_wait(Duration::from_millis(20));
    let error = impatient.publish(&content(2), 2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.to_string().contains("publish.lock"), "{error}");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| publication.publish(&content(2), 2).unwrap());
        prepared.switch("live", 1).unwrap();
        assert_eq!(waiting.join().unwrap().number, 2);
    });
}

#[test]
fn what_is_left_over_goes_with_the_next_publish() {
    let folder = tempfile::tempdir().unwrap();
    let publication = Publication::create(folder.path()).unwrap();
    let left_over = folder.path().join("work/0123456789abcdef0123456789abcdef/index");
    fs::create_dir_all(&left_over).unwrap();
    fs::write(left_over.join("meta.json"), b"{").unwrap();
    fs::write(folder.path().join("work/CURRENT"), b"{").unwrap();
    publication.publish(&content(1), 1).unwrap();
    assert_eq!(fs::read_dir(folder.path().join("work")).unwrap().count(), 0);
}

#[test]
fn folders_that_are_none_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for error in [
        Publication::open(folder.path().join("nothing")).unwrap_err(),
        Live::open(folder.path().join("nothing")).unwrap_err(),
        Live::open(folder.path()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    let publication = Publication::create(folder.path()).unwrap();
    for channel in ["", "../up", "测试"] {
        assert_eq!(
            publication.serving(channel).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    let error = publication.switch_to("live", "../../etc", 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
