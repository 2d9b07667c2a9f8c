use rayon::prelude::*;
use tantivy::directory::RamDirectory;
use tantivy::directory::error::DeleteError;
use tantivy::indexer::SingleSegmentIndexWriter;
use tantivy::{Directory, Index as TantivyIndex, InvertedIndexReader, SegmentReader, TantivyDocument};

use super::basis::{Basis, Turned};
use super::build::Texts;
use super::files::{self, FORWARD, MANAGED, SEGMENTS, engine};
use super::forward::Forward;
use super::schema::{Fields, TERMS, terms_tokenizer};
use super::suggest::prefix_terms;
use crate::analysis::{Analyzer, Normalized, join_terms, sounds, squeeze};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Content, Entry};

/// Writes tantivy's index, and from it the forward index. Returns the names of tantivy's files.
///
/// There are two segments, so that two threads can write them: one with a document for each text, and one with the
/// sounds of the phrasings, under the same numbers.
pub(super) fn write_documents<D: Directory + Clone>(
    content: &Content,
    texts: &Texts<'_>,
    analyzer: &Analyzer,
    basis: Option<&Basis<'_>>,
    directory: &D,
) -> Result<Vec<String>> {
    // Each has a list of its segments, under the same name: that of the sounds cannot be in the same directory.
    let apart = RamDirectory::create();
    let (texts, sounds) = rayon::join(
        || write_texts(content, texts, analyzer, basis, directory),
        || write_sounds(texts, basis, &apart),
    );
    let (texts, sounds) = (texts?, sounds?);
    let failed = |e| engine("indexing", e);
    let mut list = texts.load_metas().map_err(failed)?;
    list.segments.extend(sounds.load_metas().map_err(failed)?.segments);
    let list = serde_json::to_vec_pretty(&list).expect("a list of segments is plain data");
    let mut names = files_of(&texts);
    for name in files_of(&sounds).into_iter().filter(|name| name != SEGMENTS) {
        let bytes = files::read(&apart, &name)?;
        files::write(directory, &name, |out| Ok(out.write_all(&bytes)?))?;
        names.push(name);
    }
    let written = directory.atomic_write(SEGMENTS.as_ref(), &list);
    written.map_err(|e| Error::io(SEGMENTS.as_ref(), "writing", e))?;
    // No one will write this index any more, and a file that no checksum covers might be damaged unseen.
    match directory.delete(MANAGED.as_ref()) {
        Ok(()) | Err(DeleteError::FileDoesNotExist(_)) => Ok(names),
        Err(e) => {
            let action = format!("removing `{MANAGED}`");
            Err(Error::from_source(ErrorKind::Io, action, e))
        }
    }
}

/// The names of the files in tantivy's list of its own; locks stand in it, too, but are not there.
fn files_of(index: &TantivyIndex) -> Vec<String> {
    let directory = index.directory();
    let files = directory.list_managed_files().into_iter();
    let files = files.filter(|file| directory.exists(file).unwrap_or(false));
    files.map(|file| file.to_string_lossy().into_owned()).collect()
}

/// The segment with a document for each phrasing, excluded phrasing, answer, standard answer and template; and from it
/// the forward index.
fn write_texts<D: Directory + Clone>(
    content: &Content,
    texts: &Texts<'_>,
    analyzer: &Analyzer,
    basis: Option<&Basis<'_>>,
    directory: &D,
) -> Result<TantivyIndex> {
    let failed = |e| engine("indexing", e);
    let (mut writer, fields) = writer(texts, directory)?;
    let known = basis
        .map(|basis| Analysed::new(basis, &basis.index.phrasing))
        .transpose()?;
    let mut entries = content.entries().iter().zip(&texts.first_phrasing).peekable();
    let short: Vec<&str> = texts.phrasings.iter().chain(&texts.excluded).copied().collect();
    let terms_of = |number: usize| {
        let known = known.as_ref().and_then(|known| known.short(number));
        known.unwrap_or_else(|| {
            let normalized = Normalized::new(short[number]);
            join_terms(&analyzer.tokens(&normalized, &normalized.text()))
        })
    };
    analyse_and_add(short.len(), terms_of, |number, terms| {
        let mut document = TantivyDocument::new();
        document.add_text(fields.phrasing, terms);
        if let Some((entry, _)) = entries.next_if(|(_, first)| **first as usize == number) {
            add_conditions(&mut document, &fields, entry);
        }
        writer.add_document(document).map_err(failed)
    })?;

    let known = basis
        .map(|basis| Analysed::new(basis, &basis.index.answer))
        .transpose()?;
    let long = texts.long(content);
    let terms_of = |number: usize| {
        let known = known.as_ref().and_then(|known| known.answer(number));
        known.unwrap_or_else(|| analyzer.answer_terms(long[number].0))
    };
    analyse_and_add(long.len(), terms_of, |number, terms| {
        let mut document = TantivyDocument::new();
        document.add_text(fields.answer, terms);
        if let Some(id) = &long[number].1 {
            document.add_text(fields.id, id);
        }
        writer.add_document(document).map_err(failed)
    })?;
    let index = writer.finalize().map_err(failed)?;
    write_forward(&index, texts, directory)?;
    Ok(index)
}

