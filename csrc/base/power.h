/* Powers, by the rules of kernels.h. */
#ifndef MN_POWER_H
#define MN_POWER_H

#include "base/kernels.h"

/* log(x) to 2^-65 of it, x positive and finite; of the sum `high` has 26 bits. With s = (m - 1) / (m + 1) and z = s^2
 * the logarithm of the mantissa m is 2 s (1 + z / 3 + z^2 q(z)), of which only the last term is small enough for plain
 * doubles. Factors are cut to 26 bits, which leaves their products exact, and what was cut off follows. Error of q:
 * 2^-67 of the result. */
MN_KERNEL mn_double2 mn_kernel_log_wide(double x)
{
    const mn_log_parts p = mn_kernel_log_parts(x);
    const double above = p.mantissa - 1.0, below = p.mantissa + 1.0, one_over = 1.0 / below;
    const double below_head = mn_kernel_head(below), below_tail = p.mantissa - (below_head - 1.0);
    const double s = mn_kernel_head(above * one_over);
    const double s_low = ((above - s * below_head) - s * below_tail) * one_over;

    const double square = s * s, square_low = s_low * (2.0 * s + s_low), z = square + square_low;
    double q = 0x1.ac4ab12e9f860p-5 + z * 0x1.b8d2ce0baf5e8p-5;
    q = 0x1.1110dfb2433c1p-4 + z * (0x1.e1f7f8b33879dp-5 + z * q);
    q = 0x1.745d17451376fp-4 + z * (0x1.3b13b1bc64d9dp-4 + z * q);
    q = 0x1.2492492492491p-3 + z * (0x1.c71c71c71cfd7p-4 + z * q);
    q = 0x1.999999999999ap-3 + z * q;
    const double third = square * 0x1.5555555555555p-2; /* 3 of it leave the next difference of the square, exactly */
    const double third_low = (((square - 2.0 * third) - third) + square_low) * 0x1.5555555555555p-2;
    const double series = 1.0 + third, series_head = mn_kernel_head(series);
    const double series_tail = ((series - series_head) + (third - (series - 1.0))) + (third_low + z * z * q);

    const double ln2_high = 0x1.62e42fefa3800p-1;
    const double ln2_low = 0x1.ef35793c76730p-45;
    const double of_mantissa = 2.0 * s * series_head;
    const double of_mantissa_low = 2.0 * (s_low * series_head + (s + s_low) * series_tail);
    const mn_double2 sum = mn_double2_renormal(p.exponent * ln2_high, of_mantissa);
    const double low = sum.low + (of_mantissa_low + p.exponent * ln2_low);
    const double high = mn_kernel_head(sum.high + low);
    return (mn_double2){high, low - (high - sum.high)};
}

/* exp(y log(size)), size positive and finite. */
MN_KERNEL double mn_kernel_positive_power(double size, double y)
{
    const mn_double2 logarithm = mn_kernel_log_wide(size);
    y = mn_kernel_bounded(y, -0x1p65, 0x1p65); /* from there on 1 +- 2^-53 is 0 or inf as well */
    const double y_head = mn_kernel_head(y);
    const mn_double2 x =
        mn_double2_renormal(y_head * logarithm.high, (y - y_head) * logarithm.high + y * logarithm.low);
    const double bounded = mn_kernel_bounded(x.high, -800.0, 720.0);
    const mn_exp_parts p = mn_kernel_exp_parts(bounded, mn_choose(x.high == bounded, x.low, 0.0));
    return (p.s + p.t) * p.first * p.second;
}

/* As C99 has it, but for nan: of nan, or to nan, it is nan always. */
MN_KERNEL double mn_kernel_pow(double x, double y)
{
    /* From an even integer to y: 0 or 1 where y is an integer. From 2^53 on all are even. */
    const double size = fabs(x), bounded = mn_choose(fabs(y) > 0x1p53, 0x1p53, fabs(y));
    const double to_even = fabs(bounded - 2.0 * mn_kernel_rint_size(0.5 * bounded));

    double value = mn_kernel_positive_power(size, y);
    const double of_negative = mn_choose(to_even == 0.0, value, mn_choose(to_even == 1.0, value, (double)NAN));
    value = mn_choose(x < 0.0, of_negative, value);
    /* 0 and inf are their own halves, and each is the inverse of the other. */
    const double inverse = mn_of_bits(mn_bits(size) ^ mn_bits((double)INFINITY));
    value = mn_choose(0.5 * size == size, mn_choose(y > 0.0, size, inverse), value);
    value = mn_choose(y == 0.0, 1.0, value);
    value = mn_choose(to_even == 1.0, copysign(value, x), value);
    return mn_choose(isunordered(x, y), (double)NAN, value);
}

#endif
