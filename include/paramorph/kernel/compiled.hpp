// A program, compiled. A program is a type `P` with `P::real` (float or double), `P::operations` (an `ops<...>` list)
// and `static constexpr graph P::build()`; it is named by that type, never by a graph as template argument. Each pass's
// result is a constant of its own, because compilers limit every constant evaluation separately.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "paramorph/graph/alike_steps.hpp"
#include "paramorph/graph/assign_storage.hpp"
#include "paramorph/graph/convolution_biases.hpp"
#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/graph/row_groups.hpp"
#include "paramorph/graph/row_products.hpp"
#include "paramorph/graph/schedule.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/kernel/target.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Is P a program? Says so where not, for those who ask about one.
template <class P>
constexpr bool is_program() {
    constexpr bool is = requires {
        typename P::operations;
        P::build();
    };
    if constexpr (!is) {
        using wrong = mistake<sentence("explain: its argument must be a program, and is ", short_type_name<P>(),
                                       ": of a network's call that is pm::program::call_of<network, "
                                       "pm::binding::originals, pm::input<pm::shape<2, 4>>>, with its inputs' shapes")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return is;
}

}  // namespace detail

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
    static constexpr ir::alike_steps alike = find_alike_steps(simplified, plan, rows, products);
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

// What a value's elements are in memory, in a program that computes in T.
template <class C, int Value, class T>
using element_in_memory = std::conditional_t<C::simplified.values[Value].type == element::i32, std::int32_t,
                                             stored_in<C::simplified.values[Value].type, T>>;

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

// The program of which step Step is the first of those that are alike (graph/alike_steps.hpp), for their function: the
// operands of such a step are the arguments, one after the other.
template <class C, int Step>
struct memory_of_alike {
    static constexpr unit_operands operands = operands_of_unit(C::simplified, C::plan, C::rows.of[Step]);
    struct places {
        constexpr location operator[](int v) const {
            int const k = operands.find(v);
            return k < operands.count ? location{location::argument, k, 0} : location{};
        }
    } of;
    static constexpr auto const& panels = C::memory.panels;
};
template <class C, int Step>
struct one_of_alike : C {
    static constexpr memory_of_alike<C, Step> memory{};
};
template <class C>
inline constexpr bool is_one_of_alike = false;
template <class C, int Step>
inline constexpr bool is_one_of_alike<one_of_alike<C, Step>> = true;

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
