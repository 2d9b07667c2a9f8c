use std::ffi::{c_char, c_void};

use dafu::{Hit, Reply};
use serde::Serialize;

use crate::block::{self, Block};
use crate::error::{Failure, dafu_error};
use crate::guard::guard;
use crate::kb::dafu_kb;
use crate::options::{ask_options, dafu_ask_options};
use crate::pointers::{borrow, output, text};
use crate::reply::{self, dafu_decision, dafu_reason, dafu_reply};
use crate::status::dafu_status;
use crate::text::{self, dafu_text};

/// Replies to a question: an answer, choices, or no answer and why. `options` may be NULL.
///
/// A question may be any UTF-8 text; one that is empty or too long is no failure, it gets a reply that says so. Takes a
/// fraction of a millisecond with 20,000 phrasings. Free the reply with `dafu_reply_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_ask(
    kb: *const dafu_kb,
    question: *const c_char,
    question_len: usize,
    options: *const dafu_ask_options,
    reply: *mut *mut dafu_reply,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, question, options, reply) = unsafe {
            (
                borrow(kb, "kb")?,
                text(question, question_len, "question")?,
                ask_options(options)?,
                output(reply, "reply")?,
            )
        };
        let current = kb.current();
        let (told, generation) = (current.ask(question, &options)?, current.generation());
        reply.write(block::owned_within(ROOM, |block: &mut Block| {
            reply::describe(block, &told, generation)
        }));
        Ok(())
    })
}

/// As `dafu_ask`, with the reply in a buffer of yours: nothing to free, and no memory is allocated for you. All that
/// the reply points to lies in the buffer: keep it, unmoved, while you read.
///
/// `*needed` is how many bytes this reply takes, wherever the buffer begins. When that is more than `buffer_size`, the
/// call fails with `DAFU_STATUS_BUFFER_TOO_SMALL`, and `*needed` is written all the same: the one output that a
/// failure writes. Most replies take less than 8 KiB; the length of the answers decides. `needed` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_ask_into(
    kb: *const dafu_kb,
    question: *const c_char,
    question_len: usize,
    options: *const dafu_ask_options,
    buffer: *mut c_void,
    buffer_size: usize,
    reply: *mut *const dafu_reply,
    needed: *mut usize,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, question, options, reply) = unsafe {
            (
                borrow(kb, "kb")?,
                text(question, question_len, "question")?,
                ask_options(options)?,
                output(reply, "reply")?,
            )
        };
        let current = kb.current();
        let (told, generation) = (current.ask(question, &options)?, current.generation());
        let describe = |block: &mut Block| reply::describe(block, &told, generation);
        // SAFETY: the caller's buffer has as many bytes as it says.
        let (takes, view) = unsafe { block::in_buffer(buffer.cast(), buffer_size, describe) };
        if !needed.is_null() {
            // SAFETY: the caller passes NULL or a pointer to a number.
            unsafe { needed.write(takes) };
        }
        let Some(view) = view else {
            return Err(Failure::new(
                dafu_status::BufferTooSmall,
                format!("the reply takes {takes} bytes, and the buffer has {buffer_size}; pass a larger one"),
            ));
        };
        reply.write(view);
        Ok(())
    })
}

/// As `dafu_ask`, with the whole reply as one JSON object, for languages that read JSON more easily than structs:
///
/// ```text
/// {"decision": "answer" | "choices" | "no_answer",
///  "reason": null | "nothing_close" | "handover_requested" | "only_out_of_date" | "only_filtered" | "excluded"
///            | "empty_question" | "question_too_long",
///  "choices": 0, "confidence": 0.97, "generation": 0,
///  "hits": [{"entry": .., "question": .., "answer": .. | null, "confidence": .., "evidence": {"cosine": ..},
///            "phrasing": .., "category": .. | null, "related": [..], "follow_ups": [..],
///            "question_spans": [{"bytes": {"start": 0, "end": 6}, "chars": {..}, "utf16": {..}}],
///            "phrasing_spans": [..]}]}
/// ```
///
/// Free it with `dafu_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_ask_json(
    kb: *const dafu_kb,
    question: *const c_char,
    question_len: usize,
    options: *const dafu_ask_options,
    json: *mut *mut dafu_text,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, question, options, json) = unsafe {
            (
                borrow(kb, "kb")?,
                text(question, question_len, "question")?,
                ask_options(options)?,
                output(json, "json")?,
            )
        };
        let current = kb.current();
        let reply = current.ask(question, &options)?;
        let told = to_json(&JsonReply::new(&reply, current.generation()))?;
        json.write(text::owned(&told));
        Ok(())
    })
}

/// Tells why a question gets its reply, as one JSON object: the question as it is compared, its tokens and synonyms,
/// and for every entry that was looked at its evidence, score and confidence. For people; its fields may differ from
/// release to release. Free it with `dafu_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_explain_json(
    kb: *const dafu_kb,
    question: *const c_char,
    question_len: usize,
    options: *const dafu_ask_options,
    json: *mut *mut dafu_text,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, question, options, json) = unsafe {
            (
                borrow(kb, "kb")?,
                text(question, question_len, "question")?,
                ask_options(options)?,
                output(json, "json")?,
            )
        };
        let told = to_json(&kb.current().explain(question, &options)?)?;
        json.write(text::owned(&told));
        Ok(())
    })
}

/// Gives an entry with all that it has, as one JSON object in the form of content files: the standard question of a
/// related entry, for example. Free it with `dafu_text_free`.
///
/// Fails with `DAFU_STATUS_NOT_FOUND` when there is no entry with this id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_entry_json(
    kb: *const dafu_kb,
    id: *const c_char,
    id_len: usize,
    json: *mut *mut dafu_text,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, id, json) = unsafe { (borrow(kb, "kb")?, text(id, id_len, "id")?, output(json, "json")?) };
        let entry = kb.current().get(id)?.ok_or_else(|| {
            let shown: String = id.chars().take(40).collect();
            let message = format!("there is no entry `{shown}`; see the ids in the content");
            Failure::new(dafu_status::NotFound, message)
        })?;
        json.write(text::owned(&to_json(&entry)?));
        Ok(())
    })
}

/// A reply as `dafu_ask_json` tells it.
#[derive(Serialize)]
struct JsonReply<'a> {
    decision: &'static str,
    reason: Option<&'static str>,
    choices: usize,
    confidence: f32,
    generation: u64,
    hits: &'a [Hit],
}

impl<'a> JsonReply<'a> {
    fn new(reply: &'a Reply, generation: u64) -> Self {
        let (decision, reason, choices) = reply::numbers(reply.decision);
        Self {
            decision: decision.as_str(),
            reason: reason.as_str(),
            choices,
            confidence: reply.confidence(),
            generation,
            hits: &reply.hits,
        }
    }
}

impl dafu_decision {
    fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Choices => "choices",
            Self::NoAnswer => "no_answer",
        }
    }
}

impl dafu_reason {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::NothingClose => Some("nothing_close"),
            Self::HandoverRequested => Some("handover_requested"),
            Self::OnlyOutOfDate => Some("only_out_of_date"),
            Self::OnlyFiltered => Some("only_filtered"),
            Self::Excluded => Some("excluded"),
            Self::EmptyQuestion => Some("empty_question"),
            Self::QuestionTooLong => Some("question_too_long"),
            Self::Other => Some("other"),
        }
    }
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(dafu_status::Internal, format!("writing JSON: {error}")))
}

/// Bytes in which a reply with five hits fits, mostly.
const ROOM: usize = 8 * 1024;
