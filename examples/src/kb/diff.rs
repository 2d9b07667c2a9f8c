use dafu::{AskOptions, Decision};
use dafu_versions::{AnswerChange, AnswerDiff, Change, ChangeKind, ReplySummary, answer_diff, questions_of};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::check::now;
use super::failure::{Failure, Result};
use super::names;
use super::workspace::Workspace;
use super::world::{Colour, World};
use crate::Language;

/// Tells what differs between two versions, or the newest and the draft.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let workspace = Workspace::open(arguments, world)?;
    let number = |text: &String| {
        let wrong = |_| Failure::Usage(usage(arguments.command, language));
        text.parse::<u64>().map_err(wrong)
    };
    let newest = workspace.newest()?;
    let (from, to, changes) = match (&arguments.values[..], workspace.draft()?) {
        ([], Some(draft)) => (draft.info()?.base, None, draft.changes()?),
        ([], None) => (newest, Some(newest), Vec::new()),
        ([from], _) => {
            let from = number(from)?;
            (from, Some(newest), workspace.store.diff(from, newest)?)
        }
        ([from, to], _) => {
            let (from, to) = (number(from)?, number(to)?);
            (from, Some(to), workspace.store.diff(from, to)?)
        }
        _ => return Err(Failure::Usage(usage(arguments.command, language))),
    };
    let answers = match arguments.has("answers") {
        true => Some(answers(&workspace, from, to, world)?),
        false => None,
    };
    if arguments.has("json") {
        let mut json = json!({"from": from, "to": to, "changes": changes.iter().map(change_json).collect::<Vec<_>>()});
        if let Some(answers) = &answers {
            json["answers"] = answers_json(answers);
        }
        world.json(&json)?;
        return Ok(super::DONE);
    }
    tell(&changes, usize::MAX, world)?;
    if let Some(answers) = &answers {
        tell_answers(answers, usize::MAX, world)?;
    }
    Ok(super::DONE)
}

/// Returns how a kind of change is shown.
pub fn sign(kind: ChangeKind) -> (char, Colour) {
    match kind {
        ChangeKind::Added => ('+', Colour::Green),
        ChangeKind::Removed => ('-', Colour::Red),
        _ => ('~', Colour::Yellow),
    }
}

/// Tells changes, item by item and field by field.
pub fn tell(changes: &[Change], shown: usize, world: &mut World<'_, '_>) -> Result<()> {
    if changes.is_empty() {
        return world.tell("内容没有不同。", "The content does not differ.");
    }
    let language = world.around.language;
    for change in changes.iter().take(shown) {
        let (sign, colour) = sign(change.kind);
        let line = format!("{sign} {} {}", names::kind(change.key.kind, language), change.key.id);
        let line = world.paint(colour, &line);
        world.say(line)?;
        if change.kind == ChangeKind::Removed {
            let gone = change
                .fields()
                .into_iter()
                .find(|field| matches!(&*field.field, "question" | "title"));
            if let Some(text) = gone.and_then(|field| field.before) {
                world.say(format!("    {}", names::value(&text, language)))?;
            }
            continue;
        }
        let mut fields = change.fields();
        fields.sort_by_key(|field| names::rank(&field.field));
        for field in fields {
            let label = names::field(&field.field, language);
            if !field.added.is_empty() || !field.removed.is_empty() {
                for (sign, values) in [('-', &field.removed), ('+', &field.added)] {
                    for value in values {
                        world.say(format!("    {label} {sign} {}", names::value(value, language)))?;
                    }
                }
                continue;
            }
            if field.field == "id" {
                continue;
            }
            match (&field.before, &field.after) {
                (None, Some(after)) => world.say(format!("    {label}: {}", names::value(after, language)))?,
                (Some(before), None) => {
                    world.say(format!("    {label}: {} → ", names::value(before, language)))?;
                }
                (Some(before), Some(after)) => {
                    world.say(format!(
                        "    {label}: {} → {}",
                        names::value(before, language),
                        names::value(after, language)
                    ))?;
                }
                (None, None) => {}
            }
        }
    }
    if changes.len() > shown {
        let more = changes.len() - shown;
        world.tell(
            format!("  还有 {more} 条（kb diff）"),
            format!("  and {more} more (kb diff)"),
        )?;
    }
    Ok(())
}

