use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use tantivy::Directory;
use tantivy::directory::{MmapDirectory, OwnedBytes, RamDirectory};

use super::basis::Basis;
use super::documents::write_documents;
use super::files::{self, DICTIONARY, ITEMS, LEARNED, MEANINGS, OWNERS, PHRASINGS, SETTINGS, SQUEEZED, WEIGHTS};
use super::forward::write_u32;
use super::learned::{Learned, Models, Packed, Trained};
use super::manifest::{self, Counts, EncoderMark, Manifest};
use super::meanings::{self, Meanings};
use super::open::Index;
use super::records::Records;
use super::stage::{BuildStage, Progress};
use crate::analysis::{Analyzer, ChineseSegmenter, DictionarySlice, Encoder, Normalized, squeeze};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AnswerBody, Content, Entry};

/// Which words an index carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dictionary {
    /// Those that its texts need. A process that opens the index loads no others.
    Slice,
    /// None: whoever opens it loads the whole dictionary.
    Whole,
}

/// How an index is built.
pub(crate) struct Plan<'p> {
    pub(crate) dictionary: Dictionary,
    /// What makes meanings of texts; an index without it has none.
    pub(crate) encoder: Option<Arc<dyn Encoder>>,
    /// What learns some entries from the phrasings of an index that has all else.
    pub(crate) learn: fn(&Index, &[u32]) -> Result<Trained>,
    /// By which evidence is weighed: a file of its own, which the ranking reads.
    pub(crate) weights: Vec<u8>,
    /// The index upon which it is built. It has the same settings, the same encoder and a slice of the dictionary.
    pub(crate) basis: Option<&'p Index>,
    pub(crate) progress: Option<&'p Progress>,
    /// Analyses all texts, those that the basis has as well.
    #[cfg(test)]
    pub(crate) analyse_all: bool,
}

impl Plan<'_> {
    pub(crate) fn tell(&self, stage: BuildStage) {
        if let Some(progress) = self.progress {
            progress(stage);
        }
    }
}

/// Builds an index in memory.
pub(crate) fn build_in_memory(content: &Content, plan: &Plan<'_>) -> Result<Index> {
    let directory = RamDirectory::create();
    let Unsealed {
        mut manifest,
        names,
        has_slice,
        models,
    } = write(content, plan, &directory)?;
    // The models are the largest part: a file in memory would hold them a second time.
    let mut bytes = Vec::with_capacity(models.size());
    models
        .write(&mut bytes)
        .map_err(|e| Error::io(LEARNED.as_ref(), "writing", e))?;
    drop(models);
    let learned = Learned::open(OwnedBytes::new(bytes))?;
    manifest.files = manifest::hash_files(&directory, names)?;
    let encoder = plan.encoder.clone();
    Index::read(
        Box::new(directory),
        manifest,
        has_slice,
        Some(learned),
        encoder,
        plan.basis,
    )
}

/// Builds an index in a folder: beside it first, and in its place when it is whole.
///
/// The folder may be new, empty, or an older index, which is replaced.
pub(crate) fn build(content: &Content, plan: &Plan<'_>, path: &Path) -> Result<()> {
    // What a link names is replaced, and not the link; and `.` has a name.
    let path = &match path.canonicalize() {
        Ok(path) => path,
        Err(_) => std::path::absolute(path).map_err(|e| Error::io(path, "finding", e))?,
    };
    let replaces = path.exists();
    if replaces {
        check_replaceable(path)?;
    }
    let number = BUILDS.fetch_add(1, Ordering::Relaxed);
    let (partial, old) = (sibling(path, "partial", number), sibling(path, "old", number));
    remove_left_over(&partial)?;
    std::fs::create_dir_all(&partial).map_err(|e| Error::io(&partial, "creating", e))?;
    let written = MmapDirectory::open(&partial)
        .map_err(|e| Error::from_source(ErrorKind::Io, format!("opening `{}`", partial.display()), e))
        .and_then(|directory| {
            let unsealed = write(content, plan, &directory)?;
            plan.tell(BuildStage::Writing);
            unsealed.seal(&directory)
        })
        .and_then(|()| put_in_place(&partial, path, replaces.then_some(&old)));
    if written.is_err() {
        // Best effort: the error that is on its way says more than this one could.
        let _ = std::fs::remove_dir_all(&partial);
    }
    written
}

