use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use dafu::Content;
use dafu_versions::{CheckOptions, Expectation, FindingCode, TestQuestion, check, run_tests};
use serde_json::json;

use super::arguments::{Arguments, usage};
use super::check::title;
use super::diff::options;
use super::failure::{Failure, Result};
use super::names;
use super::workspace::{Workspace, knowledge_base, path, write};
use super::world::World;

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

    let mut page = Page::new(&world.pick(
        format!("知识库报告：版本 {version}"),
        format!("Knowledge base, version {version}"),
    ));
    let about = workspace.store.version(version)?;
    let (entries, phrasings) = (about.entries, about.phrasings);
    let (author, time) = (&about.author, names::time(about.time));
    page.line(&world.pick(
        format!(
            "{entries} 条问答，{phrasings} 个问法；{author}，{time}；{}",
            about.message
        ),
        format!(
            "{entries} entries, {phrasings} phrasings; {author}, {time}; {}",
            about.message
        ),
    ));
    page.bars(
        world.pick("各分类的问答", "Entries by category"),
        &by_category(&content, world),
    );
    page.bars(
        world.pick(
            "有测试问题的问答，按分类（%）",
            "Entries with test questions, by category (%)",
        ),
        &coverage(&content, &tests, world),
    );
    let mut by_code: BTreeMap<&str, (FindingCode, usize)> = BTreeMap::new();
    for finding in &findings {
        by_code.entry(finding.code.as_str()).or_insert((finding.code, 0)).1 += 1;
    }
    let by_code: Vec<(String, f64)> = by_code
        .values()
        .map(|(code, count)| (title(*code, language).to_owned(), *count as f64))
        .collect();
    page.bars(world.pick("检查结果", "Findings"), &by_code);
    page.bars(
        world.pick("最容易混淆的问答", "Entries that are confused most"),
        &confusions(&findings),
    );
    page.bars(
        world.pick("历次版本的正确率（%）", "Accuracy over versions (%)"),
        &accuracy(&workspace, version, &tests, world)?,
    );
    let items: Vec<String> = findings
        .iter()
        .take(FINDINGS)
        .map(|finding| {
            format!(
                "{}: {}",
                title(finding.code, language),
                super::check::line(finding, language)
            )
        })
        .collect();
    page.list(world.pick("逐条", "One by one"), &items);
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

fn by_category(content: &Content, world: &World<'_, '_>) -> Vec<(String, f64)> {
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for entry in content.entries() {
        *counts.entry(category(entry, world)).or_default() += 1.0;
    }
    largest(counts)
}

fn coverage(content: &Content, tests: &[TestQuestion], world: &World<'_, '_>) -> Vec<(String, f64)> {
    let tested: BTreeSet<&str> = tests
        .iter()
        .filter_map(|test| match &test.expected {
            Expectation::Entry(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let mut counts: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for entry in content.entries() {
        let (all, with) = counts.entry(category(entry, world)).or_default();
        *all += 1.0;
        *with += f64::from(u8::from(tested.contains(entry.id.as_str())));
    }
    largest(
        counts
            .into_iter()
            .map(|(name, (all, with))| (name, (with / all * 100.0).round()))
            .collect(),
    )
}

fn category(entry: &dafu::Entry, world: &World<'_, '_>) -> String {
    let first = entry.category.as_ref().and_then(|category| category.levels().next());
    first.map_or_else(|| world.pick("（没有分类）", "(none)").to_owned(), str::to_owned)
}

/// Returns which entries get each other's phrasings, and how many.
fn confusions(findings: &[dafu_versions::Finding]) -> Vec<(String, f64)> {
    let mut pairs: BTreeMap<String, f64> = BTreeMap::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.code == FindingCode::PhrasingFindsOther)
    {
        if let (Some(item), Some(other)) = (&finding.item, &finding.other) {
            *pairs.entry(format!("{} → {}", item.id, other.id)).or_default() += 1.0;
        }
    }
    largest(pairs)
}

/// Returns the share of test questions that each of the last versions passes.
fn accuracy(
    workspace: &Workspace,
    version: u64,
    tests: &[TestQuestion],
    world: &World<'_, '_>,
) -> Result<Vec<(String, f64)>> {
    let mut shares = Vec::new();
    if tests.is_empty() {
        return Ok(shares);
    }
    let first = version.saturating_sub(VERSIONS - 1).max(1);
    for number in first..=version {
        let Some(kb) = knowledge_base(&workspace.store.content(number)?)? else {
            continue;
        };
        let results = run_tests(&kb, tests, &options())?;
        let passed = results.iter().filter(|result| result.passes).count();
        let share = (passed as f64 / tests.len() as f64 * 100.0).round();
        shares.push((world.pick(format!("版本 {number}"), format!("version {number}")), share));
    }
    Ok(shares)
}

fn largest(counts: BTreeMap<String, f64>) -> Vec<(String, f64)> {
    let mut counts: Vec<(String, f64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.total_cmp(&a.1));
    counts.truncate(BARS);
    counts
}

/// A page of HTML that needs nothing else.
struct Page {
    html: String,
}

impl Page {
    fn new(title: &str) -> Self {
        let title = escaped(title);
        Self {
            html: format!(
                "<!doctype html><html><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\n"
            ),
        }
    }

    fn line(&mut self, text: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.html, "<p>{}</p>", escaped(text));
    }

    /// Adds a chart of horizontal bars; nothing for no bars.
    fn bars(&mut self, title: &str, bars: &[(String, f64)]) {
        if bars.is_empty() {
            return;
        }
        let most = bars.iter().map(|(_, value)| *value).fold(1.0, f64::max);
        let height = bars.len() * 26 + 4;
        let _ = writeln!(
            self.html,
            "<h2>{}</h2><svg viewBox=\"0 0 800 {height}\" role=\"img\">",
            escaped(title)
        );
        for (row, (label, value)) in bars.iter().enumerate() {
            let (y, width) = (row * 26, value / most * 440.0);
            let label = escaped(&super::shortened(label, 24));
            let _ = writeln!(
                self.html,
                "<text x=\"290\" y=\"{}\" text-anchor=\"end\">{label}</text><rect x=\"300\" y=\"{y}\" width=\"{width:.1}\" height=\"20\" rx=\"3\"/><text x=\"{:.1}\" y=\"{}\">{value}</text>",
                y + 15,
                306.0 + width,
                y + 15,
            );
        }
        self.html.push_str("</svg>\n");
    }

    fn list(&mut self, title: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let _ = writeln!(self.html, "<h2>{}</h2><ul>", escaped(title));
        for item in items {
            let _ = writeln!(self.html, "<li>{}</li>", escaped(item));
        }
        self.html.push_str("</ul>\n");
    }

    fn finish(mut self) -> String {
        self.html.push_str("</body></html>\n");
        self.html
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#222}svg{width:100%}rect{fill:#4a7ebb}text{font-size:14px;fill:#333}h2{margin-top:1.5em;font-size:1.1em}@media(prefers-color-scheme:dark){body{background:#1c1c1c;color:#ddd}text{fill:#ccc}}";
const BARS: usize = 20;
const VERSIONS: u64 = 10;
const FINDINGS: usize = 200;
