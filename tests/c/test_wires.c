/* Wire networks and lattices: junctions against all pairs in exact rational arithmetic, geometries done by hand. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef __int128 wide;

/* ------------------------------------------------------------------ a second way to find junctions */

typedef struct {
    wide x, y;
} vector;

typedef struct {
    vector from, way;
} segment;

static vector minus(vector p, vector q)
{
    return (vector){.x = p.x - q.x, .y = p.y - q.y};
}

static wide cross(vector p, vector q)
{
    return p.x * q.y - p.y * q.x;
}

static wide dot(vector p, vector q)
{
    return p.x * q.x + p.y * q.y;
}

static segment segment_of(const mn_wires *wires, int64_t i)
{
    vector end[2];

    for (int k = 0; k < 2; k++) {
        const double x = wires->end[4 * i + 2 * k] / wires->grid;
        const double y = wires->end[4 * i + 2 * k + 1] / wires->grid;

        NEED(x == rint(x) && y == rint(y) && fabs(x) < 0x1p51 && fabs(y) < 0x1p51);
        end[k] = (vector){.x = (int64_t)x, .y = (int64_t)y};
    }
    return (segment){.from = end[0], .way = minus(end[1], end[0])};
}

/* 0 <= numerator / denominator <= 1 */
static bool is_fraction(wide numerator, wide denominator)
{
    return denominator > 0 ? numerator >= 0 && numerator <= denominator : numerator <= 0 && numerator >= denominator;
}

/* Solves a.from + s a.way = b.from + t b.way in rationals; on one line compares projections. s and t as results. */
static bool meet(segment a, segment b, double *s, double *t)
{
    const wide denominator = cross(a.way, b.way);
    const vector between = minus(b.from, a.from);

    if (denominator != 0) {
        const wide s_numerator = cross(between, b.way);
        const wide t_numerator = cross(between, a.way);

        *s = (double)((long double)s_numerator / (long double)denominator);
        *t = (double)((long double)t_numerator / (long double)denominator);
        return is_fraction(s_numerator, denominator) && is_fraction(t_numerator, denominator);
    }
    if (cross(between, a.way) != 0) {
        return false;
    }
    const wide length = dot(a.way, a.way);
    const wide p = dot(between, a.way);
    const wide q = p + dot(b.way, a.way);
    const wide low = p < q ? p : q;
    const wide high = p < q ? q : p;
    const wide from = low > 0 ? low : 0;
    const wide to = high < length ? high : length;

    *s = (double)(0.5L * (long double)(from + to) / (long double)length);
    *t = (double)((0.5L * (long double)(from + to) - (long double)p) / (long double)(q - p));
    return from <= to;
}

static void compare_with_all_pairs(check_count *count, const mn_wires *wires, int64_t *n_found)
{
    int64_t k = 0;
    bool same = true;
    double worst = 0.0;

    for (int64_t a = 0; a < wires->n_wires; a++) {
        for (int64_t b = a + 1; b < wires->n_wires; b++) {
            double s = 0.0;
            double t = 0.0;

            if (!meet(segment_of(wires, a), segment_of(wires, b), &s, &t)) {
                continue;
            }
            same = same && k < wires->n_junctions && wires->junction[2 * k] == a && wires->junction[2 * k + 1] == b;
            if (same) {
                worst = fmax(worst, fabs(wires->along[2 * k] - s));
                worst = fmax(worst, fabs(wires->along[2 * k + 1] - t));
            }
            k++;
        }
    }
    CHECK(count, same);
    CHECK(count, k == wires->n_junctions);
    CHECK(count, worst <= 3e-16); /* two roundings of numbers up to 1 */
    *n_found += k;
}

/* ------------------------------------------------------------------ geometries by hand */

static mn_wires place(int64_t n, const double *end)
{
    mn_wires wires;
    mn_error error;

    mn_error_clear(&error);
    NEED(mn_wires_place(&wires, n, end, 0, NULL, &error) == MN_OK);
    return wires;
}

