/* Straight sticks on a grid, and whether and where two of them meet, decided exactly.
 *
 * Whether two wires meet is decided exactly. The ends of all wires are rounded to a square grid, a power of two that is
 * at most 2^-49 of the extent of the network, so coordinates are integers below 2^51 in units of the grid, differences
 * of them are exact in double precision, and a determinant of differences fits 128-bit integers. Most signs are known
 * from the determinant in double precision and its error bound; the others are computed in 128 bits. What is decided
 * is closed: wires that touch, with an end or along a stretch, have a junction. Wires that lie on one line and overlap
 * have theirs in the middle of the stretch that they share. */
#ifndef MN_STICKS_H
#define MN_STICKS_H

#include "memnet.h"

#include <math.h>

#define MN_STICK_ERROR 0x1p-51 /* of a determinant p - q of exact differences, times |p| + |q| */

__extension__ typedef __int128 mn_wide;
__extension__ typedef unsigned __int128 mn_uwide;

/* Coordinates in units of the grid: integers. */
typedef struct {
    double x, y;
} mn_point;

typedef struct {
    mn_point p, q;
} mn_stick;

static inline mn_wide mn_cross(double ax, double ay, double bx, double by)
{
    return (mn_wide)(int64_t)ax * (int64_t)by - (mn_wide)(int64_t)ay * (int64_t)bx;
}

static inline mn_wide mn_dot(double ax, double ay, double bx, double by)
{
    return (mn_wide)(int64_t)ax * (int64_t)bx + (mn_wide)(int64_t)ay * (int64_t)by;
}

static inline int mn_sign(mn_wide value)
{
    return (value > 0) - (value < 0);
}

/* The side of the line from p to q on which r is: 1 left, -1 right, 0 on it. */
static inline int mn_orientation(mn_point p, mn_point q, mn_point r)
{
    const double ax = q.x - p.x;
    const double ay = q.y - p.y;
    const double bx = r.x - p.x;
    const double by = r.y - p.y;
    const double left = ax * by;
    const double right = ay * bx;
    const double determinant = left - right;

    if (fabs(determinant) > MN_STICK_ERROR * (fabs(left) + fabs(right))) {
        return determinant > 0.0 ? 1 : -1;
    }
    return mn_sign(mn_cross(ax, ay, bx, by));
}

/* Whether the range between p and q and the one between r and s have a value in common. */
static inline bool mn_ranges_meet(double p, double q, double r, double s)
{
    return (p > q ? p : q) >= (r < s ? r : s) && (r > s ? r : s) >= (p < q ? p : q);
}

static inline bool mn_boxes_meet(const mn_stick *a, const mn_stick *b)
{
    return mn_ranges_meet(a->p.x, a->q.x, b->p.x, b->q.x) && mn_ranges_meet(a->p.y, a->q.y, b->p.y, b->q.y);
}

/* Whether two sticks whose boxes meet have a point in common. On one line the boxes alone decide. */
static inline bool mn_sticks_meet(const mn_stick *a, const mn_stick *b)
{
    if (mn_orientation(a->p, a->q, b->p) * mn_orientation(a->p, a->q, b->q) > 0) {
        return false;
    }
    return mn_orientation(b->p, b->q, a->p) * mn_orientation(b->p, b->q, a->q) <= 0;
}

static inline double mn_ratio(mn_wide numerator, mn_wide denominator)
{
    const double value = (double)numerator / (double)denominator;

    return fmin(fmax(value, 0.0), 1.0);
}

/* Place of a point on the line of a stick, as a fraction of the stick, within it. */
static inline double mn_fraction_of(const mn_stick *a, mn_point r)
{
    const double dx = a->q.x - a->p.x;
    const double dy = a->q.y - a->p.y;

    return mn_ratio(mn_dot(dx, dy, r.x - a->p.x, r.y - a->p.y), mn_dot(dx, dy, dx, dy));
}

/* Where two sticks that meet do so: as fractions of a and of b. */
static inline void mn_meeting(const mn_stick *a, const mn_stick *b, double along[2])
{
    const double ax = a->q.x - a->p.x;
    const double ay = a->q.y - a->p.y;
    const double bx = b->q.x - b->p.x;
    const double by = b->q.y - b->p.y;
    const double cx = b->p.x - a->p.x;
    const double cy = b->p.y - a->p.y;
    const mn_wide parallel = mn_cross(ax, ay, bx, by);

    if (parallel != 0) {
        along[0] = mn_ratio(mn_cross(cx, cy, bx, by), parallel);
        along[1] = mn_ratio(mn_cross(cx, cy, ax, ay), parallel);
        return;
    }
    along[0] = 0.5 * (mn_fraction_of(a, b->p) + mn_fraction_of(a, b->q));
    along[1] = 0.5 * (mn_fraction_of(b, a->p) + mn_fraction_of(b, a->q));
}

#endif
