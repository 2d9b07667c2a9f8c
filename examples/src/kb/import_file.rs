use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use dafu::{Content, ContentBuilder, CsvTable, Imported, Mistake, Shape, Understood, mark_mistakes};
use dafu_versions::{Expectation, Item, ItemKey, TestQuestion, content_of, items_of};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::failure::{Failure, Result, mistake_json, mistake_line};
use super::workspace::{Workspace, path, write};
use super::world::World;

/// Brings a file into the draft.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let [name] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, world.around.language)));
    };
    let workspace = Workspace::open(arguments, world)?;
    let file = path(name, world);
    let imported = match read(&file, name) {
        Ok(imported) => imported,
        Err(Failure::Content(error)) => {
            mark(arguments, &file, error.mistakes(), world)?;
            return Err(Failure::Content(error));
        }
        Err(failure) => return Err(failure),
    };
    let draft_items = workspace.state(None)?.items;
    let content = match arguments.has("keep") {
        true => joined(&draft_items, imported.content.clone())?,
        false => imported.content.clone(),
    };
    let plan = Plan::of(&draft_items, &content);
    let tests = Tests::of(&workspace, &imported, arguments.has("keep"))?;
    if !arguments.has("json") {
        tell_understood(&imported.understood, world)?;
        tell_warnings(&imported.content, world)?;
        plan.tell(world)?;
    }
    if plan.replaces() && !arguments.has("yes") {
        let (removed, changed) = (plan.removed, plan.changed);
        let goes_on = !arguments.has("json")
            && world.confirm(
                &format!("要改 {changed} 条、删除 {removed} 条，继续吗？（草稿可以 undo）"),
                &format!("This changes {changed} and deletes {removed}. Go on? (undo takes it back)"),
            )?;
        if !goes_on {
            return Err(Failure::Declined);
        }
    }
    workspace.begin_draft()?.import(&content)?;
    tests.put(&workspace)?;
    mark(arguments, &file, imported.content.warnings(), world)?;
    if arguments.has("json") {
        let understood: Vec<Value> = imported.understood.iter().map(understood_json).collect();
        let warnings: Vec<Value> = imported.content.warnings().iter().map(mistake_json).collect();
        world.json(&json!({
            "added": plan.added, "changed": plan.changed, "removed": plan.removed, "unchanged": plan.unchanged,
            "test_questions": imported.test_questions.len(), "understood": understood, "warnings": warnings,
        }))?;
        return Ok(super::DONE);
    }
    if !imported.test_questions.is_empty() {
        let count = imported.test_questions.len();
        world.tell(format!("测试问题 {count} 个。"), format!("{count} test questions."))?;
    }
    world.tell(
        "已经放进草稿。下一步：kb check，kb commit -m 说明",
        "It is in the draft. Next: kb check, kb commit -m MESSAGE",
    )?;
    Ok(super::DONE)
}

/// Reads a file, whatever exported it.
pub fn read(file: &Path, name: &str) -> Result<Imported> {
    let bytes = std::fs::read(file).map_err(|error| Failure::Io(format!("reading `{name}`"), error))?;
    let builder = ContentBuilder::new().recognise_exports(true);
    let extension = file
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let builder = match extension.as_deref() {
        Some("xlsx") => builder.add_xlsx(name, &bytes),
        Some("jsonl") => builder.add_jsonl(name, &bytes),
        _ => builder.add_file(file)?,
    };
    Ok(builder.finish()?)
}

/// Writes the marked copy that was asked for.
fn mark(arguments: &Arguments, file: &Path, mistakes: &[Mistake], world: &mut World<'_, '_>) -> Result<()> {
    let Some(copy) = arguments.option("mark") else {
        return Ok(());
    };
    let is_workbook = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
    if !is_workbook || mistakes.iter().all(|mistake| mistake.sheet.is_none()) {
        return Ok(());
    }
    let bytes = std::fs::read(file).map_err(|error| Failure::Io(format!("reading `{}`", file.display()), error))?;
    let marked = mark_mistakes(&bytes, mistakes, super::init::workbook_language(world))?;
    let target = path(copy, world);
    if super::refuses_to_overwrite(&target, arguments, world)? {
        return Ok(());
    }
    write(&target, &marked)?;
    if arguments.has("json") {
        return Ok(());
    }
    world.tell(
        format!("{copy} 里标出了每一处：颜色和批注。"),
        format!("{copy} has each of them marked, with a colour and a comment."),
    )
}

/// What an import will do to the draft, in numbers of items.
struct Plan {
    added: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
}

impl Plan {
    fn of(draft: &[(ItemKey, Item)], content: &Content) -> Self {
        let before: BTreeMap<String, String> = draft
            .iter()
            .map(|(key, item)| (key.to_string(), item.to_json()))
            .collect();
        let mut plan = Self {
            added: 0,
            changed: 0,
            removed: 0,
            unchanged: 0,
        };
        let mut seen = HashSet::new();
        for (key, item) in items_of(content) {
            let key = key.to_string();
            match before.get(&key) {
                None => plan.added += 1,
                Some(json) if *json == item.to_json() => plan.unchanged += 1,
                Some(_) => plan.changed += 1,
            }
            seen.insert(key);
        }
        plan.removed = before.keys().filter(|key| !seen.contains(*key)).count();
        plan
    }

    /// Says whether anything that is there will be another, or gone.
    fn replaces(&self) -> bool {
        self.changed + self.removed > 0
    }

