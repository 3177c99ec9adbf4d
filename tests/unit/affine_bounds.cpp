// Bounds by the affine relaxation: lines of single functions, what joint bounds know and intervals do not, margins, and
// proofs in steps. Networks at random are in sound_bounds.cpp, and against CROWN in tests/parity/bounds.py.
//
// SPDX-License-Identifier: BSL-1.0
#include "../sound.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/prove/proved_bounds.hpp"

namespace {

using pm::detail::lines;
namespace m = pm::math;

constexpr bool near(double x, double y, double by) {
    return x - y <= by && y - x <= by;
}

}  // namespace

// relu: passed, stopped, of width 0, and between; the lower slope is that of the longer side.
static_assert(pm::detail::lines_of_clamp(0, 0, 0, m::infinity).high_slope == 1 &&
              pm::detail::lines_of_clamp(-2, 0, 0, m::infinity).high_at == 0 &&
              pm::detail::lines_of_clamp(-2, -1, 0, m::infinity).high_slope == 0);
static_assert(pm::detail::lines_of_clamp(-1, 3, 0, m::infinity).low_slope == 1 &&
              pm::detail::lines_of_clamp(-3, 1, 0, m::infinity).low_slope == 0 &&
              near(pm::detail::lines_of_clamp(-1, 3, 0, m::infinity).high_slope, 0.75, 1e-15) &&
              near(pm::detail::lines_of_clamp(-1, 3, 0, m::infinity).high_at, 0.75, 1e-13));
// tanh on [-1, 3]: the upper line through (-1, tanh(-1)) touches at 0.458299. The chord is 0.1167 at 1 and no bound.
static_assert(near(pm::detail::slope_from_left(-1, 3), 0.816219, 2e-3));
static_assert([] {
    lines const t = pm::detail::lines_of_tanh(-1, 3);
    return t.high_slope + t.high_at > 0.76159 && t.low_slope + t.low_at < 0.7616 &&
           3 * t.high_slope + t.high_at >= 0.995 && -t.high_slope + t.high_at >= -0.76159416;
}());

namespace {

// How often a function leaves its lines, of random intervals at all magnitudes. Of erfc the argument is rounded, which
// its tail multiplies by x^2.
template <class Lines, class Function>
long outside(Lines const& lines_of, Function const& f, double most = 1e3, double tail = 0) {
    sound::generator r(5);
    long found = 0, tried = 0;
    for (int k = 0; k < 4000; ++k) {
        double const size = std::pow(10.0, sound::uniform(r, -9, std::log10(most)));
        double a = sound::uniform(r, -1, 1) * size, b = a + sound::uniform(r, 0, 1) * (k % 2 ? size : size * 1e-3);
        if (k % 5 == 0) b = std::max(b, -a);
        if (k % 17 == 0) b = a;
        if (b > most || b < a) continue;
        lines const l = lines_of(a, b);
        if (!l.known) continue;
        for (int i = 0; i <= 60; ++i) {
            double const x = i == 60 ? b : std::min(b, i == 59 ? std::max(a, 0.0) : a + (b - a) * i / 58);
            double const y = f(x);
            ++tried;
            // What this comparison itself rounds.
            double const rounds =
                0x1p-50 * (std::abs(y) * (1 + tail * x * x) + std::abs(l.high_slope * x) + std::abs(l.low_slope * x));
            bool const holds = l.low_slope * x + l.low_at - l.absolute <= y + rounds &&
                               y - rounds <= l.high_slope * x + l.high_at + l.absolute;
            found += holds ? 0 : 1;
        }
    }
    CHECK(tried > 100000);
    return found;
}

}  // namespace

TEST_CASE("affine bounds: functions lie between their lines") {
    CHECK(outside(pm::detail::lines_of_tanh, [](double x) { return std::tanh(x); }) == 0);
    CHECK(outside(pm::detail::lines_of_sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }) == 0);
    CHECK(outside(pm::detail::lines_of_abs, [](double x) { return std::abs(x); }) == 0);
    CHECK(outside(pm::detail::lines_of_square, [](double x) { return x * x; }) == 0);
    auto const relu = [](double a, double b) { return pm::detail::lines_of_clamp(a, b, 0, m::infinity); };
    CHECK(outside(relu, [](double x) { return std::max(x, 0.0); }) == 0);
    auto const clamp = [](double a, double b) { return pm::detail::lines_of_clamp(a, b, -0.5, 2); };
    CHECK(outside(clamp, [](double x) { return std::min(std::max(x, -0.5), 2.0); }) == 0);
    auto const of = [](auto op) {
        return [](double a, double b) {
            pm::interval<double> const x{a, b};
            return pm::detail::lines_of<decltype(op)>(&x, 0);
        };
    };
    CHECK(outside(of(pm::op::gelu<>{}), [](double x) { return x / 2 * std::erfc(-x / std::sqrt(2.0)); }, 1e3, 1) == 0);
    CHECK(outside(of(pm::op::silu<>{}), [](double x) { return x / (1 + std::exp(-x)); }) == 0);
    CHECK(outside(of(pm::op::softplus<>{}),
                  [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }) == 0);
    CHECK(outside(of(pm::op::exp<>{}), [](double x) { return std::exp(x); }, 80) == 0);
}

