// Elementwise parametrizations in double at every exponent.
//
// SPDX-License-Identifier: BSL-1.0
#include "whole_domain.hpp"

TEST_CASE("elementwise parametrizations: every exponent of double") {
    whole_domain::expect_all<double>();
}
