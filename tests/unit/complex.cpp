// Complex tensors as pairs: against std::complex, at magnitudes whose squares do not fit, gradients against finite
// differences, interpreter against kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <complex>

#include "paramorph/op/complex.hpp"
#include "paramorph/op/cumsum.hpp"

namespace {

using c64 = std::complex<double>;
using v4 = pm::shape<4>;

// The parts of what F makes of two complex vectors.
template <class F>
struct parts_of {
    constexpr auto operator()(auto a, auto b, auto c, auto d) const {
        auto const z = F{}(pm::complex(a, b), pm::complex(c, d));
        return std::tuple{z.re, z.im};
    }
};
constexpr auto sum = [](auto z, auto w) { return z + w; };
constexpr auto difference = [](auto z, auto w) { return z - w; };
constexpr auto product = [](auto z, auto w) { return z * w; };
constexpr auto quotient = [](auto z, auto w) { return z / w; };
constexpr auto exponential = [](auto z, auto w) { return pm::exp(z * 0.5) * pm::conj(-w); };
constexpr auto with_numbers = [](auto z, auto w) { return 2 * z + 1 - (3 - w) / 4 + 1 / z; };
// The parts of the divisor are made of different operations.
constexpr auto by_product = [](auto z, auto w) { return z / (w * w + 1 / z); };
constexpr auto with_real = [](auto z, auto w) { return z.re * w + w / z.im - (z.im - z * w.re) + z.re / w; };

template <class F>
void expect_as_std(F, auto const& expected, double scale = 1) {
    test::arrays const x{{1, -2, 0.5, 3}, {0.25, 1, -3, -0.5}, {-1, 2, 0.75, -2.5}, {2, -0.5, 1.5, 0.125}};
    test::arrays scaled = x;
    for (std::size_t k : {2, 3})
        for (double& y : scaled[k]) y *= scale;
    auto const r = test::interpret<v4, v4, v4, v4>(parts_of<F>{}, scaled);
    REQUIRE(r.status.ok());
    for (std::size_t k = 0; k < 4; ++k) {
        c64 const e = expected(c64(x[0][k], x[1][k]), c64(scaled[2][k], scaled[3][k])),
                  found(r.outputs[0][k], r.outputs[1][k]);
        INFO(k << ": " << found << ", expected " << e);
        CHECK(std::abs(found / e - 1.0) <= 1e-14);
    }
    if (scale == 1) {
        test::expect_gradient<v4, v4, v4, v4>(parts_of<F>{}, 0.5, 2);
        test::expect_agreement<float, v4, v4, v4, v4>(parts_of<F>{}, 0.5, 2);
    }
}

}  // namespace

