/* The elementary functions of equations/operations.def: against quad precision (libquadmath, gcc only) at random points
 * of every kind, at every edge, and their bits: of loops for each kind of processor, of any length, of any compiler. */
#include "base/vector.h"
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

/* The double nearest to a multiple of pi / 2, up to 2^20 of it, or a neighbour. */
static double near_quarter_turns(uint64_t key, uint64_t k)
{
    double u[2];
    mn_uniform2(key, 3, k, 0, u);
    double turns = floor(ldexp(1.0 + u[0], (int)(u[1] * 20)));
    mn_double2 product = mn_double2_product(turns, 0x1.921fb54442d18p+0);
    double x = product.high + (product.low + turns * 0x1.1a62633145c07p-54);
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
        double base = usual_point(750.0, 100, k / 2), size = fabs(mn_log1(fabs(base)));
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

/* nan to any power, and any number to nan, is nan here; a power too small for quad has lost its sign, which C knows. */
static quad pow_quad(quad x, quad y)
{
    quad power_here = isnanq(x) || isnanq(y) ? (quad)NAN : powq(x, y);
    return power_here == 0 ? copysign(0.0, pow((double)x, (double)y)) : power_here;
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
    return exact_value == 0 && (signbit(value) != 0) != (signbitq(exact_value) != 0) ? INF : ulps(value, exact_value);
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
        printf("%-6s %.3f ulp at", name, worst);
        for (int operand = 0; operand < n_operands; operand++) {
            printf(" %a", at[operand]);
        }
        printf("\n");
    }
}
#endif

/* ------------------------------------------------------------------ edges */

static double of_one(mn_operation operation, double x)
{
    double y = 0;
    const double *of[] = {&x};
    mn_operation_run(operation, 1, of, &y);
    return y;
}

static double power(double x, double y)
{
    double z = 0;
    const double *of[] = {&x, &y};
    mn_operation_run(MN_OPERATION_POW, 1, of, &z);
    return z;
}

/* The same number, 0 with its sign; any nan is any other. */
static bool is_same(double a, double b)
{
    return mn_bits(a) == mn_bits(b) || (isnan(a) && isnan(b));
}

static void test_edges(check_count *count)
{
    static const struct {
        mn_operation operation;
        double of_zero, of_minus_zero, of_inf, of_minus_inf;
    } edges[] = {
        {MN_OPERATION_EXP, 1, 1, (double)INFINITY, 0},
        {MN_OPERATION_EXPM1, 0.0, -0.0, (double)INFINITY, -1},
        {MN_OPERATION_PHI1, 1, 1, (double)INFINITY, 0},
        {MN_OPERATION_LOG, -(double)INFINITY, -(double)INFINITY, (double)INFINITY, (double)NAN},
        {MN_OPERATION_LOG1P, 0.0, -0.0, (double)INFINITY, (double)NAN},
        {MN_OPERATION_SIN, 0.0, -0.0, (double)NAN, (double)NAN},
        {MN_OPERATION_COS, 1, 1, (double)NAN, (double)NAN},
        {MN_OPERATION_TAN, 0.0, -0.0, (double)NAN, (double)NAN},
        {MN_OPERATION_SINH, 0.0, -0.0, (double)INFINITY, -(double)INFINITY},
        {MN_OPERATION_COSH, 1, 1, (double)INFINITY, (double)INFINITY},
        {MN_OPERATION_TANH, 0.0, -0.0, 1, -1},
        {MN_OPERATION_ATAN, 0.0, -0.0, 0x1.921fb54442d18p+0, -0x1.921fb54442d18p+0},
        {MN_OPERATION_FLOOR, 0.0, -0.0, (double)INFINITY, -(double)INFINITY},
        {MN_OPERATION_SQRT, 0.0, -0.0, (double)INFINITY, (double)NAN},
    };
    for (size_t j = 0; j < sizeof edges / sizeof edges[0]; j++) {
        const mn_operation operation = edges[j].operation;
        CHECK(count, is_same(of_one(operation, 0.0), edges[j].of_zero));
        CHECK(count, is_same(of_one(operation, -0.0), edges[j].of_minus_zero));
        CHECK(count, is_same(of_one(operation, INF), edges[j].of_inf));
        CHECK(count, is_same(of_one(operation, -INF), edges[j].of_minus_inf));
        CHECK(count, isnan(of_one(operation, (double)NAN)) && isnan(of_one(operation, -(double)NAN)));
    }
    CHECK(count, of_one(MN_OPERATION_LOG1P, -1.0) == -INF && isnan(of_one(MN_OPERATION_LOG1P, nextafter(-1.0, -2.0))));
}

