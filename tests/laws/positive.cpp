// The laws of positive.
//
// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

TEST_CASE("laws: positive") {
    laws::expect_all<pm::param::positive, pm::shape<3, 9>>();
}
