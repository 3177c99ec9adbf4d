// orthogonal: every map makes orthonormal columns or rows within 10 n epsilon, from 4 to 256 of them.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../catch.hpp"
#include "defect.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/testing/outcome.hpp"

namespace pm = paramorph;
using map = pm::param::orthogonal_map;
using pm::param::orthogonal_base;

namespace {

// The value, from originals and state.
template <map Map, orthogonal_base Base, int Rows, int Columns>
pm::testing::numbers value(pm::testing::arrays const& leaves) {
    using program = pm::program::value_of<pm::param::orthogonal<Map, Base>, pm::shape<Rows, Columns>>;
    auto found = pm::testing::run_kernel<program, pm::simd::best<float>>(leaves);
    REQUIRE(found.status.ok());
    return found.outputs[0];
}

// Is it within 10 n epsilon, without a base, and with one that is itself orthogonal?
template <map Map, int Rows, int Columns>
void check() {
    constexpr int n = std::max(Rows, Columns), k = std::min(Rows, Columns);
    constexpr bool has_signs = Map == map::householder;
    INFO(Rows << " x " << Columns);
    pm::random numbers{pm::seed{static_cast<std::uint64_t>(Rows + Columns)}};
    auto const drawn = [&](int count) { return pm::testing::drawn(numbers, count); };
    auto const is_orthogonal = [](pm::testing::numbers const& w) {
        double const worst =
            test::defect([&](int i, int j) { return w[static_cast<std::size_t>(i * Columns + j)]; }, Rows, Columns);
        CHECK(worst <= 10 * n * static_cast<double>(std::numeric_limits<float>::epsilon()));
    };
    pm::testing::numbers const signs(static_cast<std::size_t>(k), -1.0);
    pm::testing::arrays leaves{drawn(Rows * Columns)};
    if (has_signs) leaves.push_back(signs);
    is_orthogonal(value<Map, pm::param::without_base, Rows, Columns>(leaves));
    auto const base = value<map::householder, pm::param::without_base, n, n>(
        {drawn(n * n), pm::testing::numbers(static_cast<std::size_t>(n), 1.0)});
    leaves.insert(leaves.begin() + 1, base);
    is_orthogonal(value<Map, pm::param::with_base, Rows, Columns>(leaves));
}
template <map Map>
void check_sizes() {
    check<Map, 4, 4>();
    check<Map, 16, 16>();
    check<Map, 64, 64>();
    check<Map, 256, 256>();
    check<Map, 64, 16>();
}

}  // namespace

TEST_CASE("orthogonal: householder is orthogonal at every size", "[behaviour-45]") {
    check_sizes<map::householder>();
}
TEST_CASE("orthogonal: cayley is orthogonal at every size", "[behaviour-45]") {
    check_sizes<map::cayley>();
}
TEST_CASE("orthogonal: matrix_exp is orthogonal at every size", "[behaviour-45]") {
    check_sizes<map::matrix_exp>();
}
