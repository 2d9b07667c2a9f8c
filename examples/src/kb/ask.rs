use dafu::{AskOptions, Decision, Evidence, KnowledgeBase};
use dafu_versions::Live;
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::diff::options;
use super::failure::{Failure, Result};
use super::workspace::Workspace;
use super::world::{Colour, World};
use crate::Language;

/// Asks draft, test and live side by side.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    if arguments.values.is_empty() {
        return Err(Failure::Usage(usage(arguments.command, world.around.language)));
    }
    let workspace = Workspace::open(arguments, world)?;
    let sides = Sides::of(&workspace, world)?;
    let options = options();
    let mut code = super::DONE;
    let mut replies = Vec::new();
    for question in &arguments.values {
        if !arguments.has("json") {
            // As far as it is one line, and without what would move a terminal's cursor.
            let shown: String = super::shortened(question, SHOWN)
                .chars()
                .filter(|c| !c.is_control())
                .collect();
            let shown = world.paint(Colour::Blue, &shown);
            world.say(shown)?;
        }
        let mut by_side = serde_json::Map::new();
        for side in &sides.all {
            let reply = side.ask(question, &options)?;
            if matches!(reply.decision, Decision::NoAnswer(_)) {
                code = super::LOOK;
            }
            if arguments.has("json") {
                by_side.insert(
                    side.name.clone(),
                    side.json(question, &reply, &options, arguments.has("why"))?,
                );
            } else {
                side.tell(question, &reply, &options, arguments.has("why"), world)?;
            }
        }
        replies.push(json!({"question": question, "replies": by_side}));
    }
    if arguments.has("json") {
        world.json(&json!({"questions": replies}))?;
    }
    Ok(code)
}

/// All knowledge bases that can be asked.
struct Sides {
    all: Vec<Side>,
}

/// A knowledge base that can be asked.
struct Side {
    /// `draft`, `newest`, or the name of a channel.
    name: String,
    title: String,
    kb: Kb,
}

enum Kb {
    Built(Box<KnowledgeBase>),
    Served(std::sync::Arc<dafu_versions::Generation>),
}

impl Sides {
    fn of(workspace: &Workspace, world: &World<'_, '_>) -> Result<Self> {
        let mut all = Vec::new();
        let draft = workspace.draft()?;
        let (name, chinese, english) = match draft {
            Some(_) => ("draft", "草稿".to_owned(), "draft".to_owned()),
            None => {
                let newest = workspace.newest()?;
                ("newest", format!("版本 {newest}"), format!("version {newest}"))
            }
        };
        if let Some(kb) = workspace.knowledge_base(&workspace.content(None)?)? {
            all.push(Side {
                name: name.to_owned(),
                title: world.pick(chinese, english),
                kb: Kb::Built(Box::new(kb)),
            });
        }
        if let Some(publication) = workspace.publication()? {
            for channel in publication.channels()? {
                let generation = Live::open_channel(workspace.published(), &channel)?.current();
                let version = generation.version();
                all.push(Side {
                    title: world.pick(
                        format!("{channel}（版本 {version}）"),
                        format!("{channel} (version {version})"),
                    ),
                    name: channel,
                    kb: Kb::Served(generation),
                });
            }
        }
        if all.is_empty() {
            return Err(Failure::Said(world.pick(
                "还没有任何问答；先 kb import".to_owned(),
                "there are no entries yet; kb import first".to_owned(),
            )));
        }
        Ok(Self { all })
    }
}

impl Side {
    fn kb(&self) -> &KnowledgeBase {
        match &self.kb {
            Kb::Built(kb) => kb,
            Kb::Served(generation) => generation.knowledge_base(),
        }
    }

    fn ask(&self, question: &str, options: &AskOptions) -> Result<dafu::Reply> {
        Ok(self.kb().ask(question, options)?)
    }

    fn tell(
        &self,
        question: &str,
        reply: &dafu::Reply,
        options: &AskOptions,
        why: bool,
        world: &mut World<'_, '_>,
    ) -> Result<()> {
        let title = &self.title;
        match &reply.decision {
            Decision::Answer => {
                let hit = &reply.hits[0];
                let confidence = hit.confidence * 100.0;
                world.say(format!("  {title}: {} ({confidence:.0}%)", hit.entry))?;
                for line in hit.answer.as_deref().unwrap_or_default().lines() {
                    world.say(format!("    {line}"))?;
                }
            }
            Decision::Choices(count) => {
                world.tell(format!("  {title}: 请顾客选"), format!("  {title}: did you mean"))?;
                for hit in reply.hits.iter().take(*count) {
                    world.say(format!(
                        "    {} {} ({:.0}%)",
                        hit.entry,
                        hit.question,
                        hit.confidence * 100.0
                    ))?;
                }
            }
            other => {
                let reason = super::names::reason(other, world.around.language);
                world.tell(
                    format!("  {title}: 没有回答（{reason}）"),
                    format!("  {title}: no answer ({reason})"),
                )?;
            }
        }
        if !why {
            return Ok(());
        }
        let explanation = self.kb().explain(question, options)?;
        for entry in explanation.entries.iter().take(3) {
            let told = told(&entry.evidence, world.around.language);
            let (id, phrasing) = (&entry.entry, &entry.phrasing);
            world.tell(
                format!("      {id} 最接近的问法“{phrasing}”：{}", told.join("，")),
                format!("      {id}, nearest phrasing `{phrasing}`: {}", told.join(", ")),
            )?;
        }
        Ok(())
    }

    fn json(&self, question: &str, reply: &dafu::Reply, options: &AskOptions, why: bool) -> Result<Value> {
        let mut json = serde_json::to_value(reply).unwrap_or_default();
        if why {
            json["explanation"] = serde_json::to_value(self.kb().explain(question, options)?).unwrap_or_default();
        }
        Ok(json)
    }
}

/// Tells the evidence that an editor can do something about; `--json` has all of it.
fn told(evidence: &Evidence, language: Language) -> Vec<String> {
    let numbers = [
        ("字词", "words", evidence.cosine),
        ("意思", "meaning", evidence.meaning),
        ("学到的", "learned", evidence.learned),
        ("读音", "sound", evidence.sound),
        ("答案里有", "in the answer", evidence.answer),
    ];
    let facts = [
        ("完全一样", "the same", evidence.exact),
        ("数字不同", "other numbers", evidence.numbers_differ),
        ("字母或型号不同", "other letters or codes", evidence.codes_differ),
        ("一个说“不”，一个没有", "only one says no", evidence.negation_differs),
        // A little is usual.
        (
            "像是与知识库无关",
            "seems to be about something else",
            evidence.strange - 1.0,
        ),
    ];
    let numbers = numbers
        .into_iter()
        .map(|(chinese, english, value)| format!("{} {value:.2}", language.pick(chinese, english)));
    let facts = facts.into_iter().filter(|(.., value)| *value > 0.0);
    numbers
        .chain(facts.map(|(chinese, english, _)| language.pick(chinese, english).to_owned()))
        .collect()
}

/// How many characters of a question are shown.
const SHOWN: usize = 60;