/// Refuses a folder that holds anything but an index, since it would be lost.
///
/// A damaged index may be replaced: that is how it is repaired.
fn check_replaceable(path: &Path) -> Result<()> {
    let conflict = |what: String| {
        let path = path.display();
        Error::new(
            ErrorKind::Conflict,
            format!("`{path}` {what}; name a new folder, or one with an older index and nothing else"),
        )
    };
    if !path.is_dir() {
        return Err(conflict("is no folder".to_owned()));
    }
    let reading = |e| Error::io(path, "reading", e);
    let mut names = Vec::new();
    for file in std::fs::read_dir(path).map_err(reading)? {
        let file = file.map_err(reading)?;
        let name = file.file_name().to_string_lossy().into_owned();
        if !is_index_file(&name) || file.file_type().map_err(reading)?.is_dir() {
            return Err(conflict(format!("holds `{name}`, which is no part of an index")));
        }
        names.push(name);
    }
    // Other programs have a manifest.json, too.
    if names.is_empty() || names.iter().any(|name| files::ALWAYS.contains(&name.as_str())) {
        return Ok(());
    }
    Err(conflict(format!("holds `{}`, and is no index", names[0])))
}

/// Whether a file of an index may have this name.
fn is_index_file(name: &str) -> bool {
    let is_segment = |stem: &str| stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
    let own = [manifest::NAME, DICTIONARY, MEANINGS, files::SEGMENTS, files::MANAGED];
    own.contains(&name)
        || files::ALWAYS.contains(&name)
        || name.split_once('.').is_some_and(|(stem, _)| is_segment(stem))
}

/// Moves a whole index into its place, and removes the one that was there.
fn put_in_place(partial: &Path, path: &Path, old: Option<&PathBuf>) -> Result<()> {
    if let Some(old) = old {
        remove_left_over(old)?;
        std::fs::rename(path, old).map_err(|e| Error::io(path, "moving away", e))?;
    }
    if let Err(error) = std::fs::rename(partial, path) {
        // The old one goes back, unless another process has put an index there in the meantime.
        let _ = old.map(|old| match path.exists() {
            true => std::fs::remove_dir_all(old),
            false => std::fs::rename(old, path),
        });
        return Err(Error::io(path, "putting in place", error));
    }
    // The new index is in its place: that the old one could not be removed makes it no failure.
    let _ = old.map(std::fs::remove_dir_all);
    if let Some(parent) = path.parent() {
        std::fs::File::open(parent)
            .and_then(|dir| dir.sync_all())
            .map_err(|e| Error::io(parent, "syncing", e))?;
    }
    Ok(())
}

/// A folder beside `path` that no other build writes.
fn sibling(path: &Path, role: &str, number: u64) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{role}-{}-{number}", std::process::id()))
}

/// Removes what a process with the same number, which was killed, has left over. In a container it always has the same.
fn remove_left_over(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path, "removing", e)),
        _ => Ok(()),
    }
}

/// How many builds this process has begun.
static BUILDS: AtomicU64 = AtomicU64::new(0);

/// An index of which all files are written but those of the models and the manifest.
struct Unsealed<'p> {
    manifest: Manifest,
    /// The other files.
    names: Vec<String>,
    has_slice: bool,
    models: Models<'p>,
}

impl Unsealed<'_> {
    fn seal(self, directory: &dyn Directory) -> Result<()> {
        // The models are the largest file: the others are hashed while it is written.
        let (last, others) = rayon::join(
            || {
                files::write(directory, LEARNED, |out| Ok(self.models.write(out)?))?;
                manifest::hash_files(directory, vec![LEARNED.to_owned()])
            },
            || manifest::hash_files(directory, self.names),
        );
        self.manifest.seal(directory, [last?, others?].concat())
    }
}

