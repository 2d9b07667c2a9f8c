use dafu::{Decision, Hit, Reason, Reply, Span};

use crate::block::{self, Block};
use crate::guard::guard_value;
use crate::text::dafu_str;

/// What is to be said to a question.
///
/// It holds all its texts and outlives the knowledge base. Any thread may read it. A `dafu_reply *` from `dafu_ask`
/// is yours: free it with `dafu_reply_free`. A `const dafu_reply *` from `dafu_ask_into` lies in your buffer: there
/// is nothing to free.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_reply {
    /// Whether to answer, to offer choices, or to hand over.
    pub decision: dafu_decision,
    /// Why there is no answer; `DAFU_REASON_NONE` unless the decision is `DAFU_DECISION_NO_ANSWER`.
    pub reason: dafu_reason,
    /// How many of the first hits to offer; 0 unless the decision is `DAFU_DECISION_CHOICES`.
    pub choices_len: usize,
    /// The entries nearest to the question, the best first: `hits[0]` to `hits[hits_len - 1]`. Those that the decision
    /// does not offer are for agents and tools, not for customers.
    pub hits: *const *const dafu_hit,
    /// How many hits there are.
    pub hits_len: usize,
    /// The number of the generation that answered, as in `dafu_generation`; 0 for a knowledge base that is not live.
    pub generation: u64,
}

/// What is done about a question.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_decision {
    /// The first hit answers it: say `hits[0]->answer`.
    Answer = 1,
    /// Not sure enough to answer, or two are too close: ask "did you mean ...?" with the first `choices_len` hits.
    Choices = 2,
    /// No entry answers it. Say so, and call a person.
    NoAnswer = 3,
}

/// Why there is no answer.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_reason {
    /// There is one.
    None = 0,
    /// No entry is near enough.
    NothingClose = 1,
    /// The customer asks for a person.
    HandoverRequested = 2,
    /// Entries that would answer are out of their validity window.
    OnlyOutOfDate = 3,
    /// Entries that would answer are disabled, or for another channel, audience, category or tag.
    OnlyFiltered = 4,
    /// The entry that would answer excludes this phrasing.
    Excluded = 5,
    /// The question has no letter, digit or ideograph.
    EmptyQuestion = 6,
    /// The question is longer than 1,000 characters.
    QuestionTooLong = 7,
    /// A reason that this release of the C library has no number for yet.
    Other = 8,
}

/// An entry that may answer a question.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_hit {
    /// The id of the entry.
    pub entry: dafu_str,
    /// Its standard question.
    pub question: dafu_str,
    /// The text to answer with, for the caller's channel, audience and locale; `{NULL, 0}` for an entry without
    /// answers.
    pub answer: dafu_str,
    /// The phrasing of the entry that is nearest to the question.
    pub phrasing: dafu_str,
    /// The category of the entry; `{NULL, 0}` if it has none.
    pub category: dafu_str,
    /// How likely the entry is what the customer wants to know, in 0..1.
    pub confidence: f32,
    /// Not used.
    pub reserved: i32,
    /// What the confidence was made from: how phrasing and question agree. Names and number of the parts may differ
    /// from release to release.
    pub parts: *const dafu_part,
    /// How many parts there are.
    pub parts_len: usize,
    /// The parts of the question that the phrasing has, too.
    pub question_spans: *const dafu_span,
    /// How many spans of the question there are.
    pub question_spans_len: usize,
    /// The parts of the phrasing that the question has, too.
    pub phrasing_spans: *const dafu_span,
    /// How many spans of the phrasing there are.
    pub phrasing_spans_len: usize,
    /// Ids of entries that customers often need next.
    pub related: *const dafu_str,
    /// How many related entries there are.
    pub related_len: usize,
    /// Short next questions to offer.
    pub follow_ups: *const dafu_str,
    /// How many follow-ups there are.
    pub follow_ups_len: usize,
}

/// One number that a confidence was made from. Never grows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_part {
    /// Its name, such as `cosine`: a text of the library, which stays as long as it is loaded.
    pub name: dafu_str,
    /// Its value: mostly in 0..1, where 0 is no agreement (or no contradiction). Compare it with itself only.
    pub value: f32,
    /// Not used.
    pub reserved: i32,
}

/// A part of a text, from its first unit to the one after its last, in the three units in which programs count. Never
/// grows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_span {
    /// In bytes of UTF-8, as C, Go and Rust count.
    pub byte_start: usize,
    /// The byte after the last.
    pub byte_end: usize,
    /// In code points, as Python counts.
    pub char_start: usize,
    /// The code point after the last.
    pub char_end: usize,
    /// In units of UTF-16, as Java, JavaScript and C# count.
    pub utf16_start: usize,
    /// The unit after the last.
    pub utf16_end: usize,
}

/// Frees a reply. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_reply_free(reply: *mut dafu_reply) {
    // SAFETY: the caller passes a reply of ours that is not yet freed, or NULL.
    guard_value((), || unsafe { block::free(reply) });
}

