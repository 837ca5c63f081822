/* Nanopore, written from its equations, which stand at the end: to_c() of its class. */
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
     .initial = 0x0.0p+0,
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
     .doc = "time of activation at V_A, and of deactivation at V_D",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-11,
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

static const mn_preset_value values_0[] = {{"V_m", 0x1.999999999999ap-4},
                                           {"V_A", 0x1.3333333333333p-1},
                                           {"V_D", -0x1.999999999999ap-3},
                                           {"n_A", 0x1.0000000000000p+1},
                                           {"tau_0", 0x1.0624dd2f1a9fcp-11}};

static const mn_preset_value values_1[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20},  {"E_0", 0x0.0p+0},
    {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.0000000000000p+0},   {"V_D", 0x0.0p+0},
    {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-11}};

static const mn_preset_value values_2[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20},  {"E_0", 0x0.0p+0},
    {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.3333333333333p-1},   {"V_D", 0x0.0p+0},
    {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-11}};

static const mn_preset_value values_3[] = {
    {"g_L", 0x1.0c6f7a0b5ed8dp-20}, {"g_H", 0x1.ad7f29abcaf48p-24},  {"E_0", 0x0.0p+0},
    {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.0000000000000p-1},   {"V_D", -0x1.0000000000000p-1},
    {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.a36e2eb1c432dp-14}};

