/* The hooks of models from equations: each binds the inputs of a program to a population and runs it. */
#include "devices/equation_model.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)MN_PROGRAM_BLOCK <= (int)MN_BLOCK, "a block of a program fits a block of scratch");

/* Outputs of the largest program: four, and five a state. */
enum { MOST_INPUTS = 2 * MN_MOST_EQUATION_FIELDS, MOST_OUTPUTS = 4 + 5 * MN_MOST_EQUATION_FIELDS };

static const mn_equation_model *model_of(const mn_population *population)
{
    return (const mn_equation_model *)population->model;
}

/* ------------------------------------------------------------------ running a program */

/* Scratch: noise, whether events happen, distances; behind them the blocks of the interpreter. */
static double **noise_of(const mn_population *population)
{
    return population->scratch;
}

static double **happens_of(const mn_population *population)
{
    return population->scratch + model_of(population)->n_noises;
}

static double **distance_of(const mn_population *population)
{
    return happens_of(population) + model_of(population)->n_at_steps;
}

static double **block_of(const mn_population *population)
{
    return population->scratch + population->model->n_scratch;
}

static const double *input_of(const mn_population *population, const mn_step *step, const double *v, int16_t input)
{
    if (input < MN_MOST_EQUATION_FIELDS) {
        return population->field[input];
    }
    if (input >= MN_INPUT_LINKED_STATE) {
        return step->linked_x[input - MN_INPUT_LINKED_STATE];
    }
    if (input >= MN_INPUT_NOISE) {
        return noise_of(population)[input - MN_INPUT_NOISE];
    }
    return input == MN_INPUT_VOLTAGE  ? v
           : input == MN_INPUT_LENGTH ? population->length
           : input == MN_INPUT_INFLOW ? step->inflow
                                      : step->linked_v;
}

/* Runs a program for the members `first` to first + n - 1 at the voltages v. */
static void run(const mn_population *population, const mn_equations *equations, const mn_step *step, const double *v,
                int64_t first, int64_t n, double *const *out)
{
    const mn_program *program = equations->program;
    const double *in[MOST_INPUTS];
    double uniform[2];
    for (int64_t j = 0; j < program->n_inputs; j++) {
        in[j] = input_of(population, step, v, equations->input[j]) + first;
    }
    for (int64_t j = 0; j < program->n_uniforms; j++) {
        uniform[j] = equations->uniform[j] == MN_UNIFORM_TIME ? step->t : step->dt;
    }
    if (equations->compiled != NULL) {
        equations->compiled(n, in, uniform, out);
    } else {
        mn_program_run(program, n, in, uniform, out, block_of(population));
    }
}

/* The states' arrays among those of all fields, in order; returns how many. */
static int64_t states_of(const mn_population *population, double *const *array, double **out)
{
    int64_t n = 0;
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->model->field[f].role == MN_STATE) {
            out[n] = array[f];
            n++;
        }
    }
    return n;
}

/* ------------------------------------------------------------------ hooks */

int mn_equation_init(mn_population *population)
{
    const mn_step step = {.t = 0.0};
    double *out[MOST_OUTPUTS];
    (void)states_of(population, population->field, out);
    run(population, &model_of(population)->of[MN_EQUATIONS_START], &step, NULL, 0, population->n, out);
    return MN_OK;
}

void mn_equation_ranges(mn_population *population, int64_t first, int64_t n)
{
    const mn_step step = {.t = 0.0};
    double *out[MOST_OUTPUTS];
    int64_t n_ends = 0;
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->low[f] != NULL) {
            out[n_ends] = population->low[f] + first, out[n_ends + 1] = population->high[f] + first;
            n_ends += 2;
        }
    }
    run(population, &model_of(population)->of[MN_EQUATIONS_RANGES], &step, NULL, first, n, out);
}

void mn_equation_conductance(mn_population *population, const mn_step *step)
{
    double *out[2] = {step->g, step->i0};
    const mn_equations *equations = &model_of(population)->of[MN_EQUATIONS_CONDUCTANCE];
    run(population, equations, step, step->v_prev, 0, population->n, out);
}

