//! Writes a workbook of many rows and reads it, each in a process of its own.
//!
//! ```text
//! cargo run --release -p dafu-benches --bin workbook -- [--rows N]
//! ```

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Instant;

use dafu::{ContentBuilder, WorkbookLanguage};
use dafu_benches::{PER_ENTRY, Texts, child, content, peak_mb};

fn main() -> ExitCode {
    match arguments().and_then(|arguments| arguments.map_or(Ok(()), run)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("workbook: {message}");
            ExitCode::FAILURE
        }
    }
}

struct Arguments {
    rows: usize,
    /// What this process is for, if it is a child, and the workbook.
    stage: Option<(String, PathBuf)>,
}

fn run(arguments: Arguments) -> Result<(), String> {
    match &arguments.stage {
        Some((stage, file)) if stage == "write" => write(arguments.rows, file),
        Some((_, file)) => read(file),
        None => {
            let scratch = tempfile::tempdir().map_err(|e| format!("making a temporary folder: {e}"))?;
            let file = scratch.path().join("many.xlsx");
            println!("rows                 {}", arguments.rows);
            run_child(arguments.rows, "write", &file)?;
            run_child(arguments.rows, "read", &file)
        }
    }
}

/// Runs a stage in a process of its own, and hands on what it prints.
fn run_child(rows: usize, stage: &str, file: &Path) -> Result<(), String> {
    let mut command = child()?;
    command
        .args(["--rows", &rows.to_string(), "--stage", stage, "--file"])
        .arg(file)
        .stdout(Stdio::piped());
    let mut process = command.spawn().map_err(|e| format!("starting to {stage}: {e}"))?;
    let output = process.stdout.take().map(BufReader::new);
    for line in output.into_iter().flat_map(BufRead::lines) {
        println!("{}", line.map_err(|e| format!("reading what {stage} says: {e}"))?);
    }
    let status = process.wait().map_err(|e| format!("waiting: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("to {stage} failed: {status}"))
    }
}

fn write(rows: usize, file: &Path) -> Result<(), String> {
    let content = content(&Texts::Made.entries(rows * PER_ENTRY));
    let phrasings: usize = content.entries().iter().map(|entry| entry.phrasings().count()).sum();
    println!("entries, phrasings   {}, {phrasings}", content.entries().len());
    let start = Instant::now();
    let bytes = content
        .to_xlsx(&[], WorkbookLanguage::Chinese)
        .map_err(|e| e.to_string())?;
    println!(
        "write                {:.1} s, {:.1} MiB",
        start.elapsed().as_secs_f64(),
        bytes.len() as f64 / MIB
    );
    print_peak("write");
    std::fs::write(file, bytes).map_err(|e| format!("writing `{}`: {e}", file.display()))
}

fn read(file: &Path) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|e| format!("reading `{}`: {e}", file.display()))?;
    let start = Instant::now();
    let builder = ContentBuilder::new()
        .recognise_exports(true)
        .add_xlsx("many.xlsx", &bytes);
    let imported = builder.finish().map_err(|e| e.to_string())?;
    println!(
        "read                 {:.1} s, {} entries",
        start.elapsed().as_secs_f64(),
        imported.content.entries().len()
    );
    print_peak("read");
    Ok(())
}

fn print_peak(stage: &str) {
    if let Some(peak) = peak_mb() {
        println!("{:<20} {peak:.0} MiB", format!("{stage}, peak"));
    }
}

/// The arguments; none if help was asked for and given.
fn arguments() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::*;
    let (mut rows, mut stage, mut file) = (100_000, None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|e| e.to_string())? {
        match argument {
            Long("rows") => rows = parser.value().and_then(|v| v.parse()).map_err(|e| e.to_string())?,
            Long("stage") => stage = Some(parser.value().and_then(|v| v.string()).map_err(|e| e.to_string())?),
            Long("file") => file = Some(parser.value().map_err(|e| e.to_string())?.into()),
            Short('h') | Long("help") => {
                println!("workbook [--rows N]: writes a workbook of N rows (100,000) and reads it");
                return Ok(None);
            }
            other => return Err(format!("{}; see --help", other.unexpected())),
        }
    }
    Ok(Some(Arguments {
        rows,
        stage: stage.zip(file),
    }))
}

const MIB: f64 = (1 << 20) as f64;
