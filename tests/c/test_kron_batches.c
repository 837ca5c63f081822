/* Lists of the Kron backend: parts, runs and batches, and that lanes give the bits of one column after the other. */
#include "base/threads.h"
#include "check.h"
#include "memnet.h"
#include "circuit/kron.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_state.h"
#include "circuit/solver.h"
#include "dice.h"

#include <math.h>
#include <string.h>

typedef struct {
    mn_network network;
    mn_kron *kron;
    double *g;
} lists;

/* Nodes 0 to n_electrodes - 1 are electrodes. */
static void lists_init(lists *x, int64_t n_nodes, int64_t n_edges, const int32_t *edges, int64_t n_electrodes)
{
    int32_t *electrode = malloc((size_t)n_nodes * sizeof *electrode);
    NEED(electrode != NULL);
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = i < n_electrodes ? (int32_t)i : -1;
    }
    void *state;
    NEED(mn_network_init(&x->network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, NULL) == MN_OK);
    NEED(mn_kron_init(&state, &x->network, MN_KRON_FRONTS_NEVER, MN_ORDER_FAST, NULL, NULL) == MN_OK);
    x->kron = state;
    x->g = malloc((size_t)(n_edges + 1) * sizeof(double));
    NEED(x->g != NULL);
    free(electrode);
}

static void lists_free(lists *x)
{
    mn_kron_ops.free(x->kron);
    mn_network_free(&x->network);
    free(x->g);
}

/* Any two nodes: parallel edges, edges between electrodes, islands where edges are few. */
static void random_lists(lists *x, dice *d, int64_t n_nodes, int64_t n_edges, int64_t n_electrodes)
{
    int32_t *edges = malloc((size_t)(2 * n_edges + 1) * sizeof *edges);
    NEED(edges != NULL);
    for (int64_t e = 0; e < n_edges; e++) {
        edges[2 * e] = pick(d, n_nodes);
        const int32_t b = pick(d, n_nodes - 1);
        edges[2 * e + 1] = b < edges[2 * e] ? b : b + 1;
    }
    lists_init(x, n_nodes, n_edges, edges, n_electrodes);
    free(edges);
}

/* A tree on one electrode, and edges from every eighth node to the parent of its parent. */
static void tree_lists(lists *x, dice *d, int64_t n_nodes)
{
    int32_t *edges = malloc((size_t)(4 * n_nodes) * sizeof *edges);
    NEED(edges != NULL);
    int64_t n_edges = n_nodes - 1;
    for (int64_t i = 1; i < n_nodes; i++) {
        const int32_t parent = pick(d, i);
        edges[2 * i - 2] = (int32_t)i;
        edges[2 * i - 1] = parent;
        if (i % 8 == 0 && parent > 0) {
            edges[2 * n_edges] = (int32_t)i;
            edges[2 * n_edges++ + 1] = edges[2 * parent - 1];
        }
    }
    lists_init(x, n_nodes, n_edges, edges, 1);
    free(edges);
}

/* ------------------------------------------------------------------ structure */

/* Each column of a supernode has the next one and the rows of that. */
static bool is_nested(const mn_kron_schedule *s, const mn_kron_run *run)
{
    bool good = run->lanes == 1 && run->end - run->first <= MN_KRON_SUPERNODE_PIVOTS && run->length >= MN_KRON_LANES &&
                run->length <= MN_KRON_SUPERNODE_ENTRIES;
    for (int64_t k = run->first; k + 1 < run->end; k++) {
        const int32_t *row = s->row + s->column[k], *next = s->row + s->column[k + 1];
        good = good && row[0] == k + 1;
        for (int64_t q = 1; q < s->length[k]; q++) {
            good = good && row[q] == next[q - 1];
        }
    }
    return good;
}

