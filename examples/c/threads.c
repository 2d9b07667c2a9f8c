/*
 * Many threads ask one live knowledge base while another thread switches it to what is published.
 *
 *     threads PUBLICATION SECONDS QUESTION
 *
 * Prints how many questions were answered, from how many generations. Ends with a failure if a question failed, or if a
 * thread saw a generation older than one that it had seen before.
 */
#define _POSIX_C_SOURCE 200809L
#include <dafu.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8 };

typedef struct work {
    const dafu_kb *kb; /* shared: no lock, no copy for each thread */
    const char *question;
    atomic_int stop;
    atomic_long answered, failed, generations;
} work;

static void *ask(void *argument) {
    work *work = argument;
    uint64_t newest = 0;
    while (!atomic_load(&work->stop)) {
        dafu_reply *reply = NULL;
        dafu_error *error = NULL;
        if (dafu_ask(work->kb, work->question, strlen(work->question), NULL, &reply, &error) != DAFU_STATUS_OK) {
            fprintf(stderr, "%s\n", error->message.data);
            dafu_error_free(error);
            atomic_fetch_add(&work->failed, 1);
            break;
        }
        if (reply->generation < newest) {
            fprintf(stderr, "generation %llu after %llu\n", (unsigned long long)reply->generation,
                    (unsigned long long)newest);
            atomic_fetch_add(&work->failed, 1);
        }
        newest = reply->generation;
        atomic_fetch_add(&work->answered, 1);
        dafu_reply_free(reply);
    }
    return NULL;
}

static void *reload(void *argument) {
    work *work = argument;
    while (!atomic_load(&work->stop)) {
        int32_t switched = 0;
        dafu_error *error = NULL;
        if (dafu_kb_reload(work->kb, &switched, &error) != DAFU_STATUS_OK) {
            /* What was answered from before goes on answering: tell, and try again. */
            fprintf(stderr, "%s\n", error->message.data);
            dafu_error_free(error);
            atomic_fetch_add(&work->failed, 1);
        }
        atomic_fetch_add(&work->generations, switched);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: %s PUBLICATION SECONDS QUESTION\n", argv[0]);
        return EXIT_FAILURE;
    }
    dafu_kb *kb = NULL;
    dafu_error *error = NULL;
    if (dafu_kb_open_live(argv[1], strlen(argv[1]), NULL, 0, NULL, &kb, &error) != DAFU_STATUS_OK) {
        fprintf(stderr, "%s\n", error->message.data);
        dafu_error_free(error);
        return EXIT_FAILURE;
    }
    work work = {.kb = kb, .question = argv[3]};
    atomic_init(&work.generations, 1);
    pthread_t threads[THREADS + 1];
    for (int i = 0; i < THREADS + 1; i++) {
        if (pthread_create(&threads[i], NULL, i < THREADS ? ask : reload, &work) != 0) {
            return EXIT_FAILURE;
        }
    }
    puts("ready");
    fflush(stdout);
    nanosleep(&(struct timespec){.tv_sec = strtol(argv[2], NULL, 10)}, NULL);
    atomic_store(&work.stop, 1);
    for (int i = 0; i < THREADS + 1; i++) {
        pthread_join(threads[i], NULL);
    }
    dafu_kb_free(kb);
    printf("%ld answers from %ld generations, %ld failures\n", atomic_load(&work.answered),
           atomic_load(&work.generations), atomic_load(&work.failed));
    return atomic_load(&work.failed) == 0 && atomic_load(&work.answered) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
