//! Sequences of calls to the C library, with arguments that are right, wrong and NULL.
#![allow(unsafe_code)] // It calls what programs in C call.

use std::ffi::{CStr, c_char, c_void};
use std::path::PathBuf;
use std::ptr::{self, null, null_mut};
use std::slice;
use std::sync::OnceLock;

use dafu_capi::*;

/// Whatever is called in whatever order with whatever arguments: a status that the header names, outputs on success
/// only, an error object on failure only, and texts that are UTF-8 with a NUL behind.
///
/// Each byte chooses a call, and the bytes after it its arguments. Pointers are NULL or what an earlier call gave; what
/// was freed is forgotten, as the header demands.
pub fn c_calls(bytes: &[u8]) {
    let mut calls = Calls {
        rest: bytes,
        kbs: Vec::new(),
        replies: Vec::new(),
        followers: Vec::new(),
        options: vec![0; LARGEST_OPTIONS / 8],
    };
    for _ in 0..MOST_CALLS {
        let Some(call) = calls.byte() else { break };
        calls.call(call);
    }
    calls.free_all();
}

struct Calls<'a> {
    rest: &'a [u8],
    kbs: Vec<*mut dafu_kb>,
    replies: Vec<*mut dafu_reply>,
    followers: Vec<*mut dafu_follower>,
    /// Room for any struct of options, aligned as they are.
    options: Vec<u64>,
}