/* One pair of wires: whether they meet, and where. NAN: they do not. */
static void check_pair(check_count *count, const double end[8], double along_a, double along_b)
{
    mn_wires wires = place(2, end);

    if (isnan(along_a)) {
        CHECK(count, wires.n_junctions == 0);
    } else {
        CHECK(count, wires.n_junctions == 1);
        CHECK(count, wires.n_junctions == 1 && wires.along[0] == along_a && wires.along[1] == along_b);
    }
    CHECK(count, memcmp(wires.end, end, 8 * sizeof *end) == 0);
    mn_wires_free(&wires);
}

static void check_pairs(check_count *count)
{
    const double tiny = 0x1p-46; /* coordinates up to 16: the grid is 2^-45 of 8..16, finer below */

    check_pair(count, (const double[]){0, 0, 4, 4, 0, 4, 4, 0}, 0.5, 0.5);
    check_pair(count, (const double[]){0, 0, 8, 0, 2, -1, 2, 3}, 0.25, 0.25);
    /* T: an end on the other wire, inside and at its ends; then just short of it and just across */
    check_pair(count, (const double[]){0, 0, 8, 0, 2, 0, 2, 3}, 0.25, 0.0);
    check_pair(count, (const double[]){0, 0, 8, 0, 2, 3, 2, 0}, 0.25, 1.0);
    check_pair(count, (const double[]){0, 0, 6, 6, 3, 3, 6, 0}, 0.5, 0.0);
    check_pair(count, (const double[]){0, 0, 7, 0, 2, tiny, 2, 3}, (double)NAN, 0.0);
    check_pair(count, (const double[]){0, 0, 6, 6, 3 + tiny, 3, 6, 0}, (double)NAN, 0.0);
    /* ends that touch */
    check_pair(count, (const double[]){0, 0, 3, 1, 3, 1, 5, 7}, 1.0, 0.0);
    check_pair(count, (const double[]){3, 1, 0, 0, 3, 1, 5, 7}, 0.0, 0.0);
    check_pair(count, (const double[]){0, 0, 3, 1, 3 + tiny, 1, 5, 7}, (double)NAN, 0.0);
    /* one line: overlapping, one inside the other, touching, apart; and parallel beside each other */
    check_pair(count, (const double[]){0, 0, 4, 4, 2, 2, 6, 6}, 0.75, 0.25);
    check_pair(count, (const double[]){0, 0, 4, 4, 6, 6, 2, 2}, 0.75, 0.75);
    check_pair(count, (const double[]){0, 1, 4, 1, 1, 1, 2, 1}, 0.375, 0.5);
    check_pair(count, (const double[]){0, 0, 2, 4, 2, 4, 3, 6}, 1.0, 0.0);
    check_pair(count, (const double[]){0, 0, 2, 4, 2.5, 5, 3, 6}, (double)NAN, 0.0);
    check_pair(count, (const double[]){0, 0, 2, 4, 0, 0, 2, 4}, 0.5, 0.5);
    check_pair(count, (const double[]){0, 0, 4, 0, 0, tiny, 4, tiny}, (double)NAN, 0.0);
    /* lines that meet beyond an end; the determinant in double precision alone has the wrong sign or none */
    check_pair(count, (const double[]){0, 0, 4, 4, 5, 3, 6, 7}, (double)NAN, 0.0);
    check_pair(count, (const double[]){0, 0, 7 + 32 * tiny, 7 - 32 * tiny, 3.5, 3.5, 0, 7}, (double)NAN, 0.0);
    check_pair(count, (const double[]){0, 0, 7, 7, 0, 7, 3.5 - 32 * tiny, 3.5 + 32 * tiny}, (double)NAN, 0.0);
    check_pair(count, (const double[]){0, 0, 7, 7, 0, 7, 3.5, 3.5}, 0.5, 1.0);
}

