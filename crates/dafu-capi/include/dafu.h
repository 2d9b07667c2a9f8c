// dafu.h: ask a Chinese FAQ from C. Generated from the sources of dafu-capi; do not edit.
//
// This header is the manual. It was written to be read from top to bottom once.
//
//     #include <dafu.h>
//     #include <stdio.h>
//     #include <string.h>
//
//     int main(void) {
//         const char *question = "东西不想要了能退吗";
//         dafu_kb *kb = NULL;
//         dafu_reply *reply = NULL;
//         dafu_error *error = NULL;
//         if (dafu_kb_load("faq.jsonl", strlen("faq.jsonl"), NULL, &kb, &error) == DAFU_STATUS_OK &&
//             dafu_ask(kb, question, strlen(question), NULL, &reply, &error) == DAFU_STATUS_OK)
//             puts(reply->decision == DAFU_DECISION_ANSWER ? reply->hits[0]->answer.data : "Let me call someone.");
//         if (error) fprintf(stderr, "%s\n", error->message.data);
//         int failed = error != NULL;
//         dafu_error_free(error);
//         dafu_reply_free(reply);
//         dafu_kb_free(kb);
//         return failed;
//     }
//
// The rules are the same for all functions.
//
// Status. A function that can fail returns a `dafu_status`, and 0 is success. Outputs are written on success only
// (and `*needed` of `dafu_ask_into`). The last argument, `error`, may be NULL; if it is not, a failure puts a new
// error object there, which is yours to free, and a success leaves it alone. So set it to NULL before, and after
// freeing it.
//
// Texts are UTF-8. What goes in is a pointer and a number of bytes, and needs no NUL; NULL with length 0 is the empty
// text. What comes out is followed by a NUL, so it is a C string, too. Bytes that are not UTF-8 are an error that
// says where. Paths are UTF-8, too.
//
// Ownership. What a function puts into a pointer that is not const is yours: give it to the free function of its
// type, once. Every free function takes NULL. Whatever a result points to belongs to it: free the result, not its
// parts. Results outlive the knowledge base that they came from.
//
// Pointers. Those that the text does not call optional must not be NULL: a NULL is an error, not a crash. Arguments are
// read during the call only, except a callback and its user data. No function reads through a const pointer later, or
// writes through it.
//
// Structs that you fill begin with `size`: set it to `sizeof` the struct, and everything else to 0, which means not
// set:
//
//     dafu_ask_options options = {.size = sizeof options};                        // in C
//     dafu_ask_options options = {}; options.size = sizeof options;               // in C++ before C++20
//
// Later releases append fields to these, and to the structs that you read. So a program goes on working with every
// later library of the same ABI major number, without being built anew. Never keep results in structs of your own by
// value, or in arrays.
//
// Enumerations travel as `int32_t`. Numbers are never given another meaning. A number that the library does not know is
// an error; a number that you do not know comes from a later release: have a `default` in every `switch`.
//
// Threads. Any number of threads may use a knowledge base at once, and no call waits for another: a question takes
// one lock-free read of what is current. Any thread may read and free a result, one at a time for freeing. A handle
// must not be freed while a call uses it. The library starts no thread of its own to answer; to follow what is
// published, it starts one when you ask for it, and building a knowledge base uses a pool of threads that stays until
// the process ends.
//
// fork. A child may go on asking with what its parent has opened. It must not build or reload a knowledge base, and has
// no followers: threads do not come along, and what they were doing stays half-way. exec is fine at any time.
//
// dlclose leaves the library in the process, on Linux: its threads may still run.
//
// Panics. A defect of the library ends a call with `DAFU_STATUS_PANIC` and the message of the panic, which also goes to
// standard error. When memory runs out, the process is aborted.
//
// Nothing is sent anywhere, and questions are never logged.

#ifndef DAFU_H
#define DAFU_H

#include <stddef.h>
#include <stdint.h>

// An enumeration that travels as `int32_t`, in every version of C and C++.
#if defined(__cplusplus)
#define DAFU_ENUM(name) enum name : int32_t
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L
#define DAFU_ENUM(name) typedef enum name : int32_t name; enum name : int32_t
#else
#define DAFU_ENUM(name) typedef int32_t name; enum name
#endif

// The ABI of this header: programs and libraries of different major numbers do not fit.
#define DAFU_ABI_MAJOR 1

// A library fits programs that were built with its minor number or a smaller one.
#define DAFU_ABI_MINOR 0

