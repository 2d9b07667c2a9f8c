use std::ffi::OsString;
use std::path::PathBuf;

use dafu::AskOptions;

use crate::Language;

/// What is asked, of what, and how it is shown.
pub struct Arguments {
    pub kb: Option<PathBuf>,
    pub options: AskOptions,
    pub json: bool,
    pub why: bool,
    /// None: they come from standard input.
    pub questions: Vec<String>,
}

pub enum Parsed {
    Help(&'static str),
    Ask(Box<Arguments>),
}

pub fn parse(arguments: impl IntoIterator<Item = OsString>, language: Language) -> Result<Parsed, String> {
    use lexopt::prelude::*;
    let usage = |message: String| format!("{message}; {}", language.pick("用法见 --help", "see --help"));
    let mut parsed = Arguments {
        kb: None,
        options: AskOptions::new(),
        json: false,
        why: false,
        questions: Vec::new(),
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(|e| usage(e.to_string()))? {
        let name = match argument {
            Short('h') | Long("help") => return Ok(Parsed::Help(language.pick(HELP_ZH, HELP_EN))),
            Long("json") => {
                parsed.json = true;
                continue;
            }
            Long("why") => {
                parsed.why = true;
                continue;
            }
            Long("kb") => {
                parsed.kb = Some(parser.value().map_err(|e| usage(e.to_string()))?.into());
                continue;
            }
            Long(name @ ("channel" | "audience" | "locale" | "at" | "threshold" | "choices")) => name.to_owned(),
            Value(question) => {
                let question = question.string().map_err(|e| usage(e.to_string()))?;
                parsed.questions.push(question);
                continue;
            }
            other => return Err(usage(other.unexpected().to_string())),
        };
        let value = parser
            .value()
            .and_then(|value| value.string())
            .map_err(|e| usage(e.to_string()))?;
        set(&mut parsed.options, &name, &value, language).map_err(|why| usage(format!("--{name}: {why}")))?;
    }
    Ok(Parsed::Ask(Box::new(parsed)))
}

fn set(options: &mut AskOptions, name: &str, value: &str, language: Language) -> Result<(), String> {
    let invalid = |error: dafu::InvalidValue| language.pick(error.in_chinese(), error.to_string());
    match name {
        "channel" => options.channel = Some(value.try_into().map_err(invalid)?),
        "locale" => options.locale = Some(value.try_into().map_err(invalid)?),
        "at" => options.at = Some(value.try_into().map_err(invalid)?),
        "audience" => options.audience = Some(value.try_into().map_err(invalid)?),
        "threshold" => {
            let number = value
                .parse::<f32>()
                .map_err(|_| language.pick(format!("`{value}` 不是数字"), format!("`{value}` is no number")))?;
            options.threshold = Some(number.try_into().map_err(invalid)?);
        }
        _ => {
            let number = value.parse().ok().filter(|choices| (0..=5).contains(choices));
            options.choices = Some(number.ok_or_else(|| {
                language.pick(
                    format!("`{value}` 不是 0 到 5 的整数"),
                    format!("`{value}` is no number from 0 to 5"),
                )
            })?);
        }
    }
    Ok(())
}

const HELP_EN: &str = "\
Asks a knowledge base.

  ask [OPTIONS] [QUESTION ...]

Each QUESTION is answered. Without one, each line of standard input is.

  --kb PATH          a content file (.jsonl, .csv) or an index folder; by default the sample shop
  --channel NAME     where the customer asks, such as app
  --audience WHO     customer (the default) or agent
  --locale NAME      the customer's language, such as zh-Hant
  --at TIME          another clock, such as 2026-11-11T20:00:00+08:00 or \"2026-11-11 20:00\"
  --threshold T      how sure an answer must be, from 0 to 1
  --choices N        how many choices are offered at most, from 0 to 5
  --why              shows what the decision rests on
  --json             writes one JSON object a question
  -h, --help         shows this text

Exit code: 0 when every question got an answer or choices, 3 when one got no answer, 1 when something is wrong.";

const HELP_ZH: &str = "\
向知识库提问。

  ask [选项] [问题 ...]

逐个回答命令行上的问题；没有写问题时，逐行回答标准输入里的问题。

  --kb 路径          知识库文件（.jsonl、.csv）或索引文件夹；默认用示例商城
  --channel 渠道     顾客从哪里来问，例如 app
  --audience 对象    customer（顾客，默认）或 agent（客服）
  --locale 语言      顾客的语言，例如 zh-Hant
  --at 时间          换一个时间来问，例如 2026-11-11T20:00:00+08:00 或 \"2026-11-11 20:00\"
  --threshold 数值   把握达到多少才直接回答，0 到 1
  --choices 个数     最多给出几个候选，0 到 5
  --why              显示作出判断的依据
  --json             每个问题输出一个 JSON 对象
  -h, --help         显示本说明

退出码：每个问题都有回答或候选时为 0，有问题答不上时为 3，出错时为 1。";