/* Integer ends in a small square: most pairs that meet touch, overlap or share an end. */
static void check_integer_ends(check_count *count)
{
    enum { N = 60 };
    double end[4 * N];
    int64_t n_found = 0;

    for (uint64_t seed = 0; seed < 200; seed++) {
        const double side = 3.0 + (double)(seed % 12);

        for (uint64_t k = 0; k < N; k++) {
            uint64_t draw = 0;

            do {
                for (int part = 0; part < 2; part++) {
                    double u[2];

                    mn_uniform2(seed, 11, k, draw++, u);
                    end[4 * k + 2 * (uint64_t)part] = floor(side * u[0]);
                    end[4 * k + 2 * (uint64_t)part + 1] = floor(side * u[1]);
                }
            } while (end[4 * k] == end[4 * k + 2] && end[4 * k + 1] == end[4 * k + 3]);
        }
        mn_wires wires = place(N, end);
        CHECK(count, memcmp(wires.end, end, sizeof end) == 0);
        compare_with_all_pairs(count, &wires, &n_found);
        mn_wires_free(&wires);
    }
    CHECK(count, n_found > 50000);
}

static mn_wires_options ordinary(void)
{
    return (mn_wires_options){.width = 100,
                              .height = 70,
                              .n_wires = 400,
                              .length = 12,
                              .length_sd = 4,
                              .spread = (double)INFINITY,
                              .seed = 5};
}

static void check_thrown(check_count *count)
{
    int64_t n_found = 0;

    for (int k = 0; k < 12; k++) {
        mn_wires_options options = ordinary();
        mn_wires wires;
        mn_error error;

        mn_error_clear(&error);
        options.seed = (uint64_t)k;
        options.n_wires = k % 3 == 0 ? 37 : 400;
        options.length = k % 4 == 1 ? 90 : k % 4 == 2 ? 0.5 : 12;
        options.length_sd = k % 2 == 0 ? 0 : 5;
        options.spread = k < 6 ? (double)INFINITY : k < 9 ? 0.01 : 0.0;
        options.direction = k % 2 == 0 ? 0.0 : 0.3;
        NEED(mn_wires_init(&wires, &options, &error) == MN_OK);
        compare_with_all_pairs(count, &wires, &n_found);
        mn_wires_free(&wires);
    }
    CHECK(count, n_found > 10000);
}

/* One wire that is a thousand times longer than the others, and one far away. */
static void check_uneven(check_count *count)
{
    enum { N = 300 };
    double end[4 * N];
    int64_t n_found = 0;

    for (uint64_t k = 0; k < N; k++) {
        double u[4];

        mn_uniform2(3, 12, k, 0, u);
        mn_uniform2(3, 12, k, 1, u + 2);
        end[4 * k] = u[0];
        end[4 * k + 1] = u[1];
        end[4 * k + 2] = u[0] + 0.2 * (u[2] - 0.5);
        end[4 * k + 3] = u[1] + 0.2 * (u[3] - 0.5);
    }
    memcpy(end, (const double[]){-500, -499.5, 500, 500.5}, 4 * sizeof *end);
    memcpy(end + 4, (const double[]){9000, 2, 9000, 3}, 4 * sizeof *end);
    mn_wires wires = place(N, end);
    compare_with_all_pairs(count, &wires, &n_found);
    CHECK(count, n_found > 100);
    mn_wires_free(&wires);
}

/* ------------------------------------------------------------------ what is thrown */

