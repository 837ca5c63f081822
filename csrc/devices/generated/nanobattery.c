/* Nanobattery, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "G_i",
     .unit = "S",
     .doc = "conductance of the ions, in series with the emf",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "G_e",
     .unit = "S",
     .doc = "conductance of the electrons, beside both",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "E",
     .unit = "V",
     .doc = "emf that stays, such as that of two metals; positive where the first end is",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "E_N",
     .unit = "V",
     .doc = "Nernst potential at n = 1; the first end, which dissolves, is the negative one",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, 0x0.0p+0, "(]")},
    {.name = "E_D",
     .unit = "V",
     .doc = "diffusion potential at d = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "tau_N",
     .unit = "s",
     .doc = "time in which deposited metal dissolves by itself",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "tau_D",
     .unit = "s",
     .doc = "time in which the ions spread",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "Q",
     .unit = "C",
     .doc = "charge of the ions that deposits n = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "n_0",
     .unit = "1",
     .doc = "n at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "d_0",
     .unit = "1",
     .doc = "d at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "n",
     .unit = "1",
     .doc = "metal deposited at the first end, by the charge in units of Q",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "d",
     .unit = "1",
     .doc = "gradient of the ions in the film, in units of what n = 1 leaves when it dissolves",
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
        const double t2 = in_0[k];
        const double t3 = in_1[k];
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
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
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
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t7 = in_0[k] * in_1[k] + in_2[k];
        const double t8 = in_3[k] * in_4[k] + t7;
        const double t9 = in_5[k] + in_6[k];
        const double t10 = -t8;
        const double t11 = in_6[k] * t10;
        out_0[k] = t9;
        out_1[k] = t11;
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
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] * in_1[k] + in_2[k];
        const double t13 = in_3[k] * in_4[k];
        const double t14 = t12 + t13;
        const double t15 = in_5[k] - t14;
        const double t16 = in_6[k] * t15;
        const double t17 = in_1[k] / in_7[k];
        const double t18 = t16 / in_8[k];
        const double t19 = t17 + t18;
        const double t20 = -t19;
        const double t21 = in_4[k] / in_9[k];
        const double t22 = t19 - t21;
        const double t23 = -in_0[k];
        const double t24 = in_6[k] * t23;
        const double t25 = 0x1.0000000000000p+0 / in_7[k];
        const double t26 = t24 / in_8[k];
        const double t27 = t25 + t26;
        const double t28 = -t27;
        const double t29 = in_2[k] + t13;
        const double t30 = in_5[k] - t29;
        const double t31 = in_6[k] * t30;
        const double t32 = t31 / in_8[k];
        const double t33 = -t32;
        const double t35 = -in_3[k];
        const double t36 = in_6[k] * t35;
        const double t37 = t36 / in_8[k];
        const double t38 = 0x1.0000000000000p+0 / in_9[k];
        const double t39 = t37 - t38;
        const double t40 = in_5[k] - t12;
        const double t41 = in_6[k] * t40;
        const double t42 = t41 / in_8[k];
        const double t43 = t17 + t42;
        row_1[k] = t20;
        row_2[k] = t22;
        row_3[k] = t28;
        row_4[k] = t33;
        row_5[k] = t39;
        row_6[k] = t43;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[1] + first, row[0], row[3], row[1], row[4]},
                         out[0] + first);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[4] + first, row[0], row[5], row[2], row[6]},
                         out[1] + first);
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
        const double t12 = in_0[k] * in_1[k] + in_2[k];
        const double t13 = in_3[k] * in_4[k] + t12;
        const double t14 = in_5[k] - t13;
        const double t15 = in_6[k] * t14;
        const double t16 = in_7[k] * in_5[k] + t15;
        const double t17 = in_1[k] / in_8[k];
        const double t18 = t15 / in_9[k];
        const double t19 = t17 + t18;
        const double t20 = -t19;
        const double t21 = in_4[k] / in_10[k];
        const double t22 = t19 - t21;
        const double t23 = in_7[k] + in_6[k];
        const double t24 = -in_0[k];
        const double t25 = in_6[k] * t24;
        const double t26 = 0x1.0000000000000p+0 / in_8[k];
        const double t27 = t25 / in_9[k];
        const double t28 = t26 + t27;
        const double t29 = -t28;
        const double t30 = -in_3[k];
        const double t31 = in_6[k] * t30;
        const double t32 = t31 / in_9[k];
        const double t33 = 0x1.0000000000000p+0 / in_10[k];
        const double t34 = t32 - t33;
        const double t35 = in_6[k] / in_9[k];
        const double t36 = -t35;
        out_0[k] = t16;
        out_2[k] = t20;
        out_3[k] = t22;
        out_1[k] = t23;
        out_8[k] = t25;
        out_4[k] = t29;
        out_9[k] = t31;
        out_5[k] = t34;
        out_7[k] = t35;
        out_6[k] = t36;
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

static const int16_t start_input[] = {8, 9};
static const mn_program start_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 2};

static const int16_t conductance_input[] = {3, 10, 2, 4, 11, 1, 0};
static const mn_program conductance_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {3, 10, 2, 4, 11, MN_INPUT_VOLTAGE, 0, 5, 7, 6};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 10, .n_uniforms = 1, .n_outputs = 2};

static const int16_t linearise_input[] = {3, 10, 2, 4, 11, MN_INPUT_VOLTAGE, 0, 1, 5, 7, 6};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 10};

const mn_equation_model mn_nanobattery = {
    .model =
        {
            .name = "Nanobattery",
            .doc = "A switching film between two electrodes as a battery: an emf behind the conductance G_i of its "
                   "ions, and beside both the conductance G_e of its electrons. So V_oc = E_cell G_i/(G_i + G_e), and "
                   "at 0 V it carries -G_i E_cell. A negative voltage deposits metal n at the first end, which adds "
                   "the Nernst potential n E_N; as the metal dissolves, its ions pile up to a gradient d, which adds "
                   "the diffusion potential d E_D until they have spread. So the voltage of an open cell undershoots, "
                   "overshoots, and comes to rest.",
            .citation = "Valov et al., Nat. Commun. 2013, 4, 1771, doi 10.1038/ncomms2784; section 3.1 and figures 6 "
                        "and 7 of Adv. Mater. 2023, doi 10.1002/adma.202301924, which print no equation of it: the "
                        "rates of n and d are memnet's",
            .text = "doc A switching film between two electrodes as a battery: an emf behind the conductance G_i of "
                    "its ions, and beside both\n"
                    "doc the conductance G_e of its electrons. So V_oc = E_cell G_i/(G_i + G_e), and at 0 V it carries "
                    "-G_i E_cell. A negative\n"
                    "doc voltage deposits metal n at the first end, which adds the Nernst potential n E_N; as the "
                    "metal dissolves, its ions\n"
                    "doc pile up to a gradient d, which adds the diffusion potential d E_D until they have spread. So "
                    "the voltage of an open\n"
                    "doc cell undershoots, overshoots, and comes to rest.\n"
                    "source Valov et al., Nat. Commun. 2013, 4, 1771, doi 10.1038/ncomms2784; section 3.1 and figures "
                    "6 and 7 of Adv. Mater.\n"
                    "source 2023, doi 10.1002/adma.202301924, which print no equation of it: the rates of n and d are "
                    "memnet's\n"
                    "\n"
                    "i      = G_e*v + G_i*(v - E_cell)\n"
                    "E_cell = E + E_N*n + E_D*d\n"
                    "# what dissolves: by itself, and by the current of the ions\n"
                    "loss   = n/tau_N + G_i*(v - E_cell)/Q\n"
                    "dn/dt  = -loss\n"
                    "dd/dt  = loss - d/tau_D\n"
                    "\n"
                    "parameter G_i   = 1 uS in [0, inf)    : conductance of the ions, in series with the emf\n"
                    "parameter G_e   = 1 nS in [0, inf)    : conductance of the electrons, beside both\n"
                    "parameter E     = 0.1 V               : emf that stays, such as that of two metals; positive "
                    "where the first end is\n"
                    "parameter E_N   = 0 V in (-inf, 0]    : Nernst potential at n = 1; the first end, which "
                    "dissolves, is the negative one\n"
                    "parameter E_D   = 0 V in [0, inf)     : diffusion potential at d = 1\n"
                    "parameter tau_N = 1 s in (0, inf)     : time in which deposited metal dissolves by itself\n"
                    "parameter tau_D = 10 s in (0, inf)    : time in which the ions spread\n"
                    "parameter Q     = 1 mC in (0, inf)    : charge of the ions that deposits n = 1\n"
                    "parameter n_0   = 0                   : n at the start\n"
                    "parameter d_0   = 0                   : d at the start\n"
                    "\n"
                    "state n = n_0    : metal deposited at the first end, by the charge in units of Q\n"
                    "state d = d_0    : gradient of the ions in the film, in units of what n = 1 leaves when it "
                    "dissolves\n",
            .check = "G_i",
            .flags = MN_HAS_SOURCE,
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
