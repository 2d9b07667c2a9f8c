/*
 * Many calls, and the memory of the process before and after.
 *
 *     memory CALLS
 *
 * Fails when the process has grown by more than 1 MiB after the first tenth; of less than 10,000 calls, which is for tools
 * that look for leaks in their own way, nothing is said.
 */
#include "check.h"

static long resident_kib(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    return pages * 4;
}

static void call_all(const dafu_kb *kb, unsigned turn) {
    static const char *const questions[] = {"买错了想退", "转人工", "", "余额在哪里看", "明天会下雨吗"};
    static char buffer[65536];
    const char *question = questions[turn % 5];
    dafu_reply *reply = NULL;
    const dafu_reply *view = NULL;
    dafu_text *text = NULL;
    dafu_page *page = NULL;
    dafu_suggestions *suggestions = NULL;
    dafu_templates *templates = NULL;
    dafu_error *wrong = NULL;
    switch (turn % 16) {
    case 0:
        OK(dafu_ask_into(kb, TEXT(question), NULL, buffer, sizeof buffer, &view, NULL, error));
        break;
    case 1:
        OK(dafu_ask_json(kb, TEXT(question), NULL, &text, error));
        dafu_text_free(text);
        break;
    case 2:
        OK(dafu_explain_json(kb, TEXT(question), NULL, &text, error));
        dafu_text_free(text);
        break;
    case 3:
        OK(dafu_search(kb, TEXT(question), NULL, &page, error));
        dafu_page_free(page);
        break;
    case 4:
        OK(dafu_suggest(kb, TEXT("退"), 5, NULL, &suggestions, error));
        dafu_suggestions_free(suggestions);
        break;
    case 5:
        OK(dafu_templates_list(kb, NULL, &templates, error));
        dafu_templates_free(templates);
        break;
    case 6:
        CHECK(dafu_ask(kb, TEXT("\xff"), NULL, &reply, &wrong) == DAFU_STATUS_INVALID_INPUT);
        dafu_error_free(wrong);
        break;
    case 7:
        CHECK(dafu_render(kb, TEXT("urge"), turn, NULL, 0, 0, &text, NULL) == DAFU_STATUS_INVALID_INPUT);
        break;
    default:
        OK(dafu_ask(kb, TEXT(question), NULL, &reply, error));
        dafu_reply_free(reply);
    }
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    unsigned calls = (unsigned)strtoul(argv[1], NULL, 10);
    dafu_kb *kb = shop();
    long before = 0;
    for (unsigned turn = 0; turn < calls; turn++) {
        if (turn == calls / 10) {
            before = resident_kib();
        }
        call_all(kb, turn);
    }
    long after = resident_kib();
    printf("%u calls: %ld KiB after a tenth, %ld KiB at the end\n", calls, before, after);
    CHECK(calls < 10000 || after - before < 1024);
    dafu_kb_free(kb);
    return 0;
}
