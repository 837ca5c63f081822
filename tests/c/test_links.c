/* Edges that read other edges: three followers in a circle between three electrodes, stepped by hand beside. */
#include "check.h"
#include "contract_models.h"
#include "memnet.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

enum { N_STEPS = 24, N = 3 };

static const double dt = 0.25, tau = 2.0;
static const mn_wave waves[] = {{.kind = MN_WAVE_TRIANGLE, .p = {0.0, 1.0, 3.0, 0.0}},
                                {.kind = MN_WAVE_CONSTANT},
                                {.kind = MN_WAVE_CONSTANT, .p = {0.5}}};
static const int32_t ends[2 * N] = {0, 1, 2, 1, 0, 2}, links[N] = {1, 2, 0};

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
    double g[N_STEPS][N], x[N_STEPS][N];
} circle;

static int start(circle *c, const mn_device_model *model, const int32_t *link)
{
    static const int32_t electrode[3] = {0, 1, 2}, root[3] = {0, 1, 2}, edge[N] = {0, 1, 2};
    static const double one[N] = {1.0, 1.0, 1.0}, two[N] = {2.0, 2.0, 2.0};
    static const double *const parameter[2] = {one, two};
    const mn_simulation_options options = {.solver = "kron", .dt = dt, .incremental = true, .event_driven = true};
    const mn_device_spec device = {.made = model, .n = N, .edge = edge, .parameter = parameter, .link = link};
    mn_error_clear(&c->error);
    NEED(mn_network_init(&c->network, 3, N, ends, NULL, 3, electrode, &c->error) == MN_OK);
    return mn_simulation_init(&c->simulation, &c->network, 1, &device, 3, waves, root, &options, &c->error);
}

static void stop(circle *c)
{
    mn_simulation_free(&c->simulation);
    mn_network_free(&c->network);
}

/* Runs and records the rows from the present step on. */
static void run(circle *c, int64_t n)
{
    static int32_t index[N] = {0, 1, 2};
    const mn_channel channel[2] = {
        {.quantity = MN_RECORD_EDGE_CONDUCTANCE, .width = N, .index = index, .every = 1},
        {.quantity = MN_RECORD_STATE, .width = N, .index = index, .every = 1, .field = FOLLOWER_X}};
    int64_t first = c->simulation.step, n_done;
    mn_reason reason;
    mn_simulation_record_clear(&c->simulation);
    for (int k = 0; k < 2; k++) {
        NEED(mn_simulation_record(&c->simulation, &channel[k]) == MN_OK);
        double *rows = k == 0 ? &c->g[first][0] : &c->x[first][0];
        NEED(mn_simulation_bind(&c->simulation, k, rows, N_STEPS - first) == MN_OK);
    }
    NEED(mn_simulation_run(&c->simulation, n, INFINITY, &reason, &n_done, &c->error) == MN_OK && n_done == n);
}

/* The same by hand: electrodes hold all nodes, so that voltages are known. */
static void test_values(check_count *count)
{
    circle c;
    double x[N] = {0.1, 0.1, 0.1}, before[N] = {0.0};
    NEED(start(&c, &follower, links) == MN_OK);
    run(&c, N_STEPS);
    for (int64_t step = 0; step < N_STEPS; step++) {
        double phase = fmod((double)step * dt, 3.0) / 3.0;
        double top = phase < 0.5 ? 2.0 * phase : 2.0 * (1.0 - phase);
        double v[N] = {top, 0.5, top - 0.5}, next[N];
        for (int k = 0; k < N; k++) {
            double other = x[links[k]], lagged = before[links[k]];
            CHECK(count, c.x[step][k] == x[k]);
            CHECK(count, fabs(c.g[step][k] - (1.0 + other * other + 2.0 * lagged * lagged)) <= 1e-15 * 4.0);
            next[k] = c.x[step][k] + (v[links[k]] - c.x[step][k]) * dt / tau;
            CHECK(count, step + 1 == N_STEPS || fabs(c.x[step + 1][k] - next[k]) <= 1e-15);
        }
        for (int k = 0; k < N && step + 1 < N_STEPS; k++) {
            x[k] = c.x[step + 1][k];
            before[k] = v[k];
        }
    }
    CHECK(count, mn_simulation_verify(&c.simulation, &c.error) == MN_OK);
    stop(&c);
}

