/* AdaptiveExponential, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "C_m",
     .unit = "F",
     .doc = "capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.34f677ecb65edp-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the leak",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.01b2b29a4692bp-25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_L",
     .unit = "V",
     .doc = "where the leak alone would rest",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_T",
     .unit = "V",
     .doc = "where the slopes of leak and upstroke cancel",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.9ce075f6fd220p-5,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .below = "V_cut"},
    {.name = "D_T",
     .unit = "V",
     .doc = "how sharply a spike begins",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-9,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_cut",
     .unit = "V",
     .doc = "voltage at which the spike is over",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.4af4f0d844d01p-5,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_r",
     .unit = "V",
     .doc = "voltage after a spike",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .below = "V_cut"},
    {.name = "a",
     .unit = "S",
     .doc = "how the adaptation follows the voltage",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-28,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "b",
     .unit = "A",
     .doc = "by how much a spike raises it",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.620af147bc06ap-34,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "tau_w",
     .unit = "s",
     .doc = "how long it lasts",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.26e978d4fdf3bp-3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "t_ref",
     .unit = "s",
     .doc = "refractory time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_ref",
     .unit = "S",
     .doc = "conductance that holds V_r for the refractory time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "w",
     .unit = "A",
     .doc = "adaptation current",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "resting",
     .unit = "1",
     .doc = "1 while it is refractory",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "until",
     .unit = "s",
     .doc = "when that ends",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "v_q",
     .unit = "V",
     .doc = "voltage of the charge at the last step",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "spike_holds",
     .unit = "1",
     .doc = "1 while the condition of spike holds",
     .kind = MN_FLAG,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "recovered_holds",
     .unit = "1",
     .doc = "1 while the condition of recovered holds",
     .kind = MN_FLAG,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-33},  {"g_L", 0x1.5798ee2308c3ap-27},      {"E_L", -0x1.1eb851eb851ecp-4},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.db22d0e560419p-5},  {"a", 0x1.12e0be826d695p-29},        {"b", 0x0.0p+0},
    {"tau_w", 0x1.eb851eb851eb8p-6}, {"v_initial", -0x1.1eb851eb851ecp-4}};

static const mn_preset_value values_1[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-33},  {"g_L", 0x1.9c511dc3a41dfp-27},      {"E_L", -0x1.1eb851eb851ecp-4},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.db22d0e560419p-5},  {"a", 0x1.12e0be826d695p-29},        {"b", 0x1.07e1fe91b0b70p-34},
    {"tau_w", 0x1.3333333333333p-2}, {"v_initial", -0x1.1eb851eb851ecp-4}};

static const mn_preset_value values_2[] = {
    {"C_m", 0x1.1ddf7e732a1b9p-33},  {"g_L", 0x1.353cd652bb167p-26},      {"E_L", -0x1.db22d0e560419p-5},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.999999999999ap-5},  {"a", 0x1.12e0be826d695p-28},        {"b", 0x1.07e1fe91b0b70p-33},
    {"tau_w", 0x1.3333333333333p-3}, {"v_initial", -0x1.db22d0e560419p-5}};

static const mn_preset_value values_3[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-33},  {"g_L", 0x1.5798ee2308c3ap-27},      {"E_L", -0x1.db22d0e560419p-5},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.78d4fdf3b645ap-5},  {"a", 0x1.12e0be826d695p-29},        {"b", 0x1.b7cdfd9d7bdbbp-34},
    {"tau_w", 0x1.eb851eb851eb8p-4}, {"v_initial", -0x1.db22d0e560419p-5}};

static const mn_preset_value values_4[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-33},  {"g_L", 0x1.9c511dc3a41dfp-27},      {"E_L", -0x1.1eb851eb851ecp-4},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.db22d0e560419p-5},  {"a", -0x1.5798ee2308c3ap-27},       {"b", 0x0.0p+0},
    {"tau_w", 0x1.3333333333333p-2}, {"v_initial", -0x1.1eb851eb851ecp-4}};

static const mn_preset_value values_5[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-34},  {"g_L", 0x1.5798ee2308c3ap-27},      {"E_L", -0x1.0a3d70a3d70a4p-4},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.810624dd2f1aap-5},  {"a", -0x1.5798ee2308c3ap-27},       {"b", 0x1.07e1fe91b0b70p-35},
    {"tau_w", 0x1.70a3d70a3d70ap-4}, {"v_initial", -0x1.0a3d70a3d70a4p-4}};

static const mn_preset_value values_6[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-34},  {"g_L", 0x1.5798ee2308c3ap-27},      {"E_L", -0x1.0a3d70a3d70a4p-4},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.810624dd2f1aap-5},  {"a", 0x1.5798ee2308c3ap-27},        {"b", 0x1.b7cdfd9d7bdbbp-34},
    {"tau_w", 0x1.70a3d70a3d70ap-4}, {"v_initial", -0x1.0a3d70a3d70a4p-4}};

static const mn_preset_value values_7[] = {
    {"C_m", 0x1.b7cdfd9d7bdbbp-34},  {"g_L", 0x1.9c511dc3a41dfp-27},      {"E_L", -0x1.eb851eb851eb8p-5},
    {"V_T", -0x1.999999999999ap-5},  {"D_T", 0x1.0624dd2f1a9fcp-9},       {"V_cut", -0x1.47ae147ae147bp-5},
    {"V_r", -0x1.89374bc6a7efap-5},  {"a", -0x1.79f505f35670cp-27},       {"b", 0x1.07e1fe91b0b70p-35},
    {"tau_w", 0x1.0a3d70a3d70a4p-3}, {"v_initial", -0x1.eb851eb851eb8p-5}};

static const mn_preset presets[] = {
    {.name = "tonic",
     .doc = "fires regularly, once it has come to rest, at 0.5 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_0)},
    {.name = "adapting",
     .doc = "adapts, fires ever more slowly, at 0.5 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_1)},
    {.name = "initial-burst",
     .doc = "a burst, then single spikes, at 0.4 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_2)},
    {.name = "bursting",
     .doc = "bursts of two spikes, again and again, at 0.21 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_3)},
    {.name = "accelerating",
     .doc = "begins late and gets faster at 0.3 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_4)},
    {.name = "delayed-bursting",
     .doc = "begins late and bursts at 0.11 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_5)},
    {.name = "transient",
     .doc = "fires at the onset alone, at 0.18 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_6)},
    {.name = "irregular",
     .doc = "intervals that go up and down, at 0.16 nA",
     .citation = "Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it in its "
                 "examples; V_cut is ours",
     MN_ARRAY(value, values_7)},
};

static const mn_event events[] = {{"spike", 1}, {"recovered", 2}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = 0x0.0p+0;
        const double t3 = 0x0.0p+0;
        const double t4 = 0x0.0p+0;
        const double t5 = in_0[k];
        const double t6 = 0x0.0p+0;
        const double t7 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
        out_2[k] = t4;
        out_3[k] = t5;
        out_4[k] = t6;
        out_5[k] = t7;
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
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_10 = out[10] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict out_14 = out[14] + first;
    double *restrict out_15 = out[15] + first;
    double *restrict out_16 = out[16] + first;
    double *restrict out_17 = out[17] + first;
    double *restrict out_18 = out[18] + first;
    double *restrict out_19 = out[19] + first;
    double *restrict out_20 = out[20] + first;
    double *restrict out_21 = out[21] + first;
    double *restrict out_22 = out[22] + first;
    double *restrict out_23 = out[23] + first;
    double *restrict out_24 = out[24] + first;
    double *restrict out_25 = out[25] + first;
    double *restrict out_26 = out[26] + first;
    double *restrict out_27 = out[27] + first;
    double *restrict out_28 = out[28] + first;
    double *restrict out_29 = out[29] + first;
    double *restrict out_30 = out[30] + first;
    double *restrict out_31 = out[31] + first;
    double *restrict out_32 = out[32] + first;
    double *restrict out_33 = out[33] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t18 = t17 - in_2[k];
        const double t19 = t18 / in_3[k];
        const double t20 = mn_do_MIN(t19, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t22 = mn_do_LESS(0x0.0p+0, in_4[k], 0.0, 0.0, 0.0);
        const double t23 = mn_do_LESS(0x0.0p+0, in_5[k], 0.0, 0.0, 0.0);
        const double t24 = mn_do_AND(t22, t23, 0.0, 0.0, 0.0);
        const double t25 = in_0[k] - in_6[k];
        const double t26 = in_5[k] * t25;
        const double t27 = in_0[k] - in_7[k];
        const double t28 = in_8[k] * in_3[k];
        const double t33 = in_10[k] * in_0[k];
        const double t34 = in_11[k] * t27 - in_9[k];
        const double t35 = t34 / in_12[k];
        const double t36 = mn_do_LESS(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t37 = mn_do_WHERE(t36, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t38 = t37 / in_3[k];
        const double t39 = mn_do_LESS(t19, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t40 = mn_do_WHERE(t39, t38, 0x0.0p+0, 0.0, 0.0);
        const double t44 = (-0x1.0000000000000p+0) / in_12[k];
        const double t45 = in_11[k] / in_12[k];
        const double t46 = mn_do_WHERE(t24, 0x0.0p+0, 0x1.0000000000000p+0, 0.0, 0.0);
        const double t47 = in_10[k];
        const double t48 = 0x0.0p+0;
        const double t49 = 0x0.0p+0;
        const double t50 = 0x0.0p+0;
        const double t51 = 0x0.0p+0;
        const double t52 = 0x0.0p+0;
        const double t53 = 0x0.0p+0;
        const double t54 = 0x0.0p+0;
        const double t55 = 0x0.0p+0;
        const double t56 = 0x0.0p+0;
        const double t57 = 0x0.0p+0;
        const double t58 = 0x0.0p+0;
        const double t59 = 0x0.0p+0;
        const double t60 = 0x0.0p+0;
        const double t61 = 0x0.0p+0;
        const double t62 = 0x0.0p+0;
        const double t63 = 0x0.0p+0;
        const double t64 = 0x0.0p+0;
        const double t65 = 0x0.0p+0;
        const double t66 = 0x0.0p+0;
        const double t67 = 0x0.0p+0;
        const double t68 = 0x0.0p+0;
        const double t69 = 0x0.0p+0;
        const double t70 = 0x0.0p+0;
        const double t71 = 0x0.0p+0;
        const double t72 = 0x0.0p+0;
        const double t73 = 0x0.0p+0;
        row_0[k] = t20;
        row_2[k] = t24;
        row_3[k] = t26;
        row_4[k] = t27;
        row_5[k] = t28;
        out_2[k] = t33;
        out_4[k] = t35;
        row_6[k] = t40;
        out_10[k] = t44;
        out_16[k] = t45;
        out_22[k] = t46;
        out_3[k] = t47;
        out_5[k] = t48;
        out_6[k] = t49;
        out_7[k] = t50;
        out_8[k] = t51;
        out_9[k] = t52;
        out_11[k] = t53;
        out_12[k] = t54;
        out_13[k] = t55;
        out_14[k] = t56;
        out_15[k] = t57;
        out_17[k] = t58;
        out_18[k] = t59;
        out_19[k] = t60;
        out_20[k] = t61;
        out_21[k] = t62;
        out_23[k] = t63;
        out_24[k] = t64;
        out_25[k] = t65;
        out_26[k] = t66;
        out_27[k] = t67;
        out_28[k] = t68;
        out_29[k] = t69;
        out_30[k] = t70;
        out_31[k] = t71;
        out_32[k] = t72;
        out_33[k] = t73;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t29 = row_5[k] * row_1[k];
        const double t30 = in_8[k] * row_4[k] - t29;
        const double t31 = t30 + in_9[k];
        const double t32 = mn_do_WHERE(row_2[k], row_3[k], t31, 0.0, 0.0);
        const double t41 = row_1[k] * row_6[k];
        const double t42 = in_8[k] - row_5[k] * t41;
        const double t43 = mn_do_WHERE(row_2[k], in_5[k], t42, 0.0, 0.0);
        out_0[k] = t32;
        out_1[k] = t43;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void crossing_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                       double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t10 = 0x1.0000000000000p-1 - in_0[k];
        const double t11 = in_1[k] - in_2[k];
        const double t12 = mn_do_MIN(t10, t11, 0.0, 0.0, 0.0);
        const double t13 = mn_do_LESS(t12, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t14 = -t12;
        const double t15 = mn_do_MIN(t14, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t16 = mn_do_WHERE(t13, t14, t15, 0.0, 0.0);
        const double t17 = mn_do_WHERE(in_3[k], t16, t12, 0.0, 0.0);
        const double t18 = in_0[k] - 0x1.0000000000000p-1;
        const double t19 = uniform[0] - in_4[k];
        const double t20 = mn_do_MIN(t18, t19, 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = -t20;
        const double t23 = mn_do_MIN(t22, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t24 = mn_do_WHERE(t21, t22, t23, 0.0, 0.0);
        const double t25 = mn_do_WHERE(in_5[k], t24, t20, 0.0, 0.0);
        out_0[k] = t17;
        out_1[k] = t25;
    }
}

static void crossing(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        crossing_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void jump_0_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t7 = in_0[k] + in_1[k];
        const double t8 = mn_do_LESS(0x0.0p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t9 = mn_do_WHERE(t8, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t10 = mn_do_MIN(t9, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t11 = mn_do_MAX(t10, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t12 = uniform[0] + in_2[k];
        const double t13 = in_3[k];
        out_0[k] = t7;
        out_1[k] = t11;
        out_2[k] = t12;
        out_3[k] = t13;
    }
}

static void jump_0(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        jump_0_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void jump_1_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t6 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t7 = mn_do_WHERE(t6, in_1[k], in_2[k], 0.0, 0.0);
        const double t8 = in_3[k];
        const double t9 = 0x0.0p+0;
        const double t10 = in_4[k];
        out_3[k] = t7;
        out_0[k] = t8;
        out_1[k] = t9;
        out_2[k] = t10;
    }
}

static void jump_1(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        jump_1_0(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {12};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 6};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 5, 3, 4, 14, 11, 6, 2, 1, 13, 0, 7, 9};
static const mn_program linearise_program = {.n_inputs = 13, .n_uniforms = 0, .n_outputs = 34};

static const int16_t crossing_input[] = {14, MN_INPUT_VOLTAGE, 5, 17, 15, 18};
static const int16_t crossing_uniform[] = {MN_UNIFORM_TIME};
static const mn_program crossing_program = {.n_inputs = 6, .n_uniforms = 1, .n_outputs = 2};

static const int16_t jump_0_input[] = {13, 8, 10, 6};
static const int16_t jump_0_uniform[] = {MN_UNIFORM_TIME};
static const mn_program jump_0_program = {.n_inputs = 4, .n_uniforms = 1, .n_outputs = 4};

static const int16_t jump_1_input[] = {11, 6, MN_INPUT_VOLTAGE, 13, 15};
static const mn_program jump_1_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 4};

static const mn_equations jumps[] = {
    {.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input, .uniform = jump_0_uniform},
    {.program = &jump_1_program, .compiled = jump_1, .input = jump_1_input}};

const mn_equation_model mn_adaptive_exponential = {
    .model =
        {
            .name = "AdaptiveExponential",
            .doc = "A membrane whose spikes begin as an exponential, and that adapts: a current w follows the voltage "
                   "below threshold (a) and grows at each spike (b). It accelerates, gets used, bursts. V_cut and the "
                   "upstroke are those of ExponentialIntegrateAndFire, refractory time and events those of "
                   "IntegrateAndFire. V_r stays below V_cut, but may be above V_T, where bursts come from.",
            .citation = "Brette and Gerstner, J. Neurophysiol. 2005, 94, 3637, doi 10.1152/jn.00686.2005",
            .text =
                "doc A membrane whose spikes begin as an exponential, and that adapts: a current w follows the voltage "
                "below threshold\n"
                "doc (a) and grows at each spike (b). It accelerates, gets used, bursts. V_cut and the upstroke are "
                "those of\n"
                "doc ExponentialIntegrateAndFire, refractory time and events those of IntegrateAndFire. V_r stays "
                "below V_cut, but may be\n"
                "doc above V_T, where bursts come from.\n"
                "source Brette and Gerstner, J. Neurophysiol. 2005, 94, 3637, doi 10.1152/jn.00686.2005\n"
                "\n"
                "i      = where(resting > 0 and g_ref > 0, g_ref*(v - V_r), g_L*(v - E_L) - g_L*D_T*upward + w)\n"
                "q      = C_m*v\n"
                "dw/dt  = (a*(v - E_L) - w)/tau_w\n"
                "upward = exp(min((min(v, V_cut) - V_T)/D_T, 500))\n"
                "\n"
                "event spike when resting < 0.5 and v > V_cut: v = V_r, w = w + b, resting = where(t_ref > 0, 1, 0), "
                "until = t + t_ref : it fires\n"
                "event recovered when resting > 0.5 and t >= until: v = where(g_ref > 0, V_r, v), resting = 0 : it may "
                "fire again\n"
                "\n"
                "parameter C_m       = 281 pF in (0, inf)        : capacitance\n"
                "parameter g_L       = 30 nS in (0, inf)         : conductance of the leak\n"
                "parameter E_L       = -70.6 mV                  : where the leak alone would rest\n"
                "parameter V_T       = -50.4 mV in (-inf, V_cut) : where the slopes of leak and upstroke cancel\n"
                "parameter D_T       = 2 mV in (0, inf)          : how sharply a spike begins\n"
                "parameter V_cut     = -40.4 mV                  : voltage at which the spike is over\n"
                "parameter V_r       = -70.6 mV in (-inf, V_cut) : voltage after a spike\n"
                "parameter a         = 4 nS                      : how the adaptation follows the voltage\n"
                "parameter b         = 80.5 pA                   : by how much a spike raises it\n"
                "parameter tau_w     = 144 ms in (0, inf)        : how long it lasts\n"
                "parameter t_ref     = 0 ms in [0, inf)          : refractory time\n"
                "parameter g_ref     = 1 mS in [0, inf)          : conductance that holds V_r for the refractory time\n"
                "parameter v_initial = -70.6 mV                  : voltage at the start\n"
                "\n"
                "state w       = 0 A         : adaptation current\n"
                "state resting = 0 in [0, 1] : 1 while it is refractory\n"
                "state until   = 0 s         : when that ends\n"
                "\n"
                "preset tonic: C_m = 200 pF, g_L = 10 nS, E_L = -70 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 mV, V_r "
                "= -58 mV, a = 2 nS, b = 0 pA, tau_w = 30 ms, v_initial = -70 mV : fires regularly, once it has come "
                "to rest, at 0.5 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian "
                "2 has it in its examples; V_cut is ours]\n"
                "preset adapting: C_m = 200 pF, g_L = 12 nS, E_L = -70 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 mV, "
                "V_r = -58 mV, a = 2 nS, b = 60 pA, tau_w = 300 ms, v_initial = -70 mV : adapts, fires ever more "
                "slowly, at 0.5 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian "
                "2 has it in its examples; V_cut is ours]\n"
                "preset initial-burst: C_m = 130 pF, g_L = 18 nS, E_L = -58 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 "
                "mV, V_r = -50 mV, a = 4 nS, b = 120 pA, tau_w = 150 ms, v_initial = -58 mV : a burst, then single "
                "spikes, at 0.4 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian "
                "2 has it in its examples; V_cut is ours]\n"
                "preset bursting: C_m = 200 pF, g_L = 10 nS, E_L = -58 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 mV, "
                "V_r = -46 mV, a = 2 nS, b = 100 pA, tau_w = 120 ms, v_initial = -58 mV : bursts of two spikes, again "
                "and again, at 0.21 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as "
                "Brian 2 has it in its examples; V_cut is ours]\n"
                "preset accelerating: C_m = 200 pF, g_L = 12 nS, E_L = -70 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 "
                "mV, V_r = -58 mV, a = -10 nS, b = 0 pA, tau_w = 300 ms, v_initial = -70 mV : begins late and gets "
                "faster at 0.3 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 "
                "has it in its examples; V_cut is ours]\n"
                "preset delayed-bursting: C_m = 100 pF, g_L = 10 nS, E_L = -65 mV, V_T = -50 mV, D_T = 2 mV, V_cut = "
                "-40 mV, V_r = -47 mV, a = -10 nS, b = 30 pA, tau_w = 90 ms, v_initial = -65 mV : begins late and "
                "bursts at 0.11 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian "
                "2 has it in its examples; V_cut is ours]\n"
                "preset transient: C_m = 100 pF, g_L = 10 nS, E_L = -65 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 mV, "
                "V_r = -47 mV, a = 10 nS, b = 100 pA, tau_w = 90 ms, v_initial = -65 mV : fires at the onset alone, at "
                "0.18 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 has it "
                "in its examples; V_cut is ours]\n"
                "preset irregular: C_m = 100 pF, g_L = 12 nS, E_L = -60 mV, V_T = -50 mV, D_T = 2 mV, V_cut = -40 mV, "
                "V_r = -48 mV, a = -11 nS, b = 30 pA, tau_w = 130 ms, v_initial = -60 mV : intervals that go up and "
                "down, at 0.16 nA [Naud et al., Biol. Cybern. 2008, 99, 335, doi 10.1007/s00422-008-0264-7, as Brian 2 "
                "has it in its examples; V_cut is ours]\n",
            .check = "C_m",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT | MN_FALLS,
            .n_scratch = 2,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            .crossing = mn_equation_crossing,
            .cross = mn_equation_cross,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
            MN_ARRAY(event, events),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
            [MN_EQUATIONS_CROSSING] = {.program = &crossing_program,
                                       .compiled = crossing,
                                       .input = crossing_input,
                                       .uniform = crossing_uniform},
        },
    .jump = jumps,
    .n_located = 2,
};
