/* Devices in series on one edge.
 *
 * The voltage v of the edge divides into v_a and v_b = v - v_a such that both carry one current, i_a(v_a) = i_b(v_b).
 * At given states currents do not fall where voltages rise, so there is one root. With s = i_a' + i_b', slopes by the
 * own voltage, a share i_b'/s of a change of v falls on a, and i_a'/s on b; a change of i_a by a state x of a moves the
 * current by i_b'/s of itself, and v_a by -1/s of itself. All derivatives follow. Three or more parts are two, of which
 * the second is the rest in series. */
#include "devices/series.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Two parts; a model whose hooks find the parts through its own address. */
typedef struct {
    mn_device_model model; /* first */
    const mn_device_model *part[2];
    const int8_t *kind[2]; /* one an event of each part: the kind that it has here */
} pair;

/* What is made: the outermost pair, and the memory of all. */
typedef struct {
    pair outer; /* first */
    mn_pool pool;
} series;

/* Scratch: one number a member and part ... */
enum { VOLTAGE, CURRENT = 2, SLOPE = 4 };
/* ... and one a member; behind them a sink for what nobody wants of each field, what is read of another edge where its
 * population is not there yet, then the scratch of the parts. */
enum { CHARGE = 6, CHARGE_SLOPE, LOW, HIGH, MOVE, SMALLER, STATUS, SINK };

/* Of a member's search, in STATUS. */
enum { SEARCHING, FOUND, FAILED };

enum { MOST_ROUNDS = 300 };

/* Kinds of events are int8_t; those of closed and open have numbers of their own, others are numbered from 1 on. */
enum { MOST_EVENTS = 100 };

/* Between which voltages, in factors of 2 and of both signs, a part is asked whether its current falls (V). */
static const double LEAST_ASKED = 0x1p-7, MOST_ASKED = 16.0;

/* ------------------------------------------------------------------ parts */

static const pair *pair_of(const mn_population *population)
{
    return (const pair *)population->model;
}

/* Arrays of scratch of a part; its blocks, which need not be as long, are among them. */
static int64_t scratch_of(const mn_device_model *model)
{
    return model->n_scratch + model->n_blocks;
}

/* Arrays of what members read of another edge: its voltage, and its states. */
static int64_t read_of(const mn_device_model *model)
{
    return (model->flags & MN_HAS_LINK) != 0 ? 1 + model->n_linked_states : 0;
}

/* The population of part `p`: the same members with its share of fields and scratch. */
static mn_population part_of(const mn_population *population, int p)
{
    const pair *both = pair_of(population);
    mn_population part = *population;
    int64_t first_field = p == 0 ? 0 : both->part[0]->n_fields;
    int64_t first_scratch =
        SINK + both->model.n_fields + read_of(&both->model) + (p == 0 ? 0 : scratch_of(both->part[0]));
    part.model = both->part[p];
    part.field = population->field + first_field;
    part.next = population->next + first_field;
    part.low = population->low + first_field;
    part.high = population->high + first_field;
    part.scratch = population->scratch + first_scratch;
    return part;
}

/* What part `p` is told of a step: its own voltages. */
static mn_step step_of(const mn_population *population, const mn_step *step, int p)
{
    mn_step of = *step;
    of.v = population->scratch[VOLTAGE + p];
    return of;
}

/* Linearises both parts at their voltages; what belongs to states goes to `linear`. */
static void linearise_parts(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *scratch = population->scratch;
    for (int p = 0; p < 2; p++) {
        mn_population part = part_of(population, p);
        int64_t first = part.field - population->field;
        mn_step of = step_of(population, step, p);
        mn_linear linear_part = {.i = scratch[CURRENT + p],
                                 .i_v = scratch[SLOPE + p],
                                 .q = scratch[CHARGE],
                                 .q_v = scratch[CHARGE_SLOPE],
                                 .f = linear->f + first,
                                 .f_x = linear->f_x + first,
                                 .f_v = linear->f_v + first,
                                 .i_x = linear->i_x + first};
        part.model->linearise(&part, &of, &linear_part);
    }
}

/* ------------------------------------------------------------------ how the voltage divides */

/* The search runs over the voltage of one part, that with the smaller one: the other, v less it, then keeps its digits,
 * too. y is that voltage, and excess(y), the current of the part less that of the other, rises with y. */