/// Writes the files of an index into an empty directory.
fn write<'p, D: Directory + Clone>(content: &Content, plan: &Plan<'p>, directory: &D) -> Result<Unsealed<'p>> {
    plan.tell(BuildStage::Indexing);
    let texts = Texts::of(content);
    let cards = cards(content);
    let basis = match plan.basis {
        Some(index) => Some(Basis::new(index, content, &texts, &cards)?),
        None => None,
    };
    #[cfg(test)]
    let basis = basis.map(|mut basis| {
        if plan.analyse_all {
            basis.forget_texts();
        }
        basis
    });
    let basis = basis.as_ref();
    let settings = content.settings();
    let (segmenter, slice) = segmenter(content, &texts, plan.dictionary, basis)?;
    if let Some(slice) = &slice {
        files::write(directory, DICTIONARY, |out| {
            Ok(out.write_all(slice.as_str().as_bytes())?)
        })?;
    }
    let analyzer = Analyzer::new(segmenter, settings);
    let (tantivy_files, written) = rayon::join(
        || write_documents(content, &texts, &analyzer, basis, directory),
        || {
            let json = serde_json::to_vec(settings).expect("settings are plain data");
            files::write(directory, SETTINGS, |out| Ok(out.write_all(&json)?))?;
            write_contents(content, &texts, cards, basis, directory)?;
            match &plan.encoder {
                Some(encoder) => write_meanings(&texts, &**encoder, basis, directory),
                None => Ok(()),
            }
        },
    );
    let mut names = tantivy_files?;
    written?;
    let mark = plan.encoder.as_ref().map(|encoder| EncoderMark {
        name: encoder.name().to_owned(),
        fingerprint: encoder.fingerprint(),
        dimensions: encoder.dimensions() as u32,
    });
    let counts = texts.counts();
    let manifest = Manifest::new(Analyzer::fingerprint(settings), mark, counts);
    files::write(directory, WEIGHTS, |out| Ok(out.write_all(&plan.weights)?))?;

    let known = |entry: u32| basis.and_then(|basis| Some(basis.index.learned()?.packed(basis.entry(entry as usize)?)));
    let new: Vec<u32> = (0..counts.entries).filter(|entry| known(*entry).is_none()).collect();
    let mut learned = Trained::default();
    if !new.is_empty() {
        plan.tell(BuildStage::Learning);
        // The training asks the index as it is so far.
        let unlearned = Index::read(
            directory.box_clone(),
            manifest.clone(),
            slice.is_some(),
            None,
            plan.encoder.clone(),
            None,
        )?;
        learned = (plan.learn)(&unlearned, &new)?;
    }
    let doubted = learned.doubted;
    let mut learned = learned.models.into_iter();
    let models = (0..counts.entries).filter_map(|entry| known(entry).or_else(|| learned.next().map(Packed::from)));
    let models = Models {
        packed: models.collect(),
        dimensions: plan.encoder.as_ref().map_or(0, |encoder| encoder.dimensions()),
        doubted,
    };
    names.extend(files::ALWAYS.map(str::to_owned));
    names.extend(slice.is_some().then(|| DICTIONARY.to_owned()));
    names.extend(plan.encoder.is_some().then(|| MEANINGS.to_owned()));
    names.retain(|name| name != LEARNED);
    Ok(Unsealed {
        manifest,
        names,
        has_slice: slice.is_some(),
        models,
    })
}

/// What segments the texts of a content, and the slice of the dictionary that does: without one, the whole of it.
fn segmenter(
    content: &Content,
    texts: &Texts<'_>,
    dictionary: Dictionary,
    basis: Option<&Basis<'_>>,
) -> Result<(ChineseSegmenter, Option<DictionarySlice>)> {
    let whole = ChineseSegmenter::with_words(&content.settings().words)?;
    let slice = match dictionary {
        Dictionary::Slice => texts.slice(&whole, content, basis)?,
        Dictionary::Whole => None,
    };
    Ok(match slice {
        Some((segmenter, slice)) => (segmenter, Some(slice)),
        None => (whole, None),
    })
}

/// The meanings of all phrasings.
fn write_meanings(
    texts: &Texts<'_>,
    encoder: &dyn Encoder,
    basis: Option<&Basis<'_>>,
    directory: &dyn Directory,
) -> Result<()> {
    let dimensions = encoder.dimensions();
    if !(1..=meanings::MOST_DIMENSIONS).contains(&dimensions) {
        let (name, most) = (encoder.name(), meanings::MOST_DIMENSIONS);
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("the encoder `{name}` has vectors of length {dimensions}; bring one with 1 to {most}"),
        ));
    }
    let encode = |text: &str, row: &mut [f32]| encoder.encode(&Normalized::new(text).text(), row);
    let runs: Vec<_> = texts.first_phrasing.windows(2).map(|run| run[0]..run[1]).collect();
    let known = basis.and_then(|basis| Some((basis, basis.index.meanings()?)));
    if let Some((basis, meanings)) = known {
        let row = |(number, text): (usize, &&str)| match basis.short(number) {
            Some(phrasing) => meanings.quantised(phrasing),
            None => {
                let mut encoded = vec![0.0; dimensions];
                encode(text, &mut encoded);
                meanings.place(encoded)
            }
        };
        let rows = texts.phrasings.par_iter().enumerate().map(row).collect();
        return files::write(directory, MEANINGS, |out| Ok(meanings.write_upon(out, rows, &runs)?));
    }
    let encode = |phrasing: u32, row: &mut [f32]| encode(texts.phrasings[phrasing as usize], row);
    files::write(directory, MEANINGS, |out| {
        Ok(Meanings::write(out, encode, dimensions, &runs)?)
    })
}

