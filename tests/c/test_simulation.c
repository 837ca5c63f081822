/* The time loop, recorder and checkpoint on small random networks: equal bits however a run is cut, and clean failures.
 */
#include "check.h"
#include "devices/device.h"
#include "memnet.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_NODES = 40, N_EDGES = 120, N_STEPS = 600 };

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
    double *parameter[3][16];
    int32_t edge[3][N_EDGES];
    mn_device_spec device[3];
} fixture;

/* A ring with random chords, electrodes at nodes 0-1 and 20-21, gaps of 1 to 40 % of the field threshold at 3 V. */
static void build_network(fixture *f, uint64_t seed)
{
    int32_t edges[2 * N_EDGES];
    double length[N_EDGES];
    int32_t electrode[N_NODES];
    for (int32_t e = 0; e < N_EDGES; e++) {
        double u[2];
        mn_uniform2(seed, 1, (uint64_t)e, 0, u);
        int32_t a = e % N_NODES;
        int32_t b = e < N_NODES ? (e + 1) % N_NODES : (a + 1 + (int32_t)(u[0] * (N_NODES - 2))) % N_NODES;
        edges[2 * e] = a;
        edges[2 * e + 1] = b;
        length[e] = 0.005 + 0.1 * u[1];
    }
    for (int32_t k = 0; k < N_NODES; k++) {
        electrode[k] = k < 2 ? 0 : (k == 20 || k == 21) ? 1 : -1;
    }
    NEED(mn_network_init(&f->network, N_NODES, N_EDGES, edges, length, 2, electrode, &f->error) == MN_OK);
}

/* Devices in turn over the edges: 0 TunnelGap, 1 RateBalance, 2 Hillock. */
static void build_devices(fixture *f, int n_models)
{
    static const char *const name[3] = {"TunnelGap", "RateBalance", "Hillock"};
    memset(f->device, 0, sizeof(f->device));
    memset(f->parameter, 0, sizeof(f->parameter));
    for (int d = 0; d < n_models; d++) {
        const mn_device_model *model = mn_model_find(name[d]);
        NEED(model != NULL);
        int64_t n = 0;
        for (int32_t e = d; e < N_EDGES; e += n_models) {
            f->edge[d][n++] = e;
        }
        int64_t k = 0;
        for (int64_t i = 0; i < model->n_fields; i++) {
            if (model->field[i].role != MN_PARAMETER) {
                continue;
            }
            f->parameter[d][k] = mn_alloc(n, sizeof(double));
            NEED(f->parameter[d][k] != NULL);
            for (int64_t m = 0; m < n; m++) {
                double value = model->field[i].initial;
                value = strcmp(model->field[i].name, "r_d") == 0 ? 1e-4 : value; /* events within the test's length */
                f->parameter[d][k][m] = strcmp(model->field[i].name, "r_w") == 0 ? 0.3 : value;
            }
            k++;
        }
        f->device[d] = (mn_device_spec){
            .model = name[d], .n = n, .edge = f->edge[d], .parameter = (const double *const *)f->parameter[d]};
    }
}

static void start(fixture *f, uint64_t seed, int n_models, bool incremental, bool event_driven)
{
    static const double ramp[4] = {3.0, 2.0, 0.0, 300.0}; /* two values, then their start times */
    double samples[4];
    memcpy(samples, ramp, sizeof(ramp));
    mn_wave wave[2] = {{.kind = MN_WAVE_STEPS, .n_samples = 4, .samples = samples}, {.kind = MN_WAVE_CONSTANT}};
    int32_t root[2] = {0, 1};
    mn_simulation_options options = {
        .solver = "kron", .dt = 1.0, .seed = 7, .incremental = incremental, .event_driven = event_driven};
    build_network(f, seed);
    build_devices(f, n_models);
    int code = mn_simulation_init(&f->simulation, &f->network, n_models, f->device, 2, wave, root, &options, &f->error);
    if (code != MN_OK) {
        char text[256];
        mn_error_message(&f->error, text, sizeof(text));
        fprintf(stderr, "%s\n", text);
    }
    NEED(code == MN_OK);
}

static void stop(fixture *f)
{
    mn_simulation_free(&f->simulation);
    mn_simulation_free(&f->simulation);
    mn_network_free(&f->network);
    for (int d = 0; d < 3; d++) {
        for (int k = 0; k < 16; k++) {
            mn_dealloc(f->parameter[d][k]);
        }
    }
}

