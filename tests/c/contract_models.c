/* The models of contract_models.h as a library of their own, which tests/made_models.py loads. */
#include "contract_models.h"

#include <string.h>

__attribute__((visibility("default"))) const mn_device_model *contract_model(const char *name);

const mn_device_model *contract_model(const char *name)
{
    static const mn_device_model *const models[] = {&carried_source};
    for (size_t k = 0; k < sizeof(models) / sizeof(models[0]); k++) {
        if (strcmp(models[k]->name, name) == 0) {
            return models[k];
        }
    }
    return NULL;
}
