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

/// Documents in ascending order: the first, which is all that most terms have and takes no memory apart, and what each of
/// the others adds to the one before, in seven bits a byte.
struct Run {
    first: u32,
    last: u32,
    bytes: Vec<u8>,
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
                    self.runs.push(Run::new(document));
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
    fn new(document: u32) -> Self {
        Self {
            first: document,
            last: document,
            bytes: Vec::new(),
        }
    }

    /// Adds a document, once.
    fn push(&mut self, document: u32) {
        if document == self.last {
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
        documents.push(self.first);
        let (mut last, mut step, mut shift) = (self.first, 0, 0);
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

#[cfg(test)]
mod tests {
    use tantivy::directory::RamDirectory;
    use tantivy::schema::Schema;
    use tantivy::{Index, SegmentReader};

    use super::super::schema::Fields;
    use super::*;

    #[test]
    fn documents_come_back_as_they_were_added() {
        let added = [
            0,
            0,
            1,
            127,
            128,
            255,
            16_383,
            16_384,
            40_000,
            40_000,
            3_000_000,
            4_000_000_000,
        ];
        let mut run = Run::new(0);
        added.iter().for_each(|document| run.push(*document));
        let mut documents = Vec::new();
        run.read(&mut documents);
        let mut expected = added.to_vec();
        expected.dedup();
        assert_eq!(documents, expected);
    }

    /// An index whose field of phrasings has these texts, and some of those of another index.
    fn field(texts: &[(u32, &str)], kept: Option<Kept<'_>>) -> std::sync::Arc<InvertedIndexReader> {
        let (schema, fields): (Schema, Fields) = Fields::new();
        let index = Index::builder().schema(schema);
        let index = index.open_or_create(RamDirectory::create()).unwrap();
        let mut postings = Postings::default();
        texts.iter().for_each(|(document, text)| postings.add(*document, text));
        let segment = index.new_segment().with_max_doc(1_000);
        write_segment(&segment, &[(fields.phrasing, postings, kept)]).unwrap();
        let reader = SegmentReader::open(&segment).unwrap();
        reader.inverted_index(fields.phrasing).unwrap()
    }

    fn terms(field: &InvertedIndexReader) -> Vec<(String, Vec<u32>)> {
        let mut terms = field.terms().stream().unwrap();
        let mut all = Vec::new();
        while terms.advance() {
            let mut documents = Vec::new();
            let mut postings = field
                .read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)
                .unwrap();
            while !postings.docs().is_empty() {
                documents.extend(postings.docs());
                postings.advance();
            }
            assert_eq!(terms.value().doc_freq as usize, documents.len());
            all.push((String::from_utf8(terms.key().to_vec()).unwrap(), documents));
        }
        all
    }

    #[test]
    fn postings_move_to_their_new_places_among_those_of_new_texts() {
        let before = field(&[(0, "b\u{1f}d"), (1, "d\u{1f}f"), (2, "g")], None);
        // The first two have changed places, the last is gone, and two texts are new.
        let moved = [500, 3, NOWHERE];
        let kept = Kept {
            field: &before,
            moved: &moved,
        };
        let after = field(&[(4, "a\u{1f}d\u{1f}d"), (999, "e\u{1f}h")], Some(kept));
        let expected = [
            ("a", vec![4]),
            ("b", vec![500]),
            ("d", vec![3, 4, 500]),
            ("e", vec![999]),
            ("f", vec![3]),
            ("h", vec![999]),
        ];
        assert_eq!(
            terms(&after),
            expected.map(|(term, documents)| (term.to_owned(), documents))
        );
    }

    #[test]
    fn terms_of_very_many_documents_are_whole() {
        let texts: Vec<(u32, &str)> = (0..1_000).map(|document| (document, "a")).collect();
        let all = field(&texts, None);
        assert_eq!(terms(&all), [("a".to_owned(), (0..1_000).collect::<Vec<u32>>())]);
        assert_eq!(terms(&field(&[], None)), []);
    }
}