/* Counters of the random numbers: (edge, step) for the first source, and past the largest edge for the others. */
static void draw(const mn_population *population, const mn_step *step)
{
    const uint64_t index = (uint64_t)(step->t / step->dt + 0.5); /* t is a multiple of dt, rounded */
    for (int64_t j = 0; j < model_of(population)->n_noises; j++) {
        double *noise = noise_of(population)[j];
        for (int64_t k = 0; k < population->n; k++) {
            const uint64_t edge = ((uint64_t)j << 32) + (uint64_t)population->edge[k];
            noise[k] = mn_normal(population->seed, population->stream, edge, index);
        }
    }
}

void mn_equation_advance(mn_population *population, const mn_step *step)
{
    const mn_equation_model *self = model_of(population);
    double *out[MOST_OUTPUTS];
    const int64_t n_states = states_of(population, population->next, out);
    memcpy(out + n_states, happens_of(population), (size_t)self->n_at_steps * sizeof(*out));
    draw(population, step);
    run(population, &self->of[MN_EQUATIONS_ADVANCE], step, step->v, 0, population->n, out);
    for (int64_t k = 0; k < population->n && self->n_at_steps > 0; k++) {
        for (int64_t j = 0; j < self->n_at_steps; j++) {
            if (happens_of(population)[j][k] != 0.0) {
                const int64_t event = self->model.n_events - self->n_at_steps + j;
                mn_population_event(population, (int32_t)k, self->model.event[event].kind);
            }
        }
    }
}

void mn_equation_linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *out[MOST_OUTPUTS] = {linear->i, linear->i_v};
    const bool has_charge = (population->model->flags & MN_HAS_CHARGE) != 0;
    int64_t n = 2;
    if (has_charge) {
        out[2] = linear->q, out[3] = linear->q_v, n = 4;
    }
    double **const of_states[] = {linear->f, linear->f_x, linear->f_v, linear->i_x, linear->q_x};
    for (int64_t j = 0; j < (has_charge ? 5 : 4); j++) {
        n += states_of(population, of_states[j], out + n);
    }
    run(population, &model_of(population)->of[MN_EQUATIONS_LINEARISE], step, step->v, 0, population->n, out);
}

/* ------------------------------------------------------------------ located events */

/* The event of a member that is nearest, and its distance. */
static int64_t nearest(const mn_population *population, int64_t k, double *distance)
{
    int64_t event = 0;
    for (int64_t j = 1; j < model_of(population)->n_located; j++) {
        if (distance_of(population)[j][k] > distance_of(population)[event][k]) {
            event = j;
        }
    }
    *distance = distance_of(population)[event][k];
    return event;
}

void mn_equation_crossing(mn_population *population, const mn_step *step, double *distance)
{
    const mn_equations *equations = &model_of(population)->of[MN_EQUATIONS_CROSSING];
    run(population, equations, step, step->v, 0, population->n, distance_of(population));
    for (int64_t k = 0; k < population->n; k++) {
        (void)nearest(population, k, &distance[k]);
    }
}

/* Distances of one member, where crossing() leaves them. */
static void find_distances(mn_population *population, int32_t member, const mn_step *step)
{
    const mn_equation_model *self = model_of(population);
    double *to[MN_MOST_EQUATION_FIELDS];
    for (int64_t j = 0; j < self->n_located; j++) {
        to[j] = &distance_of(population)[j][member];
    }
    run(population, &self->of[MN_EQUATIONS_CROSSING], step, step->v, member, 1, to);
}

/* Each located event has a state of its own behind the others: whether its condition holds. Where that comes true the
 * other states jump; where it ends nothing happens, and the event may come again. */