/* C99's own pow at all pairs of these, but for nan; its error is left to test_errors. */
static void test_power_edges(check_count *count)
{
    static const double edge[] = {0.0,
                                  0x1p-1074,
                                  0x1p-1022,
                                  0.5,
                                  1 - 0x1p-53,
                                  1.0,
                                  1 + 0x1p-52,
                                  2.0,
                                  3.0,
                                  1e16,
                                  0x1p53,
                                  0x1p52 + 1,
                                  0x1p53 - 1,
                                  0x1.fffffffffffffp+1023,
                                  (double)INFINITY};
    enum { N = sizeof edge / sizeof edge[0] };
    for (int i = 0; i < 2 * N; i++) {
        const double x = i < N ? edge[i] : -edge[i - N];
        for (int j = 0; j < 2 * N; j++) {
            const double y = j < N ? edge[j] : -edge[j - N], got = power(x, y), expected = pow(x, y);
            const bool is_exact = expected == 0 || isinf(expected) || fabs(expected) == 1;
            CHECK(count, is_exact ? is_same(got, expected)
                                  : is_same(got, expected) || fabs(got - expected) <= 0x1p-51 * fabs(expected));
        }
        CHECK(count, isnan(power(x, (double)NAN)) && isnan(power((double)NAN, x)));
    }
}

/* dx/dt constant, of a short step at rest, decayed, and grown beyond all numbers. */
static void test_relax_edges(check_count *count)
{
    static const double at[][6] = {
        {3, 0.5, 0, 4, 4, 5},
        {3, 0.5, 1, 0, -3, 3},
        {3, 1e300, -2, -6, 0, 0},
        {3, 1e300, -2, -4, 2, 1},
        {1, 1e10, 1, 2, 1, (double)INFINITY},
    };
    for (size_t j = 0; j < sizeof at / sizeof at[0]; j++) {
        const double *of[] = {&at[j][0], &at[j][1], &at[j][2], &at[j][3], &at[j][4]};
        double y = 0;
        mn_operation_run(MN_OPERATION_RELAX, 1, of, &y);
        CHECK(count, is_same(y, at[j][5]));
        for (int operand = 0; operand < 5; operand++) {
            const double nothing = (double)NAN;
            const double *with_nan[] = {&at[j][0], &at[j][1], &at[j][2], &at[j][3], &at[j][4]};
            with_nan[operand] = &nothing;
            mn_operation_run(MN_OPERATION_RELAX, 1, with_nan, &y);
            const bool is_read = operand < 3 || (operand == 3) == (fabs(at[j][1] * at[j][2]) < 1);
            CHECK(count, isnan(y) == is_read);
        }
    }
}

/* ------------------------------------------------------------------ bits */

typedef void form_loop(int64_t n, const double *const *of, double *to);

/* A loop of an operation for one kind of processor. */
#define FORM_LOOP(form, attribute, name)                                                                               \
    attribute static void form##_##name(int64_t n, const double *const *of, double *to)                                \
    {                                                                                                                  \
        const double *a = of[0], *b = of[1], *c = of[2], *d = of[3], *e = of[4];                                       \
        MN_INDEPENDENT                                                                                                 \
        for (int64_t k = 0; k < n; k++) {                                                                              \
            to[k] = mn_do_##name(a[k], b[k], c[k], d[k], e[k]);                                                        \
        }                                                                                                              \
    }

#define MN_OPERATION(name, n_operands, expression) FORM_LOOP(usual, , name)
#include "equations/operations.def"
#undef MN_OPERATION
static form_loop *const usual[] = {
#define MN_OPERATION(name, n_operands, expression) usual_##name,
#include "equations/operations.def"
#undef MN_OPERATION
};

#if defined(__x86_64__) && defined(__GNUC__)
#define MN_OPERATION(name, n_operands, expression) FORM_LOOP(avx2, __attribute__((target("avx2"))), name)
#include "equations/operations.def"
#undef MN_OPERATION
#define MN_OPERATION(name, n_operands, expression) FORM_LOOP(avx512, __attribute__((target("avx512f"))), name)
#include "equations/operations.def"
#undef MN_OPERATION
static form_loop *const avx2[] = {
#define MN_OPERATION(name, n_operands, expression) avx2_##name,
#include "equations/operations.def"
#undef MN_OPERATION
};
static form_loop *const avx512[] = {
#define MN_OPERATION(name, n_operands, expression) avx512_##name,
#include "equations/operations.def"
#undef MN_OPERATION
};

static form_loop *const *wide_form(int form)
{
    return form == 0                           ? __builtin_cpu_supports("avx2") ? avx2 : usual
           : __builtin_cpu_supports("avx512f") ? avx512
                                               : usual;
}
#else
static form_loop *const *wide_form(int form)
{
    (void)form;
    return usual;
}
#endif

static int64_t n_different(int64_t n, const double *a, const double *b)
{
    int64_t n_found = 0;
    for (int64_t k = 0; k < n; k++) {
        n_found += !is_same(a[k], b[k]);
    }
    return n_found;
}

