/* Powers, by the rules of kernels.h. */
#ifndef MN_POWER_H
#define MN_POWER_H

#include "base/kernels.h"

/* log(x) to 2^-65 of it, x positive and finite. With s = (m - 1) / (m + 1) and z = s^2 the logarithm of the mantissa is
 * 2/3 s (3 + z + z^2 q(z)); only the last term is small enough for plain doubles. Error of q: 2^-67 of the result. */
MN_KERNEL mn_double2 mn_kernel_log2(double x)
{
    mn_log_parts p = mn_kernel_log_parts(x);
    double above = p.mantissa - 1.0;
    mn_double2 below = mn_double2_sum(1.0, p.mantissa);
    double s = above / below.high;
    mn_double2 back = mn_double2_product(s, below.high);
    double s_low = (((above - back.high) - back.low) - s * below.low) / below.high;

    mn_double2 z = mn_double2_product(s, s);
    z.low += 2.0 * s * s_low;
    double q = 0x1.413804e2f7a48p-3 + z.high * 0x1.4a9e1a88c386ep-3;
    q = 0x1.99994f8b64da2p-3 + z.high * (0x1.6979fa866a5b6p-3 + z.high * q);
    q = 0x1.1745d173ce994p-2 + z.high * (0x1.d89d8a9a9746cp-3 + z.high * q);
    q = 0x1.b6db6db6db6dap-2 + z.high * (0x1.5555555555be2p-2 + z.high * q);
    q = 0x1.3333333333333p-1 + z.high * q;
    mn_double2 series = mn_double2_renormal(3.0, z.high);
    series = mn_double2_renormal(series.high, series.low + (z.low + z.high * z.high * q));

    const double two_thirds = 0x1.5555555555555p-1, two_thirds_low = 0x1.5555555555555p-55;
    mn_double2 scaled = mn_double2_product(two_thirds, s);
    scaled.low += two_thirds * s_low + two_thirds_low * s;
    mn_double2 of_mantissa = mn_double2_product(scaled.high, series.high);
    of_mantissa.low += scaled.high * series.low + scaled.low * series.high;

    const double ln2_high = 0x1.62e42fefa3800p-1;
    const double ln2_low = 0x1.ef35793c76730p-45;
    mn_double2 sum = mn_double2_renormal(p.exponent * ln2_high, of_mantissa.high);
    return mn_double2_renormal(sum.high, sum.low + (p.exponent * ln2_low + of_mantissa.low));
}

/* exp(y log(size)), size positive and finite. */
MN_KERNEL double mn_kernel_positive_power(double size, double y)
{
    mn_double2 logarithm = mn_kernel_log2(size);
    y = mn_kernel_bounded(y, -0x1p65, 0x1p65); /* from there on 1 +- 2^-53 is 0 or inf as well */
    mn_double2 x = mn_double2_product(y, logarithm.high);
    x = mn_double2_renormal(x.high, x.low + y * logarithm.low);
    mn_exp_parts p = mn_kernel_exp_parts(mn_kernel_bounded(x.high, -800.0, 720.0), mn_kernel_bounded(x.low, -1.0, 1.0));
    return (p.s + p.t) * p.first * p.second;
}

/* As C99 has it, but for nan: of nan, or to nan, it is nan always. */
MN_KERNEL double mn_kernel_pow(double x, double y)
{
    const double size = fabs(x), half = 0.5 * fabs(y);
    const int is_integer = (fabs(y) >= 0x1p52) | (mn_kernel_rint_size(y) == fabs(y));
    const int is_odd = is_integer & (fabs(y) < 0x1p53) & (mn_kernel_rint_size(half) != half);

    double value = mn_kernel_positive_power(size, y);
    value = mn_choose(size == 0.0, mn_choose(y > 0.0, 0.0, (double)INFINITY), value);
    value = mn_choose(size == (double)INFINITY, mn_choose(y > 0.0, (double)INFINITY, 0.0), value);
    value = mn_choose(y == 0.0, 1.0, value);
    value = mn_choose((x < 0.0) & (size < (double)INFINITY) & !is_integer, (double)NAN, value);
    value = mn_choose(is_odd, copysign(value, x), value);
    return mn_choose((x != x) | (y != y), (double)NAN, value);
}

#endif