void mn_equation_cross(mn_population *population, int32_t member, const mn_step *step)
{
    const mn_equation_model *self = model_of(population);
    double *state[MOST_OUTPUTS], *to[MOST_OUTPUTS], after[MN_MOST_EQUATION_FIELDS], distance;
    const int64_t n_states = states_of(population, population->field, state) - self->n_located;
    find_distances(population, member, step);
    const int64_t event = nearest(population, member, &distance);
    double *holds = &state[n_states + event][member];
    *holds = *holds != 0.0 ? 0.0 : 1.0;
    if (*holds == 0.0) {
        return;
    }
    for (int64_t j = 0; j < n_states; j++) {
        to[j] = &after[j];
    }
    run(population, &self->jump[event], step, step->v, member, 1, to);
    for (int64_t j = 0; j < n_states; j++) {
        state[j][member] = after[j];
    }
    mn_population_event(population, member, self->model.event[event].kind);
}

/* ------------------------------------------------------------------ making */

/* The place of a name in a list, -1 where it is not. */
static int64_t place_of(const char *name, int64_t n, const char *const *list)
{
    for (int64_t k = 0; k < n; k++) {
        if (strcmp(list[k], name) == 0) {
            return k;
        }
    }
    return -1;
}

int16_t mn_equation_input(const mn_equation_model *self, const char *name)
{
    static const char *const given[] = {"v", "length", "linked.v", "inflow"};
    const mn_device_model *model = &self->model;
    const int64_t field = mn_model_field(model, name), other = place_of(name, 4, given);
    if (field >= 0 || other >= 0) {
        return (int16_t)(field >= 0 ? field : MN_INPUT_VOLTAGE + other);
    }
    if (strncmp(name, "linked.", 7) == 0) {
        const int64_t state = place_of(name + 7, model->n_linked_states, model->linked_state);
        return (int16_t)(state < 0 ? -1 : MN_INPUT_LINKED_STATE + state);
    }
    const bool is_noise = strncmp(name, "xi.", 3) == 0 && name[3] >= '0' && name[3] <= '9';
    const long number = is_noise ? strtol(name + 3, NULL, 10) : -1;
    return (int16_t)(number < 0 || number >= self->n_noises ? -1 : MN_INPUT_NOISE + number);
}

int16_t mn_equation_uniform(const char *name)
{
    static const char *const given[] = {"t", "dt"};
    return (int16_t)place_of(name, 2, given);
}

static int64_t count_states(const mn_device_model *model)
{
    int64_t n = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        n += model->field[f].role == MN_STATE;
    }
    return n;
}

/* States of which each member has a range of its own. */
static int64_t count_own_ranges(const mn_device_model *model)
{
    int64_t n = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        n += model->field[f].own_range != NULL;
    }
    return n;
}

static bool has_input(const mn_equation_model *self, int16_t input)
{
    const unsigned flags = self->model.flags;
    if (input < 0 || input >= MN_INPUT_LINKED_STATE + self->model.n_linked_states) {
        return false;
    }
    if (input < MN_MOST_EQUATION_FIELDS) {
        return input < self->model.n_fields;
    }
    if (input == MN_INPUT_LENGTH) {
        return (flags & MN_NEEDS_LENGTH) != 0;
    }
    if (input == MN_INPUT_LINKED_VOLTAGE || input >= MN_INPUT_LINKED_STATE) {
        return (flags & MN_HAS_LINK) != 0;
    }
    if (input == MN_INPUT_INFLOW) {
        return (flags & MN_READS_INFLOW) != 0;
    }
    return input == MN_INPUT_VOLTAGE || input - MN_INPUT_NOISE < self->n_noises;
}

/* Whether a hook is told of a source: a start and ranges are before all voltages, other edges and noise, and ranges are
 * not of states; noise and the current of an electrode move states. */
static bool is_told(const mn_equation_model *self, mn_equations_of hook, int16_t input)
{
    const bool is_field = input < MN_MOST_EQUATION_FIELDS, is_length = input == MN_INPUT_LENGTH;
    if (hook == MN_EQUATIONS_START) {
        return is_field || is_length;
    }
    if (hook == MN_EQUATIONS_RANGES) {
        return is_length || (is_field && self->model.field[input].role == MN_PARAMETER);
    }
    return hook == MN_EQUATIONS_ADVANCE || input < MN_INPUT_INFLOW || input >= MN_INPUT_LINKED_STATE;
}

