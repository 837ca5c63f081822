/* Threads: every task is done once, and solvers have the bits of one thread, whatever the number, forwards and back,
 * whole and redone, with fronts and with lists. */
#define _POSIX_C_SOURCE 200809L

#include "base/deal.h"
#include "base/threads.h"
#include "check.h"
#include "circuit/kron.h"
#include "circuit/kron_state.h"
#include "circuit/solver.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { MANY = 1000, SIDE = 40, N_NODES = SIDE * SIDE, MAX_EDGES = 4 * SIDE * SIDE, N_ELECTRODES = 3, N_TURNS = 6 };

static const int64_t numbers[] = {2, 3, 7};

/* ------------------------------------------------------------------ tasks */

typedef struct {
    int64_t n_threads;
    _Atomic int64_t n_done;
    int64_t thread[MANY]; /* which did it, 1 + */
} tally;

static void count_task(void *context, int64_t index, int64_t thread)
{
    tally *of = context;
    of->thread[index] += 1 + thread;
    (void)atomic_fetch_add(&of->n_done, 1);
}

static void check_tasks(check_count *count, mn_threads *threads, int64_t n_tasks)
{
    tally of = {.n_threads = mn_threads_count(threads)};
    mn_threads_run(threads, count_task, &of, n_tasks);
    int64_t n_once = 0;
    for (int64_t k = 0; k < n_tasks; k++) {
        n_once += of.thread[k] >= 1 && of.thread[k] <= of.n_threads;
    }
    CHECK(count, of.n_done == n_tasks && n_once == n_tasks);
}

/* Each thread has the tasks that it was dealt, however unequal the shares. */
static void check_dealt(check_count *count, mn_threads *threads, int64_t n_tasks)
{
    mn_dealt dealt[MANY];
    int64_t begin[8];
    const int64_t n = mn_threads_most(threads);
    double load[8] = {0.0}, costliest = 0.0, least = INFINITY, most = 0.0;
    for (int32_t k = 0; k < n_tasks; k++) {
        dealt[k] = (mn_dealt){.cost = 1.0 + (double)(k * 7 % 13), .task = k};
    }
    NEED(mn_deal(n_tasks, dealt, n, begin) == MN_OK);
    bool sorted = begin[0] == 0 && begin[n] == n_tasks;
    for (int64_t t = 0; t < n; t++) {
        for (int64_t k = begin[t]; k < begin[t + 1]; k++) {
            sorted = sorted && dealt[k].thread == t && (k == begin[t] || dealt[k - 1].cost >= dealt[k].cost);
            load[t] += dealt[k].cost;
            costliest = fmax(costliest, dealt[k].cost);
        }
        least = fmin(least, load[t]);
        most = fmax(most, load[t]);
    }
    CHECK(count, sorted && most - least <= costliest);
    tally of = {.n_threads = n};
    mn_threads_run_dealt(threads, count_task, &of, begin);
    int64_t n_once = 0;
    for (int64_t k = 0; k < n_tasks; k++) {
        n_once += of.thread[k] >= 1 && of.thread[k] <= n;
    }
    CHECK(count, of.n_done == n_tasks && n_once == n_tasks);
}

/* While the others rest the caller's thread does all; what is forced holds from the next beginning on. */
static void test_rest(check_count *count)
{
    static const mn_way ways[] = {MN_WAY_ONE, MN_WAY_IN_TURN, MN_WAY_ALL, MN_WAY_FASTER};
    mn_threads *threads = NULL;
    NEED(mn_threads_init(&threads, 3, NULL) == MN_OK);
    mn_threads_begin(NULL);
    mn_threads_end(NULL);
    for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
        mn_threads_force(threads, ways[k]);
        for (int turn = 0; turn < 40; turn++) {
            const int64_t before = mn_threads_count(threads);
            mn_threads_begin(threads);
            const int64_t n = mn_threads_count(threads);
            mn_threads_begin(threads); /* nested */
            CHECK(count, mn_threads_most(threads) == 3 && mn_threads_count(threads) == n && (n == 1 || n == 3));
            CHECK(count, ways[k] != MN_WAY_ONE || n == 1);
            CHECK(count, ways[k] != MN_WAY_ALL || n == 3);
            CHECK(count, ways[k] != MN_WAY_IN_TURN || n != before);
            mn_threads_end(threads);
            check_tasks(count, threads, 20);
            check_dealt(count, threads, 20);
            mn_threads_count_unit(threads);
            mn_threads_end(threads);
        }
    }
    mn_threads_free(threads);
}

