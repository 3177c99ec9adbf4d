// Interpreter, scalar kernel and SIMD kernel agree on reductions: along rows, columns and outer axes, of masks and
// transposes, several in one loop, and with what depends on them row by row.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/norm.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

constexpr auto sums = [](auto x) {
    return std::tuple{pm::sum<-1>(x), pm::sum<-2>(x * x), pm::sum(x), pm::max<-1>(x), pm::min<-2>(x), x * 2.0};
};
constexpr auto outer_axes = [](auto x) {
    return std::tuple{pm::sum<0>(x), pm::max<1>(x), pm::sum<0, 3>(x), pm::min<1, 2>(x), pm::sum<0, 1, 2>(x)};
};
constexpr auto of_structure = [](auto x) {
    return std::tuple{pm::sum<1>(pm::triu(x)), pm::sum<0>(pm::tril<-1>(x)), pm::max(pm::triu<1>(x)),
                      pm::sum<1>(x * pm::transpose(x))};
};
constexpr auto by_rows = [](auto v, auto g) {
    return std::tuple{g * v / pm::unsqueeze<1>(pm::norm<2, 1>(v)), pm::log_softmax(v), pm::prod<1>(v)};
};

}  // namespace

TEST_CASE("kernel: reductions along rows and columns") {
    test::expect_agreement<float, pm::shape<3, 37>>(sums);
    test::expect_agreement<float, pm::shape<70, 5>>(sums);
    test::expect_agreement<double, pm::shape<2, 3, 9>>(sums);
    test::expect_agreement<float, pm::shape<50>>([](auto x) { return std::tuple{pm::sum(x), pm::max(x * 2.0)}; });
}
TEST_CASE("kernel: reductions over outer axes") {
    test::expect_agreement<float, pm::shape<2, 3, 4, 9>>(outer_axes);
}
TEST_CASE("kernel: reductions of masks and transposes") {
    test::expect_agreement<float, pm::shape<19, 19>>(of_structure);
}
TEST_CASE("kernel: reductions and what depends on them row by row") {
    test::expect_agreement<float, pm::shape<20, 33>, pm::shape<20, 1>>(by_rows);    // each step whole
    test::expect_agreement<float, pm::shape<301, 33>, pm::shape<301, 1>>(by_rows);  // blocks of short rows
    test::expect_agreement<float, pm::shape<9, 1500>, pm::shape<9, 1>>(by_rows);    // blocks of long ones
}
