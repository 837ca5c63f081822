/* _core.Checkpoint: a checkpoint file that was read and found whole. */
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
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&:Checkpoint", CORE_KEYWORDS(keywords), PyUnicode_FSConverter,
                                     &path)) {
        return NULL;
    }
    core_checkpoint *self = (core_checkpoint *)type->tp_alloc(type, 0);
    if (self == NULL) {
        Py_DECREF(path);
        return NULL;
    }
    mn_error error;
    mn_error_clear(&error);
    read_call call = {.checkpoint = &self->checkpoint, .path = PyBytes_AS_STRING(path)};
    /* how long a file takes to read is not known before */
    const core_job job = {
        .run = run_read, .size = sizeof call, .owner = {(PyObject *)self, path}, .work = 2.0 * CORE_SHORT_WORK};
    const int code = core_job_run(&job, &call, &error);
    Py_DECREF(path);
    if (code != MN_OK) {
        Py_DECREF(self);
        return core_job_raise(core_state_of(type), code, &error);
    }
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

static PyGetSetDef checkpoint_getset[] = {
    {"note", get_note, NULL, "The bytes that were given to Simulation.write.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot checkpoint_slots[] = {
    {Py_tp_doc, CORE_TEXT("Checkpoint(path)\n--\n\nA checkpoint file that was read and found whole.")},
    {Py_tp_new, CORE_SLOT(checkpoint_new)},
    {Py_tp_dealloc, CORE_SLOT(checkpoint_dealloc)},
    {Py_tp_getset, checkpoint_getset},
    {0, NULL},
};

PyType_Spec core_checkpoint_spec = {
    .name = "memnet._core.Checkpoint",
    .basicsize = sizeof(core_checkpoint),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = checkpoint_slots,
};
