//! dafu beside plain tantivy on a knowledge base of one's own: the same questions, one process, one thread.
//!
//! ```text
//! cargo run --release -p dafu-benches --bin side_by_side -- CONTENT QUESTIONS.tsv
//! ```

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use dafu::{AskOptions, Content, KnowledgeBase, Phrasing};
use dafu_benches::{Peer, Terms};
use jieba_rs::Jieba;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match &arguments[..] {
        [content, questions] if !content.starts_with('-') => compare(Path::new(content), Path::new(questions)),
        _ => Err("usage: side_by_side CONTENT QUESTIONS.tsv (`question TAB id[,id]` a line)".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("side_by_side: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What is asked, and the numbers of the entries that answer it.
struct Question {
    text: String,
    right: Vec<u64>,
}

/// What answers a question with the number of an entry.
type Engine<'e> = Box<dyn FnMut(&str) -> Option<u64> + 'e>;

fn compare(content: &Path, questions: &Path) -> Result<(), String> {
    let content = Content::open(content).map_err(|e| e.to_string())?;
    let numbers = numbers(&content);
    let questions = read(questions, &numbers)?;
    let entries: Vec<Vec<String>> = content
        .entries()
        .iter()
        .map(|entry| entry.phrasings().map(Phrasing::to_string).collect())
        .collect();
    println!(
        "{} entries, {} phrasings, {} questions, {ROUNDS} rounds",
        entries.len(),
        entries.iter().map(Vec::len).sum::<usize>(),
        questions.len()
    );

    let kb = KnowledgeBase::new(&content).map_err(|e| e.to_string())?;
    let options = AskOptions::new();
    let mut words = Peer::new(&entries, Terms::Words(Arc::new(Jieba::new())));
    let mut pairs = Peer::new(&entries, Terms::CharactersAndPairs);
    let mut engines: [(&str, Engine<'_>); 3] = [
        (
            "tantivy, words",
            Box::new(|question| words.ask(question).first().copied()),
        ),
        (
            "tantivy, characters and pairs",
            Box::new(|question| pairs.ask(question).first().copied()),
        ),
        (
            "dafu",
            Box::new(|question| {
                let reply = kb.ask(question, &options).ok()?;
                numbers.get(reply.hits.first()?.entry.as_str()).copied()
            }),
        ),
    ];
    let mut runs = [const { Vec::new() }; 3];
    // In turns, so that all have the same share of a machine's better and worse moments.
    for _ in 0..ROUNDS {
        for ((_, engine), runs) in engines.iter_mut().zip(&mut runs) {
            runs.push(run(engine, &questions));
        }
    }
    println!(
        "{:<30} {:>6} {:>9} {:>9} {:>6}",
        "", "top-1", "p50", "p99", "p50 to tantivy's pairs"
    );
    let reference = median_of(&runs[1], |run| run.p50);
    for ((name, _), runs) in engines.iter().zip(&runs) {
        let (p50, p99) = (median_of(runs, |run| run.p50), median_of(runs, |run| run.p99));
        let top1 = 100.0 * runs[0].right as f64 / questions.len() as f64;
        println!(
            "{name:<30} {top1:>5.1}% {p50:>6.0} µs {p99:>6.0} µs {:>6.2}",
            p50 / reference
        );
    }
    Ok(())
}

/// Reads labelled questions; those without a right entry are left out.
fn read(path: &Path, numbers: &HashMap<&str, u64>) -> Result<Vec<Question>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("reading `{}`: {e}", path.display()))?;
    let mut questions = Vec::new();
    for line in text.lines() {
        let Some((text, ids)) = line.split_once('\t') else {
            continue;
        };
        let ids = ids.split('\t').next().unwrap_or_default();
        let right: Vec<u64> = ids.split(',').filter_map(|id| numbers.get(id).copied()).collect();
        if !right.is_empty() {
            questions.push(Question {
                text: text.to_owned(),
                right,
            });
        }
    }
    if questions.is_empty() {
        return Err(format!(
            "`{}` has no line with a question, a tab and the id of an entry",
            path.display()
        ));
    }
    Ok(questions)
}

/// The numbers of the entries by their ids.
fn numbers(content: &Content) -> HashMap<&str, u64> {
    let ids = content.entries().iter().map(|entry| entry.id.as_str());
    ids.zip(0..).collect()
}

/// What one round says of an engine.
struct Run {
    right: usize,
    p50: f64,
    p99: f64,
}

fn run(engine: &mut Engine<'_>, questions: &[Question]) -> Run {
    let mut right = 0;
    let mut micros = Vec::with_capacity(questions.len());
    for question in questions {
        let start = Instant::now();
        let first = engine(&question.text);
        micros.push(start.elapsed().as_secs_f64() * 1e6);
        right += usize::from(first.is_some_and(|first| question.right.contains(&first)));
    }
    micros.sort_by(f64::total_cmp);
    Run {
        right,
        p50: micros[micros.len() / 2],
        p99: micros[micros.len() * 99 / 100],
    }
}

fn median_of(runs: &[Run], figure: impl Fn(&Run) -> f64) -> f64 {
    dafu_benches::median(runs.iter().map(figure).collect())
}

const ROUNDS: usize = 7;