static void test_tasks(check_count *count)
{
    const struct timespec nap = {.tv_nsec = 3000000};
    check_tasks(count, NULL, MANY);
    for (int64_t n = 1; n <= 5; n++) {
        mn_threads *threads = NULL;
        NEED(mn_threads_init(&threads, n, NULL) == MN_OK);
        CHECK(count, mn_threads_count(threads) == n && (threads == NULL) == (n == 1));
        for (int turn = 0; turn < 200; turn++) {
            check_tasks(count, threads, turn % 9);
            check_dealt(count, threads, turn % 50);
            if (turn % 50 == 0) {
                (void)nanosleep(&nap, NULL); /* they fall asleep */
            }
        }
        check_tasks(count, threads, MANY);
        mn_threads_free(threads);
        NEED(mn_threads_init(&threads, n, NULL) == MN_OK);
        mn_threads_free(threads); /* before they have done anything */
    }
    mn_threads_free(NULL);
}

static void test_numbers(check_count *count)
{
    static const int64_t bad[] = {0, -1, MN_MOST_THREADS + 1, INT64_MAX, INT64_MIN};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        mn_threads *threads = NULL;
        mn_error error = mn_error_none();
        CHECK(count, mn_threads_init(&threads, bad[k], &error) == MN_ERR_BAD_ARGUMENT && threads == NULL);
        CHECK(count, error.value == (double)bad[k]);
    }
}

/* ------------------------------------------------------------------ solvers */

typedef struct {
    mn_lattice lattice;
    mn_network network;
    double conductance[MAX_EDGES], injected[N_NODES];
    int32_t changed[MAX_EDGES];
    int64_t n_changed;
    uint64_t seed;
} fixture;

static double draw(fixture *f)
{
    double u[2];
    mn_uniform2(1, 7, f->seed++, 0, u);
    return u[0];
}

/* A lattice; conductances span many decades, and some are 0. */
static double draw_conductance(fixture *f, double decades)
{
    return draw(f) < 0.05 ? 0.0 : pow(10.0, -decades * draw(f));
}

static void start(fixture *f, double decades)
{
    int32_t electrode[N_NODES];
    memset(f, 0, sizeof *f);
    NEED(mn_grid_init(&f->lattice, SIDE, SIDE, MN_DIAGONALS_BOTH, 1, NULL, NULL) == MN_OK);
    memset(electrode, 0xff, sizeof electrode);
    electrode[0] = 0, electrode[N_NODES - 1] = 1, electrode[N_NODES / 2] = 2;
    NEED(mn_network_init(&f->network, f->lattice.n_nodes, f->lattice.n_edges, f->lattice.edge, NULL, N_ELECTRODES,
                         electrode, NULL) == MN_OK);
    NEED(f->network.n_edges <= MAX_EDGES);
    for (int64_t e = 0; e < f->network.n_edges; e++) {
        f->conductance[e] = draw_conductance(f, decades);
    }
    for (int64_t i = 0; i < N_NODES; i++) {
        f->injected[i] = draw(f) - 0.5;
    }
}

/* Every third turn all conductances are others; else a few, which are listed. */
static void change(fixture *f, int turn, double decades)
{
    f->n_changed = turn % 3 == 0 ? -1 : 0;
    for (int64_t e = turn % 5; e < f->network.n_edges; e += turn % 3 == 0 ? 1 : 97) {
        f->conductance[e] = draw_conductance(f, decades);
        if (f->n_changed >= 0) {
            f->changed[f->n_changed++] = (int32_t)e;
        }
    }
}

static int solve(void *state, const double *injected, double *potential, double *current)
{
    static const uint8_t role[N_ELECTRODES] = {MN_VOLTAGE, MN_VOLTAGE, MN_FLOATING};
    static const double value[N_ELECTRODES] = {1.0, -0.5, 0.0};
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.potential = potential, .current = current};
    return mn_kron_ops.solve(state, &boundary, injected, NULL, &solution, NULL);
}