impl Calls<'_> {
    fn call(&mut self, call: u8) {
        match call % 24 {
            0 | 1 => self.ask(),
            2 | 3 => self.ask_into(),
            4 => self.json(dafu_ask_json),
            5 => self.json(dafu_explain_json),
            6 => self.entry_json(),
            7 => self.search(),
            8 => self.suggest(),
            9 => self.templates(),
            10 => self.render(),
            11 => self.statistics(),
            12 => self.read_bytes(),
            13 => self.open(dafu_kb_load),
            14 => self.open(dafu_kb_open),
            15 => self.open_live(),
            16 => self.reload(),
            17 => self.generation(),
            18 => self.pin(),
            19 => self.follow(),
            20 => self.free_one(),
            21 => self.check_abi(),
            22 => self.build_index(),
            _ => self.free_null(),
        }
    }

    fn ask(&mut self) {
        let (kb, (text, len), options, wants) = (self.kb(), self.text(), self.ask_options(), self.flag());
        let mut reply = untouched();
        let to = out(&mut reply, wants);
        // SAFETY: the arguments are NULL or what the header asks for; so in all calls below.
        let status = check(|error| unsafe { dafu_ask(kb, text, len, options, to, error) });
        if written(status, reply) {
            // SAFETY: as above.
            unsafe { read_reply(&*reply) };
            self.replies.push(reply);
        }
    }

    fn ask_into(&mut self) {
        let (kb, (text, len), options, wants) = (self.kb(), self.text(), self.ask_options(), self.flag());
        let (size, skip) = (
            usize::from(self.byte().unwrap_or(0)) * 64,
            usize::from(self.byte().unwrap_or(0) % 17),
        );
        let mut buffer = vec![0_u8; size + skip];
        let mut reply: *const dafu_reply = untouched();
        let mut needed = usize::MAX;
        let to = if wants { &raw mut reply } else { null_mut() };
        let room = if size == 0 {
            null_mut()
        } else {
            buffer[skip..].as_mut_ptr().cast::<c_void>()
        };
        // SAFETY: as above.
        let status =
            check(|error| unsafe { dafu_ask_into(kb, text, len, options, room, size, to, &raw mut needed, error) });
        if written(status, reply.cast_mut()) {
            assert!(needed <= size);
            // SAFETY: the buffer is still there.
            unsafe { read_reply(&*reply) };
        } else if status == dafu_status::BufferTooSmall {
            assert!(needed > size && needed < usize::MAX);
        } else {
            assert_eq!(needed, usize::MAX);
        }
    }

    fn json(&mut self, function: JsonFunction) {
        let (kb, (text, len), options, wants) = (self.kb(), self.text(), self.ask_options(), self.flag());
        let mut json = untouched();
        let to = out(&mut json, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { function(kb, text, len, options, to, error) });
        take_json(status, json);
    }

    fn entry_json(&mut self) {
        let (kb, (text, len), wants) = (self.kb(), self.text(), self.flag());
        let mut json = untouched();
        let to = out(&mut json, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_entry_json(kb, text, len, to, error) });
        take_json(status, json);
    }

    fn search(&mut self) {
        let (kb, (text, len), options, wants) = (self.kb(), self.text(), self.search_options(), self.flag());
        let mut page = untouched();
        let to = out(&mut page, wants);
        // SAFETY: as above.
        unsafe {
            let status = check(|error| dafu_search(kb, text, len, options, to, error));
            if written(status, page) {
                for found in pointers((*page).results, (*page).results_len) {
                    for text in [found.id, found.title, found.text] {
                        read_text(text);
                    }
                    read_spans(found.spans, found.spans_len);
                }
                dafu_page_free(page);
            }
        }
    }

    fn suggest(&mut self) {
        let (kb, (text, len), options, wants) = (self.kb(), self.text(), self.ask_options(), self.flag());
        let limit = usize::from(self.byte().unwrap_or(5));
        let mut suggestions = untouched();
        let to = out(&mut suggestions, wants);
        // SAFETY: as above.
        unsafe {
            let status = check(|error| dafu_suggest(kb, text, len, limit, options, to, error));
            if written(status, suggestions) {
                assert!((*suggestions).items_len <= limit.min(50));
                for suggestion in pointers((*suggestions).items, (*suggestions).items_len) {
                    read_text(suggestion.entry);
                    read_text(suggestion.question);
                }
                dafu_suggestions_free(suggestions);
            }
        }
    }

    fn templates(&mut self) {
        let (kb, wants) = (self.kb(), self.flag());
        let filter = self.sized::<dafu_template_filter>(|calls, filter| {
            filter.scenario = calls.str();
            filter.tag = calls.str();
        });
        let mut templates = untouched();
        let to = out(&mut templates, wants);
        // SAFETY: as above.
        unsafe {
            let status = check(|error| dafu_templates_list(kb, filter, to, error));
            if written(status, templates) {
                for template in pointers((*templates).items, (*templates).items_len) {
                    read_text(template.id);
                    texts(template.wordings, template.wordings_len);
                    texts(template.tags, template.tags_len);
                    for slot in pointers(template.slots, template.slots_len) {
                        read_text(slot.name);
                        read_text(slot.default_value);
                    }
                }
                dafu_templates_free(templates);
            }
        }
    }

    fn render(&mut self) {
        let (kb, (id, len), wants) = (self.kb(), self.text(), self.flag());
        let values: Vec<dafu_slot_value> = (0..self.byte().unwrap_or(0) % 4)
            .map(|_| dafu_slot_value {
                name: self.str(),
                value: self.str(),
            })
            .collect();
        let (turn, escape) = (
            usize::from(self.byte().unwrap_or(0)),
            i32::from(self.byte().unwrap_or(0) % 3),
        );
        let mut reply = untouched();
        let to = out(&mut reply, wants);
        // SAFETY: as above.
        unsafe {
            let status =
                check(|error| dafu_render(kb, id, len, turn, values.as_ptr(), values.len(), escape, to, error));
            if written(status, reply) {
                read_text(dafu_str {
                    data: (*reply).data,
                    len: (*reply).len,
                });
                dafu_text_free(reply);
            }
        }
    }

    fn statistics(&mut self) {
        let (kb, size) = (self.kb(), usize::from(self.byte().unwrap_or(40)));
        let mut room = [u64::MAX; 32];
        // SAFETY: as above; no more than 255 bytes are said to be there, and 256 are.
        let status = check(|error| unsafe { dafu_kb_statistics(kb, room.as_mut_ptr().cast(), size, error) });
        let bytes: Vec<u8> = room.iter().flat_map(|word| word.to_ne_bytes()).collect();
        let written = if status == dafu_status::Ok { size } else { 0 };
        assert!(bytes[written..].iter().all(|byte| *byte == 0xff));
    }

    fn read_bytes(&mut self) {
        let (content, len) = self.text();
        let (format, wants) = (i32::from(self.byte().unwrap_or(0) % 6), self.flag());
        let options = self.open_options();
        let mut kb = untouched();
        let to = out(&mut kb, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_kb_from_bytes(content.cast(), len, format, options, to, error) });
        self.keep(status, kb);
    }

    fn open(&mut self, function: OpenFunction) {
        let known = self.byte().unwrap_or(0) % 3;
        let (mut path, mut len) = self.text();
        let index = &shared().index;
        if known == 0 {
            (path, len) = (index.as_ptr().cast(), index.len());
        }
        let (options, wants) = (self.open_options(), self.flag());
        let mut kb = untouched();
        let to = out(&mut kb, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { function(path, len, options, to, error) });
        self.keep(status, kb);
    }

    fn open_live(&mut self) {
        let folder = &shared().publication;
        let ((channel, len), wants) = (self.text(), self.flag());
        let (channel, len) = if wants { (null(), 0) } else { (channel, len) };
        let options = self.open_options();
        let mut kb = untouched();
        // SAFETY: as above.
        let status = check(|error| unsafe {
            dafu_kb_open_live(
                folder.as_ptr().cast(),
                folder.len(),
                channel,
                len,
                options,
                &raw mut kb,
                error,
            )
        });
        self.keep(status, kb);
    }

    fn reload(&mut self) {
        let (kb, wants) = (self.kb(), self.flag());
        let mut switched = -1;
        let to = if wants { &raw mut switched } else { null_mut() };
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_kb_reload(kb, to, error) });
        assert_eq!(switched >= 0, wants && status == dafu_status::Ok);
    }

    fn generation(&mut self) {
        let (kb, wants) = (self.kb(), self.flag());
        let mut generation = untouched();
        let to = out(&mut generation, wants);
        // SAFETY: as above.
        unsafe {
            let status = check(|error| dafu_kb_generation(kb, to, error));
            if written(status, generation) {
                read_text((*generation).name);
                dafu_generation_free(generation);
            }
        }
    }

    fn pin(&mut self) {
        let (kb, wants) = (self.kb(), self.flag());
        let mut pinned = untouched();
        let to = out(&mut pinned, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_kb_pin(kb, to, error) });
        self.keep(status, pinned);
    }

    fn follow(&mut self) {
        let (kb, wants) = (self.kb(), self.flag());
        let interval = u64::from(self.byte().unwrap_or(1) % 4);
        let mut follower = untouched();
        let to = out(&mut follower, wants);
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_kb_follow(kb, interval, None, null_mut(), to, error) });
        if written(status, follower) {
            self.followers.push(follower);
        }
    }

    fn check_abi(&mut self) {
        let (major, minor) = (u32::from(self.byte().unwrap_or(1)), u32::from(self.byte().unwrap_or(0)));
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_check_abi(major, minor, error) });
        // A range, since the first minor version is 0, which no number is less than.
        let fits = major == DAFU_ABI_MAJOR && (0..=DAFU_ABI_MINOR).contains(&minor);
        assert_eq!(status == dafu_status::Ok, fits);
        let number = i32::from(self.byte().unwrap_or(0)) - 1;
        // SAFETY: both are C strings of the library.
        unsafe {
            assert!(CStr::from_ptr(dafu_status_name(number)).to_str().is_ok());
            assert!(CStr::from_ptr(dafu_version()).to_str().is_ok());
        }
    }

    fn build_index(&mut self) {
        let ((content, content_len), (index, index_len)) = (self.text(), self.text());
        // Texts of the input are no paths of this machine that hold content, so nothing is built.
        // SAFETY: as above.
        let status = check(|error| unsafe { dafu_build_index(content, content_len, index, index_len, error) });
        assert_ne!(status, dafu_status::Ok);
    }

    fn free_one(&mut self) {
        let (which, number) = (self.byte().unwrap_or(0), usize::from(self.byte().unwrap_or(0)));
        // SAFETY: what is freed is forgotten.
        unsafe {
            match which % 3 {
                0 if !self.kbs.is_empty() => dafu_kb_free(self.kbs.swap_remove(number % self.kbs.len())),
                1 if !self.replies.is_empty() => {
                    let reply = self.replies.swap_remove(number % self.replies.len());
                    read_reply(&*reply);
                    dafu_reply_free(reply);
                }
                2 if !self.followers.is_empty() => {
                    dafu_follower_free(self.followers.swap_remove(number % self.followers.len()));
                }
                _ => {}
            }
        }
    }

    fn free_null(&mut self) {
        // SAFETY: NULL is fine.
        unsafe {
            dafu_kb_free(null_mut());
            dafu_reply_free(null_mut());
            dafu_follower_free(null_mut());
            dafu_error_free(null_mut());
            dafu_text_free(null_mut());
            dafu_page_free(null_mut());
            dafu_suggestions_free(null_mut());
            dafu_templates_free(null_mut());
            dafu_generation_free(null_mut());
            assert!(dafu_str_of(null()).data.is_null());
        }
    }

    fn free_all(&mut self) {
        // SAFETY: all that was not freed yet, each once; handles before what came from them and after it, by turns.
        unsafe {
            for (number, kb) in self.kbs.drain(..).enumerate() {
                if let Some(follower) = self.followers.pop_if(|_| number.is_multiple_of(2)) {
                    dafu_follower_free(follower);
                }
                dafu_kb_free(kb);
            }
            self.followers
                .drain(..)
                .for_each(|follower| dafu_follower_free(follower));
            for reply in self.replies.drain(..) {
                read_reply(&*reply);
                dafu_reply_free(reply);
            }
        }
    }

    /// NULL, the shared knowledge base, or one of those opened by the input.
    fn kb(&mut self) -> *const dafu_kb {
        match usize::from(self.byte().unwrap_or(1)) {
            0 => null(),
            number if self.kbs.is_empty() || number % 2 == 1 => shared().kb.0,
            number => self.kbs[number % self.kbs.len()],
        }
    }

    fn keep(&mut self, status: dafu_status, kb: *mut dafu_kb) {
        if written(status, kb) {
            self.kbs.push(kb);
        }
    }

    /// NULL with and without a length, a text that means something, or bytes of the input.
    fn text(&mut self) -> (*const c_char, usize) {
        let how = self.byte().unwrap_or(0);
        match how % 8 {
            0 => (null(), 0),
            1 => (null(), usize::from(how)),
            2 => (c"x".as_ptr(), usize::MAX - usize::from(how)),
            3..=5 => {
                let text = TEXTS[usize::from(how) % TEXTS.len()];
                (text.as_ptr().cast(), text.len())
            }
            _ => {
                let len = usize::from(self.byte().unwrap_or(0)).min(self.rest.len());
                let (text, rest) = self.rest.split_at(len);
                self.rest = rest;
                (text.as_ptr().cast(), len)
            }
        }
    }

    fn str(&mut self) -> dafu_str {
        let (data, len) = self.text();
        dafu_str { data, len }
    }

    fn ask_options(&mut self) -> *const dafu_ask_options {
        self.sized::<dafu_ask_options>(|calls, options| {
            options.audience = i32::from(calls.byte().unwrap_or(0) % 4);
            options.hits = usize::from(calls.byte().unwrap_or(0) % 60);
            match calls.byte().unwrap_or(0) % 8 {
                0 => options.channel = calls.str(),
                1 => options.category = calls.str(),
                2 => options.locale = calls.str(),
                3 => options.threshold = &FLOATS[usize::from(calls.byte().unwrap_or(0)) % FLOATS.len()],
                4 => options.at = &TIMES[usize::from(calls.byte().unwrap_or(0)) % TIMES.len()],
                5 => options.choices = &COUNTS[usize::from(calls.byte().unwrap_or(0)) % COUNTS.len()],
                6 => options.precision = FLOATS[usize::from(calls.byte().unwrap_or(0)) % FLOATS.len()],
                _ => {}
            }
        })
    }

    fn search_options(&mut self) -> *const dafu_search_options {
        self.sized::<dafu_search_options>(|calls, options| {
            options.offset = usize::from(calls.byte().unwrap_or(0));
            options.limit = usize::from(calls.byte().unwrap_or(0));
            options.audience = i32::from(calls.byte().unwrap_or(0) % 4);
            options.category = calls.str();
        })
    }

    fn open_options(&mut self) -> *const dafu_open_options {
        self.sized::<dafu_open_options>(|calls, options| {
            options.log = Some(listen);
            options.log_level = i32::from(calls.byte().unwrap_or(0) % 5);
            options.name = calls.str();
        })
    }

    /// NULL, or a struct with its size, a smaller, a larger or a wild one; what is behind it is 0, or not.
    fn sized<T: Copy>(&mut self, set: impl FnOnce(&mut Self, &mut T)) -> *const T {
        let how = self.byte().unwrap_or(0);
        if how.is_multiple_of(4) {
            return null();
        }
        self.options.fill(0);
        let place = self.options.as_mut_ptr().cast::<T>();
        // SAFETY: there is room for any of the structs, whose bytes may all be 0.
        let mut options = unsafe { place.read() };
        set(self, &mut options);
        let size = match how {
            0..=199 => size_of::<T>(),
            200..=219 => usize::from(how - 200) * 8,
            220..=239 => size_of::<T>() + usize::from(how - 219) * 8,
            _ => usize::MAX >> (how - 240),
        };
        // SAFETY: as above; each struct begins with its size, in a word.
        unsafe {
            place.write(options);
            place.cast::<usize>().write(size);
        }
        if how % 16 == 15
            && let Some(behind) = self.options.get_mut(size_of::<T>() / 8 + 1)
        {
            *behind = 1;
        }
        place
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Mostly yes.
    fn flag(&mut self) -> bool {
        !self.byte().unwrap_or(1).is_multiple_of(16)
    }
}

