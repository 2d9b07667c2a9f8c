//! The C library of dafu. Programs in C, C++, Python and others include `dafu.h`, which is made of this crate and is
//! its manual; `README.md` beside it tells how to build and link.
//!
//! Callers in Rust use the crate `dafu`. This crate is a library for Rust only so that benchmarks and fuzz
//! targets reach the same functions as C.
//!
//! # How it is built
//!
//! | file | what |
//! |---|---|
//! | `guard` | every function runs inside it: a panic becomes a status, a failure becomes an error object |
//! | `pointers` | what comes in: every pointer of a caller is checked and read here |
//! | `block` | what goes out: a result and all it points to lie in one block of memory, ours or the caller's |
//! | `status`, `error` | status numbers and error objects |
//! | `kb`, `live`, `ask`, `search`, `templates`, `version` | the exported functions by topic, each with its structs |
//!
//! A result is written twice by the same function: first to count its bytes, then to write them. So there is one
//! allocation for a result however much it holds, one free, and no difference between `dafu_ask` and
//! `dafu_ask_into`.

// The names are those of the header.
#![allow(non_camel_case_types)]
// What a caller must keep to is the same for all functions, and stands at the top of the header.
#![allow(clippy::missing_safety_doc)]

mod ask;
mod block;
mod error;
mod guard;
mod kb;
mod live;
mod log;
mod options;
mod pointers;
mod reply;
mod search;
mod source;
mod status;
mod templates;
mod text;
mod version;

pub use ask::{dafu_ask, dafu_ask_into, dafu_ask_json, dafu_entry_json, dafu_explain_json};
pub use error::{dafu_error, dafu_error_free, dafu_mistake, dafu_severity};
#[cfg(feature = "test-panics")]
pub use guard::dafu_test_panic_next;
pub use kb::{
    dafu_build_index, dafu_format, dafu_kb, dafu_kb_free, dafu_kb_from_bytes, dafu_kb_load, dafu_kb_open,
    dafu_kb_statistics, dafu_open_options, dafu_statistics,
};
pub use live::{
    dafu_follow_callback, dafu_follower, dafu_follower_free, dafu_generation, dafu_generation_free, dafu_kb_follow,
    dafu_kb_generation, dafu_kb_open_live, dafu_kb_pin, dafu_kb_reload,
};
pub use log::{dafu_log_callback, dafu_log_level};
pub use options::{dafu_ask_options, dafu_audience};
pub use reply::{dafu_decision, dafu_hit, dafu_part, dafu_reason, dafu_reply, dafu_reply_free, dafu_span};
pub use search::{
    dafu_found, dafu_found_kind, dafu_page, dafu_page_free, dafu_search, dafu_search_options, dafu_suggest,
    dafu_suggestion, dafu_suggestions, dafu_suggestions_free,
};
pub use status::{dafu_status, dafu_status_name};
pub use templates::{
    dafu_escape, dafu_render, dafu_slot, dafu_slot_kind, dafu_slot_value, dafu_template, dafu_template_filter,
    dafu_templates, dafu_templates_free, dafu_templates_list,
};
pub use text::{dafu_str, dafu_str_of, dafu_text, dafu_text_free};
pub use version::{DAFU_ABI_MAJOR, DAFU_ABI_MINOR, dafu_check_abi, dafu_version};
