use std::ffi::OsString;
use std::path::PathBuf;

use dafu::AskOptions;

use crate::floor::Floor;
use crate::order::Order;

pub struct Arguments {
    pub kb: PathBuf,
    pub questions: PathBuf,
    pub out_of_scope: Option<PathBuf>,
    pub report: Option<PathBuf>,
    pub baseline: Option<PathBuf>,
    pub json: bool,
    pub threads: usize,
    pub whole_dictionary: bool,
    pub without_meanings: bool,
    pub order_by: Option<Order>,
    pub hide: f64,
    /// How each question is asked.
    pub options: AskOptions,
    pub wrong: bool,
    pub floors: Vec<Floor>,
}

impl Arguments {
    /// The arguments; none if help was asked for and given.
    pub fn parse() -> Result<Option<Self>, String> {
        use lexopt::prelude::*;
        let (mut kb, mut questions, mut out_of_scope) = (None, None, None);
        let (mut report, mut baseline, mut order_by) = (None, None, None);
        let (mut json, mut threads, mut whole_dictionary, mut wrong) = (false, 1, false, false);
        let (mut without_meanings, mut hide) = (false, 0.0);
        let (mut options, mut floors) = (AskOptions::new(), Vec::new());
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(|e| e.to_string())? {
            match argument {
                Long("kb") => kb = Some(value(&mut parser)?.into()),
                Long("questions") => questions = Some(value(&mut parser)?.into()),
                Long("out-of-scope") => out_of_scope = Some(value(&mut parser)?.into()),
                Long("report") => report = Some(value(&mut parser)?.into()),
                Long("baseline") => baseline = Some(value(&mut parser)?.into()),
                Long("json") => json = true,
                Long("whole-dictionary") => whole_dictionary = true,
                Long("without-meanings") => without_meanings = true,
                Long("order-by") => order_by = Some(value(&mut parser)?.to_string_lossy().parse()?),
                Long("hide") => {
                    let part = value(&mut parser)?.to_string_lossy().parse::<f64>().ok();
                    hide = part
                        .filter(|part| (0.0..1.0).contains(part))
                        .ok_or("--hide takes a share from 0 to 1, such as 0.15")?;
                }
                Long("at") => {
                    let at = value(&mut parser)?.to_string_lossy().into_owned().try_into();
                    options.at = Some(at.map_err(|e| format!("--at: {e}"))?);
                }
                Long("wrong") => wrong = true,
                Long("floor") => floors.push(value(&mut parser)?.to_string_lossy().parse()?),
                Long("threads") => {
                    let number = value(&mut parser)?.to_string_lossy().parse::<usize>().ok();
                    threads = number
                        .filter(|n| (1..=256).contains(n))
                        .ok_or("--threads takes a number from 1 to 256")?;
                }
                Short('h') | Long("help") => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(format!("{}; see --help", other.unexpected())),
            }
        }
        if order_by.is_some() && (report.is_some() || baseline.is_some()) {
            return Err("--order-by measures places only: leave --report and --baseline out".to_owned());
        }
        let missing = |name| format!("{name} is missing; see --help");
        Ok(Some(Self {
            kb: kb.ok_or_else(|| missing("--kb"))?,
            questions: questions.ok_or_else(|| missing("--questions"))?,
            out_of_scope,
            report,
            baseline,
            json,
            threads,
            whole_dictionary,
            without_meanings,
            order_by,
            hide,
            options,
            wrong,
            floors,
        }))
    }
}

fn value(parser: &mut lexopt::Parser) -> Result<OsString, String> {
    parser.value().map_err(|e| format!("{e}; see --help"))
}

const HELP: &str = "\
Measures how well and how fast a knowledge base answers labelled questions.

usage: evaluate --kb FAQ --questions QUERIES.tsv [options]

  --kb FAQ               a content file (.jsonl, .csv) or an index folder
  --questions FILE       `question TAB id[,id]` a line, `-` for none; or with a third field, the kind of question;
                         or `kind TAB question TAB id TAB question without the error that was made`
  --out-of-scope FILE    questions that no entry answers, one a line
  --report PAGE.html     write a page with charts, confusions, and the questions that failed, for reading
  --baseline OLD.json    compare with what --json printed before, for the same questions
  --floor FIGURE=VALUE   fail when this figure is lower, such as `told_right=0.9`; once for each figure
  --threads N            threads that ask at once when questions a second are measured (1)
  --hide SHARE           leave this share of the entries out, such as 0.15: their questions become unanswerable
  --at TIME              the clock for entries with validity windows, such as 2026-11-22 (now): the same figures on
                         whatever day they are measured
  --without-meanings     compare words and characters only
  --order-by EVIDENCE    order by a plain sum instead of the fitted one, to see what each part is worth: `words`
                         (as recall does), `meanings` (and the meanings), `learned` (and what the entries learned)
  --whole-dictionary     leave the slice of the dictionary out of the index
  --wrong                show on standard error what was told wrong
  --json                 one JSON object on standard output

example: cargo run --release --example evaluate -- --kb examples/data/shop.jsonl \\
           --questions examples/data/shop_questions.tsv --report report.html";
