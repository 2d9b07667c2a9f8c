//! A knowledge base whose meanings come from the caller's own encoder: word vectors in a text file.
//!
//! ```text
//! cargo run --release --example own_encoder [VECTORS.txt [FAQ.jsonl QUESTION]]
//! ```
//!
//! `VECTORS.txt` has a word and its numbers in each line, as word2vec, fastText and GloVe write them. Without a file
//! a few words in this program do.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use dafu::{AskOptions, BuildOptions, Content, Encoder, ErrorKind, KnowledgeBase};
use dafu_examples::stable_hash;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let vectors = match arguments.next() {
        Some(path) => std::fs::read_to_string(&path).map_err(|e| format!("reading `{path}`: {e}"))?,
        None => FEW_WORDS.to_owned(),
    };
    let content = match arguments.next() {
        Some(path) => Content::open(path)?,
        None => Content::from_jsonl(FAQ.as_bytes())?,
    };
    let question = arguments.next().unwrap_or_else(|| "包裹走到哪儿啦".to_owned());
    let encoder = Arc::new(WordVectors::parse(&vectors)?);
    println!("{} words of {} numbers", encoder.rows.len(), encoder.dimensions());

    // The encoder is an option of the build. Everything else stays as it is: the vectors are whitened, the entries learn
    // from them, and the confidence is fitted to them.
    let folder = tempfile::tempdir()?;
    let index = folder.path().join("index");
    let mut options = BuildOptions::default();
    options.encoder = Some(encoder.clone());
    KnowledgeBase::build_index(&content, &index, &options)?;

    // The index has vectors of the phrasings, and not the encoder: whoever opens it brings the same one.
    let kb = KnowledgeBase::open_with(&index, encoder)?;
    let reply = kb.ask(&question, &AskOptions::new())?;
    println!("{question} → {:?}", reply.decision);
    for hit in reply.hits.iter().take(3) {
        let (confidence, meaning) = (hit.confidence, hit.evidence.meaning);
        println!(
            "  {} {}: confidence {confidence:.2}, meaning {meaning:.2}",
            hit.entry, hit.phrasing
        );
    }

    // Without it, or with another one, the index does not open: its numbers would mean something else.
    let without = KnowledgeBase::open(&index).expect_err("the encoder is missing");
    println!("without the encoder: {without}");
    let other = Arc::new(WordVectors::parse("钱 1 0\n货 0 1")?);
    let with_another = KnowledgeBase::open_with(&index, other).expect_err("it is another encoder");
    println!("with another: {with_another}");
    assert_eq!(
        (without.kind(), with_another.kind()),
        (ErrorKind::Format, ErrorKind::Format)
    );
    Ok(())
}

/// The mean of the vectors of the words in a text.
struct WordVectors {
    rows: HashMap<String, Vec<f32>>,
    dimensions: usize,
    longest: usize,
    fingerprint: String,
}

impl WordVectors {
    fn parse(text: &str) -> Result<Self, String> {
        let mut rows = HashMap::new();
        let mut dimensions = 0;
        for (number, line) in (1..).zip(text.lines()) {
            let mut fields = line.split_whitespace();
            let Some(word) = fields.next() else { continue };
            let row: Option<Vec<f32>> = fields.map(|field| field.parse().ok()).collect();
            let row = row.ok_or_else(|| format!("line {number}: `{word}` is followed by what is no number"))?;
            match row.len() {
                // The first line of word2vec's files: how many words, how many numbers each.
                1 if number == 1 => continue,
                length if dimensions == 0 => dimensions = length,
                length if length != dimensions => {
                    return Err(format!(
                        "line {number}: {length} numbers, where others have {dimensions}"
                    ));
                }
                _ => {}
            }
            rows.insert(word.to_owned(), row);
        }
        Ok(Self {
            longest: rows.keys().map(|word| word.chars().count()).max().unwrap_or(0),
            fingerprint: format!("word vectors {:x}", stable_hash(text)),
            rows,
            dimensions,
        })
    }
}

impl Encoder for WordVectors {
    fn name(&self) -> &str {
        "word vectors of a file"
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Another file has another fingerprint, so an index is never read with vectors of which it knows nothing.
    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// Texts come normalised: simplified characters, lower case. The longest word of the file is taken at each place.
    fn encode(&self, text: &str, vector: &mut [f32]) {
        let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let mut at = 0;
        while at < ends.len() {
            let start = at.checked_sub(1).map_or(0, |before| ends[before]);
            let mut words = (at..ends.len().min(at + self.longest)).rev();
            let found = words.find_map(|last| Some((last, self.rows.get(&text[start..ends[last]])?)));
            if let Some((last, row)) = found {
                for (sum, number) in vector.iter_mut().zip(row) {
                    *sum += number;
                }
                at = last;
            }
            at += 1;
        }
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        // A text without a word of the file stays all zeros: nothing is known of it.
        if length > 0.0 {
            vector.iter_mut().for_each(|number| *number /= length);
        }
    }
}

/// Money, goods on their way, and paper.
const FEW_WORDS: &str = "\
退款 1.0 0.1 0.0
钱 0.9 0.0 0.1
到账 0.8 0.2 0.0
快递 0.0 1.0 0.1
物流 0.1 0.9 0.0
包裹 0.0 0.9 0.0
哪儿 0.0 0.4 0.0
到哪 0.0 0.4 0.0
发票 0.1 0.0 1.0
抬头 0.0 0.1 0.9";

const FAQ: &str = r#"{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}
{"id":"delivery","question":"怎么看物流到哪了？","similar":["快递查询"],"answer":"在订单里点“查看物流”。"}
{"id":"invoice","question":"怎么开发票？","similar":["抬头写什么"],"answer":"在订单里申请。"}"#;
