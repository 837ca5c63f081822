/* Runs programs: for every block of members one loop an instruction. */
#include "base/vector.h"
#include "equations/operations.h"
#include "equations/program.h"

typedef void instruction_loop(int64_t n, const double *const *of, double *to);

/* Operands that an operation has not got are never read. */
#define LOOP(how, name, n_operands)                                                                                    \
    MN_VECTOR_WIDE static void loop_##name(int64_t n, const double *const *of, double *to)                             \
    {                                                                                                                  \
        const double *a = of[0], *b = n_operands > 1 ? of[1] : a, *c = n_operands > 2 ? of[2] : a,                     \
                     *d = n_operands > 3 ? of[3] : a, *e = n_operands > 4 ? of[4] : a;                                 \
        (void)b, (void)c, (void)d, (void)e;                                                                            \
        how for (int64_t k = 0; k < n; k++)                                                                            \
        {                                                                                                              \
            to[k] = mn_do_##name(a[k], n_operands > 1 ? b[k] : 0.0, n_operands > 2 ? c[k] : 0.0,                       \
                                 n_operands > 3 ? d[k] : 0.0, n_operands > 4 ? e[k] : 0.0);                            \
        }                                                                                                              \
    }
#define MN_ARITHMETIC(name, n_operands, expression) LOOP(MN_INDEPENDENT_SHORT, name, n_operands)
#define MN_OPERATION(name, n_operands, expression) LOOP(MN_INDEPENDENT, name, n_operands)
#include "equations/operations.def"
#undef MN_OPERATION

static const struct {
    instruction_loop *loop;
    int n_operands;
} operations[MN_N_OPERATIONS] = {
#define MN_OPERATION(name, n_operands, expression) {loop_##name, n_operands},
#include "equations/operations.def"
#undef MN_OPERATION
};

/* What an operation is of one angle, of any size; NULL where it is of no angle. */
static double (*of_any_angle(mn_operation operation))(double)
{
    switch (operation) {
    case MN_OPERATION_SIN:
        return mn_sin1;
    case MN_OPERATION_COS:
        return mn_cos1;
    case MN_OPERATION_TAN:
        return mn_tan1;
    default:
        return NULL;
    }
}

void mn_operation_run(mn_operation operation, int64_t n, const double *const *of, double *to)
{
    double (*const one)(double) = of_any_angle(operation);
    if (one == NULL || !mn_has_far_angle(n, of[0])) {
        operations[operation].loop(n, of, to);
        return;
    }
    for (int64_t k = 0; k < n; k++) {
        to[k] = one(of[0][k]);
    }
}

int64_t mn_program_scratch(const mn_program *program)
{
    return program->n_uniforms + program->n_constants + program->n_registers;
}

/* Where the block that begins at member `first` has a value. */
static inline const double *place(const mn_program *program, int64_t value, int64_t first, const double *const *in,
                                  double *const *out, double *const *scratch)
{
    const int64_t kept = mn_program_scratch(program);
    if (value < program->n_inputs) {
        return in[value] + first;
    }
    value -= program->n_inputs;
    return value < kept ? scratch[value] : out[value - kept] + first;
}

static void run_block(const mn_program *program, int64_t first, int64_t n, const double *const *in, double *const *out,
                      double *const *scratch)
{
    const int64_t registers = program->n_inputs, outputs = registers + mn_program_scratch(program);
    for (int64_t k = 0; k < program->n_instructions; k++) {
        const mn_instruction *instruction = &program->instruction[k];
        const double *of[MN_MOST_OPERANDS] = {NULL};
        for (int j = 0; j < operations[instruction->operation].n_operands; j++) {
            of[j] = place(program, instruction->of[j], first, in, out, scratch);
        }
        double *to =
            instruction->to < outputs ? scratch[instruction->to - registers] : out[instruction->to - outputs] + first;
        mn_operation_run((mn_operation)instruction->operation, n, of, to);
    }
}

static void fill(int64_t n, int64_t n_numbers, const double *number, double *const *row)
{
    for (int64_t j = 0; j < n_numbers; j++) {
        for (int64_t k = 0; k < n; k++) {
            row[j][k] = number[j];
        }
    }
}

void mn_program_run(const mn_program *program, int64_t n, const double *const *in, const double *uniform,
                    double *const *out, double *const *scratch)
{
    const int64_t most = n < MN_PROGRAM_BLOCK ? n : MN_PROGRAM_BLOCK;
    fill(most, program->n_uniforms, uniform, scratch);
    fill(most, program->n_constants, program->constant, scratch + program->n_uniforms);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first;
        run_block(program, first, left < most ? left : most, in, out, scratch);
    }
}
