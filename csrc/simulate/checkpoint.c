/* Checkpoint files: a header, the caller's note, the state of a simulation, a checksum.
 *
 *   "\x89memnet\n"  8 bytes      note size       uint64
 *   version         uint32       note            bytes
 *   byte order      uint32       state           see walk_state
 *   file size       uint64       CRC-64/XZ       uint64, of everything before
 *   fingerprint     uint64
 *
 * One function, walk_state, lists what the state is; size, writing and reading all come from it. */
#define _POSIX_C_SOURCE 200809L /* close */
#include "base/file.h"
#include "simulate/adaptive.h"
#include "simulate/cycles.h"
#include "simulate/implicit.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static const unsigned char MAGIC[8] = {0x89, 'm', 'e', 'm', 'n', 'e', 't', '\n'};

enum { VERSION = 1, BYTE_ORDER_MARK = 0x01020304, TAIL = 8 };

/* Beyond this, step and time = step dt are no longer exact; it also leaves room for any number of further steps. */
static const int64_t MAX_STEP = INT64_C(1) << 53;

typedef struct {
    unsigned char magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t file_size;
    uint64_t fingerprint;
    uint64_t note_size;
} header;

/* What the state holds besides arrays. */
typedef struct {
    int64_t step;
    int64_t solved;
    double terminal_conductance;
    mn_counters counters;
} scalars;

/* What those of adaptive steps hold besides. */
typedef struct {
    mn_step_counters counters;
    double h, age, scale;
} adaptive_scalars;

/* ------------------------------------------------------------------ checksums */

#define POLYNOMIAL UINT64_C(0xc96c5795d7870f42)

enum { SLICES = 8, LEAST_SLICED = 1 << 16 };

/* The register after `n_bits` more zero bits. */
static uint64_t shifted(uint64_t crc, int n_bits)
{
    for (int bit = 0; bit < n_bits; bit++) {
        crc = (crc & 1) ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
    }
    return crc;
}

static uint64_t little_endian(const unsigned char *bytes)
{
    uint64_t word = 0;
    for (int k = 0; k < SLICES; k++) {
        word |= (uint64_t)bytes[k] << (8 * k);
    }
    return word;
}

/* Takes whole words in, eight bytes at a time by a table for each of their places (slicing). */
static uint64_t take_words(uint64_t crc, const unsigned char *bytes, size_t n_words)
{
    uint64_t table[SLICES][256];
    for (uint64_t k = 0; k < 256; k++) {
        table[0][k] = shifted(k, 8);
    }
    for (int s = 1; s < SLICES; s++) {
        for (int k = 0; k < 256; k++) {
            table[s][k] = (table[s - 1][k] >> 8) ^ table[0][table[s - 1][k] & 255];
        }
    }
    for (size_t k = 0; k < n_words; k++) {
        const uint64_t word = crc ^ little_endian(bytes + SLICES * k);
        crc = 0;
        for (int s = 0; s < SLICES; s++) {
            crc ^= table[SLICES - 1 - s][(word >> (8 * s)) & 255];
        }
    }
    return crc;
}

/* CRC-64/XZ. What is short goes by a small table, four bits at a time. */
static uint64_t crc64(const unsigned char *bytes, size_t size)
{
    uint64_t table[16];
    uint64_t crc = ~UINT64_C(0);
    size_t begin = 0;
    if (size >= LEAST_SLICED) {
        begin = size / SLICES * SLICES;
        crc = take_words(crc, bytes, size / SLICES);
    }
    for (uint64_t k = 0; k < 16; k++) {
        table[k] = shifted(k, 4);
    }
    for (size_t k = begin; k < size; k++) {
        crc ^= bytes[k];
        crc = table[crc & 15] ^ (crc >> 4);
        crc = table[crc & 15] ^ (crc >> 4);
    }
    return ~crc;
}

static uint64_t mix_in(uint64_t fingerprint, const void *bytes, size_t size)
{
    uint64_t pair[2] = {fingerprint, size == 0 ? 0 : crc64(bytes, size)};
    return crc64((const unsigned char *)pair, sizeof(pair));
}

static uint64_t mix_in_reactions(uint64_t print, const mn_reactions *reactions)
{
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        const mn_reaction_spec *spec = &reactions->reaction[r].spec;
        int64_t whole[5] = {spec->population, spec->kind, spec->electrode, (int64_t)spec->overlap, spec->most};
        double times[2] = {spec->delay, spec->refractory};
        print = mix_in(print, whole, sizeof(whole));
        print = mix_in(print, times, sizeof(times));
        print = mix_in(print, spec->listens, spec->listens == NULL ? 0 : (size_t)reactions->reaction[r].n_members);
    }
    return print;
}

