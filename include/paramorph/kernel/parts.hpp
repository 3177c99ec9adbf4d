// The kernels of the operations whose result holds their arguments unchanged: concatenate, packed and pad. What was
// written in place is left alone, the rest is copied in contiguous runs of a length that is known.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstring>

#include "paramorph/kernel/dense.hpp"
#include "paramorph/op/packed.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <class Node, int Argument, class T>
void copy_part(operands<T> const& x) noexcept {
    constexpr part p = Node::part_of(Argument);
    if constexpr (!Node::in_place(Argument))
        for (int o = 0; o < Node::shape(Argument).size() / p.run; ++o)
            std::memcpy(x.result[0] + p.offset + o * p.full, x.argument[Argument] + o * p.run, p.run * sizeof(T));
}

template <int Count>
struct dense_kernel<op::concatenate<Count>> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        unrolled<Count>([&](auto k) __attribute__((always_inline)) { copy_part<Node, k>(x); });
        return true;
    }
};

template <int Count>
struct dense_kernel<op::packed<Count>> : dense_kernel<op::concatenate<Count>> {};

template <>
struct dense_kernel<op::pad> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        constexpr part p = Node::part_of(0);
        constexpr int behind = p.offset + p.run;
        for (int o = 0; o < Node::shape(0).size() / p.run; ++o) {
            auto* const to = x.result[0] + o * p.full;
            for (int i = 0; i < p.offset; ++i) to[i] = 0;
            for (int i = behind; i < p.full; ++i) to[i] = 0;
        }
        copy_part<Node, 0>(x);
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