static void check_statistics(check_count *count)
{
    mn_wires_options options = ordinary();
    mn_wires wires;
    mn_error error;
    double sum_x = 0.0, sum_xx = 0.0, sum_l = 0.0, sum_ll = 0.0, sum_c = 0.0, sum_s = 0.0;

    mn_error_clear(&error);
    options.width = 2000;
    options.height = 1400;
    options.n_wires = 40000;
    options.length_sd = 3;
    NEED(mn_wires_init(&wires, &options, &error) == MN_OK);
    const double n = (double)wires.n_wires;

    for (int64_t i = 0; i < wires.n_wires; i++) {
        const double *e = &wires.end[4 * i];
        const double x = 0.5 * (e[0] + e[2]) / options.width;
        const double turn = 2.0 * atan2(e[3] - e[1], e[2] - e[0]); /* of the undirected line, doubled */

        CHECK(count, wires.length[i] > 0.0 && fabs(wires.length[i] - hypot(e[2] - e[0], e[3] - e[1])) < 1e-12);
        CHECK(count, x >= -1e-12 && x <= 1.0 && e[1] + e[3] >= -1e-12 && 0.5 * (e[1] + e[3]) <= options.height);
        sum_x += x;
        sum_xx += x * x;
        sum_l += wires.length[i];
        sum_ll += wires.length[i] * wires.length[i];
        sum_c += cos(turn);
        sum_s += sin(turn);
    }
    /* five standard errors of each mean; a length is cut at 4 standard deviations, which moves nothing here */
    CHECK(count, fabs(sum_x / n - 0.5) < 5.0 * sqrt(1.0 / 12.0 / n));
    CHECK(count, fabs(sum_xx / n - 1.0 / 3.0) < 5.0 * sqrt(4.0 / 45.0 / n));
    CHECK(count, fabs(sum_l / n - 12.0) < 5.0 * 3.0 / sqrt(n));
    CHECK(count, fabs(sum_ll / n - 153.0) < 5.0 * sqrt(2.0 * 81.0 + 4.0 * 144.0 * 9.0) / sqrt(n));
    CHECK(count, fabs(sum_c) < 5.0 * sqrt(0.5 * n) && fabs(sum_s) < 5.0 * sqrt(0.5 * n));
    mn_wires_free(&wires);
}

/* Two random lines' mean number of crossings: pairs with centres in a box have a crossing with probability
 * 2 <l>^2 / (pi area), up to the edge. With a periodic sum over the 8 images that a pair may miss, the edge costs
 * at most 2 length / side of it. */
static void check_number_of_junctions(check_count *count)
{
    mn_wires_options options = ordinary();
    mn_wires wires;
    mn_error error;

    mn_error_clear(&error);
    options.width = options.height = 500;
    options.n_wires = 5000;
    options.length = 10;
    options.length_sd = 0;
    NEED(mn_wires_init(&wires, &options, &error) == MN_OK);
    const double n = (double)options.n_wires;
    const double in_bulk = 0.5 * n * (n - 1.0) * 2.0 * 100.0 / (acos(-1.0) * 250000.0);

    CHECK(count, (double)wires.n_junctions < in_bulk + 5.0 * sqrt(2.0 * in_bulk));
    CHECK(count, (double)wires.n_junctions > in_bulk * (1.0 - 0.04) - 5.0 * sqrt(2.0 * in_bulk));
    mn_wires_free(&wires);
}

static void check_directions(check_count *count)
{
    mn_wires_options options = ordinary();
    mn_wires wires;
    mn_error error;
    double sum = 0.0, square = 0.0;

    mn_error_clear(&error);
    options.n_wires = 20000;
    options.direction = 0.2;
    options.spread = 0.02;
    NEED(mn_wires_init(&wires, &options, &error) == MN_OK);
    for (int64_t i = 0; i < wires.n_wires; i++) {
        const double *e = &wires.end[4 * i];
        const double turns = atan2(e[3] - e[1], e[2] - e[0]) / (2.0 * acos(-1.0)) - 0.2;

        sum += turns;
        square += turns * turns;
    }
    CHECK(count, fabs(sum / 20000.0) < 5.0 * 0.02 / sqrt(20000.0));
    CHECK(count, fabs(square / 20000.0 - 4e-4) < 5.0 * 4e-4 * sqrt(2.0 / 20000.0));
    mn_wires_free(&wires);
    options.spread = 0.0;
    options.direction = 0.25;
    NEED(mn_wires_init(&wires, &options, &error) == MN_OK);
    for (int64_t i = 0; i < wires.n_wires; i++) {
        CHECK(count, wires.end[4 * i] == wires.end[4 * i + 2] && wires.end[4 * i + 1] < wires.end[4 * i + 3]);
    }
    mn_wires_free(&wires);
}

