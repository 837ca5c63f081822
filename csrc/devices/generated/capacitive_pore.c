/* CapacitivePore, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_0",
     .unit = "V",
     .doc = "voltage without a steady current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_B",
     .unit = "V",
     .doc = "voltage at which half of it is polarised",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_m",
     .unit = "V",
     .doc = "steepness of the polarisation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "Q_0",
     .unit = "C",
     .doc = "charge of the whole polarisation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "p_m",
     .unit = "1",
     .doc = "polarisation that counts as none",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "relaxation time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at which it rested before the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "p",
     .unit = "1",
     .doc = "polarisation",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-0x1.0000000000000p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {{"g_L", 0x1.ad7f29abcaf48p-24},
                                           {"E_0", 0x0.0p+0},
                                           {"V_B", 0x0.0p+0},
                                           {"V_m", 0x1.999999999999ap-4},
                                           {"Q_0", 0x1.12e0be826d695p-30},
                                           {"p_m", 0x1.0000000000000p-1},
                                           {"tau_0", 0x1.0624dd2f1a9fcp-10}};

static const mn_preset presets[] = {
    {.name = "figure-31",
     .doc = "loops without a crossing",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 31",
     MN_ARRAY(value, values_0)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict row_0 = row[0];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t7 = in_0[k] - in_1[k];
        const double t8 = -t7;
        const double t9 = t8 / in_2[k];
        const double t10 = mn_do_MIN(t9, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_0[k] = t10;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_3 = in[3] + first;
    const double *restrict row_1 = row[1];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = 0x1.0000000000000p+0 + row_1[k];
        const double t13 = 0x1.0000000000000p+0 / t12;
        const double t14 = t13 - in_3[k];
        const double t15 = mn_do_MIN(t14, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t16 = mn_do_MAX(t15, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        out_0[k] = t16;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[2][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
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
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t13 = in_0[k] - in_1[k];
        const double t14 = -t13;
        const double t15 = t14 / in_2[k];
        const double t16 = mn_do_MIN(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t21 = in_0[k] - in_4[k];
        const double t27 = (-0x1.0000000000000p+0) / in_2[k];
        const double t28 = mn_do_LESS(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t29 = mn_do_WHERE(t28, t27, 0x0.0p+0, 0.0, 0.0);
        const double t37 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_5[k], 0.0, 0.0, 0.0);
        const double t40 = mn_do_LESS_EQUAL(in_5[k], (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t45 = (-0x1.0000000000000p+0) / in_7[k];
        const double t49 = -in_6[k];
        const double t50 = t49 / in_7[k];
        row_0[k] = t16;
        row_2[k] = t21;
        row_3[k] = t29;
        row_4[k] = t37;
        row_5[k] = t40;
        row_6[k] = t45;
        out_5[k] = t50;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = 0x1.0000000000000p+0 + row_1[k];
        const double t19 = 0x1.0000000000000p+0 / t18;
        const double t20 = t19 - in_3[k];
        const double t22 = t20 - in_5[k];
        const double t23 = in_6[k] * t22;
        const double t24 = t23 / in_7[k];
        const double t25 = in_8[k] * row_2[k] + t24;
        const double t26 = t22 / in_7[k];
        const double t30 = row_1[k] * row_3[k];
        const double t31 = t19 * t30;
        const double t32 = -t31;
        const double t33 = t32 / t18;
        const double t34 = in_6[k] * t33;
        const double t35 = t34 / in_7[k];
        const double t36 = in_8[k] + t35;
        const double t38 = mn_do_LESS(0x0.0p+0, t26, 0.0, 0.0, 0.0);
        const double t39 = mn_do_AND(row_4[k], t38, 0.0, 0.0, 0.0);
        const double t41 = mn_do_LESS(t26, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t42 = mn_do_AND(row_5[k], t41, 0.0, 0.0, 0.0);
        const double t43 = mn_do_OR(t39, t42, 0.0, 0.0, 0.0);
        const double t44 = mn_do_WHERE(t43, 0x0.0p+0, t26, 0.0, 0.0);
        const double t46 = mn_do_WHERE(t43, 0x0.0p+0, row_6[k], 0.0, 0.0);
        const double t47 = t33 / in_7[k];
        const double t48 = mn_do_WHERE(t43, 0x0.0p+0, t47, 0.0, 0.0);
        out_0[k] = t25;
        out_1[k] = t36;
        out_2[k] = t44;
        out_3[k] = t46;
        out_4[k] = t48;
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

static const int16_t start_input[] = {7, 2, 3, 5};
static const mn_program start_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 2, 3, 5, 1, 8, 4, 6, 0};
static const mn_program linearise_program = {.n_inputs = 9, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_capacitive_pore = {
    .model =
        {
            .name = "CapacitivePore",
            .doc = "A pore that conducts as an ohmic resistance and is polarised by the voltage: its polarisation p "
                   "draws the current Q_0 dp/dt as it moves, so that its loops are capacitive and never cross. p_m "
                   "moves p and changes no current.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 62 to 64",
            .text = "doc A pore that conducts as an ohmic resistance and is polarised by the voltage: its polarisation "
                    "p draws the current\n"
                    "doc Q_0 dp/dt as it moves, so that its loops are capacitive and never cross. p_m moves p and "
                    "changes no current.\n"
                    "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 62 to 64\n"
                    "\n"
                    "i     = g_L*(v - E_0) + Q_0*(p_eq - p)/tau_0    # Q_0 dp/dt\n"
                    "dp/dt = (p_eq - p)/tau_0\n"
                    "p_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500))) - p_m\n"
                    "\n"
                    "parameter g_L       = 0.1 uS in (0, inf)    : conductance\n"
                    "parameter E_0       = 0 V                   : voltage without a steady current\n"
                    "parameter V_B       = 0 V                   : voltage at which half of it is polarised\n"
                    "parameter V_m       = 0.1 V in (0, inf)     : steepness of the polarisation\n"
                    "parameter Q_0       = 1 nC in (0, inf)      : charge of the whole polarisation\n"
                    "parameter p_m       = 0.5 in [0, 1]         : polarisation that counts as none\n"
                    "parameter tau_0     = 1 ms in (0, inf)      : relaxation time\n"
                    "parameter v_initial = 0 V                   : voltage at which it rested before the start\n"
                    "\n"
                    "state p = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) - p_m in [-1, 1] : polarisation\n"
                    "\n"
                    "preset figure-31: g_L = 0.1 uS, E_0 = 0 V, V_B = 0 V, V_m = 0.1 V, Q_0 = 1 nC, p_m = 0.5, tau_0 = "
                    "1 ms : loops without a crossing [Bisquert, Adv. Phys. Res. 2024, figure 31]\n",
            .check = "g_L",
            .flags = MN_IMPLICIT | MN_FALLS,
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
