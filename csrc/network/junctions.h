/* The search for the junctions of wires: what wires.c, which makes the sticks, and junctions.c share. */
#ifndef MN_JUNCTIONS_H
#define MN_JUNCTIONS_H

#include "network/sticks.h"

typedef struct {
    double low;   /* in units of the grid */
    double scale; /* cells a unit */
    int64_t n;
} mn_cell_axis;

typedef struct {
    int64_t n;
    mn_stick *stick; /* n */
    mn_cell_axis x, y;
    int32_t *start; /* cells + 1: first entry of each cell */
    int32_t *entry; /* sticks by cell, ascending */
    int32_t *seen;  /* n: the last stick that this one was compared with */
    int64_t n_junctions;
    int64_t capacity;
    int32_t *junction; /* 2 n_junctions */

    /* budget */
    int64_t n_whole;        /* wires of the network that this is, or is a sample of */
    bool in_order;          /* wires that somebody gave: the first ones may be unlike the others */
    int64_t room;           /* bytes for entries and junctions */
    int64_t most_junctions; /* more are refused */
    double needed;          /* bytes, where something is refused */

    mn_cancel *cancel;
    mn_pool pool; /* of the arrays but `junction`, which grows */
} mn_wire_builder;

static inline double mn_pairs_of(int64_t n)
{
    return 0.5 * (double)n * (double)(n - 1);
}

/* Says how much there may be, or that the wires alone are too many (MN_ERR_TOO_LARGE). */
int mn_wire_builder_budget(mn_wire_builder *build, int64_t n_wires, int64_t max_bytes) MN_CHECKED;
/* From the sticks to the junctions. Errors: TOO_LARGE (build->needed), NO_MEMORY, INTERRUPTED. */
int mn_wire_builder_join(mn_wire_builder *build) MN_CHECKED;
void mn_wire_builder_free(mn_wire_builder *build);

#endif
