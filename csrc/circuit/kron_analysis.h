/* The elimination tree of an order, and the rows of its columns. */
#ifndef MN_KRON_ANALYSIS_H
#define MN_KRON_ANALYSIS_H

#include "memnet.h"

/* Work space of the analysis. Vertices count free nodes and electrodes. */
typedef struct {
    const mn_network *network;
    const int32_t *vertex; /* the order, by node */
    int64_t n_free;
    int64_t n_vertices;
    int64_t *lower_start; /* n_vertices + 1 */
    int32_t *lower;       /* free neighbours that are eliminated before the vertex */
    int32_t *parent;      /* n_vertices: first later vertex in the column, -1 for none (elimination tree) */
    int32_t *mark;        /* n_vertices */
    int64_t *cursor;      /* n_free */
    int32_t *head;        /* n_free: a list each, of columns that stand at a row or have one parent */
    int32_t *next;        /* n_free */
    int32_t *where;       /* n_vertices: slot of each row in the column at hand */
    mn_pool pool;         /* of the arrays */
} mn_kron_analysis;

/* The elimination tree of the order `vertex`, and the lengths of the columns in cursor[]. Errors: NO_MEMORY,
 * INTERRUPTED. */
int mn_kron_analysis_init(mn_kron_analysis *work, const mn_network *network, int64_t n_free, const int32_t *vertex,
                          mn_cancel *cancel) MN_CHECKED;
/* Writes the rows of column k, ascending, to row[cursor[k]] and every step[k]-th place from there, and moves cursor[k]
 * behind them. Errors: INTERRUPTED. */
int mn_kron_analysis_rows(mn_kron_analysis *work, const uint8_t *step, int32_t *row, mn_cancel *cancel) MN_CHECKED;
/* Numbers the free vertices anew in `vertex`, the order given at the start, so that each subtree of the elimination
 * tree is consecutive, children before parents, the child with the longest column last. Fill stays what it is. */
void mn_kron_analysis_postorder(mn_kron_analysis *work, int32_t *vertex);
/* The same with other numbers: number[k] for free vertex k, ancestors behind their descendants; not the array next[] or
 * mark[] of the work space. */
void mn_kron_analysis_renumber(mn_kron_analysis *work, const int32_t *number, int32_t *vertex);
void mn_kron_analysis_free(mn_kron_analysis *work);

/* The vertices of edge e, the one eliminated first before the other. */
static inline void mn_kron_edge_vertices(const mn_network *network, const int32_t *vertex, int64_t e, int32_t *low,
                                         int32_t *high)
{
    const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

#endif
