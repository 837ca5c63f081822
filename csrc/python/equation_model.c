/* A function of the module: a device model of fields and programs, as a MadeModel. */
#include "functions.h"

#include "convert.h"
#include "devices/equation_model.h"

#include <stdarg.h>
#include <string.h>

/* A model with what it points to. */
typedef struct {
    mn_equation_model equations; /* first */
    mn_pool pool;
    PyObject *programs; /* keeps the instructions */
} owned_model;

static void free_model(PyObject *capsule)
{
    owned_model *owned = PyCapsule_GetPointer(capsule, NULL);
    Py_CLEAR(owned->programs);
    mn_pool pool = owned->pool; /* which holds the model */
    mn_pool_free(&pool);
}

/* A copy of a text that lives with the model, NULL with an exception. */
static const char *copied(owned_model *owned, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = mn_pool_alloc(&owned->pool, (int64_t)size, 1);
    if (copy == NULL) {
        (void)PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, text, size);
    return copy;
}

/* Room for n of something that lives with the model; at least one. */
static void *room(owned_model *owned, Py_ssize_t n, size_t size)
{
    void *memory = mn_pool_alloc(&owned->pool, n > 0 ? n : 1, size);
    return memory != NULL ? memory : PyErr_NoMemory();
}

/* PyArg_ParseTuple for a row of a table, which need not be a tuple; numbers too large for C are no good values, too. */
static int parse_row(PyObject *row, const char *format, ...)
{
    if (!PyTuple_Check(row)) {
        (void)PyErr_Format(PyExc_TypeError, "a row of a model must be a tuple, got %R", row);
        return 0;
    }
    va_list to;
    va_start(to, format);
    const int status = PyArg_VaParse(row, format, to);
    va_end(to);
    if (!status && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        (void)PyErr_Format(PyExc_ValueError, "a row of a model has a number that is too large: %R", row);
    }
    return status;
}

/* A row (name, unit, doc, is a state, is a flag, initial, low, high, bounds, own range or None). */
static int read_field(owned_model *owned, PyObject *row, mn_field *field)
{
    const char *name, *unit, *doc, *bounds, *own_range, *below;
    int is_state, is_flag;
    if (!parse_row(row, "sssppdddszz", &name, &unit, &doc, &is_state, &is_flag, &field->initial, &field->low,
                   &field->high, &bounds, &own_range, &below)) {
        return -1;
    }
    field->name = copied(owned, name);
    field->unit = copied(owned, unit);
    field->doc = copied(owned, doc);
    field->bounds = copied(owned, bounds);
    field->own_range = own_range == NULL ? NULL : copied(owned, own_range);
    field->below = below == NULL ? NULL : copied(owned, below);
    field->role = is_state ? MN_STATE : MN_PARAMETER;
    field->kind = is_flag ? MN_FLAG : MN_REAL;
    const char *behind = is_state ? "" : "0";
    if (owned->pool.code == MN_OK &&
        (strlen(bounds) < 2 || strchr("[(", bounds[0]) == NULL || strchr("])", bounds[1]) == NULL ||
         (bounds[2] != '\0' && strcmp(bounds + 2, behind) != 0) || !(field->low < field->high))) {
        PyErr_Format(PyExc_ValueError, "%s has no range", name);
        return -1;
    }
    return owned->pool.code == MN_OK ? 0 : -1;
}

static int read_fields(owned_model *owned, PyObject *rows)
{
    mn_device_model *model = &owned->equations.model;
    mn_field *field = room(owned, PyTuple_GET_SIZE(rows), sizeof(*field));
    for (Py_ssize_t k = 0; field != NULL && k < PyTuple_GET_SIZE(rows); k++) {
        if (read_field(owned, PyTuple_GET_ITEM(rows, k), &field[k]) < 0) {
            return -1;
        }
    }
    model->field = field;
    model->n_fields = PyTuple_GET_SIZE(rows);
    return field == NULL ? -1 : 0;
}

/* Rows (name, kind). */
static int read_events(owned_model *owned, PyObject *rows)
{
    mn_event *event = room(owned, PyTuple_GET_SIZE(rows), sizeof(*event));
    for (Py_ssize_t k = 0; event != NULL && k < PyTuple_GET_SIZE(rows); k++) {
        const char *name;
        short kind;
        if (!parse_row(PyTuple_GET_ITEM(rows, k), "sh", &name, &kind)) {
            return -1;
        }
        if (kind < INT8_MIN || kind > INT8_MAX) {
            PyErr_Format(PyExc_ValueError, "%s has no kind %d", name, (int)kind);
            return -1;
        }
        event[k] = (mn_event){.name = copied(owned, name), .kind = (int8_t)kind};
        if (event[k].name == NULL) {
            return -1;
        }
    }
    owned->equations.model.event = event;
    owned->equations.model.n_events = PyTuple_GET_SIZE(rows);
    return event == NULL ? -1 : 0;
}

