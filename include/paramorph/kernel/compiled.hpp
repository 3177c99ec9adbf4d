// A program, compiled. A program is a type `P` with `P::real` (float or double), `P::operations` (an `ops<...>` list)
// and `static constexpr graph P::build()`; it is named by that type, never by a graph as template argument. Each pass's
// result is a constant of its own, because compilers limit every constant evaluation separately.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "paramorph/graph/assign_storage.hpp"
#include "paramorph/graph/convolution_biases.hpp"
#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/graph/row_groups.hpp"
#include "paramorph/graph/row_products.hpp"
#include "paramorph/graph/schedule.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/kernel/target.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class P>
struct compiled {
    using real = typename P::real;
    using operations = operation_closure<typename P::operations>;
    static constexpr ir::graph traced = P::build();
    static constexpr ir::graph simplified = simplify(traced);
    static constexpr target const& machine = kernel::target_of<simd::best<real>>;
    static constexpr ir::storage_assignment placed = assign_storage(simplified, machine);
    static constexpr ir::schedule plan = [] {
        ir::schedule s = make_schedule(simplified, placed);
        take_biases(simplified, s, machine);
        return s;
    }();
    static constexpr ir::row_groups rows = group_rows(simplified, plan, machine);
    static constexpr ir::row_products products = [] {
        if constexpr (requires { P::fuses_row_products; })
            return find_row_products(simplified, plan, rows, machine);
        else
            return ir::row_products{};
    }();
    static constexpr ir::memory_plan memory = plan_memory(simplified, plan, rows, machine, products);
};

// Bytes of the workspace that a program needs beside its arguments and outputs. What its dense kernels put on the stack
// beside that is at most `target::kernel_stack_bytes()`, whatever the shapes.
template <class P>
inline constexpr std::int64_t workspace_bytes_of = compiled<P>::memory.bytes;

namespace kernel {

// Where the caller's arguments, outputs and workspace are. `outputs` do not overlap the arguments.
struct frame {
    void const* const* arguments;
    void* const* outputs;
    std::byte* workspace;
};

// The address of a value's elements.
template <class C, int Value, class T>
[[gnu::always_inline]] inline T* address(frame const& f) {
    constexpr location at = C::memory.of[memory_of(C::simplified, Value)];
    static_assert(at.kind != location::nowhere, "paramorph: internal error: a value without memory is read");
    static_assert(is_stored(C::simplified.values[memory_of(C::simplified, Value)].type) == narrow<T>,
                  "paramorph: internal error: what is stored in 16 bits or eight is read without a conversion");
    if constexpr (at.kind == location::argument)
        return static_cast<T*>(const_cast<void*>(f.arguments[at.at]));
    else if constexpr (at.kind == location::output)
        return static_cast<T*>(f.outputs[at.at]) + at.offset;
    else
        return reinterpret_cast<T*>(f.workspace + at.at) + at.offset;
}

// Has a value, or none, room for one image of a batch?
template <class C>
constexpr bool has_one_image(int value) {
    return value >= 0 && C::memory.of[memory_of(C::simplified, value)].one_image;
}
// The same of what a store writes.
template <class C>
constexpr bool has_one_image(destination to) {
    return has_one_image<C>(to.stored());
}

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
