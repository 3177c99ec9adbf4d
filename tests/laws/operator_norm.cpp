// The laws of operator_norm: the bound is no less than the norm of the convolution, found from its frequencies, and not
// much more.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/operator_norm.hpp"
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/core/svd.hpp"

namespace pm = paramorph;
using pm::param::operator_norm;
using pm::testing::numbers;

namespace {

// The largest singular value of the sum over taps of w exp(i k a), over a grid of angles: the norm of a convolution of
// signals that never end, but for the grid. w is [o, c, rows, columns].
double norm_by_frequencies(numbers const& w, int o, int c, int rows, int columns, int grid) {
    double largest = 0;
    for (int p = 0; p < (rows > 1 ? grid : 1); ++p)
        for (int q = 0; q < grid; ++q) {
            // A complex matrix as a real one of twice the extents.
            numbers m(static_cast<std::size_t>(4 * o * c)), u(m.size() + 4 * static_cast<std::size_t>(o * o)),
                s(static_cast<std::size_t>(2 * std::min(o, c))), v(m.size() + 4 * static_cast<std::size_t>(c * c));
            for (int i = 0; i < o; ++i)
                for (int j = 0; j < c; ++j)
                    for (int k = 0; k < rows; ++k)
                        for (int l = 0; l < columns; ++l) {
                            double const angle = 2 * 3.14159265358979323846 * (k * p + l * q) / grid,
                                         e = w[static_cast<std::size_t>(((i * c + j) * rows + k) * columns + l)];
                            auto const at = [&](int row, int column) -> double& {
                                return m[static_cast<std::size_t>(row * 2 * c + column)];
                            };
                            at(i, j) += e * std::cos(angle), at(o + i, c + j) += e * std::cos(angle);
                            at(o + i, j) += e * std::sin(angle), at(i, c + j) -= e * std::sin(angle);
                        }
            REQUIRE(
                pm::linalg::svd<pm::linalg::scalar_rows<double>>(m.data(), u.data(), s.data(), v.data(), 2 * o, 2 * c));
            largest = std::fmax(largest, s[0]);
        }
    return largest;
}

// The bound over the norm of weights at random; the value's own norm is 1 at most.
template <class P, class Shape>
double expect_sound(int groups, double scale, std::uint64_t seed) {
    constexpr pm::extents e = Shape::value;
    int const o = e.d[0] / groups, c = e.d[1], rows = e.rank == 4 ? e.d[2] : 1,
              columns = e.rank > 2 ? e.d[e.rank - 1] : 1;
    pm::random source{pm::seed{seed}};
    numbers const w = pm::testing::drawn(source, Shape::size, -scale, scale),
                  y = test::interpreted<P, Shape>::value({w}).outputs[0];
    double norm = 0;
    std::size_t const size = y.size() / static_cast<std::size_t>(groups);
    for (int g = 0; g < groups; ++g) {
        auto const begin = y.begin() + static_cast<std::ptrdiff_t>(size) * g;
        norm = std::fmax(norm, norm_by_frequencies(numbers(begin, begin + static_cast<std::ptrdiff_t>(size)), o, c,
                                                   rows, columns, rows > 1 ? 12 : 64));
    }
    INFO(Shape::size << " numbers, scale " << scale << ", seed " << seed);
    CHECK(norm <= 1 + 1e-14);
    return 1 / norm;
}

}  // namespace

TEST_CASE("laws: operator_norm") {
    using laws = pm::laws<operator_norm<1>, pm::shape<2, 3, 3>>;
    CHECK((laws::round_trip() == "" && laws::kernels() == ""));
    CHECK(pm::laws<operator_norm<2>, pm::shape<3, 2, 2>>::gradient(2) == "");
    CHECK(pm::laws<operator_norm<2, 2>, pm::shape<4, 1, 2, 2>>::gradient(1) == "");
    CHECK(pm::laws<operator_norm<3>, pm::shape<3, 4>>::gradient(3) == "");
}
TEST_CASE("operator_norm: the bound is sound, at any scale, and tight") {
    double worst[5]{};
    for (std::uint64_t seed = 1; seed < 9; ++seed) {
        double const ratio[]{expect_sound<operator_norm<1>, pm::shape<4, 3, 5>>(1, 1, seed),
                             expect_sound<operator_norm<>, pm::shape<4, 3, 5>>(1, 1, seed),
                             expect_sound<operator_norm<3>, pm::shape<4, 3, 5>>(1, 1, seed),
                             expect_sound<operator_norm<>, pm::shape<3, 4, 3, 3>>(1, 1, seed),
                             expect_sound<operator_norm<2, 2>, pm::shape<4, 2, 3>>(2, 1, seed)};
        for (int k = 0; k < 5; ++k) worst[k] = std::fmax(worst[k], ratio[k]);
    }
    INFO(worst[0] << " " << worst[1] << " " << worst[2] << " " << worst[3] << " " << worst[4]);
    CHECK((worst[0] < 1.9 && worst[1] < 1.4 && worst[2] < 1.2 && worst[3] < 1.5 && worst[4] < 1.4));
    CHECK((worst[2] < worst[1] && worst[1] < worst[0]));
    for (double const scale : {1e-310, 1e-30, 1e30, 1e300})
        CHECK(expect_sound<operator_norm<>, pm::shape<3, 2, 3>>(1, scale, 1) < 1.4);
}
TEST_CASE("operator_norm: by hand, against the norm of the matrix, and of zeros") {
    // Three equal taps: a mean has the norm 3, which its matrix of one row, of norm sqrt(3), does not say.
    using law = test::interpreted<operator_norm<>, pm::shape<1, 1, 3>>;
    CHECK(test::apart(law::value({{2, 2, 2}}).outputs[0], numbers(3, 1.0 / 3)) < 1e-15);
    for (double const large : {1e305, 1.5e308})  // whose norm does not fit
        CHECK(test::apart(law::value({{large, large, large}}).outputs[0], numbers(3, 1.0 / 3)) < 1e-15);
    CHECK(law::value({numbers(3, 0)}).outputs[0] == numbers(3, 0));
    numbers const slope = law::gradient({numbers(3, 0), numbers(3, 1)}).outputs[0];
    for (double const e : slope) CHECK(std::isfinite(e));
    // A shift, whose convolution is orthogonal, and a single element.
    CHECK(law::value({{0, 0, -7}}).outputs[0] == numbers{0, 0, -1});
    // A diagonal matrix: b_t of diag(4, 1) is 4 whatever t is.
    using dense = test::interpreted<operator_norm<>, pm::shape<2, 2>>;
    CHECK(test::apart(dense::value({{4, 0, 0, 1}}).outputs[0], {1, 0, 0, 0.25}) < 1e-15);
    // What is no number reaches the value.
    numbers const none = law::value({{1, std::nan(""), 1}}).outputs[0];
    for (double const e : none) CHECK(std::isnan(e));
}
