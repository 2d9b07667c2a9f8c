// dafu.hpp: dafu.h for C++17. One header, nothing else: values that free themselves, exceptions, std::string_view.
//
//     dafu::KnowledgeBase kb = dafu::KnowledgeBase::load("faq.jsonl");
//     dafu::Reply reply = kb.ask("东西不想要了能退吗");
//     if (reply.decision() == DAFU_DECISION_ANSWER) std::cout << reply.hits()[0].answer() << '\n';
//
// Threads may share a KnowledgeBase. Views (std::string_view, Hit, List) point into the Reply that gave them.
#pragma once

#include <dafu.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dafu {

inline std::string_view view(dafu_str text) { return {text.data ? text.data : "", text.len}; }
inline dafu_str str(std::string_view text) { return {text.data(), text.size()}; }
inline dafu_str optional_str(const std::optional<std::string> &text) { return text ? str(*text) : dafu_str{nullptr, 0}; }

/// What went wrong: `what()` for people, `status()` for programs.
class Error : public std::runtime_error {
public:
    explicit Error(const dafu_error &error)
        : std::runtime_error(std::string(view(error.message))), status_(error.status), file_(view(error.file)),
          line_(error.line) {}
    dafu_status status() const noexcept { return status_; }
    const std::string &file() const noexcept { return file_; }
    /// The line of the first mistake, from 1; 0 if none is known.
    std::uint64_t line() const noexcept { return line_; }

private:
    dafu_status status_;
    std::string file_;
    std::uint64_t line_;
};

namespace detail {
/// Calls a C function whose last argument is the error, and throws what it fails with.
template <class Function, class... Arguments> void call(Function function, Arguments... arguments) {
    dafu_error *error = nullptr;
    if (function(arguments..., &error) != DAFU_STATUS_OK) {
        std::unique_ptr<dafu_error, decltype(&dafu_error_free)> owned(error, &dafu_error_free);
        throw Error(*owned);
    }
}
template <class T, void (*Free)(T *)> struct Deleter {
    void operator()(T *value) const noexcept { Free(value); }
};
template <class T, void (*Free)(T *)> using Owned = std::unique_ptr<T, Deleter<T, Free>>;
} // namespace detail

/// Checks that library and header fit. Throws if they do not.
inline void check_abi() { detail::call(dafu_check_abi, DAFU_ABI_MAJOR, DAFU_ABI_MINOR); }

/// An array of the library, for `for` loops: `Made` is what an element is made into.
template <class Raw, class Made> class List {
public:
    List(const Raw *first, std::size_t len) : first_(first), len_(len) {}
    std::size_t size() const noexcept { return len_; }
    bool empty() const noexcept { return len_ == 0; }
    Made operator[](std::size_t index) const { return make(first_[index]); }
    class Iterator {
    public:
        explicit Iterator(const Raw *at) : at_(at) {}
        Made operator*() const { return make(*at_); }
        Iterator &operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(const Iterator &other) const { return at_ != other.at_; }

    private:
        const Raw *at_;
    };
    Iterator begin() const { return Iterator(first_); }
    Iterator end() const { return Iterator(first_ + len_); }

private:
    static Made make(const dafu_str &text) { return view(text); }
    template <class T> static Made make(const T *pointer) { return Made(*pointer); }
    template <class T> static Made make(const T &value) { return Made(value); }
    const Raw *first_;
    std::size_t len_;
};

using Texts = List<dafu_str, std::string_view>;
using Spans = List<dafu_span, const dafu_span &>;

/// An entry that may answer a question.
class Hit {
public:
    explicit Hit(const dafu_hit &hit) : hit_(&hit) {}
    std::string_view entry() const { return view(hit_->entry); }
    std::string_view question() const { return view(hit_->question); }
    /// Empty for an entry without answers.
    std::string_view answer() const { return view(hit_->answer); }
    std::string_view phrasing() const { return view(hit_->phrasing); }
    std::string_view category() const { return view(hit_->category); }
    float confidence() const { return hit_->confidence; }
    Texts related() const { return {hit_->related, hit_->related_len}; }
    Texts follow_ups() const { return {hit_->follow_ups, hit_->follow_ups_len}; }
    Spans question_spans() const { return {hit_->question_spans, hit_->question_spans_len}; }
    Spans phrasing_spans() const { return {hit_->phrasing_spans, hit_->phrasing_spans_len}; }
    const dafu_hit &raw() const { return *hit_; }

private:
    const dafu_hit *hit_;
};

