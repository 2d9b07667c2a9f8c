/*
 * Every function with arguments that work, that are wrong, and that are NULL; every field of every result.
 *
 *     api FOLDER        a folder of its own, empty
 */
#include "check.h"

static void versions(void) {
    CHECK(strcmp(dafu_version(), "0.1.0") == 0);
    OK(dafu_check_abi(DAFU_ABI_MAJOR, DAFU_ABI_MINOR, error));
    FAILS(DAFU_STATUS_FORMAT, "ABI 2.0", dafu_check_abi(DAFU_ABI_MAJOR + 1, 0, error));
    FAILS(DAFU_STATUS_FORMAT, "install a library", dafu_check_abi(DAFU_ABI_MAJOR, DAFU_ABI_MINOR + 1, error));
    CHECK(strcmp(dafu_status_name(DAFU_STATUS_BUFFER_TOO_SMALL), "buffer too small") == 0);
    CHECK(strcmp(dafu_status_name(4711), "unknown status") == 0);
    CHECK(missing(dafu_str_of(NULL)));
    CHECK(is(dafu_str_of("app"), "app"));
}

static void answers(const dafu_kb *kb) {
    dafu_reply *reply = NULL;
    OK(dafu_ask(kb, TEXT("東西不想要了，能退嗎"), NULL, &reply, error));
    CHECK(reply->decision == DAFU_DECISION_ANSWER && reply->reason == DAFU_REASON_NONE);
    CHECK(reply->choices_len == 0 && reply->hits_len >= 1 && reply->generation == 0);
    const dafu_hit *hit = reply->hits[0];
    CHECK(is(hit->entry, "return") && is(hit->question, "怎么申请退货？") && is(hit->answer, "签收后7天内可以退。"));
    CHECK(is(hit->phrasing, "东西不想要了能退吗") && is(hit->category, "售后/退货"));
    CHECK(hit->confidence > 0.5f && hit->confidence <= 1.0f);
    CHECK(hit->related_len == 1 && is(hit->related[0], "refund-time"));
    CHECK(hit->follow_ups_len == 1 && is(hit->follow_ups[0], "退款多久到账"));
    CHECK(hit->parts_len > 0 && is(hit->parts[0].name, "cosine") && hit->parts[0].value > 0.5f);
    /* The comma is not shared: two spans, before and after it. */
    CHECK(hit->question_spans_len == 2);
    dafu_span first = hit->question_spans[0], second = hit->question_spans[1];
    CHECK(first.byte_start == 0 && first.byte_end == 18 && first.char_end == 6 && first.utf16_end == 6);
    CHECK(second.byte_start == 21 && second.byte_end == 30 && second.char_start == 7 && second.utf16_start == 7);
    CHECK(hit->phrasing_spans_len == 1 && hit->phrasing_spans[0].byte_end == strlen("东西不想要了能退吗"));
    dafu_reply_free(reply);

    /* No category, no related entries, no follow-ups. */
    OK(dafu_ask(kb, TEXT("余额在哪里看"), NULL, &reply, error));
    CHECK(reply->decision == DAFU_DECISION_CHOICES && reply->choices_len == 2 && reply->hits_len >= 2);
    CHECK(missing(reply->hits[0]->category) && reply->hits[0]->related_len == 0 && reply->hits[0]->follow_ups == NULL);
    dafu_reply_free(reply);
}

