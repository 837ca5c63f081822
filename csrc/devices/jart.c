/* JART VCM v1b, a filament of an oxide whose vacancies move, with the inner equation of its currents (Bengel et al.,
 * IEEE Trans. Circuits Syst. I 2020, 67, 4618).
 *
 * A Schottky interface, a disc, a plug and leads carry one current in series. With u the voltage of the interface, the
 * rest has v - u, which gives the current, this the temperature, and both what the interface carries: u is where the
 * two currents are equal. Energies stand over the elementary charge, in V. Public letters are in the table. */
#include "base/circular.h"
#include "base/hyperbolic.h"
#include "devices/device.h"

#include <math.h>

enum {
    R,
    L,
    N_MIN,
    N_MAX,
    N_0,
    N_PLUG,
    A,
    NU_0,
    D_W,
    Z,
    L_CELL,
    MU_N,
    R_TIOX,
    R_LINE,
    R_TH_LINE,
    ALPHA_LINE,
    T_0,
    R_TH,
    S_RESET,
    PHI_B,
    PHI_N,
    EPS,
    EPS_PHI,
    RICHARDSON,
    X,
    N_FIELDS
};

/* The first three are exact; CODATA 2022. */
static const double E_CHARGE = 1.602176634e-19, BOLTZMANN = 1.380649e-23, PLANCK = 6.62607015e-34;
static const double ELECTRON_MASS = 9.1093837139e-31, EPS_0 = 8.8541878188e-12;
static const double PI = 3.141592653589793;

/* The field lowers the barrier of a hop by no more than this share of all that it can. */
static const double MOST_GAMMA = 0.999;

static const mn_field fields[N_FIELDS] = {
    [R] = {"r", "m", MN_POSITIVE, .initial = 45e-9, .doc = "radius of the filament"},
    [L] = {"l", "m", MN_POSITIVE, .initial = 0.4e-9, .below = "l_cell", .doc = "length of the disc"},
    [N_MIN] = {"N_min", "1/m^3", MN_POSITIVE, .initial = 8e23, .below = "N_max",
               .doc = "least concentration of vacancies in the disc"},
    [N_MAX] = {"N_max", "1/m^3", MN_POSITIVE, .initial = 2e27, .doc = "largest concentration of vacancies in the disc"},
    [N_0] = {"N_0", "1/m^3", MN_POSITIVE, .initial = 8e23,
             .doc = "concentration of vacancies in the disc at the start"},
    [N_PLUG] = {"N_plug", "1/m^3", MN_POSITIVE, .initial = 2e27, .doc = "concentration of vacancies in the plug"},
    [A] = {"a", "m", MN_POSITIVE, .initial = 0.25e-9, .doc = "length of a hop"},
    [NU_0] = {"nu_0", "Hz", MN_POSITIVE, .initial = 2e13, .doc = "attempt frequency of hops"},
    [D_W] = {"dW", "J", MN_POSITIVE, .initial = 1.35 * 1.602176634e-19, .doc = "barrier of a hop, 1.35 eV"},
    [Z] = {"z", "1", MN_POSITIVE, .initial = 2.0, .doc = "charge number of a vacancy"},
    [L_CELL] = {"l_cell", "m", MN_POSITIVE, .initial = 3e-9, .doc = "length of disc and plug together"},
    [MU_N] = {"mu_n", "m^2/(V s)", MN_POSITIVE, .initial = 4e-6, .doc = "mobility of electrons in disc and plug"},
    [R_TIOX] = {"R_TiOx", "ohm", MN_NOT_NEGATIVE, .initial = 650.0, .doc = "resistance of the layer of titanium oxide"},
    [R_LINE] = {"R_line", "ohm", MN_NOT_NEGATIVE, .initial = 719.2437,
                .doc = "resistance of the lines without a current"},
    [R_TH_LINE] = {"R_th_line", "K/W", MN_NOT_NEGATIVE, .initial = 90471.47,
                   .doc = "thermal resistance of the lines, which their current heats"},
    [ALPHA_LINE] = {"alpha_line", "1/K", MN_NOT_NEGATIVE, .initial = 3.92e-3,
                    .doc = "temperature coefficient of the resistance of the lines"},
    [T_0] = {"T_0", "K", MN_POSITIVE, .initial = 293.0, .doc = "ambient temperature"},
    [R_TH] = {"R_th", "K/W", MN_NOT_NEGATIVE, .initial = 15.72e6,
              .doc = "thermal resistance of the filament where v < 0, in the set"},
    [S_RESET] = {"s_reset", "1", MN_NOT_NEGATIVE, .initial = 0.27,
                 .doc = "share of R_th that counts where v > 0, in the reset"},
    [PHI_B] = {"phi_B", "V", MN_POSITIVE, .initial = 0.18, .doc = "Schottky barrier before the field lowers it"},
    [PHI_N] = {"phi_n", "V", MN_NOT_NEGATIVE, .initial = 0.1, .below = "phi_B",
               .doc = "from the Fermi level of the oxide to its conduction band"},
    [EPS] = {"eps", "1", MN_POSITIVE, .initial = 17.0, .doc = "relative permittivity of the oxide in tunnelling"},
    [EPS_PHI] = {"eps_phi", "1", MN_POSITIVE, .initial = 5.5,
                 .doc = "relative permittivity of the oxide in the lowering of the barrier"},
    [RICHARDSON] = {"A_R", "A/(m K)^2", MN_POSITIVE, .initial = 6.01e5, .doc = "Richardson constant of the interface"},
    [X] = {"x", "1", .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
           .doc = "concentration N of vacancies in the disc, the logarithm from 0 at N_min to 1 at N_max"},
};

