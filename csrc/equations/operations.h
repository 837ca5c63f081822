/* Every operation as a function of numbers: what the interpreter loops over and compiled models call. */
#ifndef MN_OPERATIONS_H
#define MN_OPERATIONS_H

#include "base/circular.h"
#include "base/hyperbolic.h"
#include "base/kernels.h"
#include "base/power.h"

#define MN_OPERATION(name, n_operands, expression)                                                                     \
    MN_KERNEL double mn_do_##name(double a, double b, double c, double d, double e)                                    \
    {                                                                                                                  \
        (void)a, (void)b, (void)c, (void)d, (void)e;                                                                   \
        return expression;                                                                                             \
    }
#include "equations/operations.def"
#undef MN_OPERATION

#endif
