//! What an editor should look at before customers do.

mod chinese;
mod dates;
mod opposites;
mod phrasings;
mod references;
mod same_answers;
mod sameness;
mod settings;
mod tests_of_questions;

use std::collections::HashSet;

use dafu::{AskOptions, Content, Entry, KnowledgeBase, Severity, Timestamp};
use serde::Serialize;

pub use tests_of_questions::{TestResult, run_tests};

use crate::error::Result;
use crate::item::{Item, ItemKey};
use crate::progress::Progress;
use crate::store::TestQuestion;

/// One thing that an editor should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing: the code never changes its meaning.
    pub code: FindingCode,
    /// Whether it stops a publish.
    #[serde(serialize_with = "write_severity")]
    pub severity: Severity,
    /// The item; `None` for a test question.
    pub item: Option<ItemKey>,
    /// The field of the item, where it is one.
    pub field: Option<&'static str>,
    /// The text that it is about: a phrasing, a word, a question.
    pub text: Option<String>,
    /// The other item, where there is one.
    pub other: Option<ItemKey>,
    /// What is wrong: a sentence in English, without the item.
    pub message: String,
}

/// What kind of thing a [`Finding`] is. Only errors stop a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingCode {
    /// `dangling-reference`, an error: a related entry or a standard answer is not there.
    DanglingReference,
    /// `slot-in-answer`, an error: an answer has a slot such as `{{order_no}}`, which only templates fill; customers would
    /// see the braces.
    SlotInAnswer,
    /// `invalid-content`, an error: the items do not make a content for another reason, such as a limit.
    InvalidContent,
    /// `phrasing-finds-other`, a warning: asked, a phrasing gets another entry first.
    PhrasingFindsOther,
    /// `phrasing-finds-nothing`, a warning: asked, a phrasing gets no answer and no choices.
    PhrasingFindsNothing,
    /// `near-duplicate`, a warning: two entries have nearly the same phrasing, and answers about the same matter; or one
    /// phrasing only adds words to the other, whatever the answers say.
    NearDuplicate,
    /// `same-answer`, a warning: two entries have nearly the same answer, and are not told of as near-duplicates.
    SameAnswer,
    /// `shadowed`, a warning: every phrasing of an entry gets another entry first.
    Shadowed,
    /// `expired`, a warning: an enabled entry is out of its validity.
    Expired,
    /// `not-yet-valid`, a warning: an enabled entry's validity is still to come.
    NotYetValid,
    /// `expiring`, a warning: the validity of an enabled entry ends within the days that were asked for.
    Expiring,
    /// `review-overdue`, a warning: the day by which somebody should have read it again is over.
    ReviewOverdue,
    /// `word-without-effect`, a warning: a dictionary word occurs in no phrasing and no answer.
    WordWithoutEffect,
    /// `synonyms-without-effect`, a warning: no word that the group leads to occurs in any phrasing.
    SynonymsWithoutEffect,
    /// `test-fails`, a warning: a test question does not get what is expected.
    TestFails,
}

/// How a check is made. What is not set has its default.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct CheckOptions {
    /// The clock: the time of the machine by default.
    pub at: Option<Timestamp>,
    /// How many days ahead an end of validity is told: 30 by default.
    pub expiring_days: Option<u32>,
}

impl FindingCode {
    /// Returns its name, such as `near-duplicate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DanglingReference => "dangling-reference",
            Self::SlotInAnswer => "slot-in-answer",
            Self::InvalidContent => "invalid-content",
            Self::PhrasingFindsOther => "phrasing-finds-other",
            Self::PhrasingFindsNothing => "phrasing-finds-nothing",
            Self::NearDuplicate => "near-duplicate",
            Self::SameAnswer => "same-answer",
            Self::Shadowed => "shadowed",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Expiring => "expiring",
            Self::ReviewOverdue => "review-overdue",
            Self::WordWithoutEffect => "word-without-effect",
            Self::SynonymsWithoutEffect => "synonyms-without-effect",
            Self::TestFails => "test-fails",
        }
    }

    /// Returns whether it stops a publish.
    pub fn severity(self) -> Severity {
        match self {
            Self::DanglingReference | Self::SlotInAnswer | Self::InvalidContent => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

impl std::fmt::Display for FindingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Finding {
    pub(crate) fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            item: None,
            field: None,
            text: None,
            other: None,
            message: message.into(),
        }
    }

    pub(crate) fn of(mut self, item: &ItemKey) -> Self {
        self.item = Some(item.clone());
        self
    }

    pub(crate) fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.text = Some(text.to_owned());
        self
    }

    pub(crate) fn other(mut self, other: ItemKey) -> Self {
        self.other = Some(other);
        self
    }

    /// The two items that it is about, the same from both sides; none if it is about one.
    fn pair(&self) -> Option<[ItemKey; 2]> {
        let (one, other) = (self.item.as_ref()?, self.other.as_ref()?);
        Some([one.min(other).clone(), one.max(other).clone()])
    }
}