type JsonFunction = unsafe extern "C" fn(
    *const dafu_kb,
    *const c_char,
    usize,
    *const dafu_ask_options,
    *mut *mut dafu_text,
    *mut *mut dafu_error,
) -> dafu_status;

type OpenFunction = unsafe extern "C" fn(
    *const c_char,
    usize,
    *const dafu_open_options,
    *mut *mut dafu_kb,
    *mut *mut dafu_error,
) -> dafu_status;

/// Makes a call, and checks what it says of errors.
fn check(call: impl FnOnce(*mut *mut dafu_error) -> dafu_status) -> dafu_status {
    let mut error = untouched();
    let status = call(&raw mut error);
    assert!((0..=10).contains(&(status as i32)));
    assert_ne!(status, dafu_status::Panic);
    assert_ne!(status, dafu_status::Internal);
    if written(
        if status == dafu_status::Ok {
            dafu_status::Internal
        } else {
            dafu_status::Ok
        },
        error,
    ) {
        // SAFETY: the error object was just made.
        unsafe {
            assert_eq!((*error).status, status);
            read_text((*error).message);
            assert!((*error).message.len > 0);
            for mistake in pointers((*error).mistakes, (*error).mistakes_len) {
                for text in [mistake.file, mistake.field, mistake.message, mistake.remedy] {
                    read_text(text);
                }
            }
            dafu_error_free(error);
        }
    }
    status
}