/* ------------------------------------------------------------------ a member at its state */

typedef struct {
    double concentration; /* N (1/m^3) */
    double decades;       /* log(N_max / N_min) = dlog(N)/dx */
    /* the interface */
    double emission;         /* area times Richardson constant (A/K^2) */
    double image;            /* fourth power of the lowering over the band bending (V^3) */
    double barrier, bending; /* phi_B, and phi_B - phi_n: the voltage that leaves no band bending (V) */
    double tunnelling;       /* E_00 of Padovani and Stratton (V) */
    /* what is in series with it */
    double disc, filament;   /* resistances of the disc, and of disc and plug (ohm) */
    double rest;             /* of all without a current (ohm) */
    double line_heat;        /* what the square of the current adds (ohm/A^2) */
    double ambient, warming; /* K, K/W */
} cell;

/* The sign of v decides the thermal resistance. */
static cell cell_of(const mn_population *population, int64_t k, bool sets)
{
    double *const *field = population->field;
    const double charge = field[Z][k] * E_CHARGE, area = PI * field[R][k] * field[R][k];
    const double decades = mn_kernel_log(field[N_MAX][k] / field[N_MIN][k]);
    const double concentration = field[N_MIN][k] * mn_kernel_exp(field[X][k] * decades);
    const double per_area = 1.0 / (charge * field[MU_N][k] * area), line = field[R_LINE][k];
    const double permittivity = field[EPS_PHI][k] * EPS_0, over_e = E_CHARGE / permittivity;
    cell c = {
        .concentration = concentration,
        .decades = decades,
        .emission = area * field[RICHARDSON][k],
        .image = over_e * over_e * over_e * field[Z][k] * concentration / (8.0 * PI * PI),
        .barrier = field[PHI_B][k],
        .bending = field[PHI_B][k] - field[PHI_N][k],
        .tunnelling = PLANCK / (4.0 * PI) * sqrt(field[Z][k] * concentration / (ELECTRON_MASS * field[EPS][k] * EPS_0)),
        .disc = field[L][k] / concentration * per_area,
        .line_heat = line * line * field[ALPHA_LINE][k] * field[R_TH_LINE][k],
        .ambient = field[T_0][k],
        .warming = field[R_TH][k] * (sets ? 1.0 : field[S_RESET][k]),
    };
    c.filament = c.disc + (field[L_CELL][k] - field[L][k]) / field[N_PLUG][k] * per_area;
    c.rest = c.filament + field[R_TIOX][k] + line;
    return c;
}

