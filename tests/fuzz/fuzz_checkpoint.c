/* libFuzzer over the reading of checkpoints: whatever the bytes, they are refused, or give a simulation that steps.
 *
 * An input whose first byte is odd is taken as it is. One whose first byte is even gets the size and the checksum that
 * belong to it, or the checksum would stop nearly all of them at the door. */
#include "devices/device.h"
#include "memnet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_EDGES = 6, N_NODES = 5, MAX_SIZE = 1 << 16, SIZE_AT = 16, TAIL = 8 };

static const char *const MODELS[N_EDGES] = {"TunnelGap",   "RateBalance",  "Hillock",
                                            "LinearDrift", "TunnelSwitch", "AtomicSwitch"};

static mn_network network;
static mn_simulation simulation;

static void need(int code, const char *what)
{
    if (code != MN_OK) {
        fprintf(stderr, "fuzz_checkpoint: %s failed with code %d\n", what, code);
        abort();
    }
}

/* Every model once, on a ring with a chord, at its defaults. */
static void set_up(void)
{
    static const int32_t edges[2 * N_EDGES] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 1, 3};
    static const double length[N_EDGES] = {0.02, 0.02, 0.03, 0.02, 0.05, 0.02};
    static const int32_t electrode[N_NODES] = {0, -1, 1, -1, -1};
    static const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {2.0}}, {.kind = MN_WAVE_CONSTANT}};
    static const int32_t root[2] = {0, 1};
    static double value[N_EDGES][32];
    static const double *parameter[N_EDGES][32];
    static int32_t member[N_EDGES];
    mn_device_spec device[N_EDGES];
    for (int d = 0; d < N_EDGES; d++) {
        const mn_device_model *model = mn_model_find(MODELS[d]);
        need(model == NULL ? -1 : MN_OK, MODELS[d]);
        int64_t n = 0;
        for (int64_t f = 0; f < model->n_fields; f++) {
            if (model->field[f].role == MN_PARAMETER) {
                value[d][n] = model->field[f].initial;
                parameter[d][n] = &value[d][n];
                n++;
            }
        }
        member[d] = d;
        device[d] = (mn_device_spec){.model = MODELS[d], .n = 1, .edge = &member[d], .parameter = parameter[d]};
    }
    const mn_simulation_options options = {"kron", 0.1, 7, true, true, NULL};
    need(mn_network_init(&network, N_NODES, N_EDGES, edges, length, 2, electrode, NULL), "mn_network_init");
    need(mn_simulation_init(&simulation, &network, N_EDGES, device, 2, wave, root, &options, NULL),
         "mn_simulation_init");
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

/* A seed for the corpus: a checkpoint as it is written, behind an even byte. */
static void write_seed(const char *folder)
{
    char path[4096];
    const size_t size = mn_checkpoint_size(&simulation, 4);
    unsigned char *bytes = malloc(size + 1);
    if (bytes == NULL || snprintf(path, sizeof(path), "%s/seed", folder) >= (int)sizeof(path)) {
        abort();
    }
    bytes[0] = 0;
    mn_checkpoint_encode(&simulation, "note", 4, bytes + 1);
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
    set_up();
    const char *folder = getenv("FUZZ_CORPUS");
    if (folder != NULL) {
        write_seed(folder);
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
    mn_checkpoint checkpoint;
    mn_error error;
    if (mn_checkpoint_decode(&checkpoint, bytes, size - 1, &error) != MN_OK) {
        return 0;
    }
    if (mn_checkpoint_restore(&checkpoint, &simulation, &error) == MN_OK) {
        mn_reason reason;
        int64_t done;
        /* What the state holds may be refused by the step; reading and stepping must stay inside their memory. */
        const int code = mn_simulation_run(&simulation, 3, INFINITY, &reason, &done, &error);
        if (code == MN_OK && done != 3) {
            abort();
        }
    }
    mn_checkpoint_free(&checkpoint);
    return 0;
}
