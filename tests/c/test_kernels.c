/* The elementary functions of equations/operations.def: against quad precision (libquadmath, gcc only) at random points
 * of every kind, at every edge, and their bits: of loops for each kind of processor, of any length, of any compiler. */
#include "check.h"
#include "equations/operations.h"
#include "equations/program.h"
#include "memnet.h"
#include "quad.h"

#include <string.h>

enum { BLOCK = 256, MOST_POINTS = 200000 };

static const double INF = (double)INFINITY;

/* ------------------------------------------------------------------ points */

/* Any double: all bits are random, so all binades, both signs, inf and nan come. */
static double any_double(uint64_t key, uint64_t k)
{
    uint32_t word[4];
    mn_philox(key, 0, k, 0, word);
    return mn_of_bits((uint64_t)word[0] << 32 | word[1]);
}

static double within(double limit, uint64_t key, uint64_t k)
{
    double u[2];
    mn_uniform2(key, 1, k, 0, u);
    return (2 * u[0] - 1) * limit;
}

/* A number of any size up to a limit, over 60 binades, of both signs. */
static double of_any_size(double limit, uint64_t key, uint64_t k)
{
    double u[2];
    mn_uniform2(key, 2, k, 0, u);
    return within(limit, key, k) * ldexp(1.0, -(int)(60 * u[1]));
}

/* The double nearest to a multiple of pi / 2, up to 2^20 of it in every tenth block, or one of its neighbours. */
static double near_quarter_turns(uint64_t key, uint64_t k)
{
    const long double half_pi = 1.57079632679489661923132169163975144L;
    double u[2];
    mn_uniform2(key, 3, k, 0, u);
    double turns = floor(ldexp(1.0 + u[0], (int)(u[1] * 20)));
    double x = (double)((long double)turns * half_pi);
    return k % 4 == 0 ? nextafter(x, INF) : k % 4 == 1 ? -x : x;
}

/* A multiple of a step, or what stands near it. */
static double near_multiple(double step, int64_t most, uint64_t key, uint64_t k)
{
    double u[2];
    mn_uniform2(key, 4, k, 0, u);
    double at = step * floor((2 * u[0] - 1) * (double)most);
    return k % 2 == 0 ? at : at * (1 + 1e-9 * (u[1] - 0.5));
}

/* What most functions are asked: all doubles, all sizes, the usual range, the ends of reduced ranges, and near 1. */
static double usual_point(double limit, uint64_t key, uint64_t k)
{
    switch (k % 5) {
    case 0:
        return any_double(key, k);
    case 1:
        return of_any_size(limit, key, k);
    case 2:
        return within(4.0, key, k);
    case 3:
        return near_multiple(0x1.62e42fefa39efp-2, 2200, key, k);
    default:
        return copysign(1.0, within(1.0, key, k + 1)) + of_any_size(1.0, key, k);
    }
}

static double angle(uint64_t key, uint64_t k)
{
    switch (k % 4) {
    case 0:
        return near_quarter_turns(key, k / 4);
    case 1:
        return within(MN_ANGLE_MOST * 1.01, key, k);
    default:
        return usual_point(30.0, key, k / 4);
    }
}

/* ------------------------------------------------------------------ what is tested */

static double point(mn_operation operation, int operand, uint64_t k)
{
    const uint64_t key = 100 + (uint64_t)operand;
    switch (operation) {
    case MN_OPERATION_SIN:
    case MN_OPERATION_COS:
    case MN_OPERATION_TAN:
        return angle(key, k);
    case MN_OPERATION_POW: {
        double base = usual_point(750.0, 100, k / 2), size = fabs(log(fabs(base)));
        bool is_tame = k % 2 == 0 && size > 0 && size < 1e4;
        return operand == 0 ? is_tame ? fabs(base) : base
               : is_tame    ? within(1.0, key, k) * 745 / size
               : k % 3 == 0 ? rint(within(12.0, key, k))
                            : usual_point(750.0, key, k / 2);
    }
    case MN_OPERATION_RELAX: /* x, dt, J, f, f of 0: x and f have one sign, so nothing cancels */
        return operand == 1   ? ldexp(1.0, -(int)(k % 30))
               : operand == 2 ? ldexp(within(50.0, 102, k), (int)(k % 30))
               : operand == 0 ? fabs(within(1.0, 100, k))
                              : fabs(within(1.0, key, k)) * ldexp(1.0, (int)(k % 30));
    default:
        return usual_point(750.0, key, k);
    }
}

