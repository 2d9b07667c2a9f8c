use std::collections::HashSet;
use std::sync::Arc;

use jieba_rs::Jieba;
use tantivy::collector::TopDocs;
use tantivy::query::BooleanQuery;
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, Searcher, TantivyDocument, Term};

/// What plain BM25 counts.
#[derive(Clone)]
pub enum Terms {
    /// Words, as jieba cuts them for a search.
    Words(Arc<Jieba>),
    /// Single characters, and pairs of neighbours.
    CharactersAndPairs,
}

/// What is usual without dafu: tantivy as it comes, a document for each phrasing, BM25, entries by their best phrasing.
pub struct Peer {
    searcher: Searcher,
    text: Field,
    analyzer: TextAnalyzer,
}

impl Peer {
    /// Builds an index in memory.
    ///
    /// # Panics
    ///
    /// When tantivy refuses, which it has no reason to.
    pub fn new(entries: &[Vec<String>], terms: Terms) -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let entry = schema.add_u64_field(ENTRY, NumericOptions::default().set_fast());
        let analyzer = TextAnalyzer::from(TermsTokenizer {
            terms,
            tokens: Vec::new(),
        });
        let tokenizers = TokenizerManager::default();
        tokenizers.register(TOKENIZER, analyzer.clone());
        let index = Index::builder()
            .schema(schema.build())
            .tokenizers(tokenizers)
            .create_in_ram()
            .expect("an index in memory");
        let mut writer = index.writer(WRITER_BYTES).expect("the only writer");
        for (number, phrasings) in (0u64..).zip(entries) {
            for phrasing in phrasings {
                let mut document = TantivyDocument::new();
                document.add_text(text, phrasing);
                document.add_u64(entry, number);
                writer.add_document(document).expect("memory is there");
            }
        }
        writer.commit().expect("memory is there");
        let reader = index.reader().expect("what was just written");
        Self {
            searcher: reader.searcher(),
            text,
            analyzer,
        }
    }

    /// The entries of the ten best phrasings, the best first.
    ///
    /// # Panics
    ///
    /// When tantivy refuses, which it has no reason to.
    pub fn ask(&mut self, question: &str) -> Vec<u64> {
        let mut terms = HashSet::new();
        let mut tokens = self.analyzer.token_stream(question);
        tokens.process(&mut |token| {
            terms.insert(Term::from_field_text(self.text, &token.text));
        });
        let query = BooleanQuery::new_multiterms_query(terms.into_iter().collect());
        let best = self
            .searcher
            .search(&query, &TopDocs::with_limit(10).order_by_score())
            .expect("an index in memory");
        let mut entries = Vec::with_capacity(best.len());
        for (_, address) in best {
            let numbers = self.searcher.segment_reader(address.segment_ord).fast_fields();
            let numbers = numbers.u64(ENTRY).expect("the field is in the schema");
            let entry = numbers.first(address.doc_id).expect("every document has one");
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        entries
    }
}

#[derive(Clone)]
struct TermsTokenizer {
    terms: Terms,
    tokens: Vec<Token>,
}

impl TermsTokenizer {
    fn cut(&mut self, text: &str) {
        self.tokens.clear();
        let mut push = |text: String| {
            let position = self.tokens.len();
            self.tokens.push(Token {
                text,
                position,
                ..Token::default()
            });
        };
        match &self.terms {
            Terms::Words(jieba) => {
                for word in jieba.cut_for_search(text, true) {
                    if word.word.contains(char::is_alphanumeric) {
                        push(word.word.to_lowercase());
                    }
                }
            }
            Terms::CharactersAndPairs => {
                let mut before = None;
                for c in text.chars().flat_map(char::to_lowercase) {
                    if c.is_alphanumeric() {
                        push(c.into());
                        if let Some(before) = before {
                            push([before, c].iter().collect());
                        }
                    }
                    before = Some(c).filter(|c| c.is_alphanumeric());
                }
            }
        }
    }
}

impl Tokenizer for TermsTokenizer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.cut(text);
        Tokens {
            tokens: &mut self.tokens,
            next: 0,
        }
    }
}

struct Tokens<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

const TOKENIZER: &str = "terms";
const ENTRY: &str = "entry";
const WRITER_BYTES: usize = 200 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_entry_with_the_words() {
        let entries = [
            vec!["退款多久到账".to_owned(), "钱几时退回来".to_owned()],
            vec!["怎么修改收货地址".to_owned()],
        ];
        for terms in [Terms::Words(Arc::new(Jieba::new())), Terms::CharactersAndPairs] {
            let mut peer = Peer::new(&entries, terms);
            assert_eq!(peer.ask("退款要多久"), [0]);
            assert_eq!(peer.ask("地址填错了想修改")[0], 1);
            assert!(peer.ask("？").is_empty());
        }
    }
}
