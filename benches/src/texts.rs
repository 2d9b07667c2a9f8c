use std::path::Path;

use dafu::{AnswerText, Content, Entry, Phrasing, Settings};

use crate::made;

/// Where phrasings and questions come from.
pub enum Texts {
    /// Made from lists of words.
    Made,
    /// Read from a file: phrasings in its order, and questions that are none of the phrasings.
    Read {
        /// What entries are made of.
        phrasings: Vec<String>,
        /// What is asked.
        questions: Vec<String>,
    },
}

/// The phrasings of an entry.
pub const PER_ENTRY: usize = 10;

impl Texts {
    /// Made texts, or those of the file that the variable `DAFU_BENCH_TEXTS` names.
    ///
    /// # Panics
    ///
    /// When there is no such file: a benchmark has no other way to refuse.
    pub fn from_env() -> Self {
        match std::env::var_os("DAFU_BENCH_TEXTS") {
            Some(path) => Self::read(Path::new(&path)).expect("DAFU_BENCH_TEXTS names a file of texts"),
            None => Self::Made,
        }
    }

    /// The texts of a file, one a line, or the second of its fields if there are tabs. Every hundredth is a question.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has too few texts.
    pub fn read(path: &Path) -> Result<Self, String> {
        let file = std::fs::read_to_string(path).map_err(|e| format!("reading `{}`: {e}", path.display()))?;
        let texts = file.lines().map(|line| line.split('\t').nth(1).unwrap_or(line));
        let (mut phrasings, mut questions) = (Vec::new(), Vec::new());
        for (n, text) in texts.filter(|text| Phrasing::try_from(*text).is_ok()).enumerate() {
            let list = if n % 100 == 99 { &mut questions } else { &mut phrasings };
            list.push(text.to_owned());
        }
        if questions.is_empty() {
            return Err(format!("`{}` has fewer than 100 texts", path.display()));
        }
        Ok(Self::Read { phrasings, questions })
    }

    /// So many phrasings, in entries of ten. A file with fewer texts is filled up with pairs of its short texts.
    pub fn entries(&self, phrasings: usize) -> Vec<Vec<String>> {
        let entries = phrasings.div_ceil(PER_ENTRY);
        let size = |entry: usize| PER_ENTRY.min(phrasings - entry * PER_ENTRY);
        match self {
            Self::Made => (0..entries)
                .map(|topic| (0..size(topic)).map(|n| made::phrasing(topic, n)).collect())
                .collect(),
            Self::Read { phrasings: texts, .. } => {
                let short: Vec<&str> = texts
                    .iter()
                    .map(String::as_str)
                    .filter(|text| text.chars().count() <= SHORT)
                    .collect();
                let text = |n: usize| match (texts.get(n), &short[..]) {
                    (Some(text), _) => text.clone(),
                    (None, []) => texts[n % texts.len()].clone(),
                    (None, short) => {
                        let distance = 1 + n / short.len();
                        format!("{}，{}", short[n % short.len()], short[(n + distance) % short.len()])
                    }
                };
                (0..entries)
                    .map(|entry| (0..size(entry)).map(|n| text(entry * PER_ENTRY + n)).collect())
                    .collect()
            }
        }
    }

    /// So many questions to a knowledge base of so many phrasings.
    pub fn questions(&self, phrasings: usize, count: usize) -> Vec<String> {
        match self {
            Self::Made => (0..count)
                .map(|n| made::question(phrasings.div_ceil(PER_ENTRY), n))
                .collect(),
            Self::Read { questions, .. } => questions.iter().cycle().take(count).cloned().collect(),
        }
    }
}

/// A content with an entry for each list of phrasings.
///
/// # Panics
///
/// When a text is no phrasing, which [`Texts`] has none of.
pub fn content(entries: &[Vec<String>]) -> Content {
    let phrasing = |text: &String| Phrasing::try_from(text.as_str()).expect("texts are checked, or made of words");
    let entry = |(n, phrasings): (usize, &Vec<String>)| {
        let id = format!("e{n}").try_into().expect("a letter and digits are an id");
        let mut entry = Entry::new(id, phrasing(&phrasings[0]));
        entry.similar = phrasings[1..].iter().map(phrasing).collect();
        let answer = format!("您好，请在“我的-我的订单”里办理，第{n}条说明发给您。");
        entry.answers = vec![AnswerText::try_from(answer).expect("a sentence is an answer").into()];
        entry
    };
    let entries = entries.iter().enumerate().map(entry).collect();
    Content::new(entries, Vec::new(), Vec::new(), Settings::default()).expect("ids differ and nothing is referred to")
}

/// How many characters a text has at most that is joined with another.
const SHORT: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_filled_up_with_pairs() {
        let path = std::env::temp_dir().join(format!("dafu-benches-texts-{}", std::process::id()));
        let lines: String = (0..200).map(|n| format!("{n}\t第{n}个问题怎么办\tx\n")).collect();
        std::fs::write(&path, lines).unwrap();
        let texts = Texts::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let entries = texts.entries(405);
        assert_eq!(entries.iter().map(Vec::len).sum::<usize>(), 405);
        assert_eq!(entries[0][0], "第0个问题怎么办");
        assert!(entries[40][4].contains('，'));
        assert_eq!(texts.questions(405, 3)[0], "第99个问题怎么办");
        assert_eq!(content(&entries).entries().len(), 41);
    }
}
