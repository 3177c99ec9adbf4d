// The laws of skew.
//
// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

TEST_CASE("laws: skew", "[behaviour-5]") {
    laws::expect_all<pm::param::skew, pm::shape<9, 9>>();
}
