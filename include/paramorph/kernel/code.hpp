// The instructions that a loop's body is compiled from: those of one region of a step, or what is made of them
// (kernel/mirror.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/compiled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// The instructions of a body: arguments count from its first, `written(k)` is what store k writes.
template <class C, int Step, int Code>
struct body_code {
    static constexpr body lines = C::plan.steps[Step].bodies[Code];
    static constexpr int size = lines.last - lines.first, first = lines.first;
    static constexpr instruction at(int i) { return C::plan.code[first + i]; }
    static constexpr int written(int k) { return C::plan.written[lines.written + k] - first; }
};

// None: where nothing is asked of the instructions.
struct no_code {
    static constexpr int size = 0, first = 0;
    static constexpr instruction at(int) { return {}; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
