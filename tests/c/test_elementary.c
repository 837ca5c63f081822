/* base/elementary against quad precision (libquadmath, gcc only), at fixed random points and at every edge. */
#include "check.h"
#include "memnet.h"
#include "quad.h"

#include <float.h>
#include <math.h>
#include <string.h>

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void test_exp_edges(check_count *count)
{
    CHECK(count, bits_of(mn_exp1(0.0)) == bits_of(1.0));
    CHECK(count, bits_of(mn_exp1(-0.0)) == bits_of(1.0));
    CHECK(count, mn_exp1(DBL_TRUE_MIN) == 1.0);
    CHECK(count, mn_exp1(0x1p-54) == 1.0);
    CHECK(count, isnan(mn_exp1(NAN)));
    CHECK(count, isnan(mn_exp1(-NAN)));
    CHECK(count, mn_exp1((double)INFINITY) == (double)INFINITY);
    CHECK(count, bits_of(mn_exp1((double)-INFINITY)) == 0);
    CHECK(count, mn_exp1(DBL_MAX) == (double)INFINITY);
    CHECK(count, bits_of(mn_exp1(-DBL_MAX)) == 0);
    /* The thresholds: ln(DBL_MAX) = 709.782712893383973..., ln of half the smallest subnormal = -745.13321910194... */
    CHECK(count, isfinite(mn_exp1(0x1.62e42fefa39efp+9)));
    CHECK(count, mn_exp1(0x1.62e42fefa39f0p+9) == (double)INFINITY);
    CHECK(count, mn_exp1(-0x1.74910d52d3051p+9) == DBL_TRUE_MIN);
    CHECK(count, bits_of(mn_exp1(-0x1.74910d52d3053p+9)) == 0);
    CHECK(count, mn_exp1(800.5) == (double)INFINITY && mn_exp1(-800.5) == 0.0);
}

/* Any length, any alignment, in place: the array form has the bits of the single form. */
static void test_exp_same_bits(check_count *count)
{
    enum { N = 4099 };
    double x[N], y[N], in_place[N];
    for (int k = 0; k < N; k++) {
        double u[2];
        mn_uniform2(11, 0, (uint64_t)k, 0, u);
        x[k] = k % 2 == 0 ? 1520 * u[0] - 760 : 4 * u[0] - 2;
    }
    x[5] = NAN;
    x[6] = (double)INFINITY;
    x[7] = (double)-INFINITY;
    x[N - 1] = -740.5;
    for (int start = 0; start < 4; start++) {
        for (int n = 0; n < N - start; n = 2 * n + 1) {
            memcpy(in_place, x, sizeof x);
            y[start + n] = -1.0;
            mn_exp(n, x + start, y + start);
            mn_exp(n, in_place + start, in_place + start);
            int64_t n_same = 0;
            for (int k = start; k < start + n; k++) {
                double one = mn_exp1(x[k]);
                n_same += (bits_of(y[k]) == bits_of(one) && bits_of(in_place[k]) == bits_of(one)) ||
                          (isnan(y[k]) && isnan(in_place[k]) && isnan(one));
            }
            CHECK(count, n_same == n);
            CHECK(count, y[start + n] == -1.0);
            CHECK(count, bits_of(in_place[start + n]) == bits_of(x[start + n]));
        }
    }
}

static void test_log_edges(check_count *count)
{
    CHECK(count, bits_of(mn_log1(1.0)) == bits_of(0.0));
    CHECK(count, mn_log1(0.0) == -(double)INFINITY && mn_log1(-0.0) == -(double)INFINITY);
    CHECK(count, mn_log1((double)INFINITY) == (double)INFINITY);
    CHECK(count, isnan(mn_log1(-DBL_TRUE_MIN)) && isnan(mn_log1((double)-INFINITY)) && isnan(mn_log1(NAN)));
    CHECK(count, mn_log1(2.0) == 0x1.62e42fefa39efp-1 && mn_log1(0.5) == -0x1.62e42fefa39efp-1);
    CHECK(count, mn_log1(DBL_MAX) == 0x1.62e42fefa39efp+9);
    CHECK(count, mn_log1(DBL_TRUE_MIN) == -0x1.74385446d71c3p+9); /* -1074 ln 2 */
    CHECK(count, mn_log1(1.0 + 0x1p-52) == 0x1p-52 - 0x1p-105);   /* x - x^2 / 2 */
    CHECK(count, mn_log1(1.0 - 0x1p-53) == -0x1p-53);
    for (int k = -1074; k < 1024; k++) { /* powers of two: k ln 2, and the mirror */
        CHECK(count, mn_log1(ldexp(1.0, k)) == (double)((long double)k * 0.693147180559945309417232121458176568L));
    }
}

static void test_sin_edges(check_count *count)
{
    CHECK(count, bits_of(mn_sin_turns(0.0)) == bits_of(0.0));
    CHECK(count, bits_of(mn_sin_turns(-0.0)) == bits_of(-0.0));
    CHECK(count, mn_sin_turns(0.25) == 1.0);
    CHECK(count, mn_sin_turns(-0.25) == -1.0);
    CHECK(count, mn_sin_turns(0.75) == -1.0);
    CHECK(count, mn_sin_turns(1e6 + 0.25) == 1.0);
    CHECK(count, mn_sin_turns(0.5) == 0.0);
    CHECK(count, mn_sin_turns(-3.5) == 0.0);
    CHECK(count, mn_sin_turns(7.0) == 0.0);
    CHECK(count, mn_sin_turns(1e300) == 0.0);
    CHECK(count, fabs(mn_sin_turns(1.0 / 12) - 0.5) <= 0x1p-53);
    CHECK(count, isnan(mn_sin_turns(NAN)));
    CHECK(count, isnan(mn_sin_turns((double)INFINITY)));
    for (int k = 1; k < 100; k++) {
        double x = k / 64.0; /* exact: so are the symmetries */
        CHECK(count, mn_sin_turns(-x) == -mn_sin_turns(x));
        CHECK(count, mn_sin_turns(x + 3) == mn_sin_turns(x));
        CHECK(count, mn_sin_turns(0.5 - x) == mn_sin_turns(x));
    }
}

