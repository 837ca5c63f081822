/* Exponentials and logarithms of numbers, and what other elementary functions (hyperbolic.h, circular.h, power.h) are
 * made of: additions, multiplications, exactly rounded operations and bits alone, without a branch. So every IEEE
 * machine gives the same bits, and loops over arrays vectorise (with -fno-trapping-math, as comparisons may trap else).
 * Coefficients come from interpolation at Chebyshev nodes in 240-bit arithmetic, rounded to double
 * (scripts/coefficients.py). nan in, nan out. */
#ifndef MN_KERNELS_H
#define MN_KERNELS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define MN_KERNEL static inline __attribute__((always_inline))

/* A condition between numbers, which compilers turn into a blend at every width. */
MN_KERNEL double mn_choose(int condition, double yes, double no)
{
    return condition ? yes : no;
}

MN_KERNEL uint64_t mn_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

MN_KERNEL double mn_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x within [least, most]; nan stays. */
MN_KERNEL double mn_kernel_bounded(double x, double least, double most)
{
    x = mn_choose(x > most, most, x);
    return mn_choose(x < least, least, x);
}

/* ------------------------------------------------------------------ sums of two doubles */

/* high + low, which do not overlap (Dekker 1971; Knuth, The Art of Computer Programming, volume 2, 4.2.2). */
typedef struct {
    double high, low;
} mn_double2;

/* a + b exactly, |a| >= |b| or a = 0. */
MN_KERNEL mn_double2 mn_double2_renormal(double a, double b)
{
    double sum = a + b;
    return (mn_double2){sum, b - (sum - a)};
}

/* a + b exactly. */
MN_KERNEL mn_double2 mn_double2_sum(double a, double b)
{
    double sum = a + b, of_b = sum - a;
    return (mn_double2){sum, (a - (sum - of_b)) + (b - of_b)};
}

/* The upper 26 bits: products of two such numbers, or of one with the other 27 bits, are exact. */
MN_KERNEL double mn_kernel_head(double x)
{
    return mn_of_bits(mn_bits(x) & UINT64_C(0xfffffffff8000000));
}

/* a b, to 2^-106 of it. */
MN_KERNEL mn_double2 mn_double2_product(double a, double b)
{
    double product = a * b;
    double a_head = mn_kernel_head(a), b_head = mn_kernel_head(b), a_tail = a - a_head, b_tail = b - b_head;
    return (mn_double2){product, (((a_head * b_head - product) + a_head * b_tail) + a_tail * b_head) + a_tail * b_tail};
}

/* ------------------------------------------------------------------ exponentials */

/* exp(x) = 2^k (s + t), of which 2^k is the product of two powers of two: the first product is exact, the second rounds
 * once into the subnormal range or overflows to inf. */
typedef struct {
    double s, t, first, second;
} mn_exp_parts;

/* exp(x + x_low), |x| <= 800, |x_low| <= ulp(x): 2^k exp(r), k = round(x / ln 2), |r| <= ln(2) / 2. Error of the
 * polynomial: 2^-61 of the result.
 *
 * The reduced argument is carried as r + c with c its rounding error (k ln2_high is exact for |k| < 2^11), and 1 + r as
 * s + e, so that the one rounding that counts is the last addition, s + t. */
MN_KERNEL mn_exp_parts mn_kernel_exp_parts(double x, double x_low)
{
    const double log2e = 0x1.71547652b82fep+0;
    const double ln2_high = 0x1.62e42fefa3800p-1;
    const double ln2_low = 0x1.ef35793c76730p-45;
    const double to_integer = 0x1.8p+52; /* adding it rounds to an integer, in the low bits of the sum */
    const uint64_t to_integer_bits = UINT64_C(0x4338000000000000);

    double shifted = x * log2e + to_integer;
    double k = shifted - to_integer;
    double high = x - k * ln2_high;
    double low = k * ln2_low - x_low;
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

    uint64_t k_biased = mn_bits(shifted) - to_integer_bits + 2048; /* k + 2048 > 0: the shift below rounds down */
    uint64_t half_biased = k_biased >> 1;                          /* floor(k / 2) + 1024 */
    return (mn_exp_parts){
        .s = s,
        .t = e + (c + r2 * q),
        .first = mn_of_bits((half_biased - 1) << 52),             /* 2^floor(k / 2) */
        .second = mn_of_bits((k_biased - half_biased - 1) << 52), /* 2^(k - floor(k / 2)) */
    };
}

MN_KERNEL double mn_kernel_exp(double x)
{
    mn_exp_parts p = mn_kernel_exp_parts(mn_kernel_bounded(x, -800.0, 720.0), 0.0);
    return (p.s + p.t) * p.first * p.second;
}

/* 2^k s - 1 is exact for 2^k s from 1/2 to 2^53, and all but all of the result elsewhere. Beyond x = 720 both products
 * could be infinite, of two signs. */
MN_KERNEL double mn_kernel_exp_parts_minus_1(mn_exp_parts p)
{
    return (p.s * p.first * p.second - 1.0) + p.t * p.first * p.second;
}

MN_KERNEL double mn_kernel_expm1(double x)
{
    double y = mn_kernel_exp_parts_minus_1(mn_kernel_exp_parts(mn_kernel_bounded(x, -800.0, 720.0), 0.0));
    return mn_choose(x == 0.0, x, y);
}

