/* HodgkinHuxley, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "C_m",
     .unit = "F/m^2",
     .doc = "capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.47ae147ae147bp-7,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_Na",
     .unit = "S/m^2",
     .doc = "conductance of open sodium paths",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2c00000000000p+10,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_K",
     .unit = "S/m^2",
     .doc = "conductance of open potassium paths",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.6800000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_leak",
     .unit = "S/m^2",
     .doc = "conductance of the leak",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "E_Na",
     .unit = "V",
     .doc = "reversal potential of sodium, from V_R",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.d70a3d70a3d71p-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "E_K",
     .unit = "V",
     .doc = "reversal potential of potassium, from V_R",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.89374bc6a7efap-7,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "E_leak",
     .unit = "V",
     .doc = "reversal potential of the leak, from V_R",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5b573eab367a1p-7,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_R",
     .unit = "V",
     .doc = "resting potential",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "phi",
     .unit = "1",
     .doc = "how many times as fast as at 6.3 degrees Celsius, as 3**((T - 6.3)/10)",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "area",
     .unit = "m^2",
     .doc = "area; with 1 cm2, 1 uA is 1 uA/cm2",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.a36e2eb1c432dp-14,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_0",
     .unit = "V",
     .doc = "unit of the potentials in the rates",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "unit of the times in the rates",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at the start, at which the paths rested before",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "m",
     .unit = "1",
     .doc = "activation of sodium",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "h",
     .unit = "1",
     .doc = "what of it is not deactivated",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "n",
     .unit = "1",
     .doc = "activation of potassium",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "v_q",
     .unit = "V",
     .doc = "voltage of the charge at the last step",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
};

static const mn_preset_value values_0[] = {{"C_m", 0x1.47ae147ae147bp-7},    {"g_Na", 0x1.2c00000000000p+10},
                                           {"g_K", 0x1.6800000000000p+8},    {"g_leak", 0x1.8000000000000p+1},
                                           {"E_Na", 0x1.d70a3d70a3d71p-4},   {"E_K", -0x1.89374bc6a7efap-7},
                                           {"E_leak", 0x1.5b573eab367a1p-7}, {"V_R", 0x0.0p+0},
                                           {"v_initial", 0x0.0p+0}};

static const mn_preset_value values_1[] = {
    {"C_m", 0x1.47ae147ae147bp-7},    {"g_Na", 0x1.2c00000000000p+10}, {"g_K", 0x1.6800000000000p+8},
    {"g_leak", 0x1.8000000000000p+1}, {"E_Na", 0x1.d70a3d70a3d71p-4},  {"E_K", -0x1.89374bc6a7efap-7},
    {"E_leak", 0x1.5b573eab367a1p-7}, {"V_R", -0x1.0a3d70a3d70a4p-4},  {"v_initial", -0x1.0a3d70a3d70a4p-4}};

static const mn_preset presets[] = {
    {.name = "figure-6",
     .doc = "potentials from rest; C_m is that of 1952",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 6",
     MN_ARRAY(value, values_0)},
    {.name = "absolute",
     .doc = "the same with absolute potentials",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 6; V_R is customary",
     MN_ARRAY(value, values_1)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_16 = row[16];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t21 = in_0[k] - in_1[k];
        const double t22 = t21 / in_2[k];
        const double t23 = 0x1.9000000000000p+4 - t22;
        const double t24 = t23 / 0x1.4000000000000p+3;
        const double t25 = 0x1.4000000000000p+3 - t22;
        const double t26 = t25 / 0x1.4000000000000p+3;
        const double t27 = mn_do_ABS(t24, 0.0, 0.0, 0.0, 0.0);
        const double t28 = mn_do_LESS(t27, 0x1.999999999999ap-4, 0.0, 0.0, 0.0);
        const double t29 = t24 / 0x1.0000000000000p+1;
        const double t30 = 0x1.0000000000000p+0 - t29;
        const double t31 = t24 * t24;
        const double t32 = t31 / 0x1.2750000000000p+20;
        const double t33 = 0x1.1566abc011567p-15 - t32;
        const double t34 = 0x1.6c16c16c16c17p-10 - t31 * t33;
        const double t35 = 0x1.5555555555555p-4 - t31 * t34;
        const double t36 = t31 * t35 + t30;
        const double t37 = mn_do_MIN(t24, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t41 = mn_do_ABS(t26, 0.0, 0.0, 0.0, 0.0);
        const double t42 = mn_do_LESS(t41, 0x1.999999999999ap-4, 0.0, 0.0, 0.0);
        const double t43 = t26 / 0x1.0000000000000p+1;
        const double t44 = 0x1.0000000000000p+0 - t43;
        const double t45 = t26 * t26;
        const double t46 = t45 / 0x1.2750000000000p+20;
        const double t47 = 0x1.1566abc011567p-15 - t46;
        const double t48 = 0x1.6c16c16c16c17p-10 - t45 * t47;
        const double t49 = 0x1.5555555555555p-4 - t45 * t48;
        const double t50 = t45 * t49 + t44;
        const double t51 = mn_do_MIN(t26, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t56 = -t22;
        const double t57 = t56 / 0x1.4000000000000p+4;
        const double t58 = mn_do_MIN(t57, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t61 = t56 / 0x1.2000000000000p+4;
        const double t62 = mn_do_MIN(t61, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t68 = 0x1.e000000000000p+4 - t22;
        const double t69 = t68 / 0x1.4000000000000p+3;
        const double t70 = mn_do_MIN(t69, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t78 = t56 / 0x1.4000000000000p+6;
        const double t79 = mn_do_MIN(t78, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t85 = in_0[k];
        row_0[k] = t24;
        row_1[k] = t26;
        row_2[k] = t28;
        row_3[k] = t36;
        row_4[k] = t37;
        row_6[k] = t42;
        row_7[k] = t50;
        row_8[k] = t51;
        row_10[k] = t58;
        row_12[k] = t62;
        row_14[k] = t70;
        row_16[k] = t79;
        out_3[k] = t85;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_17 = row[17];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t39 = row_0[k] / row_5[k];
        const double t40 = mn_do_WHERE(row_2[k], row_3[k], t39, 0.0, 0.0);
        const double t53 = row_1[k] / row_9[k];
        const double t54 = mn_do_WHERE(row_6[k], row_7[k], t53, 0.0, 0.0);
        const double t55 = 0x1.999999999999ap-4 * t54;
        const double t60 = 0x1.1eb851eb851ecp-4 * row_11[k];
        const double t64 = 0x1.0000000000000p+2 * row_13[k] + t40;
        const double t65 = t40 / t64;
        const double t66 = mn_do_MIN(t65, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t67 = mn_do_MAX(t66, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t72 = row_15[k] + 0x1.0000000000000p+0;
        const double t73 = 0x1.0000000000000p+0 / t72;
        const double t74 = t60 + t73;
        const double t75 = t60 / t74;
        const double t76 = mn_do_MIN(t75, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t77 = mn_do_MAX(t76, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t81 = 0x1.0000000000000p-3 * row_17[k] + t55;
        const double t82 = t55 / t81;
        const double t83 = mn_do_MIN(t82, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t84 = mn_do_MAX(t83, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t67;
        out_1[k] = t77;
        out_2[k] = t84;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[4]}, row[5]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[10]}, row[11]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[14]}, row[15]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[16]}, row[17]);
        start_1(m, first, in, uniform, row, out);
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
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_15 = out[15] + first;
    double *restrict out_16 = out[16] + first;
    double *restrict out_17 = out[17] + first;
    double *restrict out_18 = out[18] + first;
    double *restrict out_19 = out[19] + first;
    double *restrict out_20 = out[20] + first;
    double *restrict out_21 = out[21] + first;
    double *restrict out_22 = out[22] + first;
    double *restrict out_23 = out[23] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_16 = row[16];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    double *restrict row_32 = row[32];
    double *restrict row_33 = row[33];
    double *restrict row_34 = row[34];
    double *restrict row_35 = row[35];
    double *restrict row_36 = row[36];
    double *restrict row_38 = row[38];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t34 = in_0[k] * in_0[k];
        const double t35 = t34 * in_0[k];
        const double t36 = in_1[k] * t35;
        const double t37 = t36 * in_2[k];
        const double t38 = in_3[k] - in_4[k];
        const double t39 = t38 - in_5[k];
        const double t40 = in_6[k] * in_6[k];
        const double t41 = t40 * t40;
        const double t42 = in_7[k] * t41;
        const double t43 = t38 - in_8[k];
        const double t44 = t42 * t43;
        const double t45 = t37 * t39 + t44;
        const double t46 = t38 - in_9[k];
        const double t47 = in_10[k] * t46 + t45;
        const double t48 = in_11[k] * t47;
        const double t49 = in_11[k] * in_12[k];
        const double t50 = t49 * in_3[k];
        const double t51 = t38 / in_13[k];
        const double t52 = 0x1.9000000000000p+4 - t51;
        const double t53 = t52 / 0x1.4000000000000p+3;
        const double t54 = 0x1.4000000000000p+3 - t51;
        const double t55 = t54 / 0x1.4000000000000p+3;
        const double t56 = mn_do_ABS(t53, 0.0, 0.0, 0.0, 0.0);
        const double t57 = mn_do_LESS(t56, 0x1.999999999999ap-4, 0.0, 0.0, 0.0);
        const double t58 = t53 / 0x1.0000000000000p+1;
        const double t59 = 0x1.0000000000000p+0 - t58;
        const double t60 = t53 * t53;
        const double t61 = t60 / 0x1.2750000000000p+20;
        const double t62 = 0x1.1566abc011567p-15 - t61;
        const double t63 = 0x1.6c16c16c16c17p-10 - t60 * t62;
        const double t64 = 0x1.5555555555555p-4 - t60 * t63;
        const double t65 = t60 * t64 + t59;
        const double t66 = mn_do_MIN(t53, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t70 = mn_do_ABS(t55, 0.0, 0.0, 0.0, 0.0);
        const double t71 = mn_do_LESS(t70, 0x1.999999999999ap-4, 0.0, 0.0, 0.0);
        const double t72 = t55 / 0x1.0000000000000p+1;
        const double t73 = 0x1.0000000000000p+0 - t72;
        const double t74 = t55 * t55;
        const double t75 = t74 / 0x1.2750000000000p+20;
        const double t76 = 0x1.1566abc011567p-15 - t75;
        const double t77 = 0x1.6c16c16c16c17p-10 - t74 * t76;
        const double t78 = 0x1.5555555555555p-4 - t74 * t77;
        const double t79 = t74 * t78 + t73;
        const double t80 = mn_do_MIN(t55, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t85 = -t51;
        const double t86 = t85 / 0x1.4000000000000p+4;
        const double t87 = mn_do_MIN(t86, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t90 = t85 / 0x1.2000000000000p+4;
        const double t91 = mn_do_MIN(t90, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t94 = 0x1.e000000000000p+4 - t51;
        const double t95 = t94 / 0x1.4000000000000p+3;
        const double t96 = mn_do_MIN(t95, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t100 = t85 / 0x1.4000000000000p+6;
        const double t101 = mn_do_MIN(t100, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t104 = in_14[k] / in_15[k];
        const double t105 = 0x1.0000000000000p+0 - in_0[k];
        const double t109 = 0x1.0000000000000p+0 - in_2[k];
        const double t113 = 0x1.0000000000000p+0 - in_6[k];
        const double t117 = t37 + t42;
        const double t118 = t117 + in_10[k];
        const double t119 = in_11[k] * t118;
        const double t120 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t123 = mn_do_LESS_EQUAL(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t127 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t130 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t134 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_6[k], 0.0, 0.0, 0.0);
        const double t137 = mn_do_LESS_EQUAL(in_6[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t156 = 0x1.0000000000000p+0 / in_13[k];
        const double t157 = -t156;
        const double t158 = t157 / 0x1.4000000000000p+3;
        const double t159 = t158 / 0x1.0000000000000p+1;
        const double t160 = -t159;
        const double t161 = t53 * t158;
        const double t162 = t158 * t53 + t161;
        const double t163 = t162 / 0x1.2750000000000p+20;
        const double t164 = -t163;
        const double t165 = t60 * t164;
        const double t166 = t162 * t62 + t165;
        const double t167 = -t166;
        const double t168 = t60 * t167;
        const double t169 = t162 * t63 + t168;
        const double t170 = -t169;
        const double t171 = t60 * t170;
        const double t172 = t162 * t64 + t171;
        const double t173 = t160 + t172;
        const double t174 = mn_do_LESS(t53, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t175 = mn_do_WHERE(t174, t158, 0x0.0p+0, 0.0, 0.0);
        const double t181 = t157 / 0x1.2000000000000p+4;
        const double t182 = mn_do_LESS(t90, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t183 = mn_do_WHERE(t182, t181, 0x0.0p+0, 0.0, 0.0);
        const double t190 = t157 / 0x1.4000000000000p+4;
        const double t191 = mn_do_LESS(t86, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t192 = mn_do_WHERE(t191, t190, 0x0.0p+0, 0.0, 0.0);
        const double t195 = mn_do_LESS(t95, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t196 = mn_do_WHERE(t195, t158, 0x0.0p+0, 0.0, 0.0);
        const double t205 = t55 * t158;
        const double t206 = t158 * t55 + t205;
        const double t207 = t206 / 0x1.2750000000000p+20;
        const double t208 = -t207;
        const double t209 = t74 * t208;
        const double t210 = t206 * t76 + t209;
        const double t211 = -t210;
        const double t212 = t74 * t211;
        const double t213 = t206 * t77 + t212;
        const double t214 = -t213;
        const double t215 = t74 * t214;
        const double t216 = t206 * t78 + t215;
        const double t217 = t160 + t216;
        const double t218 = mn_do_LESS(t55, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t219 = mn_do_WHERE(t218, t158, 0x0.0p+0, 0.0, 0.0);
        const double t226 = t157 / 0x1.4000000000000p+6;
        const double t227 = mn_do_LESS(t100, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t228 = mn_do_WHERE(t227, t226, 0x0.0p+0, 0.0, 0.0);
        const double t235 = in_0[k] + in_0[k];
        const double t236 = t235 * in_0[k] + t34;
        const double t237 = in_1[k] * t236;
        const double t238 = t237 * in_2[k];
        const double t239 = t238 * t39;
        const double t240 = in_11[k] * t239;
        const double t241 = t36 * t39;
        const double t242 = in_11[k] * t241;
        const double t243 = in_6[k] + in_6[k];
        const double t244 = t40 * t243;
        const double t245 = t243 * t40 + t244;
        const double t246 = in_7[k] * t245;
        const double t247 = t246 * t43;
        const double t248 = in_11[k] * t247;
        const double t249 = 0x0.0p+0;
        const double t250 = 0x0.0p+0;
        const double t251 = 0x0.0p+0;
        const double t252 = 0x0.0p+0;
        const double t253 = 0x0.0p+0;
        const double t254 = 0x0.0p+0;
        const double t255 = 0x0.0p+0;
        const double t256 = 0x0.0p+0;
        out_0[k] = t48;
        out_3[k] = t49;
        out_2[k] = t50;
        row_0[k] = t53;
        row_1[k] = t55;
        row_2[k] = t57;
        row_3[k] = t65;
        row_4[k] = t66;
        row_6[k] = t71;
        row_7[k] = t79;
        row_8[k] = t80;
        row_10[k] = t87;
        row_12[k] = t91;
        row_14[k] = t96;
        row_16[k] = t101;
        row_18[k] = t104;
        row_19[k] = t105;
        row_20[k] = t109;
        row_21[k] = t113;
        out_1[k] = t119;
        row_22[k] = t120;
        row_23[k] = t123;
        row_24[k] = t127;
        row_25[k] = t130;
        row_26[k] = t134;
        row_27[k] = t137;
        row_28[k] = t158;
        row_29[k] = t173;
        row_30[k] = t175;
        row_32[k] = t183;
        row_33[k] = t192;
        row_34[k] = t196;
        row_35[k] = t217;
        row_36[k] = t219;
        row_38[k] = t228;
        out_16[k] = t240;
        out_17[k] = t242;
        out_18[k] = t248;
        out_7[k] = t249;
        out_11[k] = t250;
        out_15[k] = t251;
        out_19[k] = t252;
        out_20[k] = t253;
        out_21[k] = t254;
        out_22[k] = t255;
        out_23[k] = t256;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_27 = row[27];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_32 = row[32];
    const double *restrict row_33 = row[33];
    const double *restrict row_34 = row[34];
    const double *restrict row_35 = row[35];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_10 = out[10] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict out_14 = out[14] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t68 = row_0[k] / row_5[k];
        const double t69 = mn_do_WHERE(row_2[k], row_3[k], t68, 0.0, 0.0);
        const double t82 = row_1[k] / row_9[k];
        const double t83 = mn_do_WHERE(row_6[k], row_7[k], t82, 0.0, 0.0);
        const double t84 = 0x1.999999999999ap-4 * t83;
        const double t89 = 0x1.1eb851eb851ecp-4 * row_11[k];
        const double t93 = 0x1.0000000000000p+2 * row_13[k];
        const double t98 = row_15[k] + 0x1.0000000000000p+0;
        const double t99 = 0x1.0000000000000p+0 / t98;
        const double t103 = 0x1.0000000000000p-3 * row_17[k];
        const double t106 = t93 * in_0[k];
        const double t107 = t69 * row_19[k] - t106;
        const double t108 = row_18[k] * t107;
        const double t110 = t99 * in_2[k];
        const double t111 = t89 * row_20[k] - t110;
        const double t112 = row_18[k] * t111;
        const double t114 = t103 * in_6[k];
        const double t115 = t84 * row_21[k] - t114;
        const double t116 = row_18[k] * t115;
        const double t121 = mn_do_LESS(0x0.0p+0, t108, 0.0, 0.0, 0.0);
        const double t122 = mn_do_AND(row_22[k], t121, 0.0, 0.0, 0.0);
        const double t124 = mn_do_LESS(t108, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t125 = mn_do_AND(row_23[k], t124, 0.0, 0.0, 0.0);
        const double t126 = mn_do_OR(t122, t125, 0.0, 0.0, 0.0);
        const double t128 = mn_do_LESS(0x0.0p+0, t112, 0.0, 0.0, 0.0);
        const double t129 = mn_do_AND(row_24[k], t128, 0.0, 0.0, 0.0);
        const double t131 = mn_do_LESS(t112, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t132 = mn_do_AND(row_25[k], t131, 0.0, 0.0, 0.0);
        const double t133 = mn_do_OR(t129, t132, 0.0, 0.0, 0.0);
        const double t135 = mn_do_LESS(0x0.0p+0, t116, 0.0, 0.0, 0.0);
        const double t136 = mn_do_AND(row_26[k], t135, 0.0, 0.0, 0.0);
        const double t138 = mn_do_LESS(t116, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t139 = mn_do_AND(row_27[k], t138, 0.0, 0.0, 0.0);
        const double t140 = mn_do_OR(t136, t139, 0.0, 0.0, 0.0);
        const double t141 = mn_do_WHERE(t126, 0x0.0p+0, t108, 0.0, 0.0);
        const double t142 = mn_do_WHERE(t133, 0x0.0p+0, t112, 0.0, 0.0);
        const double t143 = mn_do_WHERE(t140, 0x0.0p+0, t116, 0.0, 0.0);
        const double t144 = -t69;
        const double t145 = t144 - t93;
        const double t146 = row_18[k] * t145;
        const double t147 = mn_do_WHERE(t126, 0x0.0p+0, t146, 0.0, 0.0);
        const double t148 = -t89;
        const double t149 = t148 - t99;
        const double t150 = row_18[k] * t149;
        const double t151 = mn_do_WHERE(t133, 0x0.0p+0, t150, 0.0, 0.0);
        const double t152 = -t84;
        const double t153 = t152 - t103;
        const double t154 = row_18[k] * t153;
        const double t155 = mn_do_WHERE(t140, 0x0.0p+0, t154, 0.0, 0.0);
        const double t177 = row_31[k] * row_30[k];
        const double t178 = row_28[k] - t68 * t177;
        const double t179 = t178 / row_5[k];
        const double t180 = mn_do_WHERE(row_2[k], row_29[k], t179, 0.0, 0.0);
        const double t184 = row_13[k] * row_32[k];
        const double t185 = 0x1.0000000000000p+2 * t184;
        const double t186 = t185 * in_0[k];
        const double t187 = t180 * row_19[k] - t186;
        const double t188 = row_18[k] * t187;
        const double t189 = mn_do_WHERE(t126, 0x0.0p+0, t188, 0.0, 0.0);
        const double t193 = row_11[k] * row_33[k];
        const double t194 = 0x1.1eb851eb851ecp-4 * t193;
        const double t197 = row_15[k] * row_34[k];
        const double t198 = t99 * t197;
        const double t199 = -t198;
        const double t200 = t199 / t98;
        const double t201 = t200 * in_2[k];
        const double t202 = t194 * row_20[k] - t201;
        const double t203 = row_18[k] * t202;
        const double t204 = mn_do_WHERE(t133, 0x0.0p+0, t203, 0.0, 0.0);
        const double t221 = row_37[k] * row_36[k];
        const double t222 = row_28[k] - t82 * t221;
        const double t223 = t222 / row_9[k];
        const double t224 = mn_do_WHERE(row_6[k], row_35[k], t223, 0.0, 0.0);
        const double t225 = 0x1.999999999999ap-4 * t224;
        const double t229 = row_17[k] * row_38[k];
        const double t230 = 0x1.0000000000000p-3 * t229;
        const double t231 = t230 * in_6[k];
        const double t232 = t225 * row_21[k] - t231;
        const double t233 = row_18[k] * t232;
        const double t234 = mn_do_WHERE(t140, 0x0.0p+0, t233, 0.0, 0.0);
        out_4[k] = t141;
        out_5[k] = t142;
        out_6[k] = t143;
        out_8[k] = t147;
        out_9[k] = t151;
        out_10[k] = t155;
        out_12[k] = t189;
        out_13[k] = t204;
        out_14[k] = t234;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[39][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[4]}, row[5]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[10]}, row[11]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[14]}, row[15]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[16]}, row[17]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[31]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[37]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {12, 7, 10};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 4};

static const int16_t linearise_input[] = {13, 1, 14, MN_INPUT_VOLTAGE, 7, 4, 15, 2, 5, 6, 3, 9, 0, 10, 8, 11};
static const mn_program linearise_program = {.n_inputs = 16, .n_uniforms = 0, .n_outputs = 24};

const mn_equation_model mn_hodgkin_huxley = {
    .model =
        {
            .name = "HodgkinHuxley",
            .doc = "The membrane of a nerve fibre (Hodgkin and Huxley): a sodium path that opens (m) and closes again "
                   "(h), a potassium path (n), a leak and a capacitance, per area. Potentials count from V_R, upwards "
                   "for the inside, so that with V_R = 0 they are those of the paper and of 1952 turned round; with "
                   "V_R = -65 mV they are absolute, and v_initial must be given, too. The rates are those of 6.3 "
                   "degrees Celsius, phi times as fast.",
            .citation = "Hodgkin and Huxley, J. Physiol. 1952, 117, 500, doi 10.1113/jphysiol.1952.sp004764; as "
                        "equations 1 to 14 of Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029",
            .text =
                "doc The membrane of a nerve fibre (Hodgkin and Huxley): a sodium path that opens (m) and closes again "
                "(h), a potassium\n"
                "doc path (n), a leak and a capacitance, per area. Potentials count from V_R, upwards for the inside, "
                "so that with\n"
                "doc V_R = 0 they are those of the paper and of 1952 turned round; with V_R = -65 mV they are "
                "absolute, and v_initial must\n"
                "doc be given, too. The rates are those of 6.3 degrees Celsius, phi times as fast.\n"
                "source Hodgkin and Huxley, J. Physiol. 1952, 117, 500, doi 10.1113/jphysiol.1952.sp004764; as "
                "equations 1 to 14 of\n"
                "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029\n"
                "\n"
                "i     = area*(g_Na*m**3*h*(v - V_R - E_Na) + g_K*n**4*(v - V_R - E_K) + g_leak*(v - V_R - E_leak))\n"
                "q     = area*C_m*v\n"
                "dm/dt = phi/tau_0*(a_m*(1 - m) - b_m*m)\n"
                "dh/dt = phi/tau_0*(a_h*(1 - h) - b_h*h)\n"
                "dn/dt = phi/tau_0*(a_n*(1 - n) - b_n*n)\n"
                "\n"
                "u   = (v - V_R)/V_0\n"
                "z_m = (25 - u)/10\n"
                "z_n = (10 - u)/10\n"
                "# z/(exp(z) - 1), by its series near 0\n"
                "a_m = where(abs(z_m) < 0.1, 1 - z_m/2 + z_m**2*(1/12 - z_m**2*(1/720 - z_m**2*(1/30240 - "
                "z_m**2/1209600))), z_m/expm1(min(z_m, 500)))\n"
                "a_n = 0.1*where(abs(z_n) < 0.1, 1 - z_n/2 + z_n**2*(1/12 - z_n**2*(1/720 - z_n**2*(1/30240 - "
                "z_n**2/1209600))), z_n/expm1(min(z_n, 500)))\n"
                "a_h = 0.07*exp(min(-u/20, 500))\n"
                "b_m = 4*exp(min(-u/18, 500))\n"
                "b_h = 1/(exp(min((30 - u)/10, 500)) + 1)\n"
                "b_n = 0.125*exp(min(-u/80, 500))\n"
                "\n"
                "# the same at the start\n"
                "u_s   = (v_initial - V_R)/V_0\n"
                "z_ms  = (25 - u_s)/10\n"
                "z_ns  = (10 - u_s)/10\n"
                "a_ms  = where(abs(z_ms) < 0.1, 1 - z_ms/2 + z_ms**2*(1/12 - z_ms**2*(1/720 - z_ms**2*(1/30240 - "
                "z_ms**2/1209600))), z_ms/expm1(min(z_ms, 500)))\n"
                "a_ns  = 0.1*where(abs(z_ns) < 0.1, 1 - z_ns/2 + z_ns**2*(1/12 - z_ns**2*(1/720 - z_ns**2*(1/30240 - "
                "z_ns**2/1209600))), z_ns/expm1(min(z_ns, 500)))\n"
                "a_hs  = 0.07*exp(min(-u_s/20, 500))\n"
                "\n"
                "parameter C_m       = 1 uF/cm^2 in (0, inf)      : capacitance\n"
                "parameter g_Na      = 120 mS/cm^2 in [0, inf)    : conductance of open sodium paths\n"
                "parameter g_K       = 36 mS/cm^2 in [0, inf)     : conductance of open potassium paths\n"
                "parameter g_leak    = 0.3 mS/cm^2 in [0, inf)    : conductance of the leak\n"
                "parameter E_Na      = 115 mV                     : reversal potential of sodium, from V_R\n"
                "parameter E_K       = -12 mV                     : reversal potential of potassium, from V_R\n"
                "parameter E_leak    = 10.6 mV                    : reversal potential of the leak, from V_R\n"
                "parameter V_R       = 0 mV                       : resting potential\n"
                "parameter phi       = 1 in (0, inf)              : how many times as fast as at 6.3 degrees Celsius, "
                "as 3**((T - 6.3)/10)\n"
                "parameter area      = 1 cm^2 in (0, inf)         : area; with 1 cm2, 1 uA is 1 uA/cm2\n"
                "parameter V_0       = 1 mV in (0, inf)           : unit of the potentials in the rates\n"
                "parameter tau_0     = 1 ms in (0, inf)           : unit of the times in the rates\n"
                "parameter v_initial = 0 mV                       : voltage at the start, at which the paths rested "
                "before\n"
                "\n"
                "state m = a_ms/(a_ms + 4*exp(min(-u_s/18, 500))) in [0, 1]                 : activation of sodium\n"
                "state h = a_hs/(a_hs + 1/(exp(min((30 - u_s)/10, 500)) + 1)) in [0, 1]     : what of it is not "
                "deactivated\n"
                "state n = a_ns/(a_ns + 0.125*exp(min(-u_s/80, 500))) in [0, 1]             : activation of potassium\n"
                "\n"
                "preset figure-6: C_m = 1 uF/cm^2, g_Na = 120 mS/cm^2, g_K = 36 mS/cm^2, g_leak = 0.3 mS/cm^2, E_Na = "
                "115 mV, E_K = -12 mV, E_leak = 10.6 mV, V_R = 0 mV, v_initial = 0 mV : potentials from rest; C_m is "
                "that of 1952 [Bisquert, Adv. Phys. Res. 2024, figure 6]\n"
                "preset absolute: C_m = 1 uF/cm^2, g_Na = 120 mS/cm^2, g_K = 36 mS/cm^2, g_leak = 0.3 mS/cm^2, E_Na = "
                "115 mV, E_K = -12 mV, E_leak = 10.6 mV, V_R = -65 mV, v_initial = -65 mV : the same with absolute "
                "potentials [Bisquert, Adv. Phys. Res. 2024, figure 6; V_R is customary]\n",
            .check = "C_m",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT,
            .n_scratch = 0,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
