/* Which wires touch a pad, and where. */
#include "check.h"
#include "memnet.h"
#include "wires.h"

#include <math.h>
#include <string.h>

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

int main(void)
{
    check_count count = {0};

    check_rectangles(&count);
    check_discs(&count);
    check_random_discs(&count);
    return check_report(&count, "pads");
}