static uint64_t mix_in_cycles(uint64_t print, const mn_cycles *cycles)
{
    for (int64_t c = 0; cycles != NULL && c < cycles->n; c++) {
        const mn_cycle_spec *spec = &cycles->cycle[c].spec;
        const int64_t whole[7] = {spec->population,
                                  spec->field,
                                  spec->kind,
                                  spec->state,
                                  spec->above,
                                  (int64_t)spec->distribution.kind,
                                  spec->distribution.relative};
        const double numbers[2] = {spec->level, spec->distribution.size};
        const uint64_t keys[2] = {spec->seed, spec->stream};
        print = mix_in(print, whole, sizeof(whole));
        print = mix_in(print, numbers, sizeof(numbers));
        print = mix_in(print, keys, sizeof(keys));
        print = mix_in(print, spec->center, (size_t)cycles->cycle[c].n_members * sizeof(*spec->center));
    }
    return print;
}

/* What a device carries is part of it, unlike the drive. */
static uint64_t mix_in_waves(uint64_t print, const mn_drive *carried)
{
    for (int64_t w = 0; w < carried->n_waves; w++) {
        const mn_wave *wave = &carried->wave[w];
        const int64_t numbers[3] = {(int64_t)wave->kind, wave->n_samples, wave->n_children};
        print = mix_in(print, numbers, sizeof(numbers));
        print = mix_in(print, wave->p, sizeof(wave->p));
        print = mix_in(print, wave->samples, (size_t)wave->n_samples * sizeof(*wave->samples));
        print = mix_in(print, wave->children, (size_t)wave->n_children * sizeof(*wave->children));
    }
    return print;
}

/* Tells simulations apart whose states must not be exchanged: topology, lengths, electrodes, models, edges, lengths of
 * vectors, waveforms and links of devices, reactions, cycles, dt, seed, and the tolerance of adaptive steps. */
static uint64_t fingerprint_of(const mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    size_t n_edges = (size_t)network->n_edges;
    int64_t counts[4] = {network->n_nodes, network->n_edges, network->n_electrodes, simulation->n_populations};
    uint64_t print = mix_in(0, counts, sizeof(counts));
    print = mix_in(print, network->a, n_edges * sizeof(*network->a));
    print = mix_in(print, network->b, n_edges * sizeof(*network->b));
    print = mix_in(print, network->electrode, (size_t)network->n_nodes * sizeof(*network->electrode));
    if (network->length != NULL) {
        print = mix_in(print, network->length, n_edges * sizeof(*network->length));
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        print = mix_in(print, population->model->name, strlen(population->model->name));
        if (population->model->identity != NULL) {
            print = mix_in(print, population->model->identity, strlen(population->model->identity));
        }
        print = mix_in(print, population->edge, (size_t)population->n * sizeof(*population->edge));
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            const bool is_told = population->model->field[f].width_field != NULL;
            print = is_told ? mix_in(print, &population->width[f], sizeof(population->width[f])) : print;
        }
        print = mix_in_waves(print, &simulation->engine->members[p].carried);
        if (simulation->engine->members[p].links != NULL) {
            const mn_links *links = simulation->engine->members[p].links;
            print = mix_in(print, links->edge, (size_t)population->n * sizeof(*links->edge));
        }
    }
    print = mix_in_reactions(print, simulation->engine->reactions);
    print = mix_in_cycles(print, simulation->engine->cycles);
    print = mix_in(print, &simulation->options.dt, sizeof(simulation->options.dt));
    print = mix_in(print, &simulation->options.seed, sizeof(simulation->options.seed));
    if (simulation->options.rtol > 0.0) {
        print = mix_in(print, &simulation->options.rtol, sizeof(simulation->options.rtol));
    }
    return print;
}

/* ------------------------------------------------------------------ the state, item by item */

typedef struct {
    unsigned char *bytes; /* NULL while only counting */
    size_t offset;
    bool reading;
} cursor;

static void item(cursor *at, void *data, size_t size)
{
    if (at->bytes != NULL && size > 0) {
        if (at->reading) {
            memcpy(data, at->bytes + at->offset, size);
        } else {
            memcpy(at->bytes + at->offset, data, size);
        }
    }
    at->offset += size;
}

/* The waveforms of reactions that wait or run, and which events of each edge counted last. */
static void walk_reactions(mn_reactions *reactions, cursor *at)
{
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        mn_reaction *reaction = &reactions->reaction[r];
        item(at, &reaction->n, sizeof(reaction->n));
        item(at, reaction->start, (size_t)reaction->spec.most * sizeof(double));
        if (reaction->last != NULL) {
            item(at, reaction->last, (size_t)reaction->n_members * sizeof(double));
        }
    }
}

