/* A model from equations for C tests, i = x v, dx/dt = (|v| - x) / tau, as the interpreter runs it. */
#ifndef EQUATION_MODELS_H
#define EQUATION_MODELS_H

#include "devices/equation_model.h"

enum { TRACE_TAU, TRACE_X };

static const mn_field trace_fields[] = {
    {"tau", "s", MN_POSITIVE, .initial = 2.0, .doc = "time constant"},
    {"x", "S", .role = MN_STATE, MN_FINITE, .initial = 0.5, .doc = "state"},
};

/* Values of a program: inputs, uniforms, constants, registers, outputs. */
static const double trace_half[] = {0.5}, trace_zero[] = {0.0};
static const mn_instruction trace_start_is[] = {{MN_OPERATION_COPY, 1, {0}}};
static const mn_program trace_start = {
    .n_constants = 1, .n_outputs = 1, .n_instructions = 1, .constant = trace_half, .instruction = trace_start_is};

static const mn_instruction trace_conductance_is[] = {{MN_OPERATION_COPY, 2, {0}}, {MN_OPERATION_COPY, 3, {1}}};
static const int16_t trace_conductance_input[] = {TRACE_X};
static const mn_program trace_conductance = {.n_inputs = 1,
                                             .n_constants = 1,
                                             .n_outputs = 2,
                                             .n_instructions = 2,
                                             .constant = trace_zero,
                                             .instruction = trace_conductance_is};

/* Of v, x, tau, dt: x + dt ((|v| - x) / tau). */
static const mn_instruction trace_advance_is[] = {{MN_OPERATION_ABS, 4, {0}},
                                                  {MN_OPERATION_SUBTRACT, 4, {4, 1}},
                                                  {MN_OPERATION_DIVIDE, 4, {4, 2}},
                                                  {MN_OPERATION_MULTIPLY_ADD, 5, {3, 4, 1}}};
static const int16_t trace_advance_input[] = {MN_INPUT_VOLTAGE, TRACE_X, TRACE_TAU};
static const int16_t trace_advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program trace_advance = {.n_inputs = 3,
                                         .n_uniforms = 1,
                                         .n_registers = 1,
                                         .n_outputs = 1,
                                         .n_instructions = 4,
                                         .instruction = trace_advance_is};

/* The model as it is given to mn_equation_model_init. */
static inline mn_equation_model equation_trace(void)
{
    return (mn_equation_model){
        .model = {.name = "Trace",
                  .doc = "a conductance that follows |v|",
                  .citation = "a test",
                  .text = "i = x*v",
                  MN_ARRAY(field, trace_fields)},
        .of = {[MN_EQUATIONS_START] = {.program = &trace_start},
               [MN_EQUATIONS_CONDUCTANCE] = {.program = &trace_conductance, .input = trace_conductance_input},
               [MN_EQUATIONS_ADVANCE] = {
                   .program = &trace_advance, .input = trace_advance_input, .uniform = trace_advance_uniform}}};
}

#endif
