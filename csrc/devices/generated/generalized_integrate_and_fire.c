/* GeneralizedIntegrateAndFire, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "C_m",
     .unit = "F",
     .doc = "capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the leak",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_L",
     .unit = "V",
     .doc = "where the leak alone would rest",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.1eb851eb851ecp-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_T",
     .unit = "V",
     .doc = "threshold at rest",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.999999999999ap-5,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_Tr",
     .unit = "V",
     .doc = "least threshold after a spike",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.eb851eb851eb8p-5,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_r",
     .unit = "V",
     .doc = "voltage after a spike",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.1eb851eb851ecp-4,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .below = "V_Tr"},
    {.name = "a",
     .unit = "1/s",
     .doc = "how the threshold follows the voltage",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "b",
     .unit = "1/s",
     .doc = "how fast it returns",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "k_1",
     .unit = "1/s",
     .doc = "how fast the first current fades",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+7,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "k_2",
     .unit = "1/s",
     .doc = "how fast the second one does",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_1",
     .unit = "1",
     .doc = "what a spike leaves of the first current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "R_2",
     .unit = "1",
     .doc = "what it leaves of the second one",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "A_1",
     .unit = "A",
     .doc = "what a spike adds to the first current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "A_2",
     .unit = "A",
     .doc = "what it adds to the second one",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
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
     .initial = -0x1.1eb851eb851ecp-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "Theta",
     .unit = "V",
     .doc = "voltage at which it fires",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "I_1",
     .unit = "A",
     .doc = "first current, inwards",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "I_2",
     .unit = "A",
     .doc = "second current, inwards",
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

static const mn_preset_value values_0[] = {{"a", 0x0.0p+0}, {"A_1", 0x0.0p+0}, {"A_2", 0x0.0p+0}};

static const mn_preset_value values_1[] = {{"a", 0x1.4000000000000p+2}, {"A_1", 0x0.0p+0}, {"A_2", 0x0.0p+0}};

static const mn_preset_value values_2[] = {
    {"a", 0x1.4000000000000p+2}, {"A_1", 0x1.5798ee2308c3ap-27}, {"A_2", -0x1.49da7e361ce4cp-31}};

static const mn_preset_value values_3[] = {
    {"a", 0x1.4000000000000p+2}, {"A_1", 0x1.5798ee2308c3ap-28}, {"A_2", -0x1.49da7e361ce4cp-32}};

static const mn_preset presets[] = {
    {.name = "tonic",
     .doc = "fires regularly, 1.5 nA in",
     .citation = "Mihalas and Niebur 2009, figure 1A, times 1 nF",
     MN_ARRAY(value, values_0)},
    {.name = "adapting",
     .doc = "slows down at 2 nA, fires once at 1.5 nA",
     .citation = "Mihalas and Niebur 2009, figures 1C and 1D, times 1 nF",
     MN_ARRAY(value, values_1)},
    {.name = "bursting",
     .doc = "bursts at 2 nA, once at 1.5 nA",
     .citation = "Mihalas and Niebur 2009, figures 1M and 1N, times 1 nF",
     MN_ARRAY(value, values_2)},
    {.name = "mixed",
     .doc = "a burst, then single spikes, at 2 nA",
     .citation = "Mihalas and Niebur 2009, figure 1P, times 1 nF",
     MN_ARRAY(value, values_3)},
};

static const mn_event events[] = {{"spike", 1}, {"recovered", 2}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = in_0[k];
        const double t4 = 0x0.0p+0;
        const double t5 = 0x0.0p+0;
        const double t6 = 0x0.0p+0;
        const double t7 = 0x0.0p+0;
        const double t8 = in_1[k];
        const double t9 = 0x0.0p+0;
        const double t10 = 0x0.0p+0;
        out_0[k] = t3;
        out_1[k] = t4;
        out_2[k] = t5;
        out_3[k] = t6;
        out_4[k] = t7;
        out_5[k] = t8;
        out_6[k] = t9;
        out_7[k] = t10;
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
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
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
    double *restrict out_34 = out[34] + first;
    double *restrict out_35 = out[35] + first;
    double *restrict out_36 = out[36] + first;
    double *restrict out_37 = out[37] + first;
    double *restrict out_38 = out[38] + first;
    double *restrict out_39 = out[39] + first;
    double *restrict out_40 = out[40] + first;
    double *restrict out_41 = out[41] + first;
    double *restrict out_42 = out[42] + first;
    double *restrict out_43 = out[43] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t18 = mn_do_LESS(0x0.0p+0, in_1[k], 0.0, 0.0, 0.0);
        const double t19 = mn_do_AND(t17, t18, 0.0, 0.0, 0.0);
        const double t20 = in_2[k] - in_3[k];
        const double t21 = in_1[k] * t20;
        const double t22 = in_2[k] - in_4[k];
        const double t23 = in_5[k] * t22 - in_6[k];
        const double t24 = t23 - in_7[k];
        const double t25 = mn_do_WHERE(t19, t21, t24, 0.0, 0.0);
        const double t26 = in_8[k] * in_2[k];
        const double t27 = in_9[k] - in_10[k];
        const double t28 = in_11[k] * t27;
        const double t29 = in_12[k] * t22 - t28;
        const double t30 = -in_13[k];
        const double t31 = t30 * in_6[k];
        const double t32 = -in_14[k];
        const double t33 = t32 * in_7[k];
        const double t34 = mn_do_WHERE(t19, in_1[k], in_5[k], 0.0, 0.0);
        const double t35 = -in_11[k];
        const double t36 = mn_do_WHERE(t19, 0x0.0p+0, (-0x1.0000000000000p+0), 0.0, 0.0);
        const double t37 = in_8[k];
        const double t38 = 0x0.0p+0;
        const double t39 = 0x0.0p+0;
        const double t40 = 0x0.0p+0;
        const double t41 = 0x0.0p+0;
        const double t42 = 0x0.0p+0;
        const double t43 = 0x0.0p+0;
        const double t44 = 0x0.0p+0;
        const double t45 = 0x0.0p+0;
        const double t46 = 0x0.0p+0;
        const double t47 = 0x0.0p+0;
        const double t48 = in_12[k];
        const double t49 = 0x0.0p+0;
        const double t50 = 0x0.0p+0;
        const double t51 = 0x0.0p+0;
        const double t52 = 0x0.0p+0;
        const double t53 = 0x0.0p+0;
        const double t54 = 0x0.0p+0;
        const double t55 = 0x0.0p+0;
        const double t56 = 0x0.0p+0;
        const double t57 = t36;
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
        out_0[k] = t25;
        out_2[k] = t26;
        out_4[k] = t29;
        out_13[k] = t30;
        out_5[k] = t31;
        out_14[k] = t32;
        out_6[k] = t33;
        out_1[k] = t34;
        out_12[k] = t35;
        out_29[k] = t36;
        out_3[k] = t37;
        out_7[k] = t38;
        out_8[k] = t39;
        out_9[k] = t40;
        out_10[k] = t41;
        out_11[k] = t42;
        out_15[k] = t43;
        out_16[k] = t44;
        out_17[k] = t45;
        out_18[k] = t46;
        out_19[k] = t47;
        out_20[k] = t48;
        out_21[k] = t49;
        out_22[k] = t50;
        out_23[k] = t51;
        out_24[k] = t52;
        out_25[k] = t53;
        out_26[k] = t54;
        out_27[k] = t55;
        out_28[k] = t56;
        out_30[k] = t57;
        out_31[k] = t58;
        out_32[k] = t59;
        out_33[k] = t60;
        out_34[k] = t61;
        out_35[k] = t62;
        out_36[k] = t63;
        out_37[k] = t64;
        out_38[k] = t65;
        out_39[k] = t66;
        out_40[k] = t67;
        out_41[k] = t68;
        out_42[k] = t69;
        out_43[k] = t70;
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
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] * in_1[k] + in_2[k];
        const double t14 = in_3[k] * in_4[k] + in_5[k];
        const double t15 = mn_do_MAX(in_6[k], in_7[k], 0.0, 0.0, 0.0);
        const double t16 = mn_do_LESS(0x0.0p+0, in_8[k], 0.0, 0.0, 0.0);
        const double t17 = mn_do_WHERE(t16, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t18 = mn_do_MIN(t17, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t19 = mn_do_MAX(t18, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t20 = uniform[0] + in_8[k];
        const double t21 = in_9[k];
        out_1[k] = t13;
        out_2[k] = t14;
        out_0[k] = t15;
        out_3[k] = t19;
        out_4[k] = t20;
        out_5[k] = t21;
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
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t9 = mn_do_WHERE(t8, in_1[k], in_2[k], 0.0, 0.0);
        const double t10 = in_3[k];
        const double t11 = in_4[k];
        const double t12 = in_5[k];
        const double t13 = 0x0.0p+0;
        const double t14 = in_6[k];
        out_5[k] = t9;
        out_0[k] = t10;
        out_1[k] = t11;
        out_2[k] = t12;
        out_3[k] = t13;
        out_4[k] = t14;
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

static const int16_t start_input[] = {3, 16};
static const mn_program start_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 8};

static const int16_t linearise_input[] = {20, 15, MN_INPUT_VOLTAGE, 5, 2, 1, 18, 19, 0, 17, 3, 7, 6, 8, 9};
static const mn_program linearise_program = {.n_inputs = 15, .n_uniforms = 0, .n_outputs = 44};

static const int16_t crossing_input[] = {20, MN_INPUT_VOLTAGE, 17, 23, 21, 24};
static const int16_t crossing_uniform[] = {MN_UNIFORM_TIME};
static const mn_program crossing_program = {.n_inputs = 6, .n_uniforms = 1, .n_outputs = 2};

static const int16_t jump_0_input[] = {10, 18, 12, 11, 19, 13, 4, 17, 14, 5};
static const int16_t jump_0_uniform[] = {MN_UNIFORM_TIME};
static const mn_program jump_0_program = {.n_inputs = 10, .n_uniforms = 1, .n_outputs = 6};

static const int16_t jump_1_input[] = {15, 5, MN_INPUT_VOLTAGE, 17, 18, 19, 21};
static const mn_program jump_1_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 6};

static const mn_equations jumps[] = {
    {.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input, .uniform = jump_0_uniform},
    {.program = &jump_1_program, .compiled = jump_1, .input = jump_1_input}};

const mn_equation_model mn_generalized_integrate_and_fire = {
    .model =
        {
            .name = "GeneralizedIntegrateAndFire",
            .doc = "A membrane with two currents that its spikes bring and a threshold that moves, all linear between "
                   "spikes. A spike sets the currents to R_k I_k + A_k (inwards where A_k > 0), from where they fade "
                   "at the rates k_1 and k_2. The threshold follows the voltage at the rate a, returns to V_T at the "
                   "rate b, and is at least V_Tr after a spike. So it adapts, bursts, and fires on rebound. Refractory "
                   "time and events are those of IntegrateAndFire. V_r stays below V_Tr.",
            .citation = "Mihalas and Niebur, Neural Comput. 2009, 21, 704, doi 10.1162/neco.2008.12-07-680",
            .text =
                "doc A membrane with two currents that its spikes bring and a threshold that moves, all linear between "
                "spikes. A spike\n"
                "doc sets the currents to R_k I_k + A_k (inwards where A_k > 0), from where they fade at the rates k_1 "
                "and k_2. The\n"
                "doc threshold follows the voltage at the rate a, returns to V_T at the rate b, and is at least V_Tr "
                "after a spike. So\n"
                "doc it adapts, bursts, and fires on rebound. Refractory time and events are those of "
                "IntegrateAndFire. V_r stays below\n"
                "doc V_Tr.\n"
                "source Mihalas and Niebur, Neural Comput. 2009, 21, 704, doi 10.1162/neco.2008.12-07-680\n"
                "\n"
                "i          = where(resting > 0 and g_ref > 0, g_ref*(v - V_r), g_L*(v - E_L) - I_1 - I_2)\n"
                "q          = C_m*v\n"
                "dTheta/dt  = a*(v - E_L) - b*(Theta - V_T)\n"
                "dI_1/dt    = -k_1*I_1\n"
                "dI_2/dt    = -k_2*I_2\n"
                "\n"
                "event spike when resting < 0.5 and v > Theta: v = V_r, I_1 = R_1*I_1 + A_1, I_2 = R_2*I_2 + A_2, "
                "Theta = max(V_Tr, Theta), resting = where(t_ref > 0, 1, 0), until = t + t_ref : it fires\n"
                "event recovered when resting > 0.5 and t >= until: v = where(g_ref > 0, V_r, v), resting = 0 : it may "
                "fire again\n"
                "\n"
                "parameter C_m       = 1 nF in (0, inf)         : capacitance\n"
                "parameter g_L       = 50 nS in (0, inf)        : conductance of the leak\n"
                "parameter E_L       = -70 mV                   : where the leak alone would rest\n"
                "parameter V_T       = -50 mV                   : threshold at rest\n"
                "parameter V_Tr      = -60 mV                   : least threshold after a spike\n"
                "parameter V_r       = -70 mV in (-inf, V_Tr)   : voltage after a spike\n"
                "parameter a         = 0 1/s                    : how the threshold follows the voltage\n"
                "parameter b         = 10 1/s in (0, inf)       : how fast it returns\n"
                "parameter k_1       = 200 1/s in (0, inf)      : how fast the first current fades\n"
                "parameter k_2       = 20 1/s in (0, inf)       : how fast the second one does\n"
                "parameter R_1       = 0                        : what a spike leaves of the first current\n"
                "parameter R_2       = 1                        : what it leaves of the second one\n"
                "parameter A_1       = 0 nA                     : what a spike adds to the first current\n"
                "parameter A_2       = 0 nA                     : what it adds to the second one\n"
                "parameter t_ref     = 0 ms in [0, inf)         : refractory time\n"
                "parameter g_ref     = 1 mS in [0, inf)         : conductance that holds V_r for the refractory time\n"
                "parameter v_initial = -70 mV                   : voltage at the start\n"
                "\n"
                "state Theta   = V_T         : voltage at which it fires\n"
                "state I_1     = 0 A         : first current, inwards\n"
                "state I_2     = 0 A         : second current, inwards\n"
                "state resting = 0 in [0, 1] : 1 while it is refractory\n"
                "state until   = 0 s         : when that ends\n"
                "\n"
                "preset tonic: a = 0 1/s, A_1 = 0 nA, A_2 = 0 nA : fires regularly, 1.5 nA in [Mihalas and Niebur "
                "2009, figure 1A, times 1 nF]\n"
                "preset adapting: a = 5 1/s, A_1 = 0 nA, A_2 = 0 nA : slows down at 2 nA, fires once at 1.5 nA "
                "[Mihalas and Niebur 2009, figures 1C and 1D, times 1 nF]\n"
                "preset bursting: a = 5 1/s, A_1 = 10 nA, A_2 = -0.6 nA : bursts at 2 nA, once at 1.5 nA [Mihalas and "
                "Niebur 2009, figures 1M and 1N, times 1 nF]\n"
                "preset mixed: a = 5 1/s, A_1 = 5 nA, A_2 = -0.3 nA : a burst, then single spikes, at 2 nA [Mihalas "
                "and Niebur 2009, figure 1P, times 1 nF]\n",
            .check = "C_m",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT,
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
