// What is so of a fused step, on any machine: along which axes its stores reduce, where in memory they write, and how
// its loads walk. The shape of the loop is made of it (loop_shape.hpp), and the loop itself.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// The axes of the loop that store k combines along, those of extent 1 among them; 0: it stores every element.
constexpr int reduced_axes(schedule const& s, step const& p, int k) {
    int axes = s.reduced[p.first_store + k];
    if (axes != 0)
        for (int a = 0; a < max_rank; ++a) axes |= (p.space[a] == 1) << a;
    return axes;
}
// The same axes without those of extent 1.
constexpr int long_axes(schedule const& s, step const& p, int k) {
    int axes = s.reduced[p.first_store + k];
    for (int a = 0; a < max_rank; ++a)
        if (p.space[a] == 1) axes &= ~(1 << a);
    return axes;
}
constexpr bool reduces(schedule const& s, step const& p) {
    for (int k = 0; k < p.store_count; ++k)
        if (s.reduced[p.first_store + k] != 0) return true;
    return false;
}

constexpr subview subview_of_store(schedule const& s, step const& p, int k) {
    destination const to = s.stores[p.first_store + k];
    return to.kind == destination::output ? subview{} : s.subview_of(to.at);
}
// Distance in memory of what store k writes, from one index of an axis to the next.
constexpr int stride_of_store(schedule const& s, step const& p, int k, int axis) {
    int const reduced = reduced_axes(s, p, k);
    int stride = reduced >> axis & 1 ? 0 : 1;
    for (int a = axis + 1; a < max_rank; ++a)
        if (!(reduced >> a & 1)) stride *= p.space[a];
    return subview_of_store(s, p, k).stride(stride);
}

// A load of one number, and one that runs through contiguous memory, over the whole space.
constexpr bool stands_still(step const& p, instruction const& x) {
    for (int k = 0; k < max_rank; ++k)
        if (p.space[k] > 1 && x.stride[k] != 0) return false;
    return true;
}
constexpr bool contiguous(step const& p, instruction const& x) {
    int stride = 1;
    for (int k = max_rank - 1; k >= 0; --k) {
        if (p.space[k] > 1 && x.stride[k] != stride) return false;
        stride *= p.space[k];
    }
    return true;
}
// A load that is contiguous down the rows, strided along the columns: it is read by tiles, unless the step reduces.
constexpr bool down_the_rows(step const& p, instruction const& x) {
    return x.transposed() && x.stride[2] == 1 && p.space[2] > 1;
}

// One loop may take all elements: so they lie in memory, and what is reduced is reduced to one number.
constexpr bool is_flat(graph const& g, schedule const& s, step const& p, instruction const* code, int size) {
    for (int i = 0; i < size; ++i)
        if (code[i].kind == instruction::load && !stands_still(p, code[i]) && !contiguous(p, code[i])) return false;
    for (int k = 0; k < p.store_count; ++k) {
        int const axes = reduced_axes(s, p, k);
        subview const at = subview_of_store(s, p, k);
        bool const one_run = at.at.run == 0 || at.at.run == at.at.full || at.at.run == g.shape_of(at.value).size();
        if ((axes != 0 && axes != 15) || !one_run) return false;
    }
    return !p.masked;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
