use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::analysis::split_terms;

/// The fields of the index.
///
/// Documents stand in this order: phrasings (those of an entry in a row, its standard question first), excluded
/// phrasings, answers (one for each entry that has any), standard answers, templates.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// Tokens of phrasings and excluded phrasings.
    pub(super) phrasing: Field,
    /// Syllable pairs of phrasings.
    pub(super) sound: Field,
    /// Tokens of answers, standard answers and templates.
    pub(super) answer: Field,
    /// A letter for the kind, and the id: entries have theirs at their standard question.
    pub(super) id: Field,
    /// What a suggestion may begin with, of standard questions.
    pub(super) prefix: Field,
    /// Conditions of an entry, at its standard question.
    pub(super) valid_from: Field,
    pub(super) valid_until: Field,
    pub(super) enabled: Field,
    pub(super) channels: Field,
    pub(super) audiences: Field,
    pub(super) tags: Field,
    /// The category with all its parents: 售后 and 售后/退款.
    pub(super) categories: Field,
}

impl Fields {
    pub(super) fn new() -> (Schema, Self) {
        let terms = |option, norms| {
            let indexing = TextFieldIndexing::default();
            TextOptions::default().set_indexing_options(
                indexing
                    .set_tokenizer(TERMS)
                    .set_index_option(option)
                    .set_fieldnorms(norms),
            )
        };
        let presence = terms(IndexRecordOption::Basic, false);
        let raw = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic);
        let id = TextOptions::default().set_indexing_options(raw.set_fieldnorms(false));
        let words = TextOptions::default().set_fast("raw");
        let number: NumericOptions = FAST.into();

        let mut schema = Schema::builder();
        let fields = Self {
            phrasing: schema.add_text_field("phrasing", presence.clone()),
            sound: schema.add_text_field("sound", presence.clone()),
            answer: schema.add_text_field("answer", terms(IndexRecordOption::WithFreqs, true)),
            id: schema.add_text_field("id", id),
            prefix: schema.add_text_field("prefix", presence),
            valid_from: schema.add_i64_field("valid_from", number.clone()),
            valid_until: schema.add_i64_field("valid_until", number.clone()),
            enabled: schema.add_bool_field("enabled", number),
            channels: schema.add_text_field("channels", words.clone()),
            audiences: schema.add_text_field("audiences", words.clone()),
            tags: schema.add_text_field("tags", words.clone()),
            categories: schema.add_text_field("categories", words),
        };
        (schema.build(), fields)
    }
}

/// The name of the tokenizer that splits joined terms.
pub(super) const TERMS: &str = "terms";

/// Gives tantivy the terms that the analysis made.
///
/// The analysis runs in many threads before, each text once; what reaches the index writer is the joined terms.
pub(super) fn terms_tokenizer() -> TextAnalyzer {
    TextAnalyzer::from(TermsTokenizer::default())
}

#[derive(Clone, Default)]
struct TermsTokenizer {
    token: Token,
}

struct Terms<'a, I> {
    terms: I,
    token: &'a mut Token,
}

impl Tokenizer for TermsTokenizer {
    type TokenStream<'a> = Box<dyn TokenStream + 'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        self.token.reset();
        Box::new(Terms {
            terms: split_terms(text),
            token: &mut self.token,
        })
    }
}

impl<'a, I: Iterator<Item = &'a str>> TokenStream for Terms<'_, I> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
