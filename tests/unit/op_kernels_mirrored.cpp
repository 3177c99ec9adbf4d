// Interpreter, scalar kernel and SIMD kernel agree where a tile and its mirror image are taken together: square
// matrices, whole tiles, within the first cache and beyond.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

// Each element comes from one of two masks, the upper or the lower one first; the mirror image reads what the tile
// above the diagonal reads, without masks and with them.
constexpr auto mirrored = [](auto x) {
    return std::tuple{pm::triu(x) + pm::transpose(pm::triu<1>(x)), pm::tril<-1>(x) + pm::triu(pm::transpose(x)),
                      x + pm::transpose(x), pm::triu<1>(x) - pm::tril(x) * pm::transpose(x)};
};

// Computed, then read transposed: masked in between, and again what was read so.
constexpr auto crossing = [](auto x) {
    auto const y = pm::tanh(x + 0.25 * pm::transpose(x));
    auto const z = pm::exp(pm::tril(y) + 0.5 * pm::triu<1>(y));
    return std::tuple{pm::transpose(z) - 0.5 * z, pm::sigmoid(y * 0.5 + pm::transpose(y)) - pm::tril<-1>(z)};
};
// Without masks; rows and columns of numbers change places at the mirror image.
constexpr auto unmasked = [](auto x, auto row, auto column) {
    auto const y = pm::tanh(x * row) + column;
    return std::tuple{y - 2.0 * pm::transpose(y), pm::sigmoid(y) * pm::transpose(x)};
};

}  // namespace

TEMPLATE_TEST_CASE("kernel: what is computed, then read transposed", "", (pm::shape<8, 8>), (pm::shape<20, 20>),
                   (pm::shape<104, 104>)) {
    test::expect_agreement<float, TestType>(crossing);
}
TEST_CASE("kernel: what is computed, then read transposed, in double and of many matrices") {
    test::expect_agreement<double, pm::shape<12, 12>>(crossing);
    test::expect_agreement<float, pm::shape<3, 16, 16>>(crossing);
}
TEST_CASE("kernel: what is computed without masks, then read transposed") {
    test::expect_agreement<float, pm::shape<24, 24>, pm::shape<24>, pm::shape<24, 1>>(unmasked);
    test::expect_agreement<double, pm::shape<2, 8, 8>, pm::shape<8>, pm::shape<8, 1>>(unmasked);
}
TEMPLATE_TEST_CASE("kernel: mirrored tiles", "", (pm::shape<16, 16>), (pm::shape<24, 24>), (pm::shape<104, 104>)) {
    test::expect_agreement<float, TestType>(mirrored);
}
TEST_CASE("kernel: mirrored tiles in double") {
    test::expect_agreement<double, pm::shape<80, 80>>(mirrored);
}