/* With one seed the wires of a smaller network are the first of a larger one, and so are their junctions. */
static void check_prefix(check_count *count)
{
    mn_wires_options options = ordinary();
    mn_wires few;
    mn_wires many;
    mn_error error;
    int64_t n_shared = 0;

    mn_error_clear(&error);
    options.n_wires = 150;
    NEED(mn_wires_init(&few, &options, &error) == MN_OK);
    options.n_wires = 400;
    NEED(mn_wires_init(&many, &options, &error) == MN_OK);
    CHECK(count, memcmp(few.end, many.end, 600 * sizeof *few.end) == 0);
    for (int64_t k = 0; k < many.n_junctions; k++) {
        if (many.junction[2 * k + 1] < 150) {
            CHECK(count, n_shared < few.n_junctions &&
                             memcmp(&few.junction[2 * n_shared], &many.junction[2 * k], 2 * sizeof(int32_t)) == 0);
            n_shared++;
        }
    }
    CHECK(count, n_shared == few.n_junctions);
    mn_wires_free(&few);
    mn_wires_free(&many);
}

/* ------------------------------------------------------------------ pads */

static void check_rectangles(check_count *count)
{
    const double end[] = {0, 0, 8, 0, 0, 4, 4, 8, 2, 2, 3, 3};
    const double tiny = 0x1p-46;
    mn_wires wires = place(3, end);
    double inside[6];
    int64_t n = -1;

    CHECK(count, mn_wires_rectangle(&wires, 6, 10, -1, 1, inside, &n) == MN_OK && n == 1);
    CHECK(count, inside[0] == 0.75 && inside[1] == 1.0 && isnan(inside[2]) && isnan(inside[5]));
    CHECK(count, mn_wires_rectangle(&wires, -(double)INFINITY, 0, -1e300, (double)INFINITY, inside, &n) == MN_OK);
    CHECK(count, n == 2 && inside[0] == 0.0 && inside[1] == 0.0 && inside[2] == 0.0 && inside[3] == 0.0);
    /* a corner on the slanted wire, and just off it */
    CHECK(count, mn_wires_rectangle(&wires, 2, 5, 4, 6, inside, &n) == MN_OK && n == 1);
    CHECK(count, inside[2] == 0.5 && inside[3] == 0.5);
    CHECK(count, mn_wires_rectangle(&wires, 2, 5, 4, 6 - 16 * tiny, inside, &n) == MN_OK && n == 0);
    /* across the middle without an end inside; a whole wire; a point; turned round */
    CHECK(count, mn_wires_rectangle(&wires, 1, 2, 0, 12, inside, &n) == MN_OK && n == 3);
    CHECK(count, inside[0] == 0.125 && inside[1] == 0.25 && inside[2] == 0.25 && inside[3] == 0.5);
    CHECK(count, mn_wires_rectangle(&wires, 0, 9, 1, 3, inside, &n) == MN_OK && n == 1);
    CHECK(count, inside[4] == 0.0 && inside[5] == 1.0);
    CHECK(count, mn_wires_rectangle(&wires, 4, 4, 0, 0, inside, &n) == MN_OK && n == 1 && inside[0] == 0.5);
    CHECK(count, mn_wires_rectangle(&wires, 2, 1, 0, 1, inside, &n) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_wires_rectangle(&wires, 1, (double)NAN, 0, 1, inside, &n) == MN_ERR_BAD_ARGUMENT);
    mn_wires_free(&wires);
}

