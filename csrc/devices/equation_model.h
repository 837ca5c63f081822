/* Device models from equations: a table of fields and the programs behind its hooks, interpreted or compiled. */
#ifndef MN_EQUATION_MODEL_H
#define MN_EQUATION_MODEL_H

#include "devices/device.h"
#include "equations/program.h"

enum { MN_MOST_EQUATION_FIELDS = 128, MN_MOST_NOISES = 16, MN_MOST_EQUATION_EVENTS = 100 };

/* Where an input of a program comes from: the fields by their number, behind them what hooks are told. */
enum {
    MN_INPUT_VOLTAGE = MN_MOST_EQUATION_FIELDS,
    MN_INPUT_LENGTH,
    MN_INPUT_LINKED_VOLTAGE,
    MN_INPUT_INFLOW,
    MN_INPUT_NOISE,                                         /* the first, of the standard normal distribution */
    MN_INPUT_LINKED_STATE = MN_INPUT_NOISE + MN_MOST_NOISES /* the first */
};

/* And a uniform of it. */
enum { MN_UNIFORM_TIME, MN_UNIFORM_STEP };

/* The same arithmetic in C: bits agree with the interpreter's. */
typedef void mn_compiled_program(int64_t n, const double *const *in, const double *uniform, double *const *out);

/* A program of a model. Outputs are in the order that its hook wants. */
typedef struct {
    const mn_program *program;     /* NULL: the model has none */
    mn_compiled_program *compiled; /* instead of interpreting it, or NULL */
    const int16_t *input;          /* program->n_inputs: where each comes from */
    const int16_t *uniform;        /* program->n_uniforms */
} mn_equations;

/* The programs and their outputs; states are those of the table in its order. */
typedef enum {
    MN_EQUATIONS_START,       /* states */
    MN_EQUATIONS_RANGES,      /* low and high end of each state with mn_field.own_range */
    MN_EQUATIONS_CONDUCTANCE, /* g, i0 at the voltage of the step before */
    MN_EQUATIONS_ADVANCE,     /* states after the step; then, for each event of its end, whether it happens */
    MN_EQUATIONS_LINEARISE,   /* i, i_v, q, q_v; f of the states, their f_x, f_v, i_x; with q, q_x */
    MN_EQUATIONS_CROSSING,    /* distance of each located event, negative until it happens */
    MN_N_EQUATIONS
} mn_equations_of;

/* A model; `model` is first, as hooks find the rest through its address. What it points to outlives it. */
typedef struct {
    mn_device_model model;
    mn_equations of[MN_N_EQUATIONS];
    const mn_equations *jump; /* one a located event: states after it */
    int64_t n_located;        /* events that crossing() finds, the first of model.event */
    int64_t n_at_steps;       /* events that advance() finds, the last of them: all with MN_EVENTS_AT_STEPS */
    int64_t n_noises;
} mn_equation_model;

/* The input, or uniform, of a name: a field, "v", "length", "linked.v", "inflow", "linked." and a state, "xi." and a
 * number; "t", "dt". -1 where there is none. Fields, linked states and n_noises are in the struct. */
int16_t mn_equation_input(const mn_equation_model *self, const char *name);
int16_t mn_equation_uniform(const char *name);
/* Sets the hooks, what they work in and MN_STOCHASTIC from what stands in the struct. BAD_ARGUMENT where a program is
 * none, has an input that the model has not got, or other outputs than its hook wants; where one is missing; and where
 * the tables do not fit: a name that is none of theirs, or more than there is room for. */
int mn_equation_model_init(mn_equation_model *self, mn_error *error) MN_CHECKED;

/* The hooks, for tables of compiled models. */
int mn_equation_init(mn_population *population);
void mn_equation_ranges(mn_population *population, int64_t first, int64_t n);
void mn_equation_conductance(mn_population *population, const mn_step *step);
void mn_equation_advance(mn_population *population, const mn_step *step);
void mn_equation_linearise(mn_population *population, const mn_step *step, const mn_linear *linear);
void mn_equation_crossing(mn_population *population, const mn_step *step, double *distance);
void mn_equation_cross(mn_population *population, int32_t member, const mn_step *step);

#endif
