// stable, hurwitz, passive: a recurrence and a differential equation that forget, and a resistance that only takes
// energy, whatever an optimizer does to their originals.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/passive.hpp>
#include <paramorph/param/stable.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
template <class P>
using weight = pm::tensor<pm::shape<2, 2>, pm::chain<P>, double>;

int main() {
    weight<pm::param::stable> recurrence;
    recurrence = matrix{{0.9, 5}, {0, 0.8}};  // grows at first, and forgets at last
    recurrence.original() += 1.0;
    recurrence.original<1>() -= 0.5;
    matrix const a = recurrence();
    double x = 1, y = 1, most = 0;
    for (int k = 0; k < 2000; ++k) {
        double const next = a(0, 0) * x + a(0, 1) * y;
        y = a(1, 0) * x + a(1, 1) * y, x = next, most = std::fmax(most, std::abs(x));
    }

    weight<pm::param::hurwitz> flow;
    flow = matrix{{-0.1, 2}, {-2, -0.1}};  // a damped oscillation
    flow.original() += 0.3;
    matrix const b = flow();
    bool const decays = b(0, 0) + b(1, 1) < 0 && b(0, 0) * b(1, 1) - b(0, 1) * b(1, 0) > 0;
    weight<pm::param::passive> resistance;
    resistance = matrix{{1, 7}, {-7, 0.1}};  // a gyrator turns more than it takes
    resistance.original() -= 0.25;
    matrix const c = resistance();
    bool takes = true;
    for (int k = 0; k < 100; ++k) {
        double const u = std::cos(0.0628 * k), v = std::sin(0.0628 * k);
        takes = takes && u * (c(0, 0) * u + c(0, 1) * v) + v * (c(1, 0) * u + c(1, 1) * v) > 0;
    }
    pm::status const refused = recurrence.try_assign(matrix{{1, 0}, {0, 0}});
    std::printf("from %g to %g; trace %g; the unit circle: %s\n", most, std::hypot(x, y), b(0, 0) + b(1, 1),
                refused.failed);
    return std::hypot(x, y) < 1e-3 * most && decays && takes && !refused.ok() ? 0 : 1;
}