static void check_discs(check_count *count)
{
    const double end[] = {0, 0, 8, 0, 0, 4, 4, 8, 2, 2, 3, 3};
    const double tiny = 0x1p-46;
    mn_wires wires = place(3, end);
    double inside[6];
    int64_t n = -1;

    CHECK(count, mn_wires_disc(&wires, 4, 3, 5, inside, &n) == MN_OK && n == 3);
    CHECK(count, inside[0] == 0.0 && inside[1] == 1.0 && inside[4] == 0.0 && inside[5] == 1.0);
    CHECK(count, mn_wires_disc(&wires, 4, -3, 3, inside, &n) == MN_OK && n == 1);
    CHECK(count, inside[0] == 0.5 && inside[1] == 0.5); /* a tangent */
    CHECK(count, mn_wires_disc(&wires, 4, -3, 3 - 16 * tiny, inside, &n) == MN_OK && n == 0);
    CHECK(count, mn_wires_disc(&wires, 11, -4, 5, inside, &n) == MN_OK && n == 1); /* an end at distance 5 */
    CHECK(count, inside[0] == 1.0 && inside[1] == 1.0);
    CHECK(count, mn_wires_disc(&wires, 11, -4, 5 - 16 * tiny, inside, &n) == MN_OK && n == 0);
    CHECK(count, mn_wires_disc(&wires, 4, -3, 5, inside, &n) == MN_OK && n == 1);
    CHECK(count, inside[0] == 0.0 && inside[1] == 1.0); /* 3-4-5: the chord is the wire */
    CHECK(count, mn_wires_disc(&wires, 2, 6, 0, inside, &n) == MN_OK && n == 1 && inside[2] == 0.5);
    CHECK(count, mn_wires_disc(&wires, 0, 0, -1, inside, &n) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_wires_disc(&wires, 1e300, 0, 1, inside, &n) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_wires_disc(&wires, 0, 0, (double)NAN, inside, &n) == MN_ERR_BAD_ARGUMENT);
    mn_wires_free(&wires);
}

/* Squares of distances, as 128-bit integers of a coarse grid, against the decision of the library. */
static void check_random_discs(check_count *count)
{
    int64_t n_all = 0;

    for (uint64_t seed = 0; seed < 300; seed++) {
        double u[8];
        double end[4];
        double inside[2];
        int64_t n = -1;

        for (uint64_t k = 0; k < 4; k++) {
            mn_uniform2(seed, 13, k, 0, u + 2 * k);
        }
        for (int k = 0; k < 4; k++) {
            end[k] = floor(24.0 * u[k]);
        }
        end[0] += end[0] == end[2] && end[1] == end[3] ? 1.0 : 0.0;
        const double x = floor(24.0 * u[4]), y = floor(24.0 * u[5]), r = floor(10.0 * u[6]);
        const double dx = end[2] - end[0], dy = end[3] - end[1], cx = x - end[0], cy = y - end[1];
        const double along = dx * cx + dy * cy, square = dx * dx + dy * dy; /* integers far below 2^53 */
        const double off = dx * cy - dy * cx;
        const bool touches = along <= 0.0      ? cx * cx + cy * cy <= r * r
                             : along >= square ? (x - end[2]) * (x - end[2]) + (y - end[3]) * (y - end[3]) <= r * r
                                               : off * off <= r * r * square;
        mn_wires wires = place(1, end);

        CHECK(count, mn_wires_disc(&wires, x, y, r, inside, &n) == MN_OK && n == (touches ? 1 : 0));
        CHECK(count, !touches || (inside[0] >= 0.0 && inside[0] <= inside[1] && inside[1] <= 1.0));
        n_all += n;
        mn_wires_free(&wires);
    }
    CHECK(count, n_all > 50 && n_all < 250);
}

/* ------------------------------------------------------------------ lattices */

