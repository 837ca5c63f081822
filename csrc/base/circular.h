/* Circular functions and their inverse, by the rules of kernels.h, of angles up to MN_ANGLE_MOST; far_angles.c has
 * those of any angle. */
#ifndef MN_CIRCULAR_H
#define MN_CIRCULAR_H

#include <stdbool.h>

#include "base/kernels.h"

/* 2^20 quarter turns, nearly: products of so short an integer with the parts of pi / 2 are exact. */
#define MN_ANGLE_MOST 1640000.0

/* An angle less `quadrant` (modulo 4) quarter turns: r + c, |r| <= pi / 4, |c| <= ulp(r) / 2. `is_odd` says 1 or 0 as a
 * number, as SSE2 compares no 64-bit integers. */
typedef struct {
    double r, c, is_odd;
    uint64_t quadrant;
} mn_angle;

/* Three parts of pi / 2 have 33 bits each; what is left of the angle, at least 2^-60 of it, has 53 good bits. */
MN_KERNEL mn_angle mn_kernel_angle(double x)
{
    const double to_integer = 0x1.8p+52;
    double shifted = x * 0x1.45f306dc9c883p-1 + to_integer;
    double k = shifted - to_integer;
    double first = x - k * 0x1.921fb54400000p+0;
    mn_double2 second = mn_double2_sum(first, -(k * 0x1.0b4611a600000p-34));
    mn_double2 third = mn_double2_sum(second.high, -(k * 0x1.3198a2e000000p-69));
    mn_double2 rest = mn_double2_renormal(third.high, (second.low + third.low) - k * 0x1.b839a252049c1p-104);
    double half = 0.5 * k;
    return (mn_angle){
        .r = rest.high,
        .c = rest.low,
        .is_odd = mn_choose((half + to_integer) - to_integer == half, 0.0, 1.0),
        .quadrant = mn_bits(shifted) & 3,
    };
}

/* sin(r + c) = r + c (1 - r^2 / 2) + r^3 q(r^2), error of q 2^-57 of the result. */
MN_KERNEL mn_double2 mn_kernel_sin_near(mn_angle a)
{
    double z = a.r * a.r;
    double q = 0x1.61217ee5cca1bp-33 + z * -0x1.ab17bdcbd3414p-41;
    q = 0x1.71de3a54607a5p-19 + z * (-0x1.ae64541295cdfp-26 + z * q);
    q = 0x1.1111111111110p-7 + z * (-0x1.a01a01a019937p-13 + z * q);
    q = -0x1.5555555555555p-3 + z * q;
    return mn_double2_renormal(a.r, a.r * (z * q) + a.c * (1.0 - 0.5 * z));
}

/* cos(r + c) = 1 - r^2 / 2 - r c + r^4 q(r^2), error of q 2^-59 of the result. */
MN_KERNEL mn_double2 mn_kernel_cos_near(mn_angle a)
{
    double z = a.r * a.r;
    double q = -0x1.9394b9eb4d56dp-37 + z * 0x1.ab78473be59d7p-45;
    q = -0x1.27e4fb7712ca2p-22 + z * (0x1.1eed8deb82809p-29 + z * q);
    q = -0x1.6c16c16c16c16p-10 + z * (0x1.a01a01a019d0ap-16 + z * q);
    q = 0x1.5555555555555p-5 + z * q;
    mn_double2 first = mn_double2_renormal(1.0, -0.5 * z);
    return mn_double2_renormal(first.high, first.low + (z * z * q - a.r * a.c));
}

MN_KERNEL double mn_kernel_sin_of(mn_angle a)
{
    double y = mn_choose(a.is_odd != 0.0, mn_kernel_cos_near(a).high, mn_kernel_sin_near(a).high);
    return mn_of_bits(mn_bits(y) ^ (a.quadrant & 2) << 62);
}

