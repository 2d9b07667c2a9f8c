use std::path::Path;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{Directory, Index as TantivyIndex, InvertedIndexReader, SegmentReader};

use super::familiarity;
use super::files::{
    self, DICTIONARY, FORWARD, ITEMS, LEARNED, MEANINGS, OWNERS, PHRASINGS, SETTINGS, SQUEEZED, WEIGHTS, cut_off,
    engine,
};
use super::filter::{Conditions, Filter, OpenAt};
use super::forward::{Forward, key, read_all_u32};
use super::learned::{Learned, term_name};
use super::manifest::{Compare, Counts, Manifest};
use super::meanings::{Meaning, Meanings};
use super::pinyin_input::PinyinInput;
use super::records::Records;
use super::schema::Fields;
use super::spelling;
use super::weights::token_weight;
use crate::analysis::{
    Analyzer, ChineseSegmenter, DictionarySlice, Encoder, Normalized, Question, TokenKind, built_in_encoder,
};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Settings;

/// An index, open for questions. Nothing in it changes, so threads share it without locks.
pub(crate) struct Index {
    pub(super) phrasing: Arc<InvertedIndexReader>,
    pub(super) sound: Arc<InvertedIndexReader>,
    pub(super) answer: Arc<InvertedIndexReader>,
    pub(super) prefix: Arc<InvertedIndexReader>,
    id: Arc<InvertedIndexReader>,
    answer_norms: Option<FieldNormReader>,
    reader: SegmentReader,
    pub(super) forward: Forward,
    /// For each phrasing, excluded phrasing and answer its entry, and then the runs of the entries: numbers of the file,
    /// copied, since each question reads thousands of them.
    owners: Vec<u32>,
    conditions: Conditions,
    /// How many ideographs the phrasings have, each counted once a phrasing.
    ideographs: f32,
    /// For each entry whether it is open to all at any time: no column needs to be looked at.
    unconditional: Vec<bool>,
    /// For each entry the inverse norm of its shortest phrasing, the greatest that it has.
    greatest_inverse_norms: Vec<f32>,
    phrasings: Records,
    squeezed: Records,
    items: Records,
    analyzer: Analyzer,
    /// The slice of the dictionary, in an index that has one.
    slice: Option<(ChineseSegmenter, OwnedBytes)>,
    settings: Settings,
    learned: Option<Learned>,
    meanings: Option<Meanings>,
    encoder: Option<Arc<dyn Encoder>>,
    weights: OwnedBytes,
    /// Made when the first question comes that is typed in Latin letters, or has a character that seems wrong.
    pinyin_input: OnceCell<PinyinInput>,
    manifest: Manifest,
}

/// A term of phrasings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightedTerm {
    /// By which the phrasings of this index name it.
    pub(crate) key: u32,
    /// By which models name it, in every index.
    pub(crate) name: u32,
    pub(crate) weight: f32,
}

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Entry,
    StandardAnswer,
    Template,
}

impl Index {
    /// Opens the index in a folder, after comparing every file with its checksum.
    pub(crate) fn open(path: &Path, encoder: Option<Arc<dyn Encoder>>) -> Result<Self> {
        Self::open_folder(path, Compare::Bytes, encoder, None)
    }

    /// Opens the index in another folder, with the same encoder. Of its files the lengths are compared, not the bytes,
    /// and what has the same bytes here is not loaded once more.
    pub(crate) fn open_next(&self, path: &Path) -> Result<Self> {
        Self::open_folder(path, Compare::Lengths, self.encoder.clone(), Some(self))
    }

