/*
 * Asks what stands on standard input, and prints the replies as JSON, one a line, in two ways that must agree: as
 * dafu_ask_json tells them, and, read field by field from dafu_ask, decision, hits and confidences.
 *
 *     replies KNOWLEDGE_BASE
 *
 * A line of input is: question TAB audience TAB channel TAB unix time, where - is not set.
 */
#include "check.h"

static char *field(char **rest) {
    char *start = *rest, *tab = strchr(start, '\t');
    if (tab) {
        *tab = '\0';
        *rest = tab + 1;
    }
    return start;
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    dafu_kb *kb = NULL;
    OK(dafu_kb_load(TEXT(argv[1]), NULL, &kb, error));
    static char line[65536];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *rest = line;
        const char *question = field(&rest), *audience = field(&rest), *channel = field(&rest), *time = field(&rest);
        int64_t at = strtoll(time, NULL, 10);
        dafu_ask_options options = {.size = sizeof options};
        options.audience = strcmp(audience, "agent") == 0 ? DAFU_AUDIENCE_AGENT : DAFU_AUDIENCE_UNSET;
        options.channel = dafu_str_of(strcmp(channel, "-") == 0 ? NULL : channel);
        options.at = strcmp(time, "-") == 0 ? NULL : &at;

        dafu_text *json = NULL;
        dafu_reply *reply = NULL;
        OK(dafu_ask_json(kb, TEXT(question), &options, &json, error));
        OK(dafu_ask(kb, TEXT(question), &options, &reply, error));
        printf("%s\t%d %d %zu", json->data, (int)reply->decision, (int)reply->reason, reply->choices_len);
        for (size_t i = 0; i < reply->hits_len; i++) {
            const dafu_hit *hit = reply->hits[i];
            printf(" %s %.9g %zu %zu", hit->entry.data, hit->confidence, hit->answer.len, hit->question_spans_len);
        }
        putchar('\n');
        dafu_reply_free(reply);
        dafu_text_free(json);
    }
    dafu_kb_free(kb);
    return 0;
}
