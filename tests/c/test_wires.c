/* Wire networks: junctions against all pairs in exact rational arithmetic, geometries done by hand. */
#include "check.h"
#include "memnet.h"
#include "wires.h"

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

static void compare_with_all_pairs(check_count *count, const mn_wires *wires, int64_t *n_pairs)
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
    *n_pairs += k;
}

/* ------------------------------------------------------------------ geometries by hand */

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
    int64_t n_pairs = 0;

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
        compare_with_all_pairs(count, &wires, &n_pairs);
        mn_wires_free(&wires);
    }
    CHECK(count, n_pairs > 50000);
}

static void check_thrown(check_count *count)
{
    int64_t n_pairs = 0;

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
        compare_with_all_pairs(count, &wires, &n_pairs);
        mn_wires_free(&wires);
    }
    CHECK(count, n_pairs > 10000);
}

/* One wire that is a thousand times longer than the others, and one far away. */
static void check_uneven(check_count *count)
{
    enum { N = 300 };
    double end[4 * N];
    int64_t n_pairs = 0;

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
    compare_with_all_pairs(count, &wires, &n_pairs);
    CHECK(count, n_pairs > 100);
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
    return check_report(&count, "wires");
}