    fn open_folder(
        path: &Path,
        compare: Compare,
        encoder: Option<Arc<dyn Encoder>>,
        known: Option<&Self>,
    ) -> Result<Self> {
        let context = |e: Error| e.context(format!("opening the index `{}`", path.display()));
        if !path.is_dir() {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("`{}` is no folder", path.display()),
            ));
        }
        let directory = MmapDirectory::open(path)
            .map_err(|e| context(Error::from_source(ErrorKind::Io, "mapping its files".to_owned(), e)))?;
        Self::open_directory(Box::new(directory), compare, encoder, known).map_err(context)
    }

    /// Opens an index. `known` is one that is open already.
    pub(super) fn open_directory(
        directory: Box<dyn Directory>,
        compare: Compare,
        encoder: Option<Arc<dyn Encoder>>,
        known: Option<&Self>,
    ) -> Result<Self> {
        let manifest = Manifest::open(&*directory, compare)?;
        let segmented = manifest.has_file(DICTIONARY);
        let learned = Learned::open(files::read(&*directory, LEARNED)?)?;
        Self::read(directory, manifest, segmented, Some(learned), encoder, known)
    }

    /// Opens the files of an index whose manifest is known. While an index is built, nothing is learned yet.
    pub(super) fn read(
        directory: Box<dyn Directory>,
        manifest: Manifest,
        has_slice: bool,
        learned: Option<Learned>,
        encoder: Option<Arc<dyn Encoder>>,
        known: Option<&Self>,
    ) -> Result<Self> {
        let settings: Settings = serde_json::from_slice(&files::read(&*directory, SETTINGS)?)
            .map_err(|e| Error::from_source(ErrorKind::Corrupt, format!("`{SETTINGS}`"), e))?;
        if Analyzer::fingerprint(&settings) != manifest.fingerprint {
            return Err(Error::new(
                ErrorKind::Format,
                format!(
                    "the index was made by {}, whose analysis of texts differs from this release's; \
                     build the index again from its content",
                    manifest.made_by
                ),
            ));
        }
        let encoder = chosen(&manifest, encoder)?;
        let mut slice = None;
        let segmenter = if has_slice {
            let bytes = files::read(&*directory, DICTIONARY)?;
            let known = known.filter(|known| manifest.shares(&known.manifest, DICTIONARY));
            let segmenter = match known.and_then(|known| known.slice.as_ref()) {
                Some((segmenter, _)) => segmenter.clone(),
                None => ChineseSegmenter::from_slice(&slice_of(&bytes)?)?,
            };
            slice = Some((segmenter.clone(), bytes));
            segmenter
        } else {
            ChineseSegmenter::with_words(&settings.words)?
        };

        let failed = |e| engine("reading", e);
        let (_, fields) = Fields::new();
        let index = TantivyIndex::open(directory.clone()).map_err(failed)?;
        let segments = index.searchable_segments().map_err(failed)?;
        let [documents, phrasings, prefixes] = &segments[..] else {
            return Err(Error::new(
                ErrorKind::Corrupt,
                "the index is not in three segments; build it again from its content",
            ));
        };
        let reader = SegmentReader::open(documents).map_err(failed)?;
        let inverted = |reader: &SegmentReader, field| reader.inverted_index(field).map_err(failed);
        let apart = [phrasings, prefixes].map(|segment| segment.meta().max_doc());
        let phrasings = SegmentReader::open(phrasings).map_err(failed)?;
        let prefixes = SegmentReader::open(prefixes).map_err(failed)?;
        let mut opened = Self {
            phrasing: inverted(&phrasings, fields.phrasing)?,
            sound: inverted(&phrasings, fields.sound)?,
            answer: inverted(&reader, fields.answer)?,
            prefix: inverted(&prefixes, fields.prefix)?,
            id: inverted(&reader, fields.id)?,
            forward: Forward::open(files::read(&*directory, FORWARD)?)?,
            owners: read_owners(&*directory)?,
            conditions: Conditions::open(&reader)?,
            ideographs: 0.0,
            unconditional: Vec::new(),
            greatest_inverse_norms: Vec::new(),
            phrasings: Records::open(files::read(&*directory, PHRASINGS)?)?,
            squeezed: Records::open(files::read(&*directory, SQUEEZED)?)?,
            items: Records::open(files::read(&*directory, ITEMS)?)?,
            analyzer: Analyzer::new(segmenter, &settings),
            slice,
            answer_norms: reader.fieldnorms_readers().get_field(fields.answer).map_err(failed)?,
            reader,
            settings,
            learned,
            meanings: match encoder {
                Some(_) => Some(Meanings::open(files::read(&*directory, MEANINGS)?)?),
                None => None,
            },
            encoder,
            weights: files::read(&*directory, WEIGHTS)?,
            pinyin_input: OnceCell::new(),
            manifest,
        };
        opened.check_sizes(apart)?;
        opened.ideographs = familiarity::ideographs(&opened.phrasing)
            .map_err(|e| Error::from_source(ErrorKind::Corrupt, "reading the terms of the index", e))?;
        opened.unconditional = (0..opened.counts().entries)
            .map(|entry| opened.conditions.are_none(opened.phrasings_of(entry).start))
            .collect();
        opened.greatest_inverse_norms = (0..opened.counts().entries)
            .map(|entry| {
                let norms = opened.phrasings_of(entry).map(|phrasing| opened.inverse_norm(phrasing));
                norms.fold(0.0, f32::max)
            })
            .collect();
        Ok(opened)
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.manifest.counts
    }

    pub(crate) fn fingerprint(&self) -> &str {
        &self.manifest.fingerprint
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Reads a question: what is typed in pinyin as the characters that the phrasings have for it, and mistyped characters
    /// as those that are meant.
    pub(crate) fn question(&self, text: &str) -> Result<Question> {
        let mut normalized = Normalized::new(text);
        self.read_as_meant(&mut normalized)
            .map_err(|e| engine("reading the terms of the index", e.into()))?;
        Ok(self.analyzer.question(normalized))
    }

    fn read_as_meant(&self, question: &mut Normalized) -> std::io::Result<()> {
        let input = || {
            let make = || PinyinInput::new(&self.phrasing, self.counts().phrasings);
            self.pinyin_input.get_or_try_init(make)
        };
        if question.chars().iter().any(char::is_ascii_lowercase) {
            input()?.read(&self.phrasing, question)?;
        }
        let suspects = spelling::suspects(&self.phrasing, question)?;
        if !suspects.is_empty() {
            spelling::correct(input()?, &self.phrasing, question, &suspects)?;
        }
        Ok(())
    }

    /// The slice of the dictionary and what segments by it, in an index that has one.
    pub(super) fn slice(&self) -> Option<(ChineseSegmenter, DictionarySlice)> {
        let (segmenter, bytes) = self.slice.as_ref()?;
        Some((segmenter.clone(), slice_of(bytes).ok()?))
    }

    /// The number of all documents.
    pub(super) fn documents(&self) -> u32 {
        self.reader.max_doc()
    }

    /// Whether an index with these settings and this encoder may be built upon this one.
    pub(crate) fn can_be_basis(&self, settings: &Settings, encoder: Option<&dyn Encoder>) -> bool {
        let release = Manifest::new(Analyzer::fingerprint(settings), None, Counts::default());
        let has_encoder = match (&self.manifest.encoder, encoder) {
            (Some(mark), Some(encoder)) => mark.fingerprint == encoder.fingerprint(),
            (None, None) => true,
            _ => false,
        };
        let manifest = &self.manifest;
        has_encoder
            && (&manifest.fingerprint, &manifest.made_by) == (&release.fingerprint, &release.made_by)
            && self.slice.is_some()
            && self.learned.as_ref().is_some_and(|learned| !learned.has_doubts())
    }

    /// What was learned from the phrasings; nothing while the index is built.
    pub(crate) fn learned(&self) -> Option<&Learned> {
        self.learned.as_ref()
    }

    /// By which evidence is weighed, as the ranking wrote it.
    pub(crate) fn weights(&self) -> &[u8] {
        &self.weights
    }

    /// The meanings of the phrasings, in an index that has them.
    pub(crate) fn meanings(&self) -> Option<&Meanings> {
        self.meanings.as_ref()
    }

    /// The meaning of a question; none without an encoder, or without a word that it knows.
    pub(crate) fn meaning_of(&self, normalized: &str) -> Option<Meaning> {
        let (meanings, encoder) = (self.meanings.as_ref()?, self.encoder.as_ref()?);
        let mut encoded = vec![0.0; meanings.dimensions()];
        encoder.encode(normalized, &mut encoded);
        meanings.meaning(encoded)
    }

    /// The name of the encoder, in an index that has meanings.
    pub(crate) fn encoder(&self) -> Option<&str> {
        self.manifest.encoder.as_ref().map(|encoder| &*encoder.name)
    }

    /// All terms of phrasings in ascending order of their keys, with their weights.
    pub(crate) fn weighted_terms(&self) -> std::io::Result<Vec<WeightedTerm>> {
        let phrasings = self.counts().phrasings as usize;
        let mut terms = self.phrasing.terms().stream()?;
        let mut out = Vec::with_capacity(self.phrasing.terms().num_terms());
        while terms.advance() {
            let info = terms.value();
            let kind = TokenKind::of_term(terms.key());
            out.push(WeightedTerm {
                key: key(info),
                name: term_name(terms.key()),
                weight: kind.map_or(0.0, |kind| token_weight(kind, info.doc_freq, phrasings)),
            });
        }
        Ok(out)
    }

    /// The terms of a phrasing by their keys, in ascending order.
    pub(crate) fn terms_of(&self, phrasing: u32) -> impl Iterator<Item = u32> + '_ {
        self.forward.terms(phrasing)
    }

    /// 1 / √Σ w² over the terms of a phrasing; 0 for one without terms.
    pub(crate) fn inverse_norm(&self, phrasing: u32) -> f32 {
        self.forward.inverse_norm(phrasing)
    }

    /// The greatest that a phrasing of an entry has.
    pub(super) fn greatest_inverse_norm(&self, entry: u32) -> f32 {
        self.greatest_inverse_norms.get(entry as usize).copied().unwrap_or(0.0)
    }

    /// How many ideographs the phrasings have, each counted once a phrasing.
    pub(super) fn ideographs(&self) -> f32 {
        self.ideographs
    }

    /// The entry of a phrasing, an excluded phrasing or an answer, by its document.
    pub(crate) fn owner(&self, doc: u32) -> u32 {
        self.owners.get(doc as usize).copied().unwrap_or(0)
    }

    /// The entry of each phrasing.
    pub(super) fn owners_of_phrasings(&self) -> &[u32] {
        self.owners.get(..self.counts().phrasings as usize).unwrap_or(&[])
    }

    /// The phrasings of an entry, its standard question first.
    pub(crate) fn phrasings_of(&self, entry: u32) -> std::ops::Range<u32> {
        self.run(self.first_runs_at(), entry)
    }

    /// The excluded phrasings of an entry.
    pub(crate) fn excluded_of(&self, entry: u32) -> std::ops::Range<u32> {
        let run = self.run(self.first_runs_at() + self.counts().entries as usize + 1, entry);
        let first = self.counts().phrasings;
        first.saturating_add(run.start)..first.saturating_add(run.end)
    }

    /// The text of a phrasing or an excluded phrasing, as the editor wrote it.
    pub(crate) fn phrasing_text(&self, phrasing: u32) -> &str {
        self.phrasings.text(phrasing as usize)
    }

    /// The word characters of a phrasing or an excluded phrasing, normalised.
    pub(crate) fn squeezed(&self, phrasing: u32) -> &str {
        self.squeezed.text(phrasing as usize)
    }

    /// The JSON text of an item; an entry's without its similar and excluded phrasings.
    pub(crate) fn item(&self, kind: Kind, number: u32) -> &[u8] {
        let counts = self.counts();
        let first = match kind {
            Kind::Entry => 0,
            Kind::StandardAnswer => counts.entries,
            Kind::Template => counts.entries + counts.standard_answers,
        };
        self.items.get((first + number) as usize)
    }

    /// The number of the item with an id.
    pub(crate) fn number(&self, kind: Kind, id: &str) -> Result<Option<u32>> {
        let failed = |e: std::io::Error| engine("looking an id up", e.into());
        let term = format!("{}{id}", kind.letter());
        let Some(info) = self.id.terms().get(term.as_bytes()).map_err(failed)? else {
            return Ok(None);
        };
        let option = tantivy::schema::IndexRecordOption::Basic;
        let postings = self.id.read_postings_from_terminfo(&info, option).map_err(failed)?;
        let doc = tantivy::DocSet::doc(&postings);
        let counts = self.counts();
        let library = counts.phrasings + counts.excluded + counts.answers;
        Ok(match kind {
            Kind::Entry => Some(self.owner(doc)),
            Kind::StandardAnswer => doc.checked_sub(library),
            Kind::Template => doc.checked_sub(library + counts.standard_answers),
        })
    }

    /// Which entries are open to a question.
    pub(crate) fn open_at(&self, filter: &Filter<'_>) -> Result<OpenAt<'_>> {
        self.conditions.look_up(filter)
    }

    pub(crate) fn is_open(&self, at: &OpenAt<'_>, entry: u32) -> bool {
        let unconditional = self.unconditional.get(entry as usize).copied().unwrap_or(false);
        (unconditional && at.asks_for_nothing()) || at.is_open(self.phrasings_of(entry).start)
    }

    /// Whether it is its validity window alone that shuts an entry out, so that it might answer at another time.
    pub(crate) fn is_out_of_date(&self, at: &OpenAt<'_>, entry: u32) -> bool {
        at.is_open_but_out_of_date(self.phrasings_of(entry).start)
    }

    /// The answer document of an entry.
    pub(crate) fn answer_of(&self, entry: u32) -> Option<u32> {
        let first = self.counts().phrasings + self.counts().excluded;
        let answers = first..first + self.counts().answers;
        let (mut low, mut high) = (answers.start, answers.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.owner(middle) < entry {
                low = middle + 1
            } else {
                high = middle
            }
        }
        (low < answers.end && self.owner(low) == entry).then_some(low)
    }

    /// The documents of answers, of standard answers and of templates.
    pub(crate) fn long_texts(&self) -> std::ops::Range<u32> {
        let counts = self.counts();
        let first = counts.phrasings + counts.excluded;
        first..first + counts.answers + counts.standard_answers + counts.templates
    }

    /// What a document of a long text belongs to.
    pub(crate) fn long_text_of(&self, doc: u32) -> (Kind, u32) {
        let counts = self.counts();
        let library = counts.phrasings + counts.excluded + counts.answers;
        match doc.checked_sub(library) {
            None => (Kind::Entry, self.owner(doc)),
            Some(number) if number < counts.standard_answers => (Kind::StandardAnswer, number),
            Some(number) => (Kind::Template, number - counts.standard_answers),
        }
    }

    /// The number of tokens of a long text, about.
    pub(super) fn answer_len(&self, doc: u32) -> u32 {
        self.answer_norms.as_ref().map_or(1, |norms| norms.fieldnorm(doc))
    }

    fn first_runs_at(&self) -> usize {
        let counts = self.counts();
        (counts.phrasings + counts.excluded + counts.answers) as usize
    }

    fn run(&self, runs_at: usize, entry: u32) -> std::ops::Range<u32> {
        match self.owners.get(runs_at + entry as usize..) {
            Some([start, end, ..]) => *start..*end,
            _ => 0..0,
        }
    }

    /// The files fit to each other. Their checksums say that they are what was written; this is for what a hostile
    /// author could write.
    fn check_sizes(&self, apart: [u32; 2]) -> Result<()> {
        let counts = self.counts();
        let [entries, phrasings, excluded, answers, standard, templates] = [
            counts.entries,
            counts.phrasings,
            counts.excluded,
            counts.answers,
            counts.standard_answers,
            counts.templates,
        ]
        .map(u64::from);
        let short = phrasings + excluded;
        let owners = short + answers + 2 * (entries + 1);
        let fits = u64::from(self.reader.max_doc()) == short + answers + standard + templates
            && apart.iter().all(|documents| u64::from(*documents) == short)
            && self.owners.len() as u64 == owners
            && self.forward.phrasings() as u64 == short
            && self.phrasings.len() as u64 == short
            && self.squeezed.len() as u64 == short
            && self.items.len() as u64 == entries + standard + templates
            && self
                .learned
                .as_ref()
                .is_none_or(|learned| learned.fits(entries, self.meanings.as_ref()))
            && self.meanings.as_ref().is_none_or(|meanings| {
                meanings.phrasings() as u64 == phrasings && meanings.entries() as u64 == entries
            });
        // Only numbers that fit may be looked up by.
        let owned = || (0..(short + answers) as u32).all(|doc| u64::from(self.owner(doc)) < entries);
        let runs = || {
            (0..counts.entries).all(|entry| {
                let (own, excluded) = (self.phrasings_of(entry), self.excluded_of(entry));
                own.start < own.end
                    && u64::from(own.end) <= phrasings
                    && own.clone().all(|phrasing| self.owner(phrasing) == entry)
                    && excluded.start <= excluded.end
                    && u64::from(excluded.end) <= short
            })
        };
        // An entry's run ends where the next begins.
        let covered = || {
            let last = counts
                .entries
                .checked_sub(1)
                .map_or(0, |last| self.phrasings_of(last).end);
            u64::from(last) == phrasings && (last == 0 || self.phrasings_of(0).start == 0)
        };
        if fits && owned() && runs() && covered() {
            Ok(())
        } else {
            Err(Error::new(
                ErrorKind::Corrupt,
                "its files do not fit to each other; build the index again from its content",
            ))
        }
    }
}

