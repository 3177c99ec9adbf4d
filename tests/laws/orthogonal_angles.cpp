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

// Beyond 1 / sqrt(epsilon) only the direction of an original's columns matters: value and gradient times size are those
// of a smaller one.
template <class T, int M, int N>
void check_reflections(std::vector<double> const& sizes) {
    using P = pm::param::orthogonal<map::householder, pm::param::without_base>;
    using value = pm::program::value_of<P, pm::shape<M, N>, T>;
    using gradient = pm::program::gradient_of<P, pm::shape<M, N>, T>;
    constexpr int k = M < N ? M : N;
    double const close = 50 * static_cast<double>(std::numeric_limits<T>::epsilon());
    pm::random source{pm::seed{5}};
    test::numbers const x = pm::testing::drawn(source, M * N, 0.25, 1), signs(k, -1.0),
                        c = pm::testing::drawn(source, M * N, -1, 1);
    auto const of = [&]<class Program>(std::type_identity<Program>, double size) {
        test::arrays a{x, signs};
        for (double& e : a[0]) e *= size;
        if (std::is_same_v<Program, gradient>) a.push_back(c);
        auto all = test::three_ways<Program>(a);
        for (auto& r : all) CHECK(r.status.ok());
        return all;
    };
    double const usual = sizeof(T) == 4 ? 1e9 : 1e17;
    auto const values = of(std::type_identity<value>(), usual), gradients = of(std::type_identity<gradient>(), usual);
    for (double const size : sizes) {
        INFO("size " << size);
        auto const v = of(std::type_identity<value>(), size), g = of(std::type_identity<gradient>(), size);
        for (std::size_t way = 0; way < v.size(); ++way)
            for (std::size_t i = 0; i < x.size(); ++i) {
                CHECK(std::abs(v[way].outputs[0][i] - values[0].outputs[0][i]) <= close);
                CHECK(std::abs(g[way].outputs[0][i] * size - gradients[0].outputs[0][i] * usual) <= close);
            }
    }
}

}  // namespace

TEST_CASE("orthogonal: reflections along originals of any size") {
    check_reflections<float, 4, 3>({1e9, 1e14, 1e16, 1e19, 1e20, 1e25, 1e30});
    check_reflections<float, 3, 4>({1e19, 1e25});
    check_reflections<double, 4, 3>({1e17, 1e100, 1e154, 1e160, 1e250});
}
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