/* ------------------------------------------------------------------ the interface */

/* What the image force leaves of the barrier, and its slopes by u and x. */
typedef struct {
    double height, by_u, by_x;
} barrier;

static barrier barrier_at(const cell *c, double u)
{
    const double bent = c->bending - u;
    if (bent <= 0.0) {
        return (barrier){.height = c->barrier};
    }
    const double lowered = sqrt(sqrt(c->image * bent));
    if (lowered >= c->barrier) {
        return (barrier){0};
    }
    return (barrier){
        .height = c->barrier - lowered, .by_u = 0.25 * lowered / bent, .by_x = -0.25 * lowered * c->decades};
}

/* A current, and its slopes by u, the temperature and x. */
typedef struct {
    double i, by_u, by_t, by_x;
} emission;

/* u >= 0, thermionic emission: emission T^2 exp(-phi / E) (exp(u / E) - 1) with E = k_B T / e. */
static emission over_barrier(const cell *c, double u, double t)
{
    const barrier phi = barrier_at(c, u);
    const double thermal = BOLTZMANN / E_CHARGE * t, z = u / thermal;
    const double scale = c->emission * t * t * mn_kernel_exp(-phi.height / thermal);
    const double grown = mn_kernel_expm1(z), i = scale * grown;
    return (emission){
        .i = i,
        .by_u = scale * (grown + 1.0) / thermal - i * phi.by_u / thermal,
        .by_t = (i * (2.0 + phi.height / thermal) - scale * z * (grown + 1.0)) / t,
        .by_x = -i * phi.by_x / thermal,
    };
}

/* w - tanh(w), w >= 0: of a small one by Lambert's continued fraction, tanh(w) = w / (1 + f), as the difference would
 * leave no digits. */
static double beyond_tanh(double w)
{
    if (w > 1.0) {
        return w - mn_kernel_tanh(w);
    }
    double f = 0.0;
    for (double odd = 21.0; odd > 1.0; odd -= 2.0) {
        f = w * w / (odd + f);
    }
    return w * f / (1.0 + f);
}

/* u < 0, thermionic field emission (Padovani and Stratton, Solid-State Electron. 1966, 9, 695):
 * -emission T / k sqrt(pi E_00 (s + phi / cosh^2 w)) exp(-phi tanh(w) / E_00) (exp(s (w - tanh w) / E_00) - 1)
 * with s = -u, k = k_B / e and w = E_00 / (k T). */
static emission through_barrier(const cell *c, double u, double t)
{
    const barrier phi = barrier_at(c, u);
    const double k = BOLTZMANN / E_CHARGE, e_00 = c->tunnelling, s = -u;
    const double w = e_00 / (k * t), bent = beyond_tanh(w), tanh_w = w - bent;
    const double shrunk = mn_kernel_exp(-2.0 * w), sech_2 = 4.0 * shrunk / ((1.0 + shrunk) * (1.0 + shrunk));
    const double high = s + phi.height * sech_2; /* above which electrons pass */
    const double scale = c->emission * t / k * sqrt(PI * e_00 * high) * mn_kernel_exp(-phi.height * tanh_w / e_00);
    const double grown = mn_kernel_expm1(s * bent / e_00), all = scale * (grown + 1.0), i = scale * grown;
    /* slopes of log(scale) by phi and w, and what else they have by t and x */
    const double by_phi = 0.5 * sech_2 / high - tanh_w / e_00;
    const double by_w = -phi.height * sech_2 * (tanh_w / high + 1.0 / e_00);
    const double of_e_00 = 0.5 * c->decades * (0.5 + phi.height * tanh_w / e_00 + by_w * w);
    return (emission){
        .i = -i,
        .by_u = i * (0.5 / high - by_phi * phi.by_u) + all * bent / e_00,
        .by_t = -(i * (1.0 - by_w * w) - all * s * tanh_w * tanh_w * w / e_00) / t,
        .by_x = -i * (by_phi * phi.by_x + of_e_00) - all * s / e_00 * 0.5 * c->decades * (tanh_w * tanh_w * w - bent),
    };
}

