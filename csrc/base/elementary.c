/* The kernels as functions, over arrays and one number at a time, and the sine of turns. */
#include "memnet.h"
#include "base/kernels.h"
#include "base/turns.h"
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

double mn_sin_turns(double x)
{
    double r = x - rint(x); /* exact, as are the differences below */
    double size = fabs(r);
    if (size > 0.25) {
        size = 0.5 - size;
    }
    double value = size > 0.125 ? mn_kernel_cos_small_turns(0.25 - size) : mn_kernel_sin_small_turns(size);
    return copysign(value, size == 0.0 ? x : r);
}