/// Whether an output was written, which it must be on success only.
fn written<T>(status: dafu_status, output: *mut T) -> bool {
    let written = output != untouched();
    assert_eq!(written, status == dafu_status::Ok);
    assert!(!written || !output.is_null());
    written
}

/// An output before the call: a pointer that no call gives.
fn untouched<T>() -> *mut T {
    ptr::without_provenance_mut(usize::MAX & !15)
}

fn out<T>(output: &mut *mut T, wants: bool) -> *mut *mut T {
    if wants { output } else { null_mut() }
}

fn take_json(status: dafu_status, json: *mut dafu_text) {
    if written(status, json) {
        // SAFETY: the text was just made.
        unsafe {
            let text = dafu_str {
                data: (*json).data,
                len: (*json).len,
            };
            assert!(serde_json::from_str::<serde_json::Value>(read_text(text)).is_ok());
            dafu_text_free(json);
        }
    }
}

unsafe fn read_reply(reply: &dafu_reply) {
    assert_eq!(
        reply.reason == dafu_reason::None,
        reply.decision != dafu_decision::NoAnswer
    );
    assert_eq!(reply.choices_len > 0, reply.decision == dafu_decision::Choices);
    assert!(reply.choices_len <= reply.hits_len);
    // SAFETY: the reply is whole.
    unsafe {
        for hit in pointers(reply.hits, reply.hits_len) {
            for text in [hit.entry, hit.question, hit.answer, hit.phrasing, hit.category] {
                read_text(text);
            }
            assert!((0.0..=1.0).contains(&hit.confidence));
            for part in list(hit.parts, hit.parts_len) {
                read_text(part.name);
                assert!(part.value.is_finite());
            }
            read_spans(hit.question_spans, hit.question_spans_len);
            for span in read_spans(hit.phrasing_spans, hit.phrasing_spans_len) {
                assert!(read_text(hit.phrasing).get(span.byte_start..span.byte_end).is_some());
            }
            texts(hit.related, hit.related_len);
            texts(hit.follow_ups, hit.follow_ups_len);
        }
    }
}

