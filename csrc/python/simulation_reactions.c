/* _core.Simulation: its reactions. */
#include "convert.h"
#include "devices/device.h"
#include "simulate/reactions.h"
#include "simulation_object.h"
#include "waves.h"

#include <string.h>

/* Reads the name of a rule; 0 with an exception where there is none of that name. */
static int overlap_of(PyObject *given, void *address)
{
    static const char *const names[MN_OVERLAP_N] = {
#define MN_MEMBER(name, text) [MN_OVERLAP_##name] = (text),
        MN_OVERLAPS(MN_MEMBER)
#undef MN_MEMBER
    };
    for (int k = 0; PyUnicode_Check(given) && k < MN_OVERLAP_N; k++) {
        if (PyUnicode_CompareWithASCIIString(given, names[k]) == 0) {
            *(mn_overlap *)address = (mn_overlap)k;
            return 1;
        }
    }
    PyErr_Format(PyExc_ValueError, "overlap must be the name of a rule, got %R", given);
    return 0;
}

/* One reaction from its keywords; 0 or -1. */
static int read_reaction(const core_simulation *self, PyObject *keywords, mn_reaction_spec *spec)
{
    static const char *const names[] = {"population", "kind",       "listens", "electrode", "wave",
                                        "delay",      "refractory", "overlap", "most",      NULL};
    PyObject *listens = NULL;
    int kind = 0;
    PyObject *nothing = PyTuple_New(0);
    int status = -1;
    if (nothing == NULL || !PyDict_Check(keywords)) {
        PyErr_SetString(PyExc_TypeError, "a reaction must be a dict");
        goto out;
    }
    *spec = (mn_reaction_spec){.listens = NULL};
    if (!PyArg_ParseTupleAndKeywords(nothing, keywords, "O&iOiiddO&O&:reaction", CORE_KEYWORDS(names), core_int64,
                                     &spec->population, &kind, &listens, &spec->electrode, &spec->wave, &spec->delay,
                                     &spec->refractory, overlap_of, &spec->overlap, core_int64, &spec->most)) {
        goto out;
    }
    if (kind < INT8_MIN || kind > INT8_MAX) {
        PyErr_Format(PyExc_ValueError, "kind must be in [-128, 127], got %d", kind);
        goto out;
    }
    spec->kind = (int8_t)kind;
    if (spec->population < 0 || spec->population >= self->simulation.n_populations) {
        PyErr_Format(PyExc_ValueError, "population must be below %lld, got %lld",
                     (long long)self->simulation.n_populations, (long long)spec->population);
        goto out;
    }
    status = core_optional("listens", listens, NPY_UINT8, (npy_intp)self->simulation.population[spec->population].n,
                           &spec->listens, NULL);
out:
    Py_XDECREF(nothing);
    return status;
}

PyObject *core_simulation_react(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"reactions", "waves", NULL};
    core_simulation *self = (core_simulation *)object;
    PyObject *reactions = NULL;
    PyObject *list = NULL;
    PyObject *answer = NULL;
    core_waves waves = {0};
    mn_reaction_spec *spec = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O:react", CORE_KEYWORDS(keywords), &PyTuple_Type, &reactions,
                                     &list)) {
        return NULL;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(reactions);
    if (core_waves_init(&waves, list) < 0) {
        goto out;
    }
    spec = PyMem_Calloc((size_t)n + 1, sizeof *spec);
    if (spec == NULL) {
        (void)PyErr_NoMemory();
        goto out;
    }
    for (Py_ssize_t r = 0; r < n; r++) {
        if (read_reaction(self, PyTuple_GET_ITEM(reactions, r), &spec[r]) < 0) {
            goto out;
        }
    }
    if (core_simulation_enter(self) < 0) {
        goto out;
    }
    mn_error error = mn_error_none();
    const int code = mn_simulation_react(&self->simulation, n, spec, waves.n, waves.wave, &error);
    core_simulation_publish(self);
    answer = code == MN_OK ? Py_NewRef(Py_None) : core_simulation_raise(self, code, &error);
out:
    PyMem_Free(spec);
    core_waves_free(&waves);
    return answer;
}
