// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: slices, reshapes and
// tensors of rank three, in one loop and across loops.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/view.hpp"

namespace {

constexpr auto slices = [](auto x) {
    auto const s = pm::slice<1, 1, 4>(pm::slice<0, 2, 5>(x * x));
    return std::tuple{s * pm::transpose(s), pm::select<0, 1>(x) * pm::select<0, 3>(x),
                      pm::outer(pm::select<1, 2>(x), pm::select<0, 0>(x)), pm::triu(pm::slice<1, 2, 5>(x)) * 2.0};
};
constexpr auto reshapes = [](auto x) {
    auto const y = pm::reshape<pm::shape<6, 4>>(x * x);
    return std::tuple{pm::transpose(y) * 2.0, pm::reshape<pm::shape<3, 8>>(pm::transpose(y)),
                      pm::reshape<pm::shape<24>>(x) * 0.5};
};
constexpr auto deep = [](auto x) {
    return std::tuple{pm::permute<2, 0, 1>(x * x) * 2.0, pm::triu(pm::transpose(x)) - 1.0,
                      pm::permute<1, 0, 2>(x) * pm::unsqueeze<0>(pm::select<1, 1>(x))};
};

// A sum over windows of three by three.
template <int... K>
constexpr auto windows_of(auto y, std::integer_sequence<int, K...>) {
    return (pm::slice<0, K / 3, K / 3 + 5>(pm::slice<1, K % 3, K % 3 + 5>(y)) + ...);
}
constexpr auto windows = [](auto x) {
    auto const y = pm::tanh(x);
    return std::tuple{windows_of(y, std::make_integer_sequence<int, 9>{}), pm::triu(y)};
};

}  // namespace

TEST_CASE("kernel: a value that is read through overlapping slices") {
    test::expect_agreement<float, pm::shape<7, 7>>(windows);
}
TEST_CASE("kernel: slices and their adjoints") {
    test::expect_agreement<float, pm::shape<6, 5>>(slices);
}
TEST_CASE("kernel: reshapes of what is computed") {
    test::expect_agreement<float, pm::shape<2, 12>>(reshapes);
}
TEST_CASE("kernel: rank three") {
    test::expect_agreement<float, pm::shape<2, 2, 9>>(deep);
}
