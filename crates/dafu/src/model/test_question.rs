use serde::{Deserialize, Serialize};

use crate::model::{Id, Metadata, Phrasing};

/// A customer's question and the entry that must answer it, to try a knowledge base with.
///
/// ```
/// use dafu::TestQuestion;
///
/// let mut question = TestQuestion::new("退的钱呢".try_into()?);
/// assert!(question.expects_no_answer());
/// question.expected.push("refund-time".try_into()?);
/// let json = serde_json::to_string(&question).unwrap();
/// assert_eq!(json, r#"{"question":"退的钱呢","expected":["refund-time"]}"#);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TestQuestion {
    /// What the customer wrote.
    pub question: Phrasing,
    /// The entries of which any may answer; empty: there must be no answer.
    pub expected: Vec<Id>,
    /// The editor's own facts.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl TestQuestion {
    /// Returns a question that must not be answered.
    pub fn new(question: Phrasing) -> Self {
        Self {
            question,
            expected: Vec::new(),
            metadata: Metadata::new(),
        }
    }

    /// Says whether the right thing to say is that there is no answer.
    pub fn expects_no_answer(&self) -> bool {
        self.expected.is_empty()
    }
}
