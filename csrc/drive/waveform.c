/* The table of waveforms: waves.def as an array. */
#include "drive/waveform.h"

#include <math.h>

/* ------------------------------------------------------------------ the words of waves.def for arguments */

#define MN_NEEDED NAN
#define MN_ARGUMENT(name_, unit_, kind_, low_, high_, initial_, doc_)                                                  \
    {                                                                                                                  \
        .name = (name_), .unit = (unit_), .doc = (doc_), .kind = (kind_), .low = (low_), .high = (high_),              \
        .initial = (initial_)                                                                                          \
    }
#define MN_NUMBER(name, unit, low, high, initial, doc)                                                                 \
    MN_ARGUMENT(name, unit, MN_ARGUMENT_NUMBER, low, high, initial, doc)
#define MN_LEVEL(name, initial, doc) MN_NUMBER(name, "V", -INFINITY, INFINITY, initial, doc)
/* more turns than this are a mistake: their digits are lost to the phase */
#define MN_TURNS(name, initial, doc) MN_NUMBER(name, "1", -1e6, 1e6, initial, doc)
#define MN_TIME(name, initial, doc) MN_NUMBER(name, "s", -MN_LARGEST_TIME, MN_LARGEST_TIME, initial, doc)
#define MN_LENGTH(name, initial, doc) MN_NUMBER(name, "s", 1.0 / MN_LARGEST_TIME, MN_LARGEST_TIME, initial, doc)
#define MN_FREQUENCY(name, initial, doc) MN_NUMBER(name, "Hz", 1.0 / MN_LARGEST_TIME, MN_LARGEST_TIME, initial, doc)
#define MN_AMPERES(name, initial, doc) MN_NUMBER(name, "A", 1.0 / MN_LARGEST_TIME, MN_LARGEST_TIME, initial, doc)
#define MN_NUMBER_OF(name, doc) MN_ARGUMENT(name, "1", MN_ARGUMENT_COUNT, 1.0, INFINITY, INFINITY, doc)
#define MN_CHOICE_OF(name, doc) MN_ARGUMENT(name, "1", MN_ARGUMENT_FLAG, 0.0, 1.0, 0.0, doc)
#define MN_LEVELS(name, doc) MN_ARGUMENT(name, "V", MN_ARGUMENT_VALUES, -INFINITY, INFINITY, NAN, doc)
#define MN_LENGTHS(name, doc)                                                                                          \
    MN_ARGUMENT(name, "s", MN_ARGUMENT_DURATIONS, 1.0 / MN_LARGEST_TIME, MN_LARGEST_TIME, NAN, doc)
#define MN_TIMES(name, kind, doc) MN_ARGUMENT(name, "s", kind, -MN_LARGEST_TIME, MN_LARGEST_TIME, NAN, doc)

/* ------------------------------------------------------------------ the table */

const mn_waveform mn_waveforms[MN_WAVE_N] = {
#define MN_LEAF(kind, value_, corner_, ...) [MN_WAVE_##kind] = {.value = value_, .corner = corner_, __VA_ARGS__},
#define MN_NODE(kind, value_, corner_, ...)                                                                            \
    [MN_WAVE_##kind] = {.node_value = value_, .node_corner = corner_, __VA_ARGS__},
#define MN_NO_CORNER mn_no_corner
#include "drive/waves.def"
#undef MN_NO_CORNER
#undef MN_LEAF
#undef MN_NODE
};

const mn_waveform *mn_waveform_get(int64_t kind)
{
    return kind >= 0 && kind < MN_WAVE_N ? &mn_waveforms[kind] : NULL;
}

int64_t mn_waveform_arguments(const mn_waveform *form)
{
    int64_t n = 0;
    while (n < MN_ARGUMENTS && form->argument[n].kind != 0) {
        n++;
    }
    return n;
}

bool mn_argument_is_array(const mn_argument *argument)
{
    return argument->kind >= MN_ARGUMENT_VALUES;
}

int64_t mn_waveform_arrays(const mn_waveform *form)
{
    int64_t n = 0;
    for (int64_t k = 0; k < mn_waveform_arguments(form); k++) {
        n += mn_argument_is_array(&form->argument[k]);
    }
    return n;
}