/* A program with inputs that its hook has. */
static int check_equations(const mn_equation_model *self, const mn_equations *equations, int64_t n_outputs,
                           mn_equations_of hook, mn_error *error)
{
    const mn_program *program = equations->program;
    int code = mn_program_check(program, error);
    if (code != MN_OK) {
        return code;
    }
    if (program->n_outputs != n_outputs || program->n_inputs > MOST_INPUTS || program->n_uniforms > 2) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "outputs of a program", (double)program->n_outputs);
    }
    for (int64_t j = 0; j < program->n_inputs; j++) {
        const int16_t input = equations->input[j];
        if (!has_input(self, input) || !is_told(self, hook, input)) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "input of a program", (double)input);
        }
    }
    for (int64_t j = 0; j < program->n_uniforms; j++) {
        if (equations->uniform[j] < MN_UNIFORM_TIME || equations->uniform[j] > MN_UNIFORM_STEP) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "uniform of a program", (double)equations->uniform[j]);
        }
    }
    return MN_OK;
}

static int check_sizes(const mn_equation_model *self, mn_error *error)
{
    const mn_device_model *model = &self->model;
    if (model->n_fields > MN_MOST_EQUATION_FIELDS) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "parameters and states", (double)model->n_fields);
    }
    if (self->n_noises < 0 || self->n_noises > MN_MOST_NOISES) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "sources of noise", (double)self->n_noises);
    }
    const bool all = (model->flags & MN_EVENTS_AT_STEPS) != 0;
    if (self->n_at_steps != model->n_events - (all ? 0 : self->n_located) || self->n_located > model->n_events ||
        self->n_located > count_states(model) || model->n_events > MN_MOST_EQUATION_EVENTS) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "events", (double)model->n_events);
    }
    return MN_OK;
}

/* Whether a name is that of a field with this role. */
static bool names_field(const mn_device_model *model, const char *name, mn_field_role role)
{
    const int64_t field = mn_model_field(model, name);
    return field >= 0 && model->field[field].role == role;
}

/* Every name that a table has of another. */
static int check_names(const mn_equation_model *self, mn_error *error)
{
    const mn_device_model *model = &self->model;
    const bool has_charge = (model->flags & MN_HAS_CHARGE) != 0;
    if (has_charge != (model->voltage_field != NULL) ||
        (has_charge && !names_field(model, model->voltage_field, MN_STATE)) ||
        (model->check != NULL && !names_field(model, model->check, MN_PARAMETER))) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "field that a model names", 0.0);
    }
    for (int64_t f = 0; f < model->n_fields; f++) {
        const mn_field *field = &model->field[f];
        if (mn_model_field(model, field->name) != f) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "field with a name that another has", (double)f);
        }
        if (field->own_range != NULL && field->role != MN_STATE) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "parameter with ranges of its members", (double)f);
        }
        if (field->below != NULL && (field->role != MN_PARAMETER || !names_field(model, field->below, MN_PARAMETER))) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "field that has to stay below another", (double)f);
        }
    }
    for (int64_t j = 0; j < model->n_presets; j++) {
        for (int64_t k = 0; k < model->preset[j].n_values; k++) {
            if (!names_field(model, model->preset[j].value[k].field, MN_PARAMETER)) {
                return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "parameter of a preset", (double)j);
            }
        }
    }
    return MN_OK;
}

/* The engine calls hooks by what the flags and tables say. */
static int check_hooks(const mn_equation_model *self, mn_error *error)
{
    const mn_device_model *model = &self->model;
    const bool is_implicit = (model->flags & (MN_IMPLICIT | MN_HAS_CHARGE)) != 0;
    const bool has_link = (model->flags & MN_HAS_LINK) != 0, has_states = count_states(model) > 0;
    const bool wanted[MN_N_EQUATIONS] = {
        [MN_EQUATIONS_START] = has_states,         [MN_EQUATIONS_RANGES] = count_own_ranges(model) > 0,
        [MN_EQUATIONS_CONDUCTANCE] = !is_implicit, [MN_EQUATIONS_ADVANCE] = !is_implicit && has_states,
        [MN_EQUATIONS_LINEARISE] = is_implicit,    [MN_EQUATIONS_CROSSING] = self->n_located > 0,
    };
    for (int hook = 0; hook < MN_N_EQUATIONS; hook++) {
        if (wanted[hook] && self->of[hook].program == NULL) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "program that a model needs", (double)hook);
        }
    }
    const bool reads_inflow = (model->flags & MN_READS_INFLOW) != 0;
    const bool is_plain = self->n_noises > 0 || self->n_at_steps > 0 || reads_inflow;
    if ((model->n_linked_states > 0 && !has_link) || (is_implicit && is_plain) ||
        (reads_inflow && (self->n_located > 0 || self->of[MN_EQUATIONS_LINEARISE].program != NULL))) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "flags of a model", (double)model->flags);
    }
    return MN_OK;
}

