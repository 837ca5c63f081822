/* Random numbers, and elementary functions whose bits are the same on every machine: a part of memnet.h. */
#ifndef MN_NUMBERS_H
#define MN_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* ------------------------------------------------------------------ base/random: Philox 4x32-10 (Salmon 2011) */

/* Four random words of one (key, counter): the same on every machine, in any order of calls. */
void mn_philox(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw, uint32_t word[4]);
/* Uniform in [0, 1), 53 bits; two from one counter. */
void mn_uniform2(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw, double u[2]);
/* A number of the standard normal distribution from one counter, the same bits on every machine; within +-8.58. */
double mn_normal(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw);
/* Seeded permutation of 0..n-1 (Fisher-Yates with unbiased draws). */
void mn_permutation(uint64_t seed, uint64_t stream, int64_t n, int32_t *permutation);

/* ------------------------------------------------------------------ base/distribution */

typedef enum {
#define MN_DISTRIBUTION(kind, ...) MN_DISTRIBUTION_##kind,
#include "base/distributions.def"
#undef MN_DISTRIBUTION
    MN_DISTRIBUTION_N
} mn_distribution_kind;

/* A distribution around a value; `size` is what its formula in distributions.def takes, >= 0. */
typedef struct {
    mn_distribution_kind kind;
    double size;
    bool relative; /* size is a part of the value */
} mn_distribution;

/* Which number of a stream: that of an edge, and which of its draws. */
typedef struct {
    uint64_t seed, stream, draw;
    int32_t edge;
} mn_counter;

/* The kind of that name, -1 where there is none. */
int mn_distribution_find(const char *name);
/* A draw in [low, high], from counters alone: what is outside is drawn again, up to 1,000 times; then, or where the
 * center is not finite, nan. */
double mn_draw(const mn_distribution *distribution, const mn_counter *counter, double center, double low, double high);

/* ------------------------------------------------------------------ base/elementary */

/* y[k] = exp(x[k]), at most 1 ulp, the same bits on every machine. x == y is allowed. nan stays nan, > 709.78 is inf.
 */
void mn_exp(int64_t n, const double *x, double *y);
double mn_exp1(double x);
/* log(x), at most 1 ulp, the same bits on every machine; -inf at 0, nan below. */
double mn_log1(double x);
/* sin(2 pi x), within 2 ulp of the rounded-argument value, the same bits on every machine. */
double mn_sin_turns(double x);

#endif
