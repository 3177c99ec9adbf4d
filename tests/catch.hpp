// One spelling for Catch2 2 and 3: TEST_CASE, SECTION, CHECK, REQUIRE, GENERATE and TEMPLATE_TEST_CASE.
// The main function is compiled once, in catch_main.cpp (version 2), or comes with the library (version 3).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#if defined(PARAMORPH_PLAIN_CHECKS)
#include "architectures/checks.hpp"
#elif __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#else
#define CATCH_CONFIG_FAST_COMPILE  // an exception in a CHECK ends the test case; a tenth less to compile
#include <catch2/catch.hpp>

namespace Catch::Matchers {
// Version 3's name for "the text contains": the same in both versions.
inline auto ContainsSubstring(std::string const& text) {
    return Catch::Matchers::Contains(text);
}
}  // namespace Catch::Matchers
#endif
