/* Parameters that are drawn again: which counters, within which range, what is kept and what is forgotten. */
#include "check.h"
#include "simulate/cycles.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

enum { N_EDGES = 2, V_ON = 0, V_OFF = 1, SEED = 7, STREAM = 11 };

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
} fixture;

static const double center[N_EDGES] = {0.4, 0.3};

/* Two threshold switches between the same nodes, which nothing drives to their thresholds. */
static void start(fixture *f)
{
    static const int32_t edges[2 * N_EDGES] = {0, 1, 0, 1}, electrode[2] = {0, 1}, all[N_EDGES] = {0, 1};
    static const double v_on[N_EDGES] = {1.2, 1.2}, r_on[N_EDGES] = {1.0, 1.0}, r_off[N_EDGES] = {2.0, 2.0};
    static const double off[N_EDGES] = {0.0, 0.0};
    static const double *const parameter[5] = {v_on, center, r_on, r_off, off};
    const int32_t root[2] = {0, 1};
    const mn_device_spec device = {.model = "ThresholdSwitch", .n = N_EDGES, .edge = all, .parameter = parameter};
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {0.1}}, {.kind = MN_WAVE_CONSTANT, .p = {0.0}}};
    const mn_simulation_options options = {
        .solver = "kron", .dt = 0.25, .seed = 1, .incremental = true, .event_driven = true};
    NEED(mn_network_init(&f->network, 2, N_EDGES, edges, NULL, 2, electrode, &f->error) == MN_OK);
    NEED(mn_simulation_init(&f->simulation, &f->network, 1, &device, 2, wave, root, &options, &f->error) == MN_OK);
}

static void stop(fixture *f)
{
    mn_simulation_free(&f->simulation);
    mn_network_free(&f->network);
}

static mn_cycle_spec normal(double size)
{
    return (mn_cycle_spec){.field = V_OFF,
                           .kind = 1,
                           .state = -1,
                           .distribution = {.kind = MN_DISTRIBUTION_NORMAL, .size = size},
                           .seed = SEED,
                           .stream = STREAM,
                           .center = center};
}

static double again(const mn_cycle_spec *spec, int32_t edge, uint64_t draw)
{
    const mn_counter counter = {.seed = SEED, .stream = STREAM, .draw = draw, .edge = edge};
    return mn_draw(&spec->distribution, &counter, center[edge], nextafter(0.0, 1.0), nextafter(1.2, 0.0));
}

static int note(fixture *f, int32_t member, int8_t kind)
{
    mn_error_clear(&f->error);
    return mn_cycles_note(&f->simulation, 0, member, kind, &f->error);
}

static void test_draws(check_count *count)
{
    const mn_distribution uniform = {.kind = MN_DISTRIBUTION_UNIFORM, .size = 1.0};
    const mn_distribution relative = {.kind = MN_DISTRIBUTION_UNIFORM, .size = 1.0, .relative = true};
    const mn_counter counter = {.seed = 1, .stream = 2, .draw = 3, .edge = 4};
    double u[2], other[2];
    mn_uniform2(1, 2, 4, 3, u);
    mn_uniform2(1, 2, 4 + (UINT64_C(1) << 32), 3, other);
    CHECK(count, mn_draw(&uniform, &counter, 5.0, 0.0, 9.0) == 5.0 + (u[0] - 0.5));
    CHECK(count, mn_draw(&relative, &counter, 5.0, 0.0, 9.0) == 5.0 + 5.0 * (u[0] - 0.5));
    const bool lower = other[0] < u[0]; /* the second try, where the first is outside */
    const double low = lower ? 4.0 : 5.0 + (other[0] - 0.5), high = lower ? 5.0 + (other[0] - 0.5) : 6.0;
    CHECK(count, mn_draw(&uniform, &counter, 5.0, low, high) == 5.0 + (other[0] - 0.5));
    CHECK(count, isnan(mn_draw(&uniform, &counter, 5.0, 7.0, 9.0)));
    CHECK(count, isnan(mn_draw(&uniform, &counter, (double)INFINITY, 0.0, 9.0)));
    CHECK(count, mn_distribution_find("lognormal") == MN_DISTRIBUTION_LOGNORMAL && mn_distribution_find("") == -1);
}

