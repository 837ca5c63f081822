/* Which wires touch a pad, and where: a rectangle or a disc, on the grid of the wires and decided exactly as sticks.h
 * does. */
#include "network/sticks.h"

#define PAD_LIMIT 0x1p52 /* units of the grid: largest coordinate of a pad */

static mn_stick stick_of(const mn_wires *wires, int64_t i)
{
    const double *end = &wires->end[4 * i];

    return (mn_stick){.p = {.x = end[0] / wires->grid, .y = end[1] / wires->grid},
                      .q = {.x = end[2] / wires->grid, .y = end[3] / wires->grid}};
}

static double on_grid(const mn_wires *wires, double at)
{
    return fmin(fmax(rint(at / wires->grid), -PAD_LIMIT), PAD_LIMIT);
}

/* A stick and a rectangle are apart if and only if the line of a side or that of the stick separates them. */
static bool meets_rectangle(const mn_stick *a, const mn_stick *diagonal)
{
    const mn_point low = diagonal->p;
    const mn_point high = diagonal->q;
    const mn_point corner[4] = {low, {.x = high.x, .y = low.y}, high, {.x = low.x, .y = high.y}};
    int n_left = 0;
    int n_right = 0;

    if (!mn_boxes_meet(a, diagonal)) {
        return false;
    }
    for (int k = 0; k < 4; k++) {
        const int side = mn_orientation(a->p, a->q, corner[k]);

        n_left += side > 0;
        n_right += side < 0;
    }
    return n_left < 4 && n_right < 4;
}

/* Takes low <= from + t way <= high off the interval of t. */
static void clip(double from, double way, double low, double high, double inside[2])
{
    if (way != 0.0) {
        const double t = (low - from) / way;
        const double u = (high - from) / way;

        inside[0] = fmax(inside[0], fmin(t, u));
        inside[1] = fmin(inside[1], fmax(t, u));
    }
}

/* A touch so slight that rounding turns the interval round is a point. */
static void close_interval(double inside[2])
{
    if (inside[0] > inside[1]) {
        inside[0] = inside[1] = fmin(fmax(0.5 * (inside[0] + inside[1]), 0.0), 1.0);
    }
}

int mn_wires_rectangle(const mn_wires *wires, double x_low, double x_high, double y_low, double y_high, double *inside,
                       int64_t *n_touching)
{
    if (!(x_low <= x_high && y_low <= y_high)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    const mn_stick diagonal = {.p = {.x = on_grid(wires, x_low), .y = on_grid(wires, y_low)},
                               .q = {.x = on_grid(wires, x_high), .y = on_grid(wires, y_high)}};

    *n_touching = 0;
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const mn_stick a = stick_of(wires, i);
        double *part = &inside[2 * i];

        part[0] = part[1] = (double)NAN;
        if (meets_rectangle(&a, &diagonal)) {
            part[0] = 0.0;
            part[1] = 1.0;
            clip(a.p.x, a.q.x - a.p.x, diagonal.p.x, diagonal.q.x, part);
            clip(a.p.y, a.q.y - a.p.y, diagonal.p.y, diagonal.q.y, part);
            close_interval(part);
            (*n_touching)++;
        }
    }
    return MN_OK;
}

/* a * b in 256 bits, as high and low halves. */
static void product(mn_uwide a, mn_uwide b, mn_uwide out[2])
{
    const mn_uwide mask = UINT64_MAX;
    const mn_uwide low = (a & mask) * (b & mask);
    const mn_uwide middle = (a >> 64) * (b & mask) + (low >> 64);
    const mn_uwide other = (a & mask) * (b >> 64) + (middle & mask);

    out[0] = (a >> 64) * (b >> 64) + (middle >> 64) + (other >> 64);
    out[1] = (other << 64) | (low & mask);
}

/* Whether a b <= c d. */
static bool at_most(mn_uwide a, mn_uwide b, mn_uwide c, mn_uwide d)
{
    mn_uwide left[2];
    mn_uwide right[2];

    product(a, b, left);
    product(c, d, right);
    return left[0] != right[0] ? left[0] < right[0] : left[1] <= right[1];
}

/* Whether the point of the stick nearest to the centre is within the radius. */
static bool meets_disc(const mn_stick *a, mn_point centre, double radius)
{
    const double dx = a->q.x - a->p.x;
    const double dy = a->q.y - a->p.y;
    const double cx = centre.x - a->p.x;
    const double cy = centre.y - a->p.y;
    const mn_wide along = mn_dot(dx, dy, cx, cy);
    const mn_wide square = mn_dot(dx, dy, dx, dy);
    const mn_wide radius_square = (mn_wide)(int64_t)radius * (int64_t)radius;

    if (along <= 0) {
        return mn_dot(cx, cy, cx, cy) <= radius_square;
    }
    if (along >= square) {
        return mn_dot(centre.x - a->q.x, centre.y - a->q.y, centre.x - a->q.x, centre.y - a->q.y) <= radius_square;
    }
    const mn_wide distance = mn_cross(dx, dy, cx, cy); /* times the length of the stick */
    const mn_uwide size = (mn_uwide)(distance < 0 ? -distance : distance);

    return at_most(size, size, (mn_uwide)radius_square, (mn_uwide)square);
}

int mn_wires_disc(const mn_wires *wires, double x, double y, double radius, double *inside, int64_t *n_touching)
{
    const double limit = PAD_LIMIT * wires->grid;

    if (!(fabs(x) <= limit && fabs(y) <= limit && radius >= 0.0 && radius <= limit)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    const mn_point centre = {.x = on_grid(wires, x), .y = on_grid(wires, y)};
    const double r = on_grid(wires, radius);

    *n_touching = 0;
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const mn_stick a = stick_of(wires, i);
        double *part = &inside[2 * i];

        part[0] = part[1] = (double)NAN;
        if (meets_disc(&a, centre, r)) {
            const double dx = a.q.x - a.p.x;
            const double dy = a.q.y - a.p.y;
            const double square = dx * dx + dy * dy;
            const double nearest = ((centre.x - a.p.x) * dx + (centre.y - a.p.y) * dy) / square;
            const double off = ((centre.x - a.p.x) * dy - (centre.y - a.p.y) * dx) / square;
            const double half = sqrt(fmax(r * r / square - off * off, 0.0));

            part[0] = fmax(nearest - half, 0.0);
            part[1] = fmin(nearest + half, 1.0);
            close_interval(part);
            (*n_touching)++;
        }
    }
    return MN_OK;
}
