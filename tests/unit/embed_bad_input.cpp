// What a target must survive, on the host; ./x embedded runs the same on the target.
//
// SPDX-License-Identifier: BSL-1.0
#include "../embedded/bad_input.hpp"

#include "../catch.hpp"

TEST_CASE("input that is not finite is refused by a status", "[embed]") {
    test::inputs_that_are_not_finite([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
TEST_CASE("a workspace that does not fit is refused by a status", "[embed]") {
    test::workspaces_that_do_not_fit([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
TEST_CASE("an input, a result and a workspace that share memory are refused by a status", "[embed]") {
    test::memory_that_is_shared([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
TEST_CASE("a span of another length is refused by a status", "[embed]") {
    test::spans_of_another_length([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
TEST_CASE("a step of learning refuses bad input and changes nothing", "[embed]") {
    test::learning_from_bad_input([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
TEST_CASE("parameters survive torn writes and damaged flash", "[embed]") {
    test::damaged_parameters([](bool holds, char const* what) {
        INFO(what);
        CHECK(holds);
    });
}