unsafe fn read_spans<'a>(spans: *const dafu_span, len: usize) -> &'a [dafu_span] {
    // SAFETY: a result is whole.
    let spans = unsafe { list(spans, len) };
    for span in spans {
        assert!(span.byte_start < span.byte_end && span.char_start < span.char_end);
        assert!(span.char_end - span.char_start <= span.utf16_end - span.utf16_start);
        assert!(span.utf16_end - span.utf16_start <= span.byte_end - span.byte_start);
    }
    spans
}

unsafe fn texts(texts: *const dafu_str, len: usize) {
    // SAFETY: a result is whole.
    unsafe {
        list(texts, len).iter().for_each(|text| {
            read_text(*text);
        })
    };
}

unsafe fn read_text<'a>(text: dafu_str) -> &'a str {
    if text.data.is_null() {
        assert_eq!(text.len, 0);
        return "";
    }
    // SAFETY: a text of the library has its bytes and a NUL.
    unsafe {
        let bytes = slice::from_raw_parts(text.data.cast::<u8>(), text.len + 1);
        assert_eq!(bytes[text.len], 0);
        std::str::from_utf8(&bytes[..text.len]).expect("texts are UTF-8")
    }
}

unsafe fn list<'a, T>(first: *const T, len: usize) -> &'a [T] {
    if len == 0 {
        assert!(first.is_null());
        return &[];
    }
    // SAFETY: a result is whole.
    unsafe { slice::from_raw_parts(first, len) }
}

