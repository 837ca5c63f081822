/* _core.MadeModel: a device model that was made at run time, which is in no list. */
#include "convert.h"
#include "functions.h"

/* From a capsule of that name with the address of an mn_device_model, which lives as long as the capsule. */
#define CAPSULE "memnet.device_model"

static PyObject *made_model_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"", NULL};
    PyObject *capsule = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:MadeModel", CORE_KEYWORDS(keywords), &capsule)) {
        return NULL;
    }
    if (!PyCapsule_IsValid(capsule, CAPSULE)) {
        return PyErr_Format(PyExc_TypeError, "a MadeModel is of a capsule \"" CAPSULE "\", got %s",
                            Py_TYPE(capsule)->tp_name);
    }
    return core_made_model_new(core_state_of(type), PyCapsule_GetPointer(capsule, CAPSULE), capsule);
}

PyObject *core_made_model_new(const core_state *state, const mn_device_model *model, PyObject *owner)
{
    core_made_model *self = (core_made_model *)state->made_model_type->tp_alloc(state->made_model_type, 0);
    if (self != NULL) {
        self->model = model;
        self->owner = Py_NewRef(owner);
    }
    return (PyObject *)self;
}

static void made_model_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Py_CLEAR(((core_made_model *)object)->owner);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *get_table(PyObject *object, void *closure)
{
    (void)closure;
    return core_model_table(((const core_made_model *)object)->model);
}

static PyGetSetDef made_model_getset[] = {
    {"table", get_table, NULL, "The model as data, as models() has those of the list.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot made_model_slots[] = {
    {Py_tp_doc, CORE_TEXT("MadeModel(capsule, /)\n--\n\n"
                          "A device model that is in no list: a capsule \"" CAPSULE "\" with an mn_device_model.")},
    {Py_tp_new, CORE_SLOT(made_model_new)},
    {Py_tp_dealloc, CORE_SLOT(made_model_dealloc)},
    {Py_tp_getset, made_model_getset},
    {0, NULL},
};

PyType_Spec core_made_model_spec = {
    .name = "memnet._core.MadeModel",
    .basicsize = sizeof(core_made_model),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = made_model_slots,
};
