/* PershinDiVentra, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on", .unit = "ohm", .doc = "least resistance", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.f400000000000p+9, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off", .unit = "ohm", .doc = "largest resistance", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.3880000000000p+13, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_initial", .unit = "ohm", .doc = "resistance at the start", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.3880000000000p+13, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_t", .unit = "V", .doc = "threshold", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.999999999999ap+0, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha", .unit = "ohm/(V s)", .doc = "speed of the resistance below the threshold", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x0.0p+0, MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "beta", .unit = "ohm/(V s)", .doc = "and beyond it", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.2309ce5400000p+43, MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "R_m", .unit = "ohm", .doc = "resistance", .kind = MN_REAL, .role = MN_STATE, .initial = 0x0.0p+0, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "at_least_holds", .unit = "1", .doc = "1 while the condition of at_least holds", .kind = MN_FLAG, .role = MN_STATE, .initial = 0x0.0p+0, MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_event events[] = {{"at_least", 1}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = mn_do_MAX(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t3 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
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
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
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
static void advance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
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
    (void)row;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = in_0[k] - in_1[k];
        const double t12 = t11 / 0x1.0000000000000p+1;
        const double t13 = in_2[k] + in_3[k];
        const double t14 = mn_do_ABS(t13, 0.0, 0.0, 0.0, 0.0);
        const double t15 = in_2[k] - in_3[k];
        const double t16 = mn_do_ABS(t15, 0.0, 0.0, 0.0, 0.0);
        const double t17 = t14 - t16;
        const double t18 = t12 * t17;
        const double t19 = in_1[k] * in_2[k] + t18;
        const double t20 = uniform[0] * t19 + in_4[k];
        const double t21 = mn_do_MAX(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_LESS(t21, in_5[k], 0.0, 0.0, 0.0);
        const double t23 = mn_do_NOT(in_6[k], 0.0, 0.0, 0.0, 0.0);
        const double t24 = mn_do_AND(t22, t23, 0.0, 0.0, 0.0);
        const double t25 = mn_do_MAX(in_5[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t26 = mn_do_WHERE(t24, t25, t21, 0.0, 0.0);
        const double t27 = mn_do_LESS(t26, in_5[k], 0.0, 0.0, 0.0);
        const double t28 = mn_do_WHERE(t27, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        out_2[k] = t24;
        out_0[k] = t26;
        out_1[k] = t28;
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
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t9 = in_0[k] / in_1[k];
        const double t10 = in_2[k] - in_3[k];
        const double t11 = t10 / 0x1.0000000000000p+1;
        const double t12 = in_0[k] + in_4[k];
        const double t13 = mn_do_ABS(t12, 0.0, 0.0, 0.0, 0.0);
        const double t14 = in_0[k] - in_4[k];
        const double t15 = mn_do_ABS(t14, 0.0, 0.0, 0.0, 0.0);
        const double t16 = t13 - t15;
        const double t17 = t11 * t16;
        const double t18 = in_3[k] * in_0[k] + t17;
        const double t19 = 0x1.0000000000000p+0 / in_1[k];
        const double t20 = mn_do_LESS_EQUAL(in_1[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS(t18, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_AND(t20, t21, 0.0, 0.0, 0.0);
        const double t23 = mn_do_WHERE(t22, 0x0.0p+0, t18, 0.0, 0.0);
        const double t24 = mn_do_LESS(t12, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t25 = mn_do_WHERE(t24, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t26 = mn_do_LESS(t14, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t27 = mn_do_WHERE(t26, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t28 = t25 - t27;
        const double t29 = t11 * t28 + in_3[k];
        const double t30 = mn_do_WHERE(t22, 0x0.0p+0, t29, 0.0, 0.0);
        const double t31 = -t9;
        const double t32 = t31 / in_1[k];
        const double t33 = 0x0.0p+0;
        const double t34 = 0x0.0p+0;
        const double t35 = 0x0.0p+0;
        const double t36 = 0x0.0p+0;
        const double t37 = 0x0.0p+0;
        out_0[k] = t9;
        out_1[k] = t19;
        out_2[k] = t23;
        out_6[k] = t30;
        out_8[k] = t32;
        out_3[k] = t33;
        out_4[k] = t34;
        out_5[k] = t35;
        out_7[k] = t36;
        out_9[k] = t37;
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
static void crossing_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] - in_1[k];
        const double t6 = mn_do_LESS(t5, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t7 = -t5;
        const double t8 = mn_do_MIN(t7, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t9 = mn_do_WHERE(t6, t7, t8, 0.0, 0.0);
        const double t10 = mn_do_WHERE(in_2[k], t9, t5, 0.0, 0.0);
        out_0[k] = t10;
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
static void jump_0_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = mn_do_MAX(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t2;
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

static const int16_t start_input[] = {2};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 2};

static const int16_t conductance_input[] = {6};
static const mn_program conductance_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {4, 5, MN_INPUT_VOLTAGE, 3, 6, 0, 7};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 7, .n_uniforms = 1, .n_outputs = 3};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 6, 4, 5, 3};
static const mn_program linearise_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 10};

static const int16_t crossing_input[] = {0, 6, 7};
static const mn_program crossing_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t jump_0_input[] = {0};
static const mn_program jump_0_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const mn_equations jumps[] = {{.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input}};

const mn_equation_model mn_pershin_di_ventra = {
    .model =
        {
            .name = "PershinDiVentra",
            .doc = "A memristor with a threshold of its voltage. Its resistance R grows with the voltage, by alpha of what is below the threshold and by beta of what is beyond it, and stays between R_on and R_off. With alpha = 0 nothing moves below the threshold. A negative beta turns the direction round.",
            .citation = "Pershin and Di Ventra, Radioengineering 2013, 22, 485, eq. 3 to 5; Biolek, Di Ventra and Pershin, Radioengineering 2013, 22, 945, whose netlists have the numbers, which they call artificial",
            .text = "doc A memristor with a threshold of its voltage. Its resistance R grows with the voltage, by alpha of what is below the\n"
    "doc threshold and by beta of what is beyond it, and stays between R_on and R_off. With alpha = 0 nothing moves below the\n"
    "doc threshold. A negative beta turns the direction round.\n"
    "source Pershin and Di Ventra, Radioengineering 2013, 22, 485, eq. 3 to 5; Biolek, Di Ventra and Pershin,\n"
    "source Radioengineering 2013, 22, 945, whose netlists have the numbers, which they call artificial\n"
    "\n"
    "i     = v/R_m\n"
    "dR_m/dt = beta*v + (alpha - beta)/2*(abs(v + V_t) - abs(v - V_t))\n"
    "\n"
    "parameter R_on    = 1 kohm in (0, inf)        : least resistance\n"
    "parameter R_off   = 10 kohm in (0, inf)       : largest resistance\n"
    "parameter R_initial = 10 kohm in (0, inf)     : resistance at the start\n"
    "parameter V_t     = 1.6 V in [0, inf)         : threshold\n"
    "parameter alpha   = 0 ohm/(V s)               : speed of the resistance below the threshold\n"
    "parameter beta    = 1e13 ohm/(V s)            : and beyond it\n"
    "\n"
    "state R_m = R_initial in (0, inf)             : resistance\n"
    "event at_least when R_m < R_on: R_m = R_on    : the resistance stays at least R_on\n",
            .check = "R_on",
            .flags = MN_EVENTS_AT_STEPS,
            .n_scratch = 2,
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
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program, .compiled = conductance, .input = conductance_input},
            [MN_EQUATIONS_ADVANCE] = {.program = &advance_program, .compiled = advance, .input = advance_input, .uniform = advance_uniform},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
            [MN_EQUATIONS_CROSSING] = {.program = &crossing_program, .compiled = crossing, .input = crossing_input},
        },
    .jump = jumps,
    .n_located = 1,
    .n_at_steps = 1,
};