static double excess(double *const *scratch, int64_t k)
{
    double difference = scratch[CURRENT][k] - scratch[CURRENT + 1][k];
    return scratch[SMALLER][k] == 0.0 ? difference : -difference;
}

static double voltage_of(double *const *scratch, int64_t k)
{
    return scratch[VOLTAGE + (scratch[SMALLER][k] == 0.0 ? 0 : 1)][k];
}

static void set_voltage(double *const *scratch, int64_t k, double v, double y)
{
    bool first = scratch[SMALLER][k] == 0.0;
    scratch[VOLTAGE][k] = first ? y : v - y;
    scratch[VOLTAGE + 1][k] = first ? v - y : y;
}

/* From the currents at half of v: which part has less than half. Then the end of the range that passive parts have. */
static void begin(double *const *scratch, int64_t k, double v)
{
    bool first_has_less = (scratch[CURRENT][k] >= scratch[CURRENT + 1][k]) == (v >= 0.0);
    scratch[SMALLER][k] = first_has_less ? 0.0 : 1.0;
    scratch[LOW][k] = v >= 0.0 ? -INFINITY : 0.5 * v;
    scratch[HIGH][k] = v >= 0.0 ? 0.5 * v : INFINITY;
    scratch[MOVE][k] = INFINITY;
    scratch[STATUS][k] = isfinite(v) ? SEARCHING : FAILED;
    set_voltage(scratch, k, v, 0.0);
}

/* The length of a step towards an end that is open: that of Newton's method, at least twice the one before. */
static double reach(double newton, double move, double v)
{
    double least = isinf(move) ? 0.0 : 2.0 * fabs(move);
    return fmax(least, isfinite(newton) ? fabs(newton) : fmax(fabs(v), 1e-3));
}

/* One step of Newton's method, or half of the bracket where that leaves it or does not halve its steps: an exponential
 * is left in steps of its own scale. */
static void move_on(double *const *scratch, int64_t k, double v)
{
    const double smallest = 0x1p-48; /* of y: a little more than what rounding leaves */
    double y = voltage_of(scratch, k), too_much = excess(scratch, k);
    double newton = -too_much / (scratch[SLOPE][k] + scratch[SLOPE + 1][k]);
    double *low = &scratch[LOW][k], *high = &scratch[HIGH][k], *move = &scratch[MOVE][k];
    if (too_much == 0.0 || fabs(newton) <= smallest * fabs(y)) {
        scratch[STATUS][k] = FOUND;
        return;
    }
    *(too_much > 0.0 ? high : low) = y;
    bool is_open = isinf(*low) || isinf(*high);
    double next = y + newton;
    if (is_open) {
        next = y - copysign(reach(newton, *move, v), too_much);
    } else if (!(next > *low && next < *high) || fabs(newton) > 0.5 * fabs(*move)) {
        next = *low + 0.5 * (*high - *low);
    }
    if (!isfinite(next) || fabs(next) > 1e100) {
        scratch[STATUS][k] = FAILED; /* no voltage carries what the other part asks for */
    } else if (next == y || (!is_open && (next <= *low || next >= *high))) {
        scratch[STATUS][k] = FOUND;
    } else {
        *move = next - y;
        set_voltage(scratch, k, v, next);
    }
}

/* Finds the voltages of both parts for every member, and leaves the parts linearised there. Members do not know of each
 * other: the bits of one are those that it has alone. */
static void divide(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *scratch = population->scratch;
    for (int64_t k = 0; k < population->n; k++) {
        scratch[VOLTAGE][k] = scratch[VOLTAGE + 1][k] = 0.5 * step->v[k];
    }
    linearise_parts(population, step, linear);
    for (int64_t k = 0; k < population->n; k++) {
        begin(scratch, k, step->v[k]);
    }
    bool is_searching = true;
    for (int round = 0; is_searching && round < MOST_ROUNDS; round++) {
        linearise_parts(population, step, linear);
        is_searching = false;
        for (int64_t k = 0; k < population->n; k++) {
            if (scratch[STATUS][k] == SEARCHING) {
                move_on(scratch, k, step->v[k]);
                is_searching = is_searching || scratch[STATUS][k] == SEARCHING;
            }
        }
    }
}