static void reasons(const dafu_kb *kb) {
    char long_question[3 * 1001 + 1];
    for (int i = 0; i < 1001; i++) {
        memcpy(long_question + 3 * i, "退", 3);
    }
    struct {
        const char *question;
        size_t len;
        dafu_reason reason;
    } table[] = {
        {TEXT("明天会下雨吗"), DAFU_REASON_NOTHING_CLOSE},
        {TEXT("转人工"), DAFU_REASON_HANDOVER_REQUESTED},
        {TEXT("补偿额度最高是多少"), DAFU_REASON_ONLY_FILTERED},
        {TEXT(""), DAFU_REASON_EMPTY_QUESTION},
        {NULL, 0, DAFU_REASON_EMPTY_QUESTION},
        {"a\0b", 0, DAFU_REASON_EMPTY_QUESTION},
        {long_question, sizeof long_question - 1, DAFU_REASON_QUESTION_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        dafu_reply *reply = NULL;
        OK(dafu_ask(kb, table[i].question, table[i].len, NULL, &reply, error));
        CHECK(reply->decision == DAFU_DECISION_NO_ANSWER && reply->reason == table[i].reason);
        dafu_reply_free(reply);
    }
}

static dafu_reason reason_with(const dafu_kb *kb, const char *question, const dafu_ask_options *options) {
    dafu_reply *reply = NULL;
    OK(dafu_ask(kb, TEXT(question), options, &reply, error));
    dafu_reason reason = reply->reason;
    CHECK((reply->decision == DAFU_DECISION_NO_ANSWER) == (reason != DAFU_REASON_NONE));
    dafu_reply_free(reply);
    return reason;
}

/* A higher precision takes more confidence: some question is answered with the lowest, and with the highest it is not.
 * Not set is 0.9; and a threshold counts, whatever the precision. */
static void precision(const dafu_kb *kb) {
    static const char *const questions[] = {"退款到账", "不想要了", "开发票", "余额", "退货怎么退", "退回"};
    int told_apart = 0;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        dafu_ask_options options = {.size = sizeof options};
        float never = 1.0f, shares[] = {0.5f, 0.0f, 0.9f, 0.99f, 0.5f};
        dafu_decision decisions[5];
        for (int j = 0; j < 5; j++) {
            dafu_reply *reply = NULL;
            options.precision = shares[j];
            options.threshold = j == 4 ? &never : NULL;
            OK(dafu_ask(kb, TEXT(questions[i]), &options, &reply, error));
            decisions[j] = reply->decision;
            dafu_reply_free(reply);
        }
        CHECK(decisions[1] == decisions[2] && decisions[4] != DAFU_DECISION_ANSWER);
        told_apart += decisions[0] == DAFU_DECISION_ANSWER && decisions[3] != DAFU_DECISION_ANSWER;
    }
    CHECK(told_apart > 0);
}

static void options(const dafu_kb *kb) {
    dafu_ask_options all = {.size = sizeof all};
    CHECK(reason_with(kb, "怎么开发票", &all) == DAFU_REASON_NONE);

    dafu_ask_options agent = {.size = sizeof agent};
    agent.audience = DAFU_AUDIENCE_AGENT;
    CHECK(reason_with(kb, "补偿额度最高是多少", &agent) == DAFU_REASON_NONE);

    int64_t before = 1790000000, during = 1794000000; /* 2026-09-21 and 2026-11-06 */
    dafu_ask_options clock = {.size = sizeof clock};
    clock.at = &before;
    CHECK(reason_with(kb, "双十一满减怎么凑单", &clock) == DAFU_REASON_ONLY_OUT_OF_DATE);
    clock.at = &during;
    CHECK(reason_with(kb, "双十一满减怎么凑单", &clock) == DAFU_REASON_NONE);

    dafu_ask_options channel = {.size = sizeof channel};
    channel.channel = dafu_str_of("wechat");
    dafu_reply *reply = NULL;
    OK(dafu_ask(kb, TEXT("怎么开发票"), &channel, &reply, error));
    CHECK(is(reply->hits[0]->answer, "在小程序里开。"));
    dafu_reply_free(reply);

    dafu_ask_options category = {.size = sizeof category};
    category.category = dafu_str_of("售后");
    CHECK(reason_with(kb, "怎么开发票", &category) == DAFU_REASON_ONLY_FILTERED);
    CHECK(reason_with(kb, "退款多久到账", &category) == DAFU_REASON_NONE);

    dafu_str tag = dafu_str_of("常见");
    dafu_ask_options tags = {.size = sizeof tags};
    tags.tags = &tag;
    tags.tags_len = 1;
    CHECK(reason_with(kb, "退款多久到账", &tags) == DAFU_REASON_ONLY_FILTERED);
    CHECK(reason_with(kb, "怎么申请退货", &tags) == DAFU_REASON_NONE);

    /* 0 choices is not the same as none said. */
    uint32_t none = 0;
    dafu_ask_options choices = {.size = sizeof choices};
    choices.choices = &none;
    CHECK(reason_with(kb, "余额在哪里看", &choices) == DAFU_REASON_NOTHING_CLOSE);
    choices.choices = NULL;
    CHECK(reason_with(kb, "余额在哪里看", &choices) == DAFU_REASON_NONE);

    float sure = 1.0f, unsure = 0.0f;
    dafu_ask_options bar = {.size = sizeof bar};
    bar.hits = 1;
    bar.threshold = &unsure;
    OK(dafu_ask(kb, TEXT("退款到账"), &bar, &reply, error));
    CHECK(reply->decision == DAFU_DECISION_ANSWER && reply->hits_len == 1);
    dafu_reply_free(reply);
    bar.threshold = &sure;
    OK(dafu_ask(kb, TEXT("退款到账"), &bar, &reply, error));
    CHECK(reply->decision != DAFU_DECISION_ANSWER);
    dafu_reply_free(reply);

    precision(kb);
}