static bool has_edge(const mn_lattice *lattice, int32_t a, int32_t b)
{
    for (int64_t k = 0; k < lattice->n_edges; k++) {
        if (lattice->edge[2 * k] == a && lattice->edge[2 * k + 1] == b) {
            return true;
        }
    }
    return false;
}

static bool is_sorted(const mn_lattice *lattice)
{
    for (int64_t k = 0; k < lattice->n_edges; k++) {
        const int32_t *e = &lattice->edge[2 * k];

        if (e[0] < 0 || e[0] >= e[1] || e[1] >= lattice->n_nodes ||
            (k > 0 && (e[0] < e[-2] || (e[0] == e[-2] && e[1] <= e[-1])))) {
            return false;
        }
    }
    return true;
}

static void check_grid(check_count *count)
{
    const mn_diagonals kinds[] = {MN_DIAGONALS_NONE, MN_DIAGONALS_RANDOM, MN_DIAGONALS_BOTH};
    const int64_t n_edges[] = {5 * 6 + 4 * 7, 5 * 6 + 4 * 7 + 24, 5 * 6 + 4 * 7 + 48};
    int n_falling = 0;

    for (int k = 0; k < 3; k++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_grid_init(&lattice, 5, 7, kinds[k], 4, NULL, &error) == MN_OK);
        CHECK(count, lattice.n_nodes == 35 && lattice.n_edges == n_edges[k] && is_sorted(&lattice));
        for (int32_t i = 0; i < 35; i++) {
            const bool right = i % 7 < 6;
            const bool next = i < 28;

            CHECK(count, !right || has_edge(&lattice, i, i + 1));
            CHECK(count, !next || has_edge(&lattice, i, i + 7));
            if (right && next) {
                const int falling = has_edge(&lattice, i, i + 8) ? 1 : 0;
                const int rising = has_edge(&lattice, i + 1, i + 7) ? 1 : 0;

                CHECK(count, falling + rising == k);
                n_falling += k == 1 ? falling : 0;
            }
        }
        mn_lattice_free(&lattice);
    }
    CHECK(count, n_falling > 4 && n_falling < 20);
}

/* Every number of edges from none to all; each pair is as likely as any other. */
static void check_random_network(check_count *count)
{
    int64_t times[8][8] = {{0}};

    for (int64_t m = 0; m <= 28; m++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_random_network_init(&lattice, 8, (double)m / 4.0, (uint64_t)m, NULL, &error) == MN_OK);
        CHECK(count, lattice.n_nodes == 8 && lattice.n_edges == m && is_sorted(&lattice));
        mn_lattice_free(&lattice);
    }
    for (uint64_t seed = 0; seed < 4000; seed++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_random_network_init(&lattice, 8, seed % 2 == 0 ? 1.75 : 5.25, seed, NULL, &error) ==
             MN_OK); /* 7 or 21 */
        for (int64_t k = 0; k < lattice.n_edges; k++) {
            times[lattice.edge[2 * k]][lattice.edge[2 * k + 1]]++;
        }
        mn_lattice_free(&lattice);
    }
    for (int a = 0; a < 8; a++) {
        for (int b = a + 1; b < 8; b++) {
            CHECK(count, llabs(times[a][b] - 2000) < 5 * 28); /* sqrt(4000 * 3/16) = 27.4 */
        }
    }
}

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

    check_pairs(&count);
    check_integer_ends(&count);
    check_thrown(&count);
    check_uneven(&count);
    check_statistics(&count);
    check_number_of_junctions(&count);
    check_directions(&count);
    check_prefix(&count);
    check_rectangles(&count);
    check_discs(&count);
    check_random_discs(&count);
    check_grid(&count);
    check_random_network(&count);
    check_bad_input(&count);
    check_memory(&count);
    check_huge(&count);
    check_memory_of_given(&count);
    return check_report(&count, "wires and lattices");
}
