/* _core.Program: a checked program of arithmetic. */
#include "convert.h"
#include "functions.h"

#include "equations/program.h"

#include <string.h>

static mn_program *program_of(PyObject *object)
{
    return &((core_program *)object)->program;
}

/* Copies a program's constants and instructions; -1 with an exception. */
static int copy_program(core_program *self, PyObject *constants, PyObject *instructions)
{
    const npy_intp width = (npy_intp)(sizeof(mn_instruction) / sizeof(int16_t));
    PyArrayObject *constant = core_array("constants", constants, NPY_FLOAT64, 1, CORE_ANY, CORE_ANY);
    PyArrayObject *instruction = core_array("instructions", instructions, NPY_INT16, 2, CORE_ANY, width);
    if (constant == NULL || instruction == NULL) {
        return -1;
    }
    self->program.n_constants = PyArray_DIM(constant, 0);
    self->program.n_instructions = PyArray_DIM(instruction, 0);
    const size_t constant_size = (size_t)PyArray_NBYTES(constant),
                 instruction_size = (size_t)PyArray_NBYTES(instruction);
    self->constant = PyMem_Malloc(constant_size + 1);
    self->instruction = PyMem_Malloc(instruction_size + 1);
    if (self->constant == NULL || self->instruction == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    memcpy(self->constant, PyArray_DATA(constant), constant_size);
    memcpy(self->instruction, PyArray_DATA(instruction), instruction_size);
    self->program.constant = self->constant;
    self->program.instruction = self->instruction;
    return 0;
}

static PyObject *program_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"n_inputs",  "n_uniforms",   "constants", "n_registers",
                                           "n_outputs", "instructions", NULL};
    PyObject *constants = NULL, *instructions = NULL;
    mn_program sizes = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&OO&O&O:Program", CORE_KEYWORDS(keywords), core_int64,
                                     &sizes.n_inputs, core_int64, &sizes.n_uniforms, &constants, core_int64,
                                     &sizes.n_registers, core_int64, &sizes.n_outputs, &instructions)) {
        return NULL;
    }
    core_program *self = (core_program *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->program = sizes;
    mn_error error = mn_error_none();
    if (copy_program(self, constants, instructions) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    const int code = mn_program_check(&self->program, &error);
    if (code != MN_OK) {
        (void)core_raise(core_state_of(type), code, &error);
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void program_dealloc(PyObject *object)
{
    core_program *self = (core_program *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyMem_Free(self->constant);
    PyMem_Free(self->instruction);
    type->tp_free(object);
    Py_DECREF(type);
}

/* Rows of the inputs, the outputs and the scratch of a run. */
typedef struct {
    const double **in;
    double **out, **scratch;
    double *numbers; /* what scratch points into */
} run_rows;

static void free_rows(run_rows *rows)
{
    PyMem_Free(rows->in);
    PyMem_Free(rows->out);
    PyMem_Free(rows->scratch);
    PyMem_Free(rows->numbers);
}

static int find_rows(const mn_program *program, PyArrayObject *in, PyArrayObject *out, run_rows *rows)
{
    const npy_intp n = PyArray_DIM(in, 1);
    const size_t n_scratch = (size_t)mn_program_scratch(program);
    rows->in = PyMem_Calloc((size_t)program->n_inputs + 1, sizeof(*rows->in));
    rows->out = PyMem_Calloc((size_t)program->n_outputs + 1, sizeof(*rows->out));
    rows->scratch = PyMem_Calloc(n_scratch + 1, sizeof(*rows->scratch));
    rows->numbers = PyMem_Calloc((n_scratch + 1) * MN_PROGRAM_BLOCK, sizeof(double));
    if (rows->in == NULL || rows->out == NULL || rows->scratch == NULL || rows->numbers == NULL) {
        free_rows(rows);
        (void)PyErr_NoMemory();
        return -1;
    }
    for (int64_t j = 0; j < program->n_inputs; j++) {
        rows->in[j] = (const double *)PyArray_DATA(in) + j * n;
    }
    for (int64_t j = 0; j < program->n_outputs; j++) {
        rows->out[j] = (double *)PyArray_DATA(out) + j * n;
    }
    for (size_t j = 0; j < n_scratch; j++) {
        rows->scratch[j] = rows->numbers + j * MN_PROGRAM_BLOCK;
    }
    return 0;
}

static PyObject *program_run(PyObject *object, PyObject *args)
{
    const mn_program *program = program_of(object);
    PyObject *inputs = NULL, *uniforms = NULL;
    if (!PyArg_ParseTuple(args, "OO:run", &inputs, &uniforms)) {
        return NULL;
    }
    PyArrayObject *in = core_array("inputs", inputs, NPY_FLOAT64, 2, (npy_intp)program->n_inputs, CORE_ANY);
    PyArrayObject *uniform = core_array("uniforms", uniforms, NPY_FLOAT64, 1, (npy_intp)program->n_uniforms, CORE_ANY);
    if (in == NULL || uniform == NULL) {
        return NULL;
    }
    npy_intp shape[2] = {(npy_intp)program->n_outputs, PyArray_DIM(in, 1)};
    PyArrayObject *out = (PyArrayObject *)PyArray_SimpleNew(2, shape, NPY_FLOAT64);
    run_rows rows = {0};
    if (out == NULL || find_rows(program, in, out, &rows) < 0) {
        Py_XDECREF(out);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS;
    mn_program_run(program, shape[1], rows.in, PyArray_DATA(uniform), rows.out, rows.scratch);
    Py_END_ALLOW_THREADS;
    free_rows(&rows);
    return (PyObject *)out;
}

static PyMethodDef program_methods[] = {
    {"run", program_run, METH_VARARGS,
     "run(inputs, uniforms, /)\n--\n\nReturn the outputs, one row each, of inputs (n_inputs, n) and uniforms "
     "(n_uniforms)."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot program_slots[] = {
    {Py_tp_doc, CORE_TEXT("Program(n_inputs, n_uniforms, constants, n_registers, n_outputs, instructions)\n--\n\n"
                          "Arithmetic over arrays, of instructions (n, 7): operation, value that it writes, operands. "
                          "Values are numbered: inputs, uniforms, constants, registers, outputs.")},
    {Py_tp_new, CORE_SLOT(program_new)},
    {Py_tp_dealloc, CORE_SLOT(program_dealloc)},
    {Py_tp_methods, program_methods},
    {0, NULL},
};

PyType_Spec core_program_spec = {
    .name = "memnet._core.Program",
    .basicsize = sizeof(core_program),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = program_slots,
};

PyObject *core_operations(PyObject *module, PyObject *ignored)
{
    (void)module;
    (void)ignored;
    PyObject *table = PyDict_New();
    int64_t n_operands = 0;
    for (int64_t k = 0; table != NULL && mn_operation_name(k, &n_operands) != NULL; k++) {
        PyObject *row = Py_BuildValue("(LL)", (long long)k, (long long)n_operands);
        if (core_dict_set(table, mn_operation_name(k, &n_operands), row) < 0) {
            Py_CLEAR(table);
        }
    }
    return table;
}
