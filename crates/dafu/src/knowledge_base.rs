use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::analysis::{Analyzer, Encoder, Normalized, built_in_encoder};
use crate::answer::{self, AskOptions, Explanation, Reply, SearchOptions, SearchPage};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{self, BuildStage, Dictionary, Index, Kind, Plan};
use crate::model::{Channel, Content, Entry, Escape, Phrasing, ReplyTemplate, Settings, StandardAnswer, Tag};
use crate::ranking::{Mix, fit, ranking_rules, train};

/// Answers customers' questions from a content.
///
/// It never changes, so any number of threads ask it at once, without locks. To change what it knows, build another.
///
/// ```
/// use dafu::{AskOptions, Content, Decision, KnowledgeBase};
///
/// let content = Content::from_jsonl(
///     r#"{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗","买错了想退"],"answer":"7天内可以退。"}
///        {"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}"#
///         .as_bytes(),
/// )?;
/// let kb = KnowledgeBase::new(&content)?;
/// let reply = kb.ask("東西不想要了，能退嗎？", &AskOptions::new())?;
/// assert_eq!(reply.decision, Decision::Answer);
/// assert_eq!(reply.hits[0].entry, "return");
/// assert_eq!(reply.hits[0].answer.as_deref(), Some("7天内可以退。"));
/// # Ok::<(), dafu::Error>(())
/// ```
#[derive(Debug)]
pub struct KnowledgeBase {
    index: Index,
    mix: Mix,
    handover: HashSet<String>,
}

/// How an index is built. What is not set has its default.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct BuildOptions {
    /// What makes vectors of texts, so that what means the same is near: by default dafu's own encoder, if the feature
    /// `vectors` is on. The same one must be at hand when the index is opened.
    pub encoder: Option<Arc<dyn Encoder>>,
    /// Leaves the meanings of texts out: the index is smaller by about 0.3 KB a phrasing, and finds less of what
    /// customers say in other words.
    pub without_meanings: bool,
    /// Leaves the slice of the dictionary out of the index: whoever opens it loads the whole dictionary, which takes
    /// about 100 ms and 33 MB more once a process. Answers differ at most for words that no text of the index has.
    pub whole_dictionary: bool,
    /// Builds upon an earlier knowledge base, so that only the changes cost time: the weights, the whitening of meanings
    /// and what was learned about entries whose phrasings are as they were are taken from it. The content and the basis
    /// decide together what the index says, whatever was built between the two; `docs/design.md`, *An index upon
    /// another*, says what that is worth.
    pub basis: Option<Arc<KnowledgeBase>>,
    /// Is told of each stage of the build as it begins, on the thread that builds. By default nobody is.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let mut options = dafu::BuildOptions::default();
    /// options.progress = Some(Arc::new(|stage| eprintln!("{stage:?} ...")));
    /// ```
    pub progress: Option<Arc<dyn Fn(BuildStage) + Send + Sync>>,
}

/// What a suggestion completes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// The id of the entry.
    pub entry: String,
    /// Its standard question.
    pub question: String,
}

/// Which templates are wanted. What is not set has its default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateFilter {
    /// Only templates for this scenario, such as `greeting`.
    pub scenario: Option<Tag>,
    /// Only templates for this mood, such as `angry`.
    pub mood: Option<Tag>,
    /// Only templates for this channel, and those for all channels.
    pub channel: Option<Channel>,
    /// Only templates with this tag.
    pub tag: Option<Tag>,
}

/// How much a knowledge base holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Statistics {
    /// Entries.
    pub entries: usize,
    /// Phrasings of all entries, standard questions included.
    pub phrasings: usize,
    /// Standard answers.
    pub standard_answers: usize,
    /// Reply templates.
    pub templates: usize,
    /// The name of the encoder that made the meanings of texts; none without.
    pub encoder: Option<String>,
}

impl KnowledgeBase {
    /// Builds a knowledge base in memory. 20,000 phrasings take some seconds, which an index folder saves.
    ///
    /// # Errors
    ///
    /// When the content cannot be indexed: see [`ErrorKind`].
    pub fn new(content: &Content) -> Result<Self> {
        Self::with_options(content, &BuildOptions::default())
    }

