/* libFuzzer over programs: whatever the bytes, mn_program_check refuses them, or they run inside their memory.
 *
 * The bytes are sizes, constants and instructions. Three of four inputs have their operations and values taken modulo
 * what there is, or nearly all would be refused at the door. Every array has its size and no more, so that
 * AddressSanitizer sees the first number beside it. */
#include "equations/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than a block, and no multiple of it. */
enum { N_MEMBERS = MN_PROGRAM_BLOCK + 37, N_SIZES = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *room(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/* n arrays of so many numbers each. */
static double **rows(int64_t n, size_t numbers)
{
    double **row = room((size_t)n, sizeof(*row));
    for (int64_t j = 0; j < n; j++) {
        row[j] = room(numbers, sizeof(double));
    }
    return row;
}

static void free_rows(int64_t n, double **row)
{
    for (int64_t j = 0; j < n; j++) {
        free(row[j]);
    }
    free(row);
}

static void run(const mn_program *program, const uint8_t *data, size_t size)
{
    const size_t block = N_MEMBERS < MN_PROGRAM_BLOCK ? N_MEMBERS : MN_PROGRAM_BLOCK;
    const int64_t n_scratch = mn_program_scratch(program);
    double **in = rows(program->n_inputs, N_MEMBERS), **out = rows(program->n_outputs, N_MEMBERS);
    double **scratch = rows(n_scratch, block), *uniform = room((size_t)program->n_uniforms, sizeof(double));
    for (int64_t j = 0; j < program->n_inputs; j++) {
        for (size_t k = 0; k < N_MEMBERS * sizeof(double) && size > 0; k++) {
            ((uint8_t *)in[j])[k] = data[(k + (size_t)j) % size]; /* nan, inf and subnormal numbers among them */
        }
    }
    mn_program_run(program, N_MEMBERS, (const double *const *)in, uniform, out, scratch);
    free_rows(program->n_inputs, in);
    free_rows(program->n_outputs, out);
    free_rows(n_scratch, scratch);
    free(uniform);
}

/* Nearly valid: operations that exist, values within the program, registers and outputs as targets. */
static void mend(const mn_program *program, mn_instruction *instruction, int64_t n)
{
    const int64_t given = program->n_inputs + program->n_uniforms + program->n_constants,
                  end = given + program->n_registers + program->n_outputs;
    for (int64_t k = 0; k < n && end > given; k++) {
        instruction[k].operation = (int16_t)((uint16_t)instruction[k].operation % MN_N_OPERATIONS);
        instruction[k].to = (int16_t)(given + (uint16_t)instruction[k].to % (end - given));
        for (int j = 0; j < MN_MOST_OPERANDS; j++) {
            instruction[k].of[j] = (int16_t)((uint16_t)instruction[k].of[j] % end);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 * N_SIZES + 1) {
        return 0;
    }
    int16_t sizes[N_SIZES];
    memcpy(sizes, data + 1, sizeof(sizes));
    const bool wild = data[0] % 4 == 0;
    for (int j = 0; j < N_SIZES; j++) {
        sizes[j] = wild ? sizes[j] : (int16_t)((uint16_t)sizes[j] % 12);
    }
    const uint8_t *rest = data + 1 + sizeof(sizes);
    const size_t left = size - 1 - sizeof(sizes), n_numbers = sizes[2] > 0 ? (size_t)sizes[2] : 0;
    const size_t n_constant_bytes = n_numbers * sizeof(double) < left ? n_numbers * sizeof(double) : left;
    const int64_t n_instructions = (int64_t)((left - n_constant_bytes) / sizeof(mn_instruction));
    double *constant = room(n_numbers, sizeof(double));
    mn_instruction *instruction = room((size_t)n_instructions, sizeof(*instruction));
    memcpy(constant, rest, n_constant_bytes);
    memcpy(instruction, rest + n_constant_bytes, (size_t)n_instructions * sizeof(*instruction));
    const mn_program program = {.n_inputs = sizes[0],
                                .n_uniforms = sizes[1],
                                .n_constants = sizes[2],
                                .n_registers = sizes[3],
                                .n_outputs = sizes[4],
                                .n_instructions = n_instructions,
                                .constant = constant,
                                .instruction = instruction};
    if (!wild) {
        mend(&program, instruction, n_instructions);
    }
    mn_error error;
    if (mn_program_check(&program, &error) == MN_OK) {
        run(&program, data, size);
    }
    free(constant);
    free(instruction);
    return 0;
}