/* (exp(x) - 1) / x, the mean of exp between 0 and x. The 1 goes with the smaller part where the larger one is above
 * 2^43, which leaves errors to the quotient. The mean is finite up to 716.4, where exp(x) is not. */
MN_KERNEL double mn_kernel_phi1(double x)
{
    const int is_large = x > 700.0;
    const double one = mn_choose(x > 30.0, 0.0, 1.0);
    mn_exp_parts p = mn_kernel_exp_parts(mn_kernel_bounded(x, -800.0, 720.0), 0.0);
    p.second *= mn_choose(is_large, 0x1p-16, 1.0);
    double above = (p.s * p.first * p.second - one) + (p.t * p.first * p.second - (1.0 - one));
    double mean = above / mn_choose(x == 0.0, 1.0, mn_choose(x > 720.0, 720.0, x));
    return mn_choose(x == 0.0, 1.0, mean * mn_choose(is_large, 0x1p16, 1.0));
}

/* Where f is affine in x, with j = df/dx and f_0 = f(x = 0): x after dt of dx/dt = f, exactly. The increment
 * dt phi1(j dt) f keeps the digits of short steps, x exp(j dt) + dt phi1(j dt) f_0 those of long ones. */
MN_KERNEL double mn_kernel_relax(double x, double dt, double j, double f, double f_0)
{
    double z = j * dt;
    mn_exp_parts p = mn_kernel_exp_parts(mn_kernel_bounded(z, -800.0, 720.0), 0.0);
    double mean = mn_choose(z == 0.0, 1.0, mn_kernel_exp_parts_minus_1(p) / mn_choose(z == 0.0, 1.0, z));
    double gain = dt * mean;
    double whole = x * ((p.s + p.t) * p.first * p.second) + gain * f_0;
    return mn_choose(fabs(z) < 1.0, x + gain * f, whole);
}

/* ------------------------------------------------------------------ logarithms */

/* mantissa 2^exponent, mantissa in [sqrt(1/2), sqrt(2)), of a positive finite number. */
typedef struct {
    double mantissa, exponent;
} mn_log_parts;

/* The exponent is taken of x over sqrt(1/2), which leaves the mantissa where it shall be. */
MN_KERNEL mn_log_parts mn_kernel_log_parts(double x)
{
    const uint64_t root_half = UINT64_C(0x3fe6a09e667f3bcd), one = UINT64_C(0x3ff0000000000000);
    const int subnormal = x < 0x1p-1022;
    const uint64_t bits = mn_bits(mn_choose(subnormal, x * 0x1p54, x));
    const uint64_t biased = (bits + (one - root_half)) >> 52 & 2047; /* the exponent + 1023 */
    const double exponent = mn_of_bits(biased | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
    return (mn_log_parts){
        .mantissa = mn_of_bits(bits - ((biased - 1023) << 52)),
        .exponent = exponent - mn_choose(subnormal, 54.0, 0.0),
    };
}

/* log(1 + f), 1 + f in [sqrt(1/2), sqrt(2)], plus k ln 2, plus c, which is small. With s = f / (2 + f) the first is
 * 2 atanh(s) = 2 s + s q(s^2), where 2 s = f - s f exactly; the large terms are f and f^2 / 2, so what is rounded is
 * small beside them (the form of Tang, "Table-driven implementation of the logarithm function", 1990). Error of q:
 * 2^-57. */
MN_KERNEL double mn_kernel_log_sum(double f, double k, double c)
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
    return k * ln2_high - ((half_square - (s * (half_square + q) + (k * ln2_low + c))) - f);
}

/* y = log(x) where x is positive and finite, else what it is there. */
MN_KERNEL double mn_kernel_log_edges(double x, double y)
{
    y = mn_choose(x == (double)INFINITY, (double)INFINITY, y);
    y = mn_choose(x == 0.0, -(double)INFINITY, y);
    return mn_choose(x >= 0.0, y, (double)NAN);
}

MN_KERNEL double mn_kernel_log(double x)
{
    mn_log_parts p = mn_kernel_log_parts(x);
    return mn_kernel_log_edges(x, mn_kernel_log_sum(p.mantissa - 1.0, p.exponent, 0.0));
}

/* log(u) + c, u the rounded sum 1 + x, and c what its rounding lost, over u. */
MN_KERNEL double mn_kernel_log1p(double x)
{
    double u = 1.0 + x;
    double lost = mn_choose(fabs(x) < 1.0, x - (u - 1.0), 1.0 - (u - x));
    mn_log_parts p = mn_kernel_log_parts(u);
    double y = mn_kernel_log_edges(u, mn_kernel_log_sum(p.mantissa - 1.0, p.exponent, lost / u));
    return mn_choose(x == 0.0, x, y);
}

/* ------------------------------------------------------------------ integers */

/* The nearest integer of |x| < 2^52 (ties to even), by a rounded sum: there is an instruction since SSE4.1 only. */
MN_KERNEL double mn_kernel_rint_size(double x)
{
    return (fabs(x) + 0x1p52) - 0x1p52;
}

MN_KERNEL double mn_kernel_floor(double x)
{
    double nearest = copysign(mn_kernel_rint_size(x), x);
    double below = nearest - mn_choose(nearest > x, 1.0, 0.0);
    return mn_choose(fabs(x) < 0x1p52, copysign(below, x), x);
}

#endif
