// What the tests of inverses share: networks from R^3 to R^3 in double, and the laws of one.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include "catch.hpp"
#include "paramorph/invert.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;
namespace nn = pm::nn;
namespace param = pm::param;

namespace inverses {

template <class... Stages>
using layer = nn::linear<3, 3, pm::element_type<double>, pm::weight<Stages...>>;
template <class... Layers>
using net = nn::sequential<Layers...>;
using turn = layer<param::orthogonal<>>;
using row = xt::xtensor_fixed<double, xt::xshape<3>>;
using batch = xt::xtensor_fixed<double, xt::xshape<4, 3>>;

// The upper triangle of a lower one.
struct transposed {
    using domain = pm::set::cholesky_factor;
    struct of_upper {
        using within = pm::set::list<pm::set::upper_triangular, pm::set::invertible>;
    };
    using codomain = of_upper;
    static constexpr auto forward(auto x) { return pm::transpose(x); }
};

inline double far(auto const& a, auto const& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const d = std::abs(double(a.data()[i]) - b.data()[i]);
        if (d > most || d != d) most = d;
    }
    return most;
}

inline double determinant(double const (&j)[3][3]) {
    return j[0][0] * (j[1][1] * j[2][2] - j[1][2] * j[2][1]) - j[0][1] * (j[1][0] * j[2][2] - j[1][2] * j[2][0]) +
           j[0][2] * (j[1][0] * j[2][1] - j[1][1] * j[2][0]);
}
// The determinant of the slopes of f at x, by differences of the fourth order.
template <class F>
double determinant_of_slopes(F const& f, row const& x) {
    double j[3][3];
    for (std::size_t k = 0; k < 3; ++k) {
        double const h = 1e-3;
        row at[4]{x, x, x, x};
        double const by[4]{-2 * h, -h, h, 2 * h}, weight[4]{1 / (12 * h), -8 / (12 * h), 8 / (12 * h), -1 / (12 * h)};
        for (std::size_t i = 0; i < 3; ++i) j[i][k] = 0;
        for (std::size_t s = 0; s < 4; ++s) {
            at[s](k) += by[s];
            row const y = f(at[s]);
            for (std::size_t i = 0; i < 3; ++i) j[i][k] += weight[s] * y(i);
        }
    }
    return determinant(j);
}

// By how much a network misses its laws, of weights of several magnitudes: the round trip, the determinant of the
// slopes (relative), and what must be the same however it is asked for.
struct misses {
    double off = 0, wrong = 0, apart = 0;
};
template <class Net, bool Alone = false>
misses missed_by() {
    static_assert(pm::proved<pm::claim::invertible, Net>);
    pm::random numbers{pm::seed{7}};
    misses m;
    auto& [off, wrong, apart] = m;
    auto const note = [](double& most, double d) {
        if (d > most || d != d) most = d;
    };
    for (int k = 0; k < 3; ++k) {
        auto f = pm::make<Net>(pm::seed{static_cast<std::uint64_t>(k)});
        pm::for_each_parameter(f, [&](std::string const&, auto& x) {
            for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = (k + 1) * 0.4 * numbers.uniform(-1, 1);
        });
        batch xs;
        for (double& e : xs) e = numbers.uniform(-1, 1);
        auto const [ys, logarithms] = pm::value_and_log_abs_det(f, xs);
        batch const back = pm::inverse(f)(ys);
        note(off, far(back, xs));
        for (std::size_t s = 0; s < 4; ++s) {
            row x, value;
            for (std::size_t i = 0; i < 3; ++i) {
                x(i) = xs(s, i);
                value(i) = ys(s, i);
            }
            double const size = std::abs(determinant_of_slopes(f, x));
            note(wrong, std::abs(std::exp(logarithms(s)) - size) / size);
            row const y = f(x);
            note(apart, far(y, value));
            if constexpr (Alone) {
                row const alone = pm::inverse(f)(y);
                note(off, far(alone, x));
                note(apart, std::abs(pm::log_abs_det(f, x) - logarithms(s)));
            }
        }
    }
    return m;
}
// Alone: of a sample alone, too.
template <class Net, bool Alone = false>
void holds(double tolerance) {
    misses const m = missed_by<Net, Alone>();
    CHECK(m.off < tolerance);
    CHECK(m.wrong < 1e-6);
    CHECK(m.apart < 1e-12);
}

}  // namespace inverses
