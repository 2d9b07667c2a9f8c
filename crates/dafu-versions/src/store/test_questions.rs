use dafu::{ErrorKind, Id, Limits};
use serde::{Deserialize, Serialize};

use super::Store;
use super::audit::record;
use super::drafts::check_text;
use crate::error::{Error, Result};

/// A question with what is expected of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestQuestion {
    /// The question, as a customer asks it.
    pub question: String,
    /// What is expected.
    pub expected: Expectation,
}

/// What is expected of the reply to a test question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Expectation {
    /// This entry answers, or is the first choice.
    Entry(String),
    /// Nothing answers, and nothing is offered.
    NoAnswer,
}

impl Store {
    /// Puts test questions; one that is there gets its new expectation.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a question that is empty or too long, or an id that no entry can have. Then none
    /// is put.
    pub fn put_test_questions(&self, questions: &[TestQuestion], who: &str) -> Result<()> {
        let who = check_text("name of the editor", who)?;
        for test in questions {
            check(test)?;
        }
        self.write(|rows| {
            for TestQuestion { question, expected } in questions {
                let entry = match expected {
                    Expectation::Entry(id) => Some(id),
                    Expectation::NoAnswer => None,
                };
                let sql = "INSERT OR REPLACE INTO test_questions (question, entry) VALUES (?, ?)";
                rows.execute(sql, (question.trim(), entry))?;
            }
            let details = serde_json::json!({"questions": questions.iter().take(100).collect::<Vec<_>>(), "count": questions.len()});
            record(rows, who, "put test questions", &details)
        })
    }

    /// Removes a test question.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such question.
    pub fn remove_test_question(&self, question: &str, who: &str) -> Result<()> {
        let who = check_text("name of the editor", who)?;
        self.write(|rows| {
            if rows.execute("DELETE FROM test_questions WHERE question = ?", [question.trim()])? == 0 {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    "there is no such test question; see the test questions",
                ));
            }
            record(
                rows,
                who,
                "remove test question",
                &serde_json::json!({"question": question.trim()}),
            )
        })
    }

    /// Returns the test questions, by question.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when the file cannot be read.
    pub fn test_questions(&self) -> Result<Vec<TestQuestion>> {
        self.read(|rows| {
            rows.all(
                "SELECT question, entry FROM test_questions ORDER BY question",
                [],
                |row| {
                    let entry: Option<String> = row.get(1)?;
                    Ok(TestQuestion {
                        question: row.get(0)?,
                        expected: entry.map_or(Expectation::NoAnswer, Expectation::Entry),
                    })
                },
            )
        })
    }
}

fn check(test: &TestQuestion) -> Result<()> {
    let length = test.question.trim().chars().count();
    if length == 0 || length > Limits::QUESTION_CHARS {
        let message = format!(
            "a test question has {length} characters; it needs 1 to {}",
            Limits::QUESTION_CHARS
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    if let Expectation::Entry(id) = &test.expected {
        Id::try_from(id.as_str())?;
    }
    Ok(())
}
