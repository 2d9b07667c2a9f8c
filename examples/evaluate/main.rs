//! Measures how well and how fast a knowledge base answers labelled questions.
//!
//! ```text
//! cargo run --release --example evaluate -- --kb FAQ.jsonl --questions QUERIES.tsv \
//!     [--out-of-scope TEXT.txt] [--floor FIGURE=VALUE] [--json] [--threads N] [--whole-dictionary]
//! ```
//!
//! `--kb` is a content file, of which an index is built first, or an index folder. Figures go to standard output,
//! progress to standard error. With floors it fails when a figure is lower.

mod floor;
mod hide;
mod metrics;
mod questions;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use dafu::{AskOptions, BuildOptions, Content, Decision, KnowledgeBase};
use floor::Floor;
use metrics::Outcome;
use questions::Labelled;
use serde::Serialize;

fn main() -> ExitCode {
    match Arguments::parse().and_then(|arguments| arguments.map_or(Ok(()), run)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("evaluate: {message}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Serialize)]
struct Figures {
    entries: usize,
    phrasings: usize,
    questions: usize,
    top1: f64,
    top3: f64,
    top5: f64,
    mrr10: f64,
    told_right: f64,
    answered_at_precision_90: f64,
    auroc: Option<f64>,
    ece: f64,
    build_seconds: Option<f64>,
    open_ms: f64,
    p50_us: f64,
    p99_us: f64,
    questions_per_second: f64,
    threads: usize,
    peak_rss_mb: Option<f64>,
    /// For files that say what sort a question is: the share that is right, of each sort.
    kinds: BTreeMap<String, f64>,
}

fn run(arguments: Arguments) -> Result<(), String> {
    let mut questions = questions::read(&arguments.questions)?;
    let out_of_scope = arguments
        .out_of_scope
        .as_deref()
        .map(questions::read_out_of_scope)
        .transpose()?;
    if questions.is_empty() {
        return Err(format!("`{}` has no questions", arguments.questions.display()));
    }
    let scratch = Scratch::new()?;
    let mut build_seconds = None;
    if arguments.kb.is_dir() && (arguments.hide > 0.0 || arguments.without_meanings) {
        return Err("--hide and --without-meanings need a content file, since an index is what it is".to_owned());
    }
    let index = if arguments.kb.is_dir() {
        arguments.kb.clone()
    } else {
        eprintln!("reading {} ...", arguments.kb.display());
        let mut content = Content::open(&arguments.kb).map_err(|e| e.to_string())?;
        if arguments.hide > 0.0 {
            content = hide::hide(&content, arguments.hide, &mut questions)?;
        }
        eprintln!("building the index of {} entries ...", content.entries().len());
        let mut options = BuildOptions::default();
        options.whole_dictionary = arguments.whole_dictionary;
        options.without_meanings = arguments.without_meanings;
        // The first build of a process loads the dictionary, and is measured with it.
        let start = Instant::now();
        KnowledgeBase::build_index(&content, &scratch.0, &options).map_err(|e| e.to_string())?;
        build_seconds = Some(start.elapsed().as_secs_f64());
        scratch.0.clone()
    };
    let start = Instant::now();
    let kb = KnowledgeBase::open(&index).map_err(|e| e.to_string())?;
    let open_ms = start.elapsed().as_secs_f64() * 1e3;

    eprintln!("asking {} questions ...", questions.len());
    let outcomes: Vec<Outcome> = questions
        .iter()
        .map(|labelled| outcome(&kb, labelled))
        .collect::<Result<_, _>>()?;
    let others = out_of_scope
        .as_deref()
        .unwrap_or(&[])
        .iter()
        .map(|question| confidence(&kb, question));
    let mut others = others.collect::<Result<Vec<f32>, String>>()?;
    others.extend(outcomes.iter().filter(|o| !o.answerable).map(|o| o.confidence));
    let answerable: Vec<f32> = outcomes.iter().filter(|o| o.answerable).map(|o| o.confidence).collect();

    let mut by_kind: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for outcome in &outcomes {
        if let Some(kind) = &outcome.kind {
            let right = if outcome.answerable {
                outcome.place == Some(0)
            } else {
                outcome.told_right
            };
            by_kind.entry(kind.clone()).or_default().push(right as u8 as f64);
        }
    }
    eprintln!("timing, {} thread(s) ...", arguments.threads);
    let (p50_us, p99_us, questions_per_second) = time(&kb, &questions, arguments.threads)?;
    let statistics = kb.statistics();
    let figures = Figures {
        entries: statistics.entries,
        phrasings: statistics.phrasings,
        questions: questions.len(),
        top1: metrics::top(&outcomes, 1),
        top3: metrics::top(&outcomes, 3),
        top5: metrics::top(&outcomes, 5),
        mrr10: metrics::mrr(&outcomes),
        told_right: metrics::told_right(&outcomes),
        answered_at_precision_90: metrics::answered_at(&outcomes, 0.9),
        auroc: metrics::auroc(&answerable, &others),
        ece: metrics::calibration_error(&outcomes),
        build_seconds,
        open_ms,
        p50_us,
        p99_us,
        questions_per_second,
        threads: arguments.threads,
        peak_rss_mb: peak_rss_mb(),
        kinds: by_kind
            .into_iter()
            .map(|(kind, right)| (kind, metrics::mean(right.into_iter())))
            .collect(),
    };
    if arguments.wrong {
        show_wrong(&kb, &questions)?;
    }
    let json = serde_json::to_value(&figures).map_err(|e| e.to_string())?;
    if arguments.json {
        println!("{json}");
    } else {
        print_table(&json);
    }
    floor::check(&arguments.floors, &json)
}

fn outcome(kb: &KnowledgeBase, labelled: &Labelled) -> Result<Outcome, String> {
    let reply = kb
        .ask(&labelled.question, &AskOptions::new().hits(10))
        .map_err(|e| e.to_string())?;
    let place = reply.hits.iter().position(|hit| labelled.is_right(&hit.entry));
    let answerable = !labelled.right.is_empty();
    let answers = !matches!(reply.decision, Decision::NoAnswer(_));
    Ok(Outcome {
        place,
        answerable,
        confidence: reply.confidence(),
        told_right: if answerable {
            answers && place == Some(0)
        } else {
            !answers
        },
        kind: labelled.kind.clone(),
    })
}

fn confidence(kb: &KnowledgeBase, question: &str) -> Result<f32, String> {
    kb.ask(question, &AskOptions::new())
        .map(|reply| reply.confidence())
        .map_err(|e| e.to_string())
}

/// The median and the 99th percentile of a question on one thread, in µs, and questions a second on all threads.
fn time(kb: &KnowledgeBase, questions: &[Labelled], threads: usize) -> Result<(f64, f64, f64), String> {
    let options = AskOptions::new();
    let rounds = (TIMED / questions.len()).max(1);
    let mut micros = Vec::with_capacity(rounds * questions.len());
    for _ in 0..rounds {
        for labelled in questions {
            let start = Instant::now();
            let reply = kb.ask(&labelled.question, &options);
            micros.push(start.elapsed().as_secs_f64() * 1e6);
            std::hint::black_box(reply.map_err(|e| e.to_string())?);
        }
    }
    micros.sort_by(f64::total_cmp);
    let percentile = |part: usize| micros[micros.len() * part / 100];

    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for labelled in std::iter::repeat_n(questions, rounds).flatten() {
                    let _ = std::hint::black_box(kb.ask(&labelled.question, &options));
                }
            });
        }
    });
    let all = (rounds * questions.len() * threads) as f64;
    Ok((percentile(50), percentile(99), all / start.elapsed().as_secs_f64()))
}