static void fill_points(mn_operation operation, uint64_t first, int n, double x[MN_MOST_OPERANDS][BLOCK])
{
    int64_t n_operands = 0;
    mn_operation_name(operation, &n_operands);
    for (int j = 0; j < n_operands; j++) {
        for (int k = 0; k < n; k++) {
            x[j][k] = point(operation, j, first + (uint64_t)k);
        }
    }
}

static void run(mn_operation operation, int n, double x[MN_MOST_OPERANDS][BLOCK], double *y)
{
    const double *of[MN_MOST_OPERANDS] = {x[0], x[1], x[2], x[3], x[4]};
    mn_operation_run(operation, n, of, y);
}

/* ------------------------------------------------------------------ errors */

#ifdef HAVE_QUAD
static quad phi1_quad(quad x)
{
    return x == 0 ? 1 : x == -(quad)INF ? 0 : expm1q(x) / x;
}

static quad relax_quad(const double *x)
{
    quad z = (quad)x[1] * x[2], gain = x[1] * phi1_quad(z);
    return fabsq(z) < 1 ? x[0] + gain * x[3] : x[0] * expq(z) + gain * x[4];
}

/* nan to any power, and any number to nan, is nan here. */
static quad pow_quad(quad x, quad y)
{
    return isnanq(x) || isnanq(y) ? (quad)NAN : powq(x, y);
}

typedef struct {
    mn_operation operation;
    quad (*of_one)(quad);
    quad (*of_two)(quad, quad);
    double bound;
} accuracy;

static const accuracy accuracies[] = {
    {MN_OPERATION_EXP, expq, NULL, 1.0},       {MN_OPERATION_EXPM1, expm1q, NULL, 2.0},
    {MN_OPERATION_PHI1, phi1_quad, NULL, 2.0}, {MN_OPERATION_RELAX, NULL, NULL, 3.0},
    {MN_OPERATION_LOG, logq, NULL, 1.0},       {MN_OPERATION_LOG1P, log1pq, NULL, 2.0},
    {MN_OPERATION_SIN, sinq, NULL, 1.0},       {MN_OPERATION_COS, cosq, NULL, 1.0},
    {MN_OPERATION_TAN, tanq, NULL, 2.0},       {MN_OPERATION_SINH, sinhq, NULL, 2.0},
    {MN_OPERATION_COSH, coshq, NULL, 2.0},     {MN_OPERATION_TANH, tanhq, NULL, 2.0},
    {MN_OPERATION_ATAN, atanq, NULL, 2.0},     {MN_OPERATION_POW, NULL, pow_quad, 2.0},
    {MN_OPERATION_SQRT, sqrtq, NULL, 0.5},     {MN_OPERATION_FLOOR, floorq, NULL, 0.0},
};

static quad exact(const accuracy *one, const double *x)
{
    return one->of_one != NULL ? one->of_one(x[0]) : one->of_two != NULL ? one->of_two(x[0], x[1]) : relax_quad(x);
}

/* nan and the sign of 0 count as infinitely wrong. */
static double error_of(double value, quad exact_value)
{
    if (isnan(value) || isnanq(exact_value)) {
        return isnan(value) && isnanq(exact_value) ? 0 : INF;
    }
    return exact_value == 0 && signbit(value) != signbitq(exact_value) ? INF : ulps(value, exact_value);
}

static void test_errors(check_count *count)
{
    for (size_t j = 0; j < sizeof accuracies / sizeof accuracies[0]; j++) {
        const accuracy *one = &accuracies[j];
        double x[MN_MOST_OPERANDS][BLOCK], y[BLOCK], worst = 0, at[MN_MOST_OPERANDS] = {0};
        int64_t n_operands = 0;
        const char *name = mn_operation_name(one->operation, &n_operands);
        for (uint64_t first = 0; first < MOST_POINTS; first += BLOCK) {
            fill_points(one->operation, first, BLOCK, x);
            run(one->operation, BLOCK, x, y);
            for (int k = 0; k < BLOCK; k++) {
                double point_here[MN_MOST_OPERANDS] = {0};
                for (int operand = 0; operand < n_operands; operand++) {
                    point_here[operand] = x[operand][k];
                }
                double error = error_of(y[k], exact(one, point_here));
                if (error > worst) {
                    worst = error;
                    memcpy(at, point_here, sizeof at);
                }
            }
        }
        CHECK(count, worst <= one->bound);
        printf("%-6s worst error %.3f ulp, at", name, worst);
        for (int operand = 0; operand < n_operands; operand++) {
            printf(" %a", at[operand]);
        }
        printf("\n");
    }
}
#endif

int main(void)
{
    check_count count = {0, 0};
#ifdef HAVE_QUAD
    test_errors(&count);
#endif
    return check_report(&count, "kernels");
}