/// All texts of a content that are segmented, normalised, in the order of the documents.
pub(super) struct Texts<'c> {
    pub(super) phrasings: Vec<&'c str>,
    pub(super) excluded: Vec<&'c str>,
    /// The entry with each answer, and the texts of all its answers.
    pub(super) answers: Vec<(u32, String)>,
    standard_answers: Vec<String>,
    templates: Vec<String>,
    /// For each entry, where its phrasings begin, and the end of the last.
    pub(super) first_phrasing: Vec<u32>,
    first_excluded: Vec<u32>,
}

impl<'c> Texts<'c> {
    pub(super) fn of(content: &'c Content) -> Self {
        let standard: std::collections::HashMap<&str, &crate::model::StandardAnswer> = content
            .standard_answers()
            .iter()
            .map(|answer| (answer.id.as_str(), answer))
            .collect();
        let mut texts = Self {
            phrasings: Vec::new(),
            excluded: Vec::new(),
            answers: Vec::new(),
            standard_answers: content
                .standard_answers()
                .iter()
                .map(|a| format!("{}\n{}", a.title, a.text))
                .collect(),
            templates: content.templates().iter().map(template_text).collect(),
            first_phrasing: vec![0],
            first_excluded: vec![0],
        };
        for (number, entry) in (0..).zip(content.entries()) {
            texts
                .phrasings
                .extend(entry.phrasings().map(|phrasing| phrasing.as_str()));
            texts
                .excluded
                .extend(entry.excluded.iter().map(|phrasing| phrasing.as_str()));
            texts.first_phrasing.push(texts.phrasings.len() as u32);
            texts.first_excluded.push(texts.excluded.len() as u32);
            let mut answer = String::new();
            for body in entry.answers.iter().map(|answer| &answer.body) {
                let text = match body {
                    AnswerBody::Text(text) => text.as_str(),
                    AnswerBody::Standard(id) => standard.get(id.as_str()).map_or("", |answer| answer.text.as_str()),
                };
                answer.push_str(text);
                answer.push('\n');
            }
            if !answer.is_empty() {
                texts.answers.push((number, answer));
            }
        }
        texts
    }

    /// The texts that are longer than a phrasing, in the order of their documents; those that can be found by an id with
    /// the name of the document.
    pub(super) fn long<'s>(&'s self, content: &'s Content) -> Vec<(&'s str, Option<String>)> {
        let answers = self.answers.iter().map(|(_, text)| (text.as_str(), None));
        let ids = content
            .standard_answers()
            .iter()
            .map(|answer| format!("s{}", answer.id));
        let ids = ids.chain(content.templates().iter().map(|template| format!("t{}", template.id())));
        let named = self.standard_answers.iter().chain(&self.templates).map(String::as_str);
        answers.chain(named.zip(ids.map(Some))).collect()
    }

    fn counts(&self) -> Counts {
        Counts {
            entries: self.first_phrasing.len() as u32 - 1,
            phrasings: self.phrasings.len() as u32,
            excluded: self.excluded.len() as u32,
            answers: self.answers.len() as u32,
            standard_answers: self.standard_answers.len() as u32,
            templates: self.templates.len() as u32,
        }
    }

    /// The places of an entry's phrasings, and of its excluded phrasings, among both.
    pub(super) fn short_of(&self, entry: usize) -> [std::ops::Range<usize>; 2] {
        let run = |firsts: &[u32]| firsts[entry] as usize..firsts[entry + 1] as usize;
        let excluded = run(&self.first_excluded);
        let first = self.phrasings.len();
        [run(&self.first_phrasing), first + excluded.start..first + excluded.end]
    }

    /// Whether an entry has the phrasings and excluded phrasings that an entry of an index has.
    pub(super) fn are_those_of(&self, entry: usize, index: &Index, other: u32) -> bool {
        let [phrasings, excluded] = self.short_of(entry);
        let first = self.phrasings.len();
        let are = |own: &[&str], others: std::ops::Range<u32>| {
            own.len() == others.len()
                && own
                    .iter()
                    .zip(others)
                    .all(|(own, other)| *own == index.phrasing_text(other))
        };
        are(&self.phrasings[phrasings], index.phrasings_of(other))
            && are(
                &self.excluded[excluded.start - first..excluded.end - first],
                index.excluded_of(other),
            )
    }

    /// All texts that the basis does not have.
    fn new_ones(&self, basis: Option<&Basis<'_>>) -> Vec<&str> {
        let short = self.phrasings.iter().chain(&self.excluded).copied().enumerate();
        let short = short.filter(|(number, _)| basis.is_none_or(|basis| basis.short(*number).is_none()));
        let answers = self.answers.iter().map(|(_, text)| text.as_str()).enumerate();
        let answers = answers.filter(|(number, _)| basis.is_none_or(|basis| basis.answer(*number).is_none()));
        let others = self.standard_answers.iter().chain(&self.templates).map(String::as_str);
        short.chain(answers).map(|(_, text)| text).chain(others).collect()
    }

    /// The slice of the dictionary that cuts all texts as the whole of it does, with all words that the basis has. None
    /// where, against all expectation, some text is cut otherwise: the index then does without.
    ///
    /// How a text is cut depends on the words in it alone, so those of the basis need not be cut again.
    fn slice(
        &self,
        whole: &ChineseSegmenter,
        content: &Content,
        basis: Option<&Basis<'_>>,
    ) -> Result<Option<(ChineseSegmenter, DictionarySlice)>> {
        let texts = self.new_ones(basis);
        let texts: Vec<String> = texts.par_iter().map(|text| Normalized::new(text).text()).collect();
        let normalized = || texts.iter().map(String::as_str);
        let (segmenter, slice) = match basis.and_then(|basis| basis.index.slice()) {
            Some((segmenter, slice)) if normalized().all(|text| segmenter.has_all_words(whole, text)) => {
                (segmenter.clone(), slice)
            }
            known => {
                let words = known.iter().flat_map(|(_, slice)| slice.words());
                let texts: Vec<&str> = normalized().chain(words).collect();
                let slice = Analyzer::dictionary_for(whole, content.settings(), &texts);
                (ChineseSegmenter::from_slice(&slice)?, slice)
            }
        };
        let cuts_alike = texts.par_iter().all(|text| segmenter.cuts_like(whole, text));
        Ok(cuts_alike.then_some((segmenter, slice)))
    }
}

