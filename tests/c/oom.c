/* Every allocation of every public entry point fails once, SuiteSparse's included: alone, and with all that follow. The
 * code is MN_ERR_NO_MEMORY, nothing leaks, nothing that must stay is changed, and a second try gives the result of a
 * run without failure, bit for bit. `make check-oom` runs this; it is linked with failing_memory.c. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "failing_memory.h"
#include "oom.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

failing_memory_state failing_memory;

typedef struct {
    check_count checks;
    int64_t n_points;
    int64_t n_recovered; /* UMFPACK may go on with less memory, or try again */
} tally;

static void undo_twice(const oom_entry *e, bench *b)
{
    if (e->undo != NULL) {
        e->undo(b);
        e->undo(b);
    }
}

static void drop_all(const oom_entry *e, bench *b)
{
    undo_twice(e, b);
    if (e->after != NULL) {
        e->after(b);
    }
}

/* After an act that failed: what must hold, and a second try. */
static void check_failure(const oom_entry *e, bench *b, uint64_t before, uint64_t expected, check_count *count)
{
    CHECK(count, e->keeps == NULL || e->keeps(b) == before);
    CHECK(count, e->is_left_right == NULL || e->is_left_right(b));
    undo_twice(e, b);
    mn_error error;
    mn_error_clear(&error);
    bool is_good = e->act(b, &error) == MN_OK;
    CHECK(count, is_good);
    CHECK(count, is_good && e->result(b) == expected);
}

/* One act with one failure; false where the act makes fewer than fail_at allocations, so that none failed. */
static bool try_point(const oom_entry *e, bench *b, int64_t fail_at, bool from_then, uint64_t expected, tally *t)
{
    check_count *count = &t->checks;
    int64_t n_live = failing_memory.n_live;
    mn_error error;
    if (e->before != NULL) {
        e->before(b);
    }
    uint64_t before = e->keeps != NULL ? e->keeps(b) : 0;
    mn_error_clear(&error);
    failing_memory_arm(fail_at, from_then);
    int code = e->act(b, &error);
    bool failed = failing_memory.n_failed > 0;
    failing_memory_arm(0, false);

    if (code == MN_OK) {
        CHECK(count, !failed || strcmp(b->solver_name, "umfpack") == 0);
        CHECK(count, e->result(b) == expected);
        t->n_recovered += failed;
    } else {
        CHECK(count, failed);
        CHECK(count, code == MN_ERR_NO_MEMORY);
        CHECK(count, error.code == MN_ERR_NO_MEMORY);
        check_failure(e, b, before, expected, count);
    }
    drop_all(e, b);
    CHECK(count, failing_memory.n_live == n_live);
    return failed;
}

/* The result without a failure, and how many allocations it takes. */
static int64_t count_points(const oom_entry *e, bench *b, uint64_t *expected)
{
    mn_error error;
    if (e->before != NULL) {
        e->before(b);
    }
    mn_error_clear(&error);
    failing_memory_arm(0, false);
    NEED(e->act(b, &error) == MN_OK);
    int64_t n_points = failing_memory.n_calls;
    *expected = e->result(b);
    drop_all(e, b);
    return n_points;
}

static void try_entry(const oom_entry *e, bench *b, const char *label, tally *total)
{
    tally t = {.n_points = 0};
    uint64_t expected;
    int64_t n_points = count_points(e, b, &expected);
    CHECK(&t.checks, !e->kron_allocates_nothing || n_points == 0 || strcmp(b->solver_name, "kron") != 0);
    for (int from_then = 0; from_then < 2; from_then++) {
        int64_t k = 1;
        while (try_point(e, b, k, from_then, expected, &t)) {
            k++;
        }
        CHECK(&t.checks, k - 1 >= n_points);
        t.n_points += k - 1;
    }
    printf("%-24s %-16s %5" PRId64 " failures, %3" PRId64 " recovered from%s\n", e->name, label, t.n_points,
           t.n_recovered, t.checks.failed > 0 ? ", WRONG" : "");
    total->n_points += t.n_points;
    total->n_recovered += t.n_recovered;
    total->checks.passed += t.checks.passed;
    total->checks.failed += t.checks.failed;
}

static void try_entries(int64_t n, const oom_entry *list, bench *b, const char *solver, bool complex_values,
                        tally *total)
{
    b->solver_name = solver != NULL ? solver : "";
    b->complex_values = complex_values;
    char label[32];
    snprintf(label, sizeof label, "%s%s", b->solver_name, complex_values ? " complex" : "");
    for (int64_t k = 0; k < n; k++) {
        if (!complex_values || !list[k].real_only) {
            try_entry(&list[k], b, label, total);
        }
    }
}

int main(void)
{
    tally total = {.n_points = 0};
    bench *b = calloc(1, sizeof *b);
    NEED(b != NULL);
    strcpy(b->folder, "/tmp/memnet-oom-XXXXXX");
    NEED(mkdtemp(b->folder) != NULL);
    snprintf(b->path, sizeof b->path, "%s/checkpoint", b->folder);
    failing_memory_install();
    oom_build_grid(b);
    try_entries(oom_n_network_entries, oom_network_entries, b, NULL, false, &total);
    try_entries(oom_n_part_entries, oom_part_entries, b, NULL, false, &total);
    try_entries(oom_n_solver_entries, oom_solver_entries, b, "kron", false, &total);
    try_entries(oom_n_solver_entries, oom_solver_entries, b, "umfpack", false, &total);
    try_entries(oom_n_solver_entries, oom_solver_entries, b, "kron", true, &total);
    try_entries(oom_n_solver_entries, oom_solver_entries, b, "umfpack", true, &total);
    try_entries(oom_n_simulation_entries, oom_simulation_entries, b, "kron", false, &total);
    try_entries(oom_n_simulation_entries, oom_simulation_entries, b, "umfpack", false, &total);
    CHECK(&total.checks, failing_memory.n_live == 0);
    CHECK(&total.checks, rmdir(b->folder) == 0);
    free(b);
    printf("%" PRId64 " allocation failures tried, %" PRId64 " recovered from\n", total.n_points, total.n_recovered);
    return check_report(&total.checks, "out of memory");
}
