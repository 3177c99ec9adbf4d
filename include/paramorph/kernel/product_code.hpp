// The body of a loop that completes products (kernel/row_product.hpp): which of its loads read a product, and what is
// added to one, at which its sums then begin.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/code.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Do the columns of a product's matrix lie in lanes? Of one that is given transposed, as of other operations, rows do.
constexpr bool has_columns_in_lanes(node const& product) {
    return product.operation->id == id_of<op::matmul> && product.attribute.v[1] == 0;
}

template <class C, int Step>
struct body_code<C, Step, after_product> {
    static constexpr body lines = C::plan.steps[Step].bodies[middle];
    static constexpr int size = lines.last - lines.first, first = lines.first;
    static constexpr instruction const* begin = C::plan.code + first;
    // The products are those of the steps before this one.
    static constexpr int products = [] {
        int n = 0;
        while (Step > n && C::products.at[Step - 1 - n] == n + 1) ++n;
        return n;
    }();
    static constexpr int value_of(int product) {
        return C::simplified.nodes[C::plan.steps[Step - products + product].node].first;
    }
    // Which product does load i read, and which part of it? -1: none.
    static constexpr int product_of(int i) {
        if (begin[i].kind != instruction::load) return -1;
        for (int k = 0; k < products; ++k)
            if (memory_of(C::simplified, begin[i].source) == value_of(k)) return k;
        return -1;
    }
    static constexpr int part_of(int i) { return begin[i].offset / C::plan.steps[Step].space[3]; }
    static constexpr bool in_lanes(int product) {
        return has_columns_in_lanes(C::simplified.nodes[C::plan.steps[Step - products + product].node]);
    }
    // A product whose sums begin with what is added to it: then the addition is what the sums end with.
    struct start {
        static constexpr int most = 2;
        int product = -1, part = 0, sum = -1, count = 0, addend[most]{};  // instructions
    };
    struct all_starts {
        int count = 0;
        start of[size == 0 ? 1 : size];
    };
    static constexpr int readers_of(int i) {
        int n = 0;
        for (int k = 0; k < size; ++k)
            for (int a = 0; a < argument_count(begin[k]); ++a) n += begin[k].argument[a] - first == i;
        for (int k = 0; k < C::plan.steps[Step].store_count; ++k) n += written(k) == i;
        return n;
    }
    // The addition that alone reads instruction i, and adds what a loop reads from memory; -1.
    static constexpr int addition_to(int i) {
        if (readers_of(i) != 1) return -1;
        for (int k = i + 1; k < size; ++k) {
            instruction const& x = begin[k];
            if (x.kind != instruction::apply || x.operation->id != id_of<op::add>) continue;
            for (int a = 0; a < 2; ++a)
                if (x.argument[a] - first == i && is_addend(x.argument[1 - a] - first)) return k;
        }
        return -1;
    }
    static constexpr bool is_addend(int i) {
        instruction const& x = begin[i];
        return x.kind == instruction::load && product_of(i) < 0 && x.stride[3] == 1 &&
               !is_stored(C::simplified.values[memory_of(C::simplified, x.source)].type);
    }
    // Does another load read the same part of the product?
    static constexpr bool is_read_once(int load) {
        for (int i = 0; i < size; ++i)
            if (i != load && product_of(i) == product_of(load) && begin[i].offset == begin[load].offset) return false;
        return true;
    }
    static constexpr all_starts starts = [] {
        all_starts all;
        for (int i = 0; i < size; ++i) {
            if (product_of(i) < 0 || !in_lanes(product_of(i)) || !is_read_once(i)) continue;
            start s{product_of(i), part_of(i)};
            for (int k; s.count < start::most && (k = addition_to(s.count == 0 ? i : s.sum)) >= 0; s.sum = k) {
                int const of_sum = s.count == 0 ? i : s.sum;
                s.addend[s.count++] = begin[k].argument[begin[k].argument[0] - first == of_sum ? 1 : 0] - first;
            }
            if (s.count > 0) all.of[all.count++] = s;
        }
        return all;
    }();
    static constexpr start start_of(int product, int part) {
        for (int k = 0; k < starts.count; ++k)
            if (starts.of[k].product == product && starts.of[k].part == part) return starts.of[k];
        return {};
    }
    // The sum that instruction i is in place of a loaded product: its start; none: product is -1.
    static constexpr start ended_by(int i) {
        for (int k = 0; k < starts.count; ++k)
            if (starts.of[k].sum == i) return starts.of[k];
        return {};
    }
    static constexpr instruction at(int i) {
        instruction x = begin[i];
        bool const is_sum = ended_by(i).product >= 0;
        if (is_sum) x.kind = instruction::load, x.stride[3] = 1;
        if (is_sum || product_of(i) >= 0) x.source = -1;
        return x;
    }
    static constexpr int written(int k) { return C::plan.written[lines.written + k] - first; }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
