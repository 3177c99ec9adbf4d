// Interpreter, scalar kernel and SIMD kernel agree where a tile and its mirror image are taken together: square
// matrices, whole tiles, within the first cache and beyond.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

// Each element comes from one of two masks, the upper or the lower one first; the mirror image reads what the tile
// above the diagonal reads, without masks and with them.
constexpr auto mirrored = [](auto x) {
    return std::tuple{pm::triu(x) + pm::transpose(pm::triu<1>(x)), pm::tril<-1>(x) + pm::triu(pm::transpose(x)),
                      x + pm::transpose(x), pm::triu<1>(x) - pm::tril(x) * pm::transpose(x)};
};

}  // namespace

TEMPLATE_TEST_CASE("kernel: mirrored tiles", "", (pm::shape<16, 16>), (pm::shape<24, 24>), (pm::shape<104, 104>)) {
    test::expect_agreement<float, TestType>(mirrored);
}
TEST_CASE("kernel: mirrored tiles in double") {
    test::expect_agreement<double, pm::shape<80, 80>>(mirrored);
}