/// What is to be said to a question.
class Reply {
public:
    using Hits = List<const dafu_hit *, Hit>;
    dafu_decision decision() const { return reply_->decision; }
    dafu_reason reason() const { return reply_->reason; }
    Hits hits() const { return {reply_->hits, reply_->hits_len}; }
    /// The hits to offer, if the decision is to offer choices; else none.
    Hits choices() const { return {reply_->hits, reply_->choices_len}; }
    /// The text to say, if the decision is to answer.
    std::optional<std::string_view> answer() const {
        if (decision() != DAFU_DECISION_ANSWER) return std::nullopt;
        return hits()[0].answer();
    }
    std::uint64_t generation() const { return reply_->generation; }

private:
    friend class KnowledgeBase;
    detail::Owned<dafu_reply, dafu_reply_free> reply_;
};

/// How a question is to be answered. What is not set has its default.
struct AskOptions {
    std::optional<std::int64_t> at; ///< seconds since 1970
    std::optional<std::string> channel;
    std::int32_t audience = DAFU_AUDIENCE_UNSET;
    std::optional<std::string> locale;
    std::optional<std::string> category;
    std::vector<std::string> tags;
    /// How many of the answers that are given are to be right, 0.5 to 0.99; 0: 0.9.
    float precision = 0;
    /// How sure an answer must be, whatever the precision: 0 to 1.
    std::optional<float> threshold;
    std::optional<std::uint32_t> choices;
    std::size_t hits = 0;
};

/// Something that was found by search.
struct Found {
    dafu_found_kind kind;
    float relevance;
    std::string id, title, text;
};

/// A thread that follows what is published, until it is destroyed.
class Follower {
public:
    /// Is told the version and number of each generation that was switched to, or what stood against it.
    using Callback = std::function<void(const dafu_generation *, const dafu_error *)>;

private:
    friend class KnowledgeBase;
    // The callback first: it is destroyed last, when the thread has stopped.
    std::unique_ptr<Callback> callback_;
    detail::Owned<dafu_follower, dafu_follower_free> follower_;
};

/// Reads a content file and builds an index in a folder, which `KnowledgeBase::open` opens in any process.
inline void build_index(std::string_view content_path, std::string_view index_path) {
    detail::call(dafu_build_index, content_path.data(), content_path.size(), index_path.data(), index_path.size());
}

