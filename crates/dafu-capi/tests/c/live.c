/*
 * Follows a publication. The test that runs this program publishes version 2 when a line "1" was printed, and rolls
 * back when "2" was printed.
 *
 *     live PUBLICATION
 */
#include "check.h"

#include <pthread.h>

typedef struct seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t version;
    int errors;
} seen;

static void follow(void *user_data, const dafu_generation *generation, const dafu_error *error) {
    seen *seen = user_data;
    CHECK((generation == NULL) != (error == NULL));
    pthread_mutex_lock(&seen->lock);
    if (generation) {
        CHECK(generation->name.len == 32);
        seen->version = generation->version;
    } else {
        seen->errors++;
    }
    pthread_cond_signal(&seen->changed);
    pthread_mutex_unlock(&seen->lock);
}

static void wait_for(seen *seen, uint64_t version) {
    pthread_mutex_lock(&seen->lock);
    while (seen->version != version) {
        pthread_cond_wait(&seen->changed, &seen->lock);
    }
    pthread_mutex_unlock(&seen->lock);
}

static void answers(const dafu_kb *kb, const char *expected, uint64_t generation) {
    dafu_reply *reply = NULL;
    OK(dafu_ask(kb, TEXT("几点上班？"), NULL, &reply, error));
    CHECK(reply->hits_len == 1 && is(reply->hits[0]->answer, expected) && reply->generation == generation);
    dafu_reply_free(reply);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    const char *folder = argv[1];
    dafu_kb *kb = NULL, *by_hand = NULL, *pinned = NULL, *fixed = shop();
    dafu_generation *generation = NULL;
    dafu_follower *follower = NULL;
    int32_t switched = -1;
    FAILS(DAFU_STATUS_NOT_FOUND, "nobody", dafu_kb_open_live(TEXT(folder), TEXT("nobody"), NULL, &kb, error));
    FAILS(DAFU_STATUS_NOT_FOUND, "nowhere", dafu_kb_open_live(TEXT("nowhere"), NULL, 0, NULL, &kb, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "not live", dafu_kb_reload(fixed, &switched, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "not live", dafu_kb_generation(fixed, &generation, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "not live", dafu_kb_follow(fixed, 1, NULL, NULL, &follower, error));
    CHECK(!kb && !generation && !follower && switched == -1);

    OK(dafu_kb_open_live(TEXT(folder), NULL, 0, NULL, &kb, error));
    OK(dafu_kb_open_live(TEXT(folder), TEXT("live"), NULL, &by_hand, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "interval_ms is 0", dafu_kb_follow(kb, 0, NULL, NULL, &follower, error));
    FAILS(DAFU_STATUS_INVALID_INPUT, "follower is NULL", dafu_kb_follow(kb, 1, NULL, NULL, NULL, error));
    OK(dafu_kb_generation(kb, &generation, error));
    CHECK(generation->number == 1 && generation->version == 1 && generation->name.len == 32 && generation->time > 0);
    dafu_generation_free(generation);
    OK(dafu_kb_reload(by_hand, &switched, error));
    CHECK(switched == 0);
    answers(kb, "九点。", 1);
    OK(dafu_kb_pin(kb, &pinned, error));

    seen seen = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 1, 0};
    OK(dafu_kb_follow(kb, 5, follow, &seen, &follower, error));
    puts("1");
    fflush(stdout);
    wait_for(&seen, 2);
    answers(kb, "八点。", 2);
    answers(pinned, "九点。", 1);
    answers(by_hand, "九点。", 1);
    OK(dafu_kb_reload(by_hand, &switched, error));
    CHECK(switched == 1);
    answers(by_hand, "八点。", 2);
    puts("2");
    fflush(stdout);
    wait_for(&seen, 1);
    answers(kb, "九点。", 3);
    dafu_follower_free(follower);
    OK(dafu_kb_reload(by_hand, NULL, error));
    dafu_kb_free(by_hand);

    /* A follower may outlive the handle that it was made from. */
    OK(dafu_kb_follow(kb, 1, NULL, NULL, &follower, error));
    dafu_kb_free(kb);
    dafu_follower_free(follower);
    answers(pinned, "九点。", 1);
    FAILS(DAFU_STATUS_INVALID_INPUT, "not live", dafu_kb_reload(pinned, &switched, error));
    dafu_kb_free(pinned);
    dafu_kb_free(fixed);
    return 0;
}
