// Interpreter, scalar kernel and SIMD kernel agree on the same inputs, values and gradients: triangles and transposes
// at shapes around the vector widths.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

constexpr auto triangles = [](auto x) {
    return std::tuple{pm::triu(x) - pm::transpose(pm::triu<1>(x * x)),
                      pm::tril<-2>(x) * 3.0 + pm::transpose(x) * pm::identity<decltype(x)::shape_type::value.d[0]>()};
};
constexpr auto rectangle = [](auto x) {
    return std::tuple{pm::triu<2>(x * x), pm::tril<-1>(x) + 1.0, pm::transpose(x) * 2.0};
};

}  // namespace

TEMPLATE_TEST_CASE("kernel: triangles and transposes", "", (pm::shape<1, 1>), (pm::shape<8, 8>), (pm::shape<33, 33>)) {
    test::expect_agreement<float, TestType>(triangles);
}
TEST_CASE("kernel: triangles and transposes in double") {
    test::expect_agreement<double, pm::shape<5, 5>>(triangles);
}
TEST_CASE("kernel: triangles of a wide and a tall matrix") {
    test::expect_agreement<float, pm::shape<5, 19>>(rectangle);
    test::expect_agreement<float, pm::shape<17, 3>>(rectangle);
}
