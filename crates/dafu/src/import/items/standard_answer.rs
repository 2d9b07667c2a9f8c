use crate::import::fields::{Fields, Split};
use crate::import::report::Report;
use crate::model::{Id, StandardAnswer};

pub(super) fn read(id: Option<Id>, mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<StandardAnswer> {
    // All fields are read before the first `?`, so that every mistake is reported.
    let title = fields.required("title", report);
    let text = fields.required("text", report);
    let category = fields.optional("category", report);
    let tags = fields.list("tags", Split::Commas, report);
    let owner = fields.optional("owner", report);
    let review_by = fields.optional("review_by", report);
    let metadata = fields.into_metadata(report);

    let mut answer = StandardAnswer::new(id?, title?, text?);
    answer.category = category;
    answer.tags = tags;
    answer.owner = owner;
    answer.review_by = review_by;
    answer.metadata = metadata;
    Some(answer)
}