fn show_wrong(kb: &KnowledgeBase, questions: &[Labelled]) -> Result<(), String> {
    for labelled in questions {
        let outcome = outcome(kb, labelled)?;
        if !outcome.told_right {
            let reply = kb
                .ask(&labelled.question, &AskOptions::new())
                .map_err(|e| e.to_string())?;
            let hits: Vec<String> = reply
                .hits
                .iter()
                .take(3)
                .map(|hit| format!("{} {:.2} {}", hit.entry, hit.confidence, hit.phrasing))
                .collect();
            eprintln!(
                "{}\t{}\t{:?}\t{}",
                labelled.question,
                labelled.right.join(","),
                reply.decision,
                hits.join(" | ")
            );
        }
    }
    Ok(())
}

fn print_table(figures: &serde_json::Value) {
    for (name, value) in figures.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Object(kinds) => {
                for (kind, value) in kinds {
                    println!("{:<26} {:.4}", format!("  {kind}"), value.as_f64().unwrap_or(0.0));
                }
            }
            serde_json::Value::Null => println!("{name:<26} -"),
            _ => match value.as_u64() {
                Some(whole) => println!("{name:<26} {whole}"),
                None => println!("{name:<26} {:.4}", value.as_f64().unwrap_or(0.0)),
            },
        }
    }
}

