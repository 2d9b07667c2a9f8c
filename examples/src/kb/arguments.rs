use std::collections::HashMap;
use std::ffi::OsString;

use super::commands::{self, Command};
use crate::Language;

/// A command with its arguments.
pub struct Arguments {
    pub command: &'static Command,
    pub values: Vec<String>,
    options: HashMap<&'static str, String>,
}

/// What a command line asks for.
pub enum Parsed {
    Help(String),
    Run(Arguments),
}

impl Arguments {
    pub fn has(&self, switch: &str) -> bool {
        self.options.contains_key(switch)
    }

    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    pub fn number(&self, name: &str, language: Language) -> Result<Option<u64>, String> {
        let Some(value) = self.option(name) else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| {
            language.pick(
                format!("--{name} 后面要写一个整数，不是 `{value}`"),
                format!("--{name} takes a whole number, not `{value}`"),
            )
        })
    }
}

/// Reads a command line; what is wrong with it is one sentence.
pub fn parse(arguments: impl IntoIterator<Item = OsString>, language: Language) -> Result<Parsed, String> {
    use lexopt::prelude::*;
    let mut parser = lexopt::Parser::from_args(arguments);
    let wrong = |error| format!("{}{}", told(error, language), see(None, language));
    let command = match parser.next().map_err(wrong)? {
        None | Some(Short('h') | Long("help")) => return Ok(Parsed::Help(commands::help(language))),
        Some(Value(name)) => {
            let name = name.to_string_lossy().into_owned();
            if name == "help" {
                return Ok(Parsed::Help(commands::help(language)));
            }
            commands::find(&name).ok_or_else(|| unknown(&name, language))?
        }
        Some(Long(name)) if commands::COMMON.iter().any(|option| option.name == name) => {
            let see = see(None, language);
            return Err(language.pick(
                format!("--{name} 写在命令后面，例如 kb status --{name}；{see}"),
                format!("--{name} stands behind the command, as in kb status --{name}; {see}"),
            ));
        }
        Some(other) => return Err(wrong(other.unexpected())),
    };
    let wrong = |error| format!("{}{}", told(error, language), see(Some(command), language));
    let mut parsed = Arguments {
        command,
        values: Vec::new(),
        options: HashMap::new(),
    };
    while let Some(argument) = parser.next().map_err(wrong)? {
        let found = match &argument {
            Short(short) => commands::options(command).find(|option| option.short == Some(*short)),
            Long(name) => commands::options(command).find(|option| option.name == *name),
            Value(value) => {
                let value = value
                    .to_str()
                    .ok_or_else(|| language.pick("参数不是 UTF-8".to_owned(), "an argument is not UTF-8".to_owned()))?;
                parsed.values.push(value.to_owned());
                continue;
            }
        };
        let option = match found {
            Some(option) => option,
            None => return Err(wrong(argument.unexpected())),
        };
        if option.name == "help" {
            return Ok(Parsed::Help(commands::help_for(command, language)));
        }
        let value = match option.value {
            Some(_) => parser.value().and_then(|value| value.string()).map_err(wrong)?,
            None => String::new(),
        };
        parsed.options.insert(option.name, value);
    }
    Ok(Parsed::Run(parsed))
}

/// Says what is wrong with an option, up to what to do about it.
fn told(error: lexopt::Error, language: Language) -> String {
    use lexopt::Error;
    if language == Language::English {
        return format!("{error}; ");
    }
    match error {
        Error::UnexpectedOption(option) => format!("没有选项 {option}；"),
        Error::MissingValue { option: Some(option) } => format!("{option} 后面要写一个值；"),
        Error::UnexpectedValue { option, .. } => format!("{option} 后面不用写值；"),
        other => format!("{other}；"),
    }
}

/// Says that the arguments of a command are wrong.
pub fn usage(command: &Command, language: Language) -> String {
    language.pick(
        format!("要这样写：{}；{}", written(command), see(Some(command), language)),
        format!("write {}; {}", written(command), see(Some(command), language)),
    )
}

fn written(command: &Command) -> String {
    format!("kb {} {}", command.name, command.arguments)
        .trim_end()
        .to_owned()
}

fn see(command: Option<&Command>, language: Language) -> String {
    let name = command.map(|command| format!("{} ", command.name)).unwrap_or_default();
    language.pick(format!("说明见 kb {name}--help"), format!("see kb {name}--help"))
}

fn unknown(name: &str, language: Language) -> String {
    let near = commands::ALL.iter().find(|command| {
        command.name.starts_with(name)
            || (name.len() > 2 && name.starts_with(&command.name[..command.name.len().min(3)]))
    });
    let meant = near.map(|command| {
        language.pick(
            format!("；是不是 kb {}？", command.name),
            format!("; do you mean kb {}?", command.name),
        )
    });
    let message = language.pick(format!("没有命令“{name}”"), format!("there is no command `{name}`"));
    format!(
        "{message}{}",
        meant.unwrap_or_else(|| format!("{}{}", language.pick("；", "; "), see(None, language)))
    )
}
