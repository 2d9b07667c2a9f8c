//! The process that kills, and checks.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use dafu::{AskOptions, KnowledgeBase};
use dafu_versions::{Live, PruneRule, Publication, Publish, PublishOptions, Store};

use crate::child::{QUESTIONS, WHO, content, publication_folder, store_file};

/// What children have told so far.
#[derive(Default)]
struct Told {
    commits: u64,
    switches: u64,
    newest: u64,
    switch: u64,
}

pub fn run(kills: u32, seed: u64) -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let folder = temporary.path();
    drop(Store::create(store_file(folder))?);
    Publication::create(publication_folder(folder))?;
    let mut random = Random(seed);
    let mut told = Told::default();

    // How long a child takes to its fourth switch: kills fall on each moment of some rounds of its loop.
    let span = run_child(folder, &mut told, |_, switches| switches >= 4)?;
    check(folder, &told)?;
    let start = Instant::now();
    for kill in 1..=kills {
        let moment = Duration::from_nanos(random.below(span.as_nanos() as u64));
        run_child(folder, &mut told, |since, _| since >= moment)?;
        check(folder, &told)
            .map_err(|e| format!("after kill {kill} (--seed {seed}), {moment:?} after it was ready: {e}"))?;
        if kill % 100 == 0 {
            println!("{kill} kills, {} s", start.elapsed().as_secs());
        }
    }
    check_all(folder, &told)?;
    check_strays(folder)?;
    println!(
        "{kills} kills: {} commits and {} switches were acknowledged, and all are there; \
         what was served was whole each time; no stray file is left",
        told.commits, told.switches
    );
    Ok(())
}

/// Runs a child until it is enough by the time and the number of switches that it has told; then kills it.
fn run_child(
    folder: &Path,
    told: &mut Told,
    enough: impl Fn(Duration, u64) -> bool,
) -> Result<Duration, Box<dyn Error>> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--child")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("the child has an output")?;
    let (sender, lines) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let switches = told.switches;
    let mut ready = None;
    loop {
        if let Ok(line) = lines.recv_timeout(Duration::from_micros(200)) {
            told.hear(&line)?;
            ready.get_or_insert_with(Instant::now);
        }
        if ready.is_some_and(|ready| enough(ready.elapsed(), told.switches - switches)) {
            break;
        }
        if let Some(status) = child.try_wait()? {
            return Err(format!("the child has ended by itself: {status}").into());
        }
    }
    let took = ready.map(|ready| ready.elapsed()).unwrap_or_default();
    // SIGKILL: it does not get to do anything any more.
    child.kill()?;
    child.wait()?;
    reader.join().map_err(|_| "reading from the child failed")?;
    // What it told before it was killed counts, too.
    for line in lines.try_iter() {
        told.hear(&line)?;
    }
    Ok(took)
}

impl Told {
    fn hear(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        let (what, number) = line.split_once(' ').ok_or("a line of the child has two words")?;
        let number = number.parse()?;
        match what {
            "commit" => {
                self.commits += 1;
                self.newest = number;
            }
            "ready" => {}
            _ => {
                self.switches += 1;
                self.switch = number;
            }
        }
        Ok(())
    }
}

/// Every commit that was told is there, and what is served is whole.
fn check(folder: &Path, told: &Told) -> Result<(), Box<dyn Error>> {
    let store = Store::open(store_file(folder))?;
    let newest = store.newest()?.map_or(0, |version| version.number);
    // The last one may have been committed, and not yet told.
    if newest < told.newest || newest > told.newest + 1 {
        return Err(format!("version {} was acknowledged, and the newest is {newest}", told.newest).into());
    }
    for version in newest.saturating_sub(2).max(1)..=newest {
        check_version(&store, version)?;
    }
    let publication = Publication::open(publication_folder(folder))?;
    let Some(served) = publication.serving("live")? else {
        return match told.switch {
            0 => Ok(()),
            switch => Err(format!("switch {switch} was acknowledged, and nothing is served").into()),
        };
    };
    if served.number < told.switch {
        return Err(format!(
            "switch {} was acknowledged, and {} is served",
            told.switch, served.number
        )
        .into());
    }
    let generation = Live::open(publication.folder())?.current();
    check_answers(generation.knowledge_base(), generation.version())
}

/// Every version that was ever told is whole.
fn check_all(folder: &Path, told: &Told) -> Result<(), Box<dyn Error>> {
    let store = Store::open(store_file(folder))?;
    store.verify()?;
    for version in 1..=told.newest {
        check_version(&store, version)?;
    }
    Ok(())
}

fn check_version(store: &Store, version: u64) -> Result<(), Box<dyn Error>> {
    match store.content(version)?.to_jsonl() == content(version)?.to_jsonl() {
        true => Ok(()),
        false => Err(format!("version {version} is not what was committed").into()),
    }
}

fn check_answers(kb: &KnowledgeBase, version: u64) -> Result<(), Box<dyn Error>> {
    for question in QUESTIONS {
        let reply = kb.ask(question, &AskOptions::new())?;
        let answer = reply.hits.first().and_then(|hit| hit.answer.as_deref());
        if answer != Some(version.to_string().as_str()) {
            return Err(format!("version {version} is served, and to {question} it says {answer:?}").into());
        }
    }
    Ok(())
}

/// After one more publish nothing is there that does not belong there.
fn check_strays(folder: &Path) -> Result<(), Box<dyn Error>> {
    let store = Store::open(store_file(folder))?;
    let publication = Publication::open(publication_folder(folder))?;
    let Publish::Done(_) = store.publish(&publication, WHO, &PublishOptions::new())? else {
        return Err("the gate refuses the last version".into());
    };
    let mut rule = PruneRule::default();
    rule.keep_last = 1;
    store.prune(&publication, &rule)?;
    drop(store);
    for (folder, expected) in [
        (folder.to_owned(), &["shop", "shop.dafu"][..]),
        (folder.join("shop"), &["CURRENT", "generations", "publish.lock", "work"]),
        (folder.join("shop/work"), &[]),
    ] {
        let names: BTreeSet<String> = std::fs::read_dir(&folder)?
            .map(|item| Ok(item?.file_name().to_string_lossy().into_owned()))
            .collect::<std::io::Result<_>>()?;
        if !names.iter().eq(expected.iter()) {
            return Err(format!("`{}` has {names:?}, and should have {expected:?}", folder.display()).into());
        }
    }
    match std::fs::read_dir(folder.join("shop/generations"))?.count() {
        1 => Ok(()),
        count => Err(format!("{count} generations are left, and one is served").into()),
    }
}

/// Splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}
