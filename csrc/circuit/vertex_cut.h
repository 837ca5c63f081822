/* The lightest separator near another one. */
#ifndef MN_VERTEX_CUT_H
#define MN_VERTEX_CUT_H

#include "circuit/separation.h"

/* An arc of a flow; its reverse is the next or the one before (number ^ 1). */
typedef struct {
    int32_t to;
    int32_t room; /* how much more can flow */
    int32_t next; /* arc from the same point, -1 for none */
} mn_arc;

/* Work space for graphs up to a size. Points of the flow: where a vertex of the band is entered and left, and two ends.
 */
typedef struct {
    int32_t *band;  /* its vertices */
    int32_t *place; /* by vertex: where it stands in the band, -1 outside */
    int32_t n_band;
    int64_t n_arcs;
    mn_arc *arc;
    int32_t *first;   /* arc from a point, -1 for none */
    int32_t *current; /* arc that is tried next */
    int32_t *level;   /* from the source, -1 where it does not reach */
    int32_t *queue;
    int32_t *path;       /* arcs */
    uint8_t *reached[2]; /* points, from either end */
    bool meets[2];       /* whether the band has a side outside at either end */
} mn_vertex_cut;

/* Error: NO_MEMORY. */
int mn_vertex_cut_init(mn_vertex_cut *work, const mn_weighted_graph *largest, mn_pool *pool) MN_CHECKED;

/* Replaces the separator by the lightest one within `width` steps of it, or by a better balanced one of its weight: a
 * maximum flow through vertices (Dinic 1970) between what lies outside. Says whether it did. */
bool mn_cut_vertices(mn_separation *separation, int width, mn_vertex_cut *work);

#endif
