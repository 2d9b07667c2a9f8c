//! Measures how well and how fast a knowledge base answers labelled questions.
//!
//! ```text
//! cargo run --release --example evaluate -- --kb FAQ.jsonl --questions QUERIES.tsv \
//!     [--out-of-scope TEXT.txt] [--report PAGE.html] [--baseline OLD.json] [--floor FIGURE=VALUE] [--json]
//! ```
//!
//! `--kb` is a content file, of which an index is built first, or an index folder. Figures go to standard output,
//! progress to standard error. With floors it fails when a figure is lower.

mod arguments;
mod asked;
mod baseline;
mod figures;
mod floor;
mod hide;
mod metrics;
mod order;
mod questions;
mod report;
mod timing;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use arguments::Arguments;
use asked::Asked;
use baseline::Baseline;
use dafu::{BuildOptions, Content, KnowledgeBase};
use dafu_examples::Language;
use figures::Figures;
use questions::Labelled;
use report::Report;

fn main() -> ExitCode {
    match Arguments::parse().and_then(|arguments| arguments.map_or(Ok(()), run)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("evaluate: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let mut questions = questions::read(&arguments.questions)?;
    let out_of_scope = match &arguments.out_of_scope {
        Some(path) => questions::read_out_of_scope(path)?,
        None => Vec::new(),
    };
    if questions.is_empty() {
        return Err(format!("`{}` has no questions", arguments.questions.display()));
    }
    // Read first: nobody wants to wait for minutes to hear that a name is wrong.
    let baseline = arguments.baseline.as_deref().map(Baseline::open).transpose()?;
    let scratch = Scratch::new();
    let (index, build_seconds) = index(&arguments, &scratch, &mut questions)?;
    let digest = questions::digest(&questions);
    if let Some(baseline) = &baseline {
        baseline.check_questions(&digest, questions.len())?;
    }
    let start = Instant::now();
    let kb = KnowledgeBase::open(&index).map_err(|e| e.to_string())?;
    let open_ms = start.elapsed().as_secs_f64() * 1e3;

    eprintln!("asking {} questions ...", questions.len());
    if let Some(order) = arguments.order_by {
        let figures = order::measure(&kb, &questions, &arguments.options, order)?;
        figures::print(&figures, arguments.json);
        return floor::check(&arguments.floors, &figures);
    }
    let asked = asked::ask_all(&kb, &questions, &arguments.options)?;
    let strange: Vec<f32> = out_of_scope
        .iter()
        .map(|question| asked::confidence(&kb, question, &arguments.options))
        .collect::<Result<_, _>>()?;
    if arguments.wrong {
        show_wrong(&asked);
    }
    eprintln!("timing, {} thread(s) ...", arguments.threads);
    let timing = timing::measure(&kb, &questions, &arguments.options, arguments.threads)?;
    let figures = Figures::of(&kb, &asked, &strange, &timing, (build_seconds, open_ms), digest);
    let json = serde_json::to_value(&figures).map_err(|e| e.to_string())?;
    figures::print(&json, arguments.json);
    let comparison = baseline.map(|baseline| baseline.compare(&json, &asked));
    if let Some(comparison) = &comparison {
        // Standard output has one JSON object there, and nothing else.
        match arguments.json {
            true => eprint!("\n{comparison}"),
            false => print!("\n{comparison}"),
        }
    }
    if let Some(path) = &arguments.report {
        let report = Report {
            kb: &kb,
            asked: &asked,
            figures: &figures,
            timing: &timing,
            comparison: comparison.as_ref(),
            names: [&arguments.kb, &arguments.questions].map(|path| name_of(path)),
            language: Language::of_environment(),
        };
        std::fs::write(path, report.page()?).map_err(|e| format!("writing `{}`: {e}", path.display()))?;
        eprintln!("wrote {}", path.display());
    }
    floor::check(&arguments.floors, &json)
}

/// The folder of the index, and how long it took to build where it was built.
fn index(
    arguments: &Arguments,
    scratch: &Scratch,
    questions: &mut [Labelled],
) -> Result<(PathBuf, Option<f64>), String> {
    if arguments.kb.is_dir() {
        if arguments.hide > 0.0 || arguments.without_meanings || arguments.whole_dictionary {
            return Err(
                "an index is what it is: --hide, --without-meanings and --whole-dictionary need a content file"
                    .to_owned(),
            );
        }
        return Ok((arguments.kb.clone(), None));
    }
    eprintln!("reading {} ...", arguments.kb.display());
    let mut content = Content::open(&arguments.kb).map_err(|e| e.to_string())?;
    if arguments.hide > 0.0 {
        content = hide::hide(&content, arguments.hide, questions)?;
    }
    eprintln!("building the index of {} entries ...", content.entries().len());
    let mut options = BuildOptions::default();
    options.progress = Some(Arc::new(|stage| {
        eprintln!("  {} ...", format!("{stage:?}").to_lowercase())
    }));
    options.whole_dictionary = arguments.whole_dictionary;
    options.without_meanings = arguments.without_meanings;
    // The first build of a process loads the dictionary, and is measured with it.
    let start = Instant::now();
    KnowledgeBase::build_index(&content, &scratch.0, &options).map_err(|e| e.to_string())?;
    Ok((scratch.0.clone(), Some(start.elapsed().as_secs_f64())))
}

fn show_wrong(asked: &[Asked<'_>]) {
    for asked in asked.iter().filter(|asked| !asked.outcome.told_right) {
        let hits: Vec<String> = asked
            .hits
            .iter()
            .take(3)
            .map(|hit| format!("{} {:.2} {}", hit.entry, hit.confidence, hit.phrasing))
            .collect();
        eprintln!(
            "{}\t{}\t{:?}\t{}",
            asked.labelled.question,
            asked.labelled.right.join(","),
            asked.decision,
            hits.join(" | ")
        );
    }
}

/// The last two parts of a path: so many files are called `faq.jsonl`.
fn name_of(path: &std::path::Path) -> String {
    let mut parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    parts.reverse();
    parts.join("/")
}

/// A folder for the index that goes away at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("dafu-evaluate-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