/// The most memory that the process has had, where the system tells (Linux).
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()? / 1024.0)
}

/// A folder for the index that goes away at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        Ok(Self(
            std::env::temp_dir().join(format!("dafu-evaluate-{}", std::process::id())),
        ))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Arguments {
    kb: PathBuf,
    questions: PathBuf,
    out_of_scope: Option<PathBuf>,
    json: bool,
    threads: usize,
    whole_dictionary: bool,
    without_meanings: bool,
    hide: f64,
    wrong: bool,
    floors: Vec<Floor>,
}

impl Arguments {
    /// The arguments; none if help was asked for and given.
    fn parse() -> Result<Option<Self>, String> {
        use lexopt::prelude::*;
        let (mut kb, mut questions, mut out_of_scope) = (None, None, None);
        let (mut json, mut threads, mut whole_dictionary, mut wrong) = (false, 1, false, false);
        let (mut without_meanings, mut hide) = (false, 0.0);
        let mut floors = Vec::new();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(|e| e.to_string())? {
            match argument {
                Long("kb") => kb = Some(value(&mut parser)?.into()),
                Long("questions") => questions = Some(value(&mut parser)?.into()),
                Long("out-of-scope") => out_of_scope = Some(value(&mut parser)?.into()),
                Long("json") => json = true,
                Long("whole-dictionary") => whole_dictionary = true,
                Long("without-meanings") => without_meanings = true,
                Long("hide") => {
                    let part = value(&mut parser)?.to_string_lossy().parse::<f64>().ok();
                    hide = part
                        .filter(|part| (0.0..1.0).contains(part))
                        .ok_or("--hide takes a share from 0 to 1, such as 0.15")?;
                }
                Long("wrong") => wrong = true,
                Long("floor") => floors.push(value(&mut parser)?.to_string_lossy().parse()?),
                Long("threads") => {
                    let number = value(&mut parser)?.to_string_lossy().parse::<usize>().ok();
                    threads = number
                        .filter(|n| (1..=256).contains(n))
                        .ok_or("--threads takes a number from 1 to 256")?;
                }
                Short('h') | Long("help") => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(format!("{}; see --help", other.unexpected())),
            }
        }
        let missing = |name| format!("{name} is missing; see --help");
        Ok(Some(Self {
            kb: kb.ok_or_else(|| missing("--kb"))?,
            questions: questions.ok_or_else(|| missing("--questions"))?,
            out_of_scope,
            json,
            threads,
            whole_dictionary,
            without_meanings,
            hide,
            wrong,
            floors,
        }))
    }
}

fn value(parser: &mut lexopt::Parser) -> Result<std::ffi::OsString, String> {
    parser.value().map_err(|e| format!("{e}; see --help"))
}

const HELP: &str = "\
Measures how well and how fast a knowledge base answers labelled questions.

usage: evaluate --kb FAQ --questions QUERIES.tsv [options]

  --kb FAQ               a content file (.jsonl, .csv) or an index folder
  --questions FILE       `question TAB id[,id]` a line, `-` for none; or with a third field, the kind of question
  --out-of-scope FILE    questions that no entry answers, one a line
  --floor FIGURE=VALUE   fail when this figure is lower, such as `told_right=0.9`; once for each figure
  --threads N            threads that ask at once when questions a second are measured (1)
  --hide SHARE           leave this share of the entries out, such as 0.15: their questions become unanswerable
  --without-meanings     compare words and characters only
  --whole-dictionary     leave the slice of the dictionary out of the index
  --wrong                show on standard error what was told wrong
  --json                 one JSON object on standard output

example: cargo run --release --example evaluate -- --kb examples/data/shop.jsonl --questions examples/data/shop_questions.tsv";

/// How many questions are timed at least.
const TIMED: usize = 10_000;