typedef struct {
    double rows[N_STEPS][2];
    int64_t event_step[4096];
    int32_t event_edge[4096];
    int64_t n_events;
    double potential[N_NODES];
} result;

static void run(fixture *f, int64_t chunk, result *r)
{
    int32_t index[2] = {0, 1};
    mn_channel channel = {.quantity = MN_RECORD_CURRENT, .width = 2, .index = index, .every = 1};
    NEED(mn_simulation_record(&f->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&f->simulation, 0, &r->rows[0][0], N_STEPS) == MN_OK);
    r->n_events = 0;
    while (f->simulation.step < N_STEPS) {
        mn_reason reason;
        int64_t done;
        int64_t left = N_STEPS - f->simulation.step;
        NEED(mn_simulation_run(&f->simulation, left < chunk ? left : chunk, INFINITY, &reason, &done, &f->error) ==
             MN_OK);
        const mn_event_log *log = &f->simulation.events;
        for (int64_t k = 0; k < log->n && r->n_events < 4096; k++) {
            r->event_step[r->n_events] = log->step[k];
            r->event_edge[r->n_events] = log->edge[k];
            r->n_events++;
        }
        mn_simulation_events_clear(&f->simulation);
    }
    memcpy(r->potential, f->simulation.potential, sizeof(r->potential));
}

static bool same(const result *a, const result *b)
{
    size_t n = (size_t)a->n_events;
    return memcmp(a->rows, b->rows, sizeof(a->rows)) == 0 && a->n_events == b->n_events &&
           memcmp(a->event_step, b->event_step, n * sizeof(int64_t)) == 0 &&
           memcmp(a->event_edge, b->event_edge, n * sizeof(int32_t)) == 0 &&
           memcmp(a->potential, b->potential, sizeof(a->potential)) == 0;
}

static void test_equal_bits(check_count *count, result *base, result *other)
{
    static const int64_t chunks[3] = {1, 7, 64};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        for (int n_models = 1; n_models <= 3; n_models++) {
            fixture f;
            start(&f, seed, n_models, true, true);
            run(&f, N_STEPS, base);
            CHECK(count, mn_simulation_verify(&f.simulation, &f.error) == MN_OK);
            CHECK(count, n_models > 1 || f.simulation.counters.n_solves < N_STEPS);
            CHECK(count, n_models > 1 || base->n_events > 0);
            stop(&f);
            for (int k = 0; k < 3; k++) {
                start(&f, seed, n_models, true, true);
                run(&f, chunks[k], other);
                CHECK(count, same(base, other));
                stop(&f);
            }
            for (int way = 0; way < 3; way++) {
                start(&f, seed, n_models, way & 1, way & 2);
                run(&f, N_STEPS, other);
                CHECK(count, same(base, other));
                stop(&f);
            }
        }
    }
}

static void test_checkpoint(check_count *count, result *base, result *other)
{
    char path[64];
    snprintf(path, sizeof(path), "/tmp/memnet-test-%ld.checkpoint", (long)getpid());
    for (int n_models = 1; n_models <= 3; n_models++) {
        fixture f;
        mn_checkpoint checkpoint;
        mn_reason reason;
        int64_t done;
        start(&f, 5, n_models, true, true);
        run(&f, N_STEPS, base);
        stop(&f);
        start(&f, 5, n_models, true, true);
        NEED(mn_simulation_run(&f.simulation, 211, INFINITY, &reason, &done, &f.error) == MN_OK);
        CHECK(count, mn_checkpoint_write(&f.simulation, path, "note", 4, &f.error) == MN_OK);
        stop(&f);
        start(&f, 5, n_models, false, true);
        NEED(mn_checkpoint_init(&checkpoint, path, &f.error) == MN_OK);
        CHECK(count, checkpoint.note_size == 4 && memcmp(checkpoint.note, "note", 4) == 0);
        CHECK(count, mn_checkpoint_restore(&checkpoint, &f.simulation, &f.error) == MN_OK);
        CHECK(count, f.simulation.step == 211 && f.simulation.solved);
        run(&f, 50, other);
        CHECK(count, memcmp(&base->rows[211], &other->rows[0], (N_STEPS - 211) * sizeof(base->rows[0])) == 0);
        CHECK(count, memcmp(base->potential, other->potential, sizeof(base->potential)) == 0);
        mn_checkpoint_free(&checkpoint);
        mn_checkpoint_free(&checkpoint);
        stop(&f);
    }
    fixture f;
    mn_checkpoint checkpoint;
    start(&f, 6, 1, true, true);
    NEED(mn_checkpoint_init(&checkpoint, path, &f.error) == MN_OK);
    CHECK(count, mn_checkpoint_restore(&checkpoint, &f.simulation, &f.error) == MN_ERR_CHECKPOINT_MISMATCH);
    CHECK(count, f.simulation.step == 0 && !f.simulation.solved);
    mn_checkpoint_free(&checkpoint);
    CHECK(count, mn_checkpoint_write(&f.simulation, "/no/such/folder/x", NULL, 0, &f.error) == MN_ERR_CHECKPOINT_WRITE);
    stop(&f);
    CHECK(count, unlink(path) == 0);
}