static void compare(check_count *count, const fixture *f, void *one, void *several)
{
    double v[2][N_NODES], i[2][N_ELECTRODES];
    const double *const injected = f->injected;
    for (int with = 0; with < 2; with++) {
        const int code = solve(one, with ? injected : NULL, v[0], i[0]);
        CHECK(count, solve(several, with ? injected : NULL, v[1], i[1]) == code);
        CHECK(count, code != MN_OK || (memcmp(v[0], v[1], sizeof v[0]) == 0 && memcmp(i[0], i[1], sizeof i[0]) == 0));
    }
}

/* A factor and what is solved with it may each go another way. */
static void check_solver(check_count *count, mn_kron_fronts fronts, int64_t n_threads, double decades, mn_way way)
{
    static fixture f;
    void *one = NULL, *several = NULL;
    mn_threads *threads = NULL;
    start(&f, decades);
    NEED(mn_threads_init(&threads, n_threads, NULL) == MN_OK);
    NEED(mn_kron_init(&one, &f.network, fronts, MN_ORDER_FAST, NULL, NULL) == MN_OK);
    NEED(mn_kron_init(&several, &f.network, fronts, MN_ORDER_FAST, NULL, NULL) == MN_OK);
    NEED(mn_kron_ops.use_threads(several, threads) == MN_OK);
    mn_threads_force(threads, way);
    for (int turn = 0; turn < N_TURNS; turn++) {
        change(&f, turn, decades);
        if (turn == 4) { /* back to one thread, and to several again: the factor has to be a new one */
            NEED(mn_kron_ops.use_threads(several, NULL) == MN_OK);
            f.n_changed = -1;
        } else if (turn == 5) {
            NEED(mn_kron_ops.use_threads(several, threads) == MN_OK);
            f.n_changed = -1;
        }
        NEED(mn_kron_ops.factor(one, f.conductance, NULL, f.n_changed, f.changed, NULL) == MN_OK);
        mn_threads_begin(threads);
        NEED(mn_kron_ops.factor(several, f.conductance, NULL, f.n_changed, f.changed, NULL) == MN_OK);
        mn_threads_end(threads);
        CHECK(count, ((mn_kron *)one)->n_dead == ((mn_kron *)several)->n_dead);
        if (turn % 2 == 0) {
            mn_threads_begin(threads);
            mn_threads_end(threads);
        }
        compare(count, &f, one, several);
    }
    mn_kron_ops.free(one);
    mn_kron_ops.free(several);
    mn_threads_free(threads);
    mn_network_free(&f.network);
    mn_lattice_free(&f.lattice);
}

/* A wish to stop ends a factor in every thread. */
static void test_cancel(check_count *count)
{
    static fixture f;
    static mn_cancel cancel;
    mn_threads *threads = NULL;
    void *state = NULL;
    double v[N_NODES], i[N_ELECTRODES];
    start(&f, 3.0);
    atomic_init(&cancel, false);
    NEED(mn_threads_init(&threads, 3, NULL) == MN_OK);
    NEED(mn_kron_init(&state, &f.network, MN_KRON_FRONTS_ALWAYS, MN_ORDER_FAST, &cancel, NULL) == MN_OK);
    NEED(mn_kron_ops.use_threads(state, threads) == MN_OK);
    atomic_store(&cancel, true);
    CHECK(count, mn_kron_ops.factor(state, f.conductance, NULL, -1, NULL, NULL) == MN_ERR_INTERRUPTED);
    atomic_store(&cancel, false);
    CHECK(count, mn_kron_ops.factor(state, f.conductance, NULL, -1, NULL, NULL) == MN_OK);
    CHECK(count, solve(state, NULL, v, i) == MN_OK);
    mn_kron_ops.free(state);
    mn_threads_free(threads);
    mn_network_free(&f.network);
    mn_lattice_free(&f.lattice);
}

int main(void)
{
    static const mn_kron_fronts kinds[] = {MN_KRON_FRONTS_AUTO, MN_KRON_FRONTS_NEVER, MN_KRON_FRONTS_ALWAYS};
    check_count count = {0};
    test_tasks(&count);
    test_rest(&count);
    test_numbers(&count);
    for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            check_solver(&count, kinds[k], numbers[n], 3.0, MN_WAY_ALL);
            check_solver(&count, kinds[k], numbers[n], 280.0, MN_WAY_ALL); /* updates are flushed */
            check_solver(&count, kinds[k], numbers[n], 3.0, MN_WAY_IN_TURN);
            check_solver(&count, kinds[k], numbers[n], 3.0, MN_WAY_ONE);
        }
    }
    test_cancel(&count);
    return check_report(&count, "threads");
}
