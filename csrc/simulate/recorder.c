/* The recorder: each channel copies one quantity into a buffer of the caller's, a row at each step it wants. */
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ channels */

static bool wants(const mn_channel *channel, int64_t step)
{
    if (channel->steps == NULL) {
        return channel->every == 1 || step % channel->every == 0;
    }
    int64_t low = 0;
    int64_t high = channel->n_steps;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (channel->steps[middle] < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < channel->n_steps && channel->steps[low] == step;
}

static void channel_free(mn_channel *channel)
{
    mn_dealloc(channel->index);
    mn_dealloc(channel->steps);
    memset(channel, 0, sizeof(*channel));
}

int mn_recorder_add(mn_recorder *recorder, const mn_channel *channel)
{
    mn_channel copy = *channel;
    copy.rows = NULL;
    copy.capacity = 0;
    copy.n_rows = 0;
    copy.steps = NULL;
    copy.index = mn_alloc(channel->width, sizeof(*copy.index));
    mn_channel *grown = NULL;
    if (copy.index == NULL) {
        goto fail;
    }
    if (channel->index != NULL && channel->width > 0) {
        memcpy(copy.index, channel->index, (size_t)channel->width * sizeof(*copy.index));
    }
    if (channel->steps != NULL) {
        copy.steps = mn_alloc(channel->n_steps, sizeof(*copy.steps));
        if (copy.steps == NULL) {
            goto fail;
        }
        if (channel->n_steps > 0) {
            memcpy(copy.steps, channel->steps, (size_t)channel->n_steps * sizeof(*copy.steps));
        }
    }
    grown = mn_realloc(recorder->channel, recorder->n_channels + 1, sizeof(*grown));
    if (grown == NULL) {
        goto fail;
    }
    grown[recorder->n_channels] = copy;
    recorder->channel = grown;
    recorder->n_channels++;
    return MN_OK;
fail:
    channel_free(&copy);
    return MN_ERR_NO_MEMORY;
}

void mn_recorder_free(mn_recorder *recorder)
{
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        channel_free(&recorder->channel[k]);
    }
    mn_dealloc(recorder->channel);
    recorder->channel = NULL;
    recorder->n_channels = 0;
}

/* ------------------------------------------------------------------ what a simulation can record */

/* The edges at each node, for member currents. */
static int build_adjacency(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_engine *engine = simulation->engine;
    mn_pool *pool = &engine->adjacency;
    int64_t *first = mn_pool_alloc(pool, network->n_nodes + 2, sizeof(*first));
    int32_t *edge = mn_pool_alloc(pool, 2 * network->n_edges, sizeof(*edge));
    if (pool->code != MN_OK) {
        mn_pool_free(pool);
        return MN_ERR_NO_MEMORY;
    }
    /* counted at first[node + 2], filled at first[node + 1], which ends where the next node begins */
    for (int64_t e = 0; e < network->n_edges; e++) {
        first[network->a[e] + 2]++;
        first[network->b[e] + 2]++;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        first[k + 2] += first[k + 1];
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        edge[first[network->a[e] + 1]++] = (int32_t)e;
        edge[first[network->b[e] + 1]++] = (int32_t)e;
    }
    engine->first_at_node = first;
    engine->edge_at_node = edge;
    return MN_OK;
}

/* How many numbers the quantity of a channel has; -1 where there is no such quantity. */
static int64_t index_limit(const mn_simulation *simulation, const mn_channel *channel)
{
    const mn_network *network = simulation->network;
    switch (channel->quantity) {
    case MN_RECORD_CURRENT:
    case MN_RECORD_VOLTAGE:
    case MN_RECORD_LIMITED:
        return network->n_electrodes;
    case MN_RECORD_CONDUCTANCE:
        return 1;
    case MN_RECORD_POTENTIAL:
    case MN_RECORD_MEMBER_CURRENT:
        return network->n_nodes;
    case MN_RECORD_BRANCH_VOLTAGE:
    case MN_RECORD_BRANCH_CURRENT:
    case MN_RECORD_EDGE_CONDUCTANCE:
        return network->n_edges;
    case MN_RECORD_STATE:
        if (mn_simulation_field(simulation, channel->population, channel->field) != NULL) {
            const mn_population *population = &simulation->population[channel->population];
            return population->n * population->width[channel->field];
        }
        return -1;
    case MN_RECORD_N:
        break;
    }
    return -1;
}

