/* Sines and cosines of small angles in turns, by the rules of kernels.h. */
#ifndef MN_TURNS_H
#define MN_TURNS_H

#include "base/kernels.h"

/* sin(2 pi r), |r| <= 1/8 (error of the polynomial 2^-57 of the result); the low part of 2 pi goes with the rest. */
MN_KERNEL double mn_kernel_sin_small_turns(double r)
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
MN_KERNEL double mn_kernel_cos_small_turns(double r)
{
    double z = r * r;
    double q = 0x1.f9d38850c0a16p+2 + z * (-0x1.b6df8538513f9p+0 + z * 0x1.1ebe54e16e5fdp-2);
    q = -0x1.a6d1f2a15a5eap+4 + z * q;
    q = 0x1.e1f506891b72fp+5 + z * q;
    q = -0x1.55d3c7e3cbffap+6 + z * q;
    q = 0x1.03c1f081b5ac4p+6 + z * q;
    return 1.0 - z * (0x1.3bd3cc9be45dep+4 - z * q);
}

/* cos(2 pi x), |x| < 2^51: of what is left of whole turns, and of half turns, the smaller of two angles. */
MN_KERNEL double mn_kernel_cos_turns(double x)
{
    const double to_integer = 0x1.8p+52;
    const double size = fabs(x - ((x + to_integer) - to_integer)); /* <= 1/2 */
    const double near = mn_choose(size > 0.25, 0.5 - size, size);
    const double value =
        mn_choose(near > 0.125, mn_kernel_sin_small_turns(0.25 - near), mn_kernel_cos_small_turns(near));
    return mn_choose(size > 0.25, -value, value);
}

#endif
