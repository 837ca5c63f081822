/* The list of device models. */
#include "devices/equation_model.h"

#include <string.h>

#define MN_DEVICE(model) extern const mn_device_model model;
#include "devices/devices.def"
#undef MN_DEVICE

#define MN_EQUATIONS(model) extern const mn_equation_model model;
#include "devices/generated.def"
#undef MN_EQUATIONS

static const mn_device_model *const models[] = {
#define MN_DEVICE(model) &model,
#include "devices/devices.def"
#undef MN_DEVICE
#define MN_EQUATIONS(equations) &equations.model,
#include "devices/generated.def"
#undef MN_EQUATIONS
};

int64_t mn_model_count(void)
{
    return (int64_t)(sizeof(models) / sizeof(models[0]));
}

const mn_device_model *mn_model_get(int64_t index)
{
    return index >= 0 && index < mn_model_count() ? models[index] : NULL;
}

const mn_device_model *mn_model_find(const char *name)
{
    for (int64_t k = 0; k < mn_model_count(); k++) {
        if (name != NULL && strcmp(models[k]->name, name) == 0) {
            return models[k];
        }
    }
    return NULL;
}