fn template_text(template: &crate::model::ReplyTemplate) -> String {
    template
        .wordings()
        .map(|wording| wording.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The entries as they stand among the items: their phrasings stand in a file of their own.
fn cards(content: &Content) -> Vec<Vec<u8>> {
    let card = |entry: &Entry| {
        let mut card = entry.clone();
        card.similar.clear();
        card.excluded.clear();
        serde_json::to_vec(&card).expect("an item is plain data")
    };
    content.entries().par_iter().map(card).collect()
}

/// The texts and items that replies show.
fn write_contents(
    content: &Content,
    texts: &Texts<'_>,
    cards: Vec<Vec<u8>>,
    basis: Option<&Basis<'_>>,
    directory: &dyn Directory,
) -> Result<()> {
    let shown: Vec<&str> = texts.phrasings.iter().chain(&texts.excluded).copied().collect();
    let squeezed: Vec<String> = shown
        .par_iter()
        .enumerate()
        .map(
            |(number, text)| match basis.and_then(|basis| Some((basis.index, basis.short(number)?))) {
                Some((index, doc)) => index.squeezed(doc).to_owned(),
                None => squeeze(&Normalized::new(text)).into_iter().collect(),
            },
        )
        .collect();
    files::write(directory, PHRASINGS, |out| {
        Ok(Records::write(out, shown.iter().map(|text| text.as_bytes()))?)
    })?;
    files::write(directory, SQUEEZED, |out| {
        Ok(Records::write(out, squeezed.iter().map(String::as_bytes))?)
    })?;

    let mut items = cards;
    let json = |item: serde_json::Result<Vec<u8>>| item.expect("an item is plain data");
    items.extend(
        content
            .standard_answers()
            .iter()
            .map(|answer| json(serde_json::to_vec(answer))),
    );
    items.extend(
        content
            .templates()
            .iter()
            .map(|template| json(serde_json::to_vec(template))),
    );
    files::write(directory, ITEMS, |out| {
        Ok(Records::write(out, items.iter().map(Vec::as_slice))?)
    })?;

    files::write(directory, OWNERS, |out| {
        let owners = |firsts: &[u32]| {
            let runs: Vec<(u32, u32)> = (0..).zip(firsts.windows(2).map(|run| run[1] - run[0])).collect();
            runs.into_iter()
                .flat_map(|(entry, len)| std::iter::repeat_n(entry, len as usize))
        };
        write_u32(out, owners(&texts.first_phrasing))?;
        write_u32(out, owners(&texts.first_excluded))?;
        write_u32(out, texts.answers.iter().map(|(entry, _)| *entry))?;
        write_u32(out, texts.first_phrasing.iter().copied())?;
        Ok(write_u32(out, texts.first_excluded.iter().copied())?)
    })
}