/* ------------------------------------------------------------------ hooks */

/* A step before there is a circuit: what is read of another edge is 0. */
static mn_step step_at_start(mn_population *population)
{
    const pair *both = pair_of(population);
    const int64_t n_read = read_of(&both->model);
    double **read = population->scratch + SINK + both->model.n_fields;
    for (int64_t k = 0; k < n_read; k++) {
        memset(read[k], 0, (size_t)population->n * sizeof(double));
    }
    return n_read == 0 ? (mn_step){.t = 0.0}
                       : (mn_step){.linked_v = read[0], .linked_x = (const double *const *)(read + 1)};
}

/* SERIES_PART where a part's current falls at its voltage. */
static int check_slopes(mn_population *population)
{
    double *const *scratch = population->scratch;
    double **sink = population->scratch + SINK;
    const mn_step step = step_at_start(population);
    linearise_parts(population, &step, &(mn_linear){.f = sink, .f_x = sink, .f_v = sink, .i_x = sink});
    for (int64_t k = 0; k < population->n; k++) {
        if (scratch[SLOPE][k] < 0.0 || scratch[SLOPE + 1][k] < 0.0) {
            return MN_ERR_SERIES_PART;
        }
    }
    return MN_OK;
}

static void ranges(mn_population *population, int64_t first, int64_t n)
{
    for (int p = 0; p < 2; p++) {
        mn_population part = part_of(population, p);
        if (part.model->ranges != NULL) {
            part.model->ranges(&part, first, n);
        }
    }
}

static void set_both_voltages(mn_population *population, double v)
{
    double *const *scratch = population->scratch;
    for (int64_t k = 0; k < population->n; k++) {
        scratch[VOLTAGE][k] = scratch[VOLTAGE + 1][k] = v;
    }
}

/* Of a law that is a text nobody knows where its current falls: it is asked, at the states of the start. */
static int ask_slopes(mn_population *population)
{
    const pair *both = pair_of(population);
    set_both_voltages(population, 0.0);
    int code = check_slopes(population);
    if (((both->part[0]->flags | both->part[1]->flags) & MN_FALLS) == 0) {
        return code;
    }
    for (double v = LEAST_ASKED; v <= MOST_ASKED && code == MN_OK; v *= 2.0) {
        set_both_voltages(population, v);
        code = check_slopes(population);
        set_both_voltages(population, -v);
        code = code != MN_OK ? code : check_slopes(population);
    }
    return code;
}

static int init(mn_population *population)
{
    for (int p = 0; p < 2; p++) {
        mn_population part = part_of(population, p);
        int code = part.model->init == NULL ? MN_OK : part.model->init(&part);
        if (code != MN_OK) {
            return code;
        }
        int64_t choice = part.model->fixed_field == NULL ? -1 : mn_model_field(part.model, part.model->fixed_field);
        for (int64_t k = 0; k < population->n && choice >= 0; k++) {
            if (part.field[choice][k] != 0.0) {
                return MN_ERR_SERIES_PART;
            }
        }
    }
    return ask_slopes(population);
}

/* The state `f` of a part whose voltage takes `share` of a change of v; `other` is the share of the other part. */
static void join_state(const mn_linear *linear, int64_t f, int64_t k, double share, double slopes)
{
    double by_current = slopes > 0.0 ? linear->f_v[f][k] / slopes : 0.0;
    linear->f_x[f][k] -= by_current * linear->i_x[f][k];
    linear->f_v[f][k] *= share;
    linear->i_x[f][k] *= share;
}

/* What no division of the voltage was found for has no current and no rates. */
static void fail(const pair *both, const mn_linear *linear, int64_t k)
{
    linear->i[k] = NAN;
    for (int64_t f = 0; f < both->model.n_fields; f++) {
        if (both->model.field[f].role == MN_STATE) {
            linear->f[f][k] = NAN;
        }
    }
}

