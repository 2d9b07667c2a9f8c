/*
 * Drives a panic through every exported function. Built against a library with the feature `test-panics`, whose
 * `dafu_test_panic_next` makes the next call panic. Prints the name of each function that was driven.
 *
 *     panics PUBLICATION
 */
#include "check.h"

void dafu_test_panic_next(void);

/* A call that returns a status. Its outputs stay as they were, and the next call works. */
#define PANICS(name, ...)                                                                   \
    do {                                                                                    \
        dafu_error *panic_error = NULL, **error = &panic_error;                             \
        dafu_test_panic_next();                                                             \
        CHECK(name(__VA_ARGS__) == DAFU_STATUS_PANIC);                                      \
        CHECK(panic_error != NULL && panic_error->status == DAFU_STATUS_PANIC);             \
        CHECK(strstr(panic_error->message.data, "a test wanted it"));                       \
        dafu_error_free(panic_error);                                                       \
        error = NULL;                                                                       \
        dafu_test_panic_next();                                                             \
        CHECK(name(__VA_ARGS__) == DAFU_STATUS_PANIC);                                      \
        puts(#name);                                                                        \
    } while (0)

/* A function that frees: it leaves the value alone, which is freed afterwards. */
#define PANICS_FREEING(name, value)                                                         \
    do {                                                                                    \
        dafu_test_panic_next();                                                             \
        name(value);                                                                        \
        name(value);                                                                        \
        puts(#name);                                                                        \
    } while (0)

int main(int argc, char **argv) {
    CHECK(argc == 2);
    const char *folder = argv[1];
    dafu_kb *kb = shop(), *live = NULL, *opened = NULL;
    OK(dafu_kb_open_live(TEXT(folder), NULL, 0, NULL, &live, error));
    dafu_reply *reply = NULL;
    const dafu_reply *view = NULL;
    dafu_text *text = NULL;
    dafu_page *page = NULL;
    dafu_suggestions *suggestions = NULL;
    dafu_templates *templates = NULL;
    dafu_generation *generation = NULL;
    dafu_follower *follower = NULL;
    dafu_statistics statistics = {0};
    int32_t switched = -1;
    char buffer[64];
    size_t needed = 0;

    dafu_test_panic_next();
    CHECK(strcmp(dafu_version(), "0.1.0") == 0);
    puts("dafu_version");
    dafu_test_panic_next();
    CHECK(strcmp(dafu_status_name(0), "unknown status") == 0);
    puts("dafu_status_name");
    dafu_test_panic_next();
    CHECK(missing(dafu_str_of("app")));
    puts("dafu_str_of");

    PANICS(dafu_check_abi, DAFU_ABI_MAJOR, DAFU_ABI_MINOR, error);
    PANICS(dafu_kb_load, TEXT("faq.jsonl"), NULL, &opened, error);
    PANICS(dafu_kb_open, TEXT("faq.index"), NULL, &opened, error);
    PANICS(dafu_kb_open_live, TEXT(folder), NULL, 0, NULL, &opened, error);
    PANICS(dafu_kb_from_bytes, (const uint8_t *)SHOP, sizeof SHOP - 1, DAFU_FORMAT_JSONL, NULL, &opened, error);
    PANICS(dafu_build_index, TEXT("faq.jsonl"), TEXT("faq.index"), error);
    PANICS(dafu_kb_statistics, kb, &statistics, sizeof statistics, error);
    PANICS(dafu_kb_reload, live, &switched, error);
    PANICS(dafu_kb_generation, live, &generation, error);
    PANICS(dafu_kb_pin, live, &opened, error);
    PANICS(dafu_kb_follow, live, 1000, NULL, NULL, &follower, error);
    PANICS(dafu_ask, kb, TEXT("退货"), NULL, &reply, error);
    PANICS(dafu_ask_into, kb, TEXT("退货"), NULL, buffer, sizeof buffer, &view, &needed, error);
    PANICS(dafu_ask_json, kb, TEXT("退货"), NULL, &text, error);
    PANICS(dafu_explain_json, kb, TEXT("退货"), NULL, &text, error);
    PANICS(dafu_entry_json, kb, TEXT("return"), &text, error);
    PANICS(dafu_search, kb, TEXT("退货"), NULL, &page, error);
    PANICS(dafu_suggest, kb, TEXT("退货"), 5, NULL, &suggestions, error);
    PANICS(dafu_templates_list, kb, NULL, &templates, error);
    PANICS(dafu_render, kb, TEXT("hello"), 0, NULL, 0, DAFU_ESCAPE_NONE, &text, error);
    CHECK(!opened && !reply && !view && !text && !page && !suggestions && !templates && !generation && !follower);
    CHECK(switched == -1 && needed == 0 && statistics.entries == 0);

    /* After all these, everything works. */
    dafu_error *wrong = NULL;
    OK(dafu_ask(kb, TEXT("買錯了想退"), NULL, &reply, error));
    CHECK(is(reply->hits[0]->entry, "return"));
    OK(dafu_render(kb, TEXT("hello"), 0, NULL, 0, DAFU_ESCAPE_NONE, &text, error));
    OK(dafu_search(kb, TEXT("退货"), NULL, &page, error));
    OK(dafu_suggest(kb, TEXT("退货"), 5, NULL, &suggestions, error));
    OK(dafu_templates_list(kb, NULL, &templates, error));
    OK(dafu_kb_generation(live, &generation, error));
    OK(dafu_kb_follow(live, 1000, NULL, NULL, &follower, error));
    CHECK(dafu_ask(NULL, TEXT("退货"), NULL, &reply, &wrong) == DAFU_STATUS_INVALID_INPUT);
    PANICS_FREEING(dafu_error_free, wrong);
    PANICS_FREEING(dafu_reply_free, reply);
    PANICS_FREEING(dafu_text_free, text);
    PANICS_FREEING(dafu_page_free, page);
    PANICS_FREEING(dafu_suggestions_free, suggestions);
    PANICS_FREEING(dafu_templates_free, templates);
    PANICS_FREEING(dafu_generation_free, generation);
    PANICS_FREEING(dafu_follower_free, follower);
    PANICS_FREEING(dafu_kb_free, kb);
    dafu_kb_free(live);
    return 0;
}