// What a call came to. The numbers are fixed for ever; later releases may add some, so treat a number that you do
// not know as a failure.
DAFU_ENUM(dafu_status) {
    // It worked, and the outputs are written. In every other case they are not.
    DAFU_STATUS_OK = 0,
    // An argument cannot be used: correct it as the message says and call again.
    DAFU_STATUS_INVALID_INPUT = 1,
    // What was named does not exist: check the name, or create it first.
    DAFU_STATUS_NOT_FOUND = 2,
    // Something else has changed or taken it in the meantime: look at the new state, then decide.
    DAFU_STATUS_CONFLICT = 3,
    // It is in use right now: try again a little later.
    DAFU_STATUS_BUSY = 4,
    // The data is of another format or version: convert or rebuild it with this version.
    DAFU_STATUS_FORMAT = 5,
    // The data was damaged after it was written: restore it from a copy or rebuild it.
    DAFU_STATUS_CORRUPT = 6,
    // The operating system refused: the message names the path; check space, permissions and the disk.
    DAFU_STATUS_IO = 7,
    // A defect of this library: please report it with the message.
    DAFU_STATUS_INTERNAL = 8,
    // A defect of this library that stopped the call half-way: please report it with the message. The knowledge base
    // is as it was and may be used further.
    DAFU_STATUS_PANIC = 9,
    // The buffer given to `dafu_ask_into` is too small: `*needed` says how many bytes it takes.
    DAFU_STATUS_BUFFER_TOO_SMALL = 10,
};

// Whether a mistake stops an import.
DAFU_ENUM(dafu_severity) {
    // The content is usable; an editor should look at it.
    DAFU_SEVERITY_WARNING = 1,
    // The content cannot be used.
    DAFU_SEVERITY_ERROR = 2,
};

// How much a message matters.
DAFU_ENUM(dafu_log_level) {
    // Something went wrong, and nobody but the log is told.
    DAFU_LOG_LEVEL_ERROR = 1,
    // An editor or operator should look at it: a phrasing that stands under two entries, for example.
    DAFU_LOG_LEVEL_WARNING = 2,
    // What happened: opened, switched to another generation.
    DAFU_LOG_LEVEL_INFO = 3,
};

// What is done about a question.
DAFU_ENUM(dafu_decision) {
    // The first hit answers it: say `hits[0]->answer`.
    DAFU_DECISION_ANSWER = 1,
    // Not sure enough to answer, or two are too close: ask "did you mean ...?" with the first `choices_len` hits.
    DAFU_DECISION_CHOICES = 2,
    // No entry answers it. Say so, and call a person.
    DAFU_DECISION_NO_ANSWER = 3,
};

// Why there is no answer.
DAFU_ENUM(dafu_reason) {
    // There is one.
    DAFU_REASON_NONE = 0,
    // No entry is near enough.
    DAFU_REASON_NOTHING_CLOSE = 1,
    // The customer asks for a person.
    DAFU_REASON_HANDOVER_REQUESTED = 2,
    // Entries that would answer are out of their validity window.
    DAFU_REASON_ONLY_OUT_OF_DATE = 3,
    // Entries that would answer are disabled, or for another channel, audience, category or tag.
    DAFU_REASON_ONLY_FILTERED = 4,
    // The entry that would answer excludes this phrasing.
    DAFU_REASON_EXCLUDED = 5,
    // The question has no letter, digit or ideograph.
    DAFU_REASON_EMPTY_QUESTION = 6,
    // The question is longer than 1,000 characters.
    DAFU_REASON_QUESTION_TOO_LONG = 7,
    // A reason that this release of the C library has no number for yet.
    DAFU_REASON_OTHER = 8,
};

// What was found.
DAFU_ENUM(dafu_found_kind) {
    // An entry.
    DAFU_FOUND_KIND_ENTRY = 1,
    // A standard answer.
    DAFU_FOUND_KIND_STANDARD_ANSWER = 2,
    // A reply template.
    DAFU_FOUND_KIND_TEMPLATE = 3,
    // Something that this release of the C library has no number for yet.
    DAFU_FOUND_KIND_OTHER = 4,
};

// What a slot may be filled with.
DAFU_ENUM(dafu_slot_kind) {
    // Up to 2,000 characters in one line, not only white space.
    DAFU_SLOT_KIND_TEXT = 1,
    // Digits with an optional sign and decimal point.
    DAFU_SLOT_KIND_NUMBER = 2,
    // An amount with at most two decimals, optionally after `¥`, or before `元`.
    DAFU_SLOT_KIND_MONEY = 3,
    // `2026-11-05`, `2026年11月5日` or `11月5日`.
    DAFU_SLOT_KIND_DATE = 4,
    // 5 to 20 digits, `+`, `-`, spaces and parentheses, with a digit among them.
    DAFU_SLOT_KIND_PHONE = 5,
    // An order number: 4 to 64 ASCII letters, digits, `-` and `_`.
    DAFU_SLOT_KIND_ORDER = 6,
    // A kind that this release of the C library has no number for yet.
    DAFU_SLOT_KIND_OTHER = 7,
};

