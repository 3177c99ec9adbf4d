// The few words of Catch2 that the test program for every instruction set uses, without what its header costs to
// compile sixteen times.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace checks {

inline int failed = 0;
inline char const* running = "";

inline void check(bool holds, char const* what, char const* file, int line) {
    if (!holds && ++failed <= 20) std::printf("%s:%d: %s\n    %s\n", file, line, running, what);
}

struct test {
    char const* name;
    void (*run)();
    test* next;
    inline static test* first = nullptr;
    test(char const* n, void (*f)()) : name(n), run(f), next(first) { first = this; }
};

// Runs all tests; how many checks failed.
inline int run_all() {
    for (test const* t = test::first; t != nullptr; t = t->next) {
        running = t->name;
        t->run();
    }
    return failed;
}

}  // namespace checks

#define CHECKS_JOIN_EXPANDED(a, b) a##b
#define CHECKS_JOIN(a, b) CHECKS_JOIN_EXPANDED(a, b)
#define TEST_CASE(name)                                                                                                \
    static void CHECKS_JOIN(test_on_line_, __LINE__)();                                                                \
    static checks::test const CHECKS_JOIN(registered_on_line_, __LINE__){name, &CHECKS_JOIN(test_on_line_, __LINE__)}; \
    static void CHECKS_JOIN(test_on_line_, __LINE__)()
#define CHECK(...) checks::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define CHECK_FALSE(...) checks::check(!static_cast<bool>(__VA_ARGS__), "not: " #__VA_ARGS__, __FILE__, __LINE__)
#define REQUIRE CHECK
#define REQUIRE_FALSE CHECK_FALSE
#define INFO(text) static_cast<void>(sizeof(std::declval<std::ostream&>() << text))  // read, never printed
#define UNSCOPED_INFO(text) INFO(text)
