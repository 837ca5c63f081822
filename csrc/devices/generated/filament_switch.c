/* FilamentSwitch, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on",
     .unit = "ohm",
     .doc = "resistance of a bridge, m = 1, of thickness S = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3880000000000p+15,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off",
     .unit = "ohm",
     .doc = "resistance of an empty gap, m = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.dcd6500000000p+29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "mu",
     .unit = "1/(V s)",
     .doc = "how fast a voltage drives the filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+6,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma1",
     .unit = "1/s",
     .doc = "how fast the filament dissolves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma2",
     .unit = "1/s",
     .doc = "how fast the residue dissolves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma3",
     .unit = "1/s",
     .doc = "how fast a bridge gets thinner",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "theta",
     .unit = "1/(V s)",
     .doc = "how fast a voltage thickens a bridge",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha",
     .unit = "1",
     .doc = "gap at which the drive of a closing one stops growing",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.47ae147ae147bp-7,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "beta",
     .unit = "1/s",
     .doc = "how fast filament turns into residue",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+6,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "lam",
     .unit = "1",
     .doc = "share of the gap over which the resistance falls by e",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "sigma1",
     .unit = "1",
     .doc = "relative standard deviation of gamma1 at f = 1, of which the mean is taken",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "sigma2",
     .unit = "1",
     .doc = "relative standard deviation of gamma2 at r = 1, of which the mean is taken",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "r_initial",
     .unit = "1",
     .doc = "residue at the start, beside no filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "m",
     .unit = "1",
     .doc = "share of the gap that filament and residue cover together",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "r",
     .unit = "1",
     .doc = "residue, at most m",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "S",
     .unit = "1",
     .doc = "thickness of the bridge",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x1.0000000000000p+0, INFINITY, "[)")},
};

static const mn_preset_value values_0[] = {{"R_on", 0x1.3880000000000p+15},
                                           {"R_off", 0x1.dcd6500000000p+29},
                                           {"mu", 0x1.9000000000000p+6},
                                           {"gamma1", 0x1.9000000000000p+9},
                                           {"gamma2", 0x1.4000000000000p+3},
                                           {"gamma3", 0x1.0000000000000p+2},
                                           {"theta", 0x1.4000000000000p+3},
                                           {"alpha", 0x1.47ae147ae147bp-7},
                                           {"beta", 0x1.4000000000000p+6},
                                           {"lam", 0x1.999999999999ap-4},
                                           {"sigma1", 0x0.0p+0},
                                           {"sigma2", 0x0.0p+0},
                                           {"r_initial", 0x1.999999999999ap-2}};

static const mn_preset_value values_1[] = {
    {"R_on", 0x1.3880000000000p+15},    {"R_off", 0x1.dcd6500000000p+29}, {"mu", 0x1.9000000000000p+6},
    {"gamma1", 0x1.9000000000000p+9},   {"gamma2", 0x1.4000000000000p+3}, {"gamma3", 0x1.0000000000000p+2},
    {"theta", 0x1.4000000000000p+3},    {"alpha", 0x1.47ae147ae147bp-7},  {"beta", 0x1.4000000000000p+6},
    {"lam", 0x1.999999999999ap-4},      {"sigma1", 0x1.4000000000000p+3}, {"sigma2", 0x0.0p+0},
    {"r_initial", 0x1.999999999999ap-2}};

static const mn_preset_value values_2[] = {
    {"R_on", 0x1.3880000000000p+12},    {"R_off", 0x1.7d78400000000p+26}, {"mu", 0x1.2c00000000000p+8},
    {"gamma1", 0x1.9000000000000p+7},   {"gamma2", 0x1.4000000000000p+4}, {"gamma3", 0x1.4000000000000p+3},
    {"theta", 0x1.9000000000000p+7},    {"alpha", 0x1.47ae147ae147bp-7},  {"beta", 0x1.4000000000000p+4},
    {"lam", 0x1.0000000000000p+0},      {"sigma1", 0x1.e000000000000p+4}, {"sigma2", 0x1.4000000000000p+3},
    {"r_initial", 0x1.999999999999ap-4}};

static const mn_preset presets[] = {
    {.name = "pulse",
     .doc = "pulses of 1 V behind 22 kohm, without the noise; the residue is the middle of the drawn 0.3 to 0.5",
     .citation = "code of Wang et al. 2024, PulseStimulation.py",
     MN_ARRAY(value, values_0)},
    {.name = "pulse-noise",
     .doc = "the same with what its noise does to the mean rate",
     .citation = "code of Wang et al. 2024, PulseStimulation.py",
     MN_ARRAY(value, values_1)},
    {.name = "neuron",
     .doc = "beside 6 nF, behind 150 kohm, at 1 V; without sigma1 it closes once and stays so",
     .citation = "code of Wang et al. 2024, OscillatoryNeuron.py",
     MN_ARRAY(value, values_2)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t5 = t4;
        const double t6 = 0x1.0000000000000p+0;
        out_0[k] = t4;
        out_1[k] = t5;
        out_2[k] = t6;
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
    const double *restrict in_3 = in[3] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = in_0[k] * in_1[k];
        const double t9 = in_2[k] * in_2[k];
        const double t10 = t8 / t9;
        const double t11 = -in_1[k];
        const double t12 = t11 / in_3[k];
        const double t15 = in_1[k] - 0x1.0000000000000p+0;
        const double t16 = t15 / in_3[k];
        const double t19 = (-0x1.0000000000000p+0) / in_3[k];
        const double t24 = 0x0.0p+0;
        row_0[k] = t10;
        row_1[k] = t12;
        row_3[k] = t16;
        row_5[k] = t19;
        out_1[k] = t24;
    }
}

MN_VECTOR
static void conductance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = in_4[k] * row_2[k];
        const double t18 = t14 * row_4[k];
        const double t21 = t18 / row_6[k];
        const double t22 = row_0[k] + t21;
        const double t23 = 0x1.0000000000000p+0 / t22;
        out_0[k] = t23;
    }
}

static void conductance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        conductance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[5]}, row[6]);
        conductance_1(m, first, in, uniform, row, out);
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
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    double *restrict row_25 = row[25];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t20 = in_0[k] - in_1[k];
        const double t21 = mn_do_MAX(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_ABS(in_2[k], 0.0, 0.0, 0.0, 0.0);
        const double t23 = in_3[k] * t22;
        const double t24 = in_4[k] + 0x1.0000000000000p+0;
        const double t25 = t24 - in_0[k];
        const double t26 = t23 / t25;
        const double t27 = in_5[k] * t21;
        const double t28 = t27 / 0x1.bcca54a7e5981p+0;
        const double t29 = mn_do_MAX(t28, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t30 = in_6[k] * in_1[k];
        const double t31 = t30 / 0x1.bcca54a7e5981p+0;
        const double t32 = mn_do_MAX(t31, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t33 = in_7[k] * t21;
        const double t34 = (-0x1.0000000000000p+0) / t29;
        const double t38 = in_8[k] * in_1[k];
        const double t39 = (-0x1.0000000000000p+0) / t32;
        const double t45 = in_9[k] * t22;
        const double t46 = 0x1.0000000000000p+0 - in_10[k];
        const double t48 = in_10[k] - 0x1.0000000000000p+0;
        const double t49 = mn_do_MIN(t48, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t53 = mn_do_LESS(0x1.0000000000000p+0, in_10[k], 0.0, 0.0, 0.0);
        const double t58 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t63 = mn_do_LESS(0x0.0p+0, t20, 0.0, 0.0, 0.0);
        const double t64 = mn_do_WHERE(t63, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t65 = t26 / t25;
        const double t66 = in_5[k] * t64;
        const double t67 = t66 / 0x1.bcca54a7e5981p+0;
        const double t68 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t28, 0.0, 0.0, 0.0);
        const double t69 = mn_do_WHERE(t68, t67, 0x0.0p+0, 0.0, 0.0);
        const double t70 = in_7[k] * t64;
        const double t71 = t34 * t69;
        const double t72 = -t71;
        const double t73 = t72 / t29;
        const double t89 = mn_do_WHERE(t63, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t90 = in_6[k] / 0x1.bcca54a7e5981p+0;
        const double t91 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t31, 0.0, 0.0, 0.0);
        const double t92 = mn_do_WHERE(t91, t90, 0x0.0p+0, 0.0, 0.0);
        const double t93 = t39 * t92;
        const double t94 = -t93;
        const double t95 = t94 / t32;
        const double t112 = mn_do_LESS(t48, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t113 = mn_do_WHERE(t112, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        row_0[k] = t21;
        row_1[k] = t26;
        row_2[k] = t29;
        row_3[k] = t32;
        row_4[k] = t33;
        row_5[k] = t34;
        row_7[k] = t38;
        row_8[k] = t39;
        row_10[k] = t45;
        row_11[k] = t46;
        row_13[k] = t49;
        row_15[k] = t53;
        row_16[k] = t58;
        row_17[k] = t65;
        row_18[k] = t69;
        row_19[k] = t70;
        row_20[k] = t73;
        row_21[k] = t89;
        row_22[k] = t92;
        row_23[k] = t95;
        row_25[k] = t113;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_20 = row[20];
    const double *restrict row_23 = row[23];
    const double *restrict row_25 = row[25];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_24 = row[24];
    double *restrict row_26 = row[26];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t51 = in_11[k] * row_14[k];
        const double t52 = row_10[k] * row_12[k] - t51;
        const double t74 = row_6[k] * row_20[k];
        const double t75 = 0x1.0000000000000p+0 + row_6[k];
        const double t76 = t74 / t75;
        const double t77 = row_2[k] * t76;
        const double t96 = row_9[k] * row_23[k];
        const double t97 = 0x1.0000000000000p+0 + row_9[k];
        const double t98 = t96 / t97;
        const double t99 = row_3[k] * t98;
        const double t111 = -row_12[k];
        const double t114 = row_14[k] * row_25[k];
        const double t115 = in_11[k] * t114;
        const double t116 = row_10[k] * t111 - t115;
        row_11[k] = t52;
        row_13[k] = t77;
        row_24[k] = t99;
        row_26[k] = t116;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_24 = row[24];
    const double *restrict row_26 = row[26];
    double *restrict row_6 = row[6];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_20 = row[20];
    double *restrict row_25 = row[25];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t37 = row_2[k] * row_5[k] + 0x1.0000000000000p+0;
        const double t42 = row_3[k] * row_8[k] + 0x1.0000000000000p+0;
        const double t43 = row_7[k] * t42;
        const double t44 = row_4[k] * t37 + t43;
        const double t54 = row_1[k] - t44;
        const double t55 = mn_do_WHERE(row_15[k], 0x0.0p+0, t54, 0.0, 0.0);
        const double t56 = in_12[k] * row_0[k] - t43;
        const double t57 = mn_do_WHERE(row_15[k], 0x0.0p+0, t56, 0.0, 0.0);
        const double t59 = mn_do_LESS_EQUAL(t44, row_1[k], 0.0, 0.0, 0.0);
        const double t60 = mn_do_OR(row_15[k], t59, 0.0, 0.0, 0.0);
        const double t61 = mn_do_AND(row_16[k], t60, 0.0, 0.0, 0.0);
        const double t62 = mn_do_WHERE(t61, row_11[k], 0x0.0p+0, 0.0, 0.0);
        const double t78 = row_18[k] * row_5[k] + row_13[k];
        const double t79 = row_4[k] * t78;
        const double t80 = row_19[k] * t37 + t79;
        const double t81 = row_17[k] - t80;
        const double t82 = mn_do_WHERE(row_15[k], 0x0.0p+0, t81, 0.0, 0.0);
        const double t83 = t82 * uniform[0];
        const double t100 = row_22[k] * row_8[k] + row_24[k];
        const double t101 = row_7[k] * t100;
        const double t102 = in_8[k] * t42 + t101;
        const double t103 = in_12[k] * row_21[k] - t102;
        const double t104 = mn_do_WHERE(row_15[k], 0x0.0p+0, t103, 0.0, 0.0);
        const double t105 = t104 * uniform[0];
        const double t117 = mn_do_WHERE(t61, row_26[k], 0x0.0p+0, 0.0, 0.0);
        const double t118 = t117 * uniform[0];
        row_6[k] = t55;
        row_9[k] = t57;
        row_10[k] = t62;
        row_12[k] = t83;
        row_20[k] = t105;
        row_25[k] = t118;
    }
}

MN_VECTOR
static void advance_3(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_14 = row[14];
    const double *restrict row_23 = row[23];
    const double *restrict row_27 = row[27];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t85 = uniform[0] * row_14[k];
        const double t86 = t85 * row_6[k] + in_0[k];
        const double t87 = mn_do_MIN(t86, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t88 = mn_do_MAX(t87, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t107 = uniform[0] * row_23[k];
        const double t108 = t107 * row_9[k] + in_1[k];
        const double t109 = mn_do_MIN(t108, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t110 = mn_do_MAX(t109, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t120 = uniform[0] * row_27[k];
        const double t121 = t120 * row_10[k] + in_10[k];
        const double t122 = mn_do_MAX(t121, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        out_0[k] = t88;
        out_1[k] = t110;
        out_2[k] = t122;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[28][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[11]}, row[12]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[13]}, row[14]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[6]}, row[5]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[9]}, row[8]);
        advance_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[12]}, row[14]);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[20]}, row[23]);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[25]}, row[27]);
        advance_3(m, first, in, uniform, row, out);
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
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    double *restrict row_33 = row[33];
    double *restrict row_34 = row[34];
    double *restrict row_35 = row[35];
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_39 = row[39];
    double *restrict row_40 = row[40];
    double *restrict row_42 = row[42];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t22 = in_0[k] * in_1[k];
        const double t23 = in_2[k] * in_2[k];
        const double t24 = t22 / t23;
        const double t25 = -in_1[k];
        const double t26 = t25 / in_3[k];
        const double t29 = in_1[k] - 0x1.0000000000000p+0;
        const double t30 = t29 / in_3[k];
        const double t33 = (-0x1.0000000000000p+0) / in_3[k];
        const double t38 = in_1[k] - in_6[k];
        const double t39 = mn_do_MAX(t38, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t40 = mn_do_ABS(in_5[k], 0.0, 0.0, 0.0, 0.0);
        const double t41 = in_7[k] * t40;
        const double t42 = in_8[k] + 0x1.0000000000000p+0;
        const double t43 = t42 - in_1[k];
        const double t44 = t41 / t43;
        const double t45 = in_9[k] * t39;
        const double t46 = t45 / 0x1.bcca54a7e5981p+0;
        const double t47 = mn_do_MAX(t46, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t48 = in_10[k] * in_6[k];
        const double t49 = t48 / 0x1.bcca54a7e5981p+0;
        const double t50 = mn_do_MAX(t49, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t51 = in_11[k] * t39;
        const double t52 = (-0x1.0000000000000p+0) / t47;
        const double t56 = in_12[k] * in_6[k];
        const double t57 = (-0x1.0000000000000p+0) / t50;
        const double t63 = in_13[k] * t40;
        const double t64 = 0x1.0000000000000p+0 - in_2[k];
        const double t66 = in_2[k] - 0x1.0000000000000p+0;
        const double t67 = mn_do_MIN(t66, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t71 = mn_do_LESS(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t76 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_1[k], 0.0, 0.0, 0.0);
        const double t82 = mn_do_LESS(0x0.0p+0, t38, 0.0, 0.0, 0.0);
        const double t83 = mn_do_WHERE(t82, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t84 = t44 / t43;
        const double t85 = in_9[k] * t83;
        const double t86 = t85 / 0x1.bcca54a7e5981p+0;
        const double t87 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t46, 0.0, 0.0, 0.0);
        const double t88 = mn_do_WHERE(t87, t86, 0x0.0p+0, 0.0, 0.0);
        const double t89 = in_11[k] * t83;
        const double t90 = t52 * t88;
        const double t91 = -t90;
        const double t92 = t91 / t47;
        const double t102 = mn_do_WHERE(t82, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t103 = in_10[k] / 0x1.bcca54a7e5981p+0;
        const double t104 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t49, 0.0, 0.0, 0.0);
        const double t105 = mn_do_WHERE(t104, t103, 0x0.0p+0, 0.0, 0.0);
        const double t106 = t57 * t105;
        const double t107 = -t106;
        const double t108 = t107 / t50;
        const double t119 = mn_do_LESS(t66, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t120 = mn_do_WHERE(t119, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t127 = mn_do_LESS_EQUAL(in_1[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t131 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_6[k], 0.0, 0.0, 0.0);
        const double t134 = mn_do_LESS_EQUAL(in_6[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t138 = mn_do_LESS_EQUAL(in_2[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t147 = mn_do_LESS(in_5[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t148 = mn_do_WHERE(t147, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t149 = in_7[k] * t148;
        const double t150 = t149 / t43;
        const double t151 = mn_do_WHERE(t71, 0x0.0p+0, t150, 0.0, 0.0);
        const double t153 = in_13[k] * t148;
        const double t157 = in_0[k] / t23;
        const double t160 = 0x1.0000000000000p+0 / in_3[k];
        const double t170 = in_2[k] + in_2[k];
        const double t171 = t24 * t170;
        const double t172 = -t171;
        const double t173 = t172 / t23;
        const double t177 = 0x0.0p+0;
        const double t178 = 0x0.0p+0;
        row_0[k] = t24;
        row_1[k] = t26;
        row_3[k] = t30;
        row_5[k] = t33;
        row_7[k] = t39;
        row_8[k] = t44;
        row_9[k] = t47;
        row_10[k] = t50;
        row_11[k] = t51;
        row_12[k] = t52;
        row_14[k] = t56;
        row_15[k] = t57;
        row_17[k] = t63;
        row_18[k] = t64;
        row_20[k] = t67;
        row_22[k] = t71;
        row_23[k] = t76;
        row_24[k] = t84;
        row_25[k] = t88;
        row_26[k] = t89;
        row_27[k] = t92;
        row_28[k] = t102;
        row_29[k] = t105;
        row_30[k] = t108;
        row_31[k] = t120;
        row_32[k] = t127;
        row_33[k] = t131;
        row_34[k] = t134;
        row_35[k] = t138;
        row_36[k] = t151;
        row_37[k] = t153;
        row_39[k] = t157;
        row_40[k] = t160;
        row_42[k] = t173;
        out_9[k] = t177;
        out_12[k] = t178;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_19 = row[19];
    const double *restrict row_21 = row[21];
    const double *restrict row_27 = row[27];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_37 = row[37];
    const double *restrict row_39 = row[39];
    const double *restrict row_40 = row[40];
    const double *restrict row_41 = row[41];
    const double *restrict row_42 = row[42];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict row_12 = row[12];
    double *restrict row_15 = row[15];
    double *restrict row_18 = row[18];
    double *restrict row_20 = row[20];
    double *restrict row_38 = row[38];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t28 = in_4[k] * row_2[k];
        const double t32 = t28 * row_4[k];
        const double t35 = t32 / row_6[k];
        const double t36 = row_0[k] + t35;
        const double t37 = in_5[k] / t36;
        const double t69 = in_14[k] * row_21[k];
        const double t70 = row_17[k] * row_19[k] - t69;
        const double t81 = 0x1.0000000000000p+0 / t36;
        const double t93 = row_13[k] * row_27[k];
        const double t94 = 0x1.0000000000000p+0 + row_13[k];
        const double t95 = t93 / t94;
        const double t96 = row_9[k] * t95;
        const double t109 = row_16[k] * row_30[k];
        const double t110 = 0x1.0000000000000p+0 + row_16[k];
        const double t111 = t109 / t110;
        const double t112 = row_10[k] * t111;
        const double t118 = -row_19[k];
        const double t121 = row_21[k] * row_31[k];
        const double t122 = in_14[k] * t121;
        const double t123 = row_17[k] * t118 - t122;
        const double t154 = row_37[k] * row_19[k];
        const double t158 = row_2[k] * row_5[k];
        const double t159 = in_4[k] * t158;
        const double t162 = row_41[k] * row_40[k];
        const double t163 = t28 * t162;
        const double t164 = t159 * row_4[k] + t163;
        const double t165 = t164 / row_6[k];
        const double t166 = row_39[k] + t165;
        const double t167 = t37 * t166;
        const double t168 = -t167;
        const double t169 = t168 / t36;
        const double t174 = t37 * row_42[k];
        const double t175 = -t174;
        const double t176 = t175 / t36;
        out_0[k] = t37;
        row_12[k] = t70;
        out_1[k] = t81;
        row_15[k] = t96;
        row_18[k] = t112;
        row_20[k] = t123;
        row_38[k] = t154;
        out_11[k] = t169;
        out_13[k] = t176;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_18 = row[18];
    const double *restrict row_20 = row[20];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_32 = row[32];
    const double *restrict row_33 = row[33];
    const double *restrict row_34 = row[34];
    const double *restrict row_35 = row[35];
    const double *restrict row_36 = row[36];
    const double *restrict row_38 = row[38];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_10 = out[10] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t55 = row_9[k] * row_1[k] + 0x1.0000000000000p+0;
        const double t60 = row_10[k] * row_3[k] + 0x1.0000000000000p+0;
        const double t61 = row_14[k] * t60;
        const double t62 = row_11[k] * t55 + t61;
        const double t72 = row_8[k] - t62;
        const double t73 = mn_do_WHERE(row_22[k], 0x0.0p+0, t72, 0.0, 0.0);
        const double t74 = in_15[k] * row_7[k] - t61;
        const double t75 = mn_do_WHERE(row_22[k], 0x0.0p+0, t74, 0.0, 0.0);
        const double t77 = mn_do_LESS_EQUAL(t62, row_8[k], 0.0, 0.0, 0.0);
        const double t78 = mn_do_OR(row_22[k], t77, 0.0, 0.0, 0.0);
        const double t79 = mn_do_AND(row_23[k], t78, 0.0, 0.0, 0.0);
        const double t80 = mn_do_WHERE(t79, row_12[k], 0x0.0p+0, 0.0, 0.0);
        const double t97 = row_25[k] * row_1[k] + row_15[k];
        const double t98 = row_11[k] * t97;
        const double t99 = row_26[k] * t55 + t98;
        const double t100 = row_24[k] - t99;
        const double t101 = mn_do_WHERE(row_22[k], 0x0.0p+0, t100, 0.0, 0.0);
        const double t113 = row_29[k] * row_3[k] + row_18[k];
        const double t114 = row_14[k] * t113;
        const double t115 = in_12[k] * t60 + t114;
        const double t116 = in_15[k] * row_28[k] - t115;
        const double t117 = mn_do_WHERE(row_22[k], 0x0.0p+0, t116, 0.0, 0.0);
        const double t124 = mn_do_WHERE(t79, row_20[k], 0x0.0p+0, 0.0, 0.0);
        const double t125 = mn_do_LESS(0x0.0p+0, t73, 0.0, 0.0, 0.0);
        const double t126 = mn_do_AND(row_23[k], t125, 0.0, 0.0, 0.0);
        const double t128 = mn_do_LESS(t73, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t129 = mn_do_AND(row_32[k], t128, 0.0, 0.0, 0.0);
        const double t130 = mn_do_OR(t126, t129, 0.0, 0.0, 0.0);
        const double t132 = mn_do_LESS(0x0.0p+0, t75, 0.0, 0.0, 0.0);
        const double t133 = mn_do_AND(row_33[k], t132, 0.0, 0.0, 0.0);
        const double t135 = mn_do_LESS(t75, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t136 = mn_do_AND(row_34[k], t135, 0.0, 0.0, 0.0);
        const double t137 = mn_do_OR(t133, t136, 0.0, 0.0, 0.0);
        const double t139 = mn_do_LESS(t80, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t140 = mn_do_AND(row_35[k], t139, 0.0, 0.0, 0.0);
        const double t141 = mn_do_WHERE(t130, 0x0.0p+0, t73, 0.0, 0.0);
        const double t142 = mn_do_WHERE(t137, 0x0.0p+0, t75, 0.0, 0.0);
        const double t143 = mn_do_WHERE(t140, 0x0.0p+0, t80, 0.0, 0.0);
        const double t144 = mn_do_WHERE(t130, 0x0.0p+0, t101, 0.0, 0.0);
        const double t145 = mn_do_WHERE(t137, 0x0.0p+0, t117, 0.0, 0.0);
        const double t146 = mn_do_WHERE(t140, 0x0.0p+0, t124, 0.0, 0.0);
        const double t152 = mn_do_WHERE(t130, 0x0.0p+0, row_36[k], 0.0, 0.0);
        const double t155 = mn_do_WHERE(t79, row_38[k], 0x0.0p+0, 0.0, 0.0);
        const double t156 = mn_do_WHERE(t140, 0x0.0p+0, t155, 0.0, 0.0);
        out_2[k] = t141;
        out_3[k] = t142;
        out_4[k] = t143;
        out_5[k] = t144;
        out_6[k] = t145;
        out_7[k] = t146;
        out_8[k] = t152;
        out_10[k] = t156;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[43][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[15]}, row[16]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[18]}, row[19]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[20]}, row[21]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[41]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[13]}, row[1]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[16]}, row[3]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {12};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 3};

static const int16_t conductance_input[] = {0, 13, 15, 9, 1};
static const mn_program conductance_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {13, 14, MN_INPUT_VOLTAGE, 2, 7, 10, 11, 3, 4, 6, 15, 5, 8};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 13, .n_uniforms = 1, .n_outputs = 3};

static const int16_t linearise_input[] = {0, 13, 15, 9, 1, MN_INPUT_VOLTAGE, 14, 2, 7, 10, 11, 3, 4, 6, 5, 8};
static const mn_program linearise_program = {.n_inputs = 16, .n_uniforms = 0, .n_outputs = 14};

const mn_equation_model mn_filament_switch = {
    .model =
        {
            .name = "FilamentSwitch",
            .doc = "A diffusive memristor in SI units. A voltage drives silver into a filament, which turns into "
                   "residue, and both dissolve. Together they cover the share m of the gap; where they bridge it, m = "
                   "1, and are driven further, the bridge thickens, S > 1, and as long as it is thicker than 1 nothing "
                   "dissolves. The filament of the source is f = m - r here. The published sets have noise on gamma1 "
                   "and gamma2 at each step, proportional to f and r, and cut where a rate would be negative; sigma1 "
                   "and sigma2 keep what that does to the mean rates, within 1 %, and 0 leaves the bare law.",
            .citation = "Wang et al., A faithful and compact diffusive memristor model, IEEE Trans. Circuits Syst. "
                        "Artif. Intell. 2024, 1, 141, doi 10.1109/TCASAI.2024.3484370, and its code, "
                        "yanglab2021/DiffusiveMemristor; the mean of the cut noise is ours",
            .text =
                "doc A diffusive memristor in SI units. A voltage drives silver into a filament, which turns into "
                "residue, and both\n"
                "doc dissolve. Together they cover the share m of the gap; where they bridge it, m = 1, and are driven "
                "further, the bridge\n"
                "doc thickens, S > 1, and as long as it is thicker than 1 nothing dissolves. The filament of the "
                "source is f = m - r here.\n"
                "doc The published sets have noise on gamma1 and gamma2 at each step, proportional to f and r, and cut "
                "where a rate would be\n"
                "doc negative; sigma1 and sigma2 keep what that does to the mean rates, within 1 %, and 0 leaves the "
                "bare law.\n"
                "source Wang et al., A faithful and compact diffusive memristor model, IEEE Trans. Circuits Syst. "
                "Artif. Intell. 2024, 1, 141,\n"
                "source doi 10.1109/TCASAI.2024.3484370, and its code, yanglab2021/DiffusiveMemristor; the mean of the "
                "cut noise is ours\n"
                "\n"
                "i     = v/resistance\n"
                "resistance = R_on*m/S**2 + R_off*exp(-m/lam)*expm1((m - 1)/lam)/expm1(-1/lam)\n"
                "f     = max(m - r, 0)\n"
                "grows = mu*abs(v)/(alpha + 1 - m)\n"
                "fades = gamma1*f*(1 + b_1*log1p(exp(-1/b_1))) + gamma2*r*(1 + b_2*log1p(exp(-1/b_2)))\n"
                "thick = theta*abs(v)*exp(1 - S) - gamma3*exp(min(S - 1, 700))\n"
                "# The mean of 1 + s z with normal z, negative values taken as 0: that of a logistic z with the same "
                "first two terms at large s\n"
                "b_1   = max(sigma1*f/(sqrt(2*pi)*log(2)), 1e-3)\n"
                "b_2   = max(sigma2*r/(sqrt(2*pi)*log(2)), 1e-3)\n"
                "\n"
                "dm/dt = where(S > 1, 0, grows - fades)\n"
                "dr/dt = where(S > 1, 0, beta*f - gamma2*r*(1 + b_2*log1p(exp(-1/b_2))))\n"
                "# A bridge that dissolves faster than it is driven does not thicken: at m = 1, S = 1 only one of the "
                "two moves\n"
                "dS/dt = where(m >= 1 and (S > 1 or grows >= fades), thick, 0)\n"
                "\n"
                "parameter R_on      = 40 kohm in (0, inf)     : resistance of a bridge, m = 1, of thickness S = 1\n"
                "parameter R_off     = 1 Gohm in (0, inf)      : resistance of an empty gap, m = 0\n"
                "parameter mu        = 100 1/(V s) in [0, inf) : how fast a voltage drives the filament\n"
                "parameter gamma1    = 800 1/s in [0, inf)     : how fast the filament dissolves\n"
                "parameter gamma2    = 10 1/s in [0, inf)      : how fast the residue dissolves\n"
                "parameter gamma3    = 4 1/s in [0, inf)       : how fast a bridge gets thinner\n"
                "parameter theta     = 10 1/(V s) in [0, inf)  : how fast a voltage thickens a bridge\n"
                "parameter alpha     = 0.01 in (0, inf)        : gap at which the drive of a closing one stops "
                "growing\n"
                "parameter beta      = 80 1/s in [0, inf)      : how fast filament turns into residue\n"
                "parameter lam       = 0.1 in (0, inf)         : share of the gap over which the resistance falls by "
                "e\n"
                "parameter sigma1    = 0 in [0, inf)           : relative standard deviation of gamma1 at f = 1, of "
                "which the mean is taken\n"
                "parameter sigma2    = 0 in [0, inf)           : relative standard deviation of gamma2 at r = 1, of "
                "which the mean is taken\n"
                "parameter r_initial = 0 in [0, 1]             : residue at the start, beside no filament\n"
                "\n"
                "state m = r_initial in [0, 1]                 : share of the gap that filament and residue cover "
                "together\n"
                "state r = r_initial in [0, 1]                 : residue, at most m\n"
                "state S = 1 in [1, inf)                       : thickness of the bridge\n"
                "\n"
                "preset pulse: R_on = 40 kohm, R_off = 1 Gohm, mu = 100 1/(V s), gamma1 = 800 1/s, gamma2 = 10 1/s, "
                "gamma3 = 4 1/s, theta = 10 1/(V s), alpha = 0.01, beta = 80 1/s, lam = 0.1, sigma1 = 0, sigma2 = 0, "
                "r_initial = 0.4 : pulses of 1 V behind 22 kohm, without the noise; the residue is the middle of the "
                "drawn 0.3 to 0.5 [code of Wang et al. 2024, PulseStimulation.py]\n"
                "preset pulse-noise: R_on = 40 kohm, R_off = 1 Gohm, mu = 100 1/(V s), gamma1 = 800 1/s, gamma2 = 10 "
                "1/s, gamma3 = 4 1/s, theta = 10 1/(V s), alpha = 0.01, beta = 80 1/s, lam = 0.1, sigma1 = 10, sigma2 "
                "= 0, r_initial = 0.4 : the same with what its noise does to the mean rate [code of Wang et al. 2024, "
                "PulseStimulation.py]\n"
                "preset neuron: R_on = 5 kohm, R_off = 100 Mohm, mu = 300 1/(V s), gamma1 = 200 1/s, gamma2 = 20 1/s, "
                "gamma3 = 10 1/s, theta = 200 1/(V s), alpha = 0.01, beta = 20 1/s, lam = 1, sigma1 = 30, sigma2 = 10, "
                "r_initial = 0.1 : beside 6 nF, behind 150 kohm, at 1 V; without sigma1 it closes once and stays so "
                "[code of Wang et al. 2024, OscillatoryNeuron.py]\n",
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
