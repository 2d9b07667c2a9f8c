use super::decide::read_entry;
use super::options::AskOptions;
use crate::Suggestion;
use crate::error::Result;
use crate::index::Index;
use crate::model::Limits;

/// Entries whose standard question continues what was typed.
pub(crate) fn suggest(index: &Index, typed: &str, limit: usize, options: &AskOptions) -> Result<Vec<Suggestion>> {
    if typed.len() > 4 * Limits::QUESTION_CHARS {
        return Ok(Vec::new());
    }
    let at = index.open_at(&options.filter())?;
    let entries = index.continuations(typed, limit.min(MOST), |entry| index.is_open(&at, entry))?;
    let suggestion = |number| {
        let entry = read_entry(index, number)?;
        Ok(Suggestion {
            entry: entry.id.as_str().to_owned(),
            question: entry.question.as_str().to_owned(),
        })
    };
    entries.into_iter().map(suggestion).collect()
}

/// How many suggestions there are at most.
const MOST: usize = 50;