// Who asks.
DAFU_ENUM(dafu_audience) {
    // Not set: a customer asks; a search finds what is for anybody.
    DAFU_AUDIENCE_UNSET = 0,
    // People who ask for themselves.
    DAFU_AUDIENCE_CUSTOMER = 1,
    // The shop's own staff, who may see more.
    DAFU_AUDIENCE_AGENT = 2,
};

// How content is written.
DAFU_ENUM(dafu_format) {
    // JSON Lines: one object a line; entries, standard answers, templates and settings in one file.
    DAFU_FORMAT_JSONL = 1,
    // CSV in UTF-8 or GB18030, a table of entries.
    DAFU_FORMAT_CSV_ENTRIES = 2,
    // CSV, a table of standard answers.
    DAFU_FORMAT_CSV_STANDARD_ANSWERS = 3,
    // CSV, a table of reply templates.
    DAFU_FORMAT_CSV_TEMPLATES = 4,
};

// How the values that fill a reply are written into it.
DAFU_ENUM(dafu_escape) {
    // As they are.
    DAFU_ESCAPE_NONE = 0,
    // With `&`, `<`, `>`, `"` and `'` as character references, for templates that are written in HTML. The template's
    // own text is left alone.
    DAFU_ESCAPE_HTML = 1,
};

// A thread that looks again and again what is published. You own it: `dafu_follower_free` stops it. It goes on when
// the knowledge base handle is freed, which is of use to nobody: free it first.
typedef struct dafu_follower dafu_follower;

// A knowledge base: it answers.
//
// Any number of threads may use one at once; no call waits for another. You own it: free it with `dafu_kb_free` when
// no call uses it any more. What it has handed out may be kept longer.
typedef struct dafu_kb dafu_kb;

// A text: UTF-8, and how many bytes.
//
// Texts that the library hands out are followed by a NUL, which `len` does not count, so that `data` is a C string,
// too; what is not there is `{NULL, 0}`. Texts that you pass in need no NUL; `{NULL, 0}` means not set.
typedef struct dafu_str {
    // The first byte.
    const char *data;
    // How many bytes.
    size_t len;
} dafu_str;

// One thing that is wrong in content, and what to do about it.
typedef struct dafu_mistake {
    // Whether it stops the import.
    dafu_severity severity;
    // Not used.
    int32_t reserved;
    // The name of the file; `{NULL, 0}` if it has none.
    dafu_str file;
    // The line, from 1; 0 if no line is known. In CSV: the line on which the row starts.
    uint64_t line;
    // The column, from 1; 0 if none is known. In CSV: the cell's number in its row; in JSON Lines: the byte in its
    // line.
    uint64_t column;
    // The field, such as `priority`, or in CSV the heading of its column; `{NULL, 0}` if it is about a whole item.
    dafu_str field;
    // What is wrong.
    dafu_str message;
    // What to do about it.
    dafu_str remedy;
} dafu_mistake;

// What went wrong. Free it with `dafu_error_free`. Any thread may read it.
typedef struct dafu_error {
    // What the call returned.
    dafu_status status;
    // Not used.
    int32_t reserved;
    // One sentence for people: what was being done, what is wrong, and what to do about it.
    dafu_str message;
    // The file or folder it is about; `{NULL, 0}` if none.
    dafu_str file;
    // The line of the first mistake, from 1; 0 if no line is known.
    uint64_t line;
    // How many mistakes the content has. The array holds the first 1,000.
    size_t mistake_count;
    // How many mistakes the array holds.
    size_t mistakes_len;
    // What is wrong in the content, in its order.
    const dafu_mistake *const *mistakes;
} dafu_error;

// A text that you own: free it with `dafu_text_free`. Any thread may read it.
typedef struct dafu_text {
    // The first byte; the text is followed by a NUL.
    const char *data;
    // How many bytes, without the NUL.
    size_t len;
} dafu_text;

// Gets what a knowledge base has to tell. `message` is UTF-8 with a NUL after it, and is gone when the function
// returns.
//
// It is called on whichever thread has something to tell, the follower's among them, and possibly on several at once.
// It must return: no exception, no `longjmp`.
//
// Questions, answers and other texts of customers are never in a message.
typedef void (*dafu_log_callback)(void *user_data,
                                  dafu_log_level level,
                                  const char *message,
                                  size_t message_len);

