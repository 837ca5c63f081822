/* ExponentialIntegrateAndFire, written from its equations, which stand at the end: to_c() of its class. */
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
        const double t2 = 0x0.0p+0;
        const double t3 = 0x0.0p+0;
        const double t4 = in_0[k];
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
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t14 = t13 - in_2[k];
        const double t15 = t14 / in_3[k];
        const double t16 = mn_do_MIN(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t18 = mn_do_LESS(0x0.0p+0, in_4[k], 0.0, 0.0, 0.0);
        const double t19 = mn_do_LESS(0x0.0p+0, in_5[k], 0.0, 0.0, 0.0);
        const double t20 = mn_do_AND(t18, t19, 0.0, 0.0, 0.0);
        const double t21 = in_0[k] - in_6[k];
        const double t22 = in_5[k] * t21;
        const double t23 = in_0[k] - in_7[k];
        const double t24 = in_8[k] * in_3[k];
        const double t28 = in_9[k] * in_0[k];
        const double t29 = mn_do_LESS(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t30 = mn_do_WHERE(t29, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t31 = t30 / in_3[k];
        const double t32 = mn_do_LESS(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t33 = mn_do_WHERE(t32, t31, 0x0.0p+0, 0.0, 0.0);
        const double t37 = in_9[k];
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
        row_0[k] = t16;
        row_2[k] = t20;
        row_3[k] = t22;
        row_4[k] = t23;
        row_5[k] = t24;
        out_2[k] = t28;
        row_6[k] = t33;
        out_3[k] = t37;
        out_4[k] = t38;
        out_5[k] = t39;
        out_6[k] = t40;
        out_7[k] = t41;
        out_8[k] = t42;
        out_9[k] = t43;
        out_10[k] = t44;
        out_11[k] = t45;
        out_12[k] = t46;
        out_13[k] = t47;
        out_14[k] = t48;
        out_15[k] = t49;
        out_16[k] = t50;
        out_17[k] = t51;
        out_18[k] = t52;
        out_19[k] = t53;
        out_20[k] = t54;
        out_21[k] = t55;
        out_22[k] = t56;
        out_23[k] = t57;
        out_24[k] = t58;
        out_25[k] = t59;
        out_26[k] = t60;
        out_27[k] = t61;
        out_28[k] = t62;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_8 = in[8] + first;
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
        const double t25 = row_5[k] * row_1[k];
        const double t26 = in_8[k] * row_4[k] - t25;
        const double t27 = mn_do_WHERE(row_2[k], row_3[k], t26, 0.0, 0.0);
        const double t34 = row_1[k] * row_6[k];
        const double t35 = in_8[k] - row_5[k] * t34;
        const double t36 = mn_do_WHERE(row_2[k], in_5[k], t35, 0.0, 0.0);
        out_0[k] = t27;
        out_1[k] = t36;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t6 = mn_do_WHERE(t5, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t7 = mn_do_MIN(t6, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t8 = mn_do_MAX(t7, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t9 = uniform[0] + in_0[k];
        const double t10 = in_1[k];
        out_0[k] = t8;
        out_1[k] = t9;
        out_2[k] = t10;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t6 = mn_do_WHERE(t5, in_1[k], in_2[k], 0.0, 0.0);
        const double t7 = 0x0.0p+0;
        const double t8 = in_3[k];
        out_2[k] = t6;
        out_0[k] = t7;
        out_1[k] = t8;
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

static const int16_t start_input[] = {9};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 5};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 5, 3, 4, 10, 8, 6, 2, 1, 0};
static const mn_program linearise_program = {.n_inputs = 10, .n_uniforms = 0, .n_outputs = 29};

static const int16_t crossing_input[] = {10, MN_INPUT_VOLTAGE, 5, 13, 11, 14};
static const int16_t crossing_uniform[] = {MN_UNIFORM_TIME};
static const mn_program crossing_program = {.n_inputs = 6, .n_uniforms = 1, .n_outputs = 2};

static const int16_t jump_0_input[] = {7, 6};
static const int16_t jump_0_uniform[] = {MN_UNIFORM_TIME};
static const mn_program jump_0_program = {.n_inputs = 2, .n_uniforms = 1, .n_outputs = 3};

static const int16_t jump_1_input[] = {8, 6, MN_INPUT_VOLTAGE, 11};
static const mn_program jump_1_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 3};

static const mn_equations jumps[] = {
    {.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input, .uniform = jump_0_uniform},
    {.program = &jump_1_program, .compiled = jump_1, .input = jump_1_input}};

const mn_equation_model mn_exponential_integrate_and_fire = {
    .model =
        {
            .name = "ExponentialIntegrateAndFire",
            .doc = "A membrane whose spikes begin as an exponential. Above V_T the current of the upstroke wins over "
                   "the leak and the voltage runs away; where it passes V_cut, it jumps to V_r. Beyond V_cut, where no "
                   "solution is, the current of the upstroke stays as it is. Refractory time and events are those of "
                   "IntegrateAndFire. V_r stays below V_cut.",
            .citation = "Fourcaud-Trocme et al., J. Neurosci. 2003, 23, 11628, doi 10.1523/JNEUROSCI.23-37-11628.2003; "
                        "as equation 21 of Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi "
                        "10.1002/adma.202301924, with a reset",
            .text =
                "doc A membrane whose spikes begin as an exponential. Above V_T the current of the upstroke wins over "
                "the leak and the\n"
                "doc voltage runs away; where it passes V_cut, it jumps to V_r. Beyond V_cut, where no solution is, "
                "the current of the\n"
                "doc upstroke stays as it is. Refractory time and events are those of IntegrateAndFire. V_r stays "
                "below V_cut.\n"
                "source Fourcaud-Trocme et al., J. Neurosci. 2003, 23, 11628, doi 10.1523/JNEUROSCI.23-37-11628.2003; "
                "as equation 21 of\n"
                "source Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, with "
                "a reset\n"
                "\n"
                "i      = where(resting > 0 and g_ref > 0, g_ref*(v - V_r), g_L*(v - E_L) - g_L*D_T*upward)\n"
                "q      = C_m*v\n"
                "upward = exp(min((min(v, V_cut) - V_T)/D_T, 500))\n"
                "\n"
                "event spike when resting < 0.5 and v > V_cut: v = V_r, resting = where(t_ref > 0, 1, 0), until = t + "
                "t_ref : it fires\n"
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
                "parameter t_ref     = 0 ms in [0, inf)          : refractory time\n"
                "parameter g_ref     = 1 mS in [0, inf)          : conductance that holds V_r for the refractory time\n"
                "parameter v_initial = -70.6 mV                  : voltage at the start\n"
                "\n"
                "state resting = 0 in [0, 1] : 1 while it is refractory\n"
                "state until   = 0 s         : when that ends\n",
            .check = "C_m",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT | MN_FALLS,
            .n_scratch = 2,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            .crossing = mn_equation_crossing,
            .cross = mn_equation_cross,
            MN_ARRAY(field, fields),
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
