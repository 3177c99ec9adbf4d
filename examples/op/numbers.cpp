// Operations on each number: functions of one, choices and comparisons, and what their gradients are. Exit status 0 if
// the numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <tuple>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using numbers = xt::xtensor_fixed<float, xt::xshape<5>>;

// Is each number of y f of the one of x?
bool good = true;
void show(char const* name, numbers const& x, numbers const& y, double (*f)(double)) {
    std::printf("%-14s", name);
    for (std::size_t k = 0; k < x.size(); ++k) {
        std::printf(" %9.4f", double(y(k)));
        double const expected = f(double(x(k)));
        good = good && std::abs(y(k) - expected) <= 1e-6 * (1 + std::abs(expected));
    }
    std::printf("\n");
}

int main() {
    numbers const x{-2, -0.5, 0, 0.5, 2}, positive{0.25, 0.5, 1, 2, 4};

    auto const [e, e_less_1, normal, bell, cosine, sharp] = pm::function([](auto v) {
        return std::tuple{pm::exp(v), pm::expm1(v), pm::normal_cdf(v), pm::erf(v), pm::cos(v), pm::pow(v, 3)};
    })(x);
    show("exp", x, e, [](double v) { return std::exp(v); });
    show("expm1", x, e_less_1, [](double v) { return std::expm1(v); });  // accurate where exp(x) - 1 is not
    show("normal_cdf", x, normal, [](double v) { return std::erfc(-v / std::sqrt(2.0)) / 2; });
    show("erf", x, bell, [](double v) { return std::erf(v); });
    show("cos", x, cosine, [](double v) { return std::cos(v); });
    show("pow(x, 3)", x, sharp, [](double v) { return v * v * v; });

    auto const [gate, swish, soft, bent] = pm::function(
        [](auto v) { return std::tuple{pm::sigmoid(v), pm::silu(v), pm::softplus(v), pm::elu(v, 0.5)}; })(x);
    show("sigmoid", x, gate, [](double v) { return 1 / (1 + std::exp(-v)); });
    show("silu", x, swish, [](double v) { return v / (1 + std::exp(-v)); });
    show("softplus", x, soft, [](double v) { return std::log1p(std::exp(v)); });
    show("elu(x, 0.5)", x, bent, [](double v) { return v > 0 ? v : 0.5 * std::expm1(v); });

    auto const [logarithm, inverse_root, or_zero] = pm::function(
        [](auto v) { return std::tuple{pm::log1p(v), pm::rsqrt(v), pm::rsqrt_or_zero(v - 0.25)}; })(positive);
    show("log1p", positive, logarithm, [](double v) { return std::log1p(v); });
    show("rsqrt", positive, inverse_root, [](double v) { return 1 / std::sqrt(v); });
    show("rsqrt_or_zero", positive, or_zero, [](double v) { return v > 0.25 ? 1 / std::sqrt(v - 0.25) : 0; });

    // Choices. A comparison is 1 where it holds, else 0; where takes one side, and only that one's gradient.
    auto const [cut, larger, smaller, chosen, even] = pm::function([](auto v) {
        return std::tuple{pm::clamp(v, -1, 1), pm::maximum(v, pm::square(v)), pm::minimum(v, pm::square(v)),
                          pm::where(pm::less(v, 0), pm::exp(v), v + 1), pm::round(v)};
    })(x);
    show("clamp", x, cut, [](double v) { return v < -1 ? -1 : v > 1 ? 1 : v; });
    show("maximum", x, larger, [](double v) { return std::fmax(v, v * v); });
    show("minimum", x, smaller, [](double v) { return std::fmin(v, v * v); });
    show("where", x, chosen, [](double v) { return v < 0 ? std::exp(v) : v + 1; });
    show("round", x, even, [](double v) { return std::nearbyint(v); });
    auto const [above, not_below, not_above, same, other] = pm::function([](auto v) {
        return std::tuple{pm::greater(v, 0), pm::greater_equal(v, 0), pm::less_equal(v, 0), pm::equal(v, 0),
                          pm::not_equal(v, 0)};
    })(x);
    show("greater", x, above, [](double v) { return double(v > 0); });
    show("greater_equal", x, not_below, [](double v) { return double(v >= 0); });
    show("less_equal", x, not_above, [](double v) { return double(v <= 0); });
    show("equal", x, same, [](double v) { return double(v == 0); });
    show("not_equal", x, other, [](double v) { return double(v != 0); });

    // No gradient flows through round; straight_through gives its result the gradient of x.
    auto const stepped = pm::value_and_grad([](auto v) { return pm::sum(pm::square(pm::round(v))); });
    auto const straight =
        pm::value_and_grad([](auto v) { return pm::sum(pm::square(pm::straight_through(pm::round(v), v))); });
    auto const of_stepped = stepped(x).gradient;
    auto const of_straight = straight(x).gradient;
    show("through round", x, of_stepped, [](double) { return 0.0; });
    show("straight", x, of_straight, [](double v) { return 2 * std::nearbyint(v); });
    return good ? 0 : 1;
}
