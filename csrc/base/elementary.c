/* Elementary functions from additions, multiplications and exactly rounded operations alone: every IEEE machine gives
 * the same bits, and loops over arrays vectorise. Coefficients come from interpolation at Chebyshev nodes in 240-bit
 * arithmetic, rounded to double. */
#include "memnet.h"
#include "base/vector.h"

#include <math.h>
#include <string.h>

/* x within [-800, 800], beyond which exp is 0 or inf; nan stays. Chosen by bits: a branch or a conditional move would
 * keep gcc from vectorising, as a comparison may trap. */
static inline double bounded_to_800(double x)
{
    double limit = copysign(800.0, x);
    uint64_t bits, limit_bits;
    memcpy(&bits, &x, sizeof bits);
    memcpy(&limit_bits, &limit, sizeof limit_bits);
    uint64_t beyond = 0 - (uint64_t)(fabs(x) > 800.0); /* all bits, or none */
    bits = (bits & ~beyond) | (limit_bits & beyond);
    double bounded;
    memcpy(&bounded, &bits, sizeof bounded);
    return bounded;
}

/* exp(x) = 2^k exp(r), k = round(x / ln 2), |r| <= ln(2) / 2. Error of the polynomial: 2^-61 of the result.
 *
 * The reduced argument is carried as r + c with c its rounding error (k ln2_high is exact for |k| < 2^11), and 1 + r as
 * s + e, so that the one rounding that counts is the last addition. The scale is applied as two powers of two: the
 * first product is exact, the second rounds once into the subnormal range or overflows to inf. */
static inline double exp_core(double x)
{
    const double log2e = 0x1.71547652b82fep+0;
    const double ln2_high = 0x1.62e42fefa3800p-1;
    const double ln2_low = 0x1.ef35793c76730p-45;
    const double to_integer = 0x1.8p+52; /* adding it rounds to an integer, in the low bits of the sum */
    const uint64_t to_integer_bits = UINT64_C(0x4338000000000000);

    double bounded = bounded_to_800(x);
    double shifted = bounded * log2e + to_integer;
    double k = shifted - to_integer;
    double high = bounded - k * ln2_high;
    double low = k * ln2_low;
    double r = high - low;
    double c = (high - r) - low;
    double s = 1.0 + r;
    double e = r - (s - 1.0);

    double r2 = r * r;
    double q = 0x1.27e4db646b17ep-22 + r * 0x1.af4de97ca4194p-26 + r2 * 0x1.1f730349868cep-29;
    q = (0x1.a01a01a6d889cp-16 + r * 0x1.71de0231960ebp-19) + r2 * q;
    q = (0x1.6c16c16c162d4p-10 + r * 0x1.a01a01abe7fe1p-13) + r2 * q;
    q = (0x1.5555555555556p-5 + r * 0x1.11111111100dcp-7) + r2 * q;
    q = (0.5 + r * 0x1.5555555555557p-3) + r2 * q;
    double result = s + (e + (c + r2 * q));

    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    uint64_t k_biased = bits - to_integer_bits + 2048;         /* k + 2048 > 0, so that the shift below rounds down */
    uint64_t half_biased = k_biased >> 1;                      /* floor(k / 2) + 1024 */
    uint64_t first_bits = (half_biased - 1) << 52;             /* 2^floor(k / 2) */
    uint64_t second_bits = (k_biased - half_biased - 1) << 52; /* 2^(k - floor(k / 2)) */
    double first, second;
    memcpy(&first, &first_bits, sizeof first);
    memcpy(&second, &second_bits, sizeof second);
    return result * first * second;
}

MN_VECTOR_WIDE
void mn_exp(int64_t n, const double *x, double *y)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        y[k] = exp_core(x[k]);
    }
}

double mn_exp1(double x)
{
    return exp_core(x);
}

/* log(1 + f), 1 + f in [sqrt(1/2), sqrt(2)], plus k ln 2. With s = f / (2 + f) it is 2 atanh(s) = 2 s + s q(s^2), where
 * 2 s = f - s f exactly; the large terms are f and f^2 / 2, so what is rounded is small beside them (the form of
 * Tang, "Table-driven implementation of the logarithm function", 1990). Error of q: 2^-57. */
static inline double log_core(double f, double k)
{
    const double ln2_high = 0x1.62e42fefa3800p-1;
    const double ln2_low = 0x1.ef35793c76730p-45;
    double s = f / (2.0 + f);
    double z = s * s;
    double q = 0x1.39fe606542ddep-3 + z * 0x1.2b584aae78a57p-3;
    q = 0x1.c71c62e5800a1p-3 + z * (0x1.7462b4ab2ef6bp-3 + z * q);
    q = 0x1.99999999952e2p-2 + z * (0x1.2492492df148dp-2 + z * q);
    q = z * (0x1.5555555555558p-1 + z * q);
    double half_square = 0.5 * f * f;
    return k * ln2_high - ((half_square - (s * (half_square + q) + k * ln2_low)) - f);
}

double mn_log1(double x)
{
    if (!(x > 0.0) || x == (double)INFINITY) {
        return x == 0.0 ? -(double)INFINITY : x > 0.0 ? x : (double)NAN;
    }
    bool subnormal = x < 0x1p-1022;
    double scaled = subnormal ? x * 0x1p54 : x;
    uint64_t bits;
    memcpy(&bits, &scaled, sizeof bits);
    /* The exponent is taken of x over sqrt(1/2), which leaves a mantissa in [sqrt(1/2), sqrt(2)). */
    uint64_t offset = bits - UINT64_C(0x3fe6a09e667f3bcd);
    int64_t k = (int64_t)(offset >> 52) - (offset >> 63 != 0 ? 4096 : 0);
    bits -= (uint64_t)k << 52;
    double mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    return log_core(mantissa - 1.0, (double)(subnormal ? k - 54 : k));
}

/* sin(2 pi r), |r| <= 1/8 (error of the polynomial 2^-57 of the result); the low part of 2 pi goes with the rest. */
static double sin_small(double r)
{
    double z = r * r;
    double q = 0x1.e8f036889ff68p+1 + z * -0x1.6cc564dff8a7ap-1;
    q = -0x1.e3074d25df4e9p+3 + z * q;
    q = 0x1.50783486fab1cp+5 + z * q;
    q = -0x1.32d2cce62b872p+6 + z * q;
    q = 0x1.466bc6775aae1p+6 + z * q;
    q = -0x1.4abbce625be53p+5 + z * q;
    return r * 0x1.921fb54442d18p+2 + r * (0x1.1a62633145c07p-52 + z * q);
}

/* cos(2 pi r), |r| <= 1/8 (2^-59): 1 - 2 pi^2 r^2 + ... */
static double cos_small(double r)
{
    double z = r * r;
    double q = 0x1.f9d38850c0a16p+2 + z * (-0x1.b6df8538513f9p+0 + z * 0x1.1ebe54e16e5fdp-2);
    q = -0x1.a6d1f2a15a5eap+4 + z * q;
    q = 0x1.e1f506891b72fp+5 + z * q;
    q = -0x1.55d3c7e3cbffap+6 + z * q;
    q = 0x1.03c1f081b5ac4p+6 + z * q;
    return 1.0 - z * (0x1.3bd3cc9be45dep+4 - z * q);
}

double mn_sin_turns(double x)
{
    double r = x - rint(x); /* exact, as are the differences below */
    double size = fabs(r);
    if (size > 0.25) {
        size = 0.5 - size;
    }
    double value = size > 0.125 ? cos_small(0.25 - size) : sin_small(size);
    return copysign(value, size == 0.0 ? x : r);
}
