/* DeactivatingNanopore, written from its equations, which stand at the end: to_c() of its class. */
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
     .initial = 0x1.999999999999ap-3,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_B",
     .unit = "V",
     .doc = "voltage that opens half of it",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_C",
     .unit = "V",
     .doc = "voltage that closes half of it again",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.6666666666666p-1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_m",
     .unit = "V",
     .doc = "steepness of both",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "relaxation time of x, the longest one with k_0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_y",
     .unit = "s",
     .doc = "relaxation time of y",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "k_0",
     .unit = "1/s",
     .doc = "rate that V_A adds to 1/tau_0 by activation, and V_D by deactivation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "V_A",
     .unit = "V",
     .doc = "onset of activation, where k_0 > 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_D",
     .unit = "V",
     .doc = "onset of deactivation, where k_0 > 0",
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
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at which it rested before the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "activated share",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "y",
     .unit = "1",
     .doc = "share that is not deactivated",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {{"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20},
                                           {"E_0", 0x1.999999999999ap-3},  {"V_B", -0x1.0000000000000p-1},
                                           {"V_C", 0x1.6666666666666p-1},  {"V_m", 0x1.999999999999ap-4}};

static const mn_preset_value values_1[] = {{"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20},
                                           {"E_0", 0x1.999999999999ap-3},  {"V_B", 0x1.0000000000000p-1},
                                           {"V_C", 0x1.6666666666666p-1},  {"V_m", 0x1.999999999999ap-4}};

static const mn_preset presets[] = {
    {.name = "figure-16",
     .doc = "as printed, with a second negative slope, that of figure 14",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 16",
     MN_ARRAY(value, values_0)},
    {.name = "figure-16-text",
     .doc = "with the one negative slope that the text describes; V_B has the other sign",
     .citation = "Bisquert, Adv. Phys. Res. 2024, section 6",
     MN_ARRAY(value, values_1)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t7 = in_0[k] - in_1[k];
        const double t8 = -t7;
        const double t9 = t8 / in_2[k];
        const double t10 = mn_do_MIN(t9, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t16 = in_0[k] - in_3[k];
        const double t17 = t16 / in_2[k];
        const double t18 = mn_do_MIN(t17, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_0[k] = t10;
        row_2[k] = t18;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = 0x1.0000000000000p+0 + row_1[k];
        const double t13 = 0x1.0000000000000p+0 / t12;
        const double t14 = mn_do_MIN(t13, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t15 = mn_do_MAX(t14, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t20 = 0x1.0000000000000p+0 + row_3[k];
        const double t21 = 0x1.0000000000000p+0 / t20;
        const double t22 = mn_do_MIN(t21, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t23 = mn_do_MAX(t22, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t15;
        out_1[k] = t23;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[4][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
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
    const double *restrict in_4 = in[4] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] - in_1[k];
        const double t6 = t5 * in_2[k];
        const double t7 = t6 * in_3[k] + in_1[k];
        const double t8 = -in_4[k];
        const double t9 = t7 * t8;
        out_0[k] = t7;
        out_1[k] = t9;
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
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_11 = in[11] + first;
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_11 = row[11];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = in_0[k] - in_1[k];
        const double t18 = -t17;
        const double t19 = t18 / in_2[k];
        const double t20 = mn_do_MIN(t19, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t24 = in_0[k] - in_3[k];
        const double t25 = t24 / in_2[k];
        const double t26 = mn_do_MIN(t25, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t30 = in_4[k] - 0x1.0000000000000p+0;
        const double t31 = in_4[k] / t30;
        const double t32 = 0x1.0000000000000p+0 / in_5[k];
        const double t33 = in_0[k] - in_6[k];
        const double t34 = in_4[k] * in_2[k];
        const double t35 = t33 / t34;
        const double t36 = mn_do_MIN(t35, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t38 = in_0[k] - in_7[k];
        const double t39 = -t38;
        const double t40 = t31 * in_2[k];
        const double t41 = t39 / t40;
        const double t42 = mn_do_MIN(t41, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t56 = (-0x1.0000000000000p+0) / in_11[k];
        row_1[k] = t20;
        row_3[k] = t26;
        row_5[k] = t32;
        row_6[k] = t36;
        row_8[k] = t42;
        row_11[k] = t56;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_9 = row[9];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_12 = row[12];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t22 = 0x1.0000000000000p+0 + row_2[k];
        const double t23 = 0x1.0000000000000p+0 / t22;
        const double t28 = 0x1.0000000000000p+0 + row_4[k];
        const double t29 = 0x1.0000000000000p+0 / t28;
        const double t44 = row_7[k] + row_9[k];
        const double t45 = in_8[k] * t44 + row_5[k];
        const double t46 = 0x1.0000000000000p+0 / t45;
        const double t47 = t23 - in_9[k];
        const double t48 = t47 / t46;
        const double t49 = t29 - in_10[k];
        const double t50 = t49 / in_11[k];
        const double t51 = (-0x1.0000000000000p+0) / t46;
        const double t52 = t23 / t46;
        const double t57 = t29 / in_11[k];
        row_1[k] = t48;
        row_3[k] = t50;
        row_6[k] = t51;
        row_8[k] = t52;
        row_12[k] = t57;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t54 = mn_do_MIN(row_10[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t55 = mn_do_MAX(t54, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t59 = mn_do_MIN(row_13[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t60 = mn_do_MAX(t59, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t55;
        out_1[k] = t60;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[14][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[7]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[9]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[9] + first, row[0], row[6], row[1], row[8]},
                         row[10]);
        mn_operation_run(MN_OPERATION_RELAX, m,
                         (const double *const[]){in[10] + first, row[0], row[11], row[3], row[12]}, row[13]);
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
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_14 = in[14] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t19 = in_0[k] - in_1[k];
        const double t20 = t19 * in_2[k];
        const double t21 = t20 * in_3[k] + in_1[k];
        const double t22 = in_4[k] - in_5[k];
        const double t23 = t21 * t22;
        const double t24 = in_4[k] - in_6[k];
        const double t25 = -t24;
        const double t26 = t25 / in_7[k];
        const double t27 = mn_do_MIN(t26, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t31 = in_4[k] - in_8[k];
        const double t32 = t31 / in_7[k];
        const double t33 = mn_do_MIN(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t37 = in_9[k] - 0x1.0000000000000p+0;
        const double t38 = in_9[k] / t37;
        const double t39 = 0x1.0000000000000p+0 / in_10[k];
        const double t40 = in_4[k] - in_11[k];
        const double t41 = in_9[k] * in_7[k];
        const double t42 = t40 / t41;
        const double t43 = mn_do_MIN(t42, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t45 = in_4[k] - in_12[k];
        const double t46 = -t45;
        const double t47 = t38 * in_7[k];
        const double t48 = t46 / t47;
        const double t49 = mn_do_MIN(t48, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t59 = (-0x1.0000000000000p+0) / in_14[k];
        const double t60 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t63 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t67 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t70 = mn_do_LESS_EQUAL(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t78 = (-0x1.0000000000000p+0) / in_7[k];
        const double t79 = mn_do_LESS(t26, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t80 = mn_do_WHERE(t79, t78, 0x0.0p+0, 0.0, 0.0);
        const double t85 = 0x1.0000000000000p+0 / t41;
        const double t86 = mn_do_LESS(t42, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t87 = mn_do_WHERE(t86, t85, 0x0.0p+0, 0.0, 0.0);
        const double t88 = (-0x1.0000000000000p+0) / t47;
        const double t89 = mn_do_LESS(t48, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t90 = mn_do_WHERE(t89, t88, 0x0.0p+0, 0.0, 0.0);
        const double t100 = 0x1.0000000000000p+0 / in_7[k];
        const double t101 = mn_do_LESS(t32, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t102 = mn_do_WHERE(t101, t100, 0x0.0p+0, 0.0, 0.0);
        const double t109 = t19 * in_3[k];
        const double t110 = t109 * t22;
        const double t111 = t20 * t22;
        out_1[k] = t21;
        out_0[k] = t23;
        row_0[k] = t27;
        row_2[k] = t33;
        row_4[k] = t39;
        row_5[k] = t43;
        row_7[k] = t49;
        row_9[k] = t59;
        row_10[k] = t60;
        row_11[k] = t63;
        row_12[k] = t67;
        row_13[k] = t70;
        row_14[k] = t80;
        row_15[k] = t87;
        row_16[k] = t90;
        row_17[k] = t102;
        out_8[k] = t110;
        out_9[k] = t111;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t29 = 0x1.0000000000000p+0 + row_1[k];
        const double t30 = 0x1.0000000000000p+0 / t29;
        const double t35 = 0x1.0000000000000p+0 + row_3[k];
        const double t36 = 0x1.0000000000000p+0 / t35;
        const double t51 = row_6[k] + row_8[k];
        const double t52 = in_13[k] * t51 + row_4[k];
        const double t53 = 0x1.0000000000000p+0 / t52;
        const double t54 = t30 - in_2[k];
        const double t55 = t54 / t53;
        const double t56 = t36 - in_3[k];
        const double t57 = t56 / in_14[k];
        const double t58 = (-0x1.0000000000000p+0) / t53;
        const double t61 = mn_do_LESS(0x0.0p+0, t55, 0.0, 0.0, 0.0);
        const double t62 = mn_do_AND(row_10[k], t61, 0.0, 0.0, 0.0);
        const double t64 = mn_do_LESS(t55, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t65 = mn_do_AND(row_11[k], t64, 0.0, 0.0, 0.0);
        const double t66 = mn_do_OR(t62, t65, 0.0, 0.0, 0.0);
        const double t68 = mn_do_LESS(0x0.0p+0, t57, 0.0, 0.0, 0.0);
        const double t69 = mn_do_AND(row_12[k], t68, 0.0, 0.0, 0.0);
        const double t71 = mn_do_LESS(t57, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t72 = mn_do_AND(row_13[k], t71, 0.0, 0.0, 0.0);
        const double t73 = mn_do_OR(t69, t72, 0.0, 0.0, 0.0);
        const double t74 = mn_do_WHERE(t66, 0x0.0p+0, t55, 0.0, 0.0);
        const double t75 = mn_do_WHERE(t73, 0x0.0p+0, t57, 0.0, 0.0);
        const double t76 = mn_do_WHERE(t66, 0x0.0p+0, t58, 0.0, 0.0);
        const double t77 = mn_do_WHERE(t73, 0x0.0p+0, row_9[k], 0.0, 0.0);
        const double t81 = row_1[k] * row_14[k];
        const double t82 = t30 * t81;
        const double t83 = -t82;
        const double t84 = t83 / t29;
        const double t91 = row_8[k] * row_16[k];
        const double t92 = row_6[k] * row_15[k] + t91;
        const double t93 = in_13[k] * t92;
        const double t94 = t53 * t93;
        const double t95 = -t94;
        const double t96 = t95 / t52;
        const double t97 = t84 - t55 * t96;
        const double t98 = t97 / t53;
        const double t99 = mn_do_WHERE(t66, 0x0.0p+0, t98, 0.0, 0.0);
        const double t103 = row_3[k] * row_17[k];
        const double t104 = t36 * t103;
        const double t105 = -t104;
        const double t106 = t105 / t35;
        const double t107 = t106 / in_14[k];
        const double t108 = mn_do_WHERE(t73, 0x0.0p+0, t107, 0.0, 0.0);
        out_2[k] = t74;
        out_3[k] = t75;
        out_4[k] = t76;
        out_5[k] = t77;
        out_6[k] = t99;
        out_7[k] = t108;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[7]}, row[8]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {12, 3, 5, 4};
static const mn_program start_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t conductance_input[] = {1, 0, 13, 14, 2};
static const mn_program conductance_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 5, 4, 11, 6, 9, 10, 8, 13, 14, 7};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 12, .n_uniforms = 1, .n_outputs = 2};

static const int16_t linearise_input[] = {1, 0, 13, 14, MN_INPUT_VOLTAGE, 2, 3, 5, 4, 11, 6, 9, 10, 8, 7};
static const mn_program linearise_program = {.n_inputs = 15, .n_uniforms = 0, .n_outputs = 10};

const mn_equation_model mn_deactivating_nanopore = {
    .model =
        {
            .name = "DeactivatingNanopore",
            .doc = "A rectifying nanopore that a voltage opens (x) and a higher one closes again (y), each with a "
                   "relaxation time of its own: beyond V_C the steady current falls. Ions that block the pore do so. y "
                   "takes tau_y, and x tau_0 unless voltages hasten it: with k_0 > 0 it relaxes as in equation 68, "
                   "whose tau_M is tau_0 here and whose tau_0 is 1/k_0, and with a tau_0 beyond all times as in "
                   "equation 50. Exponents of rates above 500 count as 500: there x follows at once.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 23, 33, 34 and 65 "
                        "to 70; the relaxation of y is ours",
            .text =
                "doc A rectifying nanopore that a voltage opens (x) and a higher one closes again (y), each with a "
                "relaxation time of its\n"
                "doc own: beyond V_C the steady current falls. Ions that block the pore do so. y takes tau_y, and x "
                "tau_0 unless voltages\n"
                "doc hasten it: with k_0 > 0 it relaxes as in equation 68, whose tau_M is tau_0 here and whose tau_0 "
                "is 1/k_0, and with a\n"
                "doc tau_0 beyond all times as in equation 50. Exponents of rates above 500 count as 500: there x "
                "follows at once.\n"
                "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 23, 33, 34 and 65 "
                "to 70; the relaxation\n"
                "source of y is ours\n"
                "\n"
                "i     = (g_L + (g_H - g_L)*x*y)*(v - E_0)\n"
                "dx/dt = (x_eq - x)/tau_k\n"
                "dy/dt = (y_eq - y)/tau_y\n"
                "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                "y_eq  = 1/(1 + exp(min((v - V_C)/V_m, 500)))\n"
                "tau_k = 1/(1/tau_0 + k_0*(exp(min((v - V_A)/(n_A*V_m), 500)) + exp(min(-(v - V_D)/(n_D*V_m), 500))))\n"
                "n_D   = n_A/(n_A - 1)\n"
                "\n"
                "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                "parameter E_0       = 0.2 V                 : voltage without a current\n"
                "parameter V_B       = 0.5 V                 : voltage that opens half of it\n"
                "parameter V_C       = 0.7 V                 : voltage that closes half of it again\n"
                "parameter V_m       = 0.1 V in (0, inf)     : steepness of both\n"
                "parameter tau_0     = 1 s in (0, inf)       : relaxation time of x, the longest one with k_0\n"
                "parameter tau_y     = 1 s in (0, inf)       : relaxation time of y\n"
                "parameter k_0       = 0 1/s in [0, inf)     : rate that V_A adds to 1/tau_0 by activation, and V_D by "
                "deactivation\n"
                "parameter V_A       = 1 V                   : onset of activation, where k_0 > 0\n"
                "parameter V_D       = 0 V                   : onset of deactivation, where k_0 > 0\n"
                "parameter n_A       = 2 in (1, inf)         : ideality factor of activation; n_D = n_A/(n_A - 1) may "
                "be given and must agree\n"
                "parameter v_initial = 0 V                   : voltage at which it rested before the start\n"
                "\n"
                "state x = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) in [0, 1] : activated share\n"
                "state y = 1/(1 + exp(min((v_initial - V_C)/V_m, 500))) in [0, 1]  : share that is not deactivated\n"
                "\n"
                "preset figure-16: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0.2 V, V_B = -0.5 V, V_C = 0.7 V, V_m = 0.1 V : as "
                "printed, with a second negative slope, that of figure 14 [Bisquert, Adv. Phys. Res. 2024, figure 16]\n"
                "preset figure-16-text: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0.2 V, V_B = 0.5 V, V_C = 0.7 V, V_m = 0.1 V : "
                "with the one negative slope that the text describes; V_B has the other sign [Bisquert, Adv. Phys. "
                "Res. 2024, section 6]\n",
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
