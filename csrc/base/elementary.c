/* The kernels as functions, over arrays and one number at a time, and the sine of turns. */
#include "memnet.h"
#include "base/kernels.h"
#include "base/vector.h"

#include <math.h>

MN_VECTOR_WIDE
void mn_exp(int64_t n, const double *x, double *y)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        y[k] = mn_kernel_exp(x[k]);
    }
}

double mn_exp1(double x)
{
    return mn_kernel_exp(x);
}

double mn_log1(double x)
{
    return mn_kernel_log(x);
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
