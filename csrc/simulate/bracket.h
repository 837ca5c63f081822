/* Private to csrc/simulate: where in a step a threshold is reached. */
#ifndef MN_BRACKET_H
#define MN_BRACKET_H

#include <math.h>
#include <stdbool.h>

/* Between two lengths with distances below 0 and above, by the rule of false position, whose older end counts half when
 * it stays (Illinois), and by halves now and then. */
typedef struct {
    double low, high;    /* s */
    double below, above; /* distances there */
    int side;            /* of the last try */
} mn_bracket;

/* Where to look in try n = 0, 1, ...; not nearer to an end than half of `margin` (s). */
static inline double mn_bracket_try(const mn_bracket *between, int n, double margin)
{
    enum { BISECT_EVERY = 4 };
    const double width = between->high - between->low;
    const double share = -between->below / (between->above - between->below);
    const double at = n % BISECT_EVERY == BISECT_EVERY - 1 || !(share >= 0.0 && share <= 1.0)
                          ? between->low + 0.5 * width
                          : between->low + share * width;
    return fmin(fmax(at, between->low + 0.5 * margin), between->high - 0.5 * margin);
}

/* At a length there is a distance, and something has reached its threshold or has not. */
static inline void mn_bracket_narrow(mn_bracket *between, double at, double distance, bool reached)
{
    if (reached) {
        between->below *= between->side > 0 ? 0.5 : 1.0;
        between->high = at;
        between->above = distance;
        between->side = 1;
    } else {
        between->above *= between->side < 0 ? 0.5 : 1.0;
        between->low = at;
        between->below = distance;
        between->side = -1;
    }
}

#endif
