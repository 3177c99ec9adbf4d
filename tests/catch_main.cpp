// The main function of every test program. Graphs are values of half a megabyte and a test holds many: it raises the
// limit of the stack.
//
// SPDX-License-Identifier: BSL-1.0
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <sys/resource.h>

int main(int argc, char** argv) {
    rlimit limit{};
    getrlimit(RLIMIT_STACK, &limit);
    rlim_t const wanted = rlim_t(96) << 20;
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > wanted ? wanted : limit.rlim_max;
        setrlimit(RLIMIT_STACK, &limit);
    }
    return Catch::Session().run(argc, argv);
}