namespace {

using namespace pm::nn;

// x - x, by two rows of weights, and class 0 above class 1 by 1 whatever the input.
using equal_rows = sequential<linear<1, 2>, linear<2, 2>>;
inline constexpr pm::network_values<equal_rows> rows{{1, 1, 0, 0, 1, -1, 1, -1, 1, 0}};
constexpr pm::frozen<rows> joint;
constexpr auto unit = pm::box<pm::shape<1>>::of(-1, 1);
static_assert(pm::bounds(joint, unit).within(-1e-5, 1 + 1e-5) &&
              !pm::bounds<pm::bounding::intervals>(joint, unit).within(-1, 1));
static_assert(pm::bounds(joint, unit).larger(0) && near(pm::margin(joint, 0, unit), 1, 1e-5) &&
              pm::margin(joint, 0, unit) <= 1 && pm::margin(joint, 1, unit) < 0);
static_assert(pm::margin(joint, 2, unit) == -m::infinity && pm::margin(joint, -1, unit) == -m::infinity);

// Classes that overlap as intervals, one of which wins at every input: y = (x + 1, x).
using shifted = linear<1, 2>;
inline constexpr pm::network_values<shifted> shift{{1, 1, 1, 0}};
constexpr pm::frozen<shift> ahead;
static_assert(!pm::bounds(ahead, unit).larger(0) && pm::margin(ahead, 0, unit) > 0.999);
// A tie is not won.
inline constexpr pm::network_values<shifted> tie{{1, 1, 0, 0}};
static_assert(!(pm::margin(pm::frozen<tie>{}, 0, unit) > 0));

// f(x) = x - relu(x) + relu(-x) ... of a residual layer stays joint: x + (-1) x is 0.
using removes = residual<linear<1, 1, pm::no_bias>>;
inline constexpr pm::network_values<removes> minus{{-1}};
static_assert(pm::bounds(pm::frozen<minus>{}, unit).within(-1e-5, 1e-5));

// Steps give what one evaluation gives.
static_assert(pm::proved_bounds<joint, unit>.lower(0) == pm::bounds(joint, unit).lower(0) &&
              pm::proved_bounds<joint, unit>.upper(1) == pm::bounds(joint, unit).upper(1) &&
              pm::proved_bounds<joint, unit>.no_nan() && pm::proved_margin<joint, 0, unit> > 0.999);

// Nothing is proved of what is not finite, or too large for coefficients.
constexpr auto endless = pm::box<pm::shape<1>>::of(-m::infinity, 1);
static_assert(!pm::bounds(joint, endless).no_overflow() && pm::margin(joint, 0, endless) == -m::infinity);

}  // namespace

// What comes before each number.
struct behind_the_first {
    static constexpr auto forward(auto x) { return pm::cumsum<-1>(x) - x; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
TEST_CASE("affine bounds: running sums are sums of the inputs") {
    auto const b = pm::bounds(pm::freeze(behind_the_first{}), pm::box<pm::shape<3>>::of(0, 1));
    for (int k = 0; k < 3; ++k) {
        CHECK((b.lower(k) <= 0 && b.upper(k) >= k));
        CHECK((near(b.lower(k), 0, 1e-5) && near(b.upper(k), k, 1e-5)));
    }
}
TEST_CASE("affine bounds: padding of a maximum is below every number") {
    max_pool1d<3, pm::stride<1>, pm::padding<1>> const pool;
    auto const b = pm::bounds(pm::freeze(pool), pm::box<pm::shape<1, 1, 5>>::of(-3, -1));
    CHECK(b.within(-3.00001, -0.99999));
    CHECK_FALSE(b.within(-3, -1.1));
}

TEST_CASE("affine bounds: normalization of a convolution swaps ends where gamma is negative") {
    // w = 2 without bias; (2 x - 4) / 2 * gamma + 1 is 3 x - 5, or -3 x + 7.
    for (float const gamma : {3.0f, -3.0f}) {
        sequential<conv1d<1, 1, 1, pm::no_bias>, batch_norm<1>> net{pm::seed{1}};
        pm::for_each_parameter(net, [&](std::string const& name, auto& p) {
            *p.begin() = name.find("bias") != std::string::npos ? 1 : name[0] == '0' ? 2 : gamma;
        });
        pm::for_each_buffer(net, [&](std::string const& name, auto& p) {
            if (name.find("mean") != std::string::npos) *p.begin() = 4;
            if (name.find("var") != std::string::npos) *p.begin() = 4 - 1e-5f;
        });
        auto const b = pm::bounds(pm::freeze(net), pm::box<pm::shape<1, 1, 1>>::of(0, 2));
        CHECK(near(b.lower(0), gamma > 0 ? -5 : 1, 1e-4));
        CHECK(near(b.upper(0), gamma > 0 ? 1 : 7, 1e-4));
    }
}
