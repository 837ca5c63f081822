/* Waveforms: their table as Python data, waves of a drive from Python, and the functions that look at one. */
#ifndef CORE_WAVES_H
#define CORE_WAVES_H

#include "core.h"

/* Waves of a drive as C structs. The samples are borrowed from the arrays that `keep` holds. */
typedef struct {
    PyObject *keep; /* tuple of the wave tuples */
    int64_t n;
    mn_wave *wave;
    int32_t *children;
} core_waves;

/* From a list of tuples (kind, parameters, samples or None, children); 0 or -1. Free in both cases. */
int core_waves_init(core_waves *waves, PyObject *list);
void core_waves_free(core_waves *waves);

PyObject *core_waveforms(PyObject *module, PyObject *ignored);
PyObject *core_wave_evaluate(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *core_wave_corners(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
