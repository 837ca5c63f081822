/* Small circuits of several models, whose currents a closed form gives. */
#include "check.h"
#include "devices/device.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

enum { MAX_FIELDS = 16 };

/* One member of a model; two parameters may differ from their defaults. */
typedef struct {
    double value[MAX_FIELDS];
    const double *parameter[MAX_FIELDS];
    int32_t edge;
    mn_device_spec spec;
} element;

static void element_init(element *e, const char *name, int32_t edge, const char *field, double value,
                         const char *field2, double value2)
{
    const mn_device_model *model = mn_model_find(name);
    NEED(model != NULL && model->n_fields <= MAX_FIELDS);
    int64_t n = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_PARAMETER) {
            const char *own = model->field[f].name;
            e->value[n] = strcmp(own, field) == 0 ? value : strcmp(own, field2) == 0 ? value2 : model->field[f].initial;
            e->parameter[n] = &e->value[n];
            n++;
        }
    }
    e->edge = edge;
    e->spec = (mn_device_spec){.model = name, .n = 1, .edge = &e->edge, .parameter = e->parameter};
}

/* Node 0 at 2 V - edge 0 - node 1 - edge 1 - node 2 at 0 V. */
static void chain_init(mn_network *network, mn_simulation *simulation, const element *first, const element *second,
                       bool event_driven)
{
    const int32_t edges[4] = {0, 1, 1, 2};
    const double length[2] = {0.01, 0.01};
    const int32_t electrode[3] = {0, -1, 1};
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {2.0}}, {.kind = MN_WAVE_CONSTANT}};
    const int32_t root[2] = {0, 1};
    const mn_device_spec device[2] = {first->spec, second->spec};
    const mn_simulation_options options = {
        .solver = "kron", .dt = 1.0, .seed = 7, .incremental = true, .event_driven = event_driven};
    NEED(mn_network_init(network, 3, 2, edges, length, 2, electrode, NULL) == MN_OK);
    NEED(mn_simulation_init(simulation, network, 2, device, 2, wave, root, &options, NULL) == MN_OK);
}

static void run(mn_simulation *simulation, int64_t n_steps)
{
    mn_reason reason;
    int64_t done;
    NEED(mn_simulation_run(simulation, n_steps, INFINITY, &reason, &done, NULL) == MN_OK && done == n_steps);
}

/* A gap that closes beside a battery: the gap has no source of its own, also after the event. */
static void test_gap_and_battery(check_count *count)
{
    for (int event_driven = 0; event_driven < 2; event_driven++) {
        mn_network network;
        mn_simulation s;
        element gap, battery;
        element_init(&gap, "TunnelGap", 0, "r_d", 1.0, "i_t", 100.0);
        element_init(&battery, "Resistor", 1, "conductance", 4.0, "emf", 0.5);
        chain_init(&network, &s, &gap, &battery, event_driven != 0);
        run(&s, 2);
        CHECK(count, s.events.n == 1 && s.events.step[0] == 0 && s.events.edge[0] == 0);
        const double expected = (2.0 - 0.5) / (1.0 / 10.0 + 1.0 / 4.0);
        CHECK(count, fabs(s.current[0] - expected) <= 1e-14 * expected);
        CHECK(count, fabs(s.current[1] + expected) <= 1e-14 * expected);
        CHECK(count, fabs(s.potential[1] - (2.0 - expected / 10.0)) <= 1e-14);
        mn_simulation_free(&s);
        mn_network_free(&network);
    }
}

/* A drive that is replaced by its equal: the next step solves, so that its potentials are again those of a step. */
static void test_same_drive(check_count *count)
{
    mn_network network;
    mn_simulation s;
    element gap, resistor;
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {2.0}}, {.kind = MN_WAVE_CONSTANT}};
    const int32_t root[2] = {0, 1};
    element_init(&gap, "TunnelGap", 0, "e_t", 1e6, "", 0.0);
    element_init(&resistor, "Resistor", 1, "", 0.0, "", 0.0);
    chain_init(&network, &s, &gap, &resistor, true);
    run(&s, 1);
    CHECK(count, s.solved);
    NEED(mn_simulation_set_drive(&s, 2, wave, root, NULL) == MN_OK);
    CHECK(count, !s.solved);
    run(&s, 1);
    CHECK(count, s.solved);
    mn_simulation_free(&s);
    mn_network_free(&network);
}

/* Who does not ask for the error record gets the code alone. */
static void test_no_record(check_count *count)
{
    mn_network network;
    mn_simulation s;
    mn_reason reason;
    int64_t done;
    element gap, resistor;
    const int32_t floating[2] = {-1, -1};
    element_init(&gap, "TunnelGap", 0, "", 0.0, "", 0.0);
    element_init(&resistor, "Resistor", 1, "", 0.0, "", 0.0);
    chain_init(&network, &s, &gap, &resistor, true);
    run(&s, 3);
    NEED(mn_simulation_set_drive(&s, 0, NULL, floating, NULL) == MN_OK);
    CHECK(count, mn_simulation_run(&s, 5, INFINITY, &reason, &done, NULL) == MN_ERR_NO_DRIVE);
    CHECK(count, done == 0 && s.step == 3);
    mn_simulation_free(&s);
    mn_network_free(&network);
}

