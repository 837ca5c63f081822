/* Conversions between Python and the library's C types. */
#ifndef CORE_CONVERT_H
#define CORE_CONVERT_H

#include "core.h"

enum { CORE_ANY = -1 }; /* any length, or any number of dimensions */

/* Raises the Python exception that stands for `code`, with the message of `error` (NULL: the code's sentence).
 * Returns NULL, for `return core_raise(...)`. */
PyObject *core_raise(const core_state *state, int code, const mn_error *error);
/* As core_raise; where the system refused, the OSError that `open` would raise for that path. */
PyObject *core_raise_for_file(const core_state *state, int code, const mn_error *error, PyObject *path);

/* Borrows `value` as a C-ordered, aligned, native array of that type and shape, or raises TypeError (not an array,
 * other type) or ValueError (shape, order), naming `name`. `n_dims` CORE_ANY takes any shape. */
PyArrayObject *core_array(const char *name, PyObject *value, int type, int n_dims, npy_intp n0, npy_intp n1);
/* As core_array with one dimension. None gives success and *data NULL; `data` is a pointer to the data pointer. */
int core_optional(const char *name, PyObject *value, int type, npy_intp n, void *data, npy_intp *n_values);

/* New arrays that own a copy of n values. */
PyObject *core_copy(int type, int64_t n, const void *data);
/* A read-only array over memory that lives as long as `owner`; n1 CORE_ANY: one dimension. */
PyObject *core_view(PyObject *owner, int type, int64_t n0, int64_t n1, void *data);

/* A read-only array that an object of ours has: where in it the length and the data are. */
typedef struct {
    int type;
    size_t n, data;
    int64_t columns; /* CORE_ANY: one dimension */
} core_part;
/* Getter of the part that its closure, CORE_PART, describes. */
PyObject *core_get_part(PyObject *object, void *closure);
#define CORE_PART(object, type_, n_, columns_, data_)                                                                  \
    (&(core_part){.type = (type_), .n = offsetof(object, n_), .data = offsetof(object, data_), .columns = (columns_)})

/* "O&" converters: an integer in [0, 2^64), and one in the range of int64_t. */
int core_uint64(PyObject *value, void *out);
int core_int64(PyObject *value, void *out);

/* A tuple of n names; NULL with an exception. */
PyObject *core_names(Py_ssize_t n, const char *const *name);

/* A converter of PyArg_ParseTuple: "auto", "fast" or "best" to an mn_order. */
int core_order(PyObject *value, void *out);

/* Sets dict[key] = value, takes over the reference to `value` (which may be NULL with an exception set); 0 or -1. */
int core_dict_set(PyObject *dict, const char *key, PyObject *value);

PyObject *core_solver_info(const mn_solver_info *info);

/* Nanoseconds, about, that calls of the solver take: its init, and a factor with a solve. Not even the order of
 * magnitude matters much: it is what divides calls that are made at once from those that get a thread (job.h). */
double core_analysis_work(const mn_network *network);
double core_step_work(const mn_solver *solver, const mn_solver_info *info);

#endif
