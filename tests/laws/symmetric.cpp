// The laws of symmetric.
//
// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

TEST_CASE("laws: symmetric") {
    laws::expect_all<pm::param::symmetric, pm::shape<9, 9>>();
}