/* The slots of a supernode's rest are the targets of its last column, each once, and others only of its first. */
static bool rest_is_whole(const mn_kron_schedule *s, const mn_kron_run *run)
{
    const int64_t last = run->end - 1, n = s->length[last], n_pairs = n * (n - 1) / 2;
    const int32_t *target = s->target + s->pair[last];
    int64_t n_found = 0;
    bool good = run->rest + MN_KRON_BATCH * run->n_quads <= s->n_rest;
    for (int64_t i = 0; i < MN_KRON_BATCH * run->n_quads && good; i++) {
        const int64_t q = n - s->rest_pair[i / MN_KRON_BATCH * 2];
        const int64_t r = n - s->rest_pair[i / MN_KRON_BATCH * 2 + 1] + i % MN_KRON_BATCH;
        const int32_t slot = s->rest[run->rest + i];
        if (r < n) {
            good = q >= 0 && q < r && slot == target[q * (2 * n - q - 1) / 2 + r - q - 1];
            n_found++;
        } else {
            good = slot >= s->column[run->first] && slot < s->column[run->first] + run->length;
        }
    }
    return good && n_found == n_pairs;
}

/* Runs follow each other and hold columns of one length, or a supernode; a batch's columns have their entries side by
 * side, and none is a row of another. */
static bool runs_are_whole(const mn_kron_schedule *s)
{
    int64_t k = 0, entry = 0;
    bool good = true;
    for (const mn_kron_run *run = s->run; run < s->run + s->n_runs; run++) {
        good = good && run->first == k && run->end > run->first && (run->end - run->first) % run->lanes == 0;
        good = good && (run->lanes == 1 || (run->lanes == MN_KRON_BATCH && run->length <= MN_KRON_BATCH_ROWS));
        good = good && (run->rest < 0 || (is_nested(s, run) && rest_is_whole(s, run)));
        for (; k < run->end; k++) {
            const int64_t length = run->length - (run->rest < 0 ? 0 : k - run->first);
            const int64_t lane = (k - run->first) % run->lanes, batch = k - lane;
            good = good && s->length[k] == length && s->lanes[k] == run->lanes && s->column[k] == entry + lane;
            for (int64_t q = 0; q < length; q++) {
                const int32_t row = s->row[mn_kron_entry(s, k, q)];
                good = good && row >= batch + run->lanes; /* later, and not in the batch */
                good = good && (q == 0 || row > s->row[mn_kron_entry(s, k, q - 1)]);
            }
            entry += lane + 1 == run->lanes ? run->lanes * length : 0;
        }
    }
    return good && k == s->n_free && entry == s->n_entries;
}

/* Parts follow each other, too; one leaves weights in itself and in those of later levels only. */
static bool parts_are_apart(const mn_kron_schedule *s)
{
    int64_t k = 0, run = 0;
    bool good = true;
    int32_t *level = malloc((size_t)(s->n_free + 1) * sizeof *level);
    NEED(level != NULL);
    for (const mn_kron_part *part = s->part; part < s->part + s->n_parts; part++) {
        good = good && part->first == k && part->run == run && s->run[run].first == k;
        for (k = part->first; k < part->end; k++) {
            level[k] = part->level;
        }
        run = part->run_end;
        good = good && s->run[run - 1].end == part->end && (part == s->part || part->level >= part[-1].level);
    }
    for (const mn_kron_part *part = s->part; part < s->part + s->n_parts && k == s->n_free; part++) {
        for (int64_t c = part->first; c < part->end; c++) {
            for (int64_t q = 0; q < s->length[c]; q++) {
                const int32_t row = s->row[mn_kron_entry(s, c, q)];
                good = good && (row < part->end || row >= s->n_free || level[row] > part->level);
            }
        }
    }
    free(level);
    return good && k == s->n_free && run == s->n_runs;
}

/* ------------------------------------------------------------------ bits */

/* Some of them 0; over many decades products fall below MN_KRON_TINY. */
static void draw_conductances(lists *x, dice *d, double decades, double zeros)
{
    for (int64_t e = 0; e < x->network.n_edges; e++) {
        x->g[e] = roll(d) < zeros ? 0.0 : pow(10.0, -decades * roll(d));
    }
}

typedef struct {
    double *weight, *share, *total, *v;
} plain;

