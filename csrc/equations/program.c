/* What may run: programs are checked once, before their first run, so that the interpreter need not look. */
#include "equations/program.h"

const char *mn_operation_name(int64_t operation, int64_t *n_operands)
{
    static const struct {
        const char *name;
        int64_t n_operands;
    } table[MN_N_OPERATIONS] = {
#define MN_OPERATION(name, n_operands, expression) {#name, n_operands},
#include "equations/operations.def"
#undef MN_OPERATION
    };
    if (operation < 0 || operation >= MN_N_OPERATIONS) {
        return NULL;
    }
    *n_operands = table[operation].n_operands;
    return table[operation].name;
}

/* A bit a value: whether it has been written. */
typedef struct {
    uint64_t bits[(MN_MOST_VALUES + 64) / 64];
} written_values;

static bool is_written(const written_values *written, int64_t value)
{
    return (written->bits[value / 64] >> (value % 64) & 1) != 0;
}

static void note_written(written_values *written, int64_t value)
{
    written->bits[value / 64] |= UINT64_C(1) << (value % 64);
}

static int64_t first_register(const mn_program *program)
{
    return program->n_inputs + program->n_uniforms + program->n_constants;
}

static int64_t first_output(const mn_program *program)
{
    return first_register(program) + program->n_registers;
}

static bool is_valid(const mn_program *program, const mn_instruction *instruction, const written_values *written)
{
    const int64_t end = first_output(program) + program->n_outputs;
    int64_t n_operands = 0;
    bool valid = mn_operation_name(instruction->operation, &n_operands) != NULL &&
                 instruction->to >= first_register(program) && instruction->to < end;
    for (int64_t j = 0; j < n_operands && valid; j++) {
        valid = instruction->of[j] >= 0 && instruction->of[j] < end && is_written(written, instruction->of[j]);
    }
    return valid;
}

static bool has_sizes(const mn_program *program)
{
    const int64_t size[] = {program->n_inputs, program->n_uniforms, program->n_constants, program->n_registers,
                            program->n_outputs};
    int64_t n_values = 0;
    for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
        if (size[k] < 0 || size[k] > MN_MOST_VALUES) {
            return false;
        }
        n_values += size[k];
    }
    return n_values <= MN_MOST_VALUES && program->n_instructions >= 0 && program->n_instructions <= MN_MOST_VALUES;
}

int mn_program_check(const mn_program *program, mn_error *error)
{
    written_values written = {{0}};
    mn_error_clear(error);
    if (!has_sizes(program)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "sizes of a program", (double)program->n_instructions);
    }
    for (int64_t value = 0; value < first_register(program); value++) {
        note_written(&written, value);
    }
    for (int64_t k = 0; k < program->n_instructions; k++) {
        if (!is_valid(program, &program->instruction[k], &written)) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "instruction of a program", (double)k);
        }
        note_written(&written, program->instruction[k].to);
    }
    for (int64_t k = 0; k < program->n_outputs; k++) {
        if (!is_written(&written, first_output(program) + k)) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "output of a program", (double)k);
        }
    }
    return MN_OK;
}
