//! Builds the index of a million phrasings in a process of its own, opens it in another, and asks it.
//!
//! ```text
//! cargo run --release -p dafu-benches --bin million -- [--phrasings N] [--texts FILE]
//! ```

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use dafu::{AskOptions, BuildOptions, BuildStage, KnowledgeBase};
use dafu_benches::{Texts, child, content, forget_peak, peak_mb, resident_mb};

fn main() -> ExitCode {
    match Arguments::parse().and_then(|arguments| arguments.map_or(Ok(()), run)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("million: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    match &arguments.stage {
        Some((stage, index)) if stage == "build" => build(&arguments, index),
        Some((_, index)) => ask(&arguments, index),
        None => {
            let scratch = tempfile::tempdir().map_err(|e| format!("making a temporary folder: {e}"))?;
            let index = scratch.path().join("index");
            println!("phrasings            {}", arguments.phrasings);
            for stage in ["build", "ask"] {
                run_child(&arguments, stage, &index)?;
            }
            println!("index on disk        {:.0} MiB", size(&index)? as f64 / MIB);
            Ok(())
        }
    }
}

/// Runs a stage in a process of its own, and hands on what it prints.
fn run_child(arguments: &Arguments, stage: &str, index: &Path) -> Result<(), String> {
    let mut command = child()?;
    command.args(["--phrasings", &arguments.phrasings.to_string(), "--stage", stage]);
    command.arg("--index").arg(index).stdout(Stdio::piped());
    if let Some(texts) = &arguments.texts {
        command.arg("--texts").arg(texts);
    }
    let mut process = command.spawn().map_err(|e| format!("starting the {stage}: {e}"))?;
    for line in process
        .stdout
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
    {
        println!("{}", line.map_err(|e| format!("reading from the {stage}: {e}"))?);
    }
    let status = process.wait().map_err(|e| format!("waiting for the {stage}: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the {stage} failed: {status}"))
    }
}

fn build(arguments: &Arguments, index: &Path) -> Result<(), String> {
    let content = content(&arguments.texts()?.entries(arguments.phrasings));
    println!("entries              {}", content.entries().len());
    print_memory("content in memory", resident_mb());
    let stages = Arc::new(Mutex::new(Stages::default()));
    let mut options = BuildOptions::default();
    let told = stages.clone();
    options.progress = Some(Arc::new(move |stage| {
        told.lock().expect("nobody panicked").begin(stage)
    }));
    let start = Instant::now();
    KnowledgeBase::build_index(&content, index, &options).map_err(|e| e.to_string())?;
    let mut stages = stages.lock().expect("nobody panicked");
    stages.end();
    println!("build                {:.1} s", start.elapsed().as_secs_f64());
    print_memory("build, peak", stages.peak);
    Ok(())
}

/// The stages of a build: how long each takes, and how much memory there is at most meanwhile.
#[derive(Default)]
struct Stages {
    now: Option<(BuildStage, Instant)>,
    peak: Option<f64>,
}

impl Stages {
    fn begin(&mut self, stage: BuildStage) {
        self.end();
        forget_peak();
        self.now = Some((stage, Instant::now()));
    }

    fn end(&mut self) {
        let Some((stage, start)) = self.now.take() else {
            return;
        };
        println!("- {:<18} {:.1} s", format!("{stage:?}"), start.elapsed().as_secs_f64());
        let peak = peak_mb();
        print_memory("  peak", peak);
        self.peak = [self.peak, peak].into_iter().flatten().reduce(f64::max);
    }
}

fn ask(arguments: &Arguments, index: &Path) -> Result<(), String> {
    let questions = arguments.texts()?.questions(arguments.phrasings, QUESTIONS);
    let before = resident_mb();
    let start = Instant::now();
    let kb = KnowledgeBase::open(index).map_err(|e| e.to_string())?;
    println!("open                 {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let options = AskOptions::new();
    let mut micros = Vec::with_capacity(questions.len());
    for question in &questions {
        let start = Instant::now();
        let reply = kb.ask(question, &options);
        micros.push(start.elapsed().as_secs_f64() * 1e6);
        std::hint::black_box(reply.map_err(|e| e.to_string())?);
    }
    println!("first answer         {:.0} µs", micros[0]);
    micros.sort_by(f64::total_cmp);
    println!("answer, p50          {:.0} µs", micros[micros.len() / 2]);
    println!("answer, p99          {:.0} µs", micros[micros.len() * 99 / 100]);
    print_memory("asking, before open", before);
    print_memory("asking, after all", resident_mb());
    Ok(())
}

fn print_memory(what: &str, mib: Option<f64>) {
    if let Some(mib) = mib {
        println!("{what:<20} {mib:.0} MiB");
    }
}

/// The bytes of all files in a folder.
fn size(folder: &Path) -> Result<u64, String> {
    let failed = |e: std::io::Error| format!("reading `{}`: {e}", folder.display());
    let mut bytes = 0;
    for file in std::fs::read_dir(folder).map_err(failed)? {
        let file = file.map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        bytes += if metadata.is_dir() {
            size(&file.path())?
        } else {
            metadata.len()
        };
    }
    Ok(bytes)
}

struct Arguments {
    phrasings: usize,
    texts: Option<PathBuf>,
    /// What this process is for, if it is a child, and the index folder.
    stage: Option<(String, PathBuf)>,
}

impl Arguments {
    /// The arguments; none if help was asked for and given.
    fn parse() -> Result<Option<Self>, String> {
        use lexopt::prelude::*;
        let (mut phrasings, mut texts, mut stage, mut index) = (1_000_000, None, None, None);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(|e| e.to_string())? {
            match argument {
                Long("phrasings") => phrasings = parser.value().and_then(|v| v.parse()).map_err(|e| e.to_string())?,
                Long("texts") => texts = Some(parser.value().map_err(|e| e.to_string())?.into()),
                Long("stage") => stage = Some(parser.value().and_then(|v| v.string()).map_err(|e| e.to_string())?),
                Long("index") => index = Some(parser.value().map_err(|e| e.to_string())?.into()),
                Short('h') | Long("help") => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(format!("{}; see --help", other.unexpected())),
            }
        }
        if phrasings == 0 {
            return Err("--phrasings takes a number from 1".to_owned());
        }
        Ok(Some(Self {
            phrasings,
            texts,
            stage: stage.zip(index),
        }))
    }

    fn texts(&self) -> Result<Texts, String> {
        self.texts.as_deref().map_or(Ok(Texts::Made), Texts::read)
    }
}

const HELP: &str = "\
Builds the index of many phrasings, opens it in a fresh process, and asks it 5,000 questions.

usage: million [--phrasings N] [--texts FILE]

  --phrasings N    phrasings, in entries of ten (1,000,000)
  --texts FILE     texts to use instead of made ones, one a line, or in the second of fields with tabs between them";

const QUESTIONS: usize = 5_000;
const MIB: f64 = (1 << 20) as f64;