static void wrong_options(const dafu_kb *kb) {
    dafu_reply *untouched = (dafu_reply *)&untouched, *reply = untouched;
#define REFUSED(words, ...)                                                                          \
    do {                                                                                             \
        dafu_ask_options options = {.size = sizeof options};                                                 \
        __VA_ARGS__;                                                                                 \
        FAILS(DAFU_STATUS_INVALID_INPUT, words, dafu_ask(kb, TEXT("怎么退货"), &options, &reply, error)); \
        CHECK(reply == untouched);                                                                   \
    } while (0)

    REFUSED("set `.size = sizeof(dafu_ask_options)`", options.size = 0);
    REFUSED("its size is 8", options.size = 8);
    REFUSED("its size is 100000", options.size = 100000);
    REFUSED("7 is not an audience", options.audience = 7);
    REFUSED("-1 is not an audience", options.audience = -1);
    REFUSED("dafu_ask_options.channel: ", options.channel = dafu_str_of(""));
    REFUSED("dafu_ask_options.channel is not UTF-8 at byte 1", options.channel = dafu_str_of("a\xff"));
    REFUSED("dafu_ask_options.locale: ", options.locale = dafu_str_of("?"));
    REFUSED("dafu_ask_options.channel is NULL, and its length is 3", options.channel.len = 3);
    REFUSED("dafu_ask_options.tags is NULL", options.tags_len = 1);
    float nan = strtof("nan", NULL), two = 2;
    REFUSED("dafu_ask_options.threshold: ", options.threshold = &nan);
    REFUSED("dafu_ask_options.threshold: ", options.threshold = &two);
    REFUSED("dafu_ask_options.precision: ", options.precision = nan);
    REFUSED("dafu_ask_options.precision: 1 is not a precision; write a number from 0.5 to 0.99", options.precision = 1);
    REFUSED("dafu_ask_options.precision: ", options.precision = 0.4f);
    REFUSED("dafu_ask_options.precision: ", options.precision = -0.9f);
    int64_t never = INT64_MAX;
    REFUSED("dafu_ask_options.at: ", options.at = &never);
    dafu_str unset = {NULL, 0};
    REFUSED("dafu_ask_options.tags[0]: it is not set", options.tags = &unset; options.tags_len = 1);

    /* From a later header: unset fields are fine, set ones are not. */
    struct {
        dafu_ask_options known;
        size_t later;
    } grown = {.known = {.size = sizeof grown}};
    OK(dafu_ask(kb, TEXT("怎么退货"), &grown.known, &reply, error));
    dafu_reply_free(reply);
    reply = untouched;
    grown.later = 1;
    FAILS(DAFU_STATUS_INVALID_INPUT, "does not know", dafu_ask(kb, TEXT("怎么退货"), &grown.known, &reply, error));
    CHECK(reply == untouched);
}

