/* Memcapacitor, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "C_low",
     .unit = "F",
     .doc = "least capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "C_high",
     .unit = "F",
     .doc = "largest capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-27,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_t",
     .unit = "V",
     .doc = "threshold of the voltage",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha",
     .unit = "1/(V s)",
     .doc = "speed below the threshold, in shares of the range",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "beta",
     .unit = "1/(V s)",
     .doc = "speed beyond the threshold",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "capacitance at the start, as a share of the range",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "capacitance, from 0 at C_low to 1 at C_high",
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

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t4 = mn_do_MIN(in_0[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t5 = mn_do_MAX(t4, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t6 = in_1[k];
        out_0[k] = t5;
        out_1[k] = t6;
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t9 = in_0[k] - in_1[k];
        const double t10 = t9 * in_2[k] + in_1[k];
        const double t11 = t10 * in_3[k];
        const double t12 = mn_do_MIN(in_3[k], in_4[k], 0.0, 0.0, 0.0);
        const double t13 = -in_4[k];
        const double t14 = mn_do_MAX(t12, t13, 0.0, 0.0, 0.0);
        const double t15 = in_3[k] - t14;
        const double t16 = in_5[k] * t15;
        const double t17 = in_6[k] * t14 + t16;
        const double t18 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t19 = mn_do_LESS(0x0.0p+0, t17, 0.0, 0.0, 0.0);
        const double t20 = mn_do_AND(t18, t19, 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_LESS(t17, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t23 = mn_do_AND(t21, t22, 0.0, 0.0, 0.0);
        const double t24 = mn_do_OR(t20, t23, 0.0, 0.0, 0.0);
        const double t25 = mn_do_WHERE(t24, 0x0.0p+0, t17, 0.0, 0.0);
        const double t26 = mn_do_LESS(in_3[k], in_4[k], 0.0, 0.0, 0.0);
        const double t27 = mn_do_WHERE(t26, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t28 = mn_do_LESS(t13, t12, 0.0, 0.0, 0.0);
        const double t29 = mn_do_WHERE(t28, t27, 0x0.0p+0, 0.0, 0.0);
        const double t30 = 0x1.0000000000000p+0 - t29;
        const double t31 = in_5[k] * t30;
        const double t32 = in_6[k] * t29 + t31;
        const double t33 = mn_do_WHERE(t24, 0x0.0p+0, t32, 0.0, 0.0);
        const double t34 = t9 * in_3[k];
        const double t35 = 0x0.0p+0;
        const double t36 = 0x0.0p+0;
        const double t37 = 0x0.0p+0;
        const double t38 = 0x0.0p+0;
        const double t39 = 0x0.0p+0;
        const double t40 = 0x0.0p+0;
        const double t41 = 0x0.0p+0;
        const double t42 = 0x0.0p+0;
        const double t43 = 0x0.0p+0;
        out_3[k] = t10;
        out_2[k] = t11;
        out_4[k] = t25;
        out_8[k] = t33;
        out_12[k] = t34;
        out_0[k] = t35;
        out_1[k] = t36;
        out_5[k] = t37;
        out_6[k] = t38;
        out_7[k] = t39;
        out_9[k] = t40;
        out_10[k] = t41;
        out_11[k] = t42;
        out_13[k] = t43;
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

static const int16_t start_input[] = {5, 6};
static const mn_program start_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 2};

static const int16_t linearise_input[] = {1, 0, 7, MN_INPUT_VOLTAGE, 2, 4, 3};
static const mn_program linearise_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 14};

const mn_equation_model mn_memcapacitor = {
    .model =
        {
            .name = "Memcapacitor",
            .doc = "A capacitor with a memory and a threshold of its voltage: the charge is q = C_m v, and the "
                   "capacitance C_m, between C_low and C_high, moves with alpha times what of the voltage is below the "
                   "threshold and beta times what is beyond it. As it moves it draws or gives current by itself: i = "
                   "C_m dv/dt + v dC_m/dt. Numbers are ours.",
            .citation = "Di Ventra, Pershin and Chua, Proc. IEEE 2009, 97, 1717, doi 10.1109/JPROC.2009.2021077; the "
                        "threshold as in Biolek, Di Ventra and Pershin, Radioengineering 2013, 22, 945",
            .text =
                "doc A capacitor with a memory and a threshold of its voltage: the charge is q = C_m v, and the "
                "capacitance C_m, between\n"
                "doc C_low and C_high, moves with alpha times what of the voltage is below the threshold and beta "
                "times what is beyond it.\n"
                "doc As it moves it draws or gives current by itself: i = C_m dv/dt + v dC_m/dt. Numbers are ours.\n"
                "source Di Ventra, Pershin and Chua, Proc. IEEE 2009, 97, 1717, doi 10.1109/JPROC.2009.2021077; the "
                "threshold as in Biolek,\n"
                "source Di Ventra and Pershin, Radioengineering 2013, 22, 945\n"
                "\n"
                "q     = C_m*v\n"
                "C_m   = C_low + (C_high - C_low)*x\n"
                "dx/dt = alpha*inside + beta*(v - inside)\n"
                "inside = max(min(v, V_t), -V_t)\n"
                "\n"
                "parameter C_low     = 1 nF in (0, inf)       : least capacitance\n"
                "parameter C_high    = 10 nF in (0, inf)      : largest capacitance\n"
                "parameter V_t       = 0.5 V in [0, inf)      : threshold of the voltage\n"
                "parameter alpha     = 0 1/(V s)              : speed below the threshold, in shares of the range\n"
                "parameter beta      = 10 1/(V s)             : speed beyond the threshold\n"
                "parameter x_initial = 0 in [0, 1]            : capacitance at the start, as a share of the range\n"
                "parameter v_initial = 0 V                    : voltage at the start\n"
                "\n"
                "state x = x_initial in [0, 1]                : capacitance, from 0 at C_low to 1 at C_high\n",
            .check = "C_low",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT,
            .n_scratch = 0,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