/* The elimination as kron_plan.h writes it, one column after the other. */
static void eliminate_plainly(const mn_kron_schedule *s, const double *g, plain *p)
{
    double *star = malloc((size_t)(s->n_longest + 1) * sizeof(double));
    double *share = malloc((size_t)(s->n_longest + 1) * sizeof(double));
    NEED(star != NULL && share != NULL);
    for (int64_t e = 0; e < s->n_edges; e++) {
        p->weight[s->slot[e]] += mn_kron_flush(g[e]);
    }
    for (int64_t k = 0; k < s->n_free; k++) {
        const int64_t n = s->length[k];
        const int32_t *target = s->target + s->pair[k];
        for (int64_t q = 0; q < n; q++) {
            star[q] = p->weight[mn_kron_entry(s, k, q)];
        }
        p->total[k] = mn_kron_total(n, star);
        mn_kron_shares(n, star, p->total[k], share);
        for (int64_t q = 0; q < n; q++) {
            p->share[mn_kron_entry(s, k, q)] = share[q];
            for (int64_t r = q + 1; r < n; r++) {
                p->weight[*target++] += mn_kron_flush(star[q] * share[r]);
            }
        }
    }
    free(star);
    free(share);
}

/* v_k of columns that are too short to be summed in lanes; those of others are taken as they are. */
static void substitute_plainly(const mn_kron_schedule *s, const mn_kron *kron, plain *p)
{
    double low, high;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    low = high = kron->potential[s->n_free];
    for (int64_t k = s->n_free; k < n_vertices; k++) {
        p->v[k] = kron->potential[k];
        low = fmin(low, p->v[k]);
        high = fmax(high, p->v[k]);
    }
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        double sum = 0.0;
        for (int64_t q = 0; q < s->length[k]; q++) {
            const int64_t entry = mn_kron_entry(s, k, q);
            sum += mn_kron_flush_signed(p->share[entry] * p->v[s->row[entry]]);
        }
        p->v[k] = s->length[k] >= MN_KRON_LANES ? kron->potential[k] : fmin(fmax(sum, low), high);
    }
}

static bool same(const double *a, const double *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof(double)) == 0;
}

static void compare_with_plain(check_count *n, lists *x)
{
    mn_kron *kron = x->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    uint8_t role[8];
    double value[8];
    plain p = {calloc((size_t)s->n_slots, 8), calloc((size_t)s->n_entries + 1, 8), calloc((size_t)s->n_free + 1, 8),
               calloc((size_t)n_vertices, 8)};
    double *potential = malloc((size_t)s->n_nodes * sizeof(double));
    NEED(p.weight != NULL && p.share != NULL && p.total != NULL && p.v != NULL && potential != NULL);
    for (int e = 0; e < 8; e++) {
        role[e] = MN_VOLTAGE;
        value[e] = e % 2 == 0 ? 1.5 : -0.25 * e;
    }
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.potential = potential};
    NEED(mn_kron_ops.factor(kron, x->g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_kron_ops.solve(kron, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    eliminate_plainly(s, x->g, &p);
    substitute_plainly(s, kron, &p);
    int64_t n_dead = 0;
    for (int64_t k = 0; k < s->n_free; k++) {
        n_dead += p.total[k] == 0.0;
    }
    CHECK(n, same(kron->weight + s->n_entries, p.weight + s->n_entries, s->n_slots - s->n_entries));
    CHECK(n, same(kron->share, p.share, s->n_entries));
    CHECK(n, same(kron->total, p.total, s->n_free));
    CHECK(n, same(kron->potential, p.v, n_vertices));
    CHECK(n, kron->n_dead == n_dead);
    free(p.weight);
    free(p.share);
    free(p.total);
    free(p.v);
    free(potential);
}

/* ------------------------------------------------------------------ networks */

static void test_random(check_count *n)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        dice d = {seed, 0};
        const int64_t n_nodes = 2 + (int64_t)seed * 4, n_electrodes = 1 + (int64_t)seed % (n_nodes < 7 ? n_nodes : 7);
        lists x;
        random_lists(&x, &d, n_nodes, n_nodes * (int64_t)(1 + seed % 3), n_electrodes);
        CHECK(n, runs_are_whole(&x.kron->schedule));
        CHECK(n, parts_are_apart(&x.kron->schedule));
        draw_conductances(&x, &d, 5.0, 0.0);
        compare_with_plain(n, &x);
        draw_conductances(&x, &d, 130.0, 0.1);
        compare_with_plain(n, &x);
        draw_conductances(&x, &d, 280.0, 0.5);
        compare_with_plain(n, &x);
        lists_free(&x);
    }
}

