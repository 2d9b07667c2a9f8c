//! Settings of the whole knowledge base, one a line.

use crate::import::fields::{Fields, Split};
use crate::import::report::{Path, Report};
use crate::model::{DictionaryWord, InvalidValue, Phrasing, Settings, SynonymGroup, Threshold, Word};

pub(super) fn synonyms(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<SynonymGroup> {
    let errors_before = report.errors.total();
    let words = fields.optional_list("words", Split::LinesElseCommas, report);
    let from = fields.optional_list("from", Split::LinesElseCommas, report);
    let to = fields.optional_list("to", Split::LinesElseCommas, report);
    let weight = fields.optional("weight", report);
    fields.finish(report);
    if report.errors.total() > errors_before {
        return None;
    }
    let group = SynonymGroup::from_fields(words, from, to, weight);
    group
        .map_err(|invalid| report.wrong_item(invalid.reason(), invalid.remedy()))
        .ok()
}

pub(super) fn word(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<DictionaryWord> {
    let word = fields.required("word", report);
    let frequency = fields.optional("frequency", report);
    let tag = fields.optional("tag", report);
    fields.finish(report);
    Some(DictionaryWord {
        word: word?,
        frequency,
        tag,
    })
}

pub(super) fn stop_word(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<Word> {
    let word = fields.required("word", report);
    fields.finish(report);
    word
}

pub(super) fn handover(mut fields: Fields<'_, '_>, report: &mut Report<'_>) -> Option<Phrasing> {
    let phrase = fields.required("phrase", report);
    fields.finish(report);
    phrase
}

pub(super) fn settings(mut fields: Fields<'_, '_>, settings: &mut Settings, report: &mut Report<'_>) {
    let threshold: Option<Threshold> = fields.optional("threshold", report);
    let path = fields.path();
    fields.finish(report);
    let Some(threshold) = threshold else {
        return;
    };
    if settings.threshold.replace(threshold).is_some() {
        let invalid = InvalidValue::new("the threshold is set twice", "delete one of the two lines");
        report.wrong(&Path::Field(&path, "threshold"), None, &invalid);
    }
}