/// Describes a reply, to be put into a block.
pub(crate) fn describe(block: &mut Block, reply: &Reply, generation: u64) -> dafu_reply {
    let (decision, reason, choices_len) = numbers(reply.decision);
    dafu_reply {
        decision,
        reason,
        choices_len,
        hits: block.list(reply.hits.iter(), describe_hit),
        hits_len: reply.hits.len(),
        generation,
    }
}

fn describe_hit(block: &mut Block, hit: &Hit) -> *const dafu_hit {
    let parts = hit.evidence.parts();
    let named = PART_NAMES.iter().zip(parts);
    let hit = dafu_hit {
        entry: block.text(&hit.entry),
        question: block.text(&hit.question),
        answer: block.optional_text(hit.answer.as_deref()),
        phrasing: block.text(&hit.phrasing),
        category: block.optional_text(hit.category.as_deref()),
        confidence: hit.confidence,
        reserved: 0,
        parts: block.list(named, |_, (name, (_, value))| dafu_part {
            name: *name,
            value,
            reserved: 0,
        }),
        parts_len: parts.len(),
        question_spans: spans(block, &hit.question_spans),
        question_spans_len: hit.question_spans.len(),
        phrasing_spans: spans(block, &hit.phrasing_spans),
        phrasing_spans_len: hit.phrasing_spans.len(),
        related: block.texts(&hit.related),
        related_len: hit.related.len(),
        follow_ups: block.texts(&hit.follow_ups),
        follow_ups_len: hit.follow_ups.len(),
    };
    block.value(hit)
}

/// The names in [`Evidence::parts`](dafu::Evidence::parts), with the NUL that C wants: no reply need copy them.
const PART_NAMES: [dafu_str; 21] = [
    dafu_str::of_static(c"cosine"),
    dafu_str::of_static(c"of_question"),
    dafu_str::of_static(c"of_phrasing"),
    dafu_str::of_static(c"mean"),
    dafu_str::of_static(c"mean_of_all"),
    dafu_str::of_static(c"profile_chars"),
    dafu_str::of_static(c"profile_pairs"),
    dafu_str::of_static(c"profile_words"),
    dafu_str::of_static(c"learned"),
    dafu_str::of_static(c"learned_from_many"),
    dafu_str::of_static(c"few_phrasings"),
    dafu_str::of_static(c"meaning"),
    dafu_str::of_static(c"meaning_of_all"),
    dafu_str::of_static(c"run"),
    dafu_str::of_static(c"sound"),
    dafu_str::of_static(c"exact"),
    dafu_str::of_static(c"answer"),
    dafu_str::of_static(c"numbers_differ"),
    dafu_str::of_static(c"codes_differ"),
    dafu_str::of_static(c"negation_differs"),
    dafu_str::of_static(c"strange"),
];

pub(crate) fn spans(block: &mut Block, spans: &[Span]) -> *const dafu_span {
    block.list(spans.iter(), |_, span| dafu_span {
        byte_start: span.bytes.start,
        byte_end: span.bytes.end,
        char_start: span.chars.start,
        char_end: span.chars.end,
        utf16_start: span.utf16.start,
        utf16_end: span.utf16.end,
    })
}

/// A decision as the header tells it.
pub(crate) fn numbers(decision: Decision) -> (dafu_decision, dafu_reason, usize) {
    match decision {
        Decision::Answer => (dafu_decision::Answer, dafu_reason::None, 0),
        Decision::Choices(count) => (dafu_decision::Choices, dafu_reason::None, count),
        Decision::NoAnswer(reason) => (dafu_decision::NoAnswer, reason_number(reason), 0),
        // A decision that a later core adds is none that C programs act upon yet: a person is called.
        _ => (dafu_decision::NoAnswer, dafu_reason::Other, 0),
    }
}

fn reason_number(reason: Reason) -> dafu_reason {
    match reason {
        Reason::NothingClose => dafu_reason::NothingClose,
        Reason::HandoverRequested => dafu_reason::HandoverRequested,
        Reason::OnlyOutOfDate => dafu_reason::OnlyOutOfDate,
        Reason::OnlyFiltered => dafu_reason::OnlyFiltered,
        Reason::Excluded => dafu_reason::Excluded,
        Reason::EmptyQuestion => dafu_reason::EmptyQuestion,
        Reason::QuestionTooLong => dafu_reason::QuestionTooLong,
        _ => dafu_reason::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use dafu::{AskOptions, Content, KnowledgeBase};

    use super::*;

    #[test]
    fn the_parts_have_the_names_that_the_core_gives_them() {
        let content = Content::from_jsonl(r#"{"question":"退款多久到账？","answer":"3天。"}"#.as_bytes()).unwrap();
        let kb = KnowledgeBase::new(&content).unwrap();
        let reply = kb.ask("退款多久到账", &AskOptions::new()).unwrap();
        let names = reply.hits[0].evidence.parts().map(|(name, _)| name);
        // SAFETY: the names are C strings that never go.
        let given = PART_NAMES.map(|name| unsafe { CStr::from_ptr(name.data) }.to_str().unwrap());
        assert_eq!(given, names);
    }
}