/* A checkpoint in memory is the file, byte for byte, and a copy goes on with the same bits. */
static void test_bytes(check_count *count, result *base, result *other)
{
    static unsigned char bytes[65536];
    fixture f;
    mn_checkpoint checkpoint;
    mn_reason reason;
    int64_t done;
    start(&f, 5, 3, true, true);
    NEED(mn_simulation_run(&f.simulation, 211, INFINITY, &reason, &done, &f.error) == MN_OK);
    size_t size = mn_checkpoint_size(&f.simulation, 4);
    NEED(size < sizeof(bytes));
    mn_checkpoint_encode(&f.simulation, "note", 4, bytes);
    run(&f, 50, base);
    stop(&f);
    start(&f, 5, 3, false, true);
    NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &f.error) == MN_OK);
    CHECK(count, checkpoint.size == size && memcmp(checkpoint.bytes, bytes, size) == 0);
    CHECK(count, checkpoint.note_size == 4 && memcmp(checkpoint.note, "note", 4) == 0);
    CHECK(count, mn_checkpoint_restore(&checkpoint, &f.simulation, &f.error) == MN_OK);
    mn_checkpoint_free(&checkpoint);
    run(&f, 50, other);
    CHECK(count, memcmp(base->rows, other->rows, (N_STEPS - 211) * sizeof(base->rows[0])) == 0);
    stop(&f);
    for (size_t k = 0; k < size; k += k < 200 ? 1 : 97) {
        CHECK(count, mn_checkpoint_decode(&checkpoint, bytes, k, NULL) != MN_OK && checkpoint.bytes == NULL);
    }
}

/* CRC-64/XZ, bit by bit. */
static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t crc = ~UINT64_C(0);
    for (size_t k = 0; k < size; k++) {
        crc ^= bytes[k];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc % 2 ? crc >> 1 ^ UINT64_C(0xc96c5795d7870f42) : crc >> 1;
        }
    }
    return ~crc;
}

/* A file of any length, down to the last odd byte, ends with the checksum that its head describes, and a change of any
 * one of its bytes is found. Long files have a quicker way to sum than short ones. */
static void test_checksum(check_count *count)
{
    enum { MOST = 1 << 17 };
    static unsigned char note[MOST], bytes[2 * MOST];
    fixture f;
    mn_checkpoint checkpoint;
    CHECK(count, checksum((const unsigned char *)"123456789", 9) == UINT64_C(0x995dc9bbdf1939fa)); /* its known value */
    start(&f, 5, 1, true, true);
    for (size_t k = 0; k < MOST; k++) {
        note[k] = (unsigned char)(k * 2654435761U >> 24);
    }
    for (size_t n = 0; n <= MOST; n += n < MOST / 2 ? MOST / 2 - 5 : 1 + MOST / 7) {
        uint64_t stored;
        const size_t size = mn_checkpoint_size(&f.simulation, n);
        NEED(size <= sizeof(bytes));
        mn_checkpoint_encode(&f.simulation, note, n, bytes);
        memcpy(&stored, bytes + size - sizeof(stored), sizeof(stored));
        CHECK(count, stored == checksum(bytes, size - sizeof(stored)));
        for (size_t k = 0; k < 11; k++) {
            const size_t at = k < 8 ? size / 2 + k : k < 10 ? size - 9 - k : size - 1;
            bytes[at] ^= 1;
            CHECK(count, mn_checkpoint_decode(&checkpoint, bytes, size, NULL) == MN_ERR_CHECKPOINT_DAMAGED);
            bytes[at] ^= 1;
        }
        NEED(mn_checkpoint_decode(&checkpoint, bytes, size, NULL) == MN_OK);
        CHECK(count, checkpoint.note_size == n && memcmp(checkpoint.note, note, n) == 0);
        mn_checkpoint_free(&checkpoint);
    }
    stop(&f);
}

