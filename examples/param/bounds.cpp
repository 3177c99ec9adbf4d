// lower, upper and offset_multiplier: numbers above a bound, below one, and around an offset. log_abs_det corrects a
// density: here of a standard deviation, which is positive, of measurements whose mean is known.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <limits>
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/nn/log_abs_det.hpp>
#include <paramorph/param/lower.hpp>
#include <paramorph/param/offset_multiplier.hpp>
#include <paramorph/param/upper.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<double, xt::xshape<3>>;
using number = xt::xtensor_fixed<double, xt::xshape<>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::lower<2>>, double> above;
    pm::tensor<pm::shape<3>, pm::chain<pm::param::upper<2>>, double> below;
    pm::tensor<pm::shape<3>, pm::chain<pm::param::offset_multiplier<100, 15>>, double> around;
    above = vector{2.5, 3, 100};
    below = vector{1.5, 1, -100};
    around = vector{85, 100, 130};
    above.original()(0) -= 50;  // as a step of an optimizer would
    below.original()(0) -= 50;
    std::printf("%g >= 2, %g <= 2, %g deviations\n", above()(0), below()(0), around.original()(2));
    bool const right = above()(0) >= 2 && below()(0) <= 2 && std::abs(around.original()(2) - 2) < 1e-12;

    // Each with a bound of its own, which is state.
    pm::tensor<pm::shape<3>, pm::chain<pm::param::lower<pm::param::per_element>>, double> each;
    each = vector{1, 1, 1};
    each.state() = vector{0, 10, -20};
    each = vector{1, 11, 5};
    bool const refused = !each.try_assign(vector{1, 9, 5}).ok();
    // An infinite bound is none, as in Stan; the density takes the bounds behind x.
    each.state()(0) = -std::numeric_limits<double>::infinity();
    each = vector{-1e3, 11, 5};
    vector const x_of_each = each.original(), low = each.state();
    double const log_det_of_each = pm::log_abs_det<pm::param::lower<pm::param::per_element>>(x_of_each, low);
    bool const free = each()(0) == -1e3 && std::abs(log_det_of_each - (x_of_each(1) + x_of_each(2))) < 1e-14;

    // log p(x, s) = -3 log(s) - |x|^2 / (2 s^2) with s = exp(t), and the correction: at the maximum s^2 is |x|^2 / 2.
    auto const density = pm::value_and_grad([](auto x, auto t) {
        auto const [s, log_det] = pm::value_and_log_abs_det<pm::param::lower<0>>(t);
        return log_det - 3.0 * pm::log(s) - pm::sum(x * x) / (2.0 * s * s);
    });
    vector const x{1, -2, 3};
    number t{0.0};
    for (int i = 0; i < 100; ++i) t() += 0.2 * std::get<1>(density(x, t).gradient);
    std::printf("deviation %g, to be %g\n", std::exp(t()), std::sqrt(7.0));
    return right && refused && free && std::abs(std::exp(t()) - std::sqrt(7.0)) < 1e-6 &&
                   pm::log_abs_det<pm::param::lower<0>>(t) == t()
               ? 0
               : 1;
}
