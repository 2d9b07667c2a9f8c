use std::collections::BTreeMap;

use dafu::{Severity, Timestamp};
use dafu_versions::{CheckOptions, Finding, FindingCode, check};
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::failure::{Failure, Result};
use super::workspace::Workspace;
use super::world::{Colour, World};
use crate::Language;

/// Looks for what an editor should look at.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let version = arguments.number("version", language).map_err(Failure::Usage)?;
    let days = arguments.number("days", language).map_err(Failure::Usage)?;
    let workspace = Workspace::open(arguments, world)?;
    let state = workspace.state(version)?;
    let mut options = CheckOptions::default();
    options.expiring_days = days.map(|days| u32::try_from(days).unwrap_or(u32::MAX));
    let tests = workspace.store.test_questions()?;
    let progress = world.progress("检查", "checking");
    let findings = check(&state.items, &tests, &options, &|done, total| {
        progress.show(done, total)
    })?;
    drop(progress);
    if arguments.has("json") {
        let findings: Vec<Value> = findings.iter().map(finding_json).collect();
        world.json(&json!({"version": state.version, "findings": findings}))?;
    } else {
        let name = state.name(world);
        match findings.len() {
            0 => world.tell(format!("{name}：没有问题。"), format!("Nothing to look at in {name}."))?,
            count => world.tell(
                format!("{name}：有 {count} 处要看。"),
                format!("{count} things to look at in {name}:"),
            )?,
        }
        let shown = if arguments.has("all") { usize::MAX } else { SHOWN };
        tell(&findings, shown, "--all", world)?;
    }
    Ok(if findings.is_empty() { super::DONE } else { super::LOOK })
}

/// Tells findings, by code, and of each code the first ones; `all` is what lists them all.
pub fn tell(findings: &[Finding], shown: usize, all: &str, world: &mut World<'_, '_>) -> Result<()> {
    let mut by_code: BTreeMap<(bool, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let is_warning = finding.severity != Severity::Error;
        by_code
            .entry((is_warning, finding.code.as_str()))
            .or_default()
            .push(finding);
    }
    for ((is_warning, code), findings) in by_code {
        let colour = if is_warning { Colour::Yellow } else { Colour::Red };
        let title = format!("{}（{code}）", title(findings[0].code, Language::Chinese));
        let title = world.pick(
            title,
            format!("{} ({code})", self::title(findings[0].code, Language::English)),
        );
        let title = world.paint(colour, &format!("{title}: {}", findings.len()));
        world.say(title)?;
        for finding in findings.iter().take(shown) {
            let line = line(finding, world.around.language);
            world.say(format!("  {line}"))?;
        }
        if findings.len() > shown {
            let more = findings.len() - shown;
            world.tell(
                format!("  还有 {more} 处（{all} 全部列出）"),
                format!("  and {more} more ({all} lists them)"),
            )?;
        }
    }
    Ok(())
}

/// Returns a finding for programs.
pub fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code.as_str(),
        "severity": format!("{:?}", finding.severity).to_lowercase(),
        "kind": finding.item.as_ref().map(|key| key.kind.as_str()),
        "id": finding.item.as_ref().map(|key| &key.id),
        "field": finding.field,
        "text": finding.text,
        "other": finding.other.as_ref().map(|key| &key.id),
        "message": finding.message,
    })
}

/// Returns what a finding says about its item.
pub fn line(finding: &Finding, language: Language) -> String {
    let item = finding
        .item
        .as_ref()
        .map(|key| format!("{}: ", key.id))
        .unwrap_or_default();
    match language {
        Language::Chinese => format!("{item}{}", finding.in_chinese()),
        Language::English => {
            let text = finding.text.as_ref().map(|text| format!("“{text}”: "));
            format!("{item}{}{}", text.unwrap_or_default(), finding.message)
        }
    }
}

/// Returns what the findings of a code have in common.
pub fn title(code: FindingCode, language: Language) -> &'static str {
    let (chinese, english) = match code {
        FindingCode::DanglingReference => ("引用了不存在的编号", "refers to what is not there"),
        FindingCode::SlotInAnswer => ("答案里有没填的变量", "an answer has a slot"),
        FindingCode::InvalidContent => ("内容不成立", "cannot be a content"),
        FindingCode::PhrasingFindsOther => ("问法找到了别的问答", "a phrasing finds another entry"),
        FindingCode::PhrasingFindsNothing => ("问法找不到问答", "a phrasing finds nothing"),
        FindingCode::NearDuplicate => ("两条问答的问法几乎一样", "nearly the same phrasing in two entries"),
        FindingCode::SameAnswer => ("两条问答的答案几乎一样", "nearly the same answer in two entries"),
        FindingCode::Shadowed => ("总是被另一条问答抢先", "always answered by another entry"),
        FindingCode::Expired => ("已经过期", "expired"),
        FindingCode::NotYetValid => ("还没生效", "not yet valid"),
        FindingCode::Expiring => ("快到期了", "ends soon"),
        FindingCode::ReviewOverdue => ("该复审了", "review is overdue"),
        FindingCode::WordWithoutEffect => ("词典里的词没有用到", "a word without effect"),
        FindingCode::SynonymsWithoutEffect => ("同义词没有用到", "synonyms without effect"),
        FindingCode::TestFails => ("测试问题没有通过", "a test question fails"),
        _ => ("其他", "other"),
    };
    language.pick(chinese, english)
}

/// The clock of answers that are compared: one for both sides.
pub fn now() -> Option<Timestamp> {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).ok()?).ok()
}

const SHOWN: usize = 10;
