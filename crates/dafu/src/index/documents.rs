use rayon::prelude::*;
use tantivy::directory::error::DeleteError;
use tantivy::indexer::SingleSegmentIndexWriter;
use tantivy::schema::Field;
use tantivy::{Directory, Index as TantivyIndex, InvertedIndexReader, Segment, SegmentReader, TantivyDocument};

use super::basis::{Basis, Turned};
use super::build::Texts;
use super::files::{self, FORWARD, MANAGED, SEGMENTS, engine};
use super::forward::Forward;
use super::open::Index;
use super::postings::{Kept, Postings, write_segment};
use super::schema::{Fields, TERMS, terms_tokenizer};
use super::suggest::prefix_terms;
use crate::analysis::{Analyzer, Normalized, join_terms, sounds, squeeze};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Content, Entry};

/// Writes tantivy's index, and from it the forward index. Returns the names of tantivy's files.
///
/// There are three segments, so that threads can write them side by side: one of the documents, and under the same
/// numbers one of the terms and sounds of phrasings, and one of what suggestions begin with.
pub(super) fn write_documents<D: Directory + Clone>(
    content: &Content,
    texts: &Texts<'_>,
    analyzer: &Analyzer,
    basis: Option<&Basis<'_>>,
    directory: &D,
) -> Result<Vec<String>> {
    let failed = |e| engine("indexing", e);
    let (writer, fields) = writer(texts, directory)?;
    // The writer keeps its own to itself.
    let index = TantivyIndex::open(directory.clone()).map_err(failed)?;
    let apart = Apart {
        index: &index,
        texts: texts.phrasings.iter().chain(&texts.excluded).copied().collect(),
        basis: basis.map(|basis| (basis, basis.moved())),
    };
    let phrasings = || {
        let (all, own) = (0..apart.texts.len(), 0..texts.phrasings.len());
        let terms = |text: &str| {
            let normalized = Normalized::new(text);
            join_terms(&analyzer.tokens(&normalized, &normalized.text()))
        };
        let sounds = |text: &str| join_terms(&sounds(&squeeze(&Normalized::new(text))));
        let (terms, sounds) = rayon::join(|| apart.postings(all, terms), || apart.postings(own, sounds));
        let terms = (fields.phrasing, terms?, apart.kept(|basis| &basis.phrasing));
        let sounds = (fields.sound, sounds?, apart.kept(|basis| &basis.sound));
        let segment = apart.write(&[terms, sounds])?;
        write_forward(&segment, texts, directory)?;
        Ok(segment)
    };
    let prefixes = || {
        let questions = texts.first_phrasing[..content.entries().len()].iter();
        let prefixes = apart.postings(questions.map(|first| *first as usize), prefix_terms)?;
        apart.write(&[(fields.prefix, prefixes, apart.kept(|basis| &basis.prefix))])
    };
    let documents = || add_documents(writer, &fields, content, texts, analyzer, basis);
    let (prefixes, (phrasings, documents)) = rayon::join(prefixes, || rayon::join(phrasings, documents));
    let documents = documents?;
    let mut list = documents.load_metas().map_err(failed)?;
    for segment in [phrasings, prefixes] {
        list.segments.push(segment?.meta().clone());
    }
    let list = serde_json::to_vec_pretty(&list).expect("a list of segments is plain data");
    let written = directory.atomic_write(SEGMENTS.as_ref(), &list);
    written.map_err(|e| Error::io(SEGMENTS.as_ref(), "writing", e))?;
    // No one will write this index any more, and a file that no checksum covers might be damaged unseen.
    match directory.delete(MANAGED.as_ref()) {
        Ok(()) | Err(DeleteError::FileDoesNotExist(_)) => {}
        Err(e) => {
            let action = format!("removing `{MANAGED}`");
            return Err(Error::from_source(ErrorKind::Io, action, e));
        }
    }
    let mut names = files_of(&documents);
    names.extend(files_of(&index));
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Makes the segments beside that of the documents.
struct Apart<'s> {
    index: &'s TantivyIndex,
    /// The phrasings, and then the excluded phrasings.
    texts: Vec<&'s str>,
    /// The basis, and where its documents stand here.
    basis: Option<(&'s Basis<'s>, Vec<u32>)>,
}