// How a knowledge base is opened. Set `size`, and of the rest what you need; what is 0 or NULL has its default.
typedef struct dafu_open_options {
    // `sizeof(dafu_open_options)`.
    size_t size;
    // Gets what the knowledge base has to tell; NULL for nobody. Kept until the knowledge base, all that was pinned
    // from it and all its followers are freed.
    dafu_log_callback log;
    // Handed to `log` as it is.
    void *log_user_data;
    // The least important messages to tell, one of `dafu_log_level`. 0: all.
    int32_t log_level;
    // Not used; 0.
    int32_t reserved;
    // What messages call the bytes given to `dafu_kb_from_bytes`; not set: `bytes`.
    dafu_str name;
} dafu_open_options;

// How much a knowledge base holds.
typedef struct dafu_statistics {
    // Entries.
    uint64_t entries;
    // Phrasings of all entries, standard questions included.
    uint64_t phrasings;
    // Standard answers.
    uint64_t standard_answers;
    // Reply templates.
    uint64_t templates;
    // The number of the generation, as in `dafu_reply`.
    uint64_t generation;
} dafu_statistics;

// What a live knowledge base answers from. Free it with `dafu_generation_free`, unless it is an argument of a
// callback. Any thread may read it.
typedef struct dafu_generation {
    // The number of the switch by which its channel serves it, from 1: each publish and each roll back has a greater
    // one.
    uint64_t number;
    // The version of its content, as its publisher numbers them; 0 for none.
    uint64_t version;
    // When it was switched to, in seconds since 1970-01-01T00:00:00Z, by the clock of the publisher.
    int64_t time;
    // Its name, which follows from its content: 32 hexadecimal digits.
    dafu_str name;
} dafu_generation;

// Is told that a follower has switched to another generation, or that it could not: one of `generation` and `error` is
// NULL. Both are the library's, and gone when the function returns. After an error the generation of before goes on
// answering, and the same error is told once, however often it comes in a row.
//
// It is called on the follower's thread. It must return: no exception, no `longjmp`. It may free its own follower.
typedef void (*dafu_follow_callback)(void *user_data,
                                     const dafu_generation *generation,
                                     const dafu_error *error);

// One number that a confidence was made from. Never grows.
typedef struct dafu_part {
    // Its name, such as `cosine`: a text of the library, which stays as long as it is loaded.
    dafu_str name;
    // Its value: mostly in 0..1, where 0 is no agreement (or no contradiction). Compare it with itself only.
    float value;
    // Not used.
    int32_t reserved;
} dafu_part;

// A part of a text, from its first unit to the one after its last, in the three units in which programs count. Never
// grows.
typedef struct dafu_span {
    // In bytes of UTF-8, as C, Go and Rust count.
    size_t byte_start;
    // The byte after the last.
    size_t byte_end;
    // In code points, as Python counts.
    size_t char_start;
    // The code point after the last.
    size_t char_end;
    // In units of UTF-16, as Java, JavaScript and C# count.
    size_t utf16_start;
    // The unit after the last.
    size_t utf16_end;
} dafu_span;

// An entry that may answer a question.
typedef struct dafu_hit {
    // The id of the entry.
    dafu_str entry;
    // Its standard question.
    dafu_str question;
    // The text to answer with, for the caller's channel, audience and locale; `{NULL, 0}` for an entry without
    // answers.
    dafu_str answer;
    // The phrasing of the entry that is nearest to the question.
    dafu_str phrasing;
    // The category of the entry; `{NULL, 0}` if it has none.
    dafu_str category;
    // How likely the entry is what the customer wants to know, in 0..1.
    float confidence;
    // Not used.
    int32_t reserved;
    // What the confidence was made from: how phrasing and question agree. Names and number of the parts may differ
    // from release to release.
    const dafu_part *parts;
    // How many parts there are.
    size_t parts_len;
    // The parts of the question that the phrasing has, too.
    const dafu_span *question_spans;
    // How many spans of the question there are.
    size_t question_spans_len;
    // The parts of the phrasing that the question has, too.
    const dafu_span *phrasing_spans;
    // How many spans of the phrasing there are.
    size_t phrasing_spans_len;
    // Ids of entries that customers often need next.
    const dafu_str *related;
    // How many related entries there are.
    size_t related_len;
    // Short next questions to offer.
    const dafu_str *follow_ups;
    // How many follow-ups there are.
    size_t follow_ups_len;
} dafu_hit;

// What is to be said to a question.
//
// It holds all its texts and outlives the knowledge base. Any thread may read it. A `dafu_reply *` from `dafu_ask`
// is yours: free it with `dafu_reply_free`. A `const dafu_reply *` from `dafu_ask_into` lies in your buffer: there
// is nothing to free.
typedef struct dafu_reply {
    // Whether to answer, to offer choices, or to hand over.
    dafu_decision decision;
    // Why there is no answer; `DAFU_REASON_NONE` unless the decision is `DAFU_DECISION_NO_ANSWER`.
    dafu_reason reason;
    // How many of the first hits to offer; 0 unless the decision is `DAFU_DECISION_CHOICES`.
    size_t choices_len;
    // The entries nearest to the question, the best first: `hits[0]` to `hits[hits_len - 1]`. Those that the decision
    // does not offer are for agents and tools, not for customers.
    const dafu_hit *const *hits;
    // How many hits there are.
    size_t hits_len;
    // The number of the generation that answered, as in `dafu_generation`; 0 for a knowledge base that is not live.
    uint64_t generation;
} dafu_reply;