/* Pairs (parameter, value). */
static int read_preset_values(owned_model *owned, PyObject *pairs, mn_preset *preset)
{
    mn_preset_value *value = room(owned, PyTuple_GET_SIZE(pairs), sizeof(*value));
    for (Py_ssize_t k = 0; value != NULL && k < PyTuple_GET_SIZE(pairs); k++) {
        const char *field;
        if (!parse_row(PyTuple_GET_ITEM(pairs, k), "sd", &field, &value[k].value)) {
            return -1;
        }
        value[k].field = copied(owned, field);
        if (value[k].field == NULL) {
            return -1;
        }
    }
    preset->value = value;
    preset->n_values = PyTuple_GET_SIZE(pairs);
    return value == NULL ? -1 : 0;
}

/* Rows (name, doc, citation, pairs). */
static int read_presets(owned_model *owned, PyObject *rows)
{
    mn_preset *preset = room(owned, PyTuple_GET_SIZE(rows), sizeof(*preset));
    for (Py_ssize_t k = 0; preset != NULL && k < PyTuple_GET_SIZE(rows); k++) {
        const char *name, *doc, *citation;
        PyObject *pairs;
        if (!parse_row(PyTuple_GET_ITEM(rows, k), "sssO!", &name, &doc, &citation, &PyTuple_Type, &pairs) ||
            read_preset_values(owned, pairs, &preset[k]) < 0) {
            return -1;
        }
        preset[k].name = copied(owned, name);
        preset[k].doc = copied(owned, doc);
        preset[k].citation = copied(owned, citation);
        if (owned->pool.code != MN_OK) {
            return -1;
        }
    }
    owned->equations.model.preset = preset;
    owned->equations.model.n_presets = PyTuple_GET_SIZE(rows);
    return preset == NULL ? -1 : 0;
}

static int read_linked_states(owned_model *owned, PyObject *names)
{
    const char **name = room(owned, PyTuple_GET_SIZE(names), sizeof(*name));
    for (Py_ssize_t k = 0; name != NULL && k < PyTuple_GET_SIZE(names); k++) {
        const char *text = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, k));
        name[k] = text == NULL ? NULL : copied(owned, text);
        if (name[k] == NULL) {
            return -1;
        }
    }
    owned->equations.model.linked_state = name;
    owned->equations.model.n_linked_states = PyTuple_GET_SIZE(names);
    return name == NULL ? -1 : 0;
}

/* The numbers of the inputs, or uniforms, that a tuple names; NULL with an exception. */
static const int16_t *read_names(owned_model *owned, PyObject *names, int64_t n, bool are_uniforms)
{
    if (PyTuple_GET_SIZE(names) != n) {
        PyErr_Format(PyExc_ValueError, "a program has %lld inputs, got %zd names", (long long)n,
                     PyTuple_GET_SIZE(names));
        return NULL;
    }
    int16_t *number = room(owned, (Py_ssize_t)n, sizeof(*number));
    for (Py_ssize_t k = 0; number != NULL && k < n; k++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, k));
        if (name == NULL) {
            return NULL;
        }
        number[k] = are_uniforms ? mn_equation_uniform(name) : mn_equation_input(&owned->equations, name);
        if (number[k] < 0) {
            PyErr_Format(PyExc_ValueError, "a program has an input %s that the model has not got", name);
            return NULL;
        }
    }
    return number;
}

/* (program, names of inputs, of uniforms), or None. */
static int read_equations(const core_state *state, owned_model *owned, PyObject *row, mn_equations *equations)
{
    PyObject *program, *inputs, *uniforms;
    if (row == Py_None) {
        return 0;
    }
    if (!parse_row(row, "O!O!O!", state->program_type, &program, &PyTuple_Type, &inputs, &PyTuple_Type, &uniforms)) {
        return -1;
    }
    equations->program = &((const core_program *)program)->program;
    equations->input = read_names(owned, inputs, equations->program->n_inputs, false);
    equations->uniform = read_names(owned, uniforms, equations->program->n_uniforms, true);
    return equations->input == NULL || equations->uniform == NULL ? -1 : 0;
}

static int read_programs(const core_state *state, owned_model *owned, PyObject *programs)
{
    PyObject *hooks, *jumps;
    if (!parse_row(programs, "O!O!", &PyTuple_Type, &hooks, &PyTuple_Type, &jumps)) {
        return -1;
    }
    if (PyTuple_GET_SIZE(hooks) != MN_N_EQUATIONS) {
        PyErr_Format(PyExc_ValueError, "a model has %d programs, got %zd", MN_N_EQUATIONS, PyTuple_GET_SIZE(hooks));
        return -1;
    }
    mn_equations *jump = room(owned, PyTuple_GET_SIZE(jumps), sizeof(*jump));
    int status = jump == NULL ? -1 : 0;
    for (Py_ssize_t k = 0; status == 0 && k < MN_N_EQUATIONS; k++) {
        status = read_equations(state, owned, PyTuple_GET_ITEM(hooks, k), &owned->equations.of[k]);
    }
    for (Py_ssize_t k = 0; status == 0 && k < PyTuple_GET_SIZE(jumps); k++) {
        status = PyTuple_GET_ITEM(jumps, k) == Py_None
                     ? (PyErr_SetString(PyExc_TypeError, "a jump must be a program"), -1)
                     : read_equations(state, owned, PyTuple_GET_ITEM(jumps, k), &jump[k]);
    }
    owned->equations.jump = jump;
    owned->equations.n_located = PyTuple_GET_SIZE(jumps);
    owned->programs = Py_NewRef(programs);
    return status;
}

