/* BipolarThreshold, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_on",
     .unit = "S",
     .doc = "conductance at w = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4f8b588e368f1p-17,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_off",
     .unit = "S",
     .doc = "conductance at w = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "I_0",
     .unit = "1/s",
     .doc = "scale of the rate",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.47ae147ae147bp-7,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "v_0",
     .unit = "V",
     .doc = "voltage over which the rate grows by e",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2492492492492p-3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_th",
     .unit = "V",
     .doc = "threshold of the voltage, of either sign",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "soft",
     .unit = "1",
     .doc = "share of the rate that falls with the distance to the bound",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "w_initial",
     .unit = "1",
     .doc = "weight at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "w",
     .unit = "1",
     .doc = "weight, as a share of the range of the conductance",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
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
        const double t4 = in_0[k] - in_1[k];
        const double t5 = t4 * in_2[k] + in_1[k];
        const double t6 = 0x0.0p+0;
        out_0[k] = t5;
        out_1[k] = t6;
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
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = mn_do_ABS(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t12 = t11 / in_1[k];
        const double t13 = mn_do_MIN(t12, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t15 = in_2[k] / in_1[k];
        const double t16 = mn_do_MIN(t15, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t19 = 0x1.0000000000000p+0 - in_3[k];
        const double t20 = mn_do_LESS(0x0.0p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t21 = 0x1.0000000000000p+0 - in_4[k];
        const double t22 = mn_do_WHERE(t20, t21, in_4[k], 0.0, 0.0);
        const double t23 = in_3[k] * t22 + t19;
        const double t24 = mn_do_LESS(in_2[k], t11, 0.0, 0.0, 0.0);
        const double t25 = mn_do_SIGN(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t26 = in_5[k] * t25;
        const double t30 = mn_do_WHERE(t20, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t31 = in_3[k] * t30;
        const double t34 = mn_do_WHERE(t20, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t35 = in_3[k] * t34 + t19;
        row_1[k] = t13;
        row_3[k] = t16;
        row_5[k] = t23;
        row_6[k] = t24;
        row_7[k] = t26;
        row_8[k] = t31;
        row_9[k] = t35;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_10 = row[10];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = row_2[k] - row_4[k];
        const double t27 = row_7[k] * t18;
        const double t28 = t27 * row_5[k];
        const double t29 = mn_do_WHERE(row_6[k], t28, 0x0.0p+0, 0.0, 0.0);
        const double t32 = t27 * row_8[k];
        const double t33 = mn_do_WHERE(row_6[k], t32, 0x0.0p+0, 0.0, 0.0);
        const double t36 = t27 * row_9[k];
        const double t37 = mn_do_WHERE(row_6[k], t36, 0x0.0p+0, 0.0, 0.0);
        row_1[k] = t29;
        row_3[k] = t33;
        row_10[k] = t37;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_11 = row[11];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t39 = mn_do_MIN(row_11[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t40 = mn_do_MAX(t39, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t40;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[12][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[4] + first, row[0], row[3], row[1], row[10]},
                         row[11]);
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] - in_1[k];
        const double t13 = t12 * in_2[k] + in_1[k];
        const double t14 = t13 * in_3[k];
        const double t15 = mn_do_ABS(in_3[k], 0.0, 0.0, 0.0, 0.0);
        const double t16 = t15 / in_4[k];
        const double t17 = mn_do_MIN(t16, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t19 = in_5[k] / in_4[k];
        const double t20 = mn_do_MIN(t19, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t23 = 0x1.0000000000000p+0 - in_6[k];
        const double t24 = mn_do_LESS(0x0.0p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t25 = 0x1.0000000000000p+0 - in_2[k];
        const double t26 = mn_do_WHERE(t24, t25, in_2[k], 0.0, 0.0);
        const double t27 = in_6[k] * t26 + t23;
        const double t28 = mn_do_LESS(in_5[k], t15, 0.0, 0.0, 0.0);
        const double t29 = mn_do_SIGN(in_3[k], 0.0, 0.0, 0.0, 0.0);
        const double t30 = in_7[k] * t29;
        const double t34 = mn_do_WHERE(t24, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t35 = in_6[k] * t34;
        const double t38 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t41 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t47 = mn_do_LESS(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t48 = mn_do_WHERE(t47, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t49 = t48 / in_4[k];
        const double t50 = mn_do_LESS(t16, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t51 = mn_do_WHERE(t50, t49, 0x0.0p+0, 0.0, 0.0);
        const double t57 = t12 * in_3[k];
        out_1[k] = t13;
        out_0[k] = t14;
        row_0[k] = t17;
        row_2[k] = t20;
        row_4[k] = t27;
        row_5[k] = t28;
        row_6[k] = t30;
        row_7[k] = t35;
        row_8[k] = t38;
        row_9[k] = t41;
        row_10[k] = t51;
        out_5[k] = t57;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t22 = row_1[k] - row_3[k];
        const double t31 = row_6[k] * t22;
        const double t32 = t31 * row_4[k];
        const double t33 = mn_do_WHERE(row_5[k], t32, 0x0.0p+0, 0.0, 0.0);
        const double t36 = t31 * row_7[k];
        const double t37 = mn_do_WHERE(row_5[k], t36, 0x0.0p+0, 0.0, 0.0);
        const double t39 = mn_do_LESS(0x0.0p+0, t33, 0.0, 0.0, 0.0);
        const double t40 = mn_do_AND(row_8[k], t39, 0.0, 0.0, 0.0);
        const double t42 = mn_do_LESS(t33, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t43 = mn_do_AND(row_9[k], t42, 0.0, 0.0, 0.0);
        const double t44 = mn_do_OR(t40, t43, 0.0, 0.0, 0.0);
        const double t45 = mn_do_WHERE(t44, 0x0.0p+0, t33, 0.0, 0.0);
        const double t46 = mn_do_WHERE(t44, 0x0.0p+0, t37, 0.0, 0.0);
        const double t52 = row_1[k] * row_10[k];
        const double t53 = row_6[k] * t52;
        const double t54 = t53 * row_4[k];
        const double t55 = mn_do_WHERE(row_5[k], t54, 0x0.0p+0, 0.0, 0.0);
        const double t56 = mn_do_WHERE(t44, 0x0.0p+0, t55, 0.0, 0.0);
        out_2[k] = t45;
        out_3[k] = t46;
        out_4[k] = t56;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[11][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {6};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {0, 1, 7};
static const mn_program conductance_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 4, 5, 7, 2};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 6, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {0, 1, 7, MN_INPUT_VOLTAGE, 3, 4, 5, 2};
static const mn_program linearise_program = {.n_inputs = 8, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_bipolar_threshold = {
    .model =
        {
            .name = "BipolarThreshold",
            .doc = "A memristor with a threshold and two signs, as spikes train it. Its weight w moves where the "
                   "voltage is beyond the threshold v_th of either sign, upwards under positive voltages, by the "
                   "exponential of the voltage less that of the threshold; else it stays. The conductance is linear in "
                   "w. Where a pair of spikes meets, their difference passes the threshold, and the time between them "
                   "decides sign and size. With soft = 1 a weight moves in proportion to what is left to its bound, "
                   "with soft = 0 alike everywhere, up to the bound. PershinDiVentra has a threshold as well, but is "
                   "linear beyond it, in the resistance.",
            .citation = "Zamarreno-Ramos et al., On spike-timing-dependent-plasticity, memristive devices, and "
                        "building a self-learning visual cortex, Front. Neurosci. 2011, 5, 26, doi "
                        "10.3389/fnins.2011.00026; soft and hard bounds: Morrison, Diesmann and Gerstner, Biol. "
                        "Cybern. 2008, 98, 459, doi 10.1007/s00422-008-0233-1",
            .text =
                "doc A memristor with a threshold and two signs, as spikes train it. Its weight w moves where the "
                "voltage is beyond the\n"
                "doc threshold v_th of either sign, upwards under positive voltages, by the exponential of the voltage "
                "less that of the\n"
                "doc threshold; else it stays. The conductance is linear in w. Where a pair of spikes meets, their "
                "difference passes the\n"
                "doc threshold, and the time between them decides sign and size. With soft = 1 a weight moves in "
                "proportion to what is\n"
                "doc left to its bound, with soft = 0 alike everywhere, up to the bound. PershinDiVentra has a "
                "threshold as well, but is\n"
                "doc linear beyond it, in the resistance.\n"
                "source Zamarreno-Ramos et al., On spike-timing-dependent-plasticity, memristive devices, and building "
                "a self-learning\n"
                "source visual cortex, Front. Neurosci. 2011, 5, 26, doi 10.3389/fnins.2011.00026; soft and hard "
                "bounds: Morrison,\n"
                "source Diesmann and Gerstner, Biol. Cybern. 2008, 98, 459, doi 10.1007/s00422-008-0233-1\n"
                "\n"
                "i     = (g_off + (g_on - g_off)*w)*v\n"
                "dw/dt = where(abs(v) > v_th, I_0*sign(v)*beyond*share, 0)\n"
                "beyond = exp(min(abs(v)/v_0, 700)) - exp(min(v_th/v_0, 700))\n"
                "share  = 1 - soft + soft*where(v > 0, 1 - w, w)\n"
                "\n"
                "parameter g_on      = 10 uS in (0, inf)      : conductance at w = 1\n"
                "parameter g_off     = 0.1 uS in (0, inf)     : conductance at w = 0\n"
                "parameter I_0       = 0.01 1/s in [0, inf)   : scale of the rate\n"
                "parameter v_0       = 0.14285714285714285 V in (0, inf) : voltage over which the rate grows by e\n"
                "parameter v_th      = 1 V in [0, inf)        : threshold of the voltage, of either sign\n"
                "parameter soft      = 0 in [0, 1]            : share of the rate that falls with the distance to the "
                "bound\n"
                "parameter w_initial = 0.5 in [0, 1]          : weight at the start\n"
                "\n"
                "state w = w_initial in [0, 1]                : weight, as a share of the range of the conductance\n",
            .check = "g_on",
            .flags = 0,
            .n_scratch = 0,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
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
