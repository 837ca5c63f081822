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
     .doc = "relaxation time of x",
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
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_7 = in[7] + first;
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_8 = row[8];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] - in_1[k];
        const double t14 = -t13;
        const double t15 = t14 / in_2[k];
        const double t16 = mn_do_MIN(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t20 = in_0[k] - in_3[k];
        const double t21 = t20 / in_2[k];
        const double t22 = mn_do_MIN(t21, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t30 = (-0x1.0000000000000p+0) / in_5[k];
        const double t35 = (-0x1.0000000000000p+0) / in_7[k];
        row_1[k] = t16;
        row_3[k] = t22;
        row_5[k] = t30;
        row_8[k] = t35;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_6 = row[6];
    double *restrict row_9 = row[9];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = 0x1.0000000000000p+0 + row_2[k];
        const double t19 = 0x1.0000000000000p+0 / t18;
        const double t24 = 0x1.0000000000000p+0 + row_4[k];
        const double t25 = 0x1.0000000000000p+0 / t24;
        const double t26 = t19 - in_4[k];
        const double t27 = t26 / in_5[k];
        const double t28 = t25 - in_6[k];
        const double t29 = t28 / in_7[k];
        const double t31 = t19 / in_5[k];
        const double t36 = t25 / in_7[k];
        row_1[k] = t27;
        row_3[k] = t29;
        row_6[k] = t31;
        row_9[k] = t36;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_7 = row[7];
    const double *restrict row_10 = row[10];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t33 = mn_do_MIN(row_7[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t34 = mn_do_MAX(t33, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t38 = mn_do_MIN(row_10[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t39 = mn_do_MAX(t38, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t34;
        out_1[k] = t39;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[11][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[4] + first, row[0], row[5], row[1], row[6]},
                         row[7]);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[6] + first, row[0], row[8], row[3], row[9]},
                         row[10]);
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
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t15 = in_0[k] - in_1[k];
        const double t16 = t15 * in_2[k];
        const double t17 = t16 * in_3[k] + in_1[k];
        const double t18 = in_4[k] - in_5[k];
        const double t19 = t17 * t18;
        const double t20 = in_4[k] - in_6[k];
        const double t21 = -t20;
        const double t22 = t21 / in_7[k];
        const double t23 = mn_do_MIN(t22, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t27 = in_4[k] - in_8[k];
        const double t28 = t27 / in_7[k];
        const double t29 = mn_do_MIN(t28, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t37 = (-0x1.0000000000000p+0) / in_9[k];
        const double t38 = (-0x1.0000000000000p+0) / in_10[k];
        const double t39 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t42 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t46 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t49 = mn_do_LESS_EQUAL(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t57 = (-0x1.0000000000000p+0) / in_7[k];
        const double t58 = mn_do_LESS(t22, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t59 = mn_do_WHERE(t58, t57, 0x0.0p+0, 0.0, 0.0);
        const double t66 = 0x1.0000000000000p+0 / in_7[k];
        const double t67 = mn_do_LESS(t28, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t68 = mn_do_WHERE(t67, t66, 0x0.0p+0, 0.0, 0.0);
        const double t75 = t15 * in_3[k];
        const double t76 = t75 * t18;
        const double t77 = t16 * t18;
        out_1[k] = t17;
        out_0[k] = t19;
        row_0[k] = t23;
        row_2[k] = t29;
        row_4[k] = t37;
        row_5[k] = t38;
        row_6[k] = t39;
        row_7[k] = t42;
        row_8[k] = t46;
        row_9[k] = t49;
        row_10[k] = t59;
        row_11[k] = t68;
        out_8[k] = t76;
        out_9[k] = t77;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t25 = 0x1.0000000000000p+0 + row_1[k];
        const double t26 = 0x1.0000000000000p+0 / t25;
        const double t31 = 0x1.0000000000000p+0 + row_3[k];
        const double t32 = 0x1.0000000000000p+0 / t31;
        const double t33 = t26 - in_2[k];
        const double t34 = t33 / in_9[k];
        const double t35 = t32 - in_3[k];
        const double t36 = t35 / in_10[k];
        const double t40 = mn_do_LESS(0x0.0p+0, t34, 0.0, 0.0, 0.0);
        const double t41 = mn_do_AND(row_6[k], t40, 0.0, 0.0, 0.0);
        const double t43 = mn_do_LESS(t34, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t44 = mn_do_AND(row_7[k], t43, 0.0, 0.0, 0.0);
        const double t45 = mn_do_OR(t41, t44, 0.0, 0.0, 0.0);
        const double t47 = mn_do_LESS(0x0.0p+0, t36, 0.0, 0.0, 0.0);
        const double t48 = mn_do_AND(row_8[k], t47, 0.0, 0.0, 0.0);
        const double t50 = mn_do_LESS(t36, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t51 = mn_do_AND(row_9[k], t50, 0.0, 0.0, 0.0);
        const double t52 = mn_do_OR(t48, t51, 0.0, 0.0, 0.0);
        const double t53 = mn_do_WHERE(t45, 0x0.0p+0, t34, 0.0, 0.0);
        const double t54 = mn_do_WHERE(t52, 0x0.0p+0, t36, 0.0, 0.0);
        const double t55 = mn_do_WHERE(t45, 0x0.0p+0, row_4[k], 0.0, 0.0);
        const double t56 = mn_do_WHERE(t52, 0x0.0p+0, row_5[k], 0.0, 0.0);
        const double t60 = row_1[k] * row_10[k];
        const double t61 = t26 * t60;
        const double t62 = -t61;
        const double t63 = t62 / t25;
        const double t64 = t63 / in_9[k];
        const double t65 = mn_do_WHERE(t45, 0x0.0p+0, t64, 0.0, 0.0);
        const double t69 = row_3[k] * row_11[k];
        const double t70 = t32 * t69;
        const double t71 = -t70;
        const double t72 = t71 / t31;
        const double t73 = t72 / in_10[k];
        const double t74 = mn_do_WHERE(t52, 0x0.0p+0, t73, 0.0, 0.0);
        out_2[k] = t53;
        out_3[k] = t54;
        out_4[k] = t55;
        out_5[k] = t56;
        out_6[k] = t65;
        out_7[k] = t74;
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
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {8, 3, 5, 4};
static const mn_program start_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t conductance_input[] = {1, 0, 9, 10, 2};
static const mn_program conductance_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 5, 4, 9, 6, 10, 7};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 8, .n_uniforms = 1, .n_outputs = 2};

static const int16_t linearise_input[] = {1, 0, 9, 10, MN_INPUT_VOLTAGE, 2, 3, 5, 4, 6, 7};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 10};

const mn_equation_model mn_deactivating_nanopore = {
    .model =
        {
            .name = "DeactivatingNanopore",
            .doc = "A rectifying nanopore that a voltage opens (x) and a higher one closes again (y), each with a "
                   "relaxation time of its own: beyond V_C the steady current falls. Ions that block the pore do so.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 23, 33 and 34; "
                        "the relaxation of y is ours",
            .text =
                "doc A rectifying nanopore that a voltage opens (x) and a higher one closes again (y), each with a "
                "relaxation time of its\n"
                "doc own: beyond V_C the steady current falls. Ions that block the pore do so.\n"
                "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 23, 33 and 34; the "
                "relaxation of y is\n"
                "source ours\n"
                "\n"
                "i     = (g_L + (g_H - g_L)*x*y)*(v - E_0)\n"
                "dx/dt = (x_eq - x)/tau_0\n"
                "dy/dt = (y_eq - y)/tau_y\n"
                "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                "y_eq  = 1/(1 + exp(min((v - V_C)/V_m, 500)))\n"
                "\n"
                "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                "parameter E_0       = 0.2 V                 : voltage without a current\n"
                "parameter V_B       = 0.5 V                 : voltage that opens half of it\n"
                "parameter V_C       = 0.7 V                 : voltage that closes half of it again\n"
                "parameter V_m       = 0.1 V in (0, inf)     : steepness of both\n"
                "parameter tau_0     = 1 s in (0, inf)       : relaxation time of x\n"
                "parameter tau_y     = 1 s in (0, inf)       : relaxation time of y\n"
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
