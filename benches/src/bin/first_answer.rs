//! Measures how long a new process takes to its first answer, and how much memory.
//!
//! ```text
//! first_answer INDEX QUESTION...     opens an index folder and answers
//! first_answer --compare CONTENT     the same in fresh processes, with and without the dictionary slice
//! ```

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Instant;

use dafu::{AskOptions, BuildOptions, Content, KnowledgeBase};
use dafu_benches::{child, median, peak_mb};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match &arguments[..] {
        [option, content] if option == "--compare" => compare(Path::new(content)),
        [index, questions @ ..] if !index.starts_with('-') && !questions.is_empty() => {
            answer(Path::new(index), questions)
        }
        _ => Err("usage: first_answer INDEX QUESTION... | first_answer --compare CONTENT".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("first_answer: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the milliseconds to open and to answer first, the peak memory, and what was answered.
fn answer(index: &Path, questions: &[String]) -> Result<(), String> {
    let start = Instant::now();
    let kb = KnowledgeBase::open(index).map_err(|e| e.to_string())?;
    let opened = start.elapsed().as_secs_f64() * 1e3;
    let first = kb.ask(&questions[0], &AskOptions::new()).map_err(|e| e.to_string())?;
    let answered = start.elapsed().as_secs_f64() * 1e3 - opened;
    println!(
        "{opened:.3}\t{answered:.3}\t{:.1}\tms to open, ms to answer, peak MiB",
        peak_mb().unwrap_or(f64::NAN)
    );
    let rest = questions[1..]
        .iter()
        .map(|question| kb.ask(question, &AskOptions::new()));
    for (question, reply) in questions.iter().zip(std::iter::once(Ok(first)).chain(rest)) {
        let reply = reply.map_err(|e| e.to_string())?;
        let entry = reply.hits.first().map_or("-", |hit| hit.entry.as_str());
        println!("{question}\t{:?}\t{entry}\t{:.3}", reply.decision, reply.confidence());
    }
    Ok(())
}

fn compare(content: &Path) -> Result<(), String> {
    let content = Content::open(content).map_err(|e| e.to_string())?;
    let question = content
        .entries()
        .last()
        .ok_or("the content has no entry")?
        .question
        .as_str();
    let scratch = tempfile::tempdir().map_err(|e| format!("making a temporary folder: {e}"))?;
    println!("dictionary    start to answer    open    first answer    peak memory    (medians of {RUNS} processes)");
    for (name, whole) in [("slice", false), ("whole", true)] {
        let index = scratch.path().join(name);
        let mut options = BuildOptions::default();
        options.whole_dictionary = whole;
        KnowledgeBase::build_index(&content, &index, &options).map_err(|e| e.to_string())?;
        let runs = (0..RUNS)
            .map(|_| run(&index, question))
            .collect::<Result<Vec<_>, _>>()?;
        let median = |figure: usize| median(runs.iter().map(|run| run[figure]).collect());
        println!(
            "{name:<10} {:>15.1} ms {:>4.1} ms {:>12.2} ms {:>10.1} MiB",
            median(0),
            median(1),
            median(2),
            median(3)
        );
    }
    Ok(())
}

/// Milliseconds from before the start of a process until its answer is read; then what it says itself.
fn run(index: &Path, question: &str) -> Result<[f64; 4], String> {
    let mut command = child()?;
    command.arg(index).arg(question).stdout(Stdio::piped());
    let start = Instant::now();
    let mut process = command.spawn().map_err(|e| format!("starting a process: {e}"))?;
    let mut line = String::new();
    let mut output = BufReader::new(process.stdout.take().ok_or("the process has no output")?);
    output
        .read_line(&mut line)
        .map_err(|e| format!("reading from a process: {e}"))?;
    let whole = start.elapsed().as_secs_f64() * 1e3;
    // Read to the end, so that the process can write all it has.
    std::io::copy(&mut output, &mut std::io::sink()).map_err(|e| format!("reading from a process: {e}"))?;
    let status = process.wait().map_err(|e| format!("waiting for a process: {e}"))?;
    let figures: Vec<f64> = line.split('\t').filter_map(|field| field.parse().ok()).collect();
    match figures[..] {
        [opened, answered, peak] if status.success() => Ok([whole, opened, answered, peak]),
        _ => Err(format!("a process failed: {status}")),
    }
}

const RUNS: usize = 20;
