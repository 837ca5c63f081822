/* Disc networks: groups and gaps against all pairs of discs, statistics against another program's. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int64_t n_groups, n_gaps;
    int32_t *group;
    double *group_x, *group_y;
    int32_t *gap, *gap_disc;
    double *gap_length;
} expected;

static double axis_distance(double p, double q, double size, bool periodic)
{
    const double inside = fabs(p - q);

    return periodic && size - inside < inside ? size - inside : inside;
}

static double disc_distance(const mn_discs *discs, int64_t i, int64_t j)
{
    const mn_discs_options *o = &discs->options;
    const double dx = axis_distance(discs->x[i], discs->x[j], o->width, o->periodic_x);
    const double dy = axis_distance(discs->y[i], discs->y[j], o->height, o->periodic_y);

    return sqrt(dx * dx + dy * dy);
}

/* Floods from the first disc that has no group yet; `queue` has a place for each disc. */
static void brute_groups(const mn_discs *discs, expected *e, int32_t *queue)
{
    const int64_t n = discs->n_discs;

    for (int64_t i = 0; i < n; i++) {
        e->group[i] = -1;
    }
    for (int64_t first = 0; first < n; first++) {
        int64_t n_queue = 0;

        if (e->group[first] >= 0) {
            continue;
        }
        e->group[first] = (int32_t)e->n_groups;
        queue[n_queue++] = (int32_t)first;
        while (n_queue > 0) {
            const int32_t i = queue[--n_queue];

            for (int64_t j = 0; j < n; j++) {
                if (e->group[j] < 0 && disc_distance(discs, i, j) <= 1.0) {
                    e->group[j] = (int32_t)e->n_groups;
                    queue[n_queue++] = (int32_t)j;
                }
            }
        }
        e->n_groups++;
    }
    for (int64_t g = 0; g < e->n_groups; g++) {
        int64_t n_members = 0;

        for (int64_t i = 0; i < n; i++) {
            if (e->group[i] == g) {
                e->group_x[g] += discs->x[i];
                e->group_y[g] += discs->y[i];
                n_members++;
            }
        }
        e->group_x[g] /= (double)n_members;
        e->group_y[g] /= (double)n_members;
    }
}

/* All pairs of discs in order, i of the lower group: the first of equally short ones stays. nearest: groups^2 pairs. */
static void brute_gaps(const mn_discs *discs, expected *e, int64_t *nearest)
{
    const int64_t n = discs->n_discs;

    for (int64_t k = 0; k < e->n_groups * e->n_groups; k++) {
        nearest[k] = -1;
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            int64_t *best = &nearest[e->group[i] * e->n_groups + e->group[j]];

            if (e->group[i] < e->group[j] &&
                (*best < 0 || disc_distance(discs, i, j) < disc_distance(discs, *best / n, *best % n))) {
                *best = i * n + j;
            }
        }
    }
    for (int64_t a = 0; a < e->n_groups; a++) {
        for (int64_t b = a + 1; b < e->n_groups; b++) {
            const int64_t pair = nearest[a * e->n_groups + b];
            const double length = disc_distance(discs, pair / n, pair % n) - 1.0;

            if (length < discs->options.max_gap) {
                e->gap[2 * e->n_gaps] = (int32_t)a;
                e->gap[2 * e->n_gaps + 1] = (int32_t)b;
                e->gap_disc[2 * e->n_gaps] = (int32_t)(pair / n);
                e->gap_disc[2 * e->n_gaps + 1] = (int32_t)(pair % n);
                e->gap_length[e->n_gaps++] = length;
            }
        }
    }
}

static void *need_memory(int64_t count, size_t size)
{
    void *block = calloc((size_t)count + 1, size);

    NEED(block != NULL);
    return block;
}

static bool same(const void *p, const void *q, int64_t n, size_t size)
{
    return n == 0 || memcmp(p, q, (size_t)n * size) == 0;
}

