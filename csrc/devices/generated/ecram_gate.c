/* EcramGate, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "i_0",
     .unit = "A",
     .doc = "exchange current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_0",
     .unit = "V",
     .doc = "overvoltage over which the current grows by e; 2 k T/e at 298 K",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.a5119ce075f70p-5,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "Q_max",
     .unit = "C",
     .doc = "charge that the channel takes, of either sign",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_x",
     .unit = "V",
     .doc = "voltage that a full channel holds by itself",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "charge at the start, as a share of Q_max",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-0x1.0000000000000p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "charge that has gone into the channel, as a share of Q_max",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-0x1.0000000000000p+0, 0x1.0000000000000p+0, "[]")},
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
        const double t4 = mn_do_MAX(t3, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
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
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = in_2[k] - in_0[k] * in_1[k];
        const double t12 = t11 / in_3[k];
        const double t13 = mn_do_MIN(t12, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t14 = mn_do_MAX(t13, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t16 = t12 - t14;
        const double t21 = 0x1.0000000000000p+0 / in_3[k];
        const double t22 = mn_do_LESS(t12, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t23 = mn_do_WHERE(t22, t21, 0x0.0p+0, 0.0, 0.0);
        const double t24 = mn_do_LESS((-0x1.9000000000000p+7), t13, 0.0, 0.0, 0.0);
        const double t25 = mn_do_WHERE(t24, t23, 0x0.0p+0, 0.0, 0.0);
        const double t26 = t21 - t25;
        const double t32 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t35 = mn_do_LESS_EQUAL(in_0[k], (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t40 = -in_1[k];
        const double t41 = t40 / in_3[k];
        const double t42 = mn_do_WHERE(t22, t41, 0x0.0p+0, 0.0, 0.0);
        const double t43 = mn_do_WHERE(t24, t42, 0x0.0p+0, 0.0, 0.0);
        const double t44 = t41 - t43;
        row_0[k] = t14;
        row_2[k] = t16;
        row_4[k] = t25;
        row_5[k] = t26;
        row_6[k] = t32;
        row_7[k] = t35;
        row_8[k] = t43;
        row_9[k] = t44;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
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
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = row_2[k] * row_3[k] + row_1[k];
        const double t19 = in_4[k] * t18;
        const double t20 = t19 / in_5[k];
        const double t27 = row_1[k] * row_4[k];
        const double t28 = row_2[k] * t27;
        const double t29 = row_5[k] * row_3[k] + t28;
        const double t30 = row_3[k] * row_4[k] + t29;
        const double t31 = in_4[k] * t30;
        const double t33 = mn_do_LESS(0x0.0p+0, t20, 0.0, 0.0, 0.0);
        const double t34 = mn_do_AND(row_6[k], t33, 0.0, 0.0, 0.0);
        const double t36 = mn_do_LESS(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t37 = mn_do_AND(row_7[k], t36, 0.0, 0.0, 0.0);
        const double t38 = mn_do_OR(t34, t37, 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, 0x0.0p+0, t20, 0.0, 0.0);
        const double t45 = row_1[k] * row_8[k];
        const double t46 = row_2[k] * t45;
        const double t47 = row_9[k] * row_3[k] + t46;
        const double t48 = row_3[k] * row_8[k] + t47;
        const double t49 = in_4[k] * t48;
        const double t50 = t49 / in_5[k];
        const double t51 = mn_do_WHERE(t38, 0x0.0p+0, t50, 0.0, 0.0);
        const double t52 = t31 / in_5[k];
        const double t53 = mn_do_WHERE(t38, 0x0.0p+0, t52, 0.0, 0.0);
        out_0[k] = t19;
        out_1[k] = t31;
        out_2[k] = t39;
        out_5[k] = t49;
        out_3[k] = t51;
        out_4[k] = t53;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[10][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[0]}, row[3]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {4};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {5, 3, MN_INPUT_VOLTAGE, 1, 0, 2};
static const mn_program linearise_program = {.n_inputs = 6, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_ecram_gate = {
    .model =
        {
            .name = "EcramGate",
            .doc =
                "The gate of an electrochemical memory: ions that go through the electrolyte into the channel, and "
                "stay there. x is the charge that has gone in, as a share of Q_max; it raises the voltage at which "
                "nothing flows by x V_x. The current follows the overvoltage as a hyperbolic sine (Butler and Volmer, "
                "with a transfer coefficient of 1/2), so that little is lost where nobody drives it. An `Ecram` that "
                "is linked to the edge conducts as x says. Where x is at an end of its range the current still flows: "
                "another reaction carries it. Exponents above 200 go on along the tangent. Numbers are ours.",
            .citation = "Talin, Li, Robinson, Fuller and Kumar, ECRAM Materials, Devices, Circuits and Architectures: "
                        "A Perspective, Adv. Mater. 2023, 35, 2204771: a transferred electron is a stored ion; the law "
                        "of the current is that of an interface",
            .text = "doc The gate of an electrochemical memory: ions that go through the electrolyte into the channel, "
                    "and stay there. x is the\n"
                    "doc charge that has gone in, as a share of Q_max; it raises the voltage at which nothing flows by "
                    "x V_x. The current\n"
                    "doc follows the overvoltage as a hyperbolic sine (Butler and Volmer, with a transfer coefficient "
                    "of 1/2), so that little is\n"
                    "doc lost where nobody drives it. An `Ecram` that is linked to the edge conducts as x says. Where "
                    "x is at an end of its\n"
                    "doc range the current still flows: another reaction carries it. Exponents above 200 go on along "
                    "the tangent. Numbers are\n"
                    "doc ours.\n"
                    "source Talin, Li, Robinson, Fuller and Kumar, ECRAM Materials, Devices, Circuits and "
                    "Architectures: A Perspective, Adv.\n"
                    "source Mater. 2023, 35, 2204771: a transferred electron is a stored ion; the law of the current "
                    "is that of an interface\n"
                    "\n"
                    "i     = i_0*(sinh(u) + (over - u)*cosh(u))\n"
                    "u     = max(min(over, 200), -200)\n"
                    "over  = (v - x*V_x)/v_0\n"
                    "dx/dt = i/Q_max\n"
                    "\n"
                    "parameter i_0       = 1 nA in (0, inf)       : exchange current\n"
                    "parameter v_0       = 51.4 mV in (0, inf)    : overvoltage over which the current grows by e; 2 k "
                    "T/e at 298 K\n"
                    "parameter Q_max     = 100 nC in (0, inf)     : charge that the channel takes, of either sign\n"
                    "parameter V_x       = 1 V in [0, inf)        : voltage that a full channel holds by itself\n"
                    "parameter x_initial = 0 in [-1, 1]           : charge at the start, as a share of Q_max\n"
                    "\n"
                    "state x = x_initial in [-1, 1]               : charge that has gone into the channel, as a share "
                    "of Q_max\n",
            .check = "i_0",
            .flags = MN_IMPLICIT | MN_FALLS,
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