/* ------------------------------------------------------------------ the inner equation */

/* The current of what is in series with the interface, at its voltage: i (rest + line_heat i^2) = v. From v / rest
 * Newton's method comes down to it without a turn. */
static double current_of_rest(const cell *c, double v)
{
    enum { MOST_ROUNDS = 100 };
    double i = v / c->rest;
    for (int n = 0; n < MOST_ROUNDS; n++) {
        const double square = c->line_heat * i * i;
        const double less = (i * (c->rest + square) - v) / (c->rest + 3.0 * square);
        i -= less;
        if (!(fabs(less) > 0x1p-51 * fabs(i))) {
            break;
        }
    }
    return i;
}

/* The cell with u at its interface: currents and temperature with their slopes, each at the others fixed. */
typedef struct {
    double u;
    double i, i_rest; /* of what is in series, and its slope by the voltage there */
    double t, t_i, t_u;
    emission carried;        /* by the interface */
    double excess, excess_u; /* i - carried.i, and its slope by u */
} point;

static point point_at(const cell *c, double v, double u)
{
    point p = {.u = u, .i = current_of_rest(c, v - u)};
    p.i_rest = 1.0 / (c->rest + 3.0 * c->line_heat * p.i * p.i);
    p.t = c->ambient + c->warming * p.i * (u + p.i * c->filament);
    p.t_i = c->warming * (u + 2.0 * p.i * c->filament);
    p.t_u = c->warming * p.i;
    p.carried = u < 0.0 ? through_barrier(c, u, p.t) : over_barrier(c, u, p.t);
    p.excess = p.i - p.carried.i;
    p.excess_u = -p.i_rest - p.carried.by_u - p.carried.by_t * (p.t_u - p.t_i * p.i_rest);
    return p;
}

/* Voltages of the interface with an excess above and below 0, in this order for either sign of v. */
typedef struct {
    double above, below;
} bracket;

/* Below 0 there is one root. Above, the barrier grows while the voltage takes its band bending away, so that the
 * current of the interface falls before it rises again, and there may be three: the first is the one that a sweep from
 * 0 V comes to, and is looked for piece by piece. */
static bracket bracket_of(const cell *c, double v)
{
    enum { N_PIECES = 16 };
    if (v < 0.0) {
        return (bracket){.above = v, .below = 0.0};
    }
    bracket between = {.above = 0.0, .below = v};
    for (int n = 1; n <= N_PIECES; n++) {
        const double u = c->bending * (double)n / N_PIECES;
        if (u >= v) {
            break;
        }
        if (point_at(c, v, u).excess <= 0.0) {
            between.below = u;
            break;
        }
        between.above = u;
    }
    return between;
}

/* Newton's method in a bracket, which halves it where a step leaves it, or where steps do not halve. */
static point solve(const cell *c, double v)
{
    enum { MOST_ROUNDS = 200 };
    bracket between = bracket_of(c, v);
    double u = 0.5 * (between.above + between.below), before = fabs(between.above - between.below);
    point p = point_at(c, v, u);
    for (int n = 0; n < MOST_ROUNDS; n++) {
        if (p.excess == 0.0) {
            break;
        }
        *(p.excess > 0.0 ? &between.above : &between.below) = u;
        const double middle = 0.5 * (between.above + between.below), newton = u - p.excess / p.excess_u;
        const bool inside = newton > between.above && newton < between.below;
        const double next = inside && fabs(newton - u) <= 0.5 * before ? newton : middle;
        before = fabs(next - u);
        if (!(before > 0x1p-51 * fabs(u))) {
            break;
        }
        u = next;
        p = point_at(c, v, u);
    }
    return p;
}

/* The solution, and what of it moves with v and x: the interface adapts to either. */
typedef struct {
    point at;
    double i_v, i_x, u_v, u_x, t_v, t_x;
} response;

