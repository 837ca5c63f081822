/* What simulations that step together have in common. */
#include "simulate/loans.h"

#include "simulate/engine.h"

#include <string.h>

/* Pointers of a population beside its fields: length; and of indices: edge and both ends. */
enum { N_OTHERS = 1, N_INDICES = 3, N_ENGINE = 2 };

static void lend(mn_loans *loans, double **place, double *lent)
{
    loans->loan[loans->n++] = (mn_loan){.place = place, .own = *place};
    *place = lent;
}

static void lend_index(mn_loans *loans, int32_t **place, int32_t *lent)
{
    loans->index_loan[loans->n_index++] = (mn_index_loan){.place = place, .own = *place};
    *place = lent;
}

static bool same_doubles(const double *x, const double *y, int64_t n)
{
    return x != NULL && y != NULL && memcmp(x, y, (size_t)n * sizeof(*x)) == 0;
}

static void lend_population(mn_loans *loans, mn_simulation *from, mn_simulation *to, int64_t p)
{
    mn_population *one = &from->population[p], *other = &to->population[p];
    mn_members *members = &from->engine->members[p], *others = &to->engine->members[p];
    const size_t edges = (size_t)one->n * sizeof(*one->edge);
    if (one->model != other->model || one->n != other->n || memcmp(one->edge, other->edge, edges) != 0) {
        return;
    }
    const bool is_drawn_again = from->engine->cycles != NULL || to->engine->cycles != NULL;
    lend_index(loans, &other->edge, one->edge);
    lend_index(loans, &others->a, members->a);
    lend_index(loans, &others->b, members->b);
    if (same_doubles(one->length, other->length, one->n)) {
        lend(loans, &other->length, one->length);
    }
    for (int64_t f = 0; f < one->model->n_fields; f++) {
        const bool is_fixed = one->model->field[f].role == MN_PARAMETER && !is_drawn_again;
        if (is_fixed && one->width[f] == other->width[f] &&
            same_doubles(one->field[f], other->field[f], one->n * one->width[f])) {
            lend(loans, &other->field[f], one->field[f]);
        }
    }
    /* what is computed for listed members alone is copied before the next simulation takes its step */
    for (int64_t f = 0; f < one->model->n_fields && mn_steps_active_only(from, one) && mn_steps_active_only(to, other);
         f++) {
        if (one->next[f] != NULL && one->width[f] == other->width[f]) {
            lend(loans, &other->next[f], one->next[f]);
        }
    }
    for (int64_t k = 0; k < one->model->n_scratch + one->model->n_blocks; k++) {
        lend(loans, &other->scratch[k], one->scratch[k]);
    }
}

/* The most that one simulation can be lent. */
static int64_t count_most(const mn_simulation *simulation)
{
    int64_t most = N_ENGINE;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        most += 2 * model->n_fields + model->n_scratch + model->n_blocks + N_OTHERS;
    }
    return most;
}

int mn_loans_init(mn_loans *loans, int64_t n, mn_simulation *const *simulation)
{
    mn_simulation *first = simulation[0];
    *loans = (mn_loans){0};
    loans->loan = mn_pool_alloc(&loans->pool, n * count_most(first), sizeof(*loans->loan));
    loans->index_loan = mn_pool_alloc(&loans->pool, n * N_INDICES * first->n_populations, sizeof(*loans->index_loan));
    const int code = loans->pool.code;
    if (code != MN_OK) {
        mn_loans_free(loans);
        return code;
    }
    for (int64_t r = 1; r < n; r++) {
        mn_simulation *other = simulation[r];
        lend(loans, &other->engine->g, first->engine->g);
        lend(loans, &other->engine->i0, first->engine->i0);
        for (int64_t p = 0; first->n_populations == other->n_populations && p < first->n_populations; p++) {
            lend_population(loans, first, other, p);
        }
    }
    return MN_OK;
}

void mn_loans_free(mn_loans *loans)
{
    for (int64_t k = 0; k < loans->n; k++) {
        *loans->loan[k].place = loans->loan[k].own;
    }
    for (int64_t k = 0; k < loans->n_index; k++) {
        *loans->index_loan[k].place = loans->index_loan[k].own;
    }
    mn_pool_free(&loans->pool);
    *loans = (mn_loans){0};
}