int mn_simulation_record(mn_simulation *simulation, const mn_channel *channel)
{
    int64_t limit = index_limit(simulation, channel);
    bool has_left = simulation->engine->adaptive != NULL;
    if (limit < 0 || (channel->left && !has_left) || channel->width < 0 || channel->every < 1 ||
        (channel->steps == NULL && channel->n_steps != 0) || channel->n_steps < 0 ||
        (channel->quantity == MN_RECORD_CONDUCTANCE && channel->width != 1)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    for (int64_t k = 0; k < channel->width; k++) {
        if (channel->index == NULL || channel->index[k] < 0 || channel->index[k] >= limit) {
            return MN_ERR_BAD_ARGUMENT;
        }
    }
    for (int64_t k = 1; k < channel->n_steps; k++) {
        if (channel->steps[k] <= channel->steps[k - 1]) {
            return MN_ERR_BAD_ARGUMENT;
        }
    }
    if (channel->quantity == MN_RECORD_MEMBER_CURRENT && simulation->engine->first_at_node == NULL) {
        int code = build_adjacency(simulation);
        if (code != MN_OK) {
            return code;
        }
    }
    return mn_recorder_add(&simulation->recorder, channel);
}

int mn_simulation_bind(mn_simulation *simulation, int64_t k, double *rows, int64_t capacity)
{
    if (k < 0 || k >= simulation->recorder.n_channels || capacity < 0 || (rows == NULL && capacity > 0)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    mn_channel *channel = &simulation->recorder.channel[k];
    channel->rows = rows;
    channel->capacity = capacity;
    channel->n_rows = 0;
    return MN_OK;
}

void mn_simulation_record_clear(mn_simulation *simulation)
{
    mn_recorder_free(&simulation->recorder);
}

/* ------------------------------------------------------------------ rows */

bool mn_recorder_has_room(const mn_recorder *recorder, int64_t step)
{
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        const mn_channel *channel = &recorder->channel[k];
        if (channel->n_rows >= channel->capacity && wants(channel, step)) {
            return false;
        }
    }
    return true;
}

bool mn_recorder_wants_arrays(const mn_recorder *recorder, int64_t step)
{
    bool any = false;
    for (int64_t k = 0; k < recorder->n_channels && !any; k++) {
        const mn_quantity quantity = recorder->channel[k].quantity;
        const bool is_array = quantity == MN_RECORD_POTENTIAL || quantity == MN_RECORD_BRANCH_VOLTAGE ||
                              quantity == MN_RECORD_BRANCH_CURRENT || quantity == MN_RECORD_EDGE_CONDUCTANCE ||
                              quantity == MN_RECORD_MEMBER_CURRENT;
        any = is_array && wants(&recorder->channel[k], step);
    }
    return any;
}

static double branch_voltage(const mn_simulation *simulation, int32_t edge)
{
    const mn_network *network = simulation->network;
    double v = simulation->potential[network->a[edge]] - simulation->potential[network->b[edge]];
    return isnan(v) ? 0.0 : v; /* a device on an island sees 0 V */
}

static double branch_current(const mn_simulation *simulation, int32_t edge)
{
    const mn_network *network = simulation->network;
    const double *source = simulation->engine->source;
    double v = simulation->potential[network->a[edge]] - simulation->potential[network->b[edge]];
    if (isnan(v)) {
        return 0.0; /* nothing flows on an island, whatever its sources */
    }
    const mn_newton *newton = simulation->engine->newton;
    if (newton != NULL && newton->is_published != 0) {
        return newton->published[edge];
    }
    return simulation->conductance[edge] * v + (source == NULL ? 0.0 : source[edge]);
}

void mn_simulation_branch_current(const mn_simulation *simulation, double *i)
{
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        i[e] = branch_current(simulation, (int32_t)e);
    }
}