/// Checks items: those of a draft, or of a version. The findings come errors first, then by code and in the order of the
/// items.
///
/// Every phrasing is asked, on all cores: 20,000 phrasings take some seconds. Entries that are disabled, or out
/// of their validity, are not asked for.
///
/// # Errors
///
/// Only when memory or threads cannot be had; what is wrong with the items is a finding.
///
/// # Examples
///
/// ```
/// use dafu_versions::{CheckOptions, FindingCode, Store, check};
///
/// let folder = tempfile::tempdir()?;
/// let store = Store::create(folder.path().join("shop.dafu"))?;
/// let draft = store.new_draft("退款", "王芳")?;
/// let mut entry = dafu::Entry::new("refund".try_into()?, "退款多久到账？".try_into()?);
/// entry.related.push("retrun".try_into()?);
/// draft.put(entry)?;
/// let findings = check(&draft.items()?, &store.test_questions()?, &CheckOptions::default(), &|_, _| {})?;
/// assert_eq!(findings[0].code, FindingCode::DanglingReference);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(
    items: &[(ItemKey, Item)],
    test_questions: &[TestQuestion],
    options: &CheckOptions,
    progress: Progress<'_>,
) -> Result<Vec<Finding>> {
    let mut findings = structural(items);
    let now = options.at.map_or_else(crate::publication::now, Timestamp::unix_seconds);
    findings.extend(dates::check(items, now, options.expiring_days.unwrap_or(30)));
    findings.extend(settings::check(items));
    let Some(content) = without_dangling(items, &mut findings) else {
        return Ok(sorted(findings));
    };
    let kb = KnowledgeBase::new(&content)?;
    let ask = match Timestamp::from_unix_seconds(now) {
        Ok(at) => AskOptions::new().at(at),
        Err(_) => AskOptions::new(),
    };
    let asked: Vec<&Entry> = content
        .entries()
        .iter()
        .filter(|entry| entry.enabled && entry.valid.contains(now))
        .collect();
    findings.extend(phrasings::check(&kb, &asked, &ask, progress)?);
    let near: HashSet<[ItemKey; 2]> = findings
        .iter()
        .filter(|finding| finding.code == FindingCode::NearDuplicate)
        .filter_map(Finding::pair)
        .collect();
    let same_answers = same_answers::check(&asked).into_iter();
    findings.extend(same_answers.filter(|finding| finding.pair().is_none_or(|pair| !near.contains(&pair))));
    for failed in run_tests(&kb, test_questions, &ask)?
        .into_iter()
        .filter(|test| !test.passes)
    {
        let message = format!("the test question gets {}", failed.got());
        findings.push(Finding::new(FindingCode::TestFails, message).text(&failed.test.question));
    }
    Ok(sorted(findings))
}

/// Returns the findings that stop a publish, and for which nothing has to be asked.
pub(crate) fn structural(items: &[(ItemKey, Item)]) -> Vec<Finding> {
    references::check(items)
}

/// Returns the content of the items without the references that dangle, so that all else can be checked.
fn without_dangling(items: &[(ItemKey, Item)], findings: &mut Vec<Finding>) -> Option<Content> {
    match crate::item::content_of(references::without_dangling(items)) {
        Ok(content) => Some(content),
        Err(error) => {
            findings.push(Finding::new(FindingCode::InvalidContent, error.to_string()));
            None
        }
    }
}

fn write_severity<S: serde::Serializer>(severity: &Severity, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(match severity {
        Severity::Error => "error",
        _ => "warning",
    })
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    // Stable, so that the order of the items stays.
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.code));
    findings
}
