//! From the store to a publication, past the gate.

use dafu::{AskOptions, ErrorKind};
use serde::Serialize;

use crate::check::{Finding, TestResult, run_tests, structural};
use crate::error::{Error, Result};
use crate::item::content_of;
use crate::live::Live;
use crate::publication::{LIVE, PruneRule, Pruned, Publication, Served};
use crate::store::{Intent, Store};

/// How a version is published. What is not set has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishOptions {
    /// The version: the newest by default.
    pub version: Option<u64>,
    /// The channel: `live` by default.
    pub channel: Option<String>,
    /// Why it is to be published although the gate refuses it; goes into the audit trail.
    pub override_reason: Option<String>,
}

/// What came of a publish.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[must_use]
#[non_exhaustive]
pub enum Publish {
    /// The channel serves the version.
    Done(Published),
    /// The gate refuses it; the channel serves what it served before.
    Refused(Refusal),
}

/// A publish that went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Published {
    /// What the channel serves now.
    pub served: Served,
    /// Whether the generation was there already, so that nothing was built.
    pub was_there: bool,
}

/// Why the gate refuses a version.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The errors among the findings.
    pub errors: Vec<Finding>,
    /// The test questions that the channel's present generation passes and the new one does not.
    pub regressions: Vec<TestResult>,
}

impl PublishOptions {
    /// Returns options that are all default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the version.
    pub fn version(mut self, version: u64) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the channel.
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Publishes even if the gate refuses, for this reason.
    pub fn override_gate(mut self, reason: impl Into<String>) -> Self {
        self.override_reason = Some(reason.into());
        self
    }
}

impl Refusal {
    fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.regressions.is_empty()
    }
}

impl Store {
    /// Publishes a version: builds its generation, or finds it, asks it the test questions, and switches the channel.
    ///
    /// The gate refuses a version with [errors](dafu::Severity::Error), or that fails a test question which the channel passes at
    /// present, unless there is a reason to override it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such version, [`ErrorKind::Busy`] when another process publishes for
    /// too long, [`ErrorKind::Io`] when the disk refuses. The channel serves what it served before, whole.
    ///
    /// # Examples
    ///
    /// ```
    /// use dafu::Content;
    /// use dafu_versions::{Expectation, Publication, Publish, PublishOptions, Store, TestQuestion};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let store = Store::create(folder.path().join("shop.dafu"))?;
    /// let publication = Publication::create(folder.path().join("shop"))?;
    /// let commit = |lines: &str| -> Result<(), dafu_versions::Error> {
    ///     let draft = store.new_draft("d", "王芳")?;
    ///     draft.import(&Content::from_jsonl(lines.as_bytes())?)?;
    ///     draft.commit("王芳", "")?;
    ///     Ok(())
    /// };
    /// commit(r#"{"id":"refund","question":"退款多久到账？","answer":"3天。"}"#)?;
    /// let test = TestQuestion { question: "退款多久到账".into(), expected: Expectation::Entry("refund".into()) };
    /// store.put_test_questions(&[test], "王芳")?;
    /// assert!(matches!(store.publish(&publication, "王芳", &PublishOptions::new())?, Publish::Done(_)));
    ///
    /// commit(r#"{"id":"hours","question":"几点上班？","answer":"9点。"}"#)?;
    /// let Publish::Refused(refusal) = store.publish(&publication, "王芳", &PublishOptions::new())? else { panic!() };
    /// assert_eq!(refusal.regressions[0].test.question, "退款多久到账");
    /// let anyway = PublishOptions::new().override_gate("退款改由人工处理");
    /// assert!(matches!(store.publish(&publication, "王芳", &anyway)?, Publish::Done(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn publish(&self, publication: &Publication, who: &str, options: &PublishOptions) -> Result<Publish> {
        let channel = options.channel.as_deref().unwrap_or(LIVE);
        let version = match options.version {
            Some(version) => version,
            None => self.newest()?.map_or(0, |version| version.number),
        };
        if version == 0 {
            return Err(Error::new(
                ErrorKind::NotFound,
                "there is no version to publish; commit a draft first",
            ));
        }
        let override_reason = options.override_reason.as_deref().map(str::trim);
        if override_reason == Some("") {
            let message = "to override the gate takes a reason; say why";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let items = self.items(version)?;
        let errors = structural(&items);
        let content = content_of(items.into_iter().map(|(_, item)| item))?;
        let prepared = publication.prepare(&content)?;
        // While it is prepared nobody else switches, so what is begun and not done was interrupted.
        self.settle(publication)?;
        let refusal = Refusal {
            errors,
            regressions: self.regressions(publication, channel, prepared.knowledge_base())?,
        };
        if !refusal.is_empty() && override_reason.is_none() {
            return Ok(Publish::Refused(refusal));
        }
        let was_there = prepared.was_there();
        let generation = prepared.name().to_owned();
        let intent = Intent {
            folder: publication.folder(),
            channel,
            generation: &generation,
            version,
            who,
            what: "publish",
            override_reason: override_reason.filter(|_| !refusal.is_empty()),
        };
        let begun = self.begin_switch(&intent)?;
        let served = prepared.switch(channel, version)?;
        self.finish_switch(&begun, &intent, &served)?;
        Ok(Publish::Done(Published { served, was_there }))
    }

