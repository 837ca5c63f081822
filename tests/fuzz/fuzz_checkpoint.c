/* libFuzzer over the reading of checkpoints: whatever the bytes, they are refused, or give a simulation that steps.
 *
 * The first byte says which simulation reads the rest (byte / 2 modulo their number), and whether the rest is taken as
 * it is (odd) or gets the size and the checksum that belong to it (even), or the checksum would stop nearly all of them
 * at the door. */
#define _XOPEN_SOURCE 700 /* setitimer, sigaction */

#include "devices/device.h"
#include "memnet.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { N_EDGES = 6, N_NODES = 5, N_SIMULATIONS = 3, MAX_SIZE = 1 << 16, SIZE_AT = 16, TAIL = 8 };

/* Steps of each kind: plain ones, implicit ones of a fixed length, adaptive ones. Seeds are taken after some of them.
 */
static const struct {
    const char *name;
    const char *model[N_EDGES];
    const char *solver;
    double rtol;
} CASES[N_SIMULATIONS] = {
    {"plain", {"TunnelGap", "RateBalance", "Hillock", "LinearDrift", "TunnelSwitch", "AtomicSwitch"}, "kron", 0.0},
    {"implicit", {"Diode", "RateBalance", "Inductor", "ThresholdSwitch", "Capacitor", "CubicResistor"}, "umfpack", 0.0},
    {"adaptive",
     {"ThresholdSwitch", "RateBalance", "Hillock", "LinearDrift", "Capacitor", "ShortLongTermDrift"},
     "kron",
     1e-2},
};

static mn_network network;
static mn_simulation simulations[N_SIMULATIONS];

/* A state may be such that adaptive steps take very many to the next row: after this time they are told to stop. */
enum { MOST_MICROSECONDS = 20000 };
static mn_cancel is_late;

static void be_late(int number)
{
    (void)number;
    is_late = true;
}

static void set_timer(int microseconds)
{
    const struct itimerval timer = {.it_value = {.tv_usec = microseconds}};
    is_late = false;
    if (setitimer(ITIMER_VIRTUAL, &timer, NULL) != 0) {
        abort();
    }
}

static void need(int code, const char *what)
{
    if (code != MN_OK) {
        fprintf(stderr, "fuzz_checkpoint: %s failed with code %d\n", what, code);
        abort();
    }
}

/* The models of a case, on a ring with a chord, at their defaults. */
static void set_up(int number)
{
    static const mn_wave wave[2] = {{.kind = MN_WAVE_PULSES, .p = {0.5, 2.0, 0.23, 0.3, 1e6, 0.1}},
                                    {.kind = MN_WAVE_CONSTANT}};
    static const int32_t root[2] = {0, 1};
    static double value[N_EDGES][32];
    static const double *parameter[N_EDGES][32];
    static int32_t member[N_EDGES];
    mn_device_spec device[N_EDGES];
    mn_reason reason;
    int64_t done;
    for (int d = 0; d < N_EDGES; d++) {
        const char *name = CASES[number].model[d];
        const mn_device_model *model = mn_model_find(name);
        need(model == NULL ? -1 : MN_OK, name);
        int64_t n = 0;
        for (int64_t f = 0; f < model->n_fields; f++) {
            if (model->field[f].role == MN_PARAMETER) {
                value[d][n] = model->field[f].initial;
                parameter[d][n] = &value[d][n];
                n++;
            }
        }
        member[d] = d;
        device[d] = (mn_device_spec){.model = name, .n = 1, .edge = &member[d], .parameter = parameter[d]};
    }
    const mn_simulation_options options = {.solver = CASES[number].solver,
                                           .dt = 0.1,
                                           .seed = 7,
                                           .incremental = true,
                                           .event_driven = true,
                                           .cancel = &is_late,
                                           .rtol = CASES[number].rtol};
    need(mn_simulation_init(&simulations[number], &network, N_EDGES, device, 2, wave, root, &options, NULL),
         "mn_simulation_init");
    need(mn_simulation_run(&simulations[number], 5, INFINITY, &reason, &done, NULL), "mn_simulation_run");
}

static void set_up_network(void)
{
    static const int32_t edges[2 * N_EDGES] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 1, 3};
    static const double length[N_EDGES] = {0.02, 0.02, 0.03, 0.02, 0.05, 0.02};
    static const int32_t electrode[N_NODES] = {0, -1, 1, -1, -1};
    need(mn_network_init(&network, N_NODES, N_EDGES, edges, length, 2, electrode, NULL), "mn_network_init");
}

static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t crc = ~UINT64_C(0);
    for (size_t k = 0; k < size; k++) {
        crc ^= bytes[k];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) ? (crc >> 1) ^ UINT64_C(0xc96c5795d7870f42) : crc >> 1;
        }
    }
    return ~crc;
}

static void repair(unsigned char *bytes, size_t size)
{
    const uint64_t file_size = size;
    memcpy(bytes + SIZE_AT, &file_size, sizeof(file_size));
    const uint64_t crc = checksum(bytes, size - TAIL);
    memcpy(bytes + size - TAIL, &crc, TAIL);
}

/* A seed for the corpus: a checkpoint as it is written, behind the even byte of its simulation. */
static void write_seed(const char *folder, int number)
{
    char path[4096];
    mn_simulation *simulation = &simulations[number];
    const size_t size = mn_checkpoint_size(simulation, 4);
    unsigned char *bytes = malloc(size + 1);
    if (bytes == NULL || snprintf(path, sizeof(path), "%s/%s", folder, CASES[number].name) >= (int)sizeof(path)) {
        abort();
    }
    bytes[0] = (unsigned char)(2 * number);
    mn_checkpoint_encode(simulation, "note", 4, bytes + 1);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size + 1, file) != size + 1 || fclose(file) != 0) {
        abort();
    }
    free(bytes);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *folder = getenv("FUZZ_CORPUS");
    const struct sigaction late = {.sa_handler = be_late}; /* signal() may catch one alone */
    if (sigaction(SIGVTALRM, &late, NULL) != 0) {
        abort();
    }
    set_up_network();
    for (int number = 0; number < N_SIMULATIONS; number++) {
        set_up(number);
        if (folder != NULL) {
            write_seed(folder, number);
        }
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char bytes[MAX_SIZE];
    if (size < 2 || size - 1 > MAX_SIZE) {
        return 0;
    }
    memcpy(bytes, data + 1, size - 1);
    if (data[0] % 2 == 0 && size - 1 >= SIZE_AT + TAIL + TAIL) {
        repair(bytes, size - 1);
    }
    mn_simulation *simulation = &simulations[data[0] / 2 % N_SIMULATIONS];
    mn_checkpoint checkpoint;
    mn_error error;
    if (mn_checkpoint_decode(&checkpoint, bytes, size - 1, &error) != MN_OK) {
        return 0;
    }
    if (mn_checkpoint_restore(&checkpoint, simulation, &error) == MN_OK) {
        mn_reason reason;
        int64_t done;
        /* What the state holds may be refused by the step; reading and stepping must stay inside their memory. */
        set_timer(MOST_MICROSECONDS);
        const int code = mn_simulation_run(simulation, 3, INFINITY, &reason, &done, &error);
        set_timer(0);
        if (code == MN_OK && done != 3) {
            abort();
        }
    }
    mn_checkpoint_free(&checkpoint);
    return 0;
}