MN_KERNEL double mn_kernel_cos_of(mn_angle a)
{
    double y = mn_choose(a.is_odd != 0.0, mn_kernel_sin_near(a).high, mn_kernel_cos_near(a).high);
    return mn_of_bits(mn_bits(y) ^ ((a.quadrant + 1) & 2) << 62);
}

/* The quotient of sin and cos, or of -cos and sin, with what they and the quotient itself lost. */
MN_KERNEL double mn_kernel_tan_of(mn_angle a)
{
    const int is_odd = a.is_odd != 0.0;
    mn_double2 sine = mn_kernel_sin_near(a), cosine = mn_kernel_cos_near(a);
    mn_double2 above = {mn_choose(is_odd, -cosine.high, sine.high), mn_choose(is_odd, -cosine.low, sine.low)};
    mn_double2 below = {mn_choose(is_odd, sine.high, cosine.high), mn_choose(is_odd, sine.low, cosine.low)};
    double quotient = above.high / below.high;
    mn_double2 back = mn_double2_product(quotient, below.high);
    double lost = ((above.high - back.high) - back.low) + (above.low - quotient * below.low);
    return quotient + lost / below.high;
}

MN_KERNEL double mn_kernel_sin(double x)
{
    return mn_choose(x == 0.0, x, mn_kernel_sin_of(mn_kernel_angle(x)));
}

MN_KERNEL double mn_kernel_cos(double x)
{
    return mn_kernel_cos_of(mn_kernel_angle(x));
}

MN_KERNEL double mn_kernel_tan(double x)
{
    return mn_choose(x == 0.0, x, mn_kernel_tan_of(mn_kernel_angle(x)));
}

/* atan(a) = atan(c) + atan((a - c) / (1 + c a)) with c of 0, 1/2, 1, 2, inf, the one that leaves least: at most 9/32.
 * atan(t) = t + t z q(z), z = t^2; error of q 2^-59 of the result. */
MN_KERNEL double mn_kernel_atan(double x)
{
    const double a = fabs(x);
    const int second = a >= 0.28125, third = a >= 0.71875, fourth = a >= 1.390625, last = a >= 4.25;
    double c = mn_choose(second, 0.5, 0.0);
    c = mn_choose(third, 1.0, c);
    c = mn_choose(fourth, 2.0, c);
    double high = mn_choose(second, 0x1.dac670561bb4fp-2, 0.0);
    high = mn_choose(third, 0x1.921fb54442d18p-1, high);
    high = mn_choose(fourth, 0x1.1b6e192ebbe44p+0, high);
    high = mn_choose(last, 0x1.921fb54442d18p+0, high);
    double low = mn_choose(second, 0x1.a2b7f222f65e2p-56, 0.0);
    low = mn_choose(third, 0x1.1a62633145c07p-55, low);
    low = mn_choose(fourth, 0x1.b1b466a88828ep-54, low);
    low = mn_choose(last, 0x1.1a62633145c07p-54, low);
    double t = mn_choose(last, -1.0, a - c) / mn_choose(last, a, 1.0 + c * a);

    double z = t * t;
    double q = -0x1.9d0a42dc9fe80p-5 + z * 0x1.1291d29966566p-5;
    q = -0x1.110591c6e8c14p-4 + z * (0x1.e040c848024e2p-5 + z * q);
    q = -0x1.745d1525a8550p-4 + z * (0x1.3b134c1248931p-4 + z * q);
    q = -0x1.249249248d182p-3 + z * (0x1.c71c71c0867a5p-4 + z * q);
    q = -0x1.5555555555555p-2 + z * (0x1.9999999999967p-3 + z * q);
    return copysign(high + (t + (t * (z * q) + low)), x);
}

/* Of any angle: for loops that meet one beyond MN_ANGLE_MOST. */
bool mn_has_far_angle(int64_t n, const double *x);
double mn_sin1(double x);
double mn_cos1(double x);
double mn_tan1(double x);

#endif