TEST_CASE("complex: arithmetic as std::complex") {
    expect_as_std(sum, [](c64 z, c64 w) { return z + w; });
    expect_as_std(difference, [](c64 z, c64 w) { return z - w; });
    expect_as_std(product, [](c64 z, c64 w) { return z * w; });
    expect_as_std(quotient, [](c64 z, c64 w) { return z / w; });
    expect_as_std(by_product, [](c64 z, c64 w) { return z / (w * w + 1.0 / z); });
    expect_as_std(exponential, [](c64 z, c64 w) { return std::exp(z * 0.5) * std::conj(-w); });
    expect_as_std(with_numbers, [](c64 z, c64 w) { return 2.0 * z + 1.0 - (3.0 - w) / 4.0 + 1.0 / z; });
    expect_as_std(with_real,
                  [](c64 z, c64 w) { return z.real() * w + w / z.imag() - (z.imag() - z * w.real()) + z.real() / w; });
}
TEST_CASE("complex: a quotient fits where its operands do") {
    // std::complex divides right at these magnitudes.
    for (double const scale : {1e-300, 1e-30, 1e30, 1e300})
        expect_as_std(quotient, [](c64 z, c64 w) { return z / w; }, scale);
    auto const r = test::interpret<v4, v4, v4, v4>(parts_of<decltype(quotient)>{},
                                                   {{1, 1, 0, 1}, {0, 1, 0, 2}, {0, 0, 0, 1}, {0, 0, 0, 0}});
    for (std::size_t k = 0; k < 3; ++k) CHECK((std::isnan(r.outputs[0][k]) && std::isnan(r.outputs[1][k])));
    CHECK((r.outputs[0][3] == 1 && r.outputs[1][3] == 2));
    double const inf = std::numeric_limits<double>::infinity(), least = 5e-324;
    auto const edge = test::interpret<v4, v4, v4, v4>(
        parts_of<decltype(quotient)>{}, {{1, inf, least, 1}, {1, 1, 0, 0}, {inf, 2, least, -0.0}, {1, 0, 0, 2}});
    CHECK((std::isnan(edge.outputs[0][0]) && std::isnan(edge.outputs[1][0])));  // by an infinite one
    CHECK(edge.outputs[0][1] == inf);
    CHECK((edge.outputs[0][2] == 1 && edge.outputs[1][2] == 0));
    CHECK((edge.outputs[0][3] == 0 && edge.outputs[1][3] == -0.5));
}
TEST_CASE("complex: absolute values of every size, and the gradient at 0") {
    constexpr auto size = [](auto x, auto y) { return pm::abs(pm::complex(x, y)); };
    auto const r = test::interpret<v4, v4>(size, {{3, 3e-300, -3e300, 0}, {-4, 4e-300, 4e300, 0}}).outputs[0];
    for (std::size_t k = 0; k < 3; ++k) CHECK(std::abs(r[k] / std::array{5., 5e-300, 5e300}[k] - 1) <= 1e-15);
    CHECK(r[3] == 0);
    test::expect_gradient<v4, v4>(size);
    test::expect_agreement<double, v4, v4>(size);
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, v4, v4>(size)));
    auto const at_zero = test::interpret(*g, {{0, 0, 0, 0}, {0, 0, 0, 0}, {1, 1, 1, 1}});
    REQUIRE(at_zero.status.ok());
    for (auto const& d : at_zero.outputs) CHECK(d == test::numbers{0, 0, 0, 0});
}
TEST_CASE("complex: products of matrices, with complex and with real ones") {
    constexpr auto f = [](auto a, auto b, auto x) {
        pm::complex const z(a, b);
        auto const whole = pm::matmul(z, pm::transpose(pm::conj(z)));
        auto const left = pm::matmul(z, x);
        auto const right = pm::matmul(x, z);
        return std::tuple{whole.re, whole.im, left.re, left.im, right.re, right.im};
    };
    using m = pm::shape<2, 2>;
    auto const r = test::interpret<m, m, m>(f, {{1, 2, 3, 4}, {0, -1, 2, 1}, {0, 1, 1, 0}}).outputs;
    CHECK(r[0] == test::numbers{6, 10, 10, 30});
    CHECK(r[1] == test::numbers{0, -8, 8, 0});
    CHECK((r[2] == test::numbers{2, 1, 4, 3} && r[3] == test::numbers{-1, 0, 1, 2}));
    CHECK((r[4] == test::numbers{3, 4, 1, 2} && r[5] == test::numbers{2, 1, 0, -1}));
    test::expect_gradient<m, m, m>(f);
}
TEST_CASE("complex: a discrete Fourier transform and its inverse") {
    constexpr auto f = [](auto x, auto y) {
        auto const steps = pm::cumsum<0>(x * 0 + 1) - 1;  // 0, 1, 2, 3
        auto const angles = pm::unsqueeze<1>(steps) * steps * (-2 * 3.14159265358979323846 / 4);
        auto const turn = pm::exp(pm::complex(angles * 0, angles));
        auto const there = pm::matmul(turn, pm::complex(x, y));
        auto const back = pm::matmul(pm::conj(turn), there) / 4;
        return std::tuple{there.re, there.im, back.re, back.im};
    };
    test::arrays const given{{1, 2, 3, 5}, {0, -1, 0, 2}};
    auto const r = test::interpret<v4, v4>(f, given).outputs;
    for (std::size_t k = 0; k < 2; ++k) CHECK(test::close(r[2 + k], given[k], 1e-14));
    CHECK(test::close(r[0], {11, -5, -3, 1}, 1e-14));
    CHECK(test::close(r[1], {1, 3, -1, -3}, 1e-14));
}
