/* The smallest test frame that does the job: each test file is one program; a failed CHECK says where and goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    long passed;
    long failed;
} check_count;

#define CHECK(count, condition)                                                                                        \
    do {                                                                                                               \
        if (condition) {                                                                                               \
            (count)->passed++;                                                                                         \
        } else {                                                                                                       \
            (count)->failed++;                                                                                         \
            fprintf(stderr, "%s:%d: %s: not true: %s\n", __FILE__, __LINE__, __func__, #condition);                    \
        }                                                                                                              \
    } while (0)

/* What a test stands on: without it the program stops. */
#define NEED(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: setup failed: %s\n", __FILE__, __LINE__, __func__, #condition);                \
            exit(2);                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline int check_report(const check_count *count, const char *name)
{
    printf("%-24s %ld checks passed, %ld failed\n", name, count->passed, count->failed);
    return count->failed == 0 && count->passed > 0 ? 0 : 1;
}

#endif