// How a question is to be answered. Set `size`, and of the rest what you need; what is 0 or NULL has its default:
//
//     dafu_ask_options options = {.size = sizeof options};   // in C++: options = {}; options.size = sizeof options;
//     options.channel = dafu_str_of("app");
//
// All of it is read during the call only.
typedef struct dafu_ask_options {
    // `sizeof(dafu_ask_options)`.
    size_t size;
    // Your clock, for entries that are valid for some time only: seconds since 1970-01-01T00:00:00Z, in the years 0 to
    // 9999. NULL: the clock of the machine.
    const int64_t *at;
    // Where the customer asks, such as `app`: entries and answers limited to other channels stay out. Not set: entries
    // of all channels may answer.
    dafu_str channel;
    // Who asks, one of `dafu_audience`. 0: a customer.
    int32_t audience;
    // How many of the answers that are given are to be right, as a share from 0.5 to 0.99. What that takes is known from
    // questions that were held out while the knowledge base was built. 0: 0.9, nine of ten.
    float precision;
    // The language of the customer, such as `zh-Hant`, for entries that answer in several.
    dafu_str locale;
    // Only entries of this category, such as `售后/退款`, or below it.
    dafu_str category;
    // Only entries with all of these tags.
    const dafu_str *tags;
    // How many tags there are.
    size_t tags_len;
    // How sure an answer must be, as a probability in 0..1, whatever the precision: an answer is given when the
    // confidence reaches it. NULL: an entry's own threshold, then that of the knowledge base; without both, `precision`
    // decides.
    const float *threshold;
    // How many choices are offered at most when no answer is sure enough: 0 to 5; more count as 5. NULL: 3.
    const uint32_t *choices;
    // How many hits a reply has at most: 1 to 50; more count as 50. 0: 5.
    size_t hits;
} dafu_ask_options;

// What is searched for, beside the text. Set `size`, and of the rest what you need; what is 0 or NULL has its default.
typedef struct dafu_search_options {
    // `sizeof(dafu_search_options)`.
    size_t size;
    // Your clock, as in `dafu_ask_options`. NULL: entries are found at all times, and disabled ones too.
    const int64_t *at;
    // Only what may be shown in this channel.
    dafu_str channel;
    // Only what is for this audience, one of `dafu_audience`. 0: everything, since search is for agents and editors.
    int32_t audience;
    // Not used; 0.
    int32_t reserved;
    // Only entries of this category, or below it.
    dafu_str category;
    // Only entries with all of these tags.
    const dafu_str *tags;
    // How many tags there are.
    size_t tags_len;
    // How many results are left out before the first.
    size_t offset;
    // How many results there are on a page: 1 to 100; more count as 100. 0: 10.
    size_t limit;
} dafu_search_options;

// An entry, a standard answer or a template that was found.
typedef struct dafu_found {
    // What it is.
    dafu_found_kind kind;
    // How relevant it is, in 0..1.
    float relevance;
    // Its id.
    dafu_str id;
    // Its standard question, its title, or its scenario.
    dafu_str title;
    // The text that matched best: a phrasing, the text of a standard answer, a wording of a template.
    dafu_str text;
    // The parts of `text` that what was searched for has, too.
    const dafu_span *spans;
    // How many spans there are.
    size_t spans_len;
} dafu_found;

// A page of what was found. Free it with `dafu_page_free`. Any thread may read it; it outlives the knowledge base.
typedef struct dafu_page {
    // How many results there are on all pages together: at most 100 or so, since no one looks further.
    size_t total;
    // The results of this page, the most relevant first.
    const dafu_found *const *results;
    // How many results this page has.
    size_t results_len;
} dafu_page;

// What a suggestion completes to.
typedef struct dafu_suggestion {
    // The id of the entry.
    dafu_str entry;
    // Its standard question.
    dafu_str question;
} dafu_suggestion;

// Entries that continue what a customer is typing. Free it with `dafu_suggestions_free`. Any thread may read it; it
// outlives the knowledge base.
typedef struct dafu_suggestions {
    // The suggestions, the best first.
    const dafu_suggestion *const *items;
    // How many there are.
    size_t items_len;
} dafu_suggestions;

