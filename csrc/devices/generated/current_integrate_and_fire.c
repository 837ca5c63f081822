/* CurrentIntegrateAndFire, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_in",
     .unit = "S",
     .doc = "conductance of the input",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "C_m",
     .unit = "F",
     .doc = "capacitance of the membrane",
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
     .doc = "voltage at which it fires",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.9ce075f6fd220p-5,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_r",
     .unit = "V",
     .doc = "voltage after a spike",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .below = "V_T"},
    {.name = "t_ref",
     .unit = "s",
     .doc = "refractory time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "u",
     .unit = "V",
     .doc = "voltage of the membrane",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "rest",
     .unit = "s",
     .doc = "how much of the refractory time is left",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "resting",
     .unit = "1",
     .doc = "1 while it is refractory",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = in_0[k];
        const double t3 = 0x0.0p+0;
        const double t4 = 0x0.0p+0;
        const double t5 = 0x0.0p+0;
        const double t6 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
        out_2[k] = t4;
        out_3[k] = t5;
        out_4[k] = t6;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = in_0[k];
        const double t3 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
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
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_12 = in[12] + first;
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = in_0[k] * in_1[k];
        const double t19 = mn_do_LESS(0x0.0p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t20 = in_3[k] - in_4[k];
        const double t21 = t18 - in_5[k] * t20;
        const double t22 = t21 / in_6[k];
        const double t23 = mn_do_WHERE(t19, 0x0.0p+0, t22, 0.0, 0.0);
        const double t24 = mn_do_WHERE(t19, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t25 = -in_5[k];
        const double t26 = t25 / in_6[k];
        const double t27 = mn_do_WHERE(t19, 0x0.0p+0, t26, 0.0, 0.0);
        const double t28 = -in_4[k];
        const double t29 = t18 - in_5[k] * t28;
        const double t30 = t29 / in_6[k];
        const double t31 = mn_do_WHERE(t19, 0x0.0p+0, t30, 0.0, 0.0);
        const double t33 = uniform[0] * t24 + in_7[k];
        const double t34 = mn_do_MAX(t33, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t36 = mn_do_NOT(in_9[k], 0.0, 0.0, 0.0, 0.0);
        const double t38 = mn_do_LESS(0x0.0p+0, in_10[k], 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t41 = mn_do_MAX(in_10[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t43 = mn_do_MIN(t39, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t44 = mn_do_MAX(t43, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t49 = mn_do_NOT(in_12[k], 0.0, 0.0, 0.0, 0.0);
        row_1[k] = t23;
        row_2[k] = t27;
        row_3[k] = t31;
        row_5[k] = t34;
        row_6[k] = t36;
        row_7[k] = t41;
        row_8[k] = t44;
        row_9[k] = t49;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t35 = mn_do_LESS(in_8[k], row_4[k], 0.0, 0.0, 0.0);
        const double t37 = mn_do_AND(t35, row_6[k], 0.0, 0.0, 0.0);
        const double t40 = mn_do_WHERE(t37, in_11[k], row_4[k], 0.0, 0.0);
        const double t42 = mn_do_WHERE(t37, row_7[k], row_5[k], 0.0, 0.0);
        const double t45 = mn_do_WHERE(t37, row_8[k], in_2[k], 0.0, 0.0);
        const double t46 = mn_do_LESS_EQUAL(t42, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t47 = mn_do_LESS(0x1.0000000000000p-1, t45, 0.0, 0.0, 0.0);
        const double t48 = mn_do_AND(t47, t46, 0.0, 0.0, 0.0);
        const double t50 = mn_do_AND(t48, row_9[k], 0.0, 0.0, 0.0);
        const double t51 = mn_do_WHERE(t50, 0x0.0p+0, t45, 0.0, 0.0);
        const double t52 = mn_do_LESS(in_8[k], t40, 0.0, 0.0, 0.0);
        const double t53 = mn_do_WHERE(t52, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t54 = mn_do_LESS(0x1.0000000000000p-1, t51, 0.0, 0.0, 0.0);
        const double t55 = mn_do_AND(t54, t46, 0.0, 0.0, 0.0);
        const double t56 = mn_do_WHERE(t55, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        out_5[k] = t37;
        out_0[k] = t40;
        out_1[k] = t42;
        out_6[k] = t50;
        out_2[k] = t51;
        out_3[k] = t53;
        out_4[k] = t56;
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
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[3] + first, row[0], row[2], row[1], row[3]},
                         row[4]);
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t10 = in_0[k] * in_1[k];
        const double t11 = mn_do_LESS(0x0.0p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t12 = in_3[k] - in_4[k];
        const double t13 = t10 - in_5[k] * t12;
        const double t14 = t13 / in_6[k];
        const double t15 = mn_do_WHERE(t11, 0x0.0p+0, t14, 0.0, 0.0);
        const double t16 = mn_do_WHERE(t11, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t17 = -in_5[k];
        const double t18 = t17 / in_6[k];
        const double t19 = mn_do_WHERE(t11, 0x0.0p+0, t18, 0.0, 0.0);
        const double t20 = mn_do_LESS_EQUAL(in_7[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS(t16, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_AND(t20, t21, 0.0, 0.0, 0.0);
        const double t23 = mn_do_WHERE(t22, 0x0.0p+0, t16, 0.0, 0.0);
        const double t24 = in_0[k] / in_6[k];
        const double t25 = mn_do_WHERE(t11, 0x0.0p+0, t24, 0.0, 0.0);
        const double t26 = in_0[k];
        const double t27 = 0x0.0p+0;
        const double t28 = 0x0.0p+0;
        const double t29 = 0x0.0p+0;
        const double t30 = 0x0.0p+0;
        const double t31 = 0x0.0p+0;
        const double t32 = 0x0.0p+0;
        const double t33 = 0x0.0p+0;
        const double t34 = 0x0.0p+0;
        const double t35 = 0x0.0p+0;
        const double t36 = 0x0.0p+0;
        const double t37 = 0x0.0p+0;
        const double t38 = 0x0.0p+0;
        const double t39 = 0x0.0p+0;
        const double t40 = 0x0.0p+0;
        const double t41 = 0x0.0p+0;
        const double t42 = 0x0.0p+0;
        out_0[k] = t10;
        out_2[k] = t15;
        out_7[k] = t19;
        out_3[k] = t23;
        out_12[k] = t25;
        out_1[k] = t26;
        out_4[k] = t27;
        out_5[k] = t28;
        out_6[k] = t29;
        out_8[k] = t30;
        out_9[k] = t31;
        out_10[k] = t32;
        out_11[k] = t33;
        out_13[k] = t34;
        out_14[k] = t35;
        out_15[k] = t36;
        out_16[k] = t37;
        out_17[k] = t38;
        out_18[k] = t39;
        out_19[k] = t40;
        out_20[k] = t41;
        out_21[k] = t42;
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t9 = in_0[k] - in_1[k];
        const double t10 = mn_do_LESS(t9, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t11 = -t9;
        const double t12 = mn_do_MIN(t11, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t13 = mn_do_WHERE(t10, t11, t12, 0.0, 0.0);
        const double t14 = mn_do_WHERE(in_2[k], t13, t9, 0.0, 0.0);
        const double t15 = in_3[k] - 0x1.0000000000000p-1;
        const double t16 = -in_4[k];
        const double t17 = mn_do_MIN(t15, t16, 0.0, 0.0, 0.0);
        const double t18 = mn_do_LESS(t17, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t19 = -t17;
        const double t20 = mn_do_MIN(t19, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t21 = mn_do_WHERE(t18, t19, t20, 0.0, 0.0);
        const double t22 = mn_do_WHERE(in_5[k], t21, t17, 0.0, 0.0);
        out_0[k] = t14;
        out_1[k] = t22;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t4 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t5 = mn_do_WHERE(t4, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t6 = mn_do_MAX(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t7 = mn_do_MIN(t5, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t8 = mn_do_MAX(t7, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t9 = in_1[k];
        out_1[k] = t6;
        out_2[k] = t8;
        out_0[k] = t9;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = in_0[k];
        const double t4 = in_1[k];
        const double t5 = 0x0.0p+0;
        out_0[k] = t3;
        out_1[k] = t4;
        out_2[k] = t5;
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

static const int16_t start_input[] = {3};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 5};

static const int16_t conductance_input[] = {0};
static const mn_program conductance_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {0, MN_INPUT_VOLTAGE, 9, 7, 3, 2, 1, 8, 4, 10, 6, 5, 11};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 13, .n_uniforms = 1, .n_outputs = 7};

static const int16_t linearise_input[] = {0, MN_INPUT_VOLTAGE, 9, 7, 3, 2, 1, 8};
static const mn_program linearise_program = {.n_inputs = 8, .n_uniforms = 0, .n_outputs = 22};

static const int16_t crossing_input[] = {7, 4, 10, 9, 8, 11};
static const mn_program crossing_program = {.n_inputs = 6, .n_uniforms = 0, .n_outputs = 2};

static const int16_t jump_0_input[] = {6, 5};
static const mn_program jump_0_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 3};

static const int16_t jump_1_input[] = {7, 8};
static const mn_program jump_1_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 3};

static const mn_equations jumps[] = {{.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input},
                                     {.program = &jump_1_program, .compiled = jump_1, .input = jump_1_input}};

const mn_equation_model mn_current_integrate_and_fire = {
    .model =
        {
            .name = "CurrentIntegrateAndFire",
            .doc = "A neuron at virtual ground, as an amplifier makes it. The current that comes in through the input "
                   "conductance g_in charges a membrane u that the circuit does not see; where u passes V_T it jumps "
                   "to V_r and stays there for t_ref. The larger g_in, the nearer to 0 V is the node that it holds. "
                   "Fixed steps look for spikes at their ends, so that networks of such neurons need no iteration; "
                   "spikes and refractory times then take whole steps. Adaptive steps locate them. The events are "
                   "those of IntegrateAndFire. V_r stays below V_T.",
            .citation = "Lapicque, J. Physiol. Pathol. Gen. 1907, 9, 620; as equation 20 of Chen, Zhang, "
                        "Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, with a reset",
            .text = "doc A neuron at virtual ground, as an amplifier makes it. The current that comes in through the "
                    "input conductance g_in\n"
                    "doc charges a membrane u that the circuit does not see; where u passes V_T it jumps to V_r and "
                    "stays there for t_ref. The\n"
                    "doc larger g_in, the nearer to 0 V is the node that it holds. Fixed steps look for spikes at "
                    "their ends, so that networks of\n"
                    "doc such neurons need no iteration; spikes and refractory times then take whole steps. Adaptive "
                    "steps locate them. The\n"
                    "doc events are those of IntegrateAndFire. V_r stays below V_T.\n"
                    "source Lapicque, J. Physiol. Pathol. Gen. 1907, 9, 620; as equation 20 of\n"
                    "source Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, "
                    "with a reset\n"
                    "\n"
                    "i        = g_in*v\n"
                    "du/dt    = where(resting > 0, 0, (i - g_L*(u - E_L))/C_m)\n"
                    "drest/dt = where(resting > 0, -1, 0)\n"
                    "\n"
                    "event spike when u > V_T: u = V_r, rest = t_ref, resting = where(t_ref > 0, 1, 0) : it fires\n"
                    "event recovered when resting > 0.5 and rest <= 0: resting = 0 : it may fire again\n"
                    "\n"
                    "parameter g_in  = 1 S in (0, inf)           : conductance of the input\n"
                    "parameter C_m   = 281 pF in (0, inf)        : capacitance of the membrane\n"
                    "parameter g_L   = 30 nS in (0, inf)         : conductance of the leak\n"
                    "parameter E_L   = -70.6 mV                  : where the leak alone would rest\n"
                    "parameter V_T   = -50.4 mV                  : voltage at which it fires\n"
                    "parameter V_r   = -70.6 mV in (-inf, V_T)   : voltage after a spike\n"
                    "parameter t_ref = 0 ms in [0, inf)          : refractory time\n"
                    "\n"
                    "state u       = E_L              : voltage of the membrane\n"
                    "state rest    = 0 s in [0, inf)  : how much of the refractory time is left\n"
                    "state resting = 0 in [0, 1]      : 1 while it is refractory\n",
            .check = "g_in",
            .flags = MN_EVENTS_AT_STEPS,
            .n_scratch = 4,
            .n_at_once = 2,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            .crossing = mn_equation_crossing,
            .cross = mn_equation_cross,
            MN_ARRAY(field, fields),
            MN_ARRAY(event, events),
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
            [MN_EQUATIONS_CROSSING] = {.program = &crossing_program, .compiled = crossing, .input = crossing_input},
        },
    .jump = jumps,
    .n_located = 2,
    .n_at_steps = 2,
};