    fn tell(&self, world: &mut World<'_, '_>) -> Result<()> {
        let Self {
            added,
            changed,
            removed,
            unchanged,
        } = self;
        world.tell(
            format!("新增 {added}，修改 {changed}，删除 {removed}，不变 {unchanged}。"),
            format!("{added} added, {changed} changed, {removed} deleted, {unchanged} unchanged."),
        )
    }
}

/// The test questions that an import puts and removes.
struct Tests {
    put: Vec<TestQuestion>,
    removed: Vec<String>,
}

impl Tests {
    fn of(workspace: &Workspace, imported: &Imported, keeps: bool) -> Result<Self> {
        let put: Vec<TestQuestion> = imported
            .test_questions
            .iter()
            .map(|test| TestQuestion {
                question: test.question.as_str().to_owned(),
                expected: test
                    .expected
                    .first()
                    .map_or(Expectation::NoAnswer, |id| Expectation::Entry(id.as_str().to_owned())),
            })
            .collect();
        // Only a file with a sheet of test questions says which there are.
        let is_whole = !keeps
            && imported
                .understood
                .iter()
                .any(|table| table.table == CsvTable::TestQuestions);
        let kept: HashSet<&str> = put.iter().map(|test| test.question.as_str()).collect();
        let removed = match is_whole {
            true => {
                let all = workspace.store.test_questions()?.into_iter();
                all.map(|test| test.question)
                    .filter(|question| !kept.contains(&**question))
                    .collect()
            }
            false => Vec::new(),
        };
        Ok(Self { put, removed })
    }

    fn put(&self, workspace: &Workspace) -> Result<()> {
        if !self.put.is_empty() {
            workspace.store.put_test_questions(&self.put, &workspace.author)?;
        }
        for question in &self.removed {
            workspace.store.remove_test_question(question, &workspace.author)?;
        }
        Ok(())
    }
}

/// Returns the draft's items, with those of the file in their places or behind them.
fn joined(draft: &[(ItemKey, Item)], content: Content) -> Result<Content> {
    let mut new: Vec<Item> = items_of(&content).into_iter().map(|(_, item)| item).collect();
    let keys: HashSet<ItemKey> = new.iter().map(Item::key).collect();
    let mut items: Vec<Item> = draft
        .iter()
        .filter(|(key, _)| !keys.contains(key))
        .map(|(_, item)| item.clone())
        .collect();
    items.append(&mut new);
    Ok(content_of(items)?)
}

fn tell_understood(understood: &[Understood], world: &mut World<'_, '_>) -> Result<()> {
    for table in understood.iter().filter(|table| table.rows > 0) {
        let place = table.sheet.clone().or_else(|| table.file.clone()).unwrap_or_default();
        let what = world.pick(chinese(table.table), english(table.table));
        let rows = table.rows;
        let shape = match table.shape {
            Shape::QuestionAnswer => world.pick(
                "，两列没有列名：问题、答案",
                ", two columns without headings: question, answer",
            ),
            Shape::QnaMaker => world.pick(
                "，QnA Maker 的格式：一行一个问法",
                ", as QnA Maker exports: a row for each phrasing",
            ),
            Shape::RowPerPhrasing => {
                world.pick("，编号相同的几行是同一条问答", ", rows with the same id are one entry")
            }
            _ => "",
        };
        let split = match table.separator {
            Some(separator) => world.pick(
                format!("，问法用 {separator} 隔开"),
                format!(", phrasings are separated by {separator}"),
            ),
            None => String::new(),
        };
        world.tell(
            format!("“{place}”：{what}，{rows} 行{shape}{split}"),
            format!("`{place}`: {what}, {rows} rows{shape}{split}"),
        )?;
    }
    Ok(())
}

fn tell_warnings(content: &Content, world: &mut World<'_, '_>) -> Result<()> {
    if content.warning_count() == 0 {
        return Ok(());
    }
    let total = content.warning_count();
    world.tell(
        format!("请看一看这 {total} 处："),
        format!("{total} things to look at:"),
    )?;
    for warning in content.warnings().iter().take(WARNINGS) {
        world.say(format!("  {}", mistake_line(warning, world.around.language)))?;
    }
    if total > WARNINGS {
        let more = total - WARNINGS;
        world.tell(format!("  还有 {more} 处"), format!("  and {more} more"))?;
    }
    Ok(())
}

fn understood_json(table: &Understood) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|(heading, field)| json!({"heading": heading, "field": field}))
        .collect();
    json!({
        "file": table.file, "sheet": table.sheet, "table": english(table.table), "rows": table.rows,
        "shape": match table.shape {
            Shape::QuestionAnswer => "question_answer",
            Shape::QnaMaker => "qna_maker",
            Shape::RowPerPhrasing => "row_per_phrasing",
            _ => "row_per_item",
        },
        "separator": table.separator, "columns": columns,
    })
}

fn chinese(table: CsvTable) -> &'static str {
    match table {
        CsvTable::Entries => "问答",
        CsvTable::StandardAnswers => "标准答案",
        CsvTable::Templates => "话术",
        CsvTable::Synonyms => "同义词",
        CsvTable::Dictionary => "词典",
        CsvTable::TestQuestions => "测试问题",
        _ => "设置",
    }
}

fn english(table: CsvTable) -> &'static str {
    match table {
        CsvTable::Entries => "entries",
        CsvTable::StandardAnswers => "standard answers",
        CsvTable::Templates => "templates",
        CsvTable::Synonyms => "synonyms",
        CsvTable::Dictionary => "dictionary",
        CsvTable::TestQuestions => "test questions",
        _ => "settings",
    }
}

const WARNINGS: usize = 10;