// Which reply templates are wanted. Set `size`, and of the rest what you need; what is `{NULL, 0}` lets all through.
typedef struct dafu_template_filter {
    // `sizeof(dafu_template_filter)`.
    size_t size;
    // Only templates for this scenario, such as `greeting`.
    dafu_str scenario;
    // Only templates for this mood, such as `angry`.
    dafu_str mood;
    // Only templates for this channel, and those for all channels.
    dafu_str channel;
    // Only templates with this tag.
    dafu_str tag;
} dafu_template_filter;

// A gap in a reply template that is filled when the reply is made.
typedef struct dafu_slot {
    // Its name.
    dafu_str name;
    // What it may be filled with.
    dafu_slot_kind kind;
    // 1 if every reply has to fill it, else 0.
    int32_t required;
    // What it is filled with when nothing is given; `{NULL, 0}` for a required slot. Not called `default`, a word of
    // C.
    dafu_str default_value;
    // An example of a value; `{NULL, 0}` if there is none.
    dafu_str example;
} dafu_slot;

// A reply for a kind of situation (话术), in one or more wordings that take turns, with slots to fill.
typedef struct dafu_template {
    // Its id.
    dafu_str id;
    // The kind of situation it is for, such as `greeting`.
    dafu_str scenario;
    // The mood it answers to, such as `angry`; `{NULL, 0}` for any.
    dafu_str mood;
    // Where it belongs; `{NULL, 0}` if nowhere.
    dafu_str category;
    // Its texts, at least one, with their slots written as `{{name}}`.
    const dafu_str *wordings;
    // How many wordings there are.
    size_t wordings_len;
    // Its slots, in the order of their declaration.
    const dafu_slot *const *slots;
    // How many slots there are.
    size_t slots_len;
    // Its free labels.
    const dafu_str *tags;
    // How many tags there are.
    size_t tags_len;
    // Where it is used; none for everywhere.
    const dafu_str *channels;
    // How many channels there are.
    size_t channels_len;
} dafu_template;

// Reply templates, in the order of the content. Free them with `dafu_templates_free`. Any thread may read them; they
// outlive the knowledge base.
typedef struct dafu_templates {
    // The templates.
    const dafu_template *const *items;
    // How many there are.
    size_t items_len;
} dafu_templates;

// What a slot is filled with. Never grows.
typedef struct dafu_slot_value {
    // The name of the slot.
    dafu_str name;
    // The value; an empty one or `{NULL, 0}` counts as not given.
    dafu_str value;
} dafu_slot_value;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Returns the release of the library, such as `0.1.0`. The text is part of the library: do not free it.
const char *dafu_version(void);

// Checks that the library fits the header that your program was built with. Call it once, first:
//
//     dafu_check_abi(DAFU_ABI_MAJOR, DAFU_ABI_MINOR, &error)
//
// Fails with `DAFU_STATUS_FORMAT` when it does not; the message tells both versions.
dafu_status dafu_check_abi(uint32_t major,
                           uint32_t minor,
                           dafu_error **error);

// Returns the name of a status in plain words, such as `invalid input`; `unknown status` for any other number. The
// text is part of the library: do not free it.
const char *dafu_status_name(int32_t status);

// Returns a C string as a text, such as `dafu_str_of("app")`. It points to the same bytes; NULL gives `{NULL, 0}`.
dafu_str dafu_str_of(const char *c_string);

// Frees a text. NULL is fine.
void dafu_text_free(dafu_text *text);

// Frees an error object. NULL is fine.
void dafu_error_free(dafu_error *error);

// Reads a content file, `.jsonl` or `.csv`, and builds a knowledge base in memory; or opens an index folder.
//
// 20,000 phrasings take some seconds to build, since each entry learns from its phrasings; an index folder opens in
// milliseconds. The first build of a process takes 100 ms and 33 MB more for its dictionary. A file with mistakes is refused as a whole: the error object lists them all.
//
// Fails with `DAFU_STATUS_IO` when there is neither; else as `dafu_kb_from_bytes` and `dafu_kb_open`.
dafu_status dafu_kb_load(const char *path,
                         size_t path_len,
                         const dafu_open_options *options,
                         dafu_kb **kb,
                         dafu_error **error);

// Opens an index folder, which `dafu_build_index` has built: 20,000 phrasings take some milliseconds. Its files are
// mapped and must stay as they are; an index that is built anew beside them leaves them alone.
//
// Fails with `DAFU_STATUS_NOT_FOUND` when there is no folder, `DAFU_STATUS_FORMAT` when it is no index or one of
// another release, `DAFU_STATUS_CORRUPT` when a file is damaged.
dafu_status dafu_kb_open(const char *path,
                         size_t path_len,
                         const dafu_open_options *options,
                         dafu_kb **kb,
                         dafu_error **error);

