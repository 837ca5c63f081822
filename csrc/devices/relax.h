/* How much of a deviation relaxes in a step of x time constants: 1 - exp(-x). */
#ifndef MN_RELAX_H
#define MN_RELAX_H

/* Below it, in short steps, the subtraction would cancel. */
#define MN_SMALL_EXPONENT (1.0 / 128.0)

/* 1 - exp(-x) for 0 <= x < MN_SMALL_EXPONENT; what is left out is below 5e-17 of it. */
static inline double mn_one_minus_exp_small(double x)
{
    double series = 1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0));
    return x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * series)));
}

#endif
