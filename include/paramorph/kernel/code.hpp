// The instructions that a loop's body is compiled from: those of one region of a step, or what is made of them
// (kernel/mirror.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include "paramorph/graph/loop_facts.hpp"
#include "paramorph/kernel/compiled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Code of a step beside its regions: of a tile above the diagonal with its mirror image; on the diagonal, of what
// crosses over, and of the rest (kernel/mirror.hpp); the middle one, which finds products in registers
// (kernel/row_product.hpp).
enum made_of_regions : int { paired = above + 1, before_crossing, after_crossing, after_product };

// The instructions of a body: arguments count from its first, `written(k)` is what store k writes.
template <class C, int Step, int Code>
struct body_code {
    static constexpr body lines = C::plan.steps[Step].bodies[Code];
    static constexpr int size = lines.last - lines.first, first = lines.first;
    static constexpr instruction const* begin = C::plan.code + first;
    static constexpr instruction at(int i) { return begin[i]; }
    static constexpr int written(int k) { return C::plan.written[lines.written + k] - first; }
};

// Positions of the loads in a body's code.
template <int Size>
struct positions {
    int count = 0, at[Size == 0 ? 1 : Size]{};
};
template <class Code>
constexpr positions<Code::size> loads_of() {
    positions<Code::size> p;
    for (int i = 0; i < Code::size; ++i)
        if (Code::at(i).kind == instruction::load) p.at[p.count++] = i;
    return p;
}

// Distance in memory of what store k of a step writes, from one index of an axis to the next.
template <int Stores>
struct store_strides {
    std::ptrdiff_t of[Stores == 0 ? 1 : Stores][max_rank]{};
};
template <class C, int Step>
constexpr auto strides_of_stores() {
    constexpr step plan = C::plan.steps[Step];
    store_strides<plan.store_count> s;
    for (int k = 0; k < plan.store_count; ++k)
        for (int axis = 0; axis < max_rank; ++axis) s.of[k][axis] = ir::stride_of_store(C::plan, plan, k, axis);
    return s;
}

// Of a sum: where its arguments are two masks that share out the elements, which one is the lower; -1 elsewhere.
// `code` are the instructions of a body, whose arguments count from `first`.
constexpr int complement(instruction const* code, int first, instruction const& x) {
    for (int k = 0; k < 2; ++k) {
        instruction const &lower = code[x.argument[k] - first], &upper = code[x.argument[1 - k] - first];
        if (lower.kind == instruction::mask && lower.sign < 0 && upper.kind == instruction::mask && upper.sign > 0 &&
            upper.bound == 1 - lower.bound)
            return k;
    }
    return -1;
}
// What an instruction of a settled body is computed as: one number for each row, or elements.
constexpr settled_as settled_at(instruction const* code, int first, bool of_numbers, int i) {
    instruction const& x = code[i];
    settled_as const as = x.kind == instruction::apply ? x.operation->settled : settled_as::itself;
    if (as != settled_as::without_scale) return of_numbers ? as : settled_as::itself;
    instruction const& scale = code[x.argument[1] - first];
    bool const of_the_row = !of_numbers && scale.kind == instruction::load && scale.source >= 0 &&
                            scale.stride[2] == 1 && scale.stride[3] == 0;
    return of_the_row || (scale.stands_for_all() && scale.source >= 0) ? as : settled_as::itself;
}
// Is each scale of a settled body one number for the whole step, and nothing else settled?
constexpr bool scaled_as_a_whole(instruction const* code, int first, int size, bool of_numbers) {
    bool any = false;
    for (int i = 0; i < size; ++i) {
        settled_as const as = settled_at(code, first, of_numbers, i);
        bool const scaled = as == settled_as::without_scale;
        if (scaled ? !code[code[i].argument[1] - first].stands_for_all() : as != settled_as::itself) return false;
        any = any || scaled;
    }
    return any;
}

// None: where nothing is asked of the instructions.
struct no_code {
    static constexpr int size = 0, first = 0;
    static constexpr instruction at(int) { return {}; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
