/* The UMFPACK backend: any real or complex admittance, negative ones included.
 *
 * Every vertex (free node or electrode) is an unknown. Rows of vertices whose potential is given, or that no path of
 * nonzero admittances joins to one, are rows of the identity; the others are Laplacian rows, with the given potentials
 * on the right-hand side. Which vertices are given depends on the roles, so the numeric factorisation is done by the
 * solve that first needs it and kept until values or roles change. */
#include "circuit/solver.h"
#include "circuit/umfpack_solve.h"
#include "circuit/umfpack_state.h"

#include <math.h>
#include <string.h>

static int umfpack_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                          const int32_t *changed, mn_error *error)
{
    umfpack_state *u = state;
    const double *value[2] = {conductance, imag};
    const size_t size = (size_t)u->network->n_edges * sizeof(double);
    (void)n_changed; /* a new factorisation costs the same, whatever changed */
    (void)changed;
    u->has_values = false;
    mn_umfpack_free_numeric(u);
    if (!u->is_complex && imag != NULL) {
        return mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        if (value[part] == NULL) {
            memset(u->g[part], 0, size);
            continue;
        }
        for (int64_t e = 0; e < u->network->n_edges; e++) {
            if (!isfinite(value[part][e])) {
                if (error != NULL) {
                    error->edge = (int32_t)e;
                    error->value = value[part][e];
                }
                return mn_error_set(error, MN_ERR_CONDUCTANCE);
            }
            u->g[part][e] = value[part][e];
        }
    }
    u->has_values = true;
    return MN_OK;
}

int mn_umfpack_set_transfers(void *state, const double *conductance, int shift, mn_error *error)
{
    umfpack_state *u = state;
    for (int64_t k = 0; k < u->transfers.n; k++) {
        u->t[k] = ldexp(conductance[k], shift);
        if (!isfinite(u->t[k])) {
            u->has_values = false;
            if (error != NULL) {
                error->edge = u->transfers.transfer[k].edge;
                error->value = conductance[k];
            }
            return mn_error_set(error, MN_ERR_CONDUCTANCE);
        }
    }
    return MN_OK;
}

static void umfpack_info(const void *state, mn_solver_info *info)
{
    const umfpack_state *u = state;
    *info = (mn_solver_info){.n_free = u->n_free,
                             .n_entries = u->start[u->n],
                             .bytes = (int64_t)(u->info[UMFPACK_NUMERIC_SIZE] * u->info[UMFPACK_SIZE_OF_UNIT]),
                             .n_columns = u->n,
                             .rcond = u->info[UMFPACK_RCOND],
                             .error_bound = u->error_bound};
}

const mn_solver_ops mn_umfpack_ops = {
    .name = "umfpack",
    .takes_real = true,
    .takes_complex = true,
    .init = mn_umfpack_init,
    .factor = umfpack_factor,
    .solve = mn_umfpack_solve,
    .info = umfpack_info,
    .free = mn_umfpack_free,
};