// Builds a knowledge base in memory from the bytes of a content file; `format` is one of `dafu_format`. The bytes are
// read during the call only.
//
// Fails with `DAFU_STATUS_INVALID_INPUT` when anything is wrong in the content: the error object lists it all.
dafu_status dafu_kb_from_bytes(const uint8_t *bytes,
                               size_t bytes_len,
                               int32_t format,
                               const dafu_open_options *options,
                               dafu_kb **kb,
                               dafu_error **error);

// Reads a content file, `.jsonl` or `.csv`, and builds an index in a folder, which `dafu_kb_open` opens in any
// process. An older index there is replaced when the new one is whole; whoever has it open goes on using it.
//
// Fails with `DAFU_STATUS_CONFLICT` when the folder holds anything but an index, which would be lost.
dafu_status dafu_build_index(const char *content_path,
                             size_t content_path_len,
                             const char *index_path,
                             size_t index_path_len,
                             dafu_error **error);

// Writes how much a knowledge base holds into `*statistics`, a struct of yours; pass `sizeof *statistics` as its size.
dafu_status dafu_kb_statistics(const dafu_kb *kb,
                               dafu_statistics *statistics,
                               size_t statistics_size,
                               dafu_error **error);

// Frees a knowledge base; no call may be using it. NULL is fine. Followers of it, and what was pinned from it, go on.
void dafu_kb_free(dafu_kb *kb);

// Opens what is published in a folder, on a channel; `channel_len` 0 is the channel `live`. The handle answers from
// the generation that was published last when it was opened, until `dafu_kb_reload` or a follower switches it. A
// question in flight keeps its generation.
//
// Fails with `DAFU_STATUS_NOT_FOUND` when nothing was published there, `DAFU_STATUS_CORRUPT` when a file is damaged,
// `DAFU_STATUS_FORMAT` when another release has written it.
dafu_status dafu_kb_open_live(const char *path,
                              size_t path_len,
                              const char *channel,
                              size_t channel_len,
                              const dafu_open_options *options,
                              dafu_kb **kb,
                              dafu_error **error);

// Looks whether something else is published, and switches to it: with its files checked first, while the old
// generation goes on answering. `*switched` becomes 1 if it was switched, else 0; `switched` may be NULL. Any thread
// may call it at any time; it holds up no question.
//
// Fails as `dafu_kb_open_live`, and the generation of before goes on answering then; and with
// `DAFU_STATUS_INVALID_INPUT` for a knowledge base that is not live.
dafu_status dafu_kb_reload(const dafu_kb *kb,
                           int32_t *switched,
                           dafu_error **error);

// Tells the generation that a live knowledge base answers from now. Free it with `dafu_generation_free`.
//
// Fails with `DAFU_STATUS_INVALID_INPUT` for a knowledge base that is neither live nor pinned from one.
dafu_status dafu_kb_generation(const dafu_kb *kb,
                               dafu_generation **generation,
                               dafu_error **error);

// Frees a generation. NULL is fine.
void dafu_generation_free(dafu_generation *generation);

// Returns another handle that goes on answering from what answers now, whatever is published: for a conversation whose
// replies must not contradict each other, say. Costs next to nothing. Free it with `dafu_kb_free`; it outlives `kb`.
dafu_status dafu_kb_pin(const dafu_kb *kb,
                        dafu_kb **pinned,
                        dafu_error **error);

// Starts a thread that reloads a live knowledge base every `interval_ms` milliseconds, 1 at least, until
// `dafu_follower_free`. `callback` may be NULL; `user_data` is handed to it as it is, and kept until the follower is
// freed.
dafu_status dafu_kb_follow(const dafu_kb *kb,
                           uint64_t interval_ms,
                           dafu_follow_callback callback,
                           void *user_data,
                           dafu_follower **follower,
                           dafu_error **error);

// Stops a follower and waits until it has: its callback is not called any more after this. NULL is fine. In its own
// callback it does not wait.
void dafu_follower_free(dafu_follower *follower);

// Frees a reply. NULL is fine.
void dafu_reply_free(dafu_reply *reply);

// Replies to a question: an answer, choices, or no answer and why. `options` may be NULL.
//
// A question may be any UTF-8 text; one that is empty or too long is no failure, it gets a reply that says so. Takes a
// fraction of a millisecond with 20,000 phrasings. Free the reply with `dafu_reply_free`.
dafu_status dafu_ask(const dafu_kb *kb,
                     const char *question,
                     size_t question_len,
                     const dafu_ask_options *options,
                     dafu_reply **reply,
                     dafu_error **error);

