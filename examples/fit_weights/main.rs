//! Finds the weights of the ranking and writes `crates/dafu/src/ranking/weights.json`.
//!
//! ```text
//! cargo run --release --example fit_weights -- examples/data/shop.jsonl=examples/data/shop_tuning_questions.tsv \
//!     [MORE.jsonl ...] > weights.json
//! ```
//!
//! From each content file, knowledge bases with one, two, four, eight and all phrasings an entry are built, and one in
//! which entries keep different numbers of them, some phrasings held out of each, and an eighth of the entries too. The held-out
//! phrasings are asked: for those of entries that are there, the right entry should come first; for those of entries
//! that are not, and for phrasings of the other files, the confidence should be low. Labelled questions may be named
//! behind the file, and count for the confidence in place of its held-out phrasings. The weights of the score maximise
//! the likelihood of the right entry among all candidates (softmax), those of the confidence that of being right
//! (logistic regression).

mod held_out;
mod regression;

use std::process::ExitCode;

use dafu::Content;
use held_out::Kept;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("fit_weights: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        return Err("name at least one content file, such as examples/data/shop.jsonl".to_owned());
    }
    let mut contents = Vec::new();
    for argument in &files {
        let (file, labelled) = argument
            .split_once('=')
            .map_or((&**argument, None), |(file, tsv)| (file, Some(tsv)));
        let labelled = labelled.map(|tsv| std::fs::read_to_string(tsv).map_err(|e| format!("reading `{tsv}`: {e}")));
        contents.push((
            file,
            Content::open(file).map_err(|e| e.to_string())?,
            labelled.transpose()?,
        ));
    }
    let mut questions = Vec::new();
    for (i, (file, content, labelled)) in contents.iter().enumerate() {
        let others = contents.iter().enumerate().filter(|(j, _)| *j != i);
        let foreign: Vec<String> = others
            .flat_map(|(_, (_, content, _))| content.entries())
            .flat_map(|entry| entry.phrasings().map(|phrasing| phrasing.to_string()))
            .collect();
        let phrasings: usize = content.entries().iter().map(|entry| 1 + entry.similar.len()).sum();
        let usual = phrasings / content.entries().len().max(1);
        let even = [1, 2, 4, 8].into_iter().filter(|kept| *kept <= usual).map(Kept::Most);
        for kept in even.chain([Kept::All, Kept::Mixed]) {
            let counts = if labelled.is_some() { 0.0 } else { 1.0 };
            let asked = held_out::ask_held_out(content, kept, &foreign, counts)?;
            eprintln!("{file}, {kept:?} of an entry's phrasings: {} questions", asked.len());
            questions.extend(asked);
        }
        if let Some(labelled) = labelled {
            questions.extend(held_out::ask_labelled(content, labelled, LABELLED)?);
        }
    }
    if !questions.iter().any(|q| q.right.is_some() && q.counts > 0.0) {
        return Err("no question is left to fit to: name files whose entries have several phrasings".to_owned());
    }
    let score = regression::fit_score(&questions);
    let sure = regression::fit_confidence(&questions, &score);
    let right = questions
        .iter()
        .filter(|q| q.right.is_some() && q.best(&score) == q.right)
        .count();
    let answerable = questions.iter().filter(|q| q.right.is_some()).count();
    eprintln!(
        "right entry first: {:.4} of {answerable}",
        right as f64 / answerable as f64
    );
    print!("{}", to_json(&questions[0].names, &score, &sure));
    Ok(())
}

/// The file, with a weight a line.
fn to_json(names: &[&str], score: &[f64], sure: &regression::Confidence) -> String {
    let rows = |weights: &[f64]| {
        let rows: Vec<String> = names
            .iter()
            .zip(weights)
            // A sum with 0 is never -0.
            .map(|(name, w)| format!("    \"{name}\": {:.3}", (w * 1e3).round() / 1e3 + 0.0))
            .collect();
        rows.join(",\n")
    };
    let thresholds: Vec<String> = sure.thresholds.iter().map(|sure| format!("{sure:.3}")).collect();
    format!(
        "{{\n  \"score\": {{\n{}\n  }},\n  \"confidence\": {{\n    \"bias\": {:.3},\n    \"margin\": {:.3},\n{}\n  }},\n  \"thresholds\": [{}]\n}}\n",
        rows(score),
        sure.bias,
        sure.margin,
        rows(&sure.weights),
        thresholds.join(", ")
    )
}

/// How much a labelled question counts, against one that was held out.
const LABELLED: f64 = 20.0;