/* A step that no run reaches is refused, and the simulation stays as it is. */
static void test_absurd_step(check_count *count)
{
    static unsigned char bytes[65536];
    const int64_t steps[5] = {-1, INT64_MIN, INT64_MAX, (INT64_C(1) << 53) + 1, INT64_C(1) << 53};
    for (int k = 0; k < 5; k++) {
        fixture f;
        mn_checkpoint checkpoint;
        start(&f, 5, 3, true, true);
        f.simulation.step = steps[k];
        size_t size = mn_checkpoint_size(&f.simulation, 0);
        NEED(size < sizeof(bytes));
        mn_checkpoint_encode(&f.simulation, NULL, 0, bytes);
        f.simulation.step = 7;
        NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &f.error) == MN_OK);
        int code = mn_checkpoint_restore(&checkpoint, &f.simulation, &f.error);
        CHECK(count, code == (k < 4 ? MN_ERR_CHECKPOINT_DAMAGED : MN_OK));
        CHECK(count, f.simulation.step == (k < 4 ? 7 : steps[k]));
        mn_checkpoint_free(&checkpoint);
        stop(&f);
    }
}

/* Each flipped byte and each shorter file is refused. */
static void test_damage(check_count *count)
{
    char path[64];
    unsigned char bytes[65536];
    fixture f;
    mn_checkpoint checkpoint;
    snprintf(path, sizeof(path), "/tmp/memnet-test-%ld.damage", (long)getpid());
    start(&f, 5, 3, true, true);
    NEED(mn_checkpoint_write(&f.simulation, path, "note", 4, &f.error) == MN_OK);
    FILE *file = fopen(path, "rb");
    NEED(file != NULL);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    NEED(size > 1000 && size < sizeof(bytes) && fclose(file) == 0);
    long refused = 0;
    long tried = 0;
    for (size_t k = 0; k < size; k += k < 200 ? 1 : 97) {
        for (int way = 0; way < 2; way++) {
            file = fopen(path, "wb");
            NEED(file != NULL);
            bytes[k] ^= way == 0 ? 0x10 : 0;
            NEED(fwrite(bytes, 1, way == 0 ? size : k, file) == (way == 0 ? size : k) && fclose(file) == 0);
            bytes[k] ^= way == 0 ? 0x10 : 0;
            int code = mn_checkpoint_init(&checkpoint, path, &f.error);
            tried++;
            refused += code == MN_ERR_CHECKPOINT_FORMAT || code == MN_ERR_CHECKPOINT_DAMAGED;
            mn_checkpoint_free(&checkpoint);
        }
    }
    CHECK(count, refused == tried);
    CHECK(count, tried > 400);
    stop(&f);
    CHECK(count, unlink(path) == 0);
    CHECK(count, mn_checkpoint_init(&checkpoint, path, &f.error) == MN_ERR_CHECKPOINT_READ);
}

/* What is no file is refused with a reason, and a pipe without a writer at once. */
static void test_no_file(check_count *count)
{
    mn_checkpoint checkpoint;
    mn_error error;
    char path[64];
    errno = 0;
    CHECK(count, mn_checkpoint_init(&checkpoint, "/", &error) == MN_ERR_CHECKPOINT_READ);
    CHECK(count, error.backend_status == EISDIR);
    mn_checkpoint_free(&checkpoint);
    NEED(snprintf(path, sizeof(path), "/tmp/memnet-pipe-%ld", (long)getpid()) > 0);
    NEED(mkfifo(path, 0600) == 0);
    CHECK(count, mn_checkpoint_init(&checkpoint, path, &error) == MN_ERR_CHECKPOINT_FORMAT);
    mn_checkpoint_free(&checkpoint);
    NEED(unlink(path) == 0);
}

