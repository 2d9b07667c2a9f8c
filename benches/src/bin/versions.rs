//! Measures what editors and chat systems wait for: commit, publish, roll back, reload, diff, and questions meanwhile.
//!
//! ```text
//! cargo run --release -p dafu-benches --bin versions -- [--entries N] [--phrasings N] [--versions N] [--many N]
//! ```
//!
//! The store, the publication and the questions are those of `--entries` entries with `--phrasings` phrasings each; the
//! difference and the growth of the file those of `--many` entries over `--versions` versions.

use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dafu::{AnswerText, AskOptions, Content, Entry, KnowledgeBase, Settings};
use dafu_benches::{Texts, median};
use dafu_versions::{Commit, Draft, Item, ItemKey, Live, Publication, Publish, PublishOptions, Store};
use lexopt::prelude::*;

type Done<T> = Result<T, Box<dyn Error>>;

struct Sizes {
    entries: usize,
    phrasings: usize,
    versions: usize,
    many: usize,
}

fn main() -> ExitCode {
    match sizes().and_then(|sizes| run(&sizes)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("versions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(sizes: &Sizes) -> Done<()> {
    println!(
        "entries, phrasings of each        {}, {}",
        sizes.entries, sizes.phrasings
    );
    let folder = tempfile::tempdir()?;
    let store = Store::create(folder.path().join("shop.dafu"))?;
    fill(&store, sizes.entries, sizes.phrasings)?;
    commits(&store, sizes)?;
    publishes(&store, folder.path(), sizes)?;
    drop(store);

    println!("entries, versions                 {}, {}", sizes.many, sizes.versions);
    let folder = tempfile::tempdir()?;
    many_versions(&folder.path().join("shop.dafu"), sizes)
}

/// Commits of 10 changes.
fn commits(store: &Store, sizes: &Sizes) -> Done<()> {
    let mut times = Vec::new();
    for number in 0..20 {
        let draft = store.new_draft("d", WHO)?;
        change_ten(&draft, sizes.entries, number)?;
        let start = Instant::now();
        version_of(draft.commit(WHO, "ten changes")?)?;
        times.push(milliseconds(start.elapsed()));
    }
    print("commit of 10 changes, median", median(times), "ms");
    Ok(())
}

fn publishes(store: &Store, folder: &Path, sizes: &Sizes) -> Done<()> {
    let publication = Publication::create(folder.join("shop"))?;
    let publish = || -> Done<f64> {
        let start = Instant::now();
        match store.publish(&publication, WHO, &PublishOptions::new())? {
            Publish::Done(_) => Ok(milliseconds(start.elapsed())),
            other => Err(format!("{other:?}").into()),
        }
    };
    print("publish, the first of the process", publish()?, "ms");
    let live = Live::open(publication.folder())?;
    let questions = Texts::Made.questions(sizes.entries * 10, 2_000);

    let quiet = ask_until(live.current().knowledge_base(), &questions, || true)?;
    change_and_commit(store, sizes, 100)?;
    let done = AtomicBool::new(false);
    let (published, busy) = std::thread::scope(|scope| -> Done<_> {
        let generation = live.current();
        let (done, questions) = (&done, &questions);
        let asking = scope.spawn(move || {
            let is_done = || done.load(Ordering::Relaxed);
            ask_until(generation.knowledge_base(), questions, is_done).map_err(|e| e.to_string())
        });
        let published = publish().map_err(|e| e.to_string());
        done.store(true, Ordering::Relaxed);
        let busy = asking.join().map_err(|_| "asking has failed")??;
        Ok((published?, busy))
    })?;
    print("publish of 10 changes, asked meanwhile", published, "ms");
    print("ask, 99th percentile", percentile(quiet, 0.99), "us");
    print("ask, 99th percentile, during a publish", percentile(busy, 0.99), "us");

    let timed = |work: &mut dyn FnMut() -> Done<()>| -> Done<f64> {
        let start = Instant::now();
        work()?;
        Ok(milliseconds(start.elapsed()))
    };
    let reload = &mut || Ok(live.reload().map(drop)?);
    print("reload of a new generation", timed(reload)?, "ms");
    print("reload, nothing changed", timed(reload)?, "ms");
    let back = timed(&mut || Ok(store.roll_back(&publication, "live", None, WHO).map(drop)?))?;
    print("roll back", back, "ms");
    print("reload after a roll back", timed(reload)?, "ms");
    change_and_commit(store, sizes, 101)?;
    print("publish of 10 changes, alone", publish()?, "ms");
    Ok(())
}

/// 1,000 versions of 10 changes each: how the file grows, and how long a difference takes.
fn many_versions(path: &Path, sizes: &Sizes) -> Done<()> {
    let store = Store::create(path)?;
    fill(&store, sizes.many, 5)?;
    drop(store);
    let before = bytes_in_use(path)?;
    let store = Store::open(path)?;
    let mut weight = 0;
    for number in 0..sizes.versions {
        let draft = store.new_draft("d", WHO)?;
        weight += change_ten(&draft, sizes.many, number)?;
        version_of(draft.commit(WHO, "ten changes")?)?;
    }
    drop(store);
    let grown = bytes_in_use(path)?.saturating_sub(before);
    print("weight of all changes", weight as f64 / MIB, "MiB");
    print("growth of the file", grown as f64 / MIB, "MiB");
    let store = Store::open(path)?;
    let newest = store.newest()?.map_or(0, |version| version.number);
    for (name, from) in [
        ("diff of the last two versions", newest - 1),
        ("diff of the first and the last", 1),
    ] {
        let start = Instant::now();
        let changes = store.diff(from, newest)?;
        print(name, milliseconds(start.elapsed()), "ms");
        let start = Instant::now();
        let fields: usize = changes.iter().map(|change| change.fields().len()).sum();
        println!(
            "  {} changes, {fields} fields in {:.1} ms",
            changes.len(),
            milliseconds(start.elapsed())
        );
    }
    Ok(())
}

fn fill(store: &Store, entries: usize, phrasings: usize) -> Done<()> {
    let texts = Texts::Made.entries(entries * 10);
    let mut made = Vec::with_capacity(entries);
    for (number, texts) in texts.iter().enumerate() {
        let mut entry = Entry::new(format!("e{number}").try_into()?, texts[0].as_str().try_into()?);
        for n in 1..phrasings {
            // Made texts come in tens: the second ten say where, too.
            let text = match texts.get(n) {
                Some(text) => text.clone(),
                None => format!("{}第{n}次", texts[n % texts.len()]),
            };
            entry.similar.push(text.try_into()?);
        }
        entry
            .answers
            .push(AnswerText::try_from(format!("第{number}条的答案，请在订单里操作。"))?.into());
        made.push(entry);
    }
    let content = Content::new(made, Vec::new(), Vec::new(), Settings::default())?;
    let draft = store.new_draft("d", WHO)?;
    draft.import(&content)?;
    version_of(draft.commit(WHO, "all")?)
}

/// The pages of an SQLite file that hold something, by its header: what the import left free would hide the growth.
fn bytes_in_use(path: &Path) -> Done<u64> {
    let mut header = [0; 100];
    std::fs::File::open(path)?.read_exact(&mut header)?;
    let number = |at: usize| {
        u64::from(u32::from_be_bytes([
            header[at],
            header[at + 1],
            header[at + 2],
            header[at + 3],
        ]))
    };
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        page => page,
    };
    Ok((number(28) - number(36)) * page)
}

/// Changes the answers of ten entries, and adds a phrasing to every second one; returns how many bytes these have.
fn change_ten(draft: &Draft<'_>, entries: usize, number: usize) -> Done<usize> {
    let mut changed = Vec::new();
    for n in 0..10 {
        let id = (number * 10 + n) * 7_919 % entries;
        let Some(Item::Entry(mut entry)) = draft.item(&ItemKey::entry(format!("e{id}")))? else {
            return Err("an entry is not there".into());
        };
        entry.answers = vec![AnswerText::try_from(format!("第{number}次修改，第{n}条。"))?.into()];
        if n % 2 == 1 {
            let similar = format!("{}，我说的是{number}号的{n}", entry.question.as_str());
            entry.similar.push(similar.try_into()?);
        }
        changed.push(Item::Entry(entry));
    }
    let weight = changed.iter().map(|item| item.to_json().len()).sum();
    draft.put_all(changed)?;
    Ok(weight)
}

fn change_and_commit(store: &Store, sizes: &Sizes, number: usize) -> Done<()> {
    let draft = store.new_draft("d", WHO)?;
    change_ten(&draft, sizes.entries, number)?;
    version_of(draft.commit(WHO, "ten changes")?)
}

fn version_of(commit: Commit) -> Done<()> {
    match commit {
        Commit::Version(_) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// Asks the questions again and again until it is done, all of them three times at least; returns the microseconds of
/// each.
fn ask_until(kb: &KnowledgeBase, questions: &[String], is_done: impl Fn() -> bool) -> Done<Vec<f64>> {
    let mut times = Vec::new();
    let least = 3 * questions.len();
    for question in questions.iter().cycle() {
        if times.len() >= least && is_done() {
            break;
        }
        let start = Instant::now();
        kb.ask(question, &AskOptions::new())?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times)
}

fn percentile(mut figures: Vec<f64>, part: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    let last = figures.len().saturating_sub(1);
    figures.get((last as f64 * part) as usize).copied().unwrap_or(f64::NAN)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn print(what: &str, figure: f64, unit: &str) {
    println!("{what:<40}  {figure:.1} {unit}");
}

fn sizes() -> Done<Sizes> {
    let mut sizes = Sizes {
        entries: 10_000,
        phrasings: 20,
        versions: 1_000,
        many: 100_000,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("entries") => sizes.entries = parser.value()?.parse()?,
            Long("phrasings") => sizes.phrasings = parser.value()?.parse()?,
            Long("versions") => sizes.versions = parser.value()?.parse()?,
            Long("many") => sizes.many = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(sizes)
}

const WHO: &str = "bench";

const MIB: f64 = 1_048_576.0;