/* In which cycle each member is, and what was drawn for it. */
static void walk_cycles(const mn_simulation *simulation, cursor *at)
{
    const mn_cycles *cycles = simulation->engine->cycles;
    for (int64_t c = 0; cycles != NULL && c < cycles->n; c++) {
        const mn_cycle *cycle = &cycles->cycle[c];
        double *value = simulation->population[cycle->spec.population].field[cycle->spec.field];
        const size_t n = (size_t)cycle->n_members;
        item(at, cycle->count, n * sizeof(*cycle->count));
        item(at, cycle->beyond, cycle->beyond == NULL ? 0 : n);
        item(at, value, n * sizeof(*value));
    }
}

/* What a balance of currents leaves, and what implicit steps carry from row to row. */
static void walk_balance(const mn_simulation *simulation, cursor *at)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    mn_implicit *implicit = simulation->engine->implicit;
    if (newton != NULL) {
        item(at, &newton->is_published, sizeof(newton->is_published));
        item(at, newton->published, (size_t)network->n_edges * sizeof(double));
        item(at, newton->guess, (size_t)network->n_nodes * sizeof(double));
    }
    if (implicit != NULL) {
        item(at, &simulation->engine->has_row, sizeof(simulation->engine->has_row));
        item(at, &implicit->row.damped, sizeof(implicit->row.damped));
        item(at, implicit->row.potential, (size_t)network->n_nodes * sizeof(double));
        item(at, implicit->row.charging, (size_t)network->n_edges * sizeof(double));
        item(at, implicit->row.side, simulation->engine->has_limits ? (size_t)network->n_electrodes : 0);
    }
}

/* What adaptive steps know from the rows before. */
static void walk_adaptive(const mn_simulation *simulation, adaptive_scalars *values, cursor *at)
{
    item(at, values, sizeof(*values));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        size_t size = (size_t)simulation->population[p].model->n_fields * sizeof(double);
        item(at, simulation->engine->adaptive->members[p].largest, size);
    }
    item(at, simulation->engine->adaptive->side,
         simulation->engine->has_limits ? (size_t)simulation->network->n_electrodes : 0);
}

static void walk_state(const mn_simulation *simulation, scalars *values, adaptive_scalars *adaptive, cursor *at)
{
    const mn_network *network = simulation->network;
    item(at, values, sizeof(*values));
    walk_reactions(simulation->engine->reactions, at);
    walk_cycles(simulation, at);
    item(at, simulation->conductance, (size_t)network->n_edges * sizeof(double));
    item(at, simulation->potential, (size_t)network->n_nodes * sizeof(double));
    item(at, simulation->voltage, (size_t)network->n_electrodes * sizeof(double));
    item(at, simulation->current, (size_t)network->n_electrodes * sizeof(double));
    if (simulation->engine->has_limits) {
        item(at, simulation->engine->limits.side, (size_t)network->n_electrodes * sizeof(int8_t));
    }
    if (simulation->engine->has_source) { /* branch currents of the last solve cannot do without */
        item(at, simulation->engine->source, (size_t)network->n_edges * sizeof(double));
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_links *links = simulation->engine->members[p].links;
        size_t size = (size_t)population->n * sizeof(double);
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            const mn_field *field = &population->model->field[f];
            item(at, population->field[f], field->added_later ? 0 : size * (size_t)population->width[f]);
        }
        item(at, simulation->engine->members[p].v_prev, size);
        if (links != NULL) {
            item(at, links->v_prev, size);
        }
    }
    walk_balance(simulation, at);
    if (simulation->engine->adaptive != NULL) {
        walk_adaptive(simulation, adaptive, at);
    }
}

static scalars scalars_of(const mn_simulation *simulation)
{
    scalars values = {.step = simulation->step,
                      .solved = simulation->solved,
                      .terminal_conductance = simulation->terminal_conductance,
                      .counters = simulation->counters};
    return values;
}

static adaptive_scalars adaptive_of(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    adaptive_scalars values = {.counters = simulation->step_counters,
                               .h = adaptive == NULL ? 0.0 : adaptive->h,
                               .age = adaptive == NULL ? 0.0 : adaptive->age,
                               .scale = adaptive == NULL ? 0.0 : adaptive->scale};
    return values;
}

