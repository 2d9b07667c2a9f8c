use dafu::Severity;
use dafu_versions::{
    AnswerDiff, CheckOptions, Live, Publication, Publish, PublishOptions, Refusal, answer_diff, check, questions_of,
};
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::check::finding_json;
use super::diff;
use super::failure::{Failure, Result};
use super::names;
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Publishes a version, after it has shown what that changes.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let workspace = Workspace::open(arguments, world)?;
    let channel = arguments.option("channel").unwrap_or("live");
    let version = match arguments.number("version", language).map_err(Failure::Usage)? {
        Some(version) => version,
        None => workspace.newest()?,
    };
    if version == 0 {
        return Err(Failure::Said(world.pick(
            "还没有版本可以发布；先 kb import，再 kb commit".to_owned(),
            "there is no version to publish yet; kb import and kb commit first".to_owned(),
        )));
    }
    let publication = Publication::create(workspace.published())?;
    let serving = publication.serving(channel)?;
    let preview = Preview::of(&workspace, &publication, channel, version, world)?;
    if arguments.has("json") {
        if !arguments.has("yes") {
            let mut json = preview.json(version);
            json["published"] = json!(false);
            world.json(&json)?;
            return Ok(super::REFUSED);
        }
    } else {
        preview.tell(
            serving.as_ref().map(|served| served.version),
            version,
            channel,
            &workspace,
            world,
        )?;
        if !arguments.has("yes")
            && !world.confirm(
                &format!("把版本 {version} 发布到 {channel} 吗？"),
                &format!("Publish version {version} to {channel}?"),
            )?
        {
            return Err(Failure::Declined);
        }
    }
    let mut options = PublishOptions::new().version(version).channel(channel);
    if let Some(reason) = arguments.option("reason") {
        options = options.override_gate(reason);
    }
    match workspace.store.publish(&publication, &workspace.author, &options)? {
        Publish::Done(published) => {
            let generation = &published.served.generation;
            if arguments.has("json") {
                let mut json = preview.json(version);
                json["published"] = json!(true);
                json["generation"] = json!(generation);
                world.json(&json)?;
            } else {
                let done = world.pick(
                    format!("{channel} 现在是版本 {version}。"),
                    format!("{channel} serves version {version} now."),
                );
                let done = world.paint(Colour::Green, &done);
                world.say(done)?;
            }
            Ok(super::DONE)
        }
        Publish::Refused(refusal) => {
            if arguments.has("json") {
                let mut json = preview.json(version);
                json["published"] = json!(false);
                json["refusal"] = refusal_json(&refusal);
                world.json(&json)?;
            } else {
                tell_refusal(&refusal, world)?;
            }
            Ok(super::REFUSED)
        }
        _ => Err(Failure::Said(world.pick(
            "这个版本的 kb 不认识发布的结果".to_owned(),
            "this release of kb does not know the outcome of the publish".to_owned(),
        ))),
    }
}

/// What a publish will change.
struct Preview {
    changes: Vec<dafu_versions::Change>,
    answers: Option<AnswerDiff>,
    tests: usize,
    findings: Vec<dafu_versions::Finding>,
}

impl Preview {
    fn of(
        workspace: &Workspace,
        publication: &Publication,
        channel: &str,
        version: u64,
        world: &World<'_, '_>,
    ) -> Result<Self> {
        let serving = publication.serving(channel)?;
        let from = serving.as_ref().map_or(0, |served| served.version);
        let content = workspace.store.content(version)?;
        let tests = workspace.store.test_questions()?;
        let answers = match &serving {
            Some(_) => {
                let live = Live::open_channel(workspace.published(), channel)?.current();
                let before = workspace.version_content(from)?;
                let questions = questions_of([&before, &content], &tests);
                // Built once: the publish after it finds it there.
                let prepared = publication.prepare(&content)?;
                let progress = world.progress("比较答案", "comparing answers");
                let show = |done, total| progress.show(done, total);
                Some(answer_diff(
                    live.knowledge_base(),
                    prepared.knowledge_base(),
                    &questions,
                    &diff::options(),
                    &show,
                )?)
            }
            None => None,
        };
        let progress = world.progress("检查", "checking");
        let show = |done, total| progress.show(done, total);
        let findings = check(
            &workspace.state(Some(version))?.items,
            &tests,
            &CheckOptions::default(),
            &show,
        )?;
        Ok(Self {
            changes: workspace.store.diff(from, version)?,
            answers,
            tests: tests.len(),
            findings,
        })
    }