// As `dafu_ask`, with the reply in a buffer of yours: nothing to free, and no memory is allocated for you. All that
// the reply points to lies in the buffer: keep it, unmoved, while you read.
//
// `*needed` is how many bytes this reply takes, wherever the buffer begins. When that is more than `buffer_size`, the
// call fails with `DAFU_STATUS_BUFFER_TOO_SMALL`, and `*needed` is written all the same: the one output that a
// failure writes. Most replies take less than 8 KiB; the length of the answers decides. `needed` may be NULL.
dafu_status dafu_ask_into(const dafu_kb *kb,
                          const char *question,
                          size_t question_len,
                          const dafu_ask_options *options,
                          void *buffer,
                          size_t buffer_size,
                          const dafu_reply **reply,
                          size_t *needed,
                          dafu_error **error);

// As `dafu_ask`, with the whole reply as one JSON object, for languages that read JSON more easily than structs:
//
//     {"decision": "answer" | "choices" | "no_answer",
//      "reason": null | "nothing_close" | "handover_requested" | "only_out_of_date" | "only_filtered" | "excluded"
//                | "empty_question" | "question_too_long",
//      "choices": 0, "confidence": 0.97, "generation": 0,
//      "hits": [{"entry": .., "question": .., "answer": .. | null, "confidence": .., "evidence": {"cosine": ..},
//                "phrasing": .., "category": .. | null, "related": [..], "follow_ups": [..],
//                "question_spans": [{"bytes": {"start": 0, "end": 6}, "chars": {..}, "utf16": {..}}],
//                "phrasing_spans": [..]}]}
//
// Free it with `dafu_text_free`.
dafu_status dafu_ask_json(const dafu_kb *kb,
                          const char *question,
                          size_t question_len,
                          const dafu_ask_options *options,
                          dafu_text **json,
                          dafu_error **error);

// Tells why a question gets its reply, as one JSON object: the question as it is compared, its tokens and synonyms,
// and for every entry that was looked at its evidence, score and confidence. For people; its fields may differ from
// release to release. Free it with `dafu_text_free`.
dafu_status dafu_explain_json(const dafu_kb *kb,
                              const char *question,
                              size_t question_len,
                              const dafu_ask_options *options,
                              dafu_text **json,
                              dafu_error **error);

// Gives an entry with all that it has, as one JSON object in the form of content files: the standard question of a
// related entry, for example. Free it with `dafu_text_free`.
//
// Fails with `DAFU_STATUS_NOT_FOUND` when there is no entry with this id.
dafu_status dafu_entry_json(const dafu_kb *kb,
                            const char *id,
                            size_t id_len,
                            dafu_text **json,
                            dafu_error **error);

// Finds entries, standard answers and templates, for agents and editors. `options` may be NULL. Free the page with
// `dafu_page_free`.
//
// Fails with `DAFU_STATUS_INVALID_INPUT` when the text is longer than 1,000 characters.
dafu_status dafu_search(const dafu_kb *kb,
                        const char *text,
                        size_t text_len,
                        const dafu_search_options *options,
                        dafu_page **page,
                        dafu_error **error);

// Frees a page. NULL is fine.
void dafu_page_free(dafu_page *page);

// Returns entries whose standard question continues what a customer is typing: Chinese, full pinyin (`tuikuan`) or
// initials (`tk`); questions that begin with it come first. At most `limit`, and 50. Of `options`, which may be
// NULL, those count that say which entries may answer. Free the suggestions with `dafu_suggestions_free`.
dafu_status dafu_suggest(const dafu_kb *kb,
                         const char *typed,
                         size_t typed_len,
                         size_t limit,
                         const dafu_ask_options *options,
                         dafu_suggestions **suggestions,
                         dafu_error **error);

// Frees suggestions. NULL is fine.
void dafu_suggestions_free(dafu_suggestions *suggestions);

// Returns the reply templates that a filter lets through; NULL lets all through. Free them with `dafu_templates_free`.
dafu_status dafu_templates_list(const dafu_kb *kb,
                                const dafu_template_filter *filter,
                                dafu_templates **templates,
                                dafu_error **error);

// Frees templates. NULL is fine.
void dafu_templates_free(dafu_templates *templates);

// Returns a template with its slots filled. `turn` chooses the wording: count it up from reply to reply, so that
// replies rotate. `escape` is one of `dafu_escape`. Free the reply with `dafu_text_free`.
//
// A value is never expanded again, whatever braces it has. Fails with `DAFU_STATUS_NOT_FOUND` when there is no
// template with this id, and with `DAFU_STATUS_INVALID_INPUT` when slots miss, are unknown or do not fit; the
// message names all of them.
dafu_status dafu_render(const dafu_kb *kb,
                        const char *id,
                        size_t id_len,
                        size_t turn,
                        const dafu_slot_value *values,
                        size_t values_len,
                        int32_t escape,
                        dafu_text **reply,
                        dafu_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DAFU_H */
