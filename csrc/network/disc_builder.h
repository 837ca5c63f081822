/* The search for groups and gaps of discs: what discs.c, which throws them, disc_groups.c and disc_gaps.c share. */
#ifndef MN_DISC_BUILDER_H
#define MN_DISC_BUILDER_H

#include "memnet.h"

#include <math.h>

typedef struct {
    double size;  /* pd */
    double image; /* distance to the next image: the size, inf where the axis is open */
    int64_t n;    /* cells, which tile the box exactly and are longer than 1 pd */
} mn_disc_axis;

typedef struct {
    double x, y;
    int32_t disc;
    int32_t group;
} mn_particle;

typedef struct {
    int32_t low, high; /* particles low..high-1 */
} mn_segment;

typedef struct {
    double square; /* of the shortest distance */
    int32_t a, b;
    int32_t disc_a, disc_b;
} mn_link;

typedef struct {
    mn_disc_axis x, y;
    int64_t n;
    mn_particle *particle; /* n, sorted by cell; cells of one row stand in a row */
    int32_t *start;        /* cells + 1: first particle of each cell */
    int32_t *set;          /* n: union-find parent, then groups numbered by their first particle */
    mn_segment *near;      /* 2 y.n: particles of the cells around one cell */
    int64_t n_groups;
    int32_t *set_start;    /* n_groups + 1 */
    int32_t *set_particle; /* n: particles by set */
    int32_t *slot;         /* n_groups: the link to this group that was listed last */
    int64_t n_links;
    int64_t link_capacity;
    mn_link *link;
    mn_cancel *cancel;
    mn_pool pool; /* of the arrays but `link`, which grows */
} mn_disc_builder;

static inline double mn_square_distance(const mn_disc_builder *build, const mn_particle *p, const mn_particle *q)
{
    double dx = fabs(p->x - q->x);
    double dy = fabs(p->y - q->y);

    dx = build->x.image - dx < dx ? build->x.image - dx : dx;
    dy = build->y.image - dy < dy ? build->y.image - dy : dy;
    return dx * dx + dy * dy;
}

/* network/disc_groups.c */

/* Memory, and cells for the box of discs->options. Error: NO_MEMORY. */
int mn_disc_builder_init(mn_disc_builder *build, const mn_discs *discs) MN_CHECKED;
void mn_disc_builder_free(mn_disc_builder *build);
/* From the discs to the groups of those that overlap. Errors: NO_MEMORY, INTERRUPTED. */
int mn_disc_builder_group(mn_disc_builder *build, mn_discs *discs) MN_CHECKED;
/* The cell of a coordinate, and in how many cells around it everything within a distance is. */
int64_t mn_disc_cell(const mn_disc_axis *axis, double at);
int64_t mn_disc_range(const mn_disc_axis *axis, double distance);
/* Makes near[] the particles of the cells within that range of one cell; returns the number of its segments. */
int64_t mn_disc_near(const mn_disc_builder *build, int64_t cell_x, int64_t cell_y, int64_t range_x, int64_t range_y);

/* network/disc_gaps.c: from the groups to the gaps between them. Errors: TOO_LARGE, NO_MEMORY, INTERRUPTED. */
int mn_disc_builder_gaps(mn_disc_builder *build, mn_discs *discs) MN_CHECKED;

#endif