    fn tell(
        &self,
        from: Option<u64>,
        version: u64,
        channel: &str,
        workspace: &Workspace,
        world: &mut World<'_, '_>,
    ) -> Result<()> {
        match from {
            Some(from) => world.tell(
                format!("{channel} 现在是版本 {from}，要发布版本 {version}。"),
                format!("{channel} serves version {from}; this is version {version}."),
            )?,
            None => world.tell(
                format!("第一次发布到 {channel}：版本 {version}。"),
                format!("The first publish to {channel}: version {version}."),
            )?,
        }
        diff::tell(&self.changes, SHOWN, world)?;
        if let Some(answers) = &self.answers {
            let phrasings = answers.questions.saturating_sub(self.tests);
            world.tell(
                format!("{} 个测试问题和 {phrasings} 个问法：", self.tests),
                format!("{} test questions and {phrasings} phrasings:", self.tests),
            )?;
            diff::tell_answers(answers, SHOWN, world)?;
        }
        let errors = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
        let warnings = self.findings.len() - errors;
        world.tell(
            format!("检查：{errors} 处错误，{warnings} 处提醒（kb check --version {version}）"),
            format!("check: {errors} errors, {warnings} warnings (kb check --version {version})"),
        )?;
        if let Some(draft) = workspace.draft()?
            && !draft.changes()?.is_empty()
        {
            world.tell(
                "注意：草稿里还有没提交的改动，不会发布。",
                "Note: the draft has changes that are not committed, and not published.",
            )?;
        }
        Ok(())
    }

    fn json(&self, version: u64) -> Value {
        json!({
            "version": version,
            "changes": self.changes.iter().map(diff::change_json).collect::<Vec<_>>(),
            "answers": self.answers.as_ref().map(diff::answers_json),
            "findings": self.findings.iter().map(finding_json).collect::<Vec<_>>(),
        })
    }
}

/// Takes up again what was served before, after it has shown what that brings back.
pub fn roll_back(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let workspace = Workspace::open(arguments, world)?;
    let channel = arguments.option("channel").unwrap_or("live");
    let wanted = arguments.number("version", language).map_err(Failure::Usage)?;
    let publication = workspace.publication()?;
    let served = match &publication {
        Some(publication) => publication.serving(channel)?,
        None => None,
    };
    let (Some(publication), Some(served)) = (publication, served) else {
        return Err(Failure::Said(world.pick(
            format!("{channel} 还没有发布过"),
            format!("nothing was ever published to {channel}"),
        )));
    };
    let switches = publication.switches(channel)?;
    let target = match wanted {
        Some(version) => switches
            .iter()
            .find(|switch| switch.version == version && switch.number != served.number),
        None => switches.iter().find(|switch| Some(switch.number) == served.before),
    };
    let Some(target) = target else {
        return Err(Failure::Said(world.pick(
            format!("{channel} 没有可以退回的版本"),
            format!("{channel} has served nothing else to take up again"),
        )));
    };
    let changes = workspace.store.diff(served.version, target.version)?;
    let (from, to, time) = (served.version, target.version, names::time(target.time));
    if !arguments.has("json") {
        world.tell(
            format!("{channel} 现在是版本 {from}；退回到版本 {to}（{time} 发布）会："),
            format!("{channel} serves version {from}; version {to} (published {time}) brings back:"),
        )?;
        diff::tell(&changes, SHOWN, world)?;
    }
    let goes_on = arguments.has("yes")
        || (!arguments.has("json")
            && world.confirm(&format!("退回到版本 {to} 吗？"), &format!("Roll back to version {to}?"))?);
    if !goes_on {
        return Err(Failure::Declined);
    }
    let served = workspace
        .store
        .roll_back(&publication, channel, Some(target.number), &workspace.author)?;
    if arguments.has("json") {
        let changes: Vec<Value> = changes.iter().map(diff::change_json).collect();
        world.json(&json!({"version": served.version, "generation": served.generation, "changes": changes}))?;
    } else {
        let done = world.pick(
            format!("{channel} 现在是版本 {to}。"),
            format!("{channel} serves version {to} now."),
        );
        let done = world.paint(Colour::Green, &done);
        world.say(done)?;
    }
    Ok(super::DONE)
}

fn tell_refusal(refusal: &Refusal, world: &mut World<'_, '_>) -> Result<()> {
    let title = world.pick("没有发布：", "Not published:");
    let title = world.paint(Colour::Red, title);
    world.say(title)?;
    super::check::tell(&refusal.errors, SHOWN, "kb check --all", world)?;
    for result in &refusal.regressions {
        let got = result
            .entry
            .as_deref()
            .unwrap_or_else(|| world.pick("没有回答", "no answer"))
            .to_owned();
        let question = &result.test.question;
        world.tell(
            format!("  测试问题“{question}”以前答对，现在得到：{got}"),
            format!("  the test question `{question}` was right before, and gets now: {got}"),
        )?;
    }
    world.tell(
        "改好后再发布；一定要发布时写明理由：kb publish --reason 理由",
        "Correct it and publish again; to publish it anyway, say why: kb publish --reason WHY",
    )
}

fn refusal_json(refusal: &Refusal) -> Value {
    let regressions: Vec<Value> = refusal
        .regressions
        .iter()
        .map(|result| json!({"question": result.test.question, "entry": result.entry, "confidence": result.confidence}))
        .collect();
    json!({"errors": refusal.errors.iter().map(finding_json).collect::<Vec<_>>(), "regressions": regressions})
}

const SHOWN: usize = 10;
