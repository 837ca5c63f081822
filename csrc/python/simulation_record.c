/* _core.Simulation: channels of the recorder and the arrays bound to them, and the events. */
#include "convert.h"
#include "simulation_object.h"

/* Adds the channel and a place for its rows; the channel's number or -1. */
static int64_t add_channel(core_simulation *self, const mn_channel *channel)
{
    if (PyList_Append(self->rows, Py_None) < 0) {
        return -1;
    }
    const int code = mn_simulation_record(&self->simulation, channel);
    if (code != MN_OK) {
        const Py_ssize_t n = PyList_GET_SIZE(self->rows);
        (void)PyList_SetSlice(self->rows, n - 1, n, NULL);
        (void)core_simulation_raise(self, code, NULL);
        return -1;
    }
    return self->simulation.recorder.n_channels - 1;
}

/* Reads the name of a quantity; 0 with an exception where there is none of that name. */
static int quantity_of(PyObject *given, void *address)
{
    static const char *const names[MN_RECORD_N] = {
#define MN_MEMBER(name, text) [MN_RECORD_##name] = (text),
        MN_QUANTITIES(MN_MEMBER)
#undef MN_MEMBER
    };
    if (!PyUnicode_Check(given)) {
        PyErr_Format(PyExc_TypeError, "quantity must be a name, got %s", Py_TYPE(given)->tp_name);
        return 0;
    }
    for (int k = 0; k < MN_RECORD_N; k++) {
        if (PyUnicode_CompareWithASCIIString(given, names[k]) == 0) {
            *(mn_quantity *)address = (mn_quantity)k;
            return 1;
        }
    }
    PyErr_Format(PyExc_ValueError, "quantity must be one that the recorder knows, got %R", given);
    return 0;
}

PyObject *core_simulation_record(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"quantity", "index", "population", "field", "every", "steps", "left", NULL};
    core_simulation *self = (core_simulation *)object;
    PyObject *index_given = NULL;
    PyObject *steps_given = NULL;
    mn_channel channel = {.population = -1, .field = -1, .every = 1};
    npy_intp n_steps = 0;
    int left = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O|iiO&Op:record", CORE_KEYWORDS(keywords), quantity_of,
                                     &channel.quantity, &index_given, &channel.population, &channel.field, core_int64,
                                     &channel.every, &steps_given, &left)) {
        return NULL;
    }
    PyArrayObject *index = core_array("index", index_given, NPY_INT32, 1, CORE_ANY, CORE_ANY);
    if (index == NULL || core_optional("steps", steps_given, NPY_INT64, CORE_ANY, &channel.steps, &n_steps) < 0 ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    channel.width = PyArray_DIM(index, 0);
    channel.index = PyArray_DATA(index);
    channel.n_steps = n_steps;
    channel.left = left != 0;
    const int64_t number = add_channel(self, &channel);
    core_simulation_leave(self);
    return number < 0 ? NULL : PyLong_FromLongLong(number);
}

/* Whether channel k exists; raises ValueError where not. */
static int check_channel(const core_simulation *self, int64_t k)
{
    const int64_t n = self->simulation.recorder.n_channels;
    if (k < 0 || k >= n) {
        PyErr_Format(PyExc_ValueError, "channel must be below %lld, got %lld", (long long)n, (long long)k);
        return -1;
    }
    return 0;
}

PyObject *core_simulation_bind(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"channel", "rows", NULL};
    core_simulation *self = (core_simulation *)object;
    int64_t channel = 0;
    PyObject *given = NULL;
    PyObject *answer = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O:bind", CORE_KEYWORDS(keywords), core_int64, &channel, &given) ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    if (check_channel(self, channel) < 0) {
        goto out;
    }
    const npy_intp width = (npy_intp)self->simulation.recorder.channel[channel].width;
    PyArrayObject *rows = core_array("rows", given, NPY_FLOAT64, 2, CORE_ANY, width);
    if (rows == NULL || PyArray_FailUnlessWriteable(rows, "rows") < 0) {
        goto out;
    }
    const int code = mn_simulation_bind(&self->simulation, channel, PyArray_DATA(rows), PyArray_DIM(rows, 0));
    if (code != MN_OK) {
        (void)core_simulation_raise(self, code, NULL);
        goto out;
    }
    /* steals the reference; the array bound before goes only now */
    if (PyList_SetItem(self->rows, (Py_ssize_t)channel, Py_NewRef(given)) == 0) {
        answer = Py_NewRef(Py_None);
    }
out:
    core_simulation_leave(self);
    return answer;
}

PyObject *core_simulation_n_rows(PyObject *object, PyObject *given)
{
    core_simulation *self = (core_simulation *)object;
    int64_t channel = 0;
    PyObject *n_rows = NULL;
    if (!core_int64(given, &channel) || core_simulation_enter(self) < 0) {
        return NULL;
    }
    if (check_channel(self, channel) == 0) {
        n_rows = PyLong_FromLongLong(self->simulation.recorder.channel[channel].n_rows);
    }
    core_simulation_leave(self);
    return n_rows;
}

PyObject *core_simulation_record_clear(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    mn_simulation_record_clear(&self->simulation);
    const int status = PyList_SetSlice(self->rows, 0, PyList_GET_SIZE(self->rows), NULL);
    core_simulation_leave(self);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

PyObject *core_simulation_events(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    const mn_event_log *log = &self->simulation.events;
    PyObject *step = core_copy(NPY_INT64, log->n, log->step);
    PyObject *edge = core_copy(NPY_INT32, log->n, log->edge);
    PyObject *kind = core_copy(NPY_INT8, log->n, log->kind);
    PyObject *time = core_copy(NPY_FLOAT64, log->n, log->time);
    PyObject *events = NULL;
    if (step != NULL && edge != NULL && kind != NULL && time != NULL) {
        events = PyTuple_Pack(4, step, edge, kind, time);
    }
    if (events != NULL) {
        mn_simulation_events_clear(&self->simulation);
    }
    Py_XDECREF(step);
    Py_XDECREF(edge);
    Py_XDECREF(kind);
    Py_XDECREF(time);
    core_simulation_leave(self);
    return events;
}