/* Where both parts are cut, each has half of what is left of the voltage. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    const pair *both = pair_of(population);
    double *const *scratch = population->scratch;
    divide(population, step, linear);
    for (int64_t k = 0; k < population->n; k++) {
        double slopes = scratch[SLOPE][k] + scratch[SLOPE + 1][k];
        double share = slopes > 0.0 ? scratch[SLOPE + 1][k] / slopes : 0.5;
        double other = slopes > 0.0 ? scratch[SLOPE][k] / slopes : 0.5;
        /* to first order free of what the root lacks */
        linear->i[k] = share * scratch[CURRENT][k] + other * scratch[CURRENT + 1][k];
        linear->i_v[k] = scratch[SLOPE][k] * share;
        for (int64_t f = 0; f < both->model.n_fields; f++) {
            if (both->model.field[f].role == MN_STATE) {
                join_state(linear, f, k, f < both->part[0]->n_fields ? share : other, slopes);
            }
        }
        if (scratch[STATUS][k] == FAILED) {
            fail(both, linear, k);
        }
    }
}

/* Finds the voltages of the parts where nobody wants their derivatives. */
static void divide_alone(mn_population *population, const mn_step *step)
{
    double **sink = population->scratch + SINK;
    divide(population, step, &(mn_linear){.f = sink, .f_x = sink, .f_v = sink, .i_x = sink});
}

/* The distance of a part, at its voltages, in an array that is free then. */
static const double *crossing_of(mn_population *population, const mn_step *step, int p)
{
    mn_population part = part_of(population, p);
    mn_step of = step_of(population, step, p);
    part.model->crossing(&part, &of, population->scratch[CURRENT + p]);
    return population->scratch[CURRENT + p];
}

/* That of the part which is next to cross. */
static void crossing(mn_population *population, const mn_step *step, double *distance)
{
    divide_alone(population, step);
    for (int64_t k = 0; k < population->n; k++) {
        distance[k] = -INFINITY;
    }
    for (int p = 0; p < 2; p++) {
        const double *of_part =
            pair_of(population)->part[p]->crossing == NULL ? NULL : crossing_of(population, step, p);
        for (int64_t k = 0; of_part != NULL && k < population->n; k++) {
            distance[k] = fmax(distance[k], of_part[k]);
        }
    }
}

/* Gives events of a part, from `first` on, the kinds that they have here. */
static void name_events(mn_population *population, int p, int64_t first, int64_t stop)
{
    const pair *both = pair_of(population);
    for (int64_t event = first; event < stop; event++) {
        int64_t j = both->part[p]->n_events - 1;
        while (j > 0 && both->part[p]->event[j].kind != population->event_kind[event]) {
            j--;
        }
        population->event_kind[event] = both->kind[p][j];
    }
}

static void cross(mn_population *population, int32_t member, const mn_step *step)
{
    int next = -1;
    double farthest = -INFINITY;
    divide_alone(population, step);
    for (int p = 0; p < 2; p++) {
        if (pair_of(population)->part[p]->crossing != NULL) {
            double distance = crossing_of(population, step, p)[member];
            next = next < 0 || distance > farthest ? p : next;
            farthest = fmax(farthest, distance);
        }
    }
    mn_population part = part_of(population, next);
    mn_step of = step_of(population, step, next);
    part.model->cross(&part, member, &of);
    name_events(population, next, population->n_events, part.n_events);
    population->n_events = part.n_events;
}

/* ------------------------------------------------------------------ making */

/* `name` with the number of its part; NULL where there is no memory. NULL stays NULL. */
static const char *numbered(mn_pool *pool, const char *name, int64_t number)
{
    size_t size = name == NULL ? 0 : strlen(name) + 24;
    char *text = size == 0 ? NULL : mn_pool_alloc(pool, (int64_t)size, 1);
    if (text != NULL) {
        (void)snprintf(text, size, "%s_%lld", name, (long long)number);
    }
    return text;
}

/* "before a, b, c after" of the names of the parts. */
static const char *listed(mn_pool *pool, const char *before, int64_t n_parts, const mn_device_model *const *part,
                          const char *after)
{
    size_t size = strlen(before) + strlen(after) + 1;
    for (int64_t p = 0; p < n_parts; p++) {
        size += strlen(part[p]->name) + 2;
    }
    char *text = mn_pool_alloc(pool, (int64_t)size, 1);
    size_t used = 0;
    for (int64_t p = 0; text != NULL && p < n_parts; p++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", p == 0 ? before : ", ", part[p]->name);
    }
    if (text != NULL) {
        (void)snprintf(text + used, size - used, "%s", after);
    }
    return text;
}