static response respond(const cell *c, double v)
{
    const point p = solve(c, v);
    response r = {.at = p};
    const double disc_x = -c->decades * c->disc, filament_heat_x = c->warming * p.i * p.i * disc_x;
    const double i_x = -p.i * disc_x * p.i_rest; /* at u */
    const double excess_v = p.i_rest - p.carried.by_t * p.t_i * p.i_rest;
    const double excess_x = i_x - p.carried.by_x - p.carried.by_t * (filament_heat_x + p.t_i * i_x);
    r.u_v = -excess_v / p.excess_u;
    r.u_x = -excess_x / p.excess_u;
    r.i_v = p.i_rest * (1.0 - r.u_v);
    r.i_x = i_x - p.i_rest * r.u_x;
    r.t_v = p.t_i * r.i_v + p.t_u * r.u_v;
    r.t_x = p.t_i * r.i_x + p.t_u * r.u_x + filament_heat_x;
    return r;
}

/* ------------------------------------------------------------------ vacancies */

/* A quantity that follows v and x, and its slopes by them. */
typedef struct {
    double value, v, x;
} followed;

/* The field that moves vacancies: of the disc where they come, of the whole filament where they go. */
static followed field_of(const cell *c, const response *r, bool sets, double l, double l_cell)
{
    const double i = r->at.i, disc_x = -c->decades * c->disc;
    if (sets) {
        return (followed){i * c->disc / l, r->i_v * c->disc / l, (r->i_x * c->disc + i * disc_x) / l};
    }
    return (followed){(r->at.u + i * c->filament) / l_cell, (r->u_v + r->i_v * c->filament) / l_cell,
                      (r->u_x + r->i_x * c->filament + i * disc_x) / l_cell};
}

/* What the mean concentration and the window leave of a hop to the rate of x, and its slope. */
static followed hops_of(double *const *field, int64_t k, const cell *c, bool sets)
{
    const double x = field[X][k], steep = 10.0 * c->decades;
    const double plug = field[N_PLUG][k] / c->concentration;
    const double rate = 0.5 * field[A][k] * field[NU_0][k] / (field[L][k] * c->decades);
    const double past = sets ? (x - 1.0) * steep : -x * steep; /* log((N / N_max)^10) or log((N_min / N)^10) */
    const double window = -mn_kernel_expm1(past), window_x = (sets ? -steep : steep) * mn_kernel_exp(past);
    return (followed){.value = rate * (plug + 1.0) * window,
                      .x = rate * ((plug + 1.0) * window_x - plug * c->decades * window)};
}

/* dx/dt = -hops exp(-B h) 2 sinh(B gamma pi / 2) with B = dW / (k_B T), gamma = z e E a / (pi dW) and h = sqrt(1 -
 * gamma^2) + gamma asin(gamma): hops down the field less hops up. */
static followed rate_of(double *const *field, int64_t k, const cell *c, const response *r, bool sets)
{
    const followed e = field_of(c, r, sets, field[L][k], field[L_CELL][k]), hops = hops_of(field, k, c, sets);
    const double scale = field[Z][k] * E_CHARGE * field[A][k] / (PI * field[D_W][k]), free = scale * e.value;
    const bool held = !(fabs(free) < MOST_GAMMA);
    const double gamma = held ? copysign(MOST_GAMMA, free) : free, root = sqrt(1.0 - gamma * gamma);
    const double arc = mn_kernel_atan(gamma / root), b = field[D_W][k] / (BOLTZMANN * r->at.t);
    const double h = root + gamma * arc, tilt = 0.5 * PI * fabs(gamma);
    const double down = mn_kernel_exp(-b * (h - tilt)), up = mn_kernel_exp(-b * (h + tilt));
    const double net = copysign(-down * mn_kernel_expm1(-2.0 * b * tilt), gamma), sum = down + up;
    const double by_gamma = b * (0.5 * PI * sum - arc * net), by_b = 0.5 * PI * gamma * sum - h * net;
    const double by_e = held ? 0.0 : by_gamma * scale, by_t = -by_b * b / r->at.t;
    return (followed){.value = -hops.value * net,
                      .v = -hops.value * (by_e * e.v + by_t * r->t_v),
                      .x = -hops.value * (by_e * e.x + by_t * r->t_x) - hops.x * net};
}

