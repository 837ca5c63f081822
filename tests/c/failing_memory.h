/* The library's memory, and SuiteSparse's, with a call that fails on demand. Linked in place of base/memory. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The test program has the one object of this type, `failing_memory`. */
typedef struct {
    int64_t n_calls; /* allocations and reallocations since failing_memory_arm */
    int64_t fail_at; /* the number of the call that fails, counted from 1; 0 for none */
    bool from_then;  /* all later calls fail, too */
    int64_t n_failed;
    int64_t n_live; /* blocks that are not yet freed */
} failing_memory_state;

extern failing_memory_state failing_memory;

/* Makes SuiteSparse use this memory. */
void failing_memory_install(void);
/* Counts calls from 0 again; the `fail_at`-th fails. */
void failing_memory_arm(int64_t fail_at, bool from_then);

#endif
