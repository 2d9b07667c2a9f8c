//! Labelled questions: tab-separated lines.

use std::path::Path;

use dafu_examples::stable_hash;

/// A question and the ids of the entries that answer it.
pub struct Labelled {
    pub question: String,
    /// Empty when no entry answers it.
    pub right: Vec<String>,
    /// What sort of question it is, if the file says.
    pub kind: Option<String>,
    /// The question without the error that was made, if the file says.
    pub original: Option<String>,
}

impl Labelled {
    pub fn is_right(&self, entry: &str) -> bool {
        self.right.iter().any(|right| right == entry)
    }
}

/// Reads a file of labelled questions: `question, ids` or `question, ids, kind`, or, for questions with made errors,
/// `kind, question, ids, original`. Ids are joined by commas; `-` stands for none.
pub fn read(path: &Path) -> Result<Vec<Labelled>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("reading `{}`: {e}", path.display()))?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| parse(line).ok_or_else(|| wrong(path, number)))
        .collect()
}

/// A text that is another when the questions, their order or their right entries are.
pub fn digest(questions: &[Labelled]) -> String {
    let lines = questions
        .iter()
        .map(|labelled| format!("{}\t{}\n", labelled.question, labelled.right.join(",")));
    format!("{:014x}", stable_hash(&lines.collect::<String>()))
}

/// Reads a file of questions that no entry answers, one a line.
pub fn read_out_of_scope(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("reading `{}`: {e}", path.display()))?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

fn parse(line: &str) -> Option<Labelled> {
    let fields: Vec<&str> = line.split('\t').collect();
    let (question, ids, kind, original) = match fields[..] {
        [question, ids] => (question, ids, None, None),
        [question, ids, kind] => (question, ids, Some(kind), None),
        [kind, question, ids, original] => (question, ids, Some(kind), Some(original)),
        _ => return None,
    };
    let right = ids
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty() && *id != "-")
        .map(str::to_owned)
        .collect();
    Some(Labelled {
        question: question.to_owned(),
        right,
        kind: kind.map(str::to_owned),
        original: original.map(str::to_owned),
    })
}

fn wrong(path: &Path, number: usize) -> String {
    format!(
        "`{}`, line {number}: write the question, a tab and the id of the right entry (or `-`)",
        path.display()
    )
}