/// Returns a change for programs.
pub fn change_json(change: &Change) -> Value {
    let kind = match change.kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        _ => "changed",
    };
    let parsed = |json: &Option<String>| json.as_ref().and_then(|json| serde_json::from_str::<Value>(json).ok());
    let fields: Vec<Value> = change
        .fields()
        .iter()
        .map(|field| json!({"field": field.field, "before": parsed(&field.before), "after": parsed(&field.after)}))
        .collect();
    json!({"kind": change.key.kind.as_str(), "id": change.key.id, "change": kind, "fields": fields})
}

/// Asks two versions, or a version and the draft, every test question and phrasing.
fn answers(workspace: &Workspace, from: u64, to: Option<u64>, world: &World<'_, '_>) -> Result<AnswerDiff> {
    let before = workspace.version_content(from)?;
    let after = workspace.content(to)?;
    let (Some(before_kb), Some(after_kb)) = (workspace.knowledge_base(&before)?, workspace.knowledge_base(&after)?)
    else {
        return Err(Failure::Said(world.pick(
            "其中一边没有任何问答，无法比较答案".to_owned(),
            "one side has no entries, so there are no answers to compare".to_owned(),
        )));
    };
    let tests = workspace.store.test_questions()?;
    let questions = questions_of([&before, &after], &tests);
    let progress = world.progress("比较答案", "comparing answers");
    Ok(answer_diff(
        &before_kb,
        &after_kb,
        &questions,
        &options(),
        &|done, total| progress.show(done, total),
    )?)
}

/// How questions are asked when answers are compared: both sides at the same instant.
pub fn options() -> AskOptions {
    let mut options = AskOptions::new();
    options.at = now();
    options
}

/// Tells which questions are answered otherwise.
pub fn tell_answers(diff: &AnswerDiff, shown: usize, world: &mut World<'_, '_>) -> Result<()> {
    let (questions, changed) = (diff.questions, diff.changes.len());
    if changed == 0 {
        return world.tell(
            format!("问了 {questions} 个问题，回答都和以前一样。"),
            format!("{questions} questions asked, all are answered as before."),
        );
    }
    world.tell(
        format!("问了 {questions} 个问题，{changed} 个的回答变了："),
        format!("{questions} questions asked; {changed} change their answer:"),
    )?;
    let language = world.around.language;
    for AnswerChange {
        question,
        before,
        after,
        ..
    } in diff.changes.iter().take(shown)
    {
        world.say(format!("  {question}"))?;
        let (before, after) = (summary(before, language), summary(after, language));
        let (before, after) = (world.paint(Colour::Red, &before), world.paint(Colour::Green, &after));
        world.say(format!("    - {before}"))?;
        world.say(format!("    + {after}"))?;
    }
    if changed > shown {
        let more = changed - shown;
        world.tell(
            format!("  还有 {more} 个（kb diff --answers）"),
            format!("  and {more} more (kb diff --answers)"),
        )?;
    }
    Ok(())
}

/// Returns the differences in answers for programs.
pub fn answers_json(diff: &AnswerDiff) -> Value {
    let side = |reply: &ReplySummary| json!({"decision": reply.decision, "entries": reply.entries, "answer": reply.answer, "confidence": reply.confidence});
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(
            |change| json!({"question": change.question, "before": side(&change.before), "after": side(&change.after)}),
        )
        .collect();
    json!({"questions": diff.questions, "changes": changes})
}

/// Returns what is said to a question, in one line.
pub fn summary(reply: &ReplySummary, language: Language) -> String {
    match &reply.decision {
        Decision::Answer => {
            let entry = reply.entries.first().map(String::as_str).unwrap_or_default();
            let answer = reply.answer.as_deref().unwrap_or_default();
            format!(
                "{entry} ({:.0}%): {}",
                reply.confidence * 100.0,
                super::shortened(answer, 60)
            )
        }
        Decision::Choices(_) => {
            let entries = reply.entries.join(", ");
            language.pick(format!("请顾客选：{entries}"), format!("choices: {entries}"))
        }
        other => {
            let reason = names::reason(other, language);
            language.pick(format!("没有回答（{reason}）"), format!("no answer ({reason})"))
        }
    }
}
