/* An elimination in quad precision that shares nothing with the library: another order (least degree at each moment),
 * adjacency lists, its own star-mesh transform. Without quad precision NO_QUAD is defined and nothing else. */
#ifndef QUAD_ELIMINATION_H
#define QUAD_ELIMINATION_H

#include "check.h"
#include "memnet.h"

#include <float.h>
#include <math.h>

#if defined(__SIZEOF_FLOAT128__)
typedef __float128 quad;
#elif LDBL_MANT_DIG == 113
typedef long double quad;
#else
#define NO_QUAD
#endif

#ifndef NO_QUAD

#include <string.h>

typedef struct {
    int32_t to;
    quad weight;
} bond;

typedef struct {
    int64_t n;
    int64_t capacity;
    bond *bond;
} star;

static void add_bond(star *s, int32_t to, quad weight)
{
    for (int64_t k = 0; k < s->n; k++) {
        if (s->bond[k].to == to) {
            s->bond[k].weight += weight;
            return;
        }
    }
    if (s->n == s->capacity) {
        s->capacity = 2 * s->capacity + 4;
        bond *grown = realloc(s->bond, (size_t)s->capacity * sizeof *grown);
        NEED(grown != NULL);
        s->bond = grown;
    }
    s->bond[s->n++] = (bond){to, weight};
}

static void drop_bond(star *s, int32_t to)
{
    for (int64_t k = 0; k < s->n; k++) {
        if (s->bond[k].to == to) {
            s->bond[k] = s->bond[--s->n];
            return;
        }
    }
}

static int32_t least_degree(const star *s, const uint8_t *gone, int64_t n_free)
{
    int32_t best = -1;
    for (int32_t i = 0; i < n_free; i++) {
        if (!gone[i] && (best < 0 || s[i].n < s[best].n)) {
            best = i;
        }
    }
    return best;
}

static inline void eliminate(star *s, int32_t k)
{
    quad total = 0;
    for (int64_t q = 0; q < s[k].n; q++) {
        total += s[k].bond[q].weight;
        drop_bond(&s[s[k].bond[q].to], k);
    }
    for (int64_t q = 0; q < s[k].n; q++) {
        for (int64_t r = q + 1; r < s[k].n; r++) {
            const bond i = s[k].bond[q], j = s[k].bond[r];
            const quad mesh = i.weight * j.weight / total;
            add_bond(&s[i.to], j.to, mesh);
            add_bond(&s[j.to], i.to, mesh);
        }
    }
}

/* Potentials of the nodes and currents of the electrodes, all driven with `voltage`; and, where `apart` is given, the
 * sums of the magnitudes of the currents from each electrode to the others. */
static void quad_solve(const mn_network *w, const double *g, const double *voltage, quad *potential, quad *current,
                       quad *apart)
{
    const int64_t n = w->n_nodes + w->n_electrodes; /* electrode e is vertex n_nodes + e */
    star *s = calloc((size_t)n, sizeof *s);
    uint8_t *gone = calloc((size_t)n, 1);
    int32_t *order = calloc((size_t)n, sizeof *order);
    quad *v = calloc((size_t)n, sizeof *v);
    int64_t n_gone = 0;
    NEED(s != NULL && gone != NULL && order != NULL && v != NULL);
    for (int64_t e = 0; e < w->n_edges; e++) {
        const int32_t ea = w->electrode[w->a[e]], eb = w->electrode[w->b[e]];
        const int32_t a = ea < 0 ? w->a[e] : (int32_t)w->n_nodes + ea, b = eb < 0 ? w->b[e] : (int32_t)w->n_nodes + eb;
        if (a != b && g[e] > 0.0) {
            add_bond(&s[a], b, g[e]);
            add_bond(&s[b], a, g[e]);
        }
    }
    for (int64_t i = 0; i < w->n_nodes; i++) {
        gone[i] = w->electrode[i] >= 0;
    }
    for (int32_t k = least_degree(s, gone, w->n_nodes); k >= 0; k = least_degree(s, gone, w->n_nodes)) {
        eliminate(s, k);
        gone[k] = 1;
        order[n_gone++] = k;
    }
    for (int64_t e = 0; e < w->n_electrodes; e++) {
        const star *t = &s[w->n_nodes + e];
        v[w->n_nodes + e] = voltage[e];
        current[e] = 0;
        quad sum = 0;
        for (int64_t q = 0; q < t->n; q++) {
            const quad i = t->bond[q].weight * ((quad)voltage[e] - (quad)voltage[t->bond[q].to - w->n_nodes]);
            current[e] += i;
            sum += i < 0 ? -i : i;
        }
        if (apart != NULL) {
            apart[e] = sum;
        }
    }
    while (n_gone > 0) {
        const star *t = &s[order[--n_gone]];
        quad sum = 0, total = 0;
        for (int64_t q = 0; q < t->n; q++) {
            sum += t->bond[q].weight * v[t->bond[q].to];
            total += t->bond[q].weight;
        }
        v[order[n_gone]] = t->n > 0 ? sum / total : (quad)NAN;
    }
    for (int64_t i = 0; i < w->n_nodes; i++) {
        potential[i] = w->electrode[i] < 0 ? v[i] : v[w->n_nodes + w->electrode[i]];
    }
    for (int64_t i = 0; i < n; i++) {
        free(s[i].bond);
    }
    free(s);
    free(gone);
    free(order);
    free(v);
}

#endif
#endif
