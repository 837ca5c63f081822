/* Wires and lattices that are refused, and those that are too large. */
#include "check.h"
#include "memnet.h"
#include "wires.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ what is refused */

static void check_refusal(check_count *count, mn_wires_options options, int code, const char *field)
{
    mn_wires wires;
    mn_error error;

    mn_error_clear(&error);
    CHECK(count, mn_wires_init(&wires, &options, &error) == code);
    CHECK(count, error.code == code && strcmp(error.noun, field) == 0);
    CHECK(count, wires.end == NULL && wires.n_junctions == 0);
    mn_wires_free(&wires);
}

static void check_bad_input(check_count *count)
{
    const double bad[] = {0.0, -1.0, (double)NAN, (double)INFINITY};
    mn_wires_options options = ordinary();
    mn_wires wires;
    mn_lattice lattice;
    mn_error error;

    for (int k = 0; k < 4; k++) {
        options = ordinary();
        options.width = bad[k];
        check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "width");
        options = ordinary();
        options.height = bad[k];
        check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "height");
        options = ordinary();
        options.length = bad[k];
        check_refusal(count, options, MN_ERR_WIRE_LENGTH, "length");
        if (k > 0) {
            options = ordinary();
            options.length_sd = bad[k];
            check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "length_sd");
        }
        if (k > 1) {
            options = ordinary();
            options.direction = bad[k];
            check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "direction");
        }
        if (k > 0 && k < 3) {
            options = ordinary();
            options.spread = bad[k];
            check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "spread");
        }
    }
    options = ordinary();
    options.length = 1e-14;
    options.length_sd = 0;
    check_refusal(count, options, MN_ERR_WIRE_LENGTH, "length");
    options = ordinary();
    options.n_wires = 0;
    check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "n_wires");
    options.n_wires = INT32_MAX;
    check_refusal(count, options, MN_ERR_TOO_LARGE, "n_wires");
    options = ordinary();
    options.max_bytes = -1;
    check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "max_bytes");
    options = ordinary();
    options.width = 1e300;
    check_refusal(count, options, MN_ERR_BAD_ARGUMENT, "extent");

    mn_error_clear(&error);
    CHECK(count,
          mn_wires_place(&wires, 2, (const double[]){0, 0, 1, 1, 2, 3, 2, 3}, 0, NULL, &error) == MN_ERR_WIRE_LENGTH);
    CHECK(count, error.node == 1 && wires.end == NULL);
    CHECK(count, mn_wires_place(&wires, 1, (const double[]){0, 0, 0, 0}, 0, NULL, NULL) == MN_ERR_WIRE_LENGTH);
    CHECK(count,
          mn_wires_place(&wires, 1, (const double[]){0, 0, (double)NAN, 0}, 0, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_wires_place(&wires, 1, (const double[]){0, 0, 1, 0}, -1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_wires_place(&wires, 0, (const double[]){0}, 0, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_grid_init(&lattice, 0, 3, MN_DIAGONALS_NONE, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_grid_init(&lattice, 3, 0, MN_DIAGONALS_NONE, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_grid_init(&lattice, 1 << 20, 1 << 20, MN_DIAGONALS_NONE, 1, NULL, NULL) == MN_ERR_TOO_LARGE);
    CHECK(count, mn_random_network_init(&lattice, 5, 4.01, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_random_network_init(&lattice, 5, -0.1, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_random_network_init(&lattice, 0, 0.0, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_random_network_init(&lattice, 1, 0.0, 1, NULL, NULL) == MN_OK && lattice.n_edges == 0);
    mn_lattice_free(&lattice);
}

/* ------------------------------------------------------------------ what is too large */

enum { WIRE_BYTES = 96, ENTRY_BYTES = 4, JUNCTION_BYTES = 56 }; /* as the library counts */

/* Refused for its memory; returns the junctions that the message stands for. */
static double refused_junctions(check_count *count, mn_wires_options options)
{
    mn_wires wires;
    mn_error error;

    mn_error_clear(&error);
    CHECK(count, mn_wires_init(&wires, &options, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, strcmp(error.noun, "memory in GB") == 0 && error.check != NULL);
    CHECK(count, wires.end == NULL && wires.junction == NULL);
    return (1e9 * error.value - WIRE_BYTES * (double)options.n_wires) / JUNCTION_BYTES;
}

static int64_t made_junctions(check_count *count, mn_wires_options options)
{
    mn_wires wires;
    int64_t n = 0;

    CHECK(count, mn_wires_init(&wires, &options, NULL) == MN_OK);
    n = wires.n_junctions;
    mn_wires_free(&wires);
    return n;
}

/* Square and narrow boxes, wires shorter and longer than the box, equal directions or not: what has room is made,
 * and where half of it has, a refusal says how much would be needed. */
static void check_memory(check_count *count)
{
    const double height[] = {100, 100, 100, 100, 0.1};
    const double length[] = {20, 300, 40, 100, 20};
    const double spread[] = {(double)INFINITY, (double)INFINITY, 0.02, 0, (double)INFINITY};

    for (int k = 0; k < 5; k++) {
        mn_wires_options options = {
            .width = 100, .height = height[k], .n_wires = 3000, .length = length[k], .spread = spread[k], .seed = 7};
        const int64_t n = made_junctions(count, options);

        options.max_bytes = WIRE_BYTES * options.n_wires + ENTRY_BYTES * 40 * options.n_wires + JUNCTION_BYTES * n;
        CHECK(count, made_junctions(count, options) == n);
        if (n > 0) {
            options.max_bytes = WIRE_BYTES * options.n_wires + JUNCTION_BYTES * n / 2;
            const double told = refused_junctions(count, options);

            CHECK(count, fabs(told / (double)n - 1.0) < 0.2);
            options.max_bytes = WIRE_BYTES * options.n_wires + JUNCTION_BYTES * n; /* no room for entries */
            CHECK(count, refused_junctions(count, options) > 0.9 * (double)n);
        }
    }
}

/* Networks of a size that nobody could wait for: refused by the count of wires, or by a sample. */
static void check_huge(check_count *count)
{
    mn_wires_options options = ordinary();
    const int64_t most_wires = (INT64_C(16) << 30) / WIRE_BYTES;

    options.n_wires = INT32_MAX - 1;
    CHECK(count, fabs(refused_junctions(count, options)) < 2e4); /* none: wires alone; in the last digit of a GB */
    options.n_wires = most_wires + 1;
    CHECK(count, fabs(refused_junctions(count, options)) < 2e4);
    options = (mn_wires_options){.width = 1, .height = 1, .n_wires = 100000, .length = 20, .spread = (double)INFINITY};
    const double told = refused_junctions(count, options);
    CHECK(count, told > 4.5e9 && told < 5.0e9); /* of 4.99995e9 pairs */
}

/* Given ends: all pairs meet, then those of the last wires only, which a sample does not see. */
static void check_memory_of_given(check_count *count)
{
    enum { N = 2000, LATE = 60 };
    double *end = malloc(4 * N * sizeof *end);
    mn_wires wires;
    mn_error error;

    NEED(end != NULL);
    for (int k = 0; k < N; k++) {
        memcpy(&end[4 * k], (const double[]){k, 0, N - k, 1}, 4 * sizeof *end);
    }
    mn_error_clear(&error);
    CHECK(count, mn_wires_place(&wires, N, end, 0, NULL, &error) == MN_OK && wires.n_junctions > 1900000);
    mn_wires_free(&wires);
    CHECK(count, mn_wires_place(&wires, N, end, 10000000, NULL, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, strcmp(error.noun, "memory in GB") == 0 && error.value > 0.09 && error.value < 0.13);
    for (int k = 0; k < N; k++) {
        const double x = k < N - LATE ? 2 * N + k : k;
        const double away = k < N - LATE ? 0 : 2 * (N - k) - LATE;

        memcpy(&end[4 * k], (const double[]){x, 0, x + away, 1}, 4 * sizeof *end);
    }
    CHECK(count, mn_wires_place(&wires, N, end, 0, NULL, NULL) == MN_OK && wires.n_junctions > 1000);
    const int64_t n = wires.n_junctions;
    mn_wires_free(&wires);
    CHECK(count,
          mn_wires_place(&wires, N, end, WIRE_BYTES * N + JUNCTION_BYTES * n / 2, NULL, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, error.value < 1e-9 * (WIRE_BYTES * N + JUNCTION_BYTES * (double)n) + 1e-3);
    CHECK(count, mn_wires_place(&wires, N, end, WIRE_BYTES * N - 1, NULL, &error) == MN_ERR_TOO_LARGE);
    free(end);
}

int main(void)
{
    check_count count = {0};

    check_bad_input(&count);
    check_memory(&count);
    check_huge(&count);
    check_memory_of_given(&count);
    return check_report(&count, "wires, limits");
}
