// orthogonal, however large its original is: within 10 n epsilon, up to the bound that its header states, and refused
// beyond. In float and double, interpreter and kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../support.hpp"
#include "defect.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/skew.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace {

using map = pm::param::orthogonal_map;

enum class verdict { refused, orthogonal, wrong };

// What becomes of an original with `angle` times numbers in [0.25, 1).
template <class P, class T, int N>
verdict made_of(double angle, std::uint64_t seed) {
    using program = pm::program::value_of<P, pm::shape<N, N>, T>;
    pm::random source{pm::seed{seed}};
    test::numbers x = pm::testing::drawn(source, N * N, 0.25, 1);
    for (double& e : x) e *= angle;
    verdict v = verdict::orthogonal;
    int refused = 0;
    for (auto const& r : test::three_ways<program>({x})) {
        if (!r.status.ok()) {
            ++refused;
            continue;
        }
        double const worst =
            test::defect([&](int i, int j) { return r.outputs[0][static_cast<std::size_t>(i * N + j)]; }, N, N);
        if (!(worst <= 10 * N * static_cast<double>(std::numeric_limits<T>::epsilon()))) {
            UNSCOPED_INFO("angle " << angle << ", n = " << N << ": " << worst);
            v = verdict::wrong;
        }
    }
    // The interpreter computes in double, and takes what float's bound refuses.
    if (refused == 3 || (sizeof(T) == 4 && refused == 2 && v != verdict::wrong)) return verdict::refused;
    return refused == 0 ? v : verdict::wrong;
}
template <class P, class T, int N>
void check(std::vector<double> const& good, std::vector<double> const& refused) {
    for (std::uint64_t seed : {1, 2, 3}) {
        for (double const angle : good) CHECK(made_of<P, T, N>(angle, seed) == verdict::orthogonal);
        for (double const angle : refused) CHECK(made_of<P, T, N>(angle, seed) == verdict::refused);
    }
}
// The bound, 1 / (4 epsilon), is one of the norm, which is at most n times the largest element.
template <class P>
void check_exponential() {
    auto const sizes = []<class T>(T, std::vector<double> const& good, std::vector<double> const& refused) {
        check<P, T, 2>(good, refused);
        check<P, T, 3>(good, refused);
        check<P, T, 8>(good, refused);
    };
    sizes(float(), {0, 1e-30, 1, 100, 1e3, 1e4, 2e5}, {1e7, 1e8, 1e20, 1e30, 3e38});
    sizes(double(), {0, 1e-300, 1, 100, 1e8, 1e12, 1e14}, {1e16, 1e20, 1e60, 1e300});
}

// The Cayley map's norm is that of half the original; the bound holds where an element of that exceeds 4.
template <class P>
void check_cayley() {
    auto const sizes = []<class T>(T, std::vector<double> const& good, std::vector<double> const& refused) {
        check<P, T, 1>(good, {});
        check<P, T, 2>(good, refused);
        check<P, T, 3>(good, refused);
        check<P, T, 8>(good, refused);
        check<P, T, 21>(good, refused);
    };
    sizes(float(), {0, 1e-30, 1, 7, 8, 9, 20, 100, 1e3, 1e4, 1e5}, {5e7, 1e8, 1e20, 1e30, 3e38});
    sizes(double(), {0, 1e-300, 1, 8, 100, 1e5, 1e8, 1e12, 5e13}, {1e17, 1e20, 1e60, 1e300});
}

}  // namespace

TEST_CASE("orthogonal: matrix_exp of large angles") {
    check_exponential<pm::param::orthogonal<map::matrix_exp, pm::param::without_base>>();
}
TEST_CASE("orthogonal: cayley of large matrices") {
    check_cayley<pm::param::orthogonal<map::cayley, pm::param::without_base>>();
    check_cayley<pm::chain<pm::param::skew, pm::param::cayley>>();
}
TEST_CASE("cayley: says which matrix it refuses") {
    using P = pm::program::value_of<pm::chain<pm::param::skew, pm::param::cayley>, pm::shape<3, 3>, float>;
    for (double const size :
         {1e30, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        auto const r = test::run_kernel<P, pm::simd::best<float>>({test::numbers(9, size)});
        REQUIRE_FALSE(r.status.ok());
        CHECK_THAT(r.status.failed,
                   Catch::Matchers::StartsWith("cayley: the skew matrix is not finite, or larger than"));
    }
}
