/* A step that goes through a population slice by slice has the bits of one that takes all members at once. */
#include "contract_models.h"
#include "population.h"

#include <math.h>

enum { N = 41, N_STEPS = 60 };

typedef struct {
    mn_population whole, parts, slice;
    mn_pool pool;
    double v[N], v_prev[N], g[2][N], i0[2][N];
    int64_t n_events;
    bool same;
} twins;

static void start(twins *t, const mn_device_model *model)
{
    double length[N];
    mn_error error;
    for (int32_t k = 0; k < N; k++) {
        length[k] = 0.02 + 0.001 * k;
        t->v[k] = t->v_prev[k] = 0.0;
    }
    NEED(make_model(&t->whole, model, N, length, NULL, 0, &error) == MN_OK);
    NEED(make_model(&t->parts, model, N, length, NULL, 0, &error) == MN_OK);
    t->pool = (mn_pool){0};
    t->n_events = 0;
    t->same = true;
    NEED(mn_population_slice_init(&t->slice, &t->parts, &t->pool) == MN_OK);
}

static void stop(twins *t)
{
    mn_pool_free(&t->pool);
    mn_population_free(&t->whole);
    mn_population_free(&t->parts);
}

static mn_step step_of(twins *t, int side, double dt, int64_t step)
{
    return (mn_step){.t = dt * (double)step,
                     .dt = dt,
                     .v = t->v,
                     .v_prev = t->v_prev,
                     .g = t->g[side],
                     .i0 = t->i0[side],
                     .inflow = (t->whole.model->flags & MN_READS_INFLOW) != 0 ? t->v : NULL};
}

/* Both conduct, then move at new voltages, the one in slices of at most `most` members. */
static void step_both(twins *t, double dt, int64_t step, int64_t most)
{
    mn_step all = step_of(t, 0, dt, step);
    t->whole.model->conductance(&t->whole, &all);
    for (int64_t first = 0; first < N; first += most) {
        mn_step some = step_of(t, 1, dt, step);
        some.v += first, some.v_prev += first, some.g += first, some.i0 += first;
        mn_population_slice(&t->slice, &t->parts, first, N - first < most ? N - first : most);
        t->slice.model->conductance(&t->slice, &some);
    }
    t->same = t->same && memcmp(t->g[0], t->g[1], sizeof(t->g[0])) == 0;
    for (int32_t k = 0; k < N; k++) {
        double u[2];
        mn_uniform2(7, 0, (uint64_t)k, (uint64_t)(step / 8), u);
        t->v[k] = u[0] < 0.2 ? 0.0 : 4.0 * (u[1] - 0.5) * u[0];
    }
    t->whole.n_events = t->parts.n_events = 0;
    t->whole.model->advance(&t->whole, &all);
    for (int64_t first = 0; first < N; first += most) {
        mn_step some = step_of(t, 1, dt, step);
        some.v += first, some.v_prev += first, some.inflow = some.inflow == NULL ? NULL : some.inflow + first;
        mn_population_slice(&t->slice, &t->parts, first, N - first < most ? N - first : most);
        t->slice.model->advance(&t->slice, &some);
        mn_population_take_events(&t->parts, &t->slice, first);
    }
    commit(&t->whole);
    commit(&t->parts);
    memcpy(t->v_prev, t->v, sizeof(t->v));
}

static void compare(twins *t)
{
    const size_t n = (size_t)t->whole.n_events;
    t->same = t->same && t->whole.n_events == t->parts.n_events &&
              memcmp(t->whole.event_member, t->parts.event_member, n * sizeof(int32_t)) == 0 &&
              memcmp(t->whole.event_kind, t->parts.event_kind, n) == 0;
    for (int64_t f = 0; f < t->whole.model->n_fields; f++) {
        const size_t size = (size_t)(N * t->whole.width[f]) * sizeof(double);
        t->same = t->same && memcmp(t->whole.field[f], t->parts.field[f], size) == 0;
    }
    t->n_events += t->whole.n_events;
}

/* Returns how many events there were. */
static int64_t test_model(check_count *count, const mn_device_model *model)
{
    static const int64_t most[3] = {1, 7, 32};
    int64_t n_events = 0;
    for (int k = 0; k < 3; k++) {
        twins t;
        start(&t, model);
        for (int64_t step = 0; step < N_STEPS && t.same; step++) {
            step_both(&t, 0.01, step, most[k]);
            compare(&t);
        }
        CHECK(count, t.same);
        if (!t.same) {
            printf("%s: slices of %d differ\n", model->name, (int)most[k]);
        }
        n_events += t.n_events;
        stop(&t);
    }
    return n_events;
}

/* Links are in the order of all members, so models with them are not sliced. */
static bool may_be_sliced(const mn_device_model *model)
{
    return model->advance != NULL && model->conductance != NULL && (model->flags & MN_HAS_LINK) == 0;
}

int main(void)
{
    check_count count = {0, 0};
    int64_t n_events = 0, n_models = 0;
    for (int64_t m = 0; m < mn_model_count() + N_CONTRACT_MODELS; m++) {
        const mn_device_model *model = m < mn_model_count() ? mn_model_get(m) : contract_models[m - mn_model_count()];
        if (may_be_sliced(model)) {
            n_events += test_model(&count, model);
            n_models++;
        }
    }
    CHECK(&count, n_models > 20 && n_events > 100);
    return check_report(&count, "slices");
}