/* A state that turns infinite: the step is refused, the row is not written, the run can go on after set_field. */
static void test_refused_step(check_count *count)
{
    fixture f;
    mn_reason reason;
    int64_t done;
    double rows[20];
    double mu[N_EDGES];
    int32_t index[1] = {0};
    mn_channel channel = {.quantity = MN_RECORD_CURRENT, .width = 1, .index = index, .every = 1};
    start(&f, 3, 3, true, true);
    mn_simulation *s = &f.simulation;
    const mn_population *hillock = &s->population[2];
    int64_t field = mn_model_field(hillock->model, "mu");
    NEED(field >= 0);
    NEED(mn_simulation_record(s, &channel) == MN_OK && mn_simulation_bind(s, 0, rows, 20) == MN_OK);
    NEED(mn_simulation_run(s, 5, INFINITY, &reason, &done, &f.error) == MN_OK && done == 5);
    memcpy(mu, hillock->field[field], (size_t)hillock->n * sizeof(double));
    double good = mu[3];
    mu[3] = NAN;
    CHECK(count, mn_simulation_set_field(s, 2, field, mu, &f.error) == MN_ERR_PARAMETER);
    CHECK(count, f.error.edge == hillock->edge[3] && strcmp(f.error.noun, "mu") == 0);
    hillock->field[field][3] = NAN; /* behind the interface's back: no checked call lets such a value in */
    double z = hillock->field[mn_model_field(hillock->model, "z")][0];
    CHECK(count, mn_simulation_run(s, 5, INFINITY, &reason, &done, &f.error) == MN_ERR_NOT_FINITE_STATE);
    CHECK(count, done == 0 && s->step == 5 && s->recorder.channel[0].n_rows == 5);
    CHECK(count, f.error.step == 5 && f.error.edge == hillock->edge[3] && strcmp(f.error.model, "Hillock") == 0);
    CHECK(count, strcmp(f.error.noun, "z") == 0 && isnan(f.error.value));
    CHECK(count, hillock->field[mn_model_field(hillock->model, "z")][0] == z);
    mu[3] = good;
    CHECK(count, mn_simulation_set_field(s, 2, field, mu, &f.error) == MN_OK);
    CHECK(count, mn_simulation_run(s, 5, INFINITY, &reason, &done, &f.error) == MN_OK && done == 5);
    CHECK(count, s->recorder.channel[0].n_rows == 10);
    CHECK(count, mn_simulation_run(s, 50, INFINITY, &reason, &done, &f.error) == MN_ERR_RECORD_FULL);
    CHECK(count, done == 10 && s->step == 20);
    stop(&f);
}

/* A sum of waveforms that overflows, from step 3 on: no step is taken with it. */
static void test_refused_drive(check_count *count)
{
    double samples[4] = {1.0, 1e308, 0.0, 3.0};
    int32_t children[2] = {0, 0}, root[2] = {1, 2};
    const mn_wave wave[3] = {{.kind = MN_WAVE_STEPS, .n_samples = 4, .samples = samples},
                             {.kind = MN_WAVE_SUM, .n_children = 2, .children = children},
                             {.kind = MN_WAVE_CONSTANT}};
    fixture f;
    mn_reason reason;
    int64_t done;
    start(&f, 3, 1, true, true);
    NEED(mn_simulation_set_drive(&f.simulation, 3, wave, root, &f.error) == MN_OK);
    CHECK(count, mn_simulation_run(&f.simulation, 9, INFINITY, &reason, &done, &f.error) == MN_ERR_NOT_FINITE_DRIVE);
    CHECK(count, done == 3 && f.simulation.step == 3 && f.error.step == 3 && f.error.electrode == 0);
    CHECK(count, isinf(f.error.value) && strcmp(f.error.noun, "drive") == 0);
    stop(&f);
}