    /// Builds a knowledge base in memory, with options.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_options(content: &Content, options: &BuildOptions) -> Result<Self> {
        index::build_in_memory(content, &options.plan(content)?).and_then(Self::of)
    }

    /// Returns the fingerprint of all that decides what an index says of a content with these settings, but for the
    /// content: the rules of the analysis, its word lists, the settings, the encoder, the weights and the training.
    ///
    /// Whoever keeps indexes by name takes it into the name.
    ///
    /// ```
    /// use dafu::{KnowledgeBase, Settings};
    ///
    /// let mut settings = Settings::default();
    /// let before = KnowledgeBase::fingerprint_for(&settings);
    /// settings.stop_words.push("亲".try_into()?);
    /// assert_ne!(KnowledgeBase::fingerprint_for(&settings), before);
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    pub fn fingerprint_for(settings: &Settings) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(Analyzer::fingerprint(settings).as_bytes());
        hasher.update(ranking_rules().as_bytes());
        if let Some(encoder) = built_in_encoder() {
            hasher.update(encoder.fingerprint().as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Returns a text in the form in which texts are compared: simplified, lower case, numerals that count as digits.
    ///
    /// Takes about a microsecond for a question.
    ///
    /// ```
    /// use dafu::KnowledgeBase;
    ///
    /// assert_eq!(KnowledgeBase::normalize("ＶＩＰ七天退貨"), "vip7天退货");
    /// ```
    pub fn normalize(text: &str) -> String {
        Normalized::new(text).text()
    }

    /// Builds an index in a folder, which [`open`](Self::open) opens. An older index there is replaced when the new one
    /// is whole; until then, and when there is an error, it stays as it is.
    ///
    /// The switch is two renames: for an instant there is no folder. Where readers open it at any time, or the machine
    /// may stop at any time, publish generations with `dafu-versions` instead.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] when the folder holds anything but an index, which would be lost; [`ErrorKind::Io`] when
    /// the disk refuses, or when another process puts an index there at the same instant.
    pub fn build_index(content: &Content, path: impl AsRef<Path>, options: &BuildOptions) -> Result<()> {
        index::build(content, &options.plan(content)?, path.as_ref())
    }

    /// Opens the index in a folder. Its files are mapped, and compared with their checksums; a folder of 20,000
    /// phrasings takes some milliseconds.
    ///
    /// The files must stay as they are while it is open: to change an index, build it anew, which leaves the files
    /// of the old one to those who have them open.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no folder, [`ErrorKind::Format`] when it is no index or one of another
    /// release, [`ErrorKind::Corrupt`] when a file is damaged. The message names the file and the remedy.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Index::open(path.as_ref(), None).and_then(Self::of)
    }

    /// Opens an index that was built with a caller's own encoder.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); [`ErrorKind::Format`] when it was built with another encoder, which the message names.
    pub fn open_with(path: impl AsRef<Path>, encoder: Arc<dyn Encoder>) -> Result<Self> {
        Index::open(path.as_ref(), Some(encoder)).and_then(Self::of)
    }

    /// Opens an index that takes the place of this one, with the same encoder, in a few milliseconds: its files are not
    /// compared with their checksums, only their lengths and the checksum of the manifest, and the slice of the
    /// dictionary is not loaded once more if it is the same.
    ///
    /// For an index that has been compared since it was written, as `dafu-versions` does before it lets one serve.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_next(&self, path: impl AsRef<Path>) -> Result<Self> {
        self.index.open_next(path.as_ref()).and_then(Self::of)
    }

    /// Opens an index folder, or reads a content file and builds a knowledge base in memory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when there is neither; else as [`open`](Self::open), or as [`Content::open`] and
    /// [`new`](Self::new).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        // Asked first, since of a file that is not there nobody wants to hear what its name should end with.
        let what = std::fs::metadata(path).map_err(|e| Error::io(path, "reading", e))?;
        if what.is_dir() {
            Self::open(path)
        } else {
            Self::new(&Content::open(path)?)
        }
    }

    /// Returns the reply to a question: an answer, choices, or no answer and why.
    ///
    /// A question may be any text; one that is too long or empty gets no answer. Takes a fraction of a
    /// millisecond with 20,000 phrasings; the README has the figures.
    ///
    /// # Errors
    ///
    /// Only when the index cannot be read any more.
    pub fn ask(&self, question: &str, options: &AskOptions) -> Result<Reply> {
        answer::ask(&self.index, &self.mix, &self.handover, question, options)
    }

    /// Returns why a question gets its reply.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    ///
    /// # Examples
    ///
    /// ```
    /// # use dafu::{AskOptions, Content, KnowledgeBase};
    /// let content = Content::from_jsonl(r#"{"id":"huabei","question":"花呗怎么还款？"}"#.as_bytes())?;
    /// let explanation = KnowledgeBase::new(&content)?.explain("花唄怎么还", &AskOptions::new())?;
    /// assert_eq!(explanation.normalized, "花呗怎么还");
    /// assert!(explanation.entries[0].evidence.cosine > 0.5);
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn explain(&self, question: &str, options: &AskOptions) -> Result<Explanation> {
        answer::explain(&self.index, &self.mix, &self.handover, question, options)
    }

    /// Finds entries, standard answers and templates, for agents and editors.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the text is longer than a question may be.
    pub fn search(&self, text: &str, options: &SearchOptions) -> Result<SearchPage> {
        answer::search(&self.index, &self.mix, text, options)
    }

    /// Returns entries whose standard question continues what a customer is typing: Chinese, full pinyin (`tuikuan`)
    /// or initials (`tk`); questions that begin with it come first. At most `limit`, and 50.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    ///
    /// # Examples
    ///
    /// ```
    /// # use dafu::{AskOptions, Content, KnowledgeBase};
    /// let content = Content::from_jsonl(r#"{"id":"refund-time","question":"退款多久到账？"}"#.as_bytes())?;
    /// let kb = KnowledgeBase::new(&content)?;
    /// for typed in ["退款", "tuik", "tk", "多久"] {
    ///     assert_eq!(kb.suggest(typed, 5, &AskOptions::new())?[0].entry, "refund-time");
    /// }
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn suggest(&self, typed: &str, limit: usize, options: &AskOptions) -> Result<Vec<Suggestion>> {
        answer::suggest(&self.index, typed, limit, options)
    }

    /// Returns the entries that an entry names as related, in its order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no entry with this id.
    pub fn related(&self, id: &str) -> Result<Vec<Entry>> {
        let entry = self.get(id)?.ok_or_else(|| not_found("entry", id))?;
        entry
            .related
            .iter()
            .filter_map(|id| self.get(id.as_str()).transpose())
            .collect()
    }

    /// Returns an entry with all that it has.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub fn get(&self, id: &str) -> Result<Option<Entry>> {
        let Some(number) = self.index.number(Kind::Entry, id)? else {
            return Ok(None);
        };
        let mut entry: Entry = answer::read_item(&self.index, Kind::Entry, number)?;
        let phrasings = |range: std::ops::Range<u32>| -> Result<Vec<Phrasing>> {
            range
                .map(|phrasing| Ok(Phrasing::try_from(self.index.phrasing_text(phrasing))?))
                .collect()
        };
        let own = self.index.phrasings_of(number);
        entry.similar = phrasings(own.start + 1..own.end)?;
        entry.excluded = phrasings(self.index.excluded_of(number))?;
        Ok(Some(entry))
    }

    /// Returns a standard answer.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub fn standard_answer(&self, id: &str) -> Result<Option<StandardAnswer>> {
        let number = self.index.number(Kind::StandardAnswer, id)?;
        number
            .map(|number| answer::read_item(&self.index, Kind::StandardAnswer, number))
            .transpose()
    }

    /// Returns the reply templates that a filter lets through, in the order of the content.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub fn templates(&self, filter: &TemplateFilter) -> Result<Vec<ReplyTemplate>> {
        let all = (0..self.index.counts().templates)
            .map(|number| answer::read_item::<ReplyTemplate>(&self.index, Kind::Template, number));
        all.filter(|template| template.as_ref().map_or(true, |template| filter.lets_through(template)))
            .collect()
    }

    /// Returns a template with its slots filled.
    ///
    /// `turn` chooses the wording: count it up from reply to reply, so that replies rotate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no template with this id, [`ErrorKind::InvalidInput`] when slots miss, are
    /// unknown or do not fit; the message names all of them.
    ///
    /// # Examples
    ///
    /// ```
    /// # use dafu::{Content, Escape, KnowledgeBase};
    /// let content = Content::from_jsonl(
    ///     r#"{"kind":"template","id":"urge","scenario":"appease","texts":["订单{{order_no}}已为您催促。"],
    ///         "slots":[{"name":"order_no","kind":"order","required":true}]}"#.replace('\n', "").as_bytes(),
    /// )?;
    /// let kb = KnowledgeBase::new(&content)?;
    /// assert_eq!(kb.render("urge", 0, [("order_no", "QH20261101001")], Escape::None)?, "订单QH20261101001已为您催促。");
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn render<N: AsRef<str>, V: AsRef<str>>(
        &self,
        id: &str,
        turn: usize,
        values: impl IntoIterator<Item = (N, V)>,
        escape: Escape,
    ) -> Result<String> {
        let number = self
            .index
            .number(Kind::Template, id)?
            .ok_or_else(|| not_found("template", id))?;
        let template: ReplyTemplate = answer::read_item(&self.index, Kind::Template, number)?;
        template
            .render(turn, values, escape)
            .map_err(|e| Error::from_source(ErrorKind::InvalidInput, format!("template `{}`", template.id()), e))
    }

    /// Returns how much the knowledge base holds.
    pub fn statistics(&self) -> Statistics {
        let counts = self.index.counts();
        Statistics {
            entries: counts.entries as usize,
            phrasings: counts.phrasings as usize,
            standard_answers: counts.standard_answers as usize,
            templates: counts.templates as usize,
            encoder: self.index.encoder().map(str::to_owned),
        }
    }

    /// Returns how many entries an index of this content with this [basis](BuildOptions::basis) has to learn anew, or to
    /// do without; none if it cannot be the basis, because settings, encoder or release are others.
    ///
    /// Takes some hundredths of a second for 200,000 phrasings.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub fn entries_to_learn(&self, content: &Content) -> Result<Option<usize>> {
        let encoder = built_in_encoder();
        if !self.index.can_be_basis(content.settings(), encoder.as_deref()) {
            return Ok(None);
        }
        index::entries_to_learn(content, &self.index).map(Some)
    }

    /// Returns the fingerprint of the analysis: the same for two knowledge bases that read texts alike.
    pub fn fingerprint(&self) -> &str {
        self.index.fingerprint()
    }

    fn of(index: Index) -> Result<Self> {
        Ok(Self {
            handover: answer::handover_phrases(index.settings()),
            mix: Mix::parse(index.weights())?,
            index,
        })
    }
}

