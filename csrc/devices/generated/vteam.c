/* VTEAM, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on",
     .unit = "ohm",
     .doc = "resistance at x = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+5,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off",
     .unit = "ohm",
     .doc = "resistance at x = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "D",
     .unit = "m",
     .doc = "length over which the state moves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9c511dc3a41dfp-29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_on",
     .unit = "V",
     .doc = "threshold towards low resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.999999999999ap-3,
     MN_RANGE(-INFINITY, 0x0.0p+0, "()")},
    {.name = "v_off",
     .unit = "V",
     .doc = "threshold towards high resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.47ae147ae147bp-6,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "k_on",
     .unit = "m/s",
     .doc = "speed towards low resistance at v = 2 v_on",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.4000000000000p+3,
     MN_RANGE(-INFINITY, 0x0.0p+0, "(]")},
    {.name = "k_off",
     .unit = "m/s",
     .doc = "speed towards high resistance at v = 2 v_off",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-11,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha_on",
     .unit = "1",
     .doc = "power of the voltage beyond v_on",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "alpha_off",
     .unit = "1",
     .doc = "power of the voltage beyond v_off",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "state at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "state, as a share of D",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {
    {"R_on", 0x1.9000000000000p+5},   {"R_off", 0x1.f400000000000p+9},    {"D", 0x1.9c511dc3a41dfp-29},
    {"v_on", -0x1.999999999999ap-3},  {"v_off", 0x1.47ae147ae147bp-6},    {"k_on", -0x1.4000000000000p+3},
    {"k_off", 0x1.0624dd2f1a9fcp-11}, {"alpha_on", 0x1.8000000000000p+1}, {"alpha_off", 0x1.0000000000000p+0}};

static const mn_preset presets[] = {
    {.name = "memtorch",
     .doc = "loops of 50 MHz and 1 V",
     .citation = "Lammie et al., MemTorch, Neurocomputing 2022, 485, 124, whose code has them",
     MN_ARRAY(value, values_0)},
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
        const double t5 = in_0[k] - in_1[k];
        const double t6 = t5 * in_2[k] + in_1[k];
        const double t7 = 0x1.0000000000000p+0 / t6;
        const double t8 = 0x0.0p+0;
        out_0[k] = t7;
        out_1[k] = t8;
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
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] / in_1[k];
        const double t13 = in_2[k] - in_3[k];
        const double t14 = t13 / in_3[k];
        const double t17 = in_5[k] / in_1[k];
        const double t18 = in_2[k] - in_6[k];
        const double t19 = t18 / in_6[k];
        const double t22 = mn_do_LESS(in_3[k], in_2[k], 0.0, 0.0, 0.0);
        const double t23 = mn_do_LESS(in_2[k], in_6[k], 0.0, 0.0, 0.0);
        row_0[k] = t12;
        row_1[k] = t14;
        row_3[k] = t17;
        row_4[k] = t19;
        row_6[k] = t22;
        row_7[k] = t23;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_8 = in[8] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    double *restrict out_0 = out[0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t16 = row_0[k] * row_2[k];
        const double t21 = row_3[k] * row_5[k];
        const double t24 = mn_do_WHERE(row_7[k], t21, 0x0.0p+0, 0.0, 0.0);
        const double t25 = mn_do_WHERE(row_6[k], t16, t24, 0.0, 0.0);
        const double t26 = uniform[0] * t25 + in_8[k];
        const double t27 = mn_do_MIN(t26, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t28 = mn_do_MAX(t27, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t28;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[8][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], in[4] + first}, row[2]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], in[7] + first}, row[5]);
        advance_1(m, first, in, uniform, row, out);
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
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] - in_1[k];
        const double t14 = t13 * in_2[k] + in_1[k];
        const double t15 = in_3[k] / t14;
        const double t16 = in_4[k] / in_5[k];
        const double t17 = in_3[k] - in_6[k];
        const double t18 = t17 / in_6[k];
        const double t21 = in_8[k] / in_5[k];
        const double t22 = in_3[k] - in_9[k];
        const double t23 = t22 / in_9[k];
        const double t26 = mn_do_LESS(in_6[k], in_3[k], 0.0, 0.0, 0.0);
        const double t27 = mn_do_LESS(in_3[k], in_9[k], 0.0, 0.0, 0.0);
        const double t30 = 0x1.0000000000000p+0 / t14;
        const double t31 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t34 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t39 = 0x1.0000000000000p+0 / in_6[k];
        const double t40 = in_7[k] - 0x1.0000000000000p+0;
        const double t45 = 0x1.0000000000000p+0 / in_9[k];
        const double t46 = in_10[k] - 0x1.0000000000000p+0;
        const double t54 = t15 * t13;
        const double t55 = -t54;
        const double t56 = t55 / t14;
        const double t57 = 0x0.0p+0;
        out_0[k] = t15;
        row_0[k] = t16;
        row_1[k] = t18;
        row_3[k] = t21;
        row_4[k] = t23;
        row_6[k] = t26;
        row_7[k] = t27;
        out_1[k] = t30;
        row_8[k] = t31;
        row_9[k] = t34;
        row_10[k] = t39;
        row_11[k] = t40;
        row_13[k] = t45;
        row_14[k] = t46;
        out_5[k] = t56;
        out_3[k] = t57;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    double *restrict out_2 = out[2] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t20 = row_0[k] * row_2[k];
        const double t25 = row_3[k] * row_5[k];
        const double t28 = mn_do_WHERE(row_7[k], t25, 0x0.0p+0, 0.0, 0.0);
        const double t29 = mn_do_WHERE(row_6[k], t20, t28, 0.0, 0.0);
        const double t32 = mn_do_LESS(0x0.0p+0, t29, 0.0, 0.0, 0.0);
        const double t33 = mn_do_AND(row_8[k], t32, 0.0, 0.0, 0.0);
        const double t35 = mn_do_LESS(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t36 = mn_do_AND(row_9[k], t35, 0.0, 0.0, 0.0);
        const double t37 = mn_do_OR(t33, t36, 0.0, 0.0, 0.0);
        const double t38 = mn_do_WHERE(t37, 0x0.0p+0, t29, 0.0, 0.0);
        const double t42 = in_7[k] * row_12[k];
        const double t43 = t42 * row_10[k];
        const double t44 = row_0[k] * t43;
        const double t48 = in_10[k] * row_15[k];
        const double t49 = t48 * row_13[k];
        const double t50 = row_3[k] * t49;
        const double t51 = mn_do_WHERE(row_7[k], t50, 0x0.0p+0, 0.0, 0.0);
        const double t52 = mn_do_WHERE(row_6[k], t44, t51, 0.0, 0.0);
        const double t53 = mn_do_WHERE(t37, 0x0.0p+0, t52, 0.0, 0.0);
        out_2[k] = t38;
        out_4[k] = t53;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[16][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], in[7] + first}, row[2]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], in[10] + first}, row[5]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], row[11]}, row[12]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], row[14]}, row[15]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {9};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {1, 0, 10};
static const mn_program conductance_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {6, 2, MN_INPUT_VOLTAGE, 4, 8, 5, 3, 7, 10};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 9, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {1, 0, 10, MN_INPUT_VOLTAGE, 6, 2, 4, 8, 5, 3, 7};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_vteam = {
    .model =
        {
            .name = "VTEAM",
            .doc = "A memristor with thresholds of its voltage (VTEAM). Above v_off the state moves to 1, the high "
                   "resistance, below v_on to 0, each with a power of how far the voltage is beyond its threshold; "
                   "between them it stays for ever. The resistance is linear in the state. There is no window: at an "
                   "end of its range the state stops.",
            .citation = "Kvatinsky, Ramadan, Friedman and Kolodny, IEEE Trans. Circuits Syst. II 2015, 62, 786, doi "
                        "10.1109/TCSII.2015.2433536",
            .text =
                "doc A memristor with thresholds of its voltage (VTEAM). Above v_off the state moves to 1, the high "
                "resistance, below\n"
                "doc v_on to 0, each with a power of how far the voltage is beyond its threshold; between them it "
                "stays for ever. The\n"
                "doc resistance is linear in the state. There is no window: at an end of its range the state stops.\n"
                "source Kvatinsky, Ramadan, Friedman and Kolodny, IEEE Trans. Circuits Syst. II 2015, 62, 786,\n"
                "source doi 10.1109/TCSII.2015.2433536\n"
                "\n"
                "i     = v/(R_on + (R_off - R_on)*x)\n"
                "dx/dt = where(v > v_off, up, where(v < v_on, down, 0))\n"
                "up    = k_off/D*((v - v_off)/v_off)**alpha_off\n"
                "down  = k_on/D*((v - v_on)/v_on)**alpha_on\n"
                "\n"
                "parameter R_on      = 50 ohm in (0, inf)    : resistance at x = 0\n"
                "parameter R_off     = 1 kohm in (0, inf)    : resistance at x = 1\n"
                "parameter D         = 3 nm in (0, inf)      : length over which the state moves\n"
                "parameter v_on      = -0.2 V in (-inf, 0)   : threshold towards low resistance\n"
                "parameter v_off     = 0.02 V in (0, inf)    : threshold towards high resistance\n"
                "parameter k_on      = -10 m/s in (-inf, 0]  : speed towards low resistance at v = 2 v_on\n"
                "parameter k_off     = 5e-4 m/s in [0, inf)  : speed towards high resistance at v = 2 v_off\n"
                "parameter alpha_on  = 3 in (0, inf)         : power of the voltage beyond v_on\n"
                "parameter alpha_off = 1 in (0, inf)         : power of the voltage beyond v_off\n"
                "parameter x_initial = 0 in [0, 1]           : state at the start\n"
                "\n"
                "state x = x_initial in [0, 1]               : state, as a share of D\n"
                "\n"
                "preset memtorch: R_on = 50 ohm, R_off = 1 kohm, D = 3 nm, v_on = -0.2 V, v_off = 0.02 V, k_on = -10 "
                "m/s, k_off = 5e-4 m/s, alpha_on = 3, alpha_off = 1 : loops of 50 MHz and 1 V [Lammie et al., "
                "MemTorch, Neurocomputing 2022, 485, 124, whose code has them]\n",
            .check = "R_on",
            .flags = 0,
            .n_scratch = 0,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
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