/* ------------------------------------------------------------------ hooks */

static int init(mn_population *population)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        const double x =
            mn_kernel_log(field[N_0][k] / field[N_MIN][k]) / mn_kernel_log(field[N_MAX][k] / field[N_MIN][k]);
        field[X][k] = mn_bounded(x, 0.0, 1.0);
    }
    return MN_OK;
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    for (int64_t k = 0; k < population->n; k++) {
        const bool sets = step->v[k] < 0.0;
        const cell c = cell_of(population, k, sets);
        const response r = respond(&c, step->v[k]);
        const followed rate = rate_of(population->field, k, &c, &r, sets);
        linear->i[k] = r.at.i;
        linear->i_v[k] = r.i_v;
        linear->i_x[X][k] = r.i_x;
        linear->f[X][k] = rate.value;
        linear->f_v[X][k] = rate.v;
        linear->f_x[X][k] = rate.x;
    }
}

static const mn_preset_value bengel[] = {{"N_min", 8e23},  {"N_max", 2e27},   {"N_0", 8e23},
                                         {"N_plug", 2e27}, {"R_th", 15.72e6}, {"s_reset", 0.27}};
static const mn_preset_value ntinas[] = {{"N_min", 4e23},  {"N_max", 2.2e27}, {"N_0", 4e23},
                                         {"N_plug", 2e27}, {"R_th", 15.72e6}, {"s_reset", 0.27}};

static const mn_preset presets[] = {
    {.name = "bengel-2020",
     .doc = "a filament in hafnium oxide under titanium oxide, which starts with its fewest vacancies: the defaults",
     .citation = "Bengel et al., IEEE Trans. Circuits Syst. I 2020, 67, 4618, doi 10.1109/TCSI.2020.3018502",
     MN_ARRAY(value, bengel)},
    {.name = "ntinas-2023",
     .doc = "the same with the wider range of concentrations of the public explicit code",
     .citation = "vntinas/JART-TUD-VCM-memristor-model, JART_TUD_VCM.va; Ntinas et al., SMACD 2023, doi "
                 "10.1109/SMACD58065.2023.10192107",
     MN_ARRAY(value, ntinas)},
};

const mn_device_model mn_jart = {
    .name = "JART",
    .doc = "The filament of an oxide whose vacancies move, by valence change: the model JART VCM v1b with its inner "
           "equation. A Schottky interface (thermionic emission where v > 0, thermionic field emission where v < 0, "
           "over a barrier that the image force lowers), a disc, a plug, a layer of titanium oxide and lines that "
           "their current heats are in series. The filament has the temperature T_0 + R_th P of the power P in "
           "interface, disc and plug, at v > 0 with s_reset R_th. Vacancies hop between plug and disc in the field, "
           "of the disc at v < 0 and of the whole filament at v > 0: a negative voltage at the first node, the active "
           "electrode, sets, and a positive one resets. Where several voltages of the interface solve the equation, "
           "the smallest is taken, which a sweep from 0 V comes to; with other barriers it can end, and the current "
           "jumps. A field lowers the barrier of a hop by at most 0.999 of what it can. ExplicitJART is a fit to this "
           "current.",
    .citation = "Bengel et al., IEEE Trans. Circuits Syst. I 2020, 67, 4618, doi 10.1109/TCSI.2020.3018502; constants "
                "as in vntinas/JART-TUD-VCM-memristor-model; Cueppers et al., APL Mater. 2019, 7, 091105, "
                "doi 10.1063/1.5108654",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT | MN_FALLS,
    .check = "R_th",
    MN_ARRAY(preset, presets),
    .init = init,
    .linearise = linearise,
};
