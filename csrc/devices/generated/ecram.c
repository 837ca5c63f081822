/* Ecram, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_0",
     .unit = "S",
     .doc = "conductance without charge",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4f8b588e368f1p-17,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_x",
     .unit = "S",
     .doc = "what a full channel adds to it; one charged the other way takes as much away",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-17,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "g_min",
     .unit = "S",
     .doc = "least conductance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
};

static const char *const linked_states[] = {"x"};

MN_VECTOR
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] * in_1[k] + in_2[k];
        const double t6 = mn_do_MAX(t5, in_3[k], 0.0, 0.0, 0.0);
        const double t7 = 0x0.0p+0;
        out_0[k] = t6;
        out_1[k] = t7;
    }
}

static void conductance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        conductance_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] * in_1[k] + in_2[k];
        const double t6 = mn_do_MAX(t5, in_3[k], 0.0, 0.0, 0.0);
        const double t7 = t6 * in_4[k];
        out_1[k] = t6;
        out_0[k] = t7;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
    }
}

static const int16_t conductance_input[] = {1, MN_INPUT_LINKED_STATE + 0, 0, 2};
static const mn_program conductance_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t linearise_input[] = {1, MN_INPUT_LINKED_STATE + 0, 0, 2, MN_INPUT_VOLTAGE};
static const mn_program linearise_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

const mn_equation_model mn_ecram = {
    .model =
        {
            .name = "Ecram",
            .doc = "The channel of an electrochemical memory: a conductance that follows the charge of another edge, "
                   "its gate, which `mn.link` names and which has a state x, as `EcramGate` has. It is linear in the "
                   "charge and never below g_min. Reading it moves nothing. Numbers are ours.",
            .citation = "van de Burgt et al., Nat. Mater. 2017, 16, 414, doi 10.1038/nmat4856; Talin, Li, Robinson, "
                        "Fuller and Kumar, Adv. Mater. 2023, 35, 2204771",
            .text = "doc The channel of an electrochemical memory: a conductance that follows the charge of another "
                    "edge, its gate, which\n"
                    "doc `mn.link` names and which has a state x, as `EcramGate` has. It is linear in the charge and "
                    "never below g_min.\n"
                    "doc Reading it moves nothing. Numbers are ours.\n"
                    "source van de Burgt et al., Nat. Mater. 2017, 16, 414, doi 10.1038/nmat4856; Talin, Li, Robinson, "
                    "Fuller and Kumar, Adv.\n"
                    "source Mater. 2023, 35, 2204771\n"
                    "\n"
                    "i = max(g_0 + g_x*linked.x, g_min)*v\n"
                    "\n"
                    "parameter g_0   = 10 uS in [0, inf)      : conductance without charge\n"
                    "parameter g_x   = 8 uS                   : what a full channel adds to it; one charged the other "
                    "way takes as much away\n"
                    "parameter g_min = 1 uS in [0, inf)       : least conductance\n",
            .check = "g_0",
            .flags = MN_HAS_LINK,
            .n_scratch = 0,
            .conductance = mn_equation_conductance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(linked_state, linked_states),
        },
    .of =
        {
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program,
                                          .compiled = conductance,
                                          .input = conductance_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
