use crate::import::fields::{Fields, Split, items_of};
use crate::import::raw::Raw;
use crate::import::report::{Path, Report};
use crate::import::slot_line;
use crate::model::{AnswerText, Channel, ReplyTemplate, Slot, Tag};

pub(super) fn read(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<ReplyTemplate> {
    let errors_before = report.errors.total();
    // All fields are read before the first `?`, so that every mistake is reported.
    let id = fields.required("id", report);
    let scenario = fields.required("scenario", report);
    let mood: Option<Tag> = fields.optional("mood", report);
    let texts: Vec<AnswerText> = fields.list("texts", Split::Never, report);
    let slots = slots(&mut fields, report);
    let category = fields.optional("category", report);
    let tags: Vec<Tag> = fields.list("tags", Split::Commas, report);
    let channels: Vec<Channel> = fields.list("channels", Split::Commas, report);
    let item = fields.path();
    let metadata = fields.into_metadata(report);
    if report.errors.total() > errors_before {
        // What is missing above would only show up once more as a wording that does not fit.
        return None;
    }

    let template = ReplyTemplate::new(id?, scenario?, texts, slots);
    let wrong = |invalid| report.wrong(&Path::Field(&item, "texts"), None, &invalid);
    let template = template
        .map_err(wrong)
        .ok()?
        .with_tags(tags)
        .with_channels(channels)
        .with_metadata(metadata);
    let template = mood.into_iter().fold(template, ReplyTemplate::with_mood);
    Some(category.into_iter().fold(template, ReplyTemplate::with_category))
}

fn slots(fields: &mut Fields<'_, '_>, report: &mut Report<'_>) -> Vec<Slot> {
    let Some(raw) = fields.take("slots") else {
        return Vec::new();
    };
    let item = fields.path();
    let path = Path::Field(&item, "slots");
    let slots = items_of(raw, Split::Lines, &path, report).into_iter().enumerate();
    slots
        .filter_map(|(index, raw)| slot(raw, Path::Element(&path, index), report))
        .collect()
}

fn slot(raw: Raw<'_>, path: Path<'_>, report: &mut Report<'_>) -> Option<Slot> {
    let column = raw.column();
    let mut fields = match raw {
        Raw::Cell { column, text } => match slot_line::parse(&text, column) {
            Ok(fields) => Fields::new(path, fields),
            Err(invalid) => {
                report.wrong(&path, Some(column), &invalid);
                return None;
            }
        },
        raw => Fields::of(path, raw, report)?,
    };
    let name = fields.required("name", report);
    let kind = fields.required("kind", report);
    let required = fields.optional("required", report);
    let default: Option<String> = fields.optional("default", report);
    let example: Option<String> = fields.optional("example", report);
    fields.finish(report);
    let slot = Slot::from_fields(name?, kind?, required, default.as_deref(), example.as_deref());
    slot.map_err(|invalid| report.wrong(&path, column, &invalid)).ok()
}