/* Resistors may have sources; where none does, potentials keep the maximum principle to the last bit. A ring that hangs
 * on one electrode is at its voltage. */
static void test_resistors_without_emf(check_count *count)
{
    enum { N = 30 };
    int32_t edges[2 * N], edge[N], electrode[N];
    double conductance[N], emf[N];
    const double *parameter[2] = {conductance, emf};
    const mn_wave wave[1] = {{.kind = MN_WAVE_CONSTANT, .p = {0.7}}};
    const int32_t root[1] = {0};
    const mn_simulation_options options = {
        .solver = "kron", .dt = 1.0, .seed = 7, .incremental = true, .event_driven = true};
    mn_network network;
    mn_simulation s;
    for (int32_t k = 0; k < N; k++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)k, 0, u);
        edges[2 * k] = k;
        edges[2 * k + 1] = (k + 1) % N;
        edge[k] = k;
        electrode[k] = k == 0 ? 0 : -1;
        conductance[k] = 0.1 + u[0];
        emf[k] = 0.0;
    }
    const mn_device_spec device[1] = {{.model = "Resistor", .n = N, .edge = edge, .parameter = parameter}};
    NEED(mn_network_init(&network, N, N, edges, NULL, 1, electrode, NULL) == MN_OK);
    NEED(mn_simulation_init(&s, &network, 1, device, 1, wave, root, &options, NULL) == MN_OK);
    run(&s, 1);
    for (int32_t k = 0; k < N; k++) {
        CHECK(count, s.potential[k] == 0.7);
    }
    CHECK(count, mn_simulation_verify(&s, NULL) == MN_OK);
    mn_simulation_free(&s);
    mn_network_free(&network);
}

/* A battery on a part that loses its only drive: the run goes on, the part has no potential and no current, and the
 * battery is back with the drive. */
static void test_battery_cut_off(check_count *count)
{
    const int32_t edges[6] = {0, 1, 2, 3, 3, 2};
    const int32_t electrode[4] = {0, 1, 2, -1};
    double duration[3] = {2.0, 2.0, INFINITY};
    int32_t child[3] = {0, 1, 0};
    const mn_wave wave[4] = {
        {.kind = MN_WAVE_CONSTANT, .p = {1.0}},
        {.kind = MN_WAVE_FLOATING},
        {.kind = MN_WAVE_CONSTANT},
        {.kind = MN_WAVE_CONCAT, .n_samples = 3, .samples = duration, .n_children = 3, .children = child}};
    const int32_t root[3] = {0, 2, 3};
    const mn_simulation_options options = {
        .solver = "kron", .dt = 1.0, .seed = 7, .incremental = true, .event_driven = true};
    mn_network network;
    mn_simulation s;
    element resistor, battery, load;
    element_init(&resistor, "Resistor", 0, "conductance", 2.0, "", 0.0);
    element_init(&battery, "Resistor", 1, "conductance", 4.0, "emf", 0.5);
    element_init(&load, "Resistor", 2, "conductance", 4.0, "", 0.0);
    const mn_device_spec device[3] = {resistor.spec, battery.spec, load.spec};
    int32_t index[1] = {1};
    double current[6];
    mn_channel channel = {.quantity = MN_RECORD_BRANCH_CURRENT, .width = 1, .index = index, .every = 1};
    NEED(mn_network_init(&network, 4, 3, edges, NULL, 3, electrode, NULL) == MN_OK);
    NEED(mn_simulation_init(&s, &network, 3, device, 4, wave, root, &options, NULL) == MN_OK);
    NEED(mn_simulation_record(&s, &channel) == MN_OK && mn_simulation_bind(&s, 0, current, 6) == MN_OK);
    for (int step = 0; step < 6; step++) {
        bool cut = step == 2 || step == 3;
        run(&s, 1);
        CHECK(count, fabs(s.current[0] - 2.0) <= 1e-15 && s.current[2] == 0.0);
        CHECK(count,
              cut ? isnan(s.potential[3]) : fabs(s.potential[3] - 0.75) <= 1e-15); /* 0.5 V over two equal parts */
        CHECK(count, cut ? current[step] == 0.0 : fabs(current[step] + 1.0) <= 1e-14);
    }
    mn_simulation_free(&s);
    mn_network_free(&network);
}

int main(void)
{
    check_count count = {0, 0};
    test_resistors_without_emf(&count);
    test_battery_cut_off(&count);
    test_same_drive(&count);
    test_no_record(&count);
    test_gap_and_battery(&count);
    return check_report(&count, "mixture");
}