impl Apart<'_> {
    /// The terms of those of some texts that the basis does not have.
    fn postings(
        &self,
        numbers: impl Iterator<Item = usize>,
        analyse: impl Fn(&str) -> String + Sync,
    ) -> Result<Postings> {
        let known = |number| {
            self.basis
                .as_ref()
                .is_some_and(|(basis, _)| basis.short(number).is_some())
        };
        let new: Vec<usize> = numbers.filter(|number| !known(*number)).collect();
        let mut postings = Postings::default();
        let analyse = |number: usize| analyse(self.texts[number]);
        analyse_and_add(&new, analyse, |number, terms| {
            postings.add(number as u32, &terms);
            Ok(())
        })?;
        Ok(postings)
    }

    /// What the basis has of the others in one of its fields.
    fn kept(&self, field: fn(&Index) -> &InvertedIndexReader) -> Option<Kept<'_>> {
        let (basis, moved) = self.basis.as_ref()?;
        let field = field(basis.index);
        Some(Kept { field, moved })
    }

    fn write(&self, fields: &[(Field, Postings, Option<Kept<'_>>)]) -> Result<Segment> {
        let segment = self.index.new_segment().with_max_doc(self.texts.len() as u32);
        let written = write_segment(&segment, fields);
        written.map(|()| segment).map_err(|e| engine("indexing", e))
    }
}

/// The names of the files in tantivy's list of its own; locks stand in it, too, but are not there.
fn files_of(index: &TantivyIndex) -> Vec<String> {
    let directory = index.directory();
    let files = directory.list_managed_files().into_iter();
    let files = files.filter(|file| directory.exists(file).unwrap_or(false));
    files.map(|file| file.to_string_lossy().into_owned()).collect()
}

/// Adds a document for each phrasing, excluded phrasing, answer, standard answer and template, with all but the terms of
/// phrasings.
fn add_documents(
    mut writer: SingleSegmentIndexWriter,
    fields: &Fields,
    content: &Content,
    texts: &Texts<'_>,
    analyzer: &Analyzer,
    basis: Option<&Basis<'_>>,
) -> Result<TantivyIndex> {
    let failed = |e| engine("indexing", e);
    let mut entries = content.entries().iter().zip(&texts.first_phrasing).peekable();
    for number in 0..texts.phrasings.len() + texts.excluded.len() {
        let mut document = TantivyDocument::new();
        if let Some((entry, _)) = entries.next_if(|(_, first)| **first as usize == number) {
            add_conditions(&mut document, fields, entry);
        }
        writer.add_document(document).map_err(failed)?;
    }
    let known = match basis {
        Some(basis) => Some((basis, Turned::new(&basis.index.answer, basis.index.documents())?)),
        None => None,
    };
    let long = texts.long(content);
    let terms_of = |number: usize| match &known {
        Some((basis, terms)) if let Some(there) = basis.answer(number) => terms.joined(there),
        _ => analyzer.answer_terms(long[number].0),
    };
    let numbers: Vec<usize> = (0..long.len()).collect();
    analyse_and_add(&numbers, terms_of, |number, terms| {
        let mut document = TantivyDocument::new();
        document.add_text(fields.answer, terms);
        if let Some(id) = &long[number].1 {
            document.add_text(fields.id, id);
        }
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
    texts: &[usize],
    analyse: impl Fn(usize) -> String + Sync,
    mut add: impl FnMut(usize, String) -> Result<()> + Send,
) -> Result<()> {
    let analyse_chunk = |chunk: &[usize]| -> Vec<String> { chunk.par_iter().map(|number| analyse(*number)).collect() };
    let mut chunks = texts.chunks(CHUNK).peekable();
    let mut analysed = analyse_chunk(chunks.peek().copied().unwrap_or_default());
    while let Some(chunk) = chunks.next() {
        let add_all = || {
            let mut numbered = chunk.iter().zip(std::mem::take(&mut analysed));
            numbered.try_for_each(|(number, terms)| add(*number, terms))
        };
        let next = chunks.peek().copied().unwrap_or_default();
        let (added, next) = rayon::join(add_all, || analyse_chunk(next));
        added?;
        analysed = next;
    }
    Ok(())
}

fn write_forward(segment: &Segment, texts: &Texts<'_>, directory: &dyn Directory) -> Result<()> {
    let failed = |e| engine("indexing", e);
    let phrasings = texts.phrasings.len();
    if phrasings == 0 {
        return files::write(directory, FORWARD, |out| Forward::write_empty(out));
    }
    let reader = SegmentReader::open(segment).map_err(failed)?;
    let (_, fields) = Fields::new();
    let inverted = reader.inverted_index(fields.phrasing).map_err(failed)?;
    files::write(directory, FORWARD, |out| {
        Forward::write(out, &inverted, phrasings, phrasings + texts.excluded.len())
    })
}

fn add_conditions(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    document.add_text(fields.id, format!("e{}", entry.id));
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