    /// Rolls a channel back, as [`Publication::roll_back`] does, and writes it down in the audit trail.
    ///
    /// # Errors
    ///
    /// As [`Publication::roll_back`].
    pub fn roll_back(&self, publication: &Publication, channel: &str, to: Option<u64>, who: &str) -> Result<Served> {
        let lock = publication.lock()?;
        publication.clean_up()?;
        self.settle(publication)?;
        let target = publication.roll_back_target(channel, to)?;
        let intent = Intent {
            folder: publication.folder(),
            channel,
            generation: &target.generation,
            version: target.version,
            who,
            what: "roll back",
            override_reason: None,
        };
        let begun = self.begin_switch(&intent)?;
        let served = publication.take_up_again(channel, &target, &lock)?;
        self.finish_switch(&begun, &intent, &served)?;
        Ok(served)
    }

    /// Removes generations that the rule does not keep; those of labelled versions are kept as well.
    ///
    /// # Errors
    ///
    /// As [`Publication::prune`].
    pub fn prune(&self, publication: &Publication, rule: &PruneRule) -> Result<Pruned> {
        let mut rule = rule.clone();
        rule.keep.extend(self.labelled_generations(publication.folder())?);
        publication.prune(&rule)
    }

    fn settle(&self, publication: &Publication) -> Result<()> {
        self.settle_switches(publication.folder(), |channel| publication.switches(channel))
    }

    /// Returns the test questions that the channel passes at present and the new knowledge base does not.
    fn regressions(
        &self,
        publication: &Publication,
        channel: &str,
        new: &dafu::KnowledgeBase,
    ) -> Result<Vec<TestResult>> {
        let tests = self.test_questions()?;
        let options = AskOptions::new();
        let failed: Vec<TestResult> = run_tests(new, &tests, &options)?
            .into_iter()
            .filter(|test| !test.passes)
            .collect();
        if failed.is_empty() || publication.serving(channel)?.is_none() {
            return Ok(Vec::new());
        }
        let present = match Live::open_channel(publication.folder(), channel) {
            Ok(present) => present.current(),
            // A damaged generation answers nothing, so nothing can be worse than it.
            Err(e) if matches!(e.kind(), ErrorKind::Corrupt | ErrorKind::Format | ErrorKind::NotFound) => {
                return Ok(Vec::new());
            }
            Err(e) => return Err(e),
        };
        let again: Vec<_> = failed.iter().map(|failed| failed.test.clone()).collect();
        let before = run_tests(present.knowledge_base(), &again, &options)?;
        let passed = before.iter().map(|before| before.passes);
        Ok(failed
            .into_iter()
            .zip(passed)
            .filter(|(_, passed)| *passed)
            .map(|(failed, _)| failed)
            .collect())
    }
}
