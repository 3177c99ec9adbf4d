// Elementwise parametrizations in float at every exponent.
//
// SPDX-License-Identifier: BSL-1.0
#include "whole_domain.hpp"

TEST_CASE("elementwise parametrizations: every exponent of float") {
    whole_domain::expect_all<float>();
}