/// The segment with the sounds of each phrasing.
fn write_sounds(texts: &Texts<'_>, basis: Option<&Basis<'_>>, directory: &RamDirectory) -> Result<TantivyIndex> {
    let failed = |e| engine("indexing", e);
    let (mut writer, fields) = writer(texts, directory)?;
    let known = basis
        .map(|basis| Analysed::new(basis, &basis.index.sound))
        .transpose()?;
    let sounds_of = |number: usize| {
        let known = known.as_ref().and_then(|known| known.short(number));
        known.unwrap_or_else(|| join_terms(&sounds(&squeeze(&Normalized::new(texts.phrasings[number])))))
    };
    analyse_and_add(texts.phrasings.len(), sounds_of, |_, sounds| {
        let mut document = TantivyDocument::new();
        document.add_text(fields.sound, sounds);
        writer.add_document(document).map_err(failed)
    })?;
    writer.finalize().map_err(failed)
}

fn writer<D: Directory + Clone>(texts: &Texts<'_>, directory: &D) -> Result<(SingleSegmentIndexWriter, Fields)> {
    let (schema, fields) = Fields::new();
    let manager = tantivy::tokenizer::TokenizerManager::default();
    manager.register(TERMS, terms_tokenizer());
    let budget = (texts.phrasings.len() * 1_000).clamp(15_000_000, 500_000_000);
    let index = TantivyIndex::builder().schema(schema).tokenizers(manager);
    let writer = index.single_segment_index_writer(directory.clone(), budget);
    Ok((writer.map_err(|e| engine("indexing", e))?, fields))
}

/// Analyses texts by their numbers, on all threads, and adds them in this order, on one, while the next are analysed.
fn analyse_and_add(
    texts: usize,
    analyse: impl Fn(usize) -> String + Sync,
    mut add: impl FnMut(usize, String) -> Result<()> + Send,
) -> Result<()> {
    let analyse_chunk = |first: usize| -> Vec<String> {
        let chunk = first..texts.min(first + CHUNK);
        chunk.into_par_iter().map(&analyse).collect()
    };
    let mut analysed = analyse_chunk(0);
    for first in (0..texts).step_by(CHUNK) {
        let add_all = || {
            let mut numbered = (first..).zip(std::mem::take(&mut analysed));
            numbered.try_for_each(|(number, terms)| add(number, terms))
        };
        let (added, next) = rayon::join(add_all, || analyse_chunk(first + CHUNK));
        added?;
        analysed = next;
    }
    Ok(())
}

/// What the basis has made of its texts, in a field.
struct Analysed<'b> {
    basis: &'b Basis<'b>,
    terms: Turned,
}

impl<'b> Analysed<'b> {
    fn new(basis: &'b Basis<'b>, field: &InvertedIndexReader) -> Result<Self> {
        Ok(Self {
            basis,
            terms: Turned::new(field, basis.index.documents())?,
        })
    }

    /// The terms of a phrasing or an excluded phrasing.
    fn short(&self, text: usize) -> Option<String> {
        Some(self.terms.joined(self.basis.short(text)?))
    }

    /// The terms of an answer.
    fn answer(&self, answer: usize) -> Option<String> {
        Some(self.terms.joined(self.basis.answer(answer)?))
    }
}

fn write_forward(index: &TantivyIndex, texts: &Texts<'_>, directory: &dyn Directory) -> Result<()> {
    let failed = |e| engine("indexing", e);
    let segments = index.searchable_segments().map_err(failed)?;
    let phrasings = texts.phrasings.len();
    let Some(segment) = segments.first().filter(|_| phrasings > 0) else {
        return files::write(directory, FORWARD, |out| Forward::write_empty(out));
    };
    let reader = SegmentReader::open(segment).map_err(failed)?;
    let (_, fields) = Fields::new();
    let inverted = reader.inverted_index(fields.phrasing).map_err(failed)?;
    files::write(directory, FORWARD, |out| {
        Forward::write(out, &inverted, phrasings, phrasings + texts.excluded.len())
    })
}

fn add_conditions(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    document.add_text(fields.id, format!("e{}", entry.id));
    document.add_text(fields.prefix, prefix_terms(entry.question.as_str()));
    document.add_bool(fields.enabled, entry.enabled);
    if let Some(from) = entry.valid.from() {
        document.add_i64(fields.valid_from, from.unix_seconds());
    }
    if let Some(until) = entry.valid.until() {
        document.add_i64(fields.valid_until, until.unix_seconds());
    }
    for channel in &entry.channels {
        document.add_text(fields.channels, channel.as_str());
    }
    for audience in &entry.audiences {
        document.add_text(fields.audiences, audience.as_str());
    }
    for tag in &entry.tags {
        document.add_text(fields.tags, tag.as_str());
    }
    if let Some(category) = &entry.category {
        let path = category.as_str();
        let parents = path
            .char_indices()
            .filter(|(_, c)| *c == '/')
            .map(|(end, _)| &path[..end]);
        parents
            .chain([path])
            .for_each(|level| document.add_text(fields.categories, level));
    }
}

/// How many texts are analysed at a time.
const CHUNK: usize = 16_384;
