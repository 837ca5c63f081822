/* Exponential laws of the voltage: exp and sinh of any exponent, with their slopes. The same bits on every machine. */
#ifndef MN_GROWTH_H
#define MN_GROWTH_H

#include "memnet.h"

#include <math.h>

/* Above it an exponential goes on as its tangent: nothing that conducts has such a current (exp of it is 7e86), and an
 * iteration that comes by must find numbers that can be added and multiplied. */
#define MN_LARGEST_EXPONENT 200.0

/* A function of an exponent z, and its derivative by z. */
typedef struct {
    double value, slope;
} mn_growth;

/* sinh(z) for |z| < 1 by its series: without the cancellation of exp(z) - exp(-z). Left out: 1e-17 of it. */
static inline double mn_sinh_small(double z)
{
    const double y = z * z;
    double q = 1.0 + y * (1.0 / 210.0) * (1.0 + y * (1.0 / 272.0));
    q = 1.0 + y * (1.0 / 110.0) * (1.0 + y * (1.0 / 156.0) * q);
    return z *
           (1.0 + y * (1.0 / 6.0) * (1.0 + y * (1.0 / 20.0) * (1.0 + y * (1.0 / 42.0) * (1.0 + y * (1.0 / 72.0) * q))));
}

/* exp(z) - 1, every digit of it also where z is small. */
static inline mn_growth mn_exp_minus_one(double z)
{
    if (z > MN_LARGEST_EXPONENT) {
        double top = mn_exp1(MN_LARGEST_EXPONENT);
        return (mn_growth){.value = top * (1.0 + (z - MN_LARGEST_EXPONENT)), .slope = top};
    }
    double grown = mn_exp1(z);
    return (mn_growth){.value = fabs(z) < 1.0 ? 2.0 * mn_sinh_small(0.5 * z) * mn_exp1(0.5 * z) : grown - 1.0,
                       .slope = grown};
}

/* sinh(z), every digit of it also where z is small. */
static inline mn_growth mn_sinh(double z)
{
    double size = fabs(z);
    if (size > MN_LARGEST_EXPONENT) {
        double top = 0.5 * mn_exp1(MN_LARGEST_EXPONENT);
        return (mn_growth){.value = copysign(top * (1.0 + (size - MN_LARGEST_EXPONENT)), z), .slope = top};
    }
    double grown = mn_exp1(size), shrunk = mn_exp1(-size);
    return (mn_growth){.value = size < 1.0 ? mn_sinh_small(z) : copysign(0.5 * (grown - shrunk), z),
                       .slope = 0.5 * (grown + shrunk)};
}

#endif
