use dafu_versions::{Expectation, ItemKey, Live, TestQuestion, TestResult, run_tests};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::diff::options;
use super::failure::{Failure, Result};
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Runs, lists and changes the test questions.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let values: Vec<&str> = arguments.values.iter().map(String::as_str).collect();
    match values[..] {
        [] | ["run"] => ask_all(&workspace, arguments, world),
        ["list"] => list(&workspace, arguments, world),
        ["add", question, expected] => {
            let expected = match expected {
                "-" => Expectation::NoAnswer,
                id => Expectation::Entry(id.to_owned()),
            };
            put(&workspace, question, expected.clone(), arguments, world)?;
            match expected {
                Expectation::Entry(id) => warn_of_nobody(&workspace, &id, arguments, world),
                _ => Ok(super::DONE),
            }
        }
        ["accept", question] => accept(&workspace, question, arguments, world),
        ["rm", question] => {
            if !is_there(&workspace, question)? {
                return Err(Failure::Said(world.pick(
                    format!("没有测试问题“{question}”；kb test list 列出全部"),
                    format!("there is no test question `{question}`; kb test list lists them"),
                )));
            }
            workspace.store.remove_test_question(question, &workspace.author)?;
            done(arguments, world, json!({"removed": question}), "已删除。", "Removed.")
        }
        _ => Err(Failure::Usage(usage(arguments.command, world.around.language))),
    }
}

fn ask_all(workspace: &Workspace, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let tests = workspace.store.test_questions()?;
    let Some(kb) = workspace.knowledge_base(&workspace.content(None)?)? else {
        return Err(Failure::Said(world.pick(
            "还没有任何问答；先 kb import".to_owned(),
            "there are no entries yet; kb import first".to_owned(),
        )));
    };
    let results = run_tests(&kb, &tests, &options())?;
    let failed: Vec<&TestResult> = results.iter().filter(|result| !result.passes).collect();
    if arguments.has("json") {
        let results: Vec<Value> = results.iter().map(result_json).collect();
        world.json(&json!({"passed": results.len() - failed.len(), "failed": failed.len(), "results": results}))?;
    } else {
        for result in &failed {
            let (question, expected) = (&result.test.question, expected(&result.test.expected, world));
            let got = result
                .entry
                .clone()
                .unwrap_or_else(|| world.pick("没有回答", "no answer").to_owned());
            let percent = result.confidence * 100.0;
            let cross = world.paint(Colour::Red, "✗");
            world.tell(
                format!("{cross} {question}：应当是 {expected}，得到 {got}（{percent:.0}%）"),
                format!("{cross} {question}: expected {expected}, got {got} ({percent:.0}%)"),
            )?;
        }
        let (passed, all) = (results.len() - failed.len(), results.len());
        world.tell(
            format!("{all} 个测试问题，{passed} 个通过。"),
            format!("{all} test questions, {passed} pass."),
        )?;
    }
    Ok(if failed.is_empty() { super::DONE } else { super::LOOK })
}

fn list(workspace: &Workspace, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let tests = workspace.store.test_questions()?;
    if arguments.has("json") {
        let tests: Vec<Value> = tests.iter().map(test_json).collect();
        world.json(&json!({"test_questions": tests}))?;
        return Ok(super::DONE);
    }
    for test in &tests {
        let expected = expected(&test.expected, world);
        world.say(format!("{} → {expected}", test.question))?;
    }
    Ok(super::DONE)
}

fn is_there(workspace: &Workspace, question: &str) -> Result<bool> {
    let tests = workspace.store.test_questions()?;
    Ok(tests.iter().any(|test| test.question == question.trim()))
}

/// Takes what is answered now for right: of the channel `live`, or of the draft where asked.
fn accept(workspace: &Workspace, question: &str, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    if !is_there(workspace, question)? {
        return Err(Failure::Said(world.pick(
            format!("没有测试问题“{question}”；要加上它，请用 kb test add {question} 编号（不该回答时写 -）"),
            format!(
                "there is no test question `{question}`; to add it, kb test add {question} ID (or - for no answer)"
            ),
        )));
    }
    let test = TestQuestion {
        question: question.to_owned(),
        expected: Expectation::NoAnswer,
    };
    let tests = [test];
    let results = if arguments.has("draft") || workspace.serving("live")?.is_none() {
        let kb = workspace.knowledge_base(&workspace.content(None)?)?;
        kb.map(|kb| run_tests(&kb, &tests, &options())).transpose()?
    } else {
        let live = Live::open(workspace.published())?.current();
        Some(run_tests(live.knowledge_base(), &tests, &options())?)
    };
    let entry = results
        .and_then(|results| results.into_iter().next())
        .and_then(|result| result.entry);
    let expected = entry.map_or(Expectation::NoAnswer, Expectation::Entry);
    put(workspace, question, expected, arguments, world)
}

/// Says so where the entry that is expected is not there: the question cannot pass before it is.
fn warn_of_nobody(workspace: &Workspace, id: &str, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let key = ItemKey::entry(id);
    if workspace.state(None)?.items.iter().any(|(known, _)| *known == key) {
        return Ok(super::DONE);
    }
    if arguments.has("json") {
        return Ok(super::LOOK);
    }
    world.tell(
        format!("注意：还没有问答 {id}，有了它以后才能通过。"),
        format!("Note: there is no entry {id} yet; it can pass when there is."),
    )?;
    Ok(super::LOOK)
}

fn put(
    workspace: &Workspace,
    question: &str,
    expected: Expectation,
    arguments: &Arguments,
    world: &mut World<'_, '_>,
) -> Result<u8> {
    let shown = self::expected(&expected, world);
    let test = TestQuestion {
        question: question.to_owned(),
        expected,
    };
    let json = test_json(&test);
    workspace.store.put_test_questions(&[test], &workspace.author)?;
    done(
        arguments,
        world,
        json,
        &format!("测试问题：{question} → {shown}"),
        &format!("test question: {question} → {shown}"),
    )
}

fn done(arguments: &Arguments, world: &mut World<'_, '_>, json: Value, chinese: &str, english: &str) -> Result<u8> {
    if arguments.has("json") {
        world.json(&json)?;
    } else {
        world.tell(chinese, english)?;
    }
    Ok(super::DONE)
}

fn expected(expected: &Expectation, world: &World<'_, '_>) -> String {
    match expected {
        Expectation::Entry(id) => id.clone(),
        _ => world.pick("没有回答", "no answer").to_owned(),
    }
}

fn test_json(test: &TestQuestion) -> Value {
    let expected = match &test.expected {
        Expectation::Entry(id) => Some(id),
        _ => None,
    };
    json!({"question": test.question, "expected": expected})
}

fn result_json(result: &TestResult) -> Value {
    let mut json = test_json(&result.test);
    json["passes"] = json!(result.passes);
    json["entry"] = json!(result.entry);
    json["confidence"] = json!(result.confidence);
    json
}