static void wrong_arguments(const dafu_kb *kb) {
    dafu_reply *untouched = (dafu_reply *)&untouched, *reply = untouched;
    const dafu_reply *view = untouched;
    dafu_text *text = NULL;
    dafu_page *page = NULL;
    dafu_suggestions *suggestions = NULL;
    dafu_templates *templates = NULL;
    dafu_kb *opened = NULL;
    dafu_statistics statistics;
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_ask(NULL, TEXT("退货"), NULL, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "reply is NULL", dafu_ask(kb, TEXT("退货"), NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "question is NULL", dafu_ask(kb, NULL, 6, NULL, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "no array can have", dafu_ask(kb, "退", SIZE_MAX, NULL, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "question is not UTF-8 at byte 6",
          dafu_ask(kb, TEXT("退货\xe9\x80"), NULL, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_ask_into(NULL, TEXT("退"), NULL, NULL, 0, &view, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "reply is NULL", dafu_ask_into(kb, TEXT("退"), NULL, NULL, 0, NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_ask_json(NULL, TEXT("退"), NULL, &text, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "json is NULL", dafu_ask_json(kb, TEXT("退"), NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "json is NULL", dafu_explain_json(kb, TEXT("退"), NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "id is not UTF-8", dafu_entry_json(kb, TEXT("\xff"), &text, error));
    FAILS(DAFU_STATUS_NOT_FOUND, "no entry `nobody`", dafu_entry_json(kb, TEXT("nobody"), &text, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "page is NULL", dafu_search(kb, TEXT("退"), NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_search(NULL, TEXT("退"), NULL, &page, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_suggest(NULL, TEXT("退"), 5, NULL, &suggestions, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "suggestions is NULL", dafu_suggest(kb, TEXT("退"), 5, NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_templates_list(NULL, NULL, &templates, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "templates is NULL", dafu_templates_list(kb, NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_kb_statistics(NULL, &statistics, sizeof statistics, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "statistics is NULL", dafu_kb_statistics(kb, NULL, sizeof statistics, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "pass `sizeof *statistics`", dafu_kb_statistics(kb, &statistics, 1, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "path is NULL", dafu_kb_load(NULL, 1, NULL, &opened, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "kb is NULL", dafu_kb_load(TEXT("faq.jsonl"), NULL, NULL, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "9 is not a format",
          dafu_kb_from_bytes((const uint8_t *)"", 0, 9, NULL, &opened, error));
    CHECK(reply == untouched && view == untouched && !text && !page && !suggestions && !templates && !opened);

    dafu_reply_free(NULL);
    dafu_text_free(NULL);
    dafu_page_free(NULL);
    dafu_suggestions_free(NULL);
    dafu_templates_free(NULL);
    dafu_error_free(NULL);
    dafu_kb_free(NULL);
}

static void into_a_buffer(const dafu_kb *kb) {
    static char buffer[65536];
    const dafu_reply *reply = NULL;
    dafu_reply *owned = NULL;
    size_t needed = 0, again = 0;
    OK(dafu_ask(kb, TEXT("买错了想退"), NULL, &owned, error));
    for (size_t skip = 0; skip < 33; skip++) {
        OK(dafu_ask_into(kb, TEXT("买错了想退"), NULL, buffer + skip, sizeof buffer - skip, &reply, &needed, error));
        CHECK((const char *)reply >= buffer && (const char *)reply < buffer + skip + needed);
        CHECK(reply->decision == owned->decision && reply->hits_len == owned->hits_len);
        for (size_t i = 0; i < reply->hits_len; i++) {
            CHECK(is(reply->hits[i]->entry, owned->hits[i]->entry.data));
            CHECK(reply->hits[i]->confidence == owned->hits[i]->confidence);
        }
        /* Exactly as many bytes as it takes are enough, and one less is not. */
        memset(buffer, 0x5a, sizeof buffer);
        OK(dafu_ask_into(kb, TEXT("买错了想退"), NULL, buffer + skip, needed, &reply, &again, error));
        CHECK(again == needed && is(reply->hits[0]->entry, "return"));
        for (size_t i = 0; i < skip; i++) {
            CHECK(buffer[i] == 0x5a);
        }
        for (size_t i = skip + needed; i < sizeof buffer; i++) {
            CHECK(buffer[i] == 0x5a);
        }
        reply = NULL;
        again = 0;
        FAILS(DAFU_STATUS_BUFFER_TOO_SMALL, "pass a larger one",
              dafu_ask_into(kb, TEXT("买错了想退"), NULL, buffer + skip, needed - 1, &reply, &again, error));
        CHECK(again == needed && reply == NULL);
    }
    FAILS(DAFU_STATUS_BUFFER_TOO_SMALL, "the buffer has 0",
          dafu_ask_into(kb, TEXT("买错了想退"), NULL, NULL, 0, &reply, NULL, error));
    dafu_reply_free(owned);
}

static void as_json(const dafu_kb *kb) {
    dafu_text *json = NULL;
    OK(dafu_ask_json(kb, TEXT("买错了想退"), NULL, &json, error));
    CHECK(json->data[json->len] == '\0' && strlen(json->data) == json->len);
    CHECK(strstr(json->data, "{\"decision\":\"answer\",\"reason\":null,\"choices\":0,\"confidence\":") == json->data);
    CHECK(strstr(json->data, "\"entry\":\"return\"") && strstr(json->data, "\"cosine\":"));
    dafu_text_free(json);
    OK(dafu_ask_json(kb, TEXT("转人工"), NULL, &json, error));
    CHECK(strstr(json->data, "\"decision\":\"no_answer\",\"reason\":\"handover_requested\""));
    dafu_text_free(json);
    OK(dafu_explain_json(kb, TEXT("買錯了想退"), NULL, &json, error));
    CHECK(strstr(json->data, "\"normalized\":\"买错了想退\""));
    dafu_text_free(json);
    OK(dafu_entry_json(kb, TEXT("refund-time"), &json, error));
    CHECK(strstr(json->data, "\"question\":\"退款多久到账？\"") && strstr(json->data, "钱几时退回来"));
    dafu_text_free(json);
}

static void searching(const dafu_kb *kb) {
    dafu_page *page = NULL;
    OK(dafu_search(kb, TEXT("退货规则"), NULL, &page, error));
    CHECK(page->total >= 2 && page->results_len == page->total);
    int kinds[5] = {0};
    for (size_t i = 0; i < page->results_len; i++) {
        const dafu_found *found = page->results[i];
        CHECK(found->kind >= DAFU_FOUND_KIND_ENTRY && found->kind <= DAFU_FOUND_KIND_TEMPLATE);
        CHECK(found->relevance >= 0 && found->relevance <= 1 && found->id.len && found->title.len && found->text.len);
        for (size_t s = 0; s < found->spans_len; s++) {
            CHECK(found->spans[s].byte_start < found->spans[s].byte_end && found->spans[s].byte_end <= found->text.len);
        }
        kinds[found->kind]++;
    }
    CHECK(kinds[DAFU_FOUND_KIND_ENTRY] && kinds[DAFU_FOUND_KIND_STANDARD_ANSWER]);
    size_t total = page->total;
    dafu_page_free(page);

    dafu_search_options second = {.size = sizeof second};
    second.offset = 1;
    second.limit = 1;
    OK(dafu_search(kb, TEXT("退货规则"), &second, &page, error));
    CHECK(page->total == total && page->results_len == 1);
    dafu_page_free(page);
    second.audience = 3;
    FAILS(DAFU_STATUS_INVALID_INPUT, "dafu_search_options.audience", dafu_search(kb, TEXT("退"), &second, &page, error));

    const char *typed[] = {"退款", "tuik", "tk", "多久"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        dafu_suggestions *suggestions = NULL;
        OK(dafu_suggest(kb, TEXT(typed[i]), 5, NULL, &suggestions, error));
        CHECK(suggestions->items_len >= 1 && is(suggestions->items[0]->entry, "refund-time"));
        CHECK(is(suggestions->items[0]->question, "退款多久到账？"));
        dafu_suggestions_free(suggestions);
    }
    dafu_suggestions *none = NULL;
    OK(dafu_suggest(kb, TEXT("退款"), 0, NULL, &none, error));
    CHECK(none->items_len == 0);
    dafu_suggestions_free(none);
}

static void templates(const dafu_kb *kb) {
    dafu_templates *templates = NULL;
    OK(dafu_templates_list(kb, NULL, &templates, error));
    CHECK(templates->items_len == 2);
    const dafu_template *urge = templates->items[0], *hello = templates->items[1];
    CHECK(is(urge->id, "urge") && is(urge->scenario, "appease") && is(urge->mood, "angry") && missing(urge->category));
    CHECK(urge->wordings_len == 2 && is(urge->wordings[1], "{{order_no}}已加急，{{customer}}。"));
    CHECK(urge->slots_len == 2 && urge->tags_len == 1 && is(urge->tags[0], "物流"));
    CHECK(urge->channels_len == 1 && is(urge->channels[0], "app"));
    CHECK(is(urge->slots[0]->name, "order_no") && urge->slots[0]->kind == DAFU_SLOT_KIND_ORDER);
    CHECK(urge->slots[0]->required == 1 && missing(urge->slots[0]->default_value) && is(urge->slots[0]->example, "QH1001"));
    CHECK(urge->slots[1]->required == 0 && is(urge->slots[1]->default_value, "您"));
    CHECK(hello->slots_len == 0 && hello->slots == NULL && missing(hello->mood));
    dafu_templates_free(templates);

    dafu_template_filter filter = {.size = sizeof filter};
    filter.scenario = dafu_str_of("greeting");
    OK(dafu_templates_list(kb, &filter, &templates, error));
    CHECK(templates->items_len == 1 && is(templates->items[0]->id, "hello"));
    dafu_templates_free(templates);
    filter.mood = dafu_str_of("angry");
    OK(dafu_templates_list(kb, &filter, &templates, error));
    CHECK(templates->items_len == 0);
    dafu_templates_free(templates);

    dafu_text *reply = NULL;
    dafu_slot_value values[] = {{dafu_str_of("order_no"), dafu_str_of("QH1001")},
                                {dafu_str_of("customer"), dafu_str_of("<王>")}};
    OK(dafu_render(kb, TEXT("urge"), 0, values, 1, DAFU_ESCAPE_NONE, &reply, error));
    CHECK(strcmp(reply->data, "您，QH1001已催促。") == 0);
    dafu_text_free(reply);
    OK(dafu_render(kb, TEXT("urge"), 1, values, 2, DAFU_ESCAPE_HTML, &reply, error));
    CHECK(strcmp(reply->data, "QH1001已加急，&lt;王&gt;。") == 0);
    dafu_text_free(reply);
    FAILS(DAFU_STATUS_INVALID_INPUT, "no value for `order_no`",
          dafu_render(kb, TEXT("urge"), 0, NULL, 0, DAFU_ESCAPE_NONE, &reply, error));
    FAILS(DAFU_STATUS_NOT_FOUND, "no template `nobody`",
          dafu_render(kb, TEXT("nobody"), 0, NULL, 0, DAFU_ESCAPE_NONE, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "2 is not a way to escape",
          dafu_render(kb, TEXT("urge"), 0, values, 1, 2, &reply, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "values is NULL",
          dafu_render(kb, TEXT("urge"), 0, NULL, 1, DAFU_ESCAPE_NONE, &reply, error));
    values[1].name = dafu_str_of("\xff");
    FAILS(DAFU_STATUS_INVALID_INPUT, "values[1].name is not UTF-8 at byte 0",
          dafu_render(kb, TEXT("urge"), 0, values, 2, DAFU_ESCAPE_NONE, &reply, error));
}

typedef struct heard {
    int warnings;
    int infos;
} heard;

static void listen(void *user_data, dafu_log_level level, const char *message, size_t message_len) {
    heard *heard = user_data;
    CHECK(strlen(message) == message_len);
    heard->warnings += level == DAFU_LOG_LEVEL_WARNING;
    heard->infos += level == DAFU_LOG_LEVEL_INFO;
}

static void opening(const char *folder) {
    dafu_kb *kb = NULL;
    heard heard = {0, 0};
    dafu_open_options options = {.size = sizeof options};
    options.log = listen;
    options.log_user_data = &heard;
    options.name = dafu_str_of("shop.jsonl");
    OK(dafu_kb_from_bytes((const uint8_t *)SHOP, sizeof SHOP - 1, DAFU_FORMAT_JSONL, &options, &kb, error));
    CHECK(heard.warnings == 1 && heard.infos == 1); /* one phrasing stands under two entries */
    dafu_statistics statistics;
    OK(dafu_kb_statistics(kb, &statistics, sizeof statistics, error));
    CHECK(statistics.entries == 7 && statistics.phrasings == 12 && statistics.standard_answers == 1);
    CHECK(statistics.templates == 2 && statistics.generation == 0);
    dafu_kb_free(kb);
    options.log_level = DAFU_LOG_LEVEL_WARNING;
    OK(dafu_kb_from_bytes((const uint8_t *)SHOP, sizeof SHOP - 1, DAFU_FORMAT_JSONL, &options, &kb, error));
    CHECK(heard.warnings == 2 && heard.infos == 1);
    dafu_kb_free(kb);
    options.log_level = 9;
    kb = NULL;
    FAILS(DAFU_STATUS_INVALID_INPUT, "9 is not a level",
          dafu_kb_from_bytes((const uint8_t *)SHOP, sizeof SHOP - 1, DAFU_FORMAT_JSONL, &options, &kb, error));
    options.log_level = 0;

    /* All mistakes of a content at once, each with its place. */
    const char *wrong = "{\"question\":\"咋退货\"}\n{\"qestion\":\"怎么换货\"}\n{\"question\":\"怎么退款？\",\"priority\":99}\n";
    dafu_error *error_ = NULL;
    CHECK(dafu_kb_from_bytes((const uint8_t *)wrong, strlen(wrong), DAFU_FORMAT_JSONL, &options, &kb, &error_) ==
          DAFU_STATUS_INVALID_INPUT);
    CHECK(kb == NULL && error_->mistake_count == error_->mistakes_len && error_->mistakes_len >= 2);
    CHECK(is(error_->file, "shop.jsonl") && error_->line == 2);
    const dafu_mistake *last = error_->mistakes[error_->mistakes_len - 1];
    CHECK(last->severity == DAFU_SEVERITY_ERROR && last->line == 3 && is(last->field, "priority"));
    CHECK(is(last->file, "shop.jsonl") && last->message.len && last->remedy.len);
    dafu_error_free(error_);

    const char *table = "编号,标准问题,答案\nrefund,退款多久到账？,三天。\n";
    OK(dafu_kb_from_bytes((const uint8_t *)table, strlen(table), DAFU_FORMAT_CSV_ENTRIES, NULL, &kb, error));
    dafu_kb_free(kb);
    kb = NULL;

    char content[1024], index[1024];
    snprintf(content, sizeof content, "%s/faq.jsonl", folder);
    snprintf(index, sizeof index, "%s/faq.index", folder);
    FAILS(DAFU_STATUS_IO, "faq.jsonl", dafu_kb_load(TEXT(content), NULL, &kb, error));
    FAILS(DAFU_STATUS_NOT_FOUND, "faq.index", dafu_kb_open(TEXT(index), NULL, &kb, error));
    FILE *file = fopen(content, "wb");
    CHECK(file && fwrite(SHOP, 1, sizeof SHOP - 1, file) == sizeof SHOP - 1 && fclose(file) == 0);
    FAILS(DAFU_STATUS_CONFLICT, folder, dafu_build_index(TEXT(content), TEXT(folder), error));
    OK(dafu_build_index(TEXT(content), TEXT(index), error));
    const char *ways[] = {content, index, index};
    for (int way = 0; way < 3; way++) {
        if (way < 2) {
            OK(dafu_kb_load(TEXT(ways[way]), &options, &kb, error));
        } else {
            OK(dafu_kb_open(TEXT(ways[way]), NULL, &kb, error));
        }
        dafu_reply *reply = NULL;
        OK(dafu_ask(kb, TEXT("買錯了想退"), NULL, &reply, error));
        dafu_kb_free(kb); /* a reply outlives its knowledge base */
        CHECK(is(reply->hits[0]->entry, "return"));
        dafu_reply_free(reply);
    }
    kb = NULL;
    FAILS(DAFU_STATUS_FORMAT, folder, dafu_kb_open(TEXT(folder), NULL, &kb, error));
    CHECK(kb == NULL);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    versions();
    dafu_kb *kb = shop();
    answers(kb);
    reasons(kb);
    options(kb);
    wrong_options(kb);
    wrong_arguments(kb);
    into_a_buffer(kb);
    as_json(kb);
    searching(kb);
    templates(kb);
    dafu_kb_free(kb);
    opening(argv[1]);
    return 0;
}
