/* Gaps between groups of discs: the shortest link of each pair of groups that are near enough. */
#include "network/disc_builder.h"

#include "base/cancel.h"

#include <float.h>
#include <string.h>

static bool is_shorter(const mn_link *p, const mn_link *q)
{
    if (p->square != q->square) {
        return p->square < q->square;
    }
    return p->disc_a != q->disc_a ? p->disc_a < q->disc_a : p->disc_b < q->disc_b;
}

/* Keeps the shortest link of a pair of groups; links from `first` on start at the same group. */
static int store_link(mn_disc_builder *build, int64_t first, mn_link candidate)
{
    if (build->slot[candidate.b] >= first) {
        mn_link *shortest = &build->link[build->slot[candidate.b]];

        *shortest = is_shorter(&candidate, shortest) ? candidate : *shortest;
        return MN_OK;
    }
    if (build->n_links == build->link_capacity) {
        const int64_t capacity = build->link_capacity < 1024 ? 1024 : 2 * build->link_capacity;
        mn_link *grown = mn_realloc(build->link, capacity, sizeof *grown);

        if (grown == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        build->link = grown;
        build->link_capacity = capacity;
    }
    if (build->n_links == INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^31 gaps */
    }
    build->slot[candidate.b] = (int32_t)build->n_links;
    build->link[build->n_links++] = candidate;
    return MN_OK;
}

/* Looks for groups of higher number around one particle. The square of the limit is rounded up. */
static int link_particle(mn_disc_builder *build, int64_t first, const mn_particle *p, int64_t n_near, double limit)
{
    for (int64_t k = 0; k < n_near; k++) {
        if (mn_cancelled(build->cancel)) {
            return MN_ERR_INTERRUPTED;
        }
        for (int32_t j = build->near[k].low; j < build->near[k].high; j++) {
            const mn_particle *q = &build->particle[j];

            if (q->group > p->group) {
                const double square = mn_square_distance(build, p, q);

                if (square <= limit) {
                    const int code = store_link(
                        build, first,
                        (mn_link){
                            .square = square, .a = p->group, .b = q->group, .disc_a = p->disc, .disc_b = q->disc});

                    if (code != MN_OK) {
                        return code;
                    }
                }
            }
        }
    }
    return MN_OK;
}

/* Group by group, in the order of the sets, whose neighbours in this order are neighbours in memory. */
static int list_links(mn_disc_builder *build, double max_gap)
{
    const double limit = (1.0 + max_gap) * (1.0 + max_gap) * (1.0 + 8.0 * DBL_EPSILON);
    const int64_t range_x = mn_disc_range(&build->x, 1.0 + max_gap);
    const int64_t range_y = mn_disc_range(&build->y, 1.0 + max_gap);
    int64_t n_links = 0;

    for (int64_t s = 0; s < build->n_groups; s++) {
        const int64_t first = build->n_links;
        int64_t last_cell = -1;
        int64_t n_near = 0;

        for (int32_t k = build->set_start[s]; k < build->set_start[s + 1]; k++) {
            const mn_particle *p = &build->particle[build->set_particle[k]];
            const int64_t cell_x = mn_disc_cell(&build->x, p->x);
            const int64_t cell_y = mn_disc_cell(&build->y, p->y);

            if (cell_y * build->x.n + cell_x != last_cell) {
                last_cell = cell_y * build->x.n + cell_x;
                n_near = mn_disc_near(build, cell_x, cell_y, range_x, range_y);
            }
            const int code = link_particle(build, first, p, n_near, limit);

            if (code != MN_OK) {
                return code;
            }
        }
    }
    for (int64_t k = 0; k < build->n_links; k++) {
        if (sqrt(build->link[k].square) - 1.0 < max_gap) {
            build->link[n_links++] = build->link[k];
        }
    }
    build->n_links = n_links;
    return MN_OK;
}

/* One pass of a stable counting sort: order_out lists `order` by group a or b. offset (n_groups + 1) is work space. */
static void sort_links(const mn_disc_builder *build, bool by_b, const int32_t *order, int32_t *offset,
                       int32_t *order_out)
{
    memset(offset, 0, (size_t)(build->n_groups + 1) * sizeof *offset);
    for (int64_t k = 0; k < build->n_links; k++) {
        offset[(by_b ? build->link[k].b : build->link[k].a) + 1]++;
    }
    for (int64_t g = 0; g < build->n_groups; g++) {
        offset[g + 1] += offset[g];
    }
    for (int64_t k = 0; k < build->n_links; k++) {
        const mn_link *at = &build->link[order != NULL ? order[k] : k];

        order_out[offset[by_b ? at->b : at->a]++] = order != NULL ? order[k] : (int32_t)k;
    }
}

static int store_gaps(mn_disc_builder *build, mn_discs *discs)
{
    int32_t *by_b = mn_pool_alloc(&build->pool, build->n_links, sizeof *by_b);
    int32_t *order = mn_pool_alloc(&build->pool, build->n_links, sizeof *order);

    discs->gap = mn_pool_alloc(&discs->pool, 2 * build->n_links, sizeof *discs->gap);
    discs->gap_disc = mn_pool_alloc(&discs->pool, 2 * build->n_links, sizeof *discs->gap_disc);
    discs->gap_length = mn_pool_alloc(&discs->pool, build->n_links, sizeof *discs->gap_length);
    if (build->pool.code != MN_OK || discs->pool.code != MN_OK) {
        return MN_ERR_NO_MEMORY;
    }
    sort_links(build, true, NULL, build->set_start, by_b);
    sort_links(build, false, by_b, build->set_start, order);
    discs->n_gaps = build->n_links;
    for (int64_t k = 0; k < build->n_links; k++) {
        const mn_link *at = &build->link[order[k]];

        discs->gap[2 * k] = at->a;
        discs->gap[2 * k + 1] = at->b;
        discs->gap_disc[2 * k] = at->disc_a;
        discs->gap_disc[2 * k + 1] = at->disc_b;
        discs->gap_length[k] = sqrt(at->square) - 1.0;
    }
    return MN_OK;
}

int mn_disc_builder_gaps(mn_disc_builder *build, mn_discs *discs)
{
    const int code = list_links(build, discs->options.max_gap);

    return code == MN_OK ? store_gaps(build, discs) : code;
}