/* What tells the parts from others of their names, one behind the other, each with its length before it, so that none
 * goes over into the next; NULL where nothing does. */
static const char *identity(mn_pool *pool, int64_t n_parts, const mn_device_model *const *part)
{
    size_t size = 1;
    bool is_told = false;
    for (int64_t p = 0; p < n_parts; p++) {
        size += 24 + (part[p]->identity == NULL ? 0 : strlen(part[p]->identity));
        is_told = is_told || part[p]->identity != NULL;
    }
    char *text = is_told ? mn_pool_alloc(pool, (int64_t)size, 1) : NULL;
    size_t used = 0;
    for (int64_t p = 0; text != NULL && p < n_parts; p++) {
        const char *of = part[p]->identity == NULL ? "" : part[p]->identity;
        used += (size_t)snprintf(text + used, size - used, "%zu:%s", strlen(of), of);
    }
    return text;
}

static int check_parts(int64_t n_parts, const mn_device_model *const *part, mn_error *error)
{
    const unsigned never = MN_HAS_CHARGE | MN_HAS_SIGNAL | MN_STOCHASTIC;
    bool is_linked = false;
    if (n_parts < 2) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "parts", (double)n_parts);
    }
    for (int64_t p = 0; p < n_parts; p++) {
        const unsigned refused = (part[p]->text == NULL ? never | MN_FALLS : never) | (is_linked ? MN_HAS_LINK : 0) |
                                 (p < n_parts - 1 ? MN_LINK_AT_END : 0);
        is_linked = is_linked || (part[p]->flags & MN_HAS_LINK) != 0;
        if (part[p]->linearise == NULL || (part[p]->flags & refused) != 0) {
            if (error != NULL) {
                error->model = part[p]->name;
            }
            return mn_error_set(error, MN_ERR_SERIES_PART);
        }
    }
    return MN_OK;
}

/* The fields of all parts in a row. */
static mn_field *fields_of(mn_pool *pool, int64_t n_parts, const mn_device_model *const *part, int64_t *n_fields)
{
    *n_fields = 0;
    for (int64_t p = 0; p < n_parts; p++) {
        *n_fields += part[p]->n_fields;
    }
    mn_field *field = mn_pool_alloc(pool, *n_fields > 0 ? *n_fields : 1, sizeof(*field));
    int64_t n = 0;
    for (int64_t p = 0; field != NULL && p < n_parts; p++) {
        for (int64_t f = 0; f < part[p]->n_fields; f++) {
            field[n] = part[p]->field[f];
            field[n].name = numbered(pool, field[n].name, p + 1);
            field[n].below = numbered(pool, field[n].below, p + 1);
            n++;
        }
    }
    return field;
}

/* The place of an event among n others, by its name; n where it is not there. */
static int64_t event_place(const mn_event *event, int64_t n, const char *name)
{
    int64_t j = 0;
    while (j < n && strcmp(event[j].name, name) != 0) {
        j++;
    }
    return j;
}

/* Numbers n events: one of a switch has its own kind, others the next that is free, as in a model from equations. */
static void number_events(mn_event *event, int64_t n)
{
    const int64_t n_switch = (int64_t)(sizeof(mn_switch_events) / sizeof(mn_switch_events[0]));
    int8_t next = event_place(event, n, "closed") < n ? 2 : 1;
    for (int64_t j = 0; j < n; j++) {
        const int64_t own = event_place(mn_switch_events, n_switch, event[j].name);
        event[j].kind = own < n_switch ? mn_switch_events[own].kind : next;
        next = (int8_t)(own < n_switch ? next : next + 1);
    }
}

