use std::collections::HashMap;

use tantivy::InvertedIndexReader;
use tantivy::columnar::ColumnarWriter;
use tantivy::directory::TerminatingWrite;
use tantivy::fieldnorm::FieldNormsSerializer;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analysis::split_terms;

/// The terms of a field, each with the documents that have it, while an index is built.
///
/// tantivy's own writer takes a text apart, and looks each of its terms up in a table, whatever is known of it already.
/// Here the postings of a [basis](Kept) go from one index to the other as they are, with other numbers, and only the terms
/// of new texts are looked up.
#[derive(Default)]
pub(super) struct Postings {
    places: HashMap<Box<str>, u32>,
    runs: Vec<Run>,
}

/// What of another index's field goes into this one.
#[derive(Clone, Copy)]
pub(super) struct Kept<'k> {
    pub(super) field: &'k InvertedIndexReader,
    /// For each document of that index the one with the same text, or [`NOWHERE`].
    pub(super) moved: &'k [u32],
}

/// Writes a segment with some fields and nothing else, the fields in the order of the schema.
pub(super) fn write_segment(segment: &Segment, fields: &[(Field, Postings, Option<Kept<'_>>)]) -> tantivy::Result<()> {
    let mut serializer = InvertedIndexSerializer::open(segment)?;
    for (field, postings, kept) in fields {
        let mut terms = serializer.new_field(*field, 0, None)?;
        postings.write_terms(&mut terms, *kept)?;
        terms.close()?;
    }
    serializer.close()?;
    // Nothing stands in the others, but a segment is not opened without.
    FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?.close()?;
    let mut columns = segment.open_write(SegmentComponent::FastFields)?;
    ColumnarWriter::default().serialize(segment.meta().max_doc(), None, &mut columns)?;
    columns.terminate()?;
    segment.open_write(SegmentComponent::Store)?.terminate()?;
    Ok(())
}

/// No document.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Documents in ascending order: what each adds to the one before, in seven bits a byte.
#[derive(Default)]
struct Run {
    bytes: Vec<u8>,
    last: u32,
}

impl Postings {
    /// Adds the terms of a document, whose number is greater than all before.
    pub(super) fn add(&mut self, document: u32, joined: &str) {
        for term in split_terms(joined) {
            let place = match self.places.get(term) {
                Some(place) => *place,
                None => {
                    let place = self.runs.len() as u32;
                    self.places.insert(term.into(), place);
                    self.runs.push(Run::default());
                    place
                }
            };
            self.runs[place as usize].push(document);
        }
    }

    fn write_terms(&self, out: &mut FieldSerializer<'_>, kept: Option<Kept<'_>>) -> tantivy::Result<()> {
        let mut own: Vec<(&str, u32)> = self.places.iter().map(|(term, place)| (&**term, *place)).collect();
        own.sort_unstable();
        let mut own = own.into_iter().peekable();
        let mut documents = Vec::new();
        if let Some(kept) = kept {
            let mut terms = kept.field.terms().stream()?;
            while terms.advance() {
                let term = terms.key();
                while let Some((text, place)) = own.next_if(|(text, _)| text.as_bytes() < term) {
                    self.runs[place as usize].read(&mut documents);
                    write_term(out, text.as_bytes(), &mut documents)?;
                }
                let mut postings = kept
                    .field
                    .read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                while !postings.docs().is_empty() {
                    let moved = postings.docs().iter().filter_map(|doc| kept.moved.get(*doc as usize));
                    documents.extend(moved.copied().filter(|document| *document != NOWHERE));
                    postings.advance();
                }
                if let Some((_, place)) = own.next_if(|(text, _)| text.as_bytes() == term) {
                    self.runs[place as usize].read(&mut documents);
                }
                // New texts stand among the others, and an editor may have moved an entry.
                if !documents.is_sorted() {
                    documents.sort_unstable();
                }
                write_term(out, term, &mut documents)?;
            }
        }
        for (text, place) in own {
            self.runs[place as usize].read(&mut documents);
            write_term(out, text.as_bytes(), &mut documents)?;
        }
        Ok(())
    }
}

/// Writes a term, unless no document has it any more, and takes its documents.
fn write_term(out: &mut FieldSerializer<'_>, term: &[u8], documents: &mut Vec<u32>) -> std::io::Result<()> {
    if documents.is_empty() {
        return Ok(());
    }
    out.new_term_without_freq(term)?;
    for document in documents.drain(..) {
        out.write_doc(document, 1, &[]);
    }
    out.close_term()
}

impl Run {
    /// Adds a document, once.
    fn push(&mut self, document: u32) {
        if document == self.last && !self.bytes.is_empty() {
            return;
        }
        let mut rest = document - self.last;
        self.last = document;
        while rest >= MORE {
            self.bytes.push((rest | MORE) as u8);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    /// Adds all documents to a list.
    fn read(&self, documents: &mut Vec<u32>) {
        let (mut last, mut step, mut shift) = (0, 0, 0);
        for byte in &self.bytes {
            step |= (u32::from(*byte) & (MORE - 1)) << shift;
            shift += 7;
            if u32::from(*byte) < MORE {
                last += step;
                documents.push(last);
                (step, shift) = (0, 0);
            }
        }
    }
}

/// The bit that says that more bytes follow.
const MORE: u32 = 128;