static void test_keeping_and_forgetting(check_count *count)
{
    const mn_cycle_spec spec = normal(0.5); /* much of it is beyond 0 or v_on */
    fixture f;
    start(&f);
    double *v_off = f.simulation.population[0].field[V_OFF];
    CHECK(count, note(&f, 0, 1) == MN_OK && v_off[0] == center[0]); /* without cycles nothing happens */
    NEED(mn_simulation_cycle(&f.simulation, 1, &spec, &f.error) == MN_OK);
    CHECK(count, note(&f, 0, -1) == MN_OK && v_off[0] == center[0]); /* of another kind */
    for (uint64_t k = 1; k <= 40; k++) {
        CHECK(count, note(&f, 1, 1) == MN_OK && v_off[1] == again(&spec, 1, k) && v_off[0] == center[0]);
        CHECK(count, v_off[1] > 0.0 && v_off[1] < 1.2);
    }
    CHECK(count, !mn_cycles_keep(&f.simulation));
    CHECK(count, note(&f, 0, 1) == MN_OK && note(&f, 1, 1) == MN_OK && v_off[0] == again(&spec, 0, 1));
    mn_cycles_forget(&f.simulation);
    CHECK(count, v_off[0] == center[0] && v_off[1] == again(&spec, 1, 40));
    CHECK(count, note(&f, 1, 1) == MN_OK && v_off[1] == again(&spec, 1, 41));
    CHECK(count, mn_simulation_verify(&f.simulation, &f.error) == MN_OK);
    stop(&f);
}

/* The parameter above stays above the one that has to be below it; with no draw inside that is an error. */
static void test_an_order(check_count *count)
{
    static const double v_on[N_EDGES] = {0.5, 0.5};
    mn_cycle_spec spec = normal(1.0);
    spec.field = V_ON;
    spec.center = v_on;
    fixture f;
    start(&f);
    NEED(mn_simulation_cycle(&f.simulation, 1, &spec, &f.error) == MN_OK);
    for (int k = 0; k < 40; k++) {
        CHECK(count, note(&f, 0, 1) == MN_OK && f.simulation.population[0].field[V_ON][0] > center[0]);
    }
    stop(&f);
    spec = normal(1e9);
    start(&f);
    NEED(mn_simulation_cycle(&f.simulation, 1, &spec, &f.error) == MN_OK);
    CHECK(count, note(&f, 1, 1) == MN_ERR_SPREAD && f.error.edge == 1 && f.error.value == center[1]);
    CHECK(count, strcmp(f.error.noun, "v_off") == 0 && strcmp(f.error.model, "ThresholdSwitch") == 0);
    mn_cycles_forget(&f.simulation);
    CHECK(count, f.simulation.population[0].field[V_OFF][1] == center[1]);
    stop(&f);
}

static bool is_refused(const mn_cycle_spec *spec, const char *noun)
{
    fixture f;
    start(&f);
    const int code = mn_simulation_cycle(&f.simulation, 1, spec, &f.error);
    const bool refused = code == MN_ERR_BAD_ARGUMENT && strcmp(f.error.noun, noun) == 0;
    const bool has_none = f.simulation.engine->cycles == NULL;
    stop(&f);
    return refused && has_none;
}

static void test_what_is_refused(check_count *count)
{
    enum { ON_INITIAL = 4, A_STATE = 5 };
    mn_cycle_spec spec = normal(0.1);
    spec.population = 1;
    CHECK(count, is_refused(&spec, "population"));
    spec = normal(0.1);
    spec.field = ON_INITIAL;
    CHECK(count, is_refused(&spec, "field"));
    spec.field = A_STATE;
    CHECK(count, is_refused(&spec, "field"));
    spec.field = -1;
    CHECK(count, is_refused(&spec, "field"));
    spec = normal(0.1);
    spec.state = V_ON;
    CHECK(count, is_refused(&spec, "state"));
    spec.state = 99;
    CHECK(count, is_refused(&spec, "state"));
    spec = normal(0.1);
    spec.level = (double)NAN;
    CHECK(count, is_refused(&spec, "level"));
    spec = normal(-0.1);
    CHECK(count, is_refused(&spec, "size"));
    fixture f;
    start(&f);
    spec = normal(0.1);
    CHECK(count, mn_simulation_cycle(&f.simulation, 0, NULL, NULL) == MN_OK && f.simulation.engine->cycles == NULL);
    CHECK(count, mn_simulation_cycle(&f.simulation, 1, &spec, NULL) == MN_OK);
    CHECK(count, mn_simulation_cycle(&f.simulation, 1, &spec, NULL) == MN_ERR_BAD_ARGUMENT); /* it has its cycles */
    stop(&f);
}

int main(void)
{
    check_count count = {0, 0};
    test_draws(&count);
    test_keeping_and_forgetting(&count);
    test_an_order(&count);
    test_what_is_refused(&count);
    return check_report(&count, "cycles");
}
