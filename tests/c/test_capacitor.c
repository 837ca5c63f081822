/* The capacitor against the closed form of backward Euler. */
#include "population.h"

#include <math.h>

/* Charged through R from E: backward Euler gives v_n = E - (E - v_0) (1 + dt/(R C))^-n. */
static void test_capacitor(check_count *count)
{
    const double r = 2.0, c = 0.5, e = 3.0, dt = 0.125;
    const setting settings[2] = {{"capacitance", c}, {"v_initial", -1.0}};
    double g, i0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "Capacitor", 1, NULL, settings, 2, &error) == MN_OK);
    for (int n = 1; n <= 40; n++) {
        conduct(&population, dt, &g, &i0);
        double v = (e / r - i0) / (g + 1.0 / r); /* (e - v)/r = g v + i0 */
        step(&population, dt, &v);
        double exact = e - (e + 1.0) * pow(1.0 + dt / (r * c), -n);
        CHECK(count, fabs(field_of(&population, "v")[0] - exact) <= 1e-14);
    }
    mn_population_free(&population);
}

int main(void)
{
    check_count count = {0, 0};
    test_capacitor(&count);
    return check_report(&count, "capacitor");
}