impl BuildOptions {
    /// How the index of a content is built, with the weights of the basis, or weights that are fitted to it.
    pub(crate) fn plan(&self, content: &Content) -> Result<Plan<'_>> {
        let encoder = self.encoder.clone().or_else(built_in_encoder);
        let encoder = encoder.filter(|_| !self.without_meanings);
        let basis = self.basis.as_ref().map(|basis| &basis.index);
        if let Some(basis) = basis
            && (self.whole_dictionary || !basis.can_be_basis(content.settings(), encoder.as_deref()))
        {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the basis has other settings, another encoder or another release than the index that is to be built upon \
                 it; build it without a basis",
            ));
        }
        let mut plan = Plan {
            dictionary: match self.whole_dictionary {
                true => Dictionary::Whole,
                false => Dictionary::Slice,
            },
            encoder,
            learn: train,
            weights: Mix::shipped()?.to_json(),
            basis,
            progress: self.progress.as_deref(),
            #[cfg(test)]
            analyse_all: false,
        };
        plan.weights = match basis {
            Some(basis) => basis.weights().to_vec(),
            None => {
                let build = |left: &Content| {
                    let index = index::build_in_memory(left, &plan);
                    plan.tell(BuildStage::Fitting);
                    index
                };
                fit(content, build)?.to_json()
            }
        };
        Ok(plan)
    }
}

impl std::fmt::Debug for BuildOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BuildOptions")
            .field("encoder", &self.encoder.as_ref().map(|encoder| encoder.name()))
            .field("without_meanings", &self.without_meanings)
            .field("whole_dictionary", &self.whole_dictionary)
            .field("basis", &self.basis.is_some())
            .field("progress", &self.progress.is_some())
            .finish()
    }
}

impl TemplateFilter {
    fn lets_through(&self, template: &ReplyTemplate) -> bool {
        let channels = template.channels();
        self.scenario
            .as_ref()
            .is_none_or(|scenario| template.scenario() == scenario)
            && self.mood.as_ref().is_none_or(|mood| template.mood() == Some(mood))
            && self
                .channel
                .as_ref()
                .is_none_or(|channel| channels.is_empty() || channels.contains(channel))
            && self.tag.as_ref().is_none_or(|tag| template.tags().contains(tag))
    }
}

fn not_found(what: &str, id: &str) -> Error {
    let id: String = id.chars().take(40).collect();
    Error::new(
        ErrorKind::NotFound,
        format!("there is no {what} `{id}`; see the ids in the content"),
    )
}
