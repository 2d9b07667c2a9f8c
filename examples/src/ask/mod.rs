//! The tool `ask`: puts questions to a knowledge base and shows what it says to them.

mod arguments;
mod lines;
mod show;

use std::ffi::OsString;
use std::io;
use std::path::Path;

use dafu::{Decision, KnowledgeBase, Reply};
use serde::Serialize;

use crate::{Language, Surroundings};
use arguments::{Arguments, Parsed};

/// Answered: every question got an answer or choices. In a session that a person types, always.
pub const ANSWERED: u8 = 0;
/// Something is wrong with the arguments, the knowledge base or the input; standard error says what.
pub const FAILED: u8 = 1;
/// At least one question got no answer.
pub const NO_ANSWER: u8 = 3;

/// Runs the tool with the arguments behind its name, and returns the code to exit with.
pub fn run(arguments: impl IntoIterator<Item = OsString>, around: &mut Surroundings<'_>) -> u8 {
    match try_run(arguments, around) {
        Ok(code) => code,
        // Whoever reads the output has seen enough: `ask ... | head -1`.
        Err(Failure::Io(_, error)) if error.kind() == io::ErrorKind::BrokenPipe => ANSWERED,
        Err(failure) => {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(around.errors, "ask: {}", failure.told(around.language));
            FAILED
        }
    }
}

fn try_run(arguments: impl IntoIterator<Item = OsString>, around: &mut Surroundings<'_>) -> Result<u8, Failure> {
    let arguments = match arguments::parse(arguments, around.language).map_err(Failure::Usage)? {
        Parsed::Help(text) => {
            writeln!(around.output, "{text}").map_err(writing)?;
            return Ok(ANSWERED);
        }
        Parsed::Ask(arguments) => *arguments,
    };
    let kb = load(&arguments, around)?;
    let mut code = ANSWERED;
    if !arguments.questions.is_empty() {
        for question in &arguments.questions {
            code = code.max(ask(&kb, question, &arguments, around)?);
        }
        return Ok(code);
    }
    let mut number = 0;
    loop {
        if around.is_typed {
            write!(around.output, "{}", around.language.pick("问> ", "> ")).map_err(writing)?;
            around.output.flush().map_err(writing)?;
        }
        number += 1;
        let Some(line) = lines::next(around.input, number).map_err(Failure::Input)? else {
            break;
        };
        if !line.trim().is_empty() {
            code = code.max(ask(&kb, line.trim(), &arguments, around)?);
        }
    }
    if around.is_typed {
        // The prompt that got no question stands alone in its line.
        writeln!(around.output).map_err(writing)?;
        return Ok(ANSWERED);
    }
    Ok(code)
}

fn load(arguments: &Arguments, around: &mut Surroundings<'_>) -> Result<KnowledgeBase, Failure> {
    let path = match &arguments.kb {
        Some(path) => path.as_path(),
        None if Path::new(SAMPLE).is_file() => Path::new(SAMPLE),
        None => {
            return Err(Failure::Usage(around.language.pick(
                format!("示例知识库 `{SAMPLE}` 不在了；请用 --kb 指定一个知识库文件或索引文件夹"),
                format!(
                    "the sample knowledge base `{SAMPLE}` is gone; name a content file or an index folder with --kb"
                ),
            )));
        }
    };
    let kb = KnowledgeBase::load(path).map_err(Failure::Dafu)?;
    if kb.statistics().entries == 0 {
        let path = path.display();
        let text = around
            .language
            .pick(format!("`{path}` 里没有任何问答"), format!("`{path}` has no entries"));
        writeln!(around.errors, "ask: {text}").map_err(writing)?;
    }
    Ok(kb)
}

/// Asks one question, shows the reply, and returns its exit code.
fn ask(
    kb: &KnowledgeBase,
    question: &str,
    arguments: &Arguments,
    around: &mut Surroundings<'_>,
) -> Result<u8, Failure> {
    let reply = kb.ask(question, &arguments.options).map_err(Failure::Dafu)?;
    let explanation = arguments.why.then(|| kb.explain(question, &arguments.options));
    let explanation = explanation.transpose().map_err(Failure::Dafu)?;
    if arguments.json {
        let line = Line {
            question,
            reply: &reply,
            explanation: explanation.as_ref(),
        };
        let json = serde_json::to_string(&line).map_err(|e| Failure::Io("writing", e.into()))?;
        writeln!(around.output, "{json}").map_err(writing)?;
    } else {
        show::reply(question, &reply, around).map_err(writing)?;
        if let Some(explanation) = &explanation {
            show::explanation(explanation, around).map_err(writing)?;
        }
        writeln!(around.output).map_err(writing)?;
    }
    Ok(match reply.decision {
        Decision::NoAnswer(_) => NO_ANSWER,
        _ => ANSWERED,
    })
}

/// A line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    question: &'a str,
    #[serde(flatten)]
    reply: &'a Reply,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a dafu::Explanation>,
}

enum Failure {
    Usage(String),
    Dafu(dafu::Error),
    Input(lines::Unreadable),
    Io(&'static str, io::Error),
}

fn writing(error: io::Error) -> Failure {
    Failure::Io("writing the reply", error)
}

impl Failure {
    /// Returns what went wrong, for a person.
    fn told(&self, language: Language) -> String {
        match self {
            Self::Usage(text) => text.clone(),
            Self::Dafu(error) if error.mistakes().len() > 1 => mistakes(error, language),
            Self::Dafu(error) => language.pick(error.in_chinese(), error.to_string()),
            Self::Input(error) => error.told(language),
            Self::Io(action, error) => format!("{action}: {error}"),
        }
    }
}

fn mistakes(error: &dafu::Error, language: Language) -> String {
    let count = error.mistake_count();
    let mut text = language.pick(format!("有 {count} 处错误："), format!("{count} mistakes:"));
    for mistake in error.mistakes().iter().take(MISTAKES) {
        let line = language.pick(mistake.in_chinese(), mistake.to_string());
        text.push_str(&format!("\n  {line}"));
    }
    if count > MISTAKES {
        let more = count - MISTAKES;
        text.push_str(&language.pick(format!("\n  还有 {more} 处"), format!("\n  and {more} more")));
    }
    text
}

/// The knowledge base that is asked where none is named.
pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/shop.jsonl");

/// How many mistakes of a file are listed.
const MISTAKES: usize = 20;
