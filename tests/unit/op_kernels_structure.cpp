// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: diagonals, permutations,
// gathered parts, packed
// triangles and cumulative sums, at shapes around the vector widths.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/permute.hpp"

namespace {

constexpr auto diagonals = [](auto x) {
    return std::tuple{pm::diagonal<1>(x) * 2.0, pm::diagonal(x * x), pm::from_diagonal(pm::diagonal<-1>(x)) + 1.0,
                      pm::from_diagonal<2>(pm::select<0, 0>(x))};
};
constexpr auto gathered = [](auto x) {
    return std::tuple{pm::gather<1, 4, 2, 3, 4, 0, 0, 1>(x * x), pm::gather<0, 1, 0, 1>(x) * 2.0};
};
constexpr auto summed = [](auto x) {
    return std::tuple{pm::cumsum<1>(x * x), pm::cumsum<0>(x) * 2.0, pm::cumsum<-1>(pm::transpose(x))};
};
constexpr auto permuted = [](auto x) {
    return std::tuple{pm::permute<3, 1, 0, 2>(x * x) * 2.0, pm::permute<1, 0, 3, 2>(x) + 1.0};
};

constexpr auto packed = [](auto x) {
    constexpr int n = pm::extents_of<decltype(x)>.from_end(0);
    return std::tuple{pm::pack_upper(x * x) * 2.0, pm::pack_lower<-1>(x) + 1.0,
                      pm::unpack_lower<n>(pm::pack_upper(x)) * x, pm::pack_upper<1>(pm::transpose(x))};
};

}  // namespace

TEMPLATE_TEST_CASE("kernel: diagonals", "", (pm::shape<2, 5>), (pm::shape<9, 8>), (pm::shape<17, 17>)) {
    test::expect_agreement<float, TestType>(diagonals);
}
TEST_CASE("kernel: diagonals of a stack of matrices in double") {
    test::expect_agreement<double, pm::shape<3, 5, 9>>(
        [](auto x) { return std::tuple{pm::diagonal<1>(x * x), pm::from_diagonal<-1>(pm::diagonal(x)) * 2.0}; });
}
TEST_CASE("kernel: gather and its adjoint") {
    test::expect_agreement<float, pm::shape<2, 5>>(gathered);
    test::expect_agreement<double, pm::shape<3, 17>>(gathered);
    test::expect_agreement<float, pm::shape<2, 5, 9>>(gathered);
}
TEST_CASE("kernel: packed triangles") {
    test::expect_agreement<float, pm::shape<2, 2>>(packed);
    test::expect_agreement<float, pm::shape<9, 9>>(packed);
    test::expect_agreement<double, pm::shape<2, 5, 5>>(packed);
}
TEST_CASE("kernel: cumulative sums") {
    test::expect_agreement<float, pm::shape<1, 1>>(summed);
    test::expect_agreement<float, pm::shape<9, 17>>(summed);
    test::expect_agreement<double, pm::shape<2, 5, 8>>(summed);
}
TEST_CASE("kernel: permutations of rank four") {
    test::expect_agreement<float, pm::shape<2, 3, 9, 8>>(permuted);
}