static const mn_preset presets[] = {
    {.name = "figure-24",
     .doc = "times of activation and deactivation; V_B = 0.2 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 24",
     MN_ARRAY(value, values_0)},
    {.name = "figure-29a",
     .doc = "loops in figure 29 a to d, and the pores that are put together in 38 and 39; V_B = 0.5 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 29",
     MN_ARRAY(value, values_1)},
    {.name = "figure-29e",
     .doc = "loops in figure 29 e and f; V_B = 0.3 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 29",
     MN_ARRAY(value, values_2)},
    {.name = "figure-30",
     .doc = "rectification the other way round; V_B = 0 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 30",
     MN_ARRAY(value, values_3)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    double *restrict row_0 = row[0];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = in_0[k] - 0x1.0000000000000p+0;
        const double t9 = in_0[k] / t8;
        const double t10 = in_1[k] / in_0[k];
        const double t11 = in_2[k] / t9;
        const double t12 = t10 + t11;
        const double t13 = in_3[k] - t12;
        const double t14 = -t13;
        const double t15 = t14 / in_4[k];
        const double t16 = mn_do_MIN(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_0[k] = t16;
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
        const double t18 = 0x1.0000000000000p+0 + row_1[k];
        const double t19 = 0x1.0000000000000p+0 / t18;
        const double t20 = mn_do_MIN(t19, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t21 = mn_do_MAX(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t21;
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
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] - 0x1.0000000000000p+0;
        const double t13 = in_0[k] / t12;
        const double t14 = in_1[k] / in_0[k];
        const double t15 = in_2[k] / t13;
        const double t16 = t14 + t15;
        const double t17 = in_3[k] - t16;
        const double t18 = -t17;
        const double t19 = t18 / in_4[k];
        const double t20 = mn_do_MIN(t19, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t24 = in_3[k] - in_1[k];
        const double t25 = in_0[k] * in_4[k];
        const double t26 = t24 / t25;
        const double t27 = mn_do_MIN(t26, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t29 = in_3[k] - in_2[k];
        const double t30 = -t29;
        const double t31 = t13 * in_4[k];
        const double t32 = t30 / t31;
        const double t33 = mn_do_MIN(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_1[k] = t20;
        row_3[k] = t27;
        row_5[k] = t33;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t22 = 0x1.0000000000000p+0 + row_2[k];
        const double t23 = 0x1.0000000000000p+0 / t22;
        const double t35 = row_4[k] + row_6[k];
        const double t36 = in_5[k] / t35;
        const double t37 = t23 - in_6[k];
        const double t38 = t37 / t36;
        const double t39 = (-0x1.0000000000000p+0) / t36;
        const double t40 = t23 / t36;
        row_1[k] = t38;
        row_3[k] = t39;
        row_5[k] = t40;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_7 = row[7];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t42 = mn_do_MIN(row_7[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t43 = mn_do_MAX(t42, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t43;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[8][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[6] + first, row[0], row[3], row[1], row[5]},
                         row[7]);
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = in_0[k] - in_1[k];
        const double t15 = t14 * in_2[k] + in_1[k];
        const double t16 = in_3[k] - in_4[k];
        const double t17 = t15 * t16;
        const double t18 = in_5[k] - 0x1.0000000000000p+0;
        const double t19 = in_5[k] / t18;
        const double t20 = in_6[k] / in_5[k];
        const double t21 = in_7[k] / t19;
        const double t22 = t20 + t21;
        const double t23 = in_3[k] - t22;
        const double t24 = -t23;
        const double t25 = t24 / in_8[k];
        const double t26 = mn_do_MIN(t25, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t30 = in_3[k] - in_6[k];
        const double t31 = in_5[k] * in_8[k];
        const double t32 = t30 / t31;
        const double t33 = mn_do_MIN(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t35 = in_3[k] - in_7[k];
        const double t36 = -t35;
        const double t37 = t19 * in_8[k];
        const double t38 = t36 / t37;
        const double t39 = mn_do_MIN(t38, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t46 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t49 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t55 = (-0x1.0000000000000p+0) / in_8[k];
        const double t56 = mn_do_LESS(t25, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t57 = mn_do_WHERE(t56, t55, 0x0.0p+0, 0.0, 0.0);
        const double t62 = 0x1.0000000000000p+0 / t31;
        const double t63 = mn_do_LESS(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t64 = mn_do_WHERE(t63, t62, 0x0.0p+0, 0.0, 0.0);
        const double t65 = (-0x1.0000000000000p+0) / t37;
        const double t66 = mn_do_LESS(t38, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t67 = mn_do_WHERE(t66, t65, 0x0.0p+0, 0.0, 0.0);
        const double t76 = t14 * t16;
        out_1[k] = t15;
        out_0[k] = t17;
        row_0[k] = t26;
        row_2[k] = t33;
        row_4[k] = t39;
        row_6[k] = t46;
        row_7[k] = t49;
        row_8[k] = t57;
        row_9[k] = t64;
        row_10[k] = t67;
        out_5[k] = t76;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t28 = 0x1.0000000000000p+0 + row_1[k];
        const double t29 = 0x1.0000000000000p+0 / t28;
        const double t41 = row_3[k] + row_5[k];
        const double t42 = in_9[k] / t41;
        const double t43 = t29 - in_2[k];
        const double t44 = t43 / t42;
        const double t45 = (-0x1.0000000000000p+0) / t42;
        const double t47 = mn_do_LESS(0x0.0p+0, t44, 0.0, 0.0, 0.0);
        const double t48 = mn_do_AND(row_6[k], t47, 0.0, 0.0, 0.0);
        const double t50 = mn_do_LESS(t44, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t51 = mn_do_AND(row_7[k], t50, 0.0, 0.0, 0.0);
        const double t52 = mn_do_OR(t48, t51, 0.0, 0.0, 0.0);
        const double t53 = mn_do_WHERE(t52, 0x0.0p+0, t44, 0.0, 0.0);
        const double t54 = mn_do_WHERE(t52, 0x0.0p+0, t45, 0.0, 0.0);
        const double t58 = row_1[k] * row_8[k];
        const double t59 = t29 * t58;
        const double t60 = -t59;
        const double t61 = t60 / t28;
        const double t68 = row_5[k] * row_10[k];
        const double t69 = row_3[k] * row_9[k] + t68;
        const double t70 = t42 * t69;
        const double t71 = -t70;
        const double t72 = t71 / t41;
        const double t73 = t61 - t44 * t72;
        const double t74 = t73 / t42;
        const double t75 = mn_do_WHERE(t52, 0x0.0p+0, t74, 0.0, 0.0);
        out_2[k] = t53;
        out_3[k] = t54;
        out_4[k] = t75;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[11][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[5]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {6, 4, 5, 8, 3};
static const mn_program start_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {1, 0, 9, 2};
static const mn_program conductance_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {6, 4, 5, MN_INPUT_VOLTAGE, 3, 7, 9};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 7, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {1, 0, 9, MN_INPUT_VOLTAGE, 2, 6, 4, 5, 3, 7};
static const mn_program linearise_program = {.n_inputs = 10, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_nanopore = {
    .model =
        {
            .name = "Nanopore",
            .doc = "A rectifying nanopore in which ions open a conducting path: the share x of open paths follows the "
                   "voltage with a relaxation time that peaks near the midpoint V_B = V_A/n_A + V_D/n_D and falls "
                   "exponentially on both sides, with n_D = n_A/(n_A - 1), so that activation and deactivation are in "
                   "detailed balance. g_L may be above g_H. It carries no charge of its own: `MembraneNanopore` has a "
                   "capacitance beside it. Exponents of rates above 500 count as 500: there x follows at once.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 50",
            .text =
                "doc A rectifying nanopore in which ions open a conducting path: the share x of open paths follows the "
                "voltage with a\n"
                "doc relaxation time that peaks near the midpoint V_B = V_A/n_A + V_D/n_D and falls exponentially on "
                "both sides, with\n"
                "doc n_D = n_A/(n_A - 1), so that activation and deactivation are in detailed balance. g_L may be "
                "above g_H. It carries no\n"
                "doc charge of its own: `MembraneNanopore` has a capacitance beside it. Exponents of rates above 500 "
                "count as 500: there x\n"
                "doc follows at once.\n"
                "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 50\n"
                "\n"
                "i     = (g_L + (g_H - g_L)*x)*(v - E_0)\n"
                "dx/dt = (x_eq - x)/tau_k\n"
                "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                "tau_k = tau_0/(exp(min((v - V_A)/(n_A*V_m), 500)) + exp(min(-(v - V_D)/(n_D*V_m), 500)))\n"
                "V_B   = V_A/n_A + V_D/n_D\n"
                "n_D   = n_A/(n_A - 1)\n"
                "\n"
                "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                "parameter E_0       = 0 V                   : voltage without a current\n"
                "parameter V_m       = 0.1 V in (0, inf)     : steepness of the opening\n"
                "parameter V_A       = 1 V                   : onset of activation\n"
                "parameter V_D       = 0 V                   : onset of deactivation\n"
                "parameter n_A       = 2 in (1, inf)         : ideality factor of activation; n_D = n_A/(n_A - 1) may "
                "be given and must agree\n"
                "parameter tau_0     = 0.5 ms in (0, inf)    : time of activation at V_A, and of deactivation at V_D\n"
                "parameter v_initial = 0 V                   : voltage at which it rested before the start\n"
                "\n"
                "state x = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) in [0, 1] : share of open paths\n"
                "\n"
                "preset figure-24: V_m = 0.1 V, V_A = 0.6 V, V_D = -0.2 V, n_A = 2, tau_0 = 0.5 ms : times of "
                "activation and deactivation; V_B = 0.2 V [Bisquert, Adv. Phys. Res. 2024, figure 24]\n"
                "preset figure-29a: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, V_m = 0.1 V, V_A = 1 V, V_D = 0 V, n_A = 2, "
                "tau_0 = 0.5 ms : loops in figure 29 a to d, and the pores that are put together in 38 and 39; V_B = "
                "0.5 V [Bisquert, Adv. Phys. Res. 2024, figure 29]\n"
                "preset figure-29e: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, V_m = 0.1 V, V_A = 0.6 V, V_D = 0 V, n_A = 2, "
                "tau_0 = 0.5 ms : loops in figure 29 e and f; V_B = 0.3 V [Bisquert, Adv. Phys. Res. 2024, figure 29]\n"
                "preset figure-30: g_L = 1 uS, g_H = 0.1 uS, E_0 = 0 V, V_m = 0.1 V, V_A = 0.5 V, V_D = -0.5 V, n_A = "
                "2, tau_0 = 0.1 ms : rectification the other way round; V_B = 0 V [Bisquert, Adv. Phys. Res. 2024, "
                "figure 30]\n",
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
