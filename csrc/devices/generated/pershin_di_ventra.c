/* PershinDiVentra, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on",
     .unit = "ohm",
     .doc = "least resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off",
     .unit = "ohm",
     .doc = "largest resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3880000000000p+13,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_initial",
     .unit = "ohm",
     .doc = "resistance at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b580000000000p+12,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_t",
     .unit = "V",
     .doc = "threshold of the voltage",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha",
     .unit = "ohm/(V s)",
     .doc = "speed of the resistance below the threshold",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "beta",
     .unit = "ohm/(V s)",
     .doc = "speed of the resistance beyond the threshold",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.d1a94a2000000p+40,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "R_m",
     .unit = "ohm",
     .doc = "resistance now",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .own_range = "[R_on, R_off]"},
};

static const mn_preset_value values_0[] = {{"R_on", 0x1.f400000000000p+9},
                                           {"R_off", 0x1.3880000000000p+13},
                                           {"R_initial", 0x1.b580000000000p+12},
                                           {"V_t", 0x1.999999999999ap+0},
                                           {"alpha", 0x0.0p+0},
                                           {"beta", 0x1.d1a94a2000000p+40}};

static const mn_preset presets[] = {
    {.name = "ngspice-2012",
     .doc = "loops of 10 ns and 3 V; the file calls its numbers artificial",
     .citation = "example netlist memristor.sp of ngspice, Vogt, 2012",
     MN_ARRAY(value, values_0)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, in_2[k], 0.0, 0.0, 0.0);
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
static void ranges_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = in_0[k];
        const double t3 = in_1[k];
        out_0[k] = t2;
        out_1[k] = t3;
    }
}

static void ranges(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        ranges_0(m, first, in, uniform, row, out);
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
        const double t3 = 0x1.0000000000000p+0 / in_0[k];
        const double t4 = 0x0.0p+0;
        out_0[k] = t3;
        out_1[k] = t4;
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
    double *restrict out_0 = out[0] + first;
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t9 = -in_1[k];
        const double t10 = mn_do_MAX(t8, t9, 0.0, 0.0, 0.0);
        const double t11 = in_0[k] - t10;
        const double t12 = in_2[k] * t11;
        const double t13 = in_3[k] * t10 + t12;
        const double t14 = uniform[0] * t13 + in_4[k];
        const double t15 = mn_do_MIN(t14, in_5[k], 0.0, 0.0, 0.0);
        const double t16 = mn_do_MAX(t15, in_6[k], 0.0, 0.0, 0.0);
        out_0[k] = t16;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t9 = in_0[k] / in_1[k];
        const double t10 = mn_do_MIN(in_0[k], in_2[k], 0.0, 0.0, 0.0);
        const double t11 = -in_2[k];
        const double t12 = mn_do_MAX(t10, t11, 0.0, 0.0, 0.0);
        const double t13 = in_0[k] - t12;
        const double t14 = in_3[k] * t13;
        const double t15 = in_4[k] * t12 + t14;
        const double t16 = 0x1.0000000000000p+0 / in_1[k];
        const double t17 = mn_do_LESS_EQUAL(in_5[k], in_1[k], 0.0, 0.0, 0.0);
        const double t18 = mn_do_LESS(0x0.0p+0, t15, 0.0, 0.0, 0.0);
        const double t19 = mn_do_AND(t17, t18, 0.0, 0.0, 0.0);
        const double t20 = mn_do_LESS_EQUAL(in_1[k], in_6[k], 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS(t15, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_AND(t20, t21, 0.0, 0.0, 0.0);
        const double t23 = mn_do_OR(t19, t22, 0.0, 0.0, 0.0);
        const double t24 = mn_do_WHERE(t23, 0x0.0p+0, t15, 0.0, 0.0);
        const double t25 = mn_do_LESS(in_0[k], in_2[k], 0.0, 0.0, 0.0);
        const double t26 = mn_do_WHERE(t25, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t27 = mn_do_LESS(t11, t10, 0.0, 0.0, 0.0);
        const double t28 = mn_do_WHERE(t27, t26, 0x0.0p+0, 0.0, 0.0);
        const double t29 = 0x1.0000000000000p+0 - t28;
        const double t30 = in_3[k] * t29;
        const double t31 = in_4[k] * t28 + t30;
        const double t32 = mn_do_WHERE(t23, 0x0.0p+0, t31, 0.0, 0.0);
        const double t33 = -t9;
        const double t34 = t33 / in_1[k];
        const double t35 = 0x0.0p+0;
        out_0[k] = t9;
        out_1[k] = t16;
        out_2[k] = t24;
        out_4[k] = t32;
        out_5[k] = t34;
        out_3[k] = t35;
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

static const int16_t start_input[] = {2, 1, 0};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t ranges_input[] = {0, 1};
static const mn_program ranges_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 2};

static const int16_t conductance_input[] = {6};
static const mn_program conductance_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_VOLTAGE, 3, 5, 4, 6, 1, 0};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 7, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 6, 3, 5, 4, 1, 0};
static const mn_program linearise_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_pershin_di_ventra = {
    .model =
        {
            .name = "PershinDiVentra",
            .doc = "A memristor with a threshold of its voltage. Its resistance R_m moves with alpha times what of the "
                   "voltage is below the threshold and beta times what is beyond it, and stays between R_on and R_off. "
                   "With alpha = 0 nothing moves below the threshold. A negative beta turns the direction round.",
            .citation = "Pershin and Di Ventra, SPICE model of memristive devices with threshold, Radioengineering "
                        "2013, 22, 485, arXiv:1204.2600",
            .text = "doc A memristor with a threshold of its voltage. Its resistance R_m moves with alpha times what "
                    "of the voltage is below\n"
                    "doc the threshold and beta times what is beyond it, and stays between R_on and R_off. With alpha "
                    "= 0 nothing moves below\n"
                    "doc the threshold. A negative beta turns the direction round.\n"
                    "source Pershin and Di Ventra, SPICE model of memristive devices with threshold, Radioengineering "
                    "2013, 22, 485,\n"
                    "source arXiv:1204.2600\n"
                    "\n"
                    "i       = v/R_m\n"
                    "dR_m/dt = alpha*inside + beta*(v - inside)\n"
                    "inside  = max(min(v, V_t), -V_t)\n"
                    "\n"
                    "parameter R_on      = 1 kohm in (0, inf)      : least resistance\n"
                    "parameter R_off     = 10 kohm in (0, inf)     : largest resistance\n"
                    "parameter R_initial = 7 kohm in (0, inf)      : resistance at the start\n"
                    "parameter V_t       = 1.6 V in [0, inf)       : threshold of the voltage\n"
                    "parameter alpha     = 0 ohm/(V s)             : speed of the resistance below the threshold\n"
                    "parameter beta      = 2e12 ohm/(V s)          : speed of the resistance beyond the threshold\n"
                    "\n"
                    "state R_m = R_initial in [R_on, R_off]        : resistance now\n"
                    "\n"
                    "preset ngspice-2012: R_on = 1 kohm, R_off = 10 kohm, R_initial = 7 kohm, V_t = 1.6 V, alpha = 0 "
                    "ohm/(V s), beta = 2e12 ohm/(V s) : loops of 10 ns and 3 V; the file calls its numbers artificial "
                    "[example netlist memristor.sp of ngspice, Vogt, 2012]\n",
            .check = "R_on",
            .flags = 0,
            .n_scratch = 0,
            .init = mn_equation_init,
            .ranges = mn_equation_ranges,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_RANGES] = {.program = &ranges_program, .compiled = ranges, .input = ranges_input},
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program,
                                          .compiled = conductance,
                                          .input = conductance_input},
            [MN_EQUATIONS_ADVANCE] =
                {.program = &advance_program, .compiled = advance, .input = advance_input, .uniform = advance_uniform},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
