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
} pair;

/* What is made: the outermost pair, and the memory of all. */
typedef struct {
    pair outer; /* first */
    mn_pool pool;
} series;

/* Scratch: one number a member and part ... */
enum { VOLTAGE, CURRENT = 2, SLOPE = 4 };
/* ... and one a member; behind them a sink for what nobody wants of each field, then the scratch of the parts. */
enum { CHARGE = 6, CHARGE_SLOPE, LOW, HIGH, MOVE, SMALLER, STATUS, SINK };

/* Of a member's search, in STATUS. */
enum { SEARCHING, FOUND, FAILED };

enum { MOST_ROUNDS = 300 };

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

/* The population of part `p`: the same members with its share of fields and scratch. */
static mn_population part_of(const mn_population *population, int p)
{
    const pair *both = pair_of(population);
    mn_population part = *population;
    int64_t first_field = p == 0 ? 0 : both->part[0]->n_fields;
    int64_t first_scratch = SINK + both->model.n_fields + (p == 0 ? 0 : scratch_of(both->part[0]));
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

static int init(mn_population *population)
{
    double *const *scratch = population->scratch;
    for (int p = 0; p < 2; p++) {
        mn_population part = part_of(population, p);
        int code = part.model->init == NULL ? MN_OK : part.model->init(&part);
        if (code != MN_OK) {
            return code;
        }
        int64_t choice = part.model->fixed_field == NULL ? -1 : mn_model_field(part.model, part.model->fixed_field);
        for (int64_t k = 0; k < population->n; k++) {
            if (choice >= 0 && part.field[choice][k] != 0.0) {
                return MN_ERR_SERIES_PART;
            }
            scratch[VOLTAGE][k] = scratch[VOLTAGE + 1][k] = 0.0;
        }
    }
    double **sink = population->scratch + SINK;
    linearise_parts(population, &(mn_step){.t = 0.0}, &(mn_linear){.f = sink, .f_x = sink, .f_v = sink, .i_x = sink});
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

/* The state `f` of a part whose voltage takes `share` of a change of v; `other` is the share of the other part. */
static void join_state(const mn_linear *linear, int64_t f, int64_t k, double share, double slopes)
{
    double by_current = slopes > 0.0 ? linear->f_v[f][k] / slopes : 0.0;
    linear->f_x[f][k] -= by_current * linear->i_x[f][k];
    linear->f_v[f][k] *= share;
    linear->i_x[f][k] *= share;
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
        double current = share * scratch[CURRENT][k] + other * scratch[CURRENT + 1][k];
        linear->i[k] = scratch[STATUS][k] == FAILED ? NAN : current;
        linear->i_v[k] = scratch[SLOPE][k] * share;
        for (int64_t f = 0; f < both->model.n_fields; f++) {
            if (both->model.field[f].role == MN_STATE) {
                join_state(linear, f, k, f < both->part[0]->n_fields ? share : other, slopes);
            }
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

static int check_parts(int64_t n_parts, const mn_device_model *const *part, mn_error *error)
{
    const unsigned refused = MN_HAS_CHARGE | MN_HAS_SIGNAL | MN_HAS_LINK | MN_STOCHASTIC | MN_FALLS;
    if (n_parts < 2) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "parts", (double)n_parts);
    }
    for (int64_t p = 0; p < n_parts; p++) {
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

/* Part `first` and the rest, which is a pair of its own unless it is the last part. */
static void set_pair(pair *both, const mn_device_model *first, const mn_device_model *rest, const mn_field *field)
{
    both->part[0] = first;
    both->part[1] = rest;
    int64_t n_fields = first->n_fields + rest->n_fields;
    bool crosses = first->crossing != NULL || rest->crossing != NULL;
    const mn_device_model *happens = first->crossing != NULL ? first : rest; /* all that cross have the same events */
    both->model = (mn_device_model){
        .name = "series",
        .citation = "Kirchhoff's laws; the equations of the parts are in their own models",
        .field = field,
        .n_fields = n_fields,
        .n_scratch = SINK + n_fields + scratch_of(first) + scratch_of(rest),
        .event = crosses ? happens->event : NULL,
        .n_events = crosses ? happens->n_events : 0,
        .flags = MN_IMPLICIT | ((first->flags | rest->flags) & MN_NEEDS_LENGTH),
        .init = init,
        .ranges = first->ranges != NULL || rest->ranges != NULL ? ranges : NULL,
        .linearise = linearise,
        .crossing = crosses ? crossing : NULL,
        .cross = crosses ? cross : NULL,
    };
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
    const char *check = part[0]->check == NULL ? NULL : numbered(&pool, part[0]->check, 1);
    if (pool.code != MN_OK) {
        mn_pool_free(&pool);
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    const mn_device_model *rest = part[n_parts - 1];
    const mn_field *first = field + n_fields - rest->n_fields;
    for (int64_t p = n_parts - 2; p >= 0; p--) {
        pair *both = p == 0 ? &whole->outer : &inner[p];
        first -= part[p]->n_fields;
        set_pair(both, part[p], rest, first);
        rest = &both->model;
    }
    whole->outer.model.name = name;
    whole->outer.model.doc = doc;
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