size_t mn_state_size(const mn_simulation *simulation)
{
    scalars values = scalars_of(simulation);
    adaptive_scalars adaptive = adaptive_of(simulation);
    cursor at = {NULL, 0, false};
    walk_state(simulation, &values, &adaptive, &at);
    return at.offset;
}

void mn_state_save(mn_simulation *simulation, unsigned char *bytes)
{
    mn_engine_find_conductance(simulation);
    scalars values = scalars_of(simulation);
    adaptive_scalars adaptive = adaptive_of(simulation);
    cursor at = {bytes, 0, false};
    walk_state(simulation, &values, &adaptive, &at);
}

void mn_state_load(mn_simulation *simulation, const unsigned char *bytes)
{
    scalars values = scalars_of(simulation);
    adaptive_scalars adaptive = adaptive_of(simulation);
    cursor at = {(unsigned char *)(uintptr_t)bytes, 0, true};
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES); /* before: the state says whether a row is known */
    walk_state(simulation, &values, &adaptive, &at);
    mn_reactions_count(simulation);
    mn_cycles_loaded(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population_renew(&simulation->population[p]);
    }
    if (simulation->engine->adaptive != NULL) {
        simulation->step_counters = adaptive.counters;
        simulation->engine->adaptive->h = adaptive.h;
        simulation->engine->adaptive->age = adaptive.age;
        simulation->engine->adaptive->scale = adaptive.scale;
    }
    simulation->step = values.step;
    simulation->solved = values.solved != 0;
    simulation->terminal_conductance = values.terminal_conductance;
    simulation->engine->owes_currents = simulation->engine->owes_conductance = false;
    simulation->counters = values.counters;
}

/* ------------------------------------------------------------------ writing */

size_t mn_checkpoint_size(const mn_simulation *simulation, size_t note_size)
{
    return sizeof(header) + note_size + mn_state_size(simulation) + TAIL;
}

void mn_checkpoint_encode(mn_simulation *simulation, const void *note, size_t note_size, unsigned char *bytes)
{
    size_t size = mn_checkpoint_size(simulation, note_size);
    header head = {.version = VERSION,
                   .byte_order = BYTE_ORDER_MARK,
                   .file_size = size,
                   .fingerprint = fingerprint_of(simulation),
                   .note_size = note_size};
    memcpy(head.magic, MAGIC, sizeof(MAGIC));
    memcpy(bytes, &head, sizeof(head));
    if (note_size > 0) {
        memcpy(bytes + sizeof(head), note, note_size);
    }
    mn_state_save(simulation, bytes + sizeof(head) + note_size);
    uint64_t crc = crc64(bytes, size - TAIL);
    memcpy(bytes + size - TAIL, &crc, TAIL);
}