/* The same bits in pieces, after a look, and from a checkpoint, which no other links fit. */
static void test_bits(check_count *count)
{
    static const int32_t others[N] = {2, 2, 1};
    static unsigned char bytes[4096];
    circle whole, c;
    mn_checkpoint checkpoint;
    NEED(start(&whole, &follower, links) == MN_OK && start(&c, &follower, links) == MN_OK);
    run(&whole, N_STEPS);
    for (int64_t k = 0; k < 11; k++) {
        run(&c, 1);
        NEED(mn_simulation_solve(&c.simulation, &c.error) == MN_OK);
    }
    size_t size = mn_checkpoint_size(&c.simulation, 0);
    NEED(size <= sizeof(bytes));
    mn_checkpoint_encode(&c.simulation, NULL, 0, bytes);
    run(&c, N_STEPS - 11);
    CHECK(count, memcmp(whole.g, c.g, sizeof(c.g)) == 0 && memcmp(whole.x, c.x, sizeof(c.x)) == 0);
    stop(&c);
    memset(&c.g[11], 0, sizeof(c.g) - sizeof(c.g[0]) * 11);
    NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &c.error) == MN_OK);
    NEED(start(&c, &follower, links) == MN_OK);
    NEED(mn_checkpoint_restore(&checkpoint, &c.simulation, &c.error) == MN_OK);
    run(&c, N_STEPS - 11);
    CHECK(count, memcmp(whole.g, c.g, sizeof(c.g)) == 0);
    stop(&c);
    NEED(start(&c, &follower, others) == MN_OK);
    CHECK(count, mn_checkpoint_restore(&checkpoint, &c.simulation, &c.error) == MN_ERR_CHECKPOINT_MISMATCH);
    mn_checkpoint_free(&checkpoint);
    stop(&c);
    stop(&whole);
}

static bool refuses(const mn_device_model *model, const int32_t *link, const char *finding)
{
    char text[400];
    circle c;
    bool refused = start(&c, model, link) == MN_ERR_LINK;
    mn_error_message(&c.error, text, sizeof(text));
    stop(&c);
    return refused && strstr(text, finding) != NULL;
}

static void test_refusals(check_count *count)
{
    static const int32_t own[N] = {1, 1, 0}, beyond[N] = {1, 2, 3}, negative[N] = {-1, 2, 0};
    static const char *const unknown[] = {"w"}, *const parameter[] = {"tau"};
    mn_device_model reader = follower, deaf = follower;
    CHECK(count, refuses(&follower, own, "Follower.link of edge 1 is 1"));
    CHECK(count, refuses(&follower, beyond, "Follower.link of edge 2 is 3"));
    CHECK(count, refuses(&follower, negative, "Follower.link of edge 0 is -1"));
    CHECK(count, refuses(&follower, NULL, "Follower.link"));
    deaf.flags = 0;
    CHECK(count, refuses(&deaf, links, "Follower.link"));
    reader.linked_state = unknown;
    CHECK(count, refuses(&reader, links, "Follower.w of edge 1"));
    reader.linked_state = parameter;
    CHECK(count, refuses(&reader, links, "Follower.tau of edge 1"));
}

/* A state with a number for each of many particles is none that can be read. */
static void test_vectors_are_not_read(check_count *count)
{
    static const int32_t electrode[3] = {0, 1, 2}, root[3] = {0, 1, 2}, edge[N] = {0, 1, 2}, link[1] = {1};
    static const double one[N] = {1.0, 1.0, 1.0};
    static const double *const parameter[2] = {one, one};
    const mn_simulation_options options = {.solver = "kron", .dt = dt};
    const mn_device_spec device[2] = {{.made = &follower, .n = 1, .edge = edge, .parameter = parameter, .link = link},
                                      {.made = &particles, .n = 2, .edge = edge + 1, .parameter = parameter}};
    circle c;
    NEED(mn_network_init(&c.network, 3, N, ends, NULL, 3, electrode, &c.error) == MN_OK);
    CHECK(count,
          mn_simulation_init(&c.simulation, &c.network, 2, device, 3, waves, root, &options, &c.error) == MN_ERR_LINK);
    stop(&c);
}

int main(void)
{
    check_count count = {0, 0};
    test_values(&count);
    test_bits(&count);
    test_refusals(&count);
    test_vectors_are_not_read(&count);
    return check_report(&count, "links");
}
