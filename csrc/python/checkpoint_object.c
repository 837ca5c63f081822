/* _core.Checkpoint: a checkpoint that was read, from a file or from memory, and found whole. */
#include "convert.h"
#include "job.h"

typedef struct {
    mn_checkpoint *checkpoint;
    const char *path;
} read_call;

static int run_read(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const read_call *call = arguments;
    (void)cancel;
    return mn_checkpoint_init(call->checkpoint, call->path, error);
}

static PyObject *checkpoint_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"path", NULL};
    PyObject *path = NULL;
    PyObject *encoded = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Checkpoint", CORE_KEYWORDS(keywords), &path) ||
        !PyUnicode_FSConverter(path, &encoded)) {
        return NULL;
    }
    mn_error error = mn_error_none();
    core_checkpoint *self = (core_checkpoint *)type->tp_alloc(type, 0);
    if (self == NULL) {
        goto out;
    }
    read_call call = {.checkpoint = &self->checkpoint, .path = PyBytes_AS_STRING(encoded)};
    /* how long a file takes to read is not known before */
    const core_job job = {
        .run = run_read, .size = sizeof call, .owner = {(PyObject *)self, encoded}, .work = 2.0 * CORE_SHORT_WORK};
    const int code = core_job_run(&job, &call, &error);
    if (code != MN_OK) {
        Py_CLEAR(self);
    }
    if (code != MN_OK && code != CORE_RAISED) {
        (void)core_raise_for_file(core_state_of(type), code, &error, path);
    }
out:
    Py_DECREF(encoded);
    return (PyObject *)self;
}

static void checkpoint_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    mn_checkpoint_free(&((core_checkpoint *)object)->checkpoint);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *get_note(PyObject *object, void *closure)
{
    (void)closure;
    const mn_checkpoint *checkpoint = &((const core_checkpoint *)object)->checkpoint;
    return PyBytes_FromStringAndSize((const char *)checkpoint->note, (Py_ssize_t)checkpoint->note_size);
}

static PyObject *checkpoint_from_bytes(PyObject *class_object, PyObject *given)
{
    PyTypeObject *type = (PyTypeObject *)class_object;
    Py_buffer view;
    if (PyObject_GetBuffer(given, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    mn_error error = mn_error_none();
    int code = MN_OK;
    core_checkpoint *self = (core_checkpoint *)type->tp_alloc(type, 0);
    if (self == NULL) {
        goto out;
    }
    Py_BEGIN_ALLOW_THREADS;
    code = mn_checkpoint_decode(&self->checkpoint, view.buf, (size_t)view.len, &error);
    Py_END_ALLOW_THREADS;
    if (code != MN_OK) {
        Py_CLEAR(self);
        (void)core_raise(core_state_of(type), code, &error);
    }
out:
    PyBuffer_Release(&view);
    return (PyObject *)self;
}

static PyMethodDef checkpoint_methods[] = {
    {"from_bytes", checkpoint_from_bytes, METH_O | METH_CLASS,
     "from_bytes($type, data, /)\n--\n\nReads what Simulation.dumps wrote, or the bytes of a file."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef checkpoint_getset[] = {
    {"note", get_note, NULL, "The bytes that were given to Simulation.write or dumps.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot checkpoint_slots[] = {
    {Py_tp_doc, CORE_TEXT("Checkpoint(path)\n--\n\nA checkpoint file that was read and found whole.")},
    {Py_tp_new, CORE_SLOT(checkpoint_new)},
    {Py_tp_dealloc, CORE_SLOT(checkpoint_dealloc)},
    {Py_tp_methods, checkpoint_methods},
    {Py_tp_getset, checkpoint_getset},
    {0, NULL},
};

PyType_Spec core_checkpoint_spec = {
    .name = "memnet._core.Checkpoint",
    .basicsize = sizeof(core_checkpoint),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = checkpoint_slots,
};