/* A loop for vectors, its ends and its scalar form: the same bits at any length and place. */
static void test_forms(check_count *count)
{
    for (int operation = 0; operation < MN_N_OPERATIONS; operation++) {
        double x[MN_MOST_OPERANDS][BLOCK] = {{0}}, one[BLOCK], y[BLOCK];
        fill_points((mn_operation)operation, 0, BLOCK, x);
        for (int k = 0; k < BLOCK; k++) {
            const double *of[] = {x[0] + k, x[1] + k, x[2] + k, x[3] + k, x[4] + k};
            usual[operation](1, of, one + k);
        }
        const double *all[] = {x[0], x[1], x[2], x[3], x[4]};
        usual[operation](BLOCK, all, y);
        CHECK(count, n_different(BLOCK, y, one) == 0);
        for (int form = 0; form < 2; form++) {
            for (int n = 1; n <= 17; n++) {
                const int first = n * 5 % 7 + 8 * n;
                const double *of[] = {x[0] + first, x[1] + first, x[2] + first, x[3] + first, x[4] + first};
                wide_form(form)[operation](n, of, y);
                CHECK(count, n_different(n, y, one + first) == 0);
            }
            wide_form(form)[operation](BLOCK, all, y);
            CHECK(count, n_different(BLOCK, y, one) == 0);
        }
    }
}

/* What programs call: any length, any place, onto an operand, with angles of any size. */
static void test_lengths(check_count *count)
{
    for (int operation = 0; operation < MN_N_OPERATIONS; operation++) {
        double x[MN_MOST_OPERANDS][BLOCK] = {{0}}, one[BLOCK], y[BLOCK];
        fill_points((mn_operation)operation, 0, BLOCK, x);
        for (int k = 0; k < BLOCK; k++) {
            const double *of[] = {x[0] + k, x[1] + k, x[2] + k, x[3] + k, x[4] + k};
            mn_operation_run((mn_operation)operation, 1, of, one + k);
        }
        for (int n = 1; n <= 17; n++) {
            const int first = n * 5 % 7 + 8 * n;
            const double *of[] = {y, x[1] + first, x[2] + first, x[3] + first, x[4] + first};
            memcpy(y, x[0] + first, (size_t)n * sizeof(double));
            y[n] = -1.0;
            mn_operation_run((mn_operation)operation, n, of, y);
            CHECK(count, n_different(n, y, one + first) == 0);
            CHECK(count, y[n] == -1.0);
        }
    }
}

/* Every compiler and every machine has these bits: changing one changes the results of models. */
static uint64_t checksum(mn_operation operation)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (uint64_t first = 0; first < 16 * BLOCK; first += BLOCK) {
        double x[MN_MOST_OPERANDS][BLOCK] = {{0}}, y[BLOCK];
        fill_points(operation, first, BLOCK, x);
        run(operation, BLOCK, x, y);
        for (int k = 0; k < BLOCK; k++) {
            sum = (sum ^ (isnan(y[k]) ? 0 : mn_bits(y[k]))) * UINT64_C(0x100000001b3);
        }
    }
    return sum;
}

static void test_checksums(check_count *count)
{
    static const struct {
        mn_operation operation;
        uint64_t sum;
    } checksums[] = {
        {MN_OPERATION_FLOOR, UINT64_C(0x9fb2eb54826522b8)}, {MN_OPERATION_SQRT, UINT64_C(0x6348b69118f64ac4)},
        {MN_OPERATION_EXP, UINT64_C(0x80ff4397f44af416)},   {MN_OPERATION_EXPM1, UINT64_C(0xee6f453655262a51)},
        {MN_OPERATION_PHI1, UINT64_C(0x9fbe5bc625054306)},  {MN_OPERATION_RELAX, UINT64_C(0xe5f01a1bf5d28ca2)},
        {MN_OPERATION_LOG, UINT64_C(0x2a3925baf56f0388)},   {MN_OPERATION_LOG1P, UINT64_C(0x7aaec7d11069f0fd)},
        {MN_OPERATION_SIN, UINT64_C(0x6e1e0815b90773fc)},   {MN_OPERATION_COS, UINT64_C(0x082a69b459db5824)},
        {MN_OPERATION_TAN, UINT64_C(0xbd067526065d0c39)},   {MN_OPERATION_SINH, UINT64_C(0xa6e17d72ae6e80df)},
        {MN_OPERATION_COSH, UINT64_C(0x0d7436c221c341a2)},  {MN_OPERATION_TANH, UINT64_C(0xd4c181d087e2602d)},
        {MN_OPERATION_ATAN, UINT64_C(0x44ccabcff1165f50)},  {MN_OPERATION_POW, UINT64_C(0xb0254d040ac7f4d8)},
    };
    for (size_t j = 0; j < sizeof checksums / sizeof checksums[0]; j++) {
        const uint64_t sum = checksum(checksums[j].operation);
        if (sum != checksums[j].sum) {
            int64_t n_operands = 0;
            printf("%s: checksum 0x%016llx\n", mn_operation_name(checksums[j].operation, &n_operands),
                   (unsigned long long)sum);
        }
        CHECK(count, sum == checksums[j].sum);
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_edges(&count);
    test_power_edges(&count);
    test_relax_edges(&count);
    test_forms(&count);
    test_lengths(&count);
    test_checksums(&count);
#ifdef HAVE_QUAD
    test_errors(&count);
#endif
    return check_report(&count, "kernels");
}