/* The events of both parts, one a name: what is recorded does not tell which part it is of. */
static int join_events(mn_pool *pool, pair *both)
{
    const mn_device_model *const *part = both->part;
    mn_event *event = mn_pool_alloc(pool, part[0]->n_events + part[1]->n_events + 1, sizeof(*event));
    int8_t *kind[2] = {mn_pool_alloc(pool, part[0]->n_events + 1, sizeof(int8_t)),
                       mn_pool_alloc(pool, part[1]->n_events + 1, sizeof(int8_t))};
    int64_t n = 0;
    if (pool->code != MN_OK) {
        return pool->code;
    }
    for (int p = 0; p < 2; p++) {
        for (int64_t j = 0; j < part[p]->n_events; j++) {
            event[n].name = part[p]->event[j].name;
            n += event_place(event, n, event[n].name) == n;
        }
    }
    if (n > MOST_EVENTS) {
        return MN_ERR_BAD_ARGUMENT;
    }
    number_events(event, n);
    for (int p = 0; p < 2; p++) {
        for (int64_t j = 0; j < part[p]->n_events; j++) {
            kind[p][j] = event[event_place(event, n, part[p]->event[j].name)].kind;
        }
        both->kind[p] = kind[p];
    }
    both->model.event = n > 0 ? event : NULL;
    both->model.n_events = n;
    return MN_OK;
}

/* Part `first` and the rest, which is a pair of its own unless it is the last part. */
static int set_pair(mn_pool *pool, pair *both, const mn_device_model *first, const mn_device_model *rest,
                    const mn_field *field)
{
    both->part[0] = first;
    both->part[1] = rest;
    int64_t n_fields = first->n_fields + rest->n_fields;
    bool crosses = first->crossing != NULL || rest->crossing != NULL;
    const mn_device_model *reader = (first->flags & MN_HAS_LINK) != 0 ? first : rest;
    both->model = (mn_device_model){
        .name = "series",
        .citation = "Kirchhoff's laws; the equations of the parts are in their own models",
        .field = field,
        .n_fields = n_fields,
        .n_scratch = SINK + n_fields + read_of(reader) + scratch_of(first) + scratch_of(rest),
        .flags = MN_IMPLICIT | ((first->flags | rest->flags) & (MN_NEEDS_LENGTH | MN_HAS_LINK | MN_LINK_AT_END)),
        .linked_state = reader->linked_state,
        .n_linked_states = reader->n_linked_states,
        .init = init,
        .ranges = first->ranges != NULL || rest->ranges != NULL ? ranges : NULL,
        .linearise = linearise,
        .crossing = crosses ? crossing : NULL,
        .cross = crosses ? cross : NULL,
    };
    return join_events(pool, both);
}

int mn_series_make(mn_device_model **made, int64_t n_parts, const mn_device_model *const *part, mn_error *error)
{
    mn_pool pool = {.code = MN_OK};
    int64_t n_fields = 0;
    *made = NULL;
    mn_error_clear(error);
    int code = check_parts(n_parts, part, error);
    if (code != MN_OK) {
        return code;
    }
    series *whole = mn_pool_alloc(&pool, 1, sizeof(*whole));
    pair *inner = mn_pool_alloc(&pool, n_parts, sizeof(*inner));
    mn_field *field = fields_of(&pool, n_parts, part, &n_fields);
    const char *name = listed(&pool, "series(", n_parts, part, ")");
    const char *doc = listed(&pool, "Devices in series on one edge: ", n_parts, part,
                             ". They carry one current, and the voltage of the edge divides between them. A field has "
                             "the number of its part behind its name.");
    const char *told = identity(&pool, n_parts, part);
    const char *check = part[0]->check == NULL ? NULL : numbered(&pool, part[0]->check, 1);
    code = pool.code;
    const mn_device_model *rest = part[n_parts - 1];
    const mn_field *first = field == NULL ? NULL : field + n_fields - rest->n_fields;
    for (int64_t p = n_parts - 2; p >= 0 && code == MN_OK; p--) {
        pair *both = p == 0 ? &whole->outer : &inner[p];
        first -= part[p]->n_fields;
        code = set_pair(&pool, both, part[p], rest, first);
        rest = &both->model;
    }
    if (code != MN_OK) {
        mn_pool_free(&pool);
        return code == MN_ERR_BAD_ARGUMENT ? mn_error_refuse(error, code, "kinds of events", MOST_EVENTS + 1.0)
                                           : mn_error_set(error, code);
    }
    whole->outer.model.name = name;
    whole->outer.model.doc = doc;
    whole->outer.model.identity = told;
    whole->outer.model.check = check;
    whole->pool = pool;
    *made = &whole->outer.model;
    return MN_OK;
}

void mn_series_free(mn_device_model *made)
{
    if (made != NULL) {
        mn_pool pool = ((series *)made)->pool; /* which holds the model */
        mn_pool_free(&pool);
    }
}