fn slice_of(bytes: &[u8]) -> Result<DictionarySlice> {
    let text = String::from_utf8(bytes.to_vec())
        .map_err(|e| Error::from_source(ErrorKind::Corrupt, format!("`{DICTIONARY}`"), e))?;
    Ok(DictionarySlice::from_text(text))
}

fn read_owners(directory: &dyn Directory) -> Result<Vec<u32>> {
    let bytes = files::read(directory, OWNERS)?;
    if bytes.len().is_multiple_of(4) {
        Ok(read_all_u32(&bytes))
    } else {
        Err(cut_off(OWNERS))
    }
}

/// The encoder that an index was built with, out of those at hand.
fn chosen(manifest: &Manifest, given: Option<Arc<dyn Encoder>>) -> Result<Option<Arc<dyn Encoder>>> {
    let Some(mark) = &manifest.encoder else { return Ok(None) };
    let fits = |encoder: &Arc<dyn Encoder>| {
        encoder.fingerprint() == mark.fingerprint && encoder.dimensions() == mark.dimensions as usize
    };
    match given.filter(fits).or_else(|| built_in_encoder().filter(fits)) {
        Some(encoder) => Ok(Some(encoder)),
        None => Err(Error::new(
            ErrorKind::Format,
            format!(
                "the index was built with the encoder `{}`, which is not at hand: open it with this encoder \
                 (for dafu's own: enable the feature `vectors` of dafu), or build the index again from its content",
                mark.name
            ),
        )),
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("counts", self.counts())
            .finish_non_exhaustive()
    }
}

impl Kind {
    pub(super) fn letter(self) -> char {
        match self {
            Self::Entry => 'e',
            Self::StandardAnswer => 's',
            Self::Template => 't',
        }
    }
}
