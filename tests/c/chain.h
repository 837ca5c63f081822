/* Devices in series between two electrodes, and a simulation of them. */
#ifndef CHAIN_H
#define CHAIN_H

#include "check.h"
#include "devices/device.h"

#include <math.h>
#include <string.h>

enum { MAX_LINKS = 8, MAX_SETTINGS = 4, MAX_VALUES = 32 };

/* An edge: its model at the table's defaults, but for the parameters that are set by name. */
typedef struct {
    const char *model;
    struct {
        const char *name;
        double value;
    } set[MAX_SETTINGS];
} chain_edge;

typedef struct {
    double dt, rtol;
    mn_cancel *cancel;
    bool drives_current; /* the drive of electrode 0 is one, not a voltage */
} chain_options;

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
} chain;

static inline mn_wave constant(double value)
{
    return (mn_wave){.kind = MN_WAVE_CONSTANT, .p = {value}};
}

static inline void chain_parameters(const chain_edge *edge, double *value, const double **parameter)
{
    const mn_device_model *model = mn_model_find(edge->model);
    NEED(model != NULL);
    for (int64_t f = 0, n = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_PARAMETER) {
            NEED(n < MAX_VALUES);
            value[n] = model->field[f].initial;
            for (int s = 0; s < MAX_SETTINGS && edge->set[s].name != NULL; s++) {
                value[n] = strcmp(edge->set[s].name, model->field[f].name) == 0 ? edge->set[s].value : value[n];
            }
            parameter[n] = &value[n];
            n++;
        }
    }
}

/* Edge k joins nodes k and k + 1; the ends are electrodes 0, driven by `drive`, and 1, at 0 V. Gaps are 0.05 long. */
static inline void chain_init(chain *c, int64_t n, const chain_edge *edge, mn_wave drive, const chain_options *options)
{
    int32_t edges[2 * MAX_LINKS], electrode[MAX_LINKS + 1], id[MAX_LINKS];
    double length[MAX_LINKS], value[MAX_LINKS][MAX_VALUES];
    const double *parameter[MAX_LINKS][MAX_VALUES];
    mn_device_spec device[MAX_LINKS];
    int32_t driven[1] = {0};
    const mn_wave wave[3] = {drive, constant(0.0), {.kind = MN_WAVE_CURRENT, .n_children = 1, .children = driven}};
    const int32_t root[2] = {options->drives_current ? 2 : 0, 1};
    const mn_simulation_options all = {.solver = "kron",
                                       .dt = options->dt,
                                       .seed = 1,
                                       .incremental = true,
                                       .event_driven = true,
                                       .cancel = options->cancel,
                                       .rtol = options->rtol};
    NEED(n <= MAX_LINKS);
    for (int32_t k = 0; k < n; k++) {
        edges[2 * k] = id[k] = k;
        edges[2 * k + 1] = k + 1;
        electrode[k + 1] = k + 1 == n ? 1 : -1;
        length[k] = 0.05;
        chain_parameters(&edge[k], value[k], parameter[k]);
        device[k] = (mn_device_spec){.model = edge[k].model, .n = 1, .edge = &id[k], .parameter = parameter[k]};
    }
    electrode[0] = 0;
    mn_error_clear(&c->error);
    NEED(mn_network_init(&c->network, n + 1, n, edges, length, 2, electrode, &c->error) == MN_OK);
    NEED(mn_simulation_init(&c->simulation, &c->network, n, device, 3, wave, root, &all, &c->error) == MN_OK);
}

static inline void chain_free(chain *c)
{
    mn_simulation_free(&c->simulation);
    mn_network_free(&c->network);
}

static inline int chain_run(chain *c, int64_t n)
{
    mn_reason reason;
    int64_t done;
    mn_error_clear(&c->error);
    return mn_simulation_run(&c->simulation, n, INFINITY, &reason, &done, &c->error);
}

static inline int chain_solve(chain *c)
{
    mn_error_clear(&c->error);
    return mn_simulation_solve(&c->simulation, &c->error);
}

/* A state or parameter of the edge k. */
static inline double chain_field(const chain *c, int64_t k, const char *name)
{
    return *mn_simulation_field(&c->simulation, k, mn_model_field(c->simulation.population[k].model, name));
}

#endif
