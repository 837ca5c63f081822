/* A function of the module: device models as data. */
#include "functions.h"

#include "convert.h"
#include "devices/device.h"

#include <string.h>

static const char *kind_name(mn_field_kind kind)
{
    static const char *const names[] = {
        [MN_REAL] = "real", [MN_CHOICE] = "choice", [MN_FLAG] = "flag", [MN_COUNT] = "count"};
    return names[kind];
}

static const char *role_name(mn_field_role role)
{
    return role == MN_PARAMETER ? "parameter" : role == MN_STATE ? "state" : "output";
}

/* The words of "a|b|c" as a tuple; NULL text gives an empty one. */
static PyObject *words(const char *text)
{
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    const char *start = text;
    while (start != NULL) {
        const char *bar = strchr(start, '|');
        const size_t length = bar == NULL ? strlen(start) : (size_t)(bar - start);
        PyObject *word = PyUnicode_FromStringAndSize(start, (Py_ssize_t)length);
        if (word == NULL || PyList_Append(list, word) < 0) {
            Py_XDECREF(word);
            Py_DECREF(list);
            return NULL;
        }
        Py_DECREF(word);
        start = bar == NULL ? NULL : bar + 1;
    }
    PyObject *tuple = PyList_AsTuple(list);
    Py_DECREF(list);
    return tuple;
}

static PyObject *field_dict(const mn_field *field)
{
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:s,s:d,s:d,s:d,s:s,s:N,s:z,s:z,s:z,s:N,s:z,s:L,s:z}", "name", field->name,
                         "unit", field->unit, "doc", field->doc, "kind", kind_name(field->kind), "role",
                         role_name(field->role), "initial", field->initial, "low", field->low, "high", field->high,
                         "bounds", field->bounds, "choices", words(field->choices), "otherwise", field->otherwise,
                         "below", field->below, "own_range", field->own_range, "added_later",
                         PyBool_FromLong(field->added_later), "dimension", field->dimension, "width",
                         field->dimension == NULL ? 1LL : (long long)field->width, "width_field", field->width_field);
}

static PyObject *preset_dict(const mn_preset *preset)
{
    PyObject *values = PyDict_New();
    if (values == NULL) {
        return NULL;
    }
    for (int64_t k = 0; k < preset->n_values; k++) {
        PyObject *value = PyFloat_FromDouble(preset->value[k].value);
        if (value == NULL || PyDict_SetItemString(values, preset->value[k].field, value) < 0) {
            Py_XDECREF(value);
            Py_DECREF(values);
            return NULL;
        }
        Py_DECREF(value);
    }
    return Py_BuildValue("{s:s,s:s,s:s,s:N,s:z,s:z}", "name", preset->name, "doc", preset->doc, "citation",
                         preset->citation, "values", values, "fitted_field", preset->fitted_field, "fitted_choice",
                         preset->fitted_choice);
}

static PyObject *field_list(const mn_device_model *model)
{
    PyObject *fields = PyList_New((Py_ssize_t)model->n_fields);
    for (int64_t k = 0; fields != NULL && k < model->n_fields; k++) {
        PyObject *field = field_dict(&model->field[k]);
        if (field == NULL) {
            Py_CLEAR(fields);
        } else {
            PyList_SET_ITEM(fields, (Py_ssize_t)k, field);
        }
    }
    return fields;
}

static PyObject *preset_list(const mn_device_model *model)
{
    PyObject *presets = PyList_New((Py_ssize_t)model->n_presets);
    for (int64_t k = 0; presets != NULL && k < model->n_presets; k++) {
        PyObject *preset = preset_dict(&model->preset[k]);
        if (preset == NULL) {
            Py_CLEAR(presets);
        } else {
            PyList_SET_ITEM(presets, (Py_ssize_t)k, preset);
        }
    }
    return presets;
}

/* The kinds of its events by name. */
static PyObject *event_dict(const mn_device_model *model)
{
    PyObject *events = PyDict_New();
    for (int64_t k = 0; events != NULL && k < model->n_events; k++) {
        if (core_dict_set(events, model->event[k].name, PyLong_FromLong(model->event[k].kind)) < 0) {
            Py_CLEAR(events);
        }
    }
    return events;
}

/* What the waveform is that devices of the model carry, None where they carry none. */
static PyObject *signal_dict(const mn_device_model *model)
{
    const mn_signal *signal = &model->signal;
    if ((model->flags & MN_HAS_SIGNAL) == 0) {
        return Py_NewRef(Py_None);
    }
    return Py_BuildValue("{s:s,s:s,s:s,s:d}", "name", signal->name, "unit", signal->unit, "doc", signal->doc, "initial",
                         signal->initial);
}

/* The states that devices of the model read of another edge, None where they read none. */
static PyObject *linked_states(const mn_device_model *model)
{
    if ((model->flags & MN_HAS_LINK) == 0) {
        return Py_NewRef(Py_None);
    }
    return core_names((Py_ssize_t)model->n_linked_states, model->linked_state);
}

PyObject *core_model_table(const mn_device_model *model)
{
    PyObject *fields = field_list(model);
    PyObject *presets = preset_list(model);
    PyObject *signal = signal_dict(model);
    PyObject *linked = linked_states(model);
    PyObject *events = event_dict(model);
    if (fields == NULL || presets == NULL || signal == NULL || linked == NULL || events == NULL) {
        Py_XDECREF(fields);
        Py_XDECREF(presets);
        Py_XDECREF(signal);
        Py_XDECREF(linked);
        Py_XDECREF(events);
        return NULL;
    }
    return Py_BuildValue(
        "{s:s,s:s,s:s,s:z,s:s,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:N,s:z,s:z,s:N,s:N,s:N,s:N,s:N}", "name",
        model->name, "doc", model->doc, "citation", model->citation, "text", model->text, "check", model->check,
        "event_driven", PyBool_FromLong((model->flags & MN_EVENT_DRIVEN) != 0), "has_source",
        PyBool_FromLong((model->flags & MN_HAS_SOURCE) != 0), "stochastic",
        PyBool_FromLong((model->flags & MN_STOCHASTIC) != 0), "needs_length",
        PyBool_FromLong((model->flags & MN_NEEDS_LENGTH) != 0), "has_charge",
        PyBool_FromLong((model->flags & MN_HAS_CHARGE) != 0), "implicit",
        PyBool_FromLong((model->flags & MN_IMPLICIT) != 0), "smooth", PyBool_FromLong(model->linearise != NULL),
        "halves", PyBool_FromLong((model->flags & MN_HALVES) != 0), "checks_together",
        PyBool_FromLong(model->check_together != NULL), "reads_inflow",
        PyBool_FromLong((model->flags & MN_READS_INFLOW) != 0), "link_at_end",
        PyBool_FromLong((model->flags & MN_LINK_AT_END) != 0), "fixed_field", model->fixed_field, "voltage_field",
        model->voltage_field, "fields", fields, "presets", presets, "signal", signal, "linked_states", linked, "events",
        events);
}

PyObject *core_models(PyObject *module, PyObject *ignored)
{
    (void)module;
    (void)ignored;
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    const int64_t n = mn_model_count();
    for (int64_t k = 0; k < n; k++) {
        PyObject *model = core_model_table(mn_model_get(k));
        if (model == NULL || PyList_Append(list, model) < 0) {
            Py_XDECREF(model);
            Py_DECREF(list);
            return NULL;
        }
        Py_DECREF(model);
    }
    return list;
}
