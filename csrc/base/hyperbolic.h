/* Hyperbolic functions, by the rules of kernels.h. */
#ifndef MN_HYPERBOLIC_H
#define MN_HYPERBOLIC_H

#include "base/kernels.h"

/* exp(|x|) / 2, which is finite up to 710.47. */
MN_KERNEL double mn_kernel_half_exp(double x)
{
    mn_exp_parts p = mn_kernel_exp_parts(mn_kernel_bounded(fabs(x), 0.0, 720.0), 0.0);
    return (p.s + p.t) * p.first * (0.5 * p.second);
}

/* x + x z q(z), |x| <= 1, z = x^2: error of q 2^-56 of the result. */
MN_KERNEL double mn_kernel_sinh(double x)
{
    double half = mn_kernel_half_exp(x);
    double far = copysign(half - 0.25 / half, x);
    double z = x * x;
    double q = 0x1.ae777c36fd5b6p-41 + z * 0x1.99f0806c2628dp-49;
    q = 0x1.ae6456792a77fp-26 + z * (0x1.612467ccb2260p-33 + z * q);
    q = 0x1.a01a01a01a001p-13 + z * (0x1.71de3a556f96cp-19 + z * q);
    q = 0x1.5555555555555p-3 + z * (0x1.1111111111111p-7 + z * q);
    return mn_choose(fabs(x) > 1.0, far, x + x * (z * q));
}

MN_KERNEL double mn_kernel_cosh(double x)
{
    double half = mn_kernel_half_exp(x);
    return half + 0.25 / half;
}

/* x + x z q(z) up to 9/16 (error of q 2^-57 of the result), from where 2 / (exp(2 |x|) + 1) is below 1/2. */
MN_KERNEL double mn_kernel_tanh(double x)
{
    const double size = fabs(x);
    double far = 1.0 - 2.0 / (mn_kernel_exp(mn_kernel_bounded(2.0 * size, 0.0, 40.0)) + 1.0);
    double z = x * x;
    double q = -0x1.1798f633d339fp-15 + z * 0x1.002b1e55e95d8p-17;
    q = -0x1.f3e303d937561p-13 + z * (0x1.8b6e011d560bfp-14 + z * q);
    q = -0x1.7da216499f72dp-10 + z * (0x1.354431e18ea6cp-11 + z * q);
    q = -0x1.226e352b6a427p-7 + z * (0x1.d6d3c26abcbe7p-9 + z * q);
    q = -0x1.ba1ba1ba19d5dp-5 + z * (0x1.664f4881ec346p-6 + z * q);
    q = -0x1.5555555555555p-2 + z * (0x1.1111111111105p-3 + z * q);
    return copysign(mn_choose(size > 0.5625, far, size + size * (z * q)), x);
}

#endif