static void test_recorder(check_count *count)
{
    fixture f;
    mn_reason reason;
    int64_t done;
    int64_t steps[3] = {2, 7, 30};
    int32_t members[2] = {0, 1};
    int32_t node[1] = {7};
    double current[10][2];
    double member[10][2];
    double snapshot[3];
    int32_t electrodes[2] = {0, 1};
    mn_channel channel[3] = {
        {.quantity = MN_RECORD_CURRENT, .width = 2, .index = electrodes, .every = 5},
        {.quantity = MN_RECORD_MEMBER_CURRENT, .width = 2, .index = members, .every = 5},
        {.quantity = MN_RECORD_POTENTIAL, .width = 1, .index = node, .every = 1, .n_steps = 3, .steps = steps}};
    start(&f, 2, 2, true, true);
    for (int k = 0; k < 3; k++) {
        NEED(mn_simulation_record(&f.simulation, &channel[k]) == MN_OK);
    }
    NEED(mn_simulation_bind(&f.simulation, 0, &current[0][0], 10) == MN_OK);
    NEED(mn_simulation_bind(&f.simulation, 1, &member[0][0], 10) == MN_OK);
    NEED(mn_simulation_bind(&f.simulation, 2, snapshot, 3) == MN_OK);
    NEED(mn_simulation_run(&f.simulation, 8, INFINITY, &reason, &done, &f.error) == MN_OK);
    CHECK(count, snapshot[1] == f.simulation.potential[7]);
    double branch_current[N_EDGES];
    mn_simulation_branch_current(&f.simulation, branch_current);
    double out_of_7 = 0.0; /* Kirchhoff's law at a free node */
    for (int64_t e = 0; e < f.network.n_edges; e++) {
        out_of_7 += f.network.a[e] == 7 ? branch_current[e] : 0.0;
        out_of_7 -= f.network.b[e] == 7 ? branch_current[e] : 0.0;
    }
    CHECK(count, f.network.electrode[7] < 0 && fabs(out_of_7) < 1e-12);
    NEED(mn_simulation_run(&f.simulation, 42, INFINITY, &reason, &done, &f.error) == MN_OK);
    CHECK(count, f.simulation.recorder.channel[0].n_rows == 10);
    CHECK(count, f.simulation.recorder.channel[2].n_rows == 3);
    for (int k = 0; k < 10; k++) {
        /* edges are 1 V apart at most and 10 S at most: rounding of branch voltages is 1e-14 A an edge */
        CHECK(count, fabs(current[k][0] - member[k][0] - member[k][1]) < 1e-12);
        CHECK(count, fabs(current[k][0] + current[k][1]) <= 1e-12 * fabs(current[k][0]));
    }
    channel[0].index[0] = 2;
    CHECK(count, mn_simulation_record(&f.simulation, &channel[0]) == MN_ERR_BAD_ARGUMENT);
    stop(&f);
}

static void test_bad_input(check_count *count)
{
    fixture f;
    mn_simulation s;
    mn_wave wave[1] = {{.kind = MN_WAVE_CONSTANT, .p = {1.0}}};
    int32_t root[2] = {0, -1};
    start(&f, 1, 2, true, true);
    mn_simulation_options options = {.solver = "kron", .dt = 0.0, .incremental = true, .event_driven = true};
    CHECK(count,
          mn_simulation_init(&s, &f.network, 2, f.device, 1, wave, root, &options, &f.error) == MN_ERR_BAD_ARGUMENT);
    mn_simulation_free(&s);
    options.dt = 1.0;
    options.solver = "klu";
    CHECK(count,
          mn_simulation_init(&s, &f.network, 2, f.device, 1, wave, root, &options, &f.error) == MN_ERR_UNKNOWN_SOLVER);
    options.solver = "kron";
    CHECK(count,
          mn_simulation_init(&s, &f.network, 1, f.device, 1, wave, root, &options, &f.error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, f.error.edge == 1);
    f.device[1].model = "Nonsense";
    CHECK(count,
          mn_simulation_init(&s, &f.network, 2, f.device, 1, wave, root, &options, &f.error) == MN_ERR_UNKNOWN_MODEL);
    stop(&f);
}

int main(void)
{
    check_count count = {0, 0};
    result *base = calloc(1, sizeof(*base));
    result *other = calloc(1, sizeof(*other));
    NEED(base != NULL && other != NULL);
    test_equal_bits(&count, base, other);
    test_checkpoint(&count, base, other);
    test_bytes(&count, base, other);
    test_checksum(&count);
    test_absurd_step(&count);
    test_damage(&count);
    test_no_file(&count);
    test_refused_step(&count);
    test_refused_drive(&count);
    test_recorder(&count);
    test_bad_input(&count);
    free(base);
    free(other);
    return check_report(&count, "simulation");
}
