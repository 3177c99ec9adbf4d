// orthogonal, however large its original is: within 10 n epsilon, up to the bound that its header states, and refused
// beyond. In float and double, interpreter and kernels.
//
// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include "../support.hpp"
#include "defect.hpp"
#include "paramorph/param/orthogonal.hpp"
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

}  // namespace

TEST_CASE("orthogonal: matrix_exp of large angles") {
    check_exponential<pm::param::orthogonal<map::matrix_exp, pm::param::without_base>>();
}