static int check(const mn_equation_model *self, mn_error *error)
{
    const int64_t n_states = count_states(&self->model);
    const int64_t n_outputs[MN_N_EQUATIONS] = {
        [MN_EQUATIONS_START] = n_states,
        [MN_EQUATIONS_RANGES] = 2 * count_own_ranges(&self->model),
        [MN_EQUATIONS_CONDUCTANCE] = 2,
        [MN_EQUATIONS_ADVANCE] = n_states + self->n_at_steps,
        [MN_EQUATIONS_LINEARISE] = (self->model.flags & MN_HAS_CHARGE) != 0 ? 4 + 5 * n_states : 2 + 4 * n_states,
        [MN_EQUATIONS_CROSSING] = self->n_located,
    };
    int code = check_sizes(self, error);
    code = code != MN_OK ? code : check_names(self, error);
    code = code != MN_OK ? code : check_hooks(self, error);
    for (int hook = 0; hook < MN_N_EQUATIONS && code == MN_OK; hook++) {
        if (self->of[hook].program != NULL) {
            code = check_equations(self, &self->of[hook], n_outputs[hook], (mn_equations_of)hook, error);
        }
    }
    for (int64_t j = 0; j < self->n_located && code == MN_OK; j++) {
        code = check_equations(self, &self->jump[j], n_states - self->n_located, MN_EQUATIONS_CROSSING, error);
    }
    return code;
}

/* The largest number of blocks that a program works in. */
static int64_t blocks_of(const mn_equation_model *self)
{
    int64_t most = 0;
    for (int64_t k = 0; k < MN_N_EQUATIONS + self->n_located; k++) {
        const mn_equations *equations = k < MN_N_EQUATIONS ? &self->of[k] : &self->jump[k - MN_N_EQUATIONS];
        const bool interpreted = equations->program != NULL && equations->compiled == NULL;
        const int64_t blocks = interpreted ? mn_program_scratch(equations->program) : 0;
        most = blocks > most ? blocks : most;
    }
    return most;
}

int mn_equation_model_init(mn_equation_model *self, mn_error *error)
{
    mn_device_model *model = &self->model;
    mn_error_clear(error);
    const int code = check(self, error);
    if (code != MN_OK) {
        return code;
    }
    model->n_scratch = self->n_noises + self->n_at_steps + self->n_located;
    model->n_blocks = blocks_of(self);
    model->n_at_once = self->n_at_steps;
    model->flags |= self->n_noises > 0 ? MN_STOCHASTIC : 0;
    model->init = self->of[MN_EQUATIONS_START].program != NULL ? mn_equation_init : NULL;
    model->ranges = self->of[MN_EQUATIONS_RANGES].program != NULL ? mn_equation_ranges : NULL;
    model->conductance = self->of[MN_EQUATIONS_CONDUCTANCE].program != NULL ? mn_equation_conductance : NULL;
    model->advance = self->of[MN_EQUATIONS_ADVANCE].program != NULL ? mn_equation_advance : NULL;
    model->linearise = self->of[MN_EQUATIONS_LINEARISE].program != NULL ? mn_equation_linearise : NULL;
    model->crossing = self->n_located > 0 ? mn_equation_crossing : NULL;
    model->cross = self->n_located > 0 ? mn_equation_cross : NULL;
    return MN_OK;
}
