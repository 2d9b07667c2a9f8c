use dafu::{Escape, Tag};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::failure::{Failure, Result};
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Lists the reply templates, or fills one in.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let content = workspace.content(None)?;
    let Some((id, slots)) = arguments.values.split_first() else {
        return list(&content, arguments, world);
    };
    let Some(template) = content.templates().iter().find(|template| template.id().as_str() == id) else {
        return Err(Failure::Said(world.pick(
            format!("没有话术 {id}；kb templates 列出全部"),
            format!("there is no template {id}; kb templates lists them"),
        )));
    };
    let mut values = Vec::new();
    for slot in slots {
        let pair = slot
            .split_once('=')
            .ok_or_else(|| Failure::Usage(usage(arguments.command, world.around.language)))?;
        values.push(pair);
    }
    let mut texts = Vec::new();
    for number in 0..template.wordings().len() {
        let text = template.render(number, values.iter().copied(), Escape::None);
        texts.push(text.map_err(|error| Failure::Said(world.pick(error.in_chinese(), error.to_string())))?);
    }
    if arguments.has("json") {
        world.json(&json!({"id": id, "texts": texts}))?;
        return Ok(super::DONE);
    }
    for text in texts {
        world.say(text)?;
    }
    Ok(super::DONE)
}

fn list(content: &dafu::Content, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let tag = |name: &str| arguments.option(name).map(Tag::try_from).transpose();
    let (scenario, mood) = (tag("scenario")?, tag("mood")?);
    let wanted = content.templates().iter().filter(|template| {
        scenario.as_ref().is_none_or(|scenario| template.scenario() == scenario)
            && mood.as_ref().is_none_or(|mood| template.mood() == Some(mood))
    });
    if arguments.has("json") {
        let templates: Vec<Value> = wanted
            .map(|template| serde_json::to_value(template).unwrap_or_default())
            .collect();
        world.json(&json!({"templates": templates}))?;
        return Ok(super::DONE);
    }
    for template in wanted {
        let mood = template.mood().map(|mood| format!(" / {mood}")).unwrap_or_default();
        let title = world.paint(
            Colour::Blue,
            &format!("{} [{}{mood}]", template.id(), template.scenario()),
        );
        world.say(title)?;
        for wording in template.wordings() {
            world.say(format!("  {}", wording.as_str().replace('\n', " ⏎ ")))?;
        }
        for slot in template.slots() {
            let default = slot
                .default()
                .map(|default| format!(" = {default}"))
                .unwrap_or_default();
            let kind = world.pick(slot.kind().in_chinese(), slot.kind().as_str());
            world.say(format!("    {}: {kind}{default}", slot.name()))?;
        }
    }
    Ok(super::DONE)
}
