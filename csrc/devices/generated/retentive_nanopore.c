/* RetentiveNanopore, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the closed pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_H",
     .unit = "S",
     .doc = "conductance of the open pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_0",
     .unit = "V",
     .doc = "voltage without a current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_B",
     .unit = "V",
     .doc = "voltage that opens half of it (V_Bx in the paper)",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_m",
     .unit = "V",
     .doc = "steepness of the opening",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_A",
     .unit = "V",
     .doc = "onset of activation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_D",
     .unit = "V",
     .doc = "onset of deactivation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "n_A",
     .unit = "1",
     .doc = "ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+1,
     MN_RANGE(0x1.0000000000000p+0, INFINITY, "()")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "time of activation at V_A, and of deactivation at V_D, without tau_M",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_M",
     .unit = "s",
     .doc = "longest relaxation time, how long it remembers",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at which it rested before the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "share of open paths",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24},  {"g_H", 0x1.0c6f7a0b5ed8dp-20}, {"E_0", 0x0.0p+0},
    {"V_B", 0x1.0000000000000p-1},   {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.0000000000000p+0},
    {"V_D", -0x1.0000000000000p+0},  {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-10},
    {"tau_M", 0x1.0624dd2f1a9fcp-10}};

static const mn_preset_value values_1[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20}, {"E_0", 0x0.0p+0},
    {"V_B", 0x1.3333333333333p-2},  {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.0000000000000p+0},
    {"V_D", -0x1.0000000000000p+0}, {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-10},
    {"tau_M", 0x1.47ae147ae147bp-6}};

static const mn_preset presets[] = {
    {.name = "figure-33",
     .doc = "loops that close far from where they open",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 33",
     MN_ARRAY(value, values_0)},
    {.name = "pulses",
     .doc = "trains of pulses as those of figures 19 d and 34 a; numbers are ours",
     .citation = "Bisquert, Adv. Phys. Res. 2024, equations 65 to 70",
     MN_ARRAY(value, values_1)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict row_0 = row[0];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t6 = in_0[k] - in_1[k];
        const double t7 = -t6;
        const double t8 = t7 / in_2[k];
        const double t9 = mn_do_MIN(t8, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_0[k] = t9;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = 0x1.0000000000000p+0 + row_1[k];
        const double t12 = 0x1.0000000000000p+0 / t11;
        const double t13 = mn_do_MIN(t12, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t14 = mn_do_MAX(t13, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t14;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[2][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        start_1(m, first, in, uniform, row, out);
    }
}

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
        const double t4 = in_0[k] - in_1[k];
        const double t5 = t4 * in_2[k] + in_1[k];
        const double t6 = -in_3[k];
        const double t7 = t5 * t6;
        out_0[k] = t5;
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
static void advance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = in_0[k] - in_1[k];
        const double t15 = -t14;
        const double t16 = t15 / in_2[k];
        const double t17 = mn_do_MIN(t16, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t21 = in_3[k] - 0x1.0000000000000p+0;
        const double t22 = in_3[k] / t21;
        const double t23 = 0x1.0000000000000p+0 / in_4[k];
        const double t24 = in_0[k] - in_5[k];
        const double t25 = in_3[k] * in_2[k];
        const double t26 = t24 / t25;
        const double t27 = mn_do_MIN(t26, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t29 = in_0[k] - in_6[k];
        const double t30 = -t29;
        const double t31 = t22 * in_2[k];
        const double t32 = t30 / t31;
        const double t33 = mn_do_MIN(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_1[k] = t17;
        row_3[k] = t23;
        row_4[k] = t27;
        row_6[k] = t33;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    double *restrict row_1 = row[1];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t19 = 0x1.0000000000000p+0 + row_2[k];
        const double t20 = 0x1.0000000000000p+0 / t19;
        const double t35 = row_5[k] + row_7[k];
        const double t36 = t35 / in_7[k];
        const double t37 = row_3[k] + t36;
        const double t38 = 0x1.0000000000000p+0 / t37;
        const double t39 = t20 - in_8[k];
        const double t40 = t39 / t38;
        const double t41 = (-0x1.0000000000000p+0) / t38;
        const double t42 = t20 / t38;
        row_1[k] = t40;
        row_4[k] = t41;
        row_6[k] = t42;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_8 = row[8];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t44 = mn_do_MIN(row_8[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t45 = mn_do_MAX(t44, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t45;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[9][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[5]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[7]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[8] + first, row[0], row[4], row[1], row[6]},
                         row[8]);
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
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t16 = in_0[k] - in_1[k];
        const double t17 = t16 * in_2[k] + in_1[k];
        const double t18 = in_3[k] - in_4[k];
        const double t19 = t17 * t18;
        const double t20 = in_3[k] - in_5[k];
        const double t21 = -t20;
        const double t22 = t21 / in_6[k];
        const double t23 = mn_do_MIN(t22, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t27 = in_7[k] - 0x1.0000000000000p+0;
        const double t28 = in_7[k] / t27;
        const double t29 = 0x1.0000000000000p+0 / in_8[k];
        const double t30 = in_3[k] - in_9[k];
        const double t31 = in_7[k] * in_6[k];
        const double t32 = t30 / t31;
        const double t33 = mn_do_MIN(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t35 = in_3[k] - in_10[k];
        const double t36 = -t35;
        const double t37 = t28 * in_6[k];
        const double t38 = t36 / t37;
        const double t39 = mn_do_MIN(t38, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t48 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t51 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t57 = (-0x1.0000000000000p+0) / in_6[k];
        const double t58 = mn_do_LESS(t22, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t59 = mn_do_WHERE(t58, t57, 0x0.0p+0, 0.0, 0.0);
        const double t64 = 0x1.0000000000000p+0 / t31;
        const double t65 = mn_do_LESS(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t66 = mn_do_WHERE(t65, t64, 0x0.0p+0, 0.0, 0.0);
        const double t67 = (-0x1.0000000000000p+0) / t37;
        const double t68 = mn_do_LESS(t38, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t69 = mn_do_WHERE(t68, t67, 0x0.0p+0, 0.0, 0.0);
        const double t79 = t16 * t18;
        out_1[k] = t17;
        out_0[k] = t19;
        row_0[k] = t23;
        row_2[k] = t29;
        row_3[k] = t33;
        row_5[k] = t39;
        row_7[k] = t48;
        row_8[k] = t51;
        row_9[k] = t59;
        row_10[k] = t66;
        row_11[k] = t69;
        out_5[k] = t79;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t25 = 0x1.0000000000000p+0 + row_1[k];
        const double t26 = 0x1.0000000000000p+0 / t25;
        const double t41 = row_4[k] + row_6[k];
        const double t42 = t41 / in_11[k];
        const double t43 = row_2[k] + t42;
        const double t44 = 0x1.0000000000000p+0 / t43;
        const double t45 = t26 - in_2[k];
        const double t46 = t45 / t44;
        const double t47 = (-0x1.0000000000000p+0) / t44;
        const double t49 = mn_do_LESS(0x0.0p+0, t46, 0.0, 0.0, 0.0);
        const double t50 = mn_do_AND(row_7[k], t49, 0.0, 0.0, 0.0);
        const double t52 = mn_do_LESS(t46, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t53 = mn_do_AND(row_8[k], t52, 0.0, 0.0, 0.0);
        const double t54 = mn_do_OR(t50, t53, 0.0, 0.0, 0.0);
        const double t55 = mn_do_WHERE(t54, 0x0.0p+0, t46, 0.0, 0.0);
        const double t56 = mn_do_WHERE(t54, 0x0.0p+0, t47, 0.0, 0.0);
        const double t60 = row_1[k] * row_9[k];
        const double t61 = t26 * t60;
        const double t62 = -t61;
        const double t63 = t62 / t25;
        const double t70 = row_6[k] * row_11[k];
        const double t71 = row_4[k] * row_10[k] + t70;
        const double t72 = t71 / in_11[k];
        const double t73 = t44 * t72;
        const double t74 = -t73;
        const double t75 = t74 / t43;
        const double t76 = t63 - t46 * t75;
        const double t77 = t76 / t44;
        const double t78 = mn_do_WHERE(t54, 0x0.0p+0, t77, 0.0, 0.0);
        out_2[k] = t55;
        out_3[k] = t56;
        out_4[k] = t78;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[12][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {10, 3, 4};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {1, 0, 11, 2};
static const mn_program conductance_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 4, 7, 9, 5, 6, 8, 11};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 9, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {1, 0, 11, MN_INPUT_VOLTAGE, 2, 3, 4, 7, 9, 5, 6, 8};
static const mn_program linearise_program = {.n_inputs = 12, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_retentive_nanopore = {
    .model =
        {
            .name = "RetentiveNanopore",
            .doc = "A rectifying nanopore that opens at V_B and keeps its state best elsewhere, around V_A/n_A + "
                   "V_D/n_D, with n_D = n_A/(n_A - 1): so a pulse leaves it open, and an opposite one, not the rest, "
                   "closes it. No relaxation takes longer than tau_M. Exponents of rates above 500 count as 500: there "
                   "x follows at once.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 65 to 70",
            .text = "doc A rectifying nanopore that opens at V_B and keeps its state best elsewhere, around V_A/n_A + "
                    "V_D/n_D, with\n"
                    "doc n_D = n_A/(n_A - 1): so a pulse leaves it open, and an opposite one, not the rest, closes it. "
                    "No relaxation takes\n"
                    "doc longer than tau_M. Exponents of rates above 500 count as 500: there x follows at once.\n"
                    "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 65 to 70\n"
                    "\n"
                    "i     = (g_L + (g_H - g_L)*x)*(v - E_0)\n"
                    "dx/dt = (x_eq - x)/tau_k\n"
                    "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                    "tau_k = 1/(1/tau_M + (exp(min((v - V_A)/(n_A*V_m), 500)) + exp(min(-(v - V_D)/(n_D*V_m), "
                    "500)))/tau_0)\n"
                    "n_D   = n_A/(n_A - 1)\n"
                    "\n"
                    "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                    "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                    "parameter E_0       = 0 V                   : voltage without a current\n"
                    "parameter V_B       = 0.5 V                 : voltage that opens half of it (V_Bx in the paper)\n"
                    "parameter V_m       = 0.1 V in (0, inf)     : steepness of the opening\n"
                    "parameter V_A       = 1 V                   : onset of activation\n"
                    "parameter V_D       = -1 V                  : onset of deactivation\n"
                    "parameter n_A       = 2 in (1, inf)         : ideality factor of activation; n_D = n_A/(n_A - 1) "
                    "may be given and must agree\n"
                    "parameter tau_0     = 1 ms in (0, inf)      : time of activation at V_A, and of deactivation at "
                    "V_D, without tau_M\n"
                    "parameter tau_M     = 1 ms in (0, inf)      : longest relaxation time, how long it remembers\n"
                    "parameter v_initial = 0 V                   : voltage at which it rested before the start\n"
                    "\n"
                    "state x = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) in [0, 1] : share of open paths\n"
                    "\n"
                    "preset figure-33: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, V_B = 0.5 V, V_m = 0.1 V, V_A = 1 V, V_D = "
                    "-1 V, n_A = 2, tau_0 = 1 ms, tau_M = 1 ms : loops that close far from where they open [Bisquert, "
                    "Adv. Phys. Res. 2024, figure 33]\n"
                    "preset pulses: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, V_B = 0.3 V, V_m = 0.1 V, V_A = 1 V, V_D = -1 "
                    "V, n_A = 2, tau_0 = 1 ms, tau_M = 20 ms : trains of pulses as those of figures 19 d and 34 a; "
                    "numbers are ours [Bisquert, Adv. Phys. Res. 2024, equations 65 to 70]\n",
            .check = "g_L",
            .flags = MN_HAS_SOURCE,
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
