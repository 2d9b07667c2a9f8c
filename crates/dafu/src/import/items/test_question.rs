use crate::import::fields::{Fields, Split, items_of};
use crate::import::from_raw::FromRaw as _;
use crate::import::raw::Raw;
use crate::import::report::{Path, Report};
use crate::model::{Id, InvalidValue, TestQuestion};

pub(super) fn read(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<TestQuestion> {
    // All fields are read before the first `?`, so that every mistake is reported.
    let question = fields.required("question", report);
    let expected = expected(&mut fields, report);
    let metadata = fields.into_metadata(report);

    let mut question = TestQuestion::new(question?);
    question.expected = expected?;
    question.metadata = metadata;
    Some(question)
}

/// Reads the ids of which one is right; in a cell, one of [`NONE`] says that there is no answer. An empty cell says nothing, and
/// might as well be an oversight.
fn expected(fields: &mut Fields<'_, '_>, report: &mut Report<'_>) -> Option<Vec<Id>> {
    let item = fields.path();
    let path = Path::Field(&item, "expected");
    let Some(raw) = fields.take("expected") else {
        let invalid = InvalidValue::new(
            "it is not said what is expected",
            "write the id of the entry that answers, or - for no answer",
        );
        report.wrong(&path, None, &invalid);
        return None;
    };
    if let Raw::Cell { text, .. } = &raw
        && NONE.contains(&text.trim().to_lowercase().as_str())
    {
        return Some(Vec::new());
    }
    let mut ids = Vec::new();
    for (index, raw) in items_of(raw, Split::Commas, &path, report).iter().enumerate() {
        match Id::from_raw(raw) {
            Ok(id) => ids.push(id),
            Err(invalid) => report.wrong(&Path::Element(&path, index), raw.column(), &invalid),
        }
    }
    Some(ids)
}

const NONE: &[&str] = &["-", "无", "无答案", "none", "no answer"];