static void compare(check_count *count, const mn_discs_options *options, int64_t *n_all_gaps)
{
    mn_discs discs;
    mn_error error;
    expected e = {0};

    mn_error_clear(&error);
    NEED(mn_discs_init(&discs, options, &error) == MN_OK);
    const int64_t n = discs.n_discs;

    CHECK(count, n == lround(-log(1.0 - options->coverage) * 4.0 / acos(-1.0) * options->width * options->height));
    e.group = need_memory(n, sizeof *e.group);
    e.group_x = need_memory(n, sizeof *e.group_x);
    e.group_y = need_memory(n, sizeof *e.group_y);
    int32_t *queue = need_memory(n, sizeof *queue);
    brute_groups(&discs, &e, queue);
    int64_t *nearest = need_memory(e.n_groups * e.n_groups, sizeof *nearest);
    e.gap = need_memory(e.n_groups * e.n_groups, sizeof *e.gap);
    e.gap_disc = need_memory(e.n_groups * e.n_groups, sizeof *e.gap_disc);
    e.gap_length = need_memory(e.n_groups * e.n_groups, sizeof *e.gap_length);
    brute_gaps(&discs, &e, nearest);
    CHECK(count, discs.n_groups == e.n_groups && same(discs.group, e.group, n, sizeof *e.group));
    CHECK(count, discs.n_gaps == e.n_gaps);
    if (discs.n_groups == e.n_groups && discs.n_gaps == e.n_gaps) {
        CHECK(count, same(discs.group_x, e.group_x, e.n_groups, sizeof *e.group_x));
        CHECK(count, same(discs.group_y, e.group_y, e.n_groups, sizeof *e.group_y));
        CHECK(count, same(discs.gap, e.gap, 2 * e.n_gaps, sizeof *e.gap));
        CHECK(count, same(discs.gap_disc, e.gap_disc, 2 * e.n_gaps, sizeof *e.gap_disc));
        CHECK(count, same(discs.gap_length, e.gap_length, e.n_gaps, sizeof *e.gap_length));
    }
    *n_all_gaps += e.n_gaps;
    free(e.group);
    free(e.group_x);
    free(e.group_y);
    free(queue);
    free(nearest);
    free(e.gap);
    free(e.gap_disc);
    free(e.gap_length);
    mn_discs_free(&discs);
}

static void test_all_pairs(check_count *count)
{
    const double box[][2] = {{1.5, 1.5}, {1.5, 7.0}, {6.0, 1.5}, {2.0, 3.0},  {3.2, 3.2},
                             {9.0, 5.0}, {0.9, 20.}, {30., 0.3}, {10., 10.0}, {8.5, 12.7}};
    const double coverage[] = {0.3, 0.5, 0.6, 0.65, 0.67};
    const double max_gap[] = {0.3, 1.0, 4.0};
    int64_t n_gaps = 0;

    for (uint64_t k = 0; k < 10 * 5 * 3 * 4 * 3; k++) {
        const mn_discs_options options = {.width = box[k % 10][0],
                                          .height = box[k % 10][1],
                                          .coverage = coverage[k / 10 % 5],
                                          .max_gap = max_gap[k / 50 % 3],
                                          .periodic_x = k / 150 % 2 == 1,
                                          .periodic_y = k / 300 % 2 == 1,
                                          .seed = k};

        compare(count, &options, &n_gaps);
    }
    CHECK(count, n_gaps > 5000);
}

/* Boxes of many cells, boxes much longer than wide, few discs in much space, and gaps longer than the box. */
static void test_shapes(check_count *count)
{
    const mn_discs_options shape[] = {
        {.width = 30.0, .height = 40.0, .coverage = 0.65, .max_gap = 1.0},
        {.width = 40.0, .height = 30.0, .coverage = 0.6, .max_gap = 4.0},
        {.width = 100.0, .height = 90.0, .coverage = 0.01, .max_gap = 20.0},
        {.width = 1e-3, .height = 1e6, .coverage = 0.2, .max_gap = 10.0},
        {.width = 1e6, .height = 1e-3, .coverage = 0.2, .max_gap = 10.0},
        {.width = 1e4, .height = 2e4, .coverage = 1e-6, .max_gap = 1e3},
        {.width = 5.0, .height = 6.0, .coverage = 0.4, .max_gap = 1e300},
        {.width = 20.0, .height = 20.0, .coverage = 0.5, .max_gap = 1e-9},
        {.width = 1.0, .height = 1.0, .coverage = 0.5, .max_gap = 1.0},
    };
    int64_t n_gaps = 0;

    for (uint64_t k = 0; k < 4 * sizeof shape / sizeof shape[0]; k++) {
        mn_discs_options options = shape[k / 4];

        options.periodic_x = k % 2 == 1;
        options.periodic_y = k / 2 % 2 == 1;
        options.seed = UINT64_MAX - k;
        compare(count, &options, &n_gaps);
    }
    CHECK(count, n_gaps > 5000);
}