/* So large that there are parts, and most of its columns in batches. */
static void test_parts(check_count *n)
{
    dice d = {7, 0};
    lists x;
    tree_lists(&x, &d, 60000);
    const mn_kron_schedule *s = &x.kron->schedule;
    int64_t n_batched = 0;
    for (int64_t k = 0; k < s->n_free; k++) {
        n_batched += s->lanes[k] == MN_KRON_BATCH;
    }
    CHECK(n, s->n_parts > 4 && s->part[s->n_parts - 1].level > 0);
    CHECK(n, n_batched > s->n_free * 9 / 10);
    CHECK(n, runs_are_whole(s));
    CHECK(n, parts_are_apart(s));
    draw_conductances(&x, &d, 60.0, 0.05);
    compare_with_plain(n, &x);
    lists_free(&x);
}

/* A star has one column, which is too long for a batch; without edges each column is an island. */
static void test_extremes(check_count *n)
{
    enum { ARMS = 40 };
    int32_t edges[2 * ARMS];
    dice d = {9, 0};
    for (int32_t i = 0; i < ARMS; i++) {
        edges[2 * i] = 0;
        edges[2 * i + 1] = i + 1;
    }
    for (int kind = 0; kind < 4; kind++) { /* the last one has electrodes only, and fronts */
        lists x;
        lists_init(&x, kind == 3 ? 2 : ARMS + 1, kind == 2 ? 0 : kind == 3 ? 1 : ARMS, edges, kind == 1 ? 1 : 2);
        if (kind == 3) {
            void *state;
            mn_kron_ops.free(x.kron);
            NEED(mn_kron_init(&state, &x.network, MN_KRON_FRONTS_ALWAYS, MN_ORDER_FAST, NULL, NULL) == MN_OK);
            x.kron = state;
        }
        CHECK(n, runs_are_whole(&x.kron->schedule));
        CHECK(n, parts_are_apart(&x.kron->schedule));
        draw_conductances(&x, &d, 9.0, 0.0);
        compare_with_plain(n, &x);
        lists_free(&x);
    }
}

/* All nodes joined to each other: the lowest level is one part, above which others wait for its updates. */
static void test_one_part_below_others(check_count *n)
{
    enum { NODES = 120 };
    int32_t edges[NODES * (NODES - 1)], *edge = edges;
    dice d = {11, 0};
    lists x;
    mn_threads *threads = NULL;
    for (int32_t i = 0; i < NODES; i++) {
        for (int32_t j = 0; j < i; j++, edge += 2) {
            edge[0] = i;
            edge[1] = j;
        }
    }
    lists_init(&x, NODES, NODES * (NODES - 1) / 2, edges, 1);
    const mn_kron_schedule *s = &x.kron->schedule;
    CHECK(n, s->n_parts > 1 && s->part[1].level > s->part[0].level);
    NEED(mn_threads_init(&threads, 3, NULL) == MN_OK);
    NEED(mn_kron_ops.use_threads(x.kron, threads) == MN_OK);
    for (int k = 0; k < 5; k++) {
        draw_conductances(&x, &d, 3.0, 0.0);
        compare_with_plain(n, &x);
    }
    NEED(mn_kron_ops.use_threads(x.kron, NULL) == MN_OK);
    mn_threads_free(threads);
    lists_free(&x);
}

int main(void)
{
    check_count n = {0, 0};
    test_random(&n);
    test_one_part_below_others(&n);
    test_parts(&n);
    test_extremes(&n);
    return check_report(&n, "test_kron_batches");
}
