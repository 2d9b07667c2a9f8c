//! Finds the weights of the ranking and writes `crates/dafu/src/ranking/weights.json`.
//!
//! ```text
//! cargo run --release --example fit_weights -- examples/data/shop.jsonl [MORE.jsonl ...] > weights.json
//! ```
//!
//! From each content file, knowledge bases with one, two, four, eight and all phrasings an entry are built, some
//! phrasings held out of each, and an eighth of the entries too. The held-out phrasings are asked: for those of
//! entries that are there, the right entry should come first; for those of entries that are not, the confidence should
//! be low. The weights of the score maximise the likelihood of the right entry among all candidates (softmax), those
//! of the confidence that of being right (logistic regression).

mod held_out;
mod regression;

use std::process::ExitCode;

use dafu::Content;

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
    let mut questions = Vec::new();
    for file in &files {
        let content = Content::open(file).map_err(|e| e.to_string())?;
        for kept in [1, 2, 4, 8, usize::MAX] {
            let asked = held_out::ask(&content, kept)?;
            eprintln!("{file}, {kept} phrasings an entry: {} questions", asked.len());
            questions.extend(asked);
        }
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
            .map(|(name, w)| format!("    \"{name}\": {w:.3}"))
            .collect();
        rows.join(",\n")
    };
    format!(
        "{{\n  \"score\": {{\n{}\n  }},\n  \"confidence\": {{\n    \"bias\": {:.3},\n    \"margin\": {:.3},\n{}\n  }}\n}}\n",
        rows(score),
        sure.bias,
        sure.margin,
        rows(&sure.weights)
    )
}
