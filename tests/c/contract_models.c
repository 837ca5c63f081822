/* The models of contract_models.h as a library of their own, which tests/made_models.py loads. */
#include "contract_models.h"

#include <string.h>

__attribute__((visibility("default"))) const mn_device_model *contract_model(const char *name);

const mn_device_model *contract_model(const char *name)
{
    for (size_t k = 0; k < N_CONTRACT_MODELS; k++) {
        if (strcmp(contract_models[k]->name, name) == 0) {
            return contract_models[k];
        }
    }
    return NULL;
}
