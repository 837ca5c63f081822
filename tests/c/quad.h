/* Quad precision, where the compiler has it (gcc), and distances from it. */
#ifndef QUAD_H
#define QUAD_H

#include <float.h>
#include <math.h>

#if defined(__GNUC__) && !defined(__clang__) && defined(__has_include)
#if __has_include(<quadmath.h>)
#include <quadmath.h>
#define HAVE_QUAD 1
typedef __float128 quad;

/* Distance in units of the last place of the double nearest to `exact`; that of the subnormals below them. */
static inline double ulps(double value, quad exact)
{
    double size = fabs((double)exact);
    if (!isfinite(value) || !isfinite(size)) {
        return value == (double)exact ? 0 : (double)INFINITY;
    }
    double ulp = size < DBL_MIN ? DBL_TRUE_MIN : ldexp(1.0, ilogb(size) - 52);
    return fabs((double)(((quad)value - exact) / ulp));
}
#endif
#endif

#endif
