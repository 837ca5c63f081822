/* Random numbers of a test, by seed and count: the same on every machine. */
#ifndef MN_TEST_DICE_H
#define MN_TEST_DICE_H

#include "base/numbers.h"

typedef struct {
    uint64_t seed, count;
} dice;

/* From [0, 1). */
static inline double roll(dice *d)
{
    double u[2];
    mn_uniform2(d->seed, 0, d->count++, 0, u);
    return u[0];
}

/* Of 0 to n - 1. */
static inline int32_t pick(dice *d, int64_t n)
{
    return (int32_t)(roll(d) * (double)n);
}

#endif
