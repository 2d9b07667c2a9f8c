/*
 * What the header says of fork and dlclose. Loads the library itself: it is linked with nothing.
 *
 *     fork_and_dlclose LIBRARY INDEX
 */
#define _POSIX_C_SOURCE 200809L
#include <dafu.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);     \
            exit(1);                                                                    \
        }                                                                               \
    } while (0)

typedef dafu_status open_function(const char *, size_t, const dafu_open_options *, dafu_kb **, dafu_error **);
typedef dafu_status ask_function(const dafu_kb *, const char *, size_t, const dafu_ask_options *, dafu_reply **,
                                 dafu_error **);
typedef void free_reply_function(dafu_reply *);

int main(int argc, char **argv) {
    CHECK(argc == 3);
    for (int round = 0; round < 3; round++) {
        void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        CHECK(library);
        open_function *open_kb;
        ask_function *ask;
        free_reply_function *free_reply;
        *(void **)&open_kb = dlsym(library, "dafu_kb_open");
        *(void **)&ask = dlsym(library, "dafu_ask");
        *(void **)&free_reply = dlsym(library, "dafu_reply_free");
        CHECK(open_kb && ask && free_reply);
        dafu_kb *kb = NULL;
        CHECK(open_kb(argv[2], strlen(argv[2]), NULL, &kb, NULL) == DAFU_STATUS_OK);

        /* A child goes on asking with what its parent has opened, and so does the parent. */
        pid_t child = fork();
        CHECK(child >= 0);
        for (int i = 0; i < 100; i++) {
            dafu_reply *reply = NULL;
            CHECK(ask(kb, "买错了想退", strlen("买错了想退"), NULL, &reply, NULL) == DAFU_STATUS_OK);
            CHECK(strcmp(reply->hits[0]->entry.data, "return") == 0);
            free_reply(reply);
        }
        if (child == 0) {
            _exit(0);
        }
        int status = -1;
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);

        /* The library stays, so what was looked up still works, and handles may be freed. */
        void (*free_kb)(dafu_kb *);
        *(void **)&free_kb = dlsym(library, "dafu_kb_free");
        CHECK(dlclose(library) == 0);
        free_kb(kb);
    }
    return 0;
}
