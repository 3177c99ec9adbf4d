// tests/embedded/bad_input.hpp on the target.
//
// SPDX-License-Identifier: BSL-1.0
#include "../bad_input.hpp"
#include "board.hpp"
#include "report.hpp"

int main() {
    int checks = 0, failures = 0;
    test::all_bad_input([&](bool holds, char const* what) {
        ++checks;
        if (holds) return;
        ++failures;
        board::print(what);
        board::print(" \n");
    });
    board::report("checks", checks);
    board::report("failures", failures);
    board::report("stack", board::stack_bytes_used());
    return failures > 0;
}