/// A knowledge base: it answers. Threads may share one.
class KnowledgeBase {
public:
    /// Reads a content file, or opens an index folder.
    static KnowledgeBase load(std::string_view path) { return opened(dafu_kb_load, path); }
    /// Opens an index folder.
    static KnowledgeBase open(std::string_view path) { return opened(dafu_kb_open, path); }
    /// Opens what is published in a folder, on a channel.
    static KnowledgeBase open_live(std::string_view path, std::string_view channel = "live") {
        dafu_kb *kb = nullptr;
        detail::call(dafu_kb_open_live, path.data(), path.size(), channel.data(), channel.size(),
                     static_cast<const dafu_open_options *>(nullptr), &kb);
        return KnowledgeBase(kb);
    }
    /// Builds one in memory from the bytes of a content file.
    static KnowledgeBase from_bytes(std::string_view bytes, std::int32_t format = DAFU_FORMAT_JSONL) {
        dafu_kb *kb = nullptr;
        detail::call(dafu_kb_from_bytes, reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), format,
                     static_cast<const dafu_open_options *>(nullptr), &kb);
        return KnowledgeBase(kb);
    }

    Reply ask(std::string_view question, const AskOptions &options = {}) const {
        const Raw raw(options);
        dafu_reply *reply = nullptr;
        detail::call(dafu_ask, kb_.get(), question.data(), question.size(), &raw.options, &reply);
        Reply owned;
        owned.reply_.reset(reply);
        return owned;
    }

    std::string ask_json(std::string_view question, const AskOptions &options = {}) const {
        return json(dafu_ask_json, question, options);
    }

    std::string explain_json(std::string_view question, const AskOptions &options = {}) const {
        return json(dafu_explain_json, question, options);
    }

    /// An entry with all that it has, as one JSON object.
    std::string entry_json(std::string_view id) const {
        dafu_text *text = nullptr;
        detail::call(dafu_entry_json, kb_.get(), id.data(), id.size(), &text);
        return taken(text);
    }

    std::vector<Found> search(std::string_view text, std::size_t offset = 0, std::size_t limit = 10) const {
        dafu_search_options options = {};
        options.size = sizeof options;
        options.offset = offset;
        options.limit = limit;
        dafu_page *page = nullptr;
        detail::call(dafu_search, kb_.get(), text.data(), text.size(),
                     static_cast<const dafu_search_options *>(&options), &page);
        const detail::Owned<dafu_page, dafu_page_free> owned(page);
        std::vector<Found> results;
        for (std::size_t i = 0; i < page->results_len; i++) {
            const dafu_found &found = *page->results[i];
            results.push_back({found.kind, found.relevance, std::string(view(found.id)),
                               std::string(view(found.title)), std::string(view(found.text))});
        }
        return results;
    }

    /// The standard questions that continue what a customer is typing.
    std::vector<std::string> suggest(std::string_view typed, std::size_t limit = 5) const {
        dafu_suggestions *suggestions = nullptr;
        detail::call(dafu_suggest, kb_.get(), typed.data(), typed.size(), limit,
                     static_cast<const dafu_ask_options *>(nullptr), &suggestions);
        const detail::Owned<dafu_suggestions, dafu_suggestions_free> owned(suggestions);
        std::vector<std::string> questions;
        for (std::size_t i = 0; i < suggestions->items_len; i++) {
            questions.emplace_back(view(suggestions->items[i]->question));
        }
        return questions;
    }

    /// A template with its slots filled; `turn` chooses the wording.
    std::string render(std::string_view id, const std::vector<std::pair<std::string, std::string>> &values = {},
                       std::size_t turn = 0, std::int32_t escape = DAFU_ESCAPE_NONE) const {
        std::vector<dafu_slot_value> raw;
        for (const auto &[name, value] : values) {
            raw.push_back({str(name), str(value)});
        }
        dafu_text *text = nullptr;
        detail::call(dafu_render, kb_.get(), id.data(), id.size(), turn,
                     static_cast<const dafu_slot_value *>(raw.data()), raw.size(), escape, &text);
        return taken(text);
    }

    /// Switches to what is published now. Says whether that is something else.
    bool reload() const {
        std::int32_t switched = 0;
        detail::call(dafu_kb_reload, kb_.get(), &switched);
        return switched != 0;
    }

    /// Another handle that goes on answering from what answers now.
    KnowledgeBase pin() const {
        dafu_kb *pinned = nullptr;
        detail::call(dafu_kb_pin, kb_.get(), &pinned);
        return KnowledgeBase(pinned);
    }

    /// Reloads every so many milliseconds, as long as the follower lives.
    Follower follow(std::uint64_t interval_ms, Follower::Callback callback = {}) const {
        Follower follower;
        follower.callback_ = std::make_unique<Follower::Callback>(std::move(callback));
        dafu_follower *raw = nullptr;
        detail::call(dafu_kb_follow, kb_.get(), interval_ms, static_cast<dafu_follow_callback>(&told),
                     static_cast<void *>(follower.callback_.get()), &raw);
        follower.follower_.reset(raw);
        return follower;
    }

    dafu_statistics statistics() const {
        dafu_statistics statistics = {};
        detail::call(dafu_kb_statistics, kb_.get(), &statistics, sizeof statistics);
        return statistics;
    }

    const dafu_kb *raw() const noexcept { return kb_.get(); }

private:
    /// The options in the form of C; it points into the AskOptions.
    struct Raw {
        explicit Raw(const AskOptions &from) {
            for (const std::string &tag : from.tags) tags.push_back(str(std::string_view(tag)));
            options.size = sizeof options;
            options.at = from.at ? &*from.at : nullptr;
            options.channel = optional_str(from.channel);
            options.audience = from.audience;
            options.locale = optional_str(from.locale);
            options.category = optional_str(from.category);
            options.tags = tags.data();
            options.tags_len = tags.size();
            options.precision = from.precision;
            options.threshold = from.threshold ? &*from.threshold : nullptr;
            options.choices = from.choices ? &*from.choices : nullptr;
            options.hits = from.hits;
        }
        Raw(const Raw &) = delete;
        Raw &operator=(const Raw &) = delete;
        std::vector<dafu_str> tags;
        dafu_ask_options options = {};
    };

    explicit KnowledgeBase(dafu_kb *kb) : kb_(kb) {}

    template <class Open> static KnowledgeBase opened(Open open, std::string_view path) {
        dafu_kb *kb = nullptr;
        detail::call(open, path.data(), path.size(), static_cast<const dafu_open_options *>(nullptr), &kb);
        return KnowledgeBase(kb);
    }

    template <class Function>
    std::string json(Function function, std::string_view question, const AskOptions &options) const {
        const Raw raw(options);
        dafu_text *text = nullptr;
        detail::call(function, kb_.get(), question.data(), question.size(), &raw.options, &text);
        return taken(text);
    }

    static std::string taken(dafu_text *text) {
        const detail::Owned<dafu_text, dafu_text_free> owned(text);
        return {text->data, text->len};
    }

    static void told(void *callback, const dafu_generation *generation, const dafu_error *error) {
        const auto &function = *static_cast<Follower::Callback *>(callback);
        if (function) function(generation, error);
    }

    detail::Owned<dafu_kb, dafu_kb_free> kb_;
};

} // namespace dafu
