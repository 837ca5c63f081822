/* TEAM, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on",
     .unit = "ohm",
     .doc = "resistance at x = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+6,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off",
     .unit = "ohm",
     .doc = "resistance at x = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.86a0000000000p+17,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "D",
     .unit = "m",
     .doc = "length over which the state moves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9c511dc3a41dfp-29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "i_on",
     .unit = "A",
     .doc = "threshold towards low resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.2aa26af9731e0p-17,
     MN_RANGE(-INFINITY, 0x0.0p+0, "()")},
    {.name = "i_off",
     .unit = "A",
     .doc = "threshold towards high resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.e2584f4c6e6dap-14,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "k_on",
     .unit = "m/s",
     .doc = "speed towards low resistance at i = 2 i_on",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.c25c268497682p-41,
     MN_RANGE(-INFINITY, 0x0.0p+0, "(]")},
    {.name = "k_off",
     .unit = "m/s",
     .doc = "speed towards high resistance at i = 2 i_off",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.c25c268497682p-41,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha_on",
     .unit = "1",
     .doc = "power of the current beyond i_on",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "alpha_off",
     .unit = "1",
     .doc = "power of the current beyond i_off",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "state at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "state, as a share of D",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {{"R_on", 0x1.9000000000000p+6},      {"R_off", 0x1.86a0000000000p+17},
                                           {"D", 0x1.9c511dc3a41dfp-29},        {"i_on", -0x1.2aa26af9731e0p-17},
                                           {"i_off", 0x1.e2584f4c6e6dap-14},    {"k_on", -0x1.c25c268497682p-41},
                                           {"k_off", 0x1.c25c268497682p-41},    {"alpha_on", 0x1.8000000000000p+1},
                                           {"alpha_off", 0x1.8000000000000p+1}, {"x_initial", 0x1.0000000000000p-1}};

static const mn_preset_value values_1[] = {
    {"R_on", 0x1.9000000000000p+5},   {"R_off", 0x1.f400000000000p+9},    {"D", 0x1.49da7e361ce4cp-31},
    {"i_on", -0x1.2aa26af9731e0p-17}, {"i_off", 0x1.e2584f4c6e6dap-14},   {"k_on", -0x1.1ae37e0741265p-71},
    {"k_off", 0x1.aeea7b256d370p-60}, {"alpha_on", 0x1.4000000000000p+3}, {"alpha_off", 0x1.4000000000000p+3}};

static const mn_preset presets[] = {
    {.name = "technion-2012",
     .doc = "defaults of the authors' Verilog-A, which writes i_on without its sign",
     .citation = "Kvatinsky, Talisveyberg, Fliter et al., Verilog-A for Memristor Models, CCIT Technical Report 801, "
                 "Technion, 2011",
     MN_ARRAY(value, values_0)},
    {.name = "simmons-2013",
     .doc = "the fit to a Simmons tunnel barrier, whose width goes from 1.2 nm to 1.8 nm",
     .citation = "its Fig. 8, 10 and 12",
     MN_ARRAY(value, values_1)},
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
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = in_0[k] - in_1[k];
        const double t15 = t14 * in_2[k] + in_1[k];
        const double t16 = in_3[k] / t15;
        const double t17 = in_4[k] / in_5[k];
        const double t18 = t16 - in_6[k];
        const double t19 = t18 / in_6[k];
        const double t22 = in_8[k] / in_5[k];
        const double t23 = t16 - in_9[k];
        const double t24 = t23 / in_9[k];
        const double t27 = mn_do_LESS(in_6[k], t16, 0.0, 0.0, 0.0);
        const double t28 = mn_do_LESS(t16, in_9[k], 0.0, 0.0, 0.0);
        const double t31 = t16 * t14;
        const double t32 = -t31;
        const double t33 = t32 / t15;
        const double t34 = t33 / in_6[k];
        const double t35 = in_7[k] - 0x1.0000000000000p+0;
        const double t40 = t33 / in_9[k];
        const double t41 = in_10[k] - 0x1.0000000000000p+0;
        row_0[k] = t17;
        row_1[k] = t19;
        row_3[k] = t22;
        row_4[k] = t24;
        row_6[k] = t27;
        row_7[k] = t28;
        row_8[k] = t34;
        row_9[k] = t35;
        row_11[k] = t40;
        row_12[k] = t41;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
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
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    double *restrict row_1 = row[1];
    double *restrict row_4 = row[4];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t21 = row_0[k] * row_2[k];
        const double t26 = row_3[k] * row_5[k];
        const double t29 = mn_do_WHERE(row_7[k], t26, 0x0.0p+0, 0.0, 0.0);
        const double t30 = mn_do_WHERE(row_6[k], t21, t29, 0.0, 0.0);
        const double t37 = in_7[k] * row_10[k];
        const double t38 = t37 * row_8[k];
        const double t39 = row_0[k] * t38;
        const double t43 = in_10[k] * row_13[k];
        const double t44 = t43 * row_11[k];
        const double t45 = row_3[k] * t44;
        const double t46 = mn_do_WHERE(row_7[k], t45, 0x0.0p+0, 0.0, 0.0);
        const double t47 = mn_do_WHERE(row_6[k], t39, t46, 0.0, 0.0);
        const double t48 = t47 * uniform[0];
        row_1[k] = t30;
        row_4[k] = t48;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_9 = row[9];
    double *restrict out_0 = out[0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t50 = uniform[0] * row_9[k];
        const double t51 = t50 * row_1[k] + in_2[k];
        const double t52 = mn_do_MIN(t51, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t53 = mn_do_MAX(t52, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t53;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[14][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], in[7] + first}, row[2]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], in[10] + first}, row[5]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], row[9]}, row[10]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], row[12]}, row[13]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[4]}, row[9]);
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
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] - in_1[k];
        const double t14 = t13 * in_2[k] + in_1[k];
        const double t15 = in_3[k] / t14;
        const double t16 = in_4[k] / in_5[k];
        const double t17 = t15 - in_6[k];
        const double t18 = t17 / in_6[k];
        const double t21 = in_8[k] / in_5[k];
        const double t22 = t15 - in_9[k];
        const double t23 = t22 / in_9[k];
        const double t26 = mn_do_LESS(in_6[k], t15, 0.0, 0.0, 0.0);
        const double t27 = mn_do_LESS(t15, in_9[k], 0.0, 0.0, 0.0);
        const double t30 = 0x1.0000000000000p+0 / t14;
        const double t31 = t15 * t13;
        const double t32 = -t31;
        const double t33 = t32 / t14;
        const double t34 = t33 / in_6[k];
        const double t35 = in_7[k] - 0x1.0000000000000p+0;
        const double t40 = t33 / in_9[k];
        const double t41 = in_10[k] - 0x1.0000000000000p+0;
        const double t48 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t51 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t57 = t30 / in_6[k];
        const double t60 = t30 / in_9[k];
        out_0[k] = t15;
        row_0[k] = t16;
        row_1[k] = t18;
        row_3[k] = t21;
        row_4[k] = t23;
        row_6[k] = t26;
        row_7[k] = t27;
        out_1[k] = t30;
        out_5[k] = t33;
        row_8[k] = t34;
        row_9[k] = t35;
        row_11[k] = t40;
        row_12[k] = t41;
        row_14[k] = t48;
        row_15[k] = t51;
        row_16[k] = t57;
        row_17[k] = t60;
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
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t20 = row_0[k] * row_2[k];
        const double t25 = row_3[k] * row_5[k];
        const double t28 = mn_do_WHERE(row_7[k], t25, 0x0.0p+0, 0.0, 0.0);
        const double t29 = mn_do_WHERE(row_6[k], t20, t28, 0.0, 0.0);
        const double t37 = in_7[k] * row_10[k];
        const double t38 = t37 * row_8[k];
        const double t39 = row_0[k] * t38;
        const double t43 = in_10[k] * row_13[k];
        const double t44 = t43 * row_11[k];
        const double t45 = row_3[k] * t44;
        const double t46 = mn_do_WHERE(row_7[k], t45, 0x0.0p+0, 0.0, 0.0);
        const double t47 = mn_do_WHERE(row_6[k], t39, t46, 0.0, 0.0);
        const double t49 = mn_do_LESS(0x0.0p+0, t29, 0.0, 0.0, 0.0);
        const double t50 = mn_do_AND(row_14[k], t49, 0.0, 0.0, 0.0);
        const double t52 = mn_do_LESS(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t53 = mn_do_AND(row_15[k], t52, 0.0, 0.0, 0.0);
        const double t54 = mn_do_OR(t50, t53, 0.0, 0.0, 0.0);
        const double t55 = mn_do_WHERE(t54, 0x0.0p+0, t29, 0.0, 0.0);
        const double t56 = mn_do_WHERE(t54, 0x0.0p+0, t47, 0.0, 0.0);
        const double t58 = t37 * row_16[k];
        const double t59 = row_0[k] * t58;
        const double t61 = t43 * row_17[k];
        const double t62 = row_3[k] * t61;
        const double t63 = mn_do_WHERE(row_7[k], t62, 0x0.0p+0, 0.0, 0.0);
        const double t64 = mn_do_WHERE(row_6[k], t59, t63, 0.0, 0.0);
        const double t65 = mn_do_WHERE(t54, 0x0.0p+0, t64, 0.0, 0.0);
        out_2[k] = t55;
        out_3[k] = t56;
        out_4[k] = t65;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], in[7] + first}, row[2]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], in[10] + first}, row[5]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[1], row[9]}, row[10]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[4], row[12]}, row[13]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {9};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {1, 0, 10};
static const mn_program conductance_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {1, 0, 10, MN_INPUT_VOLTAGE, 6, 2, 4, 8, 5, 3, 7};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 11, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {1, 0, 10, MN_INPUT_VOLTAGE, 6, 2, 4, 8, 5, 3, 7};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_team = {
    .model =
        {
            .name = "TEAM",
            .doc = "A memristor with thresholds of its current (TEAM). Above i_off the state moves to 1, the high "
                   "resistance, below i_on to 0, each with a power of how far the current is beyond its threshold; "
                   "between them it stays for ever. The resistance is linear in the state. There is no window: at an "
                   "end of its range the state stops.",
            .citation = "Kvatinsky, Friedman, Kolodny and Weiser, IEEE Trans. Circuits Syst. I 2013, 60, 211, doi "
                        "10.1109/TCSI.2012.2215714, eq. 14 and 15",
            .text =
                "doc A memristor with thresholds of its current (TEAM). Above i_off the state moves to 1, the high "
                "resistance, below i_on\n"
                "doc to 0, each with a power of how far the current is beyond its threshold; between them it stays for "
                "ever. The\n"
                "doc resistance is linear in the state. There is no window: at an end of its range the state stops.\n"
                "source Kvatinsky, Friedman, Kolodny and Weiser, IEEE Trans. Circuits Syst. I 2013, 60, 211,\n"
                "source doi 10.1109/TCSI.2012.2215714, eq. 14 and 15\n"
                "\n"
                "i     = v/(R_on + (R_off - R_on)*x)\n"
                "dx/dt = where(i > i_off, up, where(i < i_on, down, 0))\n"
                "up    = k_off/D*((i - i_off)/i_off)**alpha_off\n"
                "down  = k_on/D*((i - i_on)/i_on)**alpha_on\n"
                "\n"
                "parameter R_on      = 100 ohm in (0, inf)       : resistance at x = 0\n"
                "parameter R_off     = 200 kohm in (0, inf)      : resistance at x = 1\n"
                "parameter D         = 3 nm in (0, inf)          : length over which the state moves\n"
                "parameter i_on      = -8.9 uA in (-inf, 0)      : threshold towards low resistance\n"
                "parameter i_off     = 115 uA in (0, inf)        : threshold towards high resistance\n"
                "parameter k_on      = -8e-13 m/s in (-inf, 0]   : speed towards low resistance at i = 2 i_on\n"
                "parameter k_off     = 8e-13 m/s in [0, inf)     : speed towards high resistance at i = 2 i_off\n"
                "parameter alpha_on  = 3 in (0, inf)             : power of the current beyond i_on\n"
                "parameter alpha_off = 3 in (0, inf)             : power of the current beyond i_off\n"
                "parameter x_initial = 0.5 in [0, 1]             : state at the start\n"
                "\n"
                "state x = x_initial in [0, 1]                   : state, as a share of D\n"
                "\n"
                "preset technion-2012: R_on = 100 ohm, R_off = 200 kohm, D = 3 nm, i_on = -8.9 uA, i_off = 115 uA, "
                "k_on = -8e-13 m/s, k_off = 8e-13 m/s, alpha_on = 3, alpha_off = 3, x_initial = 0.5 : defaults of the "
                "authors' Verilog-A, which writes i_on without its sign [Kvatinsky, Talisveyberg, Fliter et al., "
                "Verilog-A for Memristor Models, CCIT Technical Report 801, Technion, 2011]\n"
                "preset simmons-2013: R_on = 50 ohm, R_off = 1 kohm, D = 0.6 nm, i_on = -8.9 uA, i_off = 115 uA, k_on "
                "= -4.68e-13 nm/s, k_off = 1.46e-9 nm/s, alpha_on = 10, alpha_off = 10 : the fit to a Simmons tunnel "
                "barrier, whose width goes from 1.2 nm to 1.8 nm [its Fig. 8, 10 and 12]\n",
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
