use std::collections::{BTreeMap, BTreeSet};

use dafu::Content;
use dafu_versions::{CheckOptions, Expectation, Finding, FindingCode, TestQuestion, check, run_tests};
use serde_json::json;

use super::arguments::{Arguments, usage};
use super::check::title;
use super::diff::options;
use super::failure::{Failure, Result};
use super::names;
use super::workspace::{Workspace, path, write};
use super::world::World;
use crate::page::{Bar, Html, Page, Table, bars};

/// Writes a page about a version: self-contained, with charts.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let [name] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, language)));
    };
    let workspace = Workspace::open(arguments, world)?;
    let version = match arguments.number("version", language).map_err(Failure::Usage)? {
        Some(version) => version,
        None => workspace.newest()?,
    };
    if version == 0 {
        return Err(Failure::Said(
            world.pick("还没有版本".to_owned(), "there is no version yet".to_owned()),
        ));
    }
    let content = workspace.store.content(version)?;
    let tests = workspace.store.test_questions()?;
    let state = workspace.state(Some(version))?;
    let progress = world.progress("检查", "checking");
    let show = |done, total| progress.show(done, total);
    let findings = check(&state.items, &tests, &CheckOptions::default(), &show)?;
    drop(progress);

    let mut page = Page::new(
        language.pick("zh", "en"),
        &world.pick(
            format!("知识库报告：版本 {version}"),
            format!("Knowledge base, version {version}"),
        ),
    );
    let about = workspace.store.version(version)?;
    let (entries, phrasings) = (about.entries, about.phrasings);
    let (author, time) = (&about.author, names::time(about.time));
    let message = match about.message.as_str() {
        "" => String::new(),
        message => format!("{}{message}", world.pick("；", "; ")),
    };
    page.line(&world.pick(
        format!("{entries} 条问答，{phrasings} 个问法；{author}，{time}{message}"),
        format!("{entries} entries, {phrasings} phrasings; {author}, {time}{message}"),
    ));
    let accuracy = accuracy(&workspace, version, &tests, world)?;
    page.side_by_side(|page| {
        chart(
            page,
            world.pick("各分类的问答", "Entries by category"),
            &by_category(&content, world),
            None,
            world,
        );
        chart(
            page,
            world.pick("有测试问题的问答，按分类", "Entries with test questions, by category"),
            &coverage(&content, &tests, world),
            Some(1.0),
            world,
        );
        chart(
            page,
            world.pick("检查结果", "Findings"),
            &by_code(&findings, world),
            None,
            world,
        );
        chart(
            page,
            world.pick("最容易混淆的问答", "Entries that are confused most"),
            &confusions(&findings),
            None,
            world,
        );
        chart(
            page,
            world.pick("历次版本的正确率", "Accuracy over versions"),
            &accuracy,
            Some(1.0),
            world,
        );
    });
    let items: Vec<Html> = findings
        .iter()
        .take(FINDINGS)
        .map(|finding| {
            Html::default()
                .strong(title(finding.code, language))
                .and(": ")
                .and(&super::check::line(finding, language))
        })
        .collect();
    if !items.is_empty() {
        page.title(world.pick("逐条", "One by one"));
        page.items(&items);
    }
    let file = path(name, world);
    if super::refuses_to_overwrite(&file, arguments, world)? {
        return Err(Failure::Declined);
    }
    write(&file, page.finish().as_bytes())?;
    if arguments.has("json") {
        world.json(&json!({"file": name, "version": version, "findings": findings.len()}))?;
    } else {
        world.tell(
            format!("{name}：版本 {version} 的报告。"),
            format!("{name}: the report of version {version}."),
        )?;
    }
    Ok(super::DONE)
}

/// Adds a chart of bars; nothing for no bars. Without `full`, the longest bar has all the room.
fn chart(page: &mut Page, title: &str, shown: &[Bar], full: Option<f64>, world: &World<'_, '_>) {
    if shown.is_empty() {
        return;
    }
    let full = full.unwrap_or_else(|| shown.iter().map(|bar| bar.value).fold(1.0, f64::max));
    let numbers = Table::of_bars(world.pick("数字", "the numbers"), ["", ""], shown);
    page.chart(title, "", &bars(shown, full), &numbers);
}

fn by_category(content: &Content, world: &World<'_, '_>) -> Vec<Bar> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in content.entries() {
        *counts.entry(category(entry, world)).or_default() += 1;
    }
    largest(counts)
}

fn coverage(content: &Content, tests: &[TestQuestion], world: &World<'_, '_>) -> Vec<Bar> {
    let tested: BTreeSet<&str> = tests
        .iter()
        .filter_map(|test| match &test.expected {
            Expectation::Entry(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for entry in content.entries() {
        let (all, with) = counts.entry(category(entry, world)).or_default();
        *all += 1;
        *with += usize::from(tested.contains(entry.id.as_str()));
    }
    let mut counts: Vec<(String, (usize, usize))> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
    counts.truncate(BARS);
    counts
        .into_iter()
        .map(|(label, (all, with))| share(label, with, all))
        .collect()
}

fn by_code(findings: &[Finding], world: &World<'_, '_>) -> Vec<Bar> {
    let mut counts: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(code, count)| counted(title(code, world.around.language).to_owned(), count))
        .collect()
}

fn category(entry: &dafu::Entry, world: &World<'_, '_>) -> String {
    let first = entry.category.as_ref().and_then(|category| category.levels().next());
    first.map_or_else(|| world.pick("（没有分类）", "(none)").to_owned(), str::to_owned)
}

/// Returns which entries get each other's phrasings, and how many.
fn confusions(findings: &[Finding]) -> Vec<Bar> {
    let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.code == FindingCode::PhrasingFindsOther)
    {
        if let (Some(item), Some(other)) = (&finding.item, &finding.other) {
            *pairs.entry(format!("{} → {}", item.id, other.id)).or_default() += 1;
        }
    }
    largest(pairs)
}

/// Returns the share of test questions that each of the last versions passes.
fn accuracy(workspace: &Workspace, version: u64, tests: &[TestQuestion], world: &World<'_, '_>) -> Result<Vec<Bar>> {
    let mut shares = Vec::new();
    if tests.is_empty() {
        return Ok(shares);
    }
    let first = version.saturating_sub(VERSIONS - 1).max(1);
    for number in first..=version {
        let Some(kb) = workspace.knowledge_base(&workspace.store.content(number)?)? else {
            continue;
        };
        let results = run_tests(&kb, tests, &options())?;
        let passed = results.iter().filter(|result| result.passes).count();
        let label = world.pick(format!("版本 {number}"), format!("version {number}"));
        shares.push(share(label, passed, tests.len()));
    }
    Ok(shares)
}

fn share(label: String, part: usize, all: usize) -> Bar {
    let value = part as f64 / all as f64;
    Bar {
        label,
        value,
        note: format!("{:.0} %", value * 100.0),
    }
}

fn counted(label: String, count: usize) -> Bar {
    Bar {
        label,
        value: count as f64,
        note: count.to_string(),
    }
}

fn largest(counts: BTreeMap<String, usize>) -> Vec<Bar> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(BARS);
    counts.into_iter().map(|(label, count)| counted(label, count)).collect()
}

const BARS: usize = 20;
const VERSIONS: u64 = 10;
const FINDINGS: usize = 200;