#ifdef HAVE_QUAD
/* The worst error of exp over n points, of a range for each kind: the whole of it, the network's usual one, around
 * multiples of ln(2)/2 (the ends of the reduced range), subnormal results, near 0. */
static double worst_exp(int kind, int n)
{
    enum { BLOCK = 1000 };
    double x[BLOCK], y[BLOCK], worst = 0;
    for (int first = 0; first < n; first += BLOCK) {
        for (int k = 0; k < BLOCK; k++) {
            double u[2];
            mn_uniform2(1, (uint64_t)kind, (uint64_t)(first + k), 0, u);
            const double at[] = {-746 + 1456 * u[0], -20 + 40 * u[0],
                                 (2 * floor(2100 * u[1] - 1075) + 1) * 0x1.62e42fefa39efp-2 + 1e-12 * (u[0] - 0.5),
                                 -746 + 38.5 * u[0], (u[0] - 0.5) * ldexp(1.0, -(int)(60 * u[1]))};
            x[k] = at[kind];
        }
        mn_exp(BLOCK, x, y);
        for (int k = 0; k < BLOCK; k++) {
            double error = ulps(y[k], expq(x[k]));
            worst = error > worst ? error : worst;
        }
    }
    return worst;
}

static void test_exp_error(check_count *count)
{
    double worst = 0;
    for (int kind = 0; kind < 5; kind++) {
        double error = worst_exp(kind, 200000);
        CHECK(count, error <= 1.0);
        worst = error > worst ? error : worst;
    }
    printf("exp: worst error %.4f ulp\n", worst);
}

/* The whole range, around 1, around the ends of the reduced range, and subnormal numbers. */
static void test_log_error(check_count *count)
{
    double worst = 0;
    for (int k = 0; k < 500000; k++) {
        double u[2];
        mn_uniform2(3, 0, (uint64_t)k, 0, u);
        const double at[] = {ldexp(1.0 + u[0], (int)(2046 * u[1]) - 1022),
                             1.0 + (u[0] - 0.5) * ldexp(1.0, -(int)(50 * u[1])),
                             0x1.6a09e667f3bcdp-1 * (1.0 + 1e-9 * (u[0] - 0.5)), u[0] * DBL_MIN, 1.0 - u[0]};
        double x = at[k % 5];
        double error = ulps(mn_log1(x), logq(x));
        worst = error > worst ? error : worst;
    }
    CHECK(count, worst <= 1.0);
    printf("log: worst error %.4f ulp\n", worst);
}

static void test_sin_error(check_count *count)
{
    const __float128 two_pi = 2 * acosq(-1);
    double worst = 0;
    for (int k = 0; k < 300000; k++) {
        double u[2];
        mn_uniform2(2, 0, (uint64_t)k, 0, u);
        const double at[] = {u[0] - 0.5, 2000 * u[0] - 1000, (u[0] - 0.5) * ldexp(1.0, -(int)(300 * u[1])),
                             floor(16 * u[1]) / 8 - 1 + 1e-9 * (u[0] - 0.5)};
        double x = at[k % 4];
        __float128 r = (__float128)x - rintq(x); /* exact; sin near a multiple of pi needs it */
        if (fabsq(r) > 0.25) {
            r = (r > 0 ? 0.5 : -0.5) - r;
        }
        __float128 exact = sinq(two_pi * r);
        double error = ulps(mn_sin_turns(x), exact);
        worst = error > worst ? error : worst;
    }
    CHECK(count, worst <= 2.0);
    printf("sin_turns: worst error %.4f ulp\n", worst);
}
#else
static void test_exp_error(check_count *count)
{
    (void)count;
    printf("exp: errors not measured, this compiler has no quad precision\n");
}

static void test_log_error(check_count *count)
{
    /* Looser, against libm. */
    for (int k = 0; k < 100000; k++) {
        double u[2];
        mn_uniform2(3, 0, (uint64_t)k, 0, u);
        double x = ldexp(1.0 + u[0], (int)(2046 * u[1]) - 1022);
        CHECK(count, fabs(mn_log1(x) - log(x)) <= 4e-16 * fabs(log(x)));
    }
}

static void test_sin_error(check_count *count)
{
    /* Looser, against libm: its error and that of 2 pi x come on top. */
    for (int k = 0; k < 100000; k++) {
        double u[2];
        mn_uniform2(2, 0, (uint64_t)k, 0, u);
        double x = u[0] - 0.5;
        CHECK(count, fabs(mn_sin_turns(x) - sin(6.283185307179586 * x)) < 8e-16);
        CHECK(count, fabs(mn_exp1(20 * x) / exp(20 * x) - 1) < 5e-16);
    }
}
#endif

int main(void)
{
    check_count count = {0, 0};
    test_exp_edges(&count);
    test_exp_same_bits(&count);
    test_log_edges(&count);
    test_sin_edges(&count);
    test_exp_error(&count);
    test_log_error(&count);
    test_sin_error(&count);
    return check_report(&count, "elementary");
}
