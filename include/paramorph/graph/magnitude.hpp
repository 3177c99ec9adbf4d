// Magnitudes: how large each value of a body can become, whatever is loaded; NaN apart. What the operations say of
// their results (`magnitude`) is followed from argument to result. Rounding is not: who asks leaves room for it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

template <int Size>
struct magnitudes {
    double of[Size == 0 ? 1 : Size];
};

// `Code::at(i)` are its instructions, whose arguments count from `Code::first`.
template <class Code>
constexpr magnitudes<Code::size> magnitudes_of() {
    magnitudes<Code::size> m{};
    for (int i = 0; i < Code::size; ++i) {
        instruction const x = Code::at(i);
        bool const applies = x.kind == instruction::apply;
        double a[max_arguments]{};
        for (int k = 0; k < (applies ? x.operation->arity : 0); ++k) a[k] = m.of[x.argument[k] - Code::first];
        double const size = x.kind == instruction::number     ? math::abs(x.constant)
                            : x.kind == instruction::mask     ? m.of[x.argument[0] - Code::first]
                            : x.kind == instruction::diagonal ? 1
                            : applies && x.operation->bounds  ? x.operation->magnitude(a)
                                                              : unbounded;
        m.of[i] = size < unbounded ? size : unbounded;
    }
    return m;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
