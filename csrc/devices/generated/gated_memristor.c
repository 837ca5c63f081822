/* GatedMemristor, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_on",
     .unit = "S",
     .doc = "conductance at x = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_off",
     .unit = "S",
     .doc = "conductance at x = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "r_0",
     .unit = "1/s",
     .doc = "rate scale, at a gate voltage of 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "v_0",
     .unit = "V",
     .doc = "voltage scale of the rate",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_gate",
     .unit = "V",
     .doc = "gate voltage that makes it e times faster; negative: slower",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "state at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "share of the range of the conductance",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t4;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t4 = in_0[k] - in_1[k];
        const double t5 = t4 * in_2[k] + in_1[k];
        const double t6 = 0x0.0p+0;
        out_0[k] = t5;
        out_1[k] = t6;
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
static void advance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] / in_1[k];
        const double t13 = mn_do_MIN(t12, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t14 = mn_do_MAX(t13, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t17 = in_3[k] / in_4[k];
        const double t18 = mn_do_MIN(t17, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t19 = mn_do_MAX(t18, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t22 = mn_do_LESS(0x0.0p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t23 = 0x1.0000000000000p+0 - in_5[k];
        const double t24 = mn_do_WHERE(t22, t23, in_5[k], 0.0, 0.0);
        const double t26 = mn_do_WHERE(t22, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t28 = mn_do_WHERE(t22, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        row_1[k] = t14;
        row_3[k] = t19;
        row_5[k] = t24;
        row_6[k] = t26;
        row_7[k] = t28;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_8 = row[8];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t16 = in_2[k] * row_2[k];
        const double t21 = t16 * row_4[k];
        const double t25 = t21 * row_5[k];
        const double t27 = t21 * row_6[k];
        const double t29 = t21 * row_7[k];
        row_1[k] = t25;
        row_3[k] = t27;
        row_8[k] = t29;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_9 = row[9];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t31 = mn_do_MIN(row_9[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t32 = mn_do_MAX(t31, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t32;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[10][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[3]}, row[4]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[5] + first, row[0], row[3], row[1], row[8]},
                         row[9]);
        advance_2(m, first, in, uniform, row, out);
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
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_7 = in[7] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] - in_1[k];
        const double t14 = t13 * in_2[k] + in_1[k];
        const double t15 = t14 * in_3[k];
        const double t16 = in_4[k] / in_5[k];
        const double t17 = mn_do_MIN(t16, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t18 = mn_do_MAX(t17, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t21 = in_3[k] / in_7[k];
        const double t22 = mn_do_MIN(t21, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t23 = mn_do_MAX(t22, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t26 = mn_do_LESS(0x0.0p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t27 = 0x1.0000000000000p+0 - in_2[k];
        const double t28 = mn_do_WHERE(t26, t27, in_2[k], 0.0, 0.0);
        const double t30 = mn_do_WHERE(t26, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t32 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t35 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t41 = 0x1.0000000000000p+0 / in_7[k];
        const double t42 = mn_do_LESS(t21, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t43 = mn_do_WHERE(t42, t41, 0x0.0p+0, 0.0, 0.0);
        const double t44 = mn_do_LESS((-0x1.5e00000000000p+9), t22, 0.0, 0.0, 0.0);
        const double t45 = mn_do_WHERE(t44, t43, 0x0.0p+0, 0.0, 0.0);
        const double t51 = t13 * in_3[k];
        out_1[k] = t14;
        out_0[k] = t15;
        row_0[k] = t18;
        row_2[k] = t23;
        row_4[k] = t28;
        row_5[k] = t30;
        row_6[k] = t32;
        row_7[k] = t35;
        row_8[k] = t45;
        out_5[k] = t51;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_6 = in[6] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t20 = in_6[k] * row_1[k];
        const double t25 = t20 * row_3[k];
        const double t29 = t25 * row_4[k];
        const double t31 = t25 * row_5[k];
        const double t33 = mn_do_LESS(0x0.0p+0, t29, 0.0, 0.0, 0.0);
        const double t34 = mn_do_AND(row_6[k], t33, 0.0, 0.0, 0.0);
        const double t36 = mn_do_LESS(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t37 = mn_do_AND(row_7[k], t36, 0.0, 0.0, 0.0);
        const double t38 = mn_do_OR(t34, t37, 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, 0x0.0p+0, t29, 0.0, 0.0);
        const double t40 = mn_do_WHERE(t38, 0x0.0p+0, t31, 0.0, 0.0);
        const double t47 = row_9[k] * row_8[k];
        const double t48 = t20 * t47;
        const double t49 = t48 * row_4[k];
        const double t50 = mn_do_WHERE(t38, 0x0.0p+0, t49, 0.0, 0.0);
        out_2[k] = t39;
        out_3[k] = t40;
        out_4[k] = t50;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[10][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[2]}, row[9]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {5};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {0, 1, 6};
static const mn_program conductance_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_LINKED_VOLTAGE, 4, 2, MN_INPUT_VOLTAGE, 3, 6};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 6, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {0, 1, 6, MN_INPUT_VOLTAGE, MN_INPUT_LINKED_VOLTAGE, 4, 2, 3};
static const mn_program linearise_program = {.n_inputs = 8, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_gated_memristor = {
    .model =
        {
            .name = "GatedMemristor",
            .doc = "A memristor with a gate: its conductance goes up with positive voltages and down with negative "
                   "ones, at a rate that the voltage of another edge, its gate, multiplies by e every v_gate. "
                   "`mn.link` names that edge. Numbers and the form are ours, the least that a gate which tunes the "
                   "switching of a channel asks for.",
            .citation =
                "Sangwan et al., Multi-terminal memtransistors from polycrystalline monolayer molybdenum disulfide, "
                "Nature 2018, 554, 500, doi 10.1038/nature25747, where a gate tunes the switching of a channel",
            .text = "doc A memristor with a gate: its conductance goes up with positive voltages and down with "
                    "negative ones, at a rate that\n"
                    "doc the voltage of another edge, its gate, multiplies by e every v_gate. `mn.link` names that "
                    "edge. Numbers and the form\n"
                    "doc are ours, the least that a gate which tunes the switching of a channel asks for.\n"
                    "source Sangwan et al., Multi-terminal memtransistors from polycrystalline monolayer molybdenum "
                    "disulfide, Nature 2018,\n"
                    "source 554, 500, doi 10.1038/nature25747, where a gate tunes the switching of a channel\n"
                    "\n"
                    "i     = (g_off + (g_on - g_off)*x)*v\n"
                    "dx/dt = rate*where(v > 0, 1 - x, x)\n"
                    "rate  = r_0*exp(max(min(linked.v/v_gate, 700), -700))*sinh(max(min(v/v_0, 700), -700))\n"
                    "\n"
                    "parameter g_on      = 1 mS in (0, inf)       : conductance at x = 1\n"
                    "parameter g_off     = 1 uS in (0, inf)       : conductance at x = 0\n"
                    "parameter r_0       = 1 1/s in [0, inf)      : rate scale, at a gate voltage of 0\n"
                    "parameter v_0       = 0.5 V in (0, inf)      : voltage scale of the rate\n"
                    "parameter v_gate    = 1 V                    : gate voltage that makes it e times faster; "
                    "negative: slower\n"
                    "parameter x_initial = 0 in [0, 1]            : state at the start\n"
                    "\n"
                    "state x = x_initial in [0, 1]                : share of the range of the conductance\n",
            .check = "g_on",
            .flags = MN_HAS_LINK,
            .n_scratch = 0,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program,
                                          .compiled = conductance,
                                          .input = conductance_input},
            [MN_EQUATIONS_ADVANCE] =
                {.program = &advance_program, .compiled = advance, .input = advance_input, .uniform = advance_uniform},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
