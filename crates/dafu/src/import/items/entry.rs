use crate::hash::fnv1a;
use crate::import::fields::{Fields, Split, items_of};
use crate::import::from_raw::FromRaw as _;
use crate::import::raw::Raw;
use crate::import::report::{Path, Report};
use crate::model::{Answer, AnswerBody, AnswerText, Conditions, Entry, Id, InvalidValue, Phrasing, Priority, Validity};

/// Reads an entry; without an id it gets a made one.
pub(super) fn read(id: Option<Id>, mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<Entry> {
    // All fields are read before the first `?`, so that every mistake of the entry is reported.
    let question: Option<Phrasing> = fields.required("question", report);
    let similar = fields.list("similar", Split::Lines, report);
    let excluded = fields.list("excluded", Split::Lines, report);
    let answers = answers(&mut fields, report);
    let category = fields.optional("category", report);
    let tags = fields.list("tags", Split::Commas, report);
    let channels = fields.list("channels", Split::Commas, report);
    let audiences = fields.list("audiences", Split::Commas, report);
    let priority = fields.optional("priority", report).unwrap_or(Priority::NORMAL);
    let valid = valid(&mut fields, report);
    let enabled = fields.optional("enabled", report).unwrap_or(true);
    let related = fields.list("related", Split::Commas, report);
    let follow_ups = fields.list("follow_ups", Split::Lines, report);
    let review_by = fields.optional("review_by", report);
    let owner = fields.optional("owner", report);
    let threshold = fields.optional("threshold", report);
    let metadata = fields.into_metadata(report);

    let question = question?;
    let id = match id {
        Some(id) => id,
        None => made_id(&question, 1).ok()?,
    };
    let mut entry = Entry::new(id, question);
    entry.similar = similar;
    entry.excluded = excluded;
    entry.answers = answers;
    entry.category = category;
    entry.tags = tags;
    entry.channels = channels;
    entry.audiences = audiences;
    entry.priority = priority;
    entry.valid = valid;
    entry.enabled = enabled;
    entry.related = related;
    entry.follow_ups = follow_ups;
    entry.review_by = review_by;
    entry.owner = owner;
    entry.threshold = threshold;
    entry.metadata = metadata;
    Some(entry)
}

/// Returns the id that an entry without one gets: the same for the same question on every host, and from the second
/// entry with that question on with a number.
pub(in crate::import) fn made_id(question: &Phrasing, number: usize) -> Result<Id, InvalidValue> {
    // The first twelve of sixteen hexadecimal digits.
    let digits = fnv1a(question.as_str().as_bytes()) >> 16;
    Id::try_from(if number == 1 {
        format!("e-{digits:012x}")
    } else {
        format!("e-{digits:012x}-{number}")
    })
}

/// Reads `answers`, and `answer`, which is short for one of them.
fn answers(fields: &mut Fields<'_, '_>, report: &mut Report<'_>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = fields
        .optional::<AnswerText>("answer", report)
        .map(Answer::from)
        .into_iter()
        .collect();
    let Some(raw) = fields.take("answers") else {
        return answers;
    };
    let item = fields.path();
    let path = Path::Field(&item, "answers");
    for (index, raw) in items_of(raw, Split::Never, &path, report).into_iter().enumerate() {
        answers.extend(answer(raw, Path::Element(&path, index), report));
    }
    answers
}

fn answer(raw: Raw<'_>, path: Path<'_>, report: &mut Report<'_>) -> Option<Answer> {
    let column = raw.column();
    let Raw::Object(fields) = raw else {
        let text = AnswerText::from_raw(&raw);
        return text
            .map(Answer::from)
            .map_err(|invalid| report.wrong(&path, column, &invalid))
            .ok();
    };
    let mut fields = Fields::new(path, fields);
    let errors_before = report.errors.total();
    let text = fields.optional("text", report);
    let standard = fields.optional("standard_answer", report);
    let when = conditions(&mut fields, report);
    fields.finish(report);
    if report.errors.total() > errors_before {
        return None;
    }
    let body = AnswerBody::from_either(text, standard)
        .map_err(|invalid| report.wrong(&path, column, &invalid))
        .ok()?;
    Some(Answer { body, when })
}

pub(in crate::import) fn conditions(fields: &mut Fields<'_, '_>, report: &mut Report<'_>) -> Conditions {
    Conditions {
        channels: fields.list("channels", Split::Commas, report),
        audiences: fields.list("audiences", Split::Commas, report),
        locales: fields.list("locales", Split::Commas, report),
    }
}

fn valid(fields: &mut Fields<'_, '_>, report: &mut Report<'_>) -> Validity {
    let item = fields.path();
    let path = Path::Field(&item, "valid");
    let Some(raw) = fields.take("valid") else {
        return Validity::ALWAYS;
    };
    let column = raw.column();
    let Some(mut ends) = Fields::of(path, raw, report) else {
        return Validity::ALWAYS;
    };
    let from = ends.optional("from", report);
    let until = ends.optional("until", report);
    ends.finish(report);
    Validity::new(from, until).unwrap_or_else(|invalid| {
        report.wrong(&path, column, &invalid);
        Validity::ALWAYS
    })
}