unsafe fn pointers<'a, T: 'a>(first: *const *const T, len: usize) -> impl Iterator<Item = &'a T> {
    // SAFETY: a result is whole.
    unsafe { list(first, len).iter().map(|pointer| &**pointer) }
}

unsafe extern "C" fn listen(_: *mut c_void, level: dafu_log_level, message: *const c_char, len: usize) {
    // SAFETY: the message is there while it is told.
    let message = unsafe { read_text(dafu_str { data: message, len }) };
    assert!(!message.is_empty() && (1..=3).contains(&(level as i32)));
}

/// What is made once, since it takes long: a knowledge base, its index, and a publication of it.
struct Shared {
    kb: Kb,
    index: String,
    publication: String,
}

/// A handle that threads may share.
struct Kb(*mut dafu_kb);

// SAFETY: the header says so.
unsafe impl Send for Kb {}
// SAFETY: the header says so.
unsafe impl Sync for Kb {}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let folder = folder();
        let content = dafu::Content::from_jsonl(CONTENT.as_bytes()).expect("the content has no mistake");
        let (index, publication) = (folder.join("index"), folder.join("publication"));
        dafu::KnowledgeBase::build_index(&content, &index, &dafu::BuildOptions::default()).expect("the disk has room");
        dafu_versions::Publication::create(&publication)
            .and_then(|publication| publication.publish(&content, 1))
            .expect("the disk has room");
        let mut kb = null_mut();
        // SAFETY: the arguments are what the header asks for.
        let status = unsafe {
            dafu_kb_from_bytes(
                CONTENT.as_ptr(),
                CONTENT.len(),
                dafu_format::Jsonl as i32,
                null(),
                &mut kb,
                null_mut(),
            )
        };
        assert_eq!(status, dafu_status::Ok);
        let path = |path: PathBuf| path.to_str().expect("the name is ASCII").to_owned();
        Shared {
            kb: Kb(kb),
            index: path(index),
            publication: path(publication),
        }
    })
}

/// A folder of this process alone.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dafu-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("temporary files may be written");
    folder
}

const CONTENT: &str = include_str!("knowledge_base.jsonl");

const TEXTS: [&str; 14] = [
    "",
    "怎么申请退货",
    "東西不想要了，能退嗎",
    "退款多久到账",
    "转人工",
    "tk",
    "app",
    "售后",
    "zh-Hant",
    "return",
    "urge",
    "{\"question\":\"几点上班？\",\"answer\":\"九点。\"}",
    "{\"question\":\"几点上班？\",\"priority\":99}",
    "编号,标准问题,答案\nhours,几点上班？,九点。\n",
];
const FLOATS: [f32; 7] = [0.0, 0.5, 1.0, -1.0, 2.0, f32::NAN, 0.99];
const TIMES: [i64; 5] = [0, -1, 1_794_000_000, i64::MAX, i64::MIN];
const COUNTS: [u32; 4] = [0, 1, 5, u32::MAX];
const MOST_CALLS: usize = 64;
const LARGEST_OPTIONS: usize = 4096 + 8;