int mn_checkpoint_write(mn_simulation *simulation, const char *path, const void *note, size_t note_size,
                        mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    size_t size = mn_checkpoint_size(simulation, note_size);
    unsigned char *bytes = mn_alloc((int64_t)size, 1);
    if (bytes == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    mn_checkpoint_encode(simulation, note, note_size, bytes);
    int code = mn_file_replace(path, bytes, size, simulation->options.cancel, error);
    mn_dealloc(bytes);
    return code;
}

/* ------------------------------------------------------------------ reading */

static int check_header(const header *head, size_t size, mn_error *error)
{
    if (size < sizeof(MAGIC) || memcmp(head->magic, MAGIC, sizeof(MAGIC)) != 0) {
        return mn_error_set(error, MN_ERR_CHECKPOINT_FORMAT);
    }
    if (size < sizeof(*head) + TAIL) {
        return mn_error_set(error, MN_ERR_CHECKPOINT_DAMAGED);
    }
    if (head->version != VERSION) {
        return mn_error_refuse(error, MN_ERR_CHECKPOINT_FORMAT, "format version", (double)head->version);
    }
    if (head->byte_order != BYTE_ORDER_MARK) {
        return mn_error_refuse(error, MN_ERR_CHECKPOINT_FORMAT, "byte order", (double)head->byte_order);
    }
    if (head->file_size != size || head->note_size > size - sizeof(*head) - TAIL) {
        return mn_error_set(error, MN_ERR_CHECKPOINT_DAMAGED);
    }
    return MN_OK;
}

/* Makes room for a checkpoint of that size whose first bytes, at most those of a header, are known. */
static int begin(mn_checkpoint *checkpoint, const header *head, size_t size, mn_error *error)
{
    int code = check_header(head, size, error);
    if (code != MN_OK) {
        return code;
    }
    checkpoint->bytes = mn_alloc((int64_t)size, 1);
    if (checkpoint->bytes == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    checkpoint->size = size;
    checkpoint->note = checkpoint->bytes + sizeof(*head);
    checkpoint->note_size = (size_t)head->note_size;
    memcpy(checkpoint->bytes, head, sizeof(*head));
    return MN_OK;
}

static int check_sum(const mn_checkpoint *checkpoint, mn_error *error)
{
    uint64_t crc;
    memcpy(&crc, checkpoint->bytes + checkpoint->size - TAIL, TAIL);
    if (crc != crc64(checkpoint->bytes, checkpoint->size - TAIL)) {
        return mn_error_set(error, MN_ERR_CHECKPOINT_DAMAGED);
    }
    return MN_OK;
}

int mn_checkpoint_init(mn_checkpoint *checkpoint, const char *path, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    memset(checkpoint, 0, sizeof(*checkpoint));
    mn_error_clear(error);
    header head = {.version = 0};
    size_t size;
    size_t n_read;
    int file;
    int code = mn_file_open(path, &file, &size, error);
    if (code == MN_ERR_NOT_REGULAR) {
        mn_error_clear(error);
        return mn_error_set(error, MN_ERR_CHECKPOINT_FORMAT);
    }
    if (code != MN_OK) {
        return code;
    }
    code = mn_file_read(file, (unsigned char *)&head, sizeof(head), &n_read, error);
    if (code != MN_OK) {
        goto out;
    }
    code = begin(checkpoint, &head, size, error);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_file_read(file, checkpoint->bytes + sizeof(head), size - sizeof(head), &n_read, error);
    if (code != MN_OK) {
        goto out;
    }
    /* a file that shrank meanwhile has zeros at its end, which no checksum fits */
    code = check_sum(checkpoint, error);
out:
    (void)close(file);
    if (code != MN_OK) {
        mn_checkpoint_free(checkpoint);
    }
    return code;
}

int mn_checkpoint_decode(mn_checkpoint *checkpoint, const void *bytes, size_t size, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    memset(checkpoint, 0, sizeof(*checkpoint));
    mn_error_clear(error);
    header head = {.version = 0};
    if (size > 0) {
        memcpy(&head, bytes, size < sizeof(head) ? size : sizeof(head));
    }
    int code = begin(checkpoint, &head, size, error);
    if (code != MN_OK) {
        return code;
    }
    memcpy(checkpoint->bytes, bytes, size);
    code = check_sum(checkpoint, error);
    if (code != MN_OK) {
        mn_checkpoint_free(checkpoint);
    }
    return code;
}

/* Whether what walk_reactions will read may be believed. */
static bool reactions_are_whole(const mn_reactions *reactions, const unsigned char *bytes)
{
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        int64_t n;
        double start, before = -INFINITY;
        memcpy(&n, bytes, sizeof(n));
        bytes += sizeof(n);
        if (n < 0 || n > reaction->spec.most) {
            return false;
        }
        for (int64_t k = 0; k < n; k++, before = start) {
            memcpy(&start, bytes + (size_t)k * sizeof(start), sizeof(start));
            if (!isfinite(start) || start < before) {
                return false;
            }
        }
        bytes += (size_t)reaction->spec.most * sizeof(double);
        bytes += reaction->last == NULL ? 0 : (size_t)reaction->n_members * sizeof(double);
    }
    return true;
}

int mn_checkpoint_restore(const mn_checkpoint *checkpoint, mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    header head;
    mn_error_clear(error);
    memcpy(&head, checkpoint->bytes, sizeof(head));
    size_t start = sizeof(head) + checkpoint->note_size;
    if (head.fingerprint != fingerprint_of(simulation) ||
        checkpoint->size - start - TAIL != mn_state_size(simulation)) {
        return mn_error_set(error, MN_ERR_CHECKPOINT_MISMATCH);
    }
    scalars values;
    memcpy(&values, checkpoint->bytes + start, sizeof(values));
    if (values.step < 0 || values.step > MAX_STEP) {
        return mn_error_refuse(error, MN_ERR_CHECKPOINT_DAMAGED, "step", (double)values.step);
    }
    if (!reactions_are_whole(simulation->engine->reactions, checkpoint->bytes + start + sizeof(values))) {
        return mn_error_refuse(error, MN_ERR_CHECKPOINT_DAMAGED, "reactions", NAN);
    }
    mn_state_load(simulation, checkpoint->bytes + start);
    simulation->events.n = 0;
    return MN_OK;
}

void mn_checkpoint_free(mn_checkpoint *checkpoint)
{
    mn_dealloc(checkpoint->bytes);
    memset(checkpoint, 0, sizeof(*checkpoint));
}
