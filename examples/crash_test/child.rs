//! The process that is killed.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use dafu::{Content, KnowledgeBase};
use dafu_versions::{BasisRule, Commit, ErrorKind, PruneRule, Publication, Publish, PublishOptions, Store};

/// Commits, publishes, rolls back and prunes until it is killed, and tells each when it is done.
pub fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    // The dictionary is loaded by the first build of a process: no moment of that is worth a kill.
    KnowledgeBase::new(&content(1)?)?;
    tell("ready 0")?;
    let store = Store::open(store_file(folder))?;
    // Small as it is, the content is built upon what serves where it may be.
    let mut bases = BasisRule::default();
    bases.least_phrasings = 0;
    let publication = Publication::create(publication_folder(folder))?.with_bases(bases);
    for round in 1_u64.. {
        let version = commit(&store)?;
        tell(&format!("commit {version}"))?;
        match store.publish(&publication, WHO, &PublishOptions::new())? {
            Publish::Done(published) => tell(&format!("switch {}", published.served.number))?,
            other => return Err(format!("the gate refuses version {version}: {other:?}").into()),
        }
        if round % 3 == 0
            && publication
                .switches("live")?
                .first()
                .is_some_and(|served| served.before.is_some())
        {
            roll_back(&store, &publication)?;
        }
        if round % 2 == 0 {
            let mut rule = PruneRule::default();
            rule.keep_last = 2;
            store.prune(&publication, &rule)?;
        }
    }
    Ok(())
}

/// Commits a version in which every answer names it.
fn commit(store: &Store) -> Result<u64, Box<dyn Error>> {
    let next = store.newest()?.map_or(0, |version| version.number) + 1;
    let draft = match store.draft(DRAFT) {
        // A process that was killed has left it.
        Ok(draft) => draft,
        Err(e) if e.kind() == ErrorKind::NotFound => store.new_draft(DRAFT, WHO)?,
        Err(e) => return Err(e.into()),
    };
    if draft.info()?.base + 1 != next {
        return Err("a draft was left on an older version, and nobody else commits here".into());
    }
    draft.import(&content(next)?)?;
    match draft.commit(WHO, &format!("version {next}"))? {
        Commit::Version(version) => Ok(version.number),
        other => Err(format!("{other:?}").into()),
    }
}

fn roll_back(store: &Store, publication: &Publication) -> Result<(), Box<dyn Error>> {
    match store.roll_back(publication, "live", None, WHO) {
        Ok(served) => tell(&format!("switch {}", served.number)),
        // What it would go back to was pruned.
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e.into()),
    }
}

fn tell(what: &str) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what}")?;
    Ok(out.flush()?)
}

/// A small content in which every answer names the version. Every fifth has another phrasing, too: of so few entries
/// that is too much to be built upon the version before.
pub fn content(version: u64) -> Result<Content, dafu::Error> {
    let mut lines: String = QUESTIONS
        .iter()
        .map(|question| format!("{{\"question\":\"{question}\",\"answer\":\"{version}\"}}\n"))
        .collect();
    lines += &format!("{{\"question\":\"第{}周有活动吗\"}}\n", version / 5);
    Content::from_jsonl(lines.as_bytes())
}

pub fn store_file(folder: &Path) -> std::path::PathBuf {
    folder.join("shop.dafu")
}

pub fn publication_folder(folder: &Path) -> std::path::PathBuf {
    folder.join("shop")
}

pub const QUESTIONS: [&str; 3] = ["退款多久到账", "怎么开发票", "几点上班"];

pub const WHO: &str = "crash_test";

const DRAFT: &str = "crash_test";
