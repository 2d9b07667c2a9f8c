/*
 * Built with the header of ABI 1.0, run with a library of ABI 1.1 whose structs have grown: see tests/it/later.rs.
 */
#include "check.h"

int main(void) {
    /* It is the later library. */
    OK(dafu_check_abi(1, 0, error));
    OK(dafu_check_abi(1, 1, error));
    FAILS(DAFU_STATUS_FORMAT, "ABI 1.1", dafu_check_abi(1, 2, error));

    dafu_kb *kb = shop();
    dafu_reply *reply = NULL;
    dafu_ask_options options = {.size = sizeof options};
    options.channel = dafu_str_of("wechat");
    options.hits = 2;
    OK(dafu_ask(kb, TEXT("怎么开发票"), &options, &reply, error));
    CHECK(reply->decision == DAFU_DECISION_ANSWER && reply->hits_len <= 2 && reply->generation == 0);
    CHECK(is(reply->hits[0]->entry, "invoice") && is(reply->hits[0]->answer, "在小程序里开。"));
    CHECK(reply->hits[0]->follow_ups == NULL && reply->hits[0]->parts_len > 0);
    for (size_t i = 0; i < reply->hits_len; i++) {
        CHECK(reply->hits[i]->entry.len && reply->hits[i]->question.len);
    }
    dafu_reply_free(reply);

    /* What the later release has appended, as its own header would say it. */
    struct {
        dafu_ask_options known;
        dafu_str mood;
    } later = {.known = {.size = sizeof later}};
    OK(dafu_ask(kb, TEXT("怎么开发票"), &later.known, &reply, error));
    dafu_reply_free(reply);
    later.mood = dafu_str_of("\xff");
    FAILS(DAFU_STATUS_INVALID_INPUT, "dafu_ask_options.mood", dafu_ask(kb, TEXT("退"), &later.known, &reply, error));
    dafu_kb_free(kb);
    return 0;
}