/* Every two groups of a box that is small against max_gap have a gap. */
static void test_complete(check_count *count)
{
    const mn_discs_options options = {.width = 12.0, .height = 12.0, .coverage = 0.3, .max_gap = 20.0, .seed = 3};
    mn_discs discs;

    NEED(mn_discs_init(&discs, &options, NULL) == MN_OK);
    CHECK(count, discs.n_groups > 10 && discs.n_gaps == discs.n_groups * (discs.n_groups - 1) / 2);
    mn_discs_free(&discs);
}

/* max_gap itself is no gap: with each length found as the limit, the gaps are those that are shorter. */
static void test_limit(check_count *count)
{
    mn_discs_options options = {.width = 15.0, .height = 15.0, .coverage = 0.5, .max_gap = 0.5, .seed = 8};
    mn_discs all;

    NEED(mn_discs_init(&all, &options, NULL) == MN_OK && all.n_gaps > 20);
    for (int64_t k = 0; k < all.n_gaps; k++) {
        mn_discs discs;
        int64_t n_shorter = 0;

        for (int64_t m = 0; m < all.n_gaps; m++) {
            n_shorter += all.gap_length[m] < all.gap_length[k] ? 1 : 0;
        }
        options.max_gap = all.gap_length[k];
        NEED(mn_discs_init(&discs, &options, NULL) == MN_OK);
        CHECK(count, discs.n_gaps == n_shorter);
        mn_discs_free(&discs);
        options.max_gap = nextafter(all.gap_length[k], 1.0);
        NEED(mn_discs_init(&discs, &options, NULL) == MN_OK);
        CHECK(count, discs.n_gaps == n_shorter + 1);
        mn_discs_free(&discs);
    }
    mn_discs_free(&all);
}

static void test_repeats(check_count *count)
{
    mn_discs_options options = {.width = 50.0, .height = 40.0, .coverage = 0.65, .max_gap = 1.0, .seed = 11};
    mn_discs first, again, other, fewer;
    int64_t n_same = 0;

    NEED(mn_discs_init(&first, &options, NULL) == MN_OK);
    NEED(mn_discs_init(&again, &options, NULL) == MN_OK);
    options.coverage = 0.5;
    NEED(mn_discs_init(&fewer, &options, NULL) == MN_OK);
    options.seed = 12;
    NEED(mn_discs_init(&other, &options, NULL) == MN_OK);
    CHECK(count, again.n_discs == first.n_discs && again.n_groups == first.n_groups && again.n_gaps == first.n_gaps);
    CHECK(count, same(again.x, first.x, first.n_discs, sizeof *first.x));
    CHECK(count, same(again.y, first.y, first.n_discs, sizeof *first.y));
    CHECK(count, same(again.group, first.group, first.n_discs, sizeof *first.group));
    CHECK(count, same(again.gap, first.gap, 2 * first.n_gaps, sizeof *first.gap));
    CHECK(count, same(again.gap_length, first.gap_length, first.n_gaps, sizeof *first.gap_length));
    CHECK(count, fewer.n_discs < first.n_discs && same(fewer.x, first.x, fewer.n_discs, sizeof *first.x));
    for (int64_t i = 0; i < other.n_discs; i++) {
        n_same += other.x[i] == fewer.x[i] || other.y[i] == fewer.y[i] ? 1 : 0;
        CHECK(count, other.x[i] >= 0.0 && other.x[i] < 50.0 && other.y[i] >= 0.0 && other.y[i] < 40.0);
    }
    CHECK(count, n_same == 0);
    mn_discs_free(&first);
    mn_discs_free(&again);
    mn_discs_free(&other);
    mn_discs_free(&fewer);
    mn_discs_free(&fewer);
    CHECK(count, fewer.x == NULL && fewer.n_discs == 0);
}

static int try_options(double width, double height, double coverage, double max_gap, mn_error *error)
{
    const mn_discs_options options = {.width = width, .height = height, .coverage = coverage, .max_gap = max_gap};
    mn_discs discs;
    int status = MN_OK;

    mn_error_clear(error);
    status = mn_discs_init(&discs, &options, error);
    mn_discs_free(&discs);
    return status;
}

