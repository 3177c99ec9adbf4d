// Includes the headers that write.cpp wrote, for a target, or with HOST behind the umbrella of the host: they compile,
// name the types that were written, and hold the numbers. Exit status 0 if the networks say what they said.
//
// SPDX-License-Identifier: BSL-1.0
#ifdef HOST
#include <paramorph/paramorph.hpp>
#endif
#include <bit>
#include <cstdint>
#include <ctime>
#include <type_traits>

#include "3.hpp"
#include "I.hpp"
#include "_x.hpp"
#include "a--b.hpp"
#include "constrained.hpp"
#include "exact.hpp"
#include "int.hpp"
#include "named.hpp"
#include "new.hpp"
#include "odd.hpp"
#include "paramorph.hpp"
#include "plain_values.hpp"
#include "std.hpp"
#include "time.hpp"

namespace pm = paramorph;

static_assert(std::is_same_v<constrained::model, after_the_fact::constrained>);
static_assert(std::is_same_v<plain_values::model, after_the_fact::gated>);
static_assert(std::is_same_v<odd::model, after_the_fact::odd>);
static_assert([] {
    for (int i = 0; i < 9; ++i)
        if (std::bit_cast<std::uint32_t>(exact::values.of[i]) != std::bit_cast<std::uint32_t>(exact_numbers[i]))
            return false;
    return true;
}());
static_assert(network_new::values.of[0] == mine::inner::values.of[0] && a_b::values.of[1] == network_x::values.of[1] &&
              network_std::values.of[0] == network_int::values.of[0] &&
              network_3::values.of[0] == network_I::values.of[0] &&
              network_paramorph::values.of[0] == network_time::values.of[0]);

// The live network computes its parametrizations from what was trained; the frozen one has the values.
static pm::workspace<constrained::network> live_space;
static pm::workspace<plain_values::network> space;

int main() {
    float const x[4]{1, -2, 0.5f, 3};
    float live[4], frozen[4];
    if (!constrained::network(x, live, live_space.bytes) || !plain_values::network(x, frozen, space.bytes)) return 1;
    for (int i = 0; i < 4; ++i)
        if (live[i] - frozen[i] > 1e-5f || frozen[i] - live[i] > 1e-5f || live[i] == 0) return 2;
    constexpr auto by_compiler = pm::freeze<odd::originals>();
    static pm::workspace<by_compiler> odd_space;
    static pm::workspace<odd::network> odd_live_space;
    float a[2], b[2];
    float const z[3]{1, 2, 3};
    if (!by_compiler(z, a, odd_space.bytes) || !odd::network(z, b, odd_live_space.bytes)) return 3;
    for (int i = 0; i < 2; ++i)
        if (a[i] - b[i] > 1e-5f || b[i] - a[i] > 1e-5f || a[i] == 0) return 4;
    return 0;
}
