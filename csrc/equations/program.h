/* Programs: arithmetic over arrays in single assignment, made from the equations of a model.
 *
 * A value of a program is an array, one number a member. Values are numbered in a row: inputs, uniforms (inputs that
 * are one number for all members), constants, registers, outputs. An instruction writes one register or output from
 * others; nothing branches, and nothing else happens. */
#ifndef MN_PROGRAM_H
#define MN_PROGRAM_H

#include "memnet.h"

enum { MN_MOST_OPERANDS = 5, MN_MOST_VALUES = 32767 };

typedef enum {
#define MN_OPERATION(name, n_operands, expression) MN_OPERATION_##name,
#include "equations/operations.def"
#undef MN_OPERATION
    MN_N_OPERATIONS
} mn_operation;

typedef struct {
    int16_t operation; /* mn_operation */
    int16_t to;        /* the value that it writes */
    int16_t of[MN_MOST_OPERANDS];
} mn_instruction;

/* A program does not own what it points to. */
typedef struct {
    int64_t n_inputs, n_uniforms, n_constants, n_registers, n_outputs, n_instructions;
    const double *constant;
    const mn_instruction *instruction;
} mn_program;

/* Members are taken in blocks, so that registers stay in the nearest cache. */
enum { MN_PROGRAM_BLOCK = 256 };

/* The name of an operation and its operands, by number: for those who write programs. NULL beyond the last. */
const char *mn_operation_name(int64_t operation, int64_t *n_operands);
/* BAD_ARGUMENT with the number of the first instruction (error->value) that names what is not there, reads what is not
 * written yet or writes what is not its own; and where an output is left unwritten. Only checked programs may run. */
int mn_program_check(const mn_program *program, mn_error *error) MN_CHECKED;
/* How many arrays of min(n, MN_PROGRAM_BLOCK) numbers a run works in. */
int64_t mn_program_scratch(const mn_program *program);
/* out[j][k] of in[i][k] and uniform[u], for n members. No output may be an input. */
void mn_program_run(const mn_program *program, int64_t n, const double *const *in, const double *uniform,
                    double *const *out, double *const *scratch);
/* to[k] of one operation on the operands of[][k], for compiled programs. */
void mn_operation_run(mn_operation operation, int64_t n, const double *const *of, double *to);

#endif