/* The flags that a tuple names; -1 with an exception. */
static int read_flags(PyObject *names, unsigned *flags)
{
    static const struct {
        const char *name;
        unsigned flag;
    } table[] = {
        {"has_source", MN_HAS_SOURCE},
        {"needs_length", MN_NEEDS_LENGTH},
        {"has_charge", MN_HAS_CHARGE},
        {"implicit", MN_IMPLICIT},
        {"has_link", MN_HAS_LINK},
        {"falls", MN_FALLS},
        {"events_at_steps", MN_EVENTS_AT_STEPS},
        {"reads_inflow", MN_READS_INFLOW},
    };
    *flags = 0;
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); k++) {
        unsigned flag = 0;
        if (!PyUnicode_Check(PyTuple_GET_ITEM(names, k))) {
            (void)PyErr_Format(PyExc_TypeError, "a flag must be a str, got %R", PyTuple_GET_ITEM(names, k));
            return -1;
        }
        for (size_t j = 0; j < sizeof table / sizeof table[0]; j++) {
            const bool is_it = PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, k), table[j].name) == 0;
            flag = is_it ? table[j].flag : flag;
        }
        if (flag == 0) {
            PyErr_Format(PyExc_ValueError, "there is no flag %R", PyTuple_GET_ITEM(names, k));
            return -1;
        }
        *flags |= flag;
    }
    return 0;
}

/* What core_equation_model is given. */
typedef struct {
    const char *name, *doc, *citation, *text, *check, *voltage_field;
    long long n_noises;
    PyObject *flags, *fields, *presets, *events, *linked_states, *programs;
} description;

static int read_all(const core_state *state, owned_model *owned, const description *given)
{
    mn_equation_model *equations = &owned->equations;
    mn_device_model *model = &equations->model;
    model->name = copied(owned, given->name);
    model->doc = copied(owned, given->doc);
    model->citation = copied(owned, given->citation);
    model->text = model->identity = copied(owned, given->text);
    model->check = given->check == NULL ? NULL : copied(owned, given->check);
    model->voltage_field = given->voltage_field == NULL ? NULL : copied(owned, given->voltage_field);
    equations->n_noises = given->n_noises;
    if (owned->pool.code != MN_OK || read_flags(given->flags, &model->flags) < 0 ||
        read_fields(owned, given->fields) < 0 || read_presets(owned, given->presets) < 0 ||
        read_events(owned, given->events) < 0 || read_linked_states(owned, given->linked_states) < 0 ||
        read_programs(state, owned, given->programs) < 0) {
        return -1;
    }
    const bool all_at_steps = (model->flags & MN_EVENTS_AT_STEPS) != 0;
    equations->n_at_steps = model->n_events - (all_at_steps ? 0 : equations->n_located);
    mn_error error = mn_error_none();
    const int code = mn_equation_model_init(equations, &error);
    return code == MN_OK ? 0 : (core_raise(state, code, &error), -1);
}

PyObject *core_equation_model(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"name",          "doc",           "citation", "text",   "check",
                                           "voltage_field", "flags",         "n_noises", "fields", "presets",
                                           "events",        "linked_states", "programs", NULL};
    const core_state *state = PyModule_GetState(module);
    description given = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "sssszzO!LO!O!O!O!O!:equation_model", CORE_KEYWORDS(keywords),
                                     &given.name, &given.doc, &given.citation, &given.text, &given.check,
                                     &given.voltage_field, &PyTuple_Type, &given.flags, &given.n_noises, &PyTuple_Type,
                                     &given.fields, &PyTuple_Type, &given.presets, &PyTuple_Type, &given.events,
                                     &PyTuple_Type, &given.linked_states, &PyTuple_Type, &given.programs)) {
        return NULL;
    }
    mn_pool pool = {.code = MN_OK};
    owned_model *owned = mn_pool_alloc(&pool, 1, sizeof(*owned));
    if (owned == NULL) {
        return PyErr_NoMemory();
    }
    owned->pool = pool;
    PyObject *capsule = PyCapsule_New(owned, NULL, free_model);
    if (capsule == NULL) {
        mn_pool_free(&pool);
        return NULL;
    }
    PyObject *model =
        read_all(state, owned, &given) < 0 ? NULL : core_made_model_new(state, &owned->equations.model, capsule);
    Py_DECREF(capsule);
    return model;
}
