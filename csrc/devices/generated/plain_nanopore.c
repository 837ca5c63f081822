/* PlainNanopore, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the closed pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_H",
     .unit = "S",
     .doc = "conductance of the open pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_0",
     .unit = "V",
     .doc = "voltage without a current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-3,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_B",
     .unit = "V",
     .doc = "voltage that opens half of it",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_m",
     .unit = "V",
     .doc = "steepness of the opening",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "relaxation time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at which it rested before the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "share of open paths",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {{"g_L", 0x1.ad7f29abcaf48p-24},
                                           {"g_H", 0x1.0c6f7a0b5ed8dp-20},
                                           {"E_0", 0x1.999999999999ap-3},
                                           {"V_B", 0x1.0000000000000p-1},
                                           {"V_m", 0x1.999999999999ap-4}};

static const mn_preset_value values_1[] = {{"g_L", 0x1.ad7f29abcaf48p-24},
                                           {"g_H", 0x1.0c6f7a0b5ed8dp-20},
                                           {"E_0", 0x1.999999999999ap-3},
                                           {"V_B", -0x1.0000000000000p-1},
                                           {"V_m", 0x1.999999999999ap-4}};

static const mn_preset_value values_2[] = {{"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20},
                                           {"E_0", 0x1.999999999999ap-3},  {"V_B", 0x1.0000000000000p-1},
                                           {"V_m", 0x1.999999999999ap-4},  {"tau_0", 0x1.0000000000000p+0}};

static const mn_preset presets[] = {
    {.name = "figure-12",
     .doc = "a steady current that only rises",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 12",
     MN_ARRAY(value, values_0)},
    {.name = "figure-14",
     .doc = "a steady current that falls between two voltages",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 14",
     MN_ARRAY(value, values_1)},
    {.name = "figure-21",
     .doc = "loops at several frequencies",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 21",
     MN_ARRAY(value, values_2)},
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
        const double t6 = in_0[k] - in_1[k];
        const double t7 = -t6;
        const double t8 = t7 / in_2[k];
        const double t9 = mn_do_MIN(t8, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        row_0[k] = t9;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = 0x1.0000000000000p+0 + row_1[k];
        const double t12 = 0x1.0000000000000p+0 / t11;
        const double t13 = mn_do_MIN(t12, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t14 = mn_do_MAX(t13, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t14;
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
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t4 = in_0[k] - in_1[k];
        const double t5 = t4 * in_2[k] + in_1[k];
        const double t6 = -in_3[k];
        const double t7 = t5 * t6;
        out_0[k] = t5;
        out_1[k] = t7;
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
    const double *restrict in_4 = in[4] + first;
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t10 = in_0[k] - in_1[k];
        const double t11 = -t10;
        const double t12 = t11 / in_2[k];
        const double t13 = mn_do_MIN(t12, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t19 = (-0x1.0000000000000p+0) / in_4[k];
        row_1[k] = t13;
        row_3[k] = t19;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_2 = row[2];
    double *restrict row_1 = row[1];
    double *restrict row_4 = row[4];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t15 = 0x1.0000000000000p+0 + row_2[k];
        const double t16 = 0x1.0000000000000p+0 / t15;
        const double t17 = t16 - in_3[k];
        const double t18 = t17 / in_4[k];
        const double t20 = t16 / in_4[k];
        row_1[k] = t18;
        row_4[k] = t20;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_5 = row[5];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t22 = mn_do_MIN(row_5[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t23 = mn_do_MAX(t22, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t23;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[6][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[3] + first, row[0], row[3], row[1], row[4]},
                         row[5]);
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
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] - in_1[k];
        const double t13 = t12 * in_2[k] + in_1[k];
        const double t14 = in_3[k] - in_4[k];
        const double t15 = t13 * t14;
        const double t16 = in_3[k] - in_5[k];
        const double t17 = -t16;
        const double t18 = t17 / in_6[k];
        const double t19 = mn_do_MIN(t18, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t25 = (-0x1.0000000000000p+0) / in_7[k];
        const double t26 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t29 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t35 = (-0x1.0000000000000p+0) / in_6[k];
        const double t36 = mn_do_LESS(t18, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t37 = mn_do_WHERE(t36, t35, 0x0.0p+0, 0.0, 0.0);
        const double t44 = t12 * t14;
        out_1[k] = t13;
        out_0[k] = t15;
        row_0[k] = t19;
        row_2[k] = t25;
        row_3[k] = t26;
        row_4[k] = t29;
        row_5[k] = t37;
        out_5[k] = t44;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t21 = 0x1.0000000000000p+0 + row_1[k];
        const double t22 = 0x1.0000000000000p+0 / t21;
        const double t23 = t22 - in_2[k];
        const double t24 = t23 / in_7[k];
        const double t27 = mn_do_LESS(0x0.0p+0, t24, 0.0, 0.0, 0.0);
        const double t28 = mn_do_AND(row_3[k], t27, 0.0, 0.0, 0.0);
        const double t30 = mn_do_LESS(t24, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t31 = mn_do_AND(row_4[k], t30, 0.0, 0.0, 0.0);
        const double t32 = mn_do_OR(t28, t31, 0.0, 0.0, 0.0);
        const double t33 = mn_do_WHERE(t32, 0x0.0p+0, t24, 0.0, 0.0);
        const double t34 = mn_do_WHERE(t32, 0x0.0p+0, row_2[k], 0.0, 0.0);
        const double t38 = row_1[k] * row_5[k];
        const double t39 = t22 * t38;
        const double t40 = -t39;
        const double t41 = t40 / t21;
        const double t42 = t41 / in_7[k];
        const double t43 = mn_do_WHERE(t32, 0x0.0p+0, t42, 0.0, 0.0);
        out_2[k] = t33;
        out_3[k] = t34;
        out_4[k] = t43;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[6][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {6, 3, 4};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {1, 0, 7, 2};
static const mn_program conductance_program = {.n_inputs = 4, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 4, 7, 5};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 5, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {1, 0, 7, MN_INPUT_VOLTAGE, 2, 3, 4, 5};
static const mn_program linearise_program = {.n_inputs = 8, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_plain_nanopore = {
    .model =
        {
            .name = "PlainNanopore",
            .doc = "A rectifying nanopore whose open share x follows the voltage with a constant relaxation time: the "
                   "simplest pore. Its steady current has a negative slope somewhere where V_B - E_0 < V_m "
                   "(ln(g_H/g_L) - 2 (g_H + g_L)/(g_H - g_L)), with > in place of < where g_L is above g_H.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 21, 33 and 34",
            .text = "doc A rectifying nanopore whose open share x follows the voltage with a constant relaxation time: "
                    "the simplest pore. Its\n"
                    "doc steady current has a negative slope somewhere where V_B - E_0 < V_m (ln(g_H/g_L) - 2 (g_H + "
                    "g_L)/(g_H - g_L)), with\n"
                    "doc > in place of < where g_L is above g_H.\n"
                    "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 18 to 21, 33 and 34\n"
                    "\n"
                    "i     = (g_L + (g_H - g_L)*x)*(v - E_0)\n"
                    "dx/dt = (x_eq - x)/tau_0\n"
                    "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                    "\n"
                    "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                    "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                    "parameter E_0       = 0.2 V                 : voltage without a current\n"
                    "parameter V_B       = 0.5 V                 : voltage that opens half of it\n"
                    "parameter V_m       = 0.1 V in (0, inf)     : steepness of the opening\n"
                    "parameter tau_0     = 1 s in (0, inf)       : relaxation time\n"
                    "parameter v_initial = 0 V                   : voltage at which it rested before the start\n"
                    "\n"
                    "state x = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) in [0, 1] : share of open paths\n"
                    "\n"
                    "preset figure-12: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0.2 V, V_B = 0.5 V, V_m = 0.1 V : a steady "
                    "current that only rises [Bisquert, Adv. Phys. Res. 2024, figure 12]\n"
                    "preset figure-14: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0.2 V, V_B = -0.5 V, V_m = 0.1 V : a steady "
                    "current that falls between two voltages [Bisquert, Adv. Phys. Res. 2024, figure 14]\n"
                    "preset figure-21: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0.2 V, V_B = 0.5 V, V_m = 0.1 V, tau_0 = 1 s : "
                    "loops at several frequencies [Bisquert, Adv. Phys. Res. 2024, figure 21]\n",
            .check = "g_L",
            .flags = MN_HAS_SOURCE,
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