static void test_refused(check_count *count)
{
    const double bad[] = {0.0, -0.0, -1.0, (double)NAN, (double)INFINITY, -(double)INFINITY};
    const double bad_coverage[] = {0.0, -0.1, 0.6763, 0.68, 1.0, 2.0, (double)NAN, (double)INFINITY};
    mn_error error;

    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        CHECK(count, try_options(bad[k], 10.0, 0.5, 1.0, &error) == MN_ERR_BAD_ARGUMENT);
        CHECK(count, strcmp(error.noun, "width") == 0 && memcmp(&error.value, &bad[k], sizeof bad[k]) == 0);
        CHECK(count, try_options(10.0, bad[k], 0.5, 1.0, &error) == MN_ERR_BAD_ARGUMENT);
        CHECK(count, strcmp(error.noun, "height") == 0);
        CHECK(count, try_options(10.0, 10.0, 0.5, bad[k], &error) == MN_ERR_BAD_ARGUMENT);
        CHECK(count, strcmp(error.noun, "max_gap") == 0);
    }
    for (size_t k = 0; k < sizeof bad_coverage / sizeof bad_coverage[0]; k++) {
        CHECK(count, try_options(10.0, 10.0, bad_coverage[k], 1.0, &error) == MN_ERR_COVERAGE);
        CHECK(count, error.code == MN_ERR_COVERAGE && strcmp(error.noun, "coverage") == 0);
    }
    CHECK(count, try_options(10.0, 10.0, 0.6762, 1.0, &error) == MN_OK && error.code == MN_OK);
    CHECK(count, try_options(0.5, 0.5, 0.5, 1.0, &error) == MN_ERR_BAD_ARGUMENT && error.value < 0.5);
    CHECK(count, try_options(1e-200, 1e-200, 0.5, 1.0, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, try_options(1e5, 1e5, 0.65, 1.0, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, try_options(1e200, 1e200, 0.65, 1.0, &error) == MN_ERR_TOO_LARGE);
}

/* 200 x 200 pd, p = 0.65, open: groups and gaps below four lengths. Mean and standard deviation over 40 seeds were
 * measured with a separate program on other random numbers. */
static void test_statistics(check_count *count)
{
    enum { N_SEEDS = 10, N_VALUES = 5 };
    const double below[N_VALUES] = {0.0, 1.0, 0.5, 0.2, 0.1}; /* the first counts groups */
    const double mean[N_VALUES] = {2393.0, 5642.0, 4489.0, 2862.0, 1793.0};
    const double deviation[N_VALUES] = {59.0, 185.0, 143.0, 88.0, 62.0};
    double sum[N_VALUES] = {0.0};

    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        const mn_discs_options options = {
            .width = 200.0, .height = 200.0, .coverage = 0.65, .max_gap = 1.0, .seed = seed};
        int64_t found[N_VALUES] = {0};
        mn_discs discs;

        NEED(mn_discs_init(&discs, &options, NULL) == MN_OK);
        CHECK(count, discs.n_discs == 53467);
        found[0] = discs.n_groups;
        for (int64_t k = 0; k < discs.n_gaps; k++) {
            for (int v = 1; v < N_VALUES; v++) {
                found[v] += discs.gap_length[k] < below[v] ? 1 : 0;
            }
        }
        for (int v = 0; v < N_VALUES; v++) {
            CHECK(count, fabs((double)found[v] - mean[v]) < 4.0 * deviation[v]);
            sum[v] += (double)found[v] / N_SEEDS;
        }
        mn_discs_free(&discs);
    }
    printf("discs: groups %.1f, gaps below 1.0 %.1f, 0.5 %.1f, 0.2 %.1f, 0.1 %.1f\n", sum[0], sum[1], sum[2], sum[3],
           sum[4]);
    for (int v = 0; v < N_VALUES; v++) {
        CHECK(count, fabs(sum[v] / mean[v] - 1.0) < 0.05);
    }
}

int main(void)
{
    check_count count = {0};

    test_all_pairs(&count);
    test_shapes(&count);
    test_complete(&count);
    test_limit(&count);
    test_repeats(&count);
    test_refused(&count);
    test_statistics(&count);
    return check_report(&count, "discs");
}
