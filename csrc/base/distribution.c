/* Draws around a value: what stands in distributions.def, from counters. */
#include "memnet.h"

#include <math.h>
#include <string.h>

/* How often a value outside its range is drawn again. */
enum { MOST_DRAWS = 1000 };

int mn_distribution_find(const char *name)
{
    static const char *const names[MN_DISTRIBUTION_N] = {
#define MN_DISTRIBUTION(kind, text, ...) [MN_DISTRIBUTION_##kind] = (text),
#include "base/distributions.def"
#undef MN_DISTRIBUTION
    };
    for (int k = 0; k < MN_DISTRIBUTION_N; k++) {
        if (strcmp(names[k], name) == 0) {
            return k;
        }
    }
    return -1;
}

/* One draw; `index` has room for the number of the try above its first 32 bits. */
static double draw_once(const mn_distribution *distribution, const mn_counter *counter, uint64_t try, double center)
{
    const uint64_t index = (uint64_t)(uint32_t)counter->edge | try << 32;
    double u[2] = {0.0, 0.0}, z = 0.0;
    if (distribution->kind == MN_DISTRIBUTION_UNIFORM) {
        mn_uniform2(counter->seed, counter->stream, index, counter->draw, u);
    } else {
        z = mn_normal(counter->seed, counter->stream, index, counter->draw);
    }
    const double size = distribution->relative ? center * distribution->size : distribution->size;
    switch (distribution->kind) {
#define MN_DISTRIBUTION(kind, text, value)                                                                             \
    case MN_DISTRIBUTION_##kind:                                                                                       \
        return (value);
#include "base/distributions.def"
#undef MN_DISTRIBUTION
    case MN_DISTRIBUTION_N:
        break;
    }
    return NAN; /* GCOV_EXCL_LINE: no kind */
}

double mn_draw(const mn_distribution *distribution, const mn_counter *counter, double center, double low, double high)
{
    for (uint64_t try = 0; isfinite(center) && try < MOST_DRAWS; try++) {
        const double value = draw_once(distribution, counter, try, center);
        if (value >= low && value <= high) {
            return value;
        }
    }
    return NAN;
}
