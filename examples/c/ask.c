/*
 * A chat loop: reads a customer's lines, answers from a knowledge base, offers choices, and hands over to a person.
 *
 *     ask KNOWLEDGE_BASE [CHANNEL]
 *
 * The knowledge base is a .jsonl or .csv file, an index folder, or the folder that `kb publish` publishes to: then each
 * line is answered from what is live at that moment. Ends with the input, or when a person is called.
 */
#include <dafu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the customer may answer to "did you mean ...?": the entries that were offered, kept while they think. */
typedef struct offer {
    dafu_reply *reply; /* NULL: nothing was offered */
} offer;

static int fail(dafu_error *error) {
    fprintf(stderr, "%s\n", error->message.data);
    for (size_t i = 0; i < error->mistakes_len; i++) {
        const dafu_mistake *mistake = error->mistakes[i];
        fprintf(stderr, "  line %llu: %s; %s\n", (unsigned long long)mistake->line, mistake->message.data,
                mistake->remedy.data);
    }
    dafu_error_free(error);
    return EXIT_FAILURE;
}

static void say_answer(const dafu_hit *hit) {
    /* An entry may have no answer of its own; then its question is all there is to say. */
    printf("%s\n", hit->answer.data ? hit->answer.data : hit->question.data);
    for (size_t i = 0; i < hit->follow_ups_len; i++) {
        printf("  > %s\n", hit->follow_ups[i].data);
    }
}

static void say_choices(const dafu_reply *reply) {
    printf("您是想问：\n");
    for (size_t i = 0; i < reply->choices_len; i++) {
        printf("  %zu. %s\n", i + 1, reply->hits[i]->question.data);
    }
}

/* Says why there is no answer. Returns whether a person has to take over. */
static int say_no_answer(dafu_reason reason) {
    switch (reason) {
    case DAFU_REASON_EMPTY_QUESTION:
        printf("请问您想咨询什么？\n");
        return 0;
    case DAFU_REASON_QUESTION_TOO_LONG:
        printf("您的问题太长了，请简短一些。\n");
        return 0;
    case DAFU_REASON_HANDOVER_REQUESTED:
        printf("好的，正在为您转接人工客服。\n");
        return 1;
    case DAFU_REASON_ONLY_OUT_OF_DATE:
        printf("这项活动不在有效期内，正在为您转接人工客服。\n");
        return 1;
    default: /* nothing close, filtered, excluded, and what later releases add */
        printf("抱歉，这个问题我还不会，正在为您转接人工客服。\n");
        return 1;
    }
}

/* The hit that a customer chose with a line such as "2"; NULL if the line is no choice. */
static const dafu_hit *chosen(const offer *offer, const char *line) {
    char *end = NULL;
    unsigned long number = strtoul(line, &end, 10);
    if (!offer->reply || end == line || *end != '\0' || number < 1 || number > offer->reply->choices_len) {
        return NULL;
    }
    return offer->reply->hits[number - 1];
}

/* Answers one line. Returns 1 when a person has to take over, 0 to go on, -1 on failure. */
static int answer(const dafu_kb *kb, const dafu_ask_options *options, const char *line, offer *offer,
                  dafu_error **error) {
    const dafu_hit *choice = chosen(offer, line);
    if (choice) {
        say_answer(choice);
        return 0;
    }
    dafu_reply *reply = NULL;
    if (dafu_ask(kb, line, strlen(line), options, &reply, error) != DAFU_STATUS_OK) {
        return -1;
    }
    int handover = 0;
    switch (reply->decision) {
    case DAFU_DECISION_ANSWER:
        say_answer(reply->hits[0]);
        break;
    case DAFU_DECISION_CHOICES:
        say_choices(reply);
        break;
    default:
        handover = say_no_answer(reply->reason);
    }
    dafu_reply_free(offer->reply);
    offer->reply = reply; /* its choices may be picked with the next line */
    return handover;
}

/* Whether editors publish to a folder: it has a file that says which generation is live. */
static int is_published(const char *path) {
    char current[4096];
    int length = snprintf(current, sizeof current, "%s/CURRENT", path);
    FILE *file = length > 0 && (size_t)length < sizeof current ? fopen(current, "r") : NULL;
    if (file) {
        fclose(file);
    }
    return file != NULL;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s KNOWLEDGE_BASE [CHANNEL]\n", argv[0]);
        return EXIT_FAILURE;
    }
    dafu_error *error = NULL;
    dafu_kb *kb = NULL;
    if (dafu_check_abi(DAFU_ABI_MAJOR, DAFU_ABI_MINOR, &error) != DAFU_STATUS_OK) {
        return fail(error);
    }
    int live = is_published(argv[1]);
    dafu_status opened = live ? dafu_kb_open_live(argv[1], strlen(argv[1]), NULL, 0, NULL, &kb, &error)
                              : dafu_kb_load(argv[1], strlen(argv[1]), NULL, &kb, &error);
    if (opened != DAFU_STATUS_OK) {
        return fail(error);
    }
    dafu_ask_options options = {.size = sizeof options};
    options.channel = dafu_str_of(argc > 2 ? argv[2] : NULL);

    char line[8192];
    offer offer = {NULL};
    int state = 0;
    while (state == 0 && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        /* What cannot be switched to changes nothing: the generation of before goes on answering. */
        if (live && dafu_kb_reload(kb, NULL, &error) != DAFU_STATUS_OK) {
            dafu_error_free(error);
            error = NULL;
        }
        state = answer(kb, &options, line, &offer, &error);
    }
    dafu_reply_free(offer.reply);
    dafu_kb_free(kb);
    return state < 0 ? fail(error) : EXIT_SUCCESS;
}