static double member_current(const mn_simulation *simulation, int32_t node)
{
    const mn_engine *engine = simulation->engine;
    double sum = 0.0;
    for (int64_t k = engine->first_at_node[node]; k < engine->first_at_node[node + 1]; k++) {
        int32_t edge = engine->edge_at_node[k];
        double i = branch_current(simulation, edge);
        sum += simulation->network->a[edge] == node ? i : -i;
    }
    return sum;
}

static double is_limited(const mn_simulation *simulation, int32_t electrode)
{
    return simulation->engine->limits.side[electrode] != 0 ? 1.0 : 0.0;
}

static void pick(const double *from, const mn_channel *channel, double *row)
{
    for (int64_t k = 0; k < channel->width; k++) {
        row[k] = from[channel->index[k]];
    }
}

static void each(const mn_simulation *simulation, double (*value)(const mn_simulation *, int32_t),
                 const mn_channel *channel, double *row)
{
    for (int64_t k = 0; k < channel->width; k++) {
        row[k] = value(simulation, channel->index[k]);
    }
}

static void write_row(const mn_simulation *simulation, const mn_channel *channel, double *row)
{
    switch (channel->quantity) {
    case MN_RECORD_CURRENT:
        pick(simulation->current, channel, row);
        break;
    case MN_RECORD_VOLTAGE:
        pick(simulation->voltage, channel, row);
        break;
    case MN_RECORD_LIMITED:
        each(simulation, is_limited, channel, row);
        break;
    case MN_RECORD_CONDUCTANCE:
        row[0] = simulation->terminal_conductance;
        break;
    case MN_RECORD_POTENTIAL:
        pick(simulation->potential, channel, row);
        break;
    case MN_RECORD_BRANCH_VOLTAGE:
        each(simulation, branch_voltage, channel, row);
        break;
    case MN_RECORD_BRANCH_CURRENT:
        each(simulation, branch_current, channel, row);
        break;
    case MN_RECORD_EDGE_CONDUCTANCE:
        pick(simulation->conductance, channel, row);
        break;
    case MN_RECORD_STATE:
        pick(simulation->population[channel->population].field[channel->field], channel, row);
        break;
    case MN_RECORD_MEMBER_CURRENT:
        each(simulation, member_current, channel, row);
        break;
    case MN_RECORD_N: /* GCOV_EXCL_LINE: no channel has it */
        break;        /* GCOV_EXCL_LINE: no channel has it */
    }
}

static bool wants_left(const mn_channel *channel, int64_t step)
{
    return channel->left && channel->n_rows < channel->capacity && wants(channel, step);
}

bool mn_recorder_has_left(const mn_recorder *recorder)
{
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        if (recorder->channel[k].left) {
            return true;
        }
    }
    return false;
}

bool mn_recorder_wants_left(const mn_recorder *recorder, int64_t step)
{
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        if (wants_left(&recorder->channel[k], step)) {
            return true;
        }
    }
    return false;
}

static void prepare(mn_simulation *simulation, const mn_channel *channel)
{
    if (channel->quantity == MN_RECORD_CONDUCTANCE) {
        mn_engine_find_conductance(simulation);
    }
    if (channel->quantity == MN_RECORD_CURRENT) {
        mn_engine_find_currents(simulation);
    }
}

void mn_recorder_write_left(mn_simulation *simulation)
{
    mn_recorder *recorder = &simulation->recorder;
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        const mn_channel *channel = &recorder->channel[k];
        if (wants_left(channel, simulation->step)) {
            prepare(simulation, channel);
            write_row(simulation, channel, channel->rows + channel->n_rows * channel->width);
        }
    }
}

void mn_recorder_write(mn_simulation *simulation)
{
    mn_recorder *recorder = &simulation->recorder;
    for (int64_t k = 0; k < recorder->n_channels; k++) {
        mn_channel *channel = &recorder->channel[k];
        if (wants(channel, simulation->step)) {
            if (!channel->left || !simulation->engine->has_left) {
                prepare(simulation, channel);
                write_row(simulation, channel, channel->rows + channel->n_rows * channel->width);
            }
            channel->n_rows++;
        }
    }
}
