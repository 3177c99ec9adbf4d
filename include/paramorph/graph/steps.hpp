// What a schedule is: steps in the order in which they run, each a dense node or a fused loop whose bodies are lists of
// instructions.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

inline constexpr int max_steps = 2048;
inline constexpr int max_instructions = 8192;
inline constexpr int max_stores = 4096;

// One operation of a fused loop's body. `argument` are instructions; a load reads element
// offset + sum(stride[k] * index[k]) of value `source`, index[3] being the innermost loop.
struct instruction {
    enum kind_t : std::uint8_t { load, number, mask, diagonal, apply } kind;
    descriptor const* operation;
    int argument[max_arguments];
    int source, offset, stride[max_rank];
    double constant;
    int sign, bound;  // mask: kept where sign * (column - row) >= bound; diagonal: one where column - row == bound

    constexpr bool transposed() const { return kind == load && stride[3] != 0 && stride[3] != 1; }
    // Is it one number from memory for the whole step?
    constexpr bool stands_for_all() const {
        return kind == load && stride[0] == 0 && stride[1] == 0 && stride[2] == 0 && stride[3] == 0;
    }
};

constexpr instruction numeric(double x) {
    return {instruction::number, nullptr, {}, 0, 0, {}, x, 0, 0};
}

// Instructions [first, last); what store k of the step writes is the instruction `written` + k of `schedule::written`.
struct body {
    int first, last, written;
};

enum region : int { below = 0, middle = 1, above = 2 };

struct step {
    int node;  // a dense node, or -1: a fused loop
    int space[max_rank];
    body bodies[3];
    bool masked;
    int low, high;  // masked: region `below` where column - row <= low, `above` where it is >= high
    int first_store, store_count;
    int begins_with;  // of a convolution: 1 + the value, a number for each channel, with which its sums begin; 0: none
};

// Where a loop's store writes: into the memory of a value, or into an output that is a copy of what lies elsewhere.
struct destination {
    enum kind_t : std::uint8_t { memory, output } kind;
    int at;  // the value, or the output's position
    // The value, or -1.
    constexpr int stored() const { return kind == memory ? at : -1; }
};

// A value that has no memory of its own: it is written where the result of `within` holds it.
struct subview {
    int value, within;
    part at;
    // The distance in memory between elements that are `distance` apart in the value.
    constexpr int stride(int distance) const {
        return at.run > 0 && distance % at.run == 0 ? distance / at.run * at.full : distance;
    }
};
inline constexpr int max_subviews = 256;

struct schedule {
    step steps[max_steps];
    int step_count;
    instruction code[max_instructions];
    int code_size;
    destination stores[max_stores];
    std::uint8_t reduced[max_stores];  // a reduction writes it: bit k says that it combines along axis k of the loop
    int store_count;
    int written[3 * max_stores];
    int written_count;
    subview subviews[max_subviews];
    int subview_count;
    int fused_steps, dense_steps;

    constexpr int append(instruction const& i) {
        return code_size == max_instructions
                   ? (refused::loops_hold_more_than_8192_operations_split_the_network_or_the_chain(), 0)
                   : (code[code_size] = i, code_size++);
    }
    // Where a value lies in the memory of another one; `within` is -1 if it has its own.
    constexpr subview subview_of(int v) const {
        for (int k = 0; k < subview_count; ++k)
            if (subviews[k].value == v) return subviews[k];
        return {v, -1, {}};
    }
};

// The value whose memory a value shares: aliases are followed to what they rename.
constexpr int memory_of(graph const& g, int v) {
    while (g.producer_of(v).operation->kind == category::alias) v = g.producer_of(v).argument[0];
    return v;
}

// How many instructions an instruction reads.
constexpr int argument_count(instruction const& x) {
    return x.kind == instruction::apply ? x.operation->arity : x.kind == instruction::mask ? 1 : 0;
}
// Is what instruction i of a loop's body computes stored, by way of others or not? A pass may leave some over.
constexpr bool is_used(schedule const& s, step const& p, body const& b, int i) {
    for (int k = 0; k < p.store_count; ++k)
        if (s.written[b.written + k] == i) return true;
    for (int reader = i + 1; reader < b.last; ++reader)
        for (int a = 0; a < argument_count(s.code[reader]); ++a)
            if (s.code[reader].argument[a] == i && is_used(s, p, b, reader)) return true;
    return false;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// Is output k a copy of what lies elsewhere: a leaf or a constant, or another output, perhaps under another shape?
constexpr bool needs_copy(graph const& g, int k) {
    int const v = memory_of(g, g.outputs[k]);
    category const c = g.producer_of(v).operation->kind;
    if (c == category::leaf || c == category::constant) return true;
    for (int j = 0; j < k; ++j)
        if (memory_of(g, g.outputs[j]) == v) return true;
    return false;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
