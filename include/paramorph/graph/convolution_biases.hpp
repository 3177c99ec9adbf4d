// Biases of convolutions: what the loop behind a convolution adds to each channel, one number from a leaf, is what the
// convolution's sums begin with, on vectors. The loop then reads the sum where it lies; its addition is left over, read
// by nothing. The numbers are the same, to rounding.
//
// Cost: none where there is no convolution. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/row_products.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Where `x` reads a convolution's results, does `b` read the number of their channel?
constexpr bool reads_channels(step const& p, instruction const& b, instruction const& x, int channels, int plane) {
    int within = 0;
    for (int k = 0; k < max_rank; ++k) {
        if (p.space[k] == 1 || (b.stride[k] == 1 && x.stride[k] == plane && p.space[k] <= channels)) continue;
        if (b.stride[k] != 0 || x.stride[k] < 0) return false;
        if (x.stride[k] % (channels * plane) != 0) within += x.stride[k] * (p.space[k] - 1);
    }
    return b.offset == 0 && x.offset == 0 && within < plane;
}

// The one instruction of a loop that loads value v, -1: there is none, or several.
constexpr int only_load_of(graph const& g, schedule const& s, step const& p, int v) {
    int found = -1;
    for (int i = p.bodies[middle].first; i < p.bodies[middle].last; ++i)
        if (s.code[i].kind == instruction::load && memory_of(g, s.code[i].source) == v) {
            if (found >= 0) return -1;
            found = i;
        }
    return found;
}

// f(place) for each place where a loop reads instruction i.
template <class F>
constexpr void each_reader(schedule& s, step const& p, int i, F f) {
    for (int k = p.bodies[middle].first; k < p.bodies[middle].last; ++k) {
        instruction& x = s.code[k];
        for (int a = 0; a < argument_count(x); ++a)
            if (x.argument[a] == i) f(x.argument[a], k);
    }
    for (int k = 0; k < p.store_count; ++k)
        if (int& written = s.written[p.bodies[middle].written + k]; written == i) f(written, -1);
}

// The value that the sums of the convolution of step t begin with, which the loop behind it then does not add; -1:
// none.
constexpr int take_bias(graph const& g, schedule& s, int t) {
    node const& n = g.nodes[s.steps[t].node];
    extents const& y = g.shape_of(n.first);
    int const channels = y.d[1], plane = y.size() / (y.d[0] * channels);
    for (int u = t + 1; u < s.step_count; ++u) {
        step const& p = s.steps[u];
        if (p.node >= 0 || p.masked) continue;
        int const load = only_load_of(g, s, p, n.first);
        if (load < 0) continue;
        if (!only_read_by(g, s, n.first, u)) return -1;
        int readers = 0, sum = -1;
        each_reader(s, p, load, [&](int, int reader) {
            ++readers;
            sum = reader;
        });
        if (readers != 1 || sum < 0 || s.code[sum].kind != instruction::apply ||
            s.code[sum].operation->id != id_of<op::add>)
            return -1;
        instruction const& b = s.code[s.code[sum].argument[s.code[sum].argument[0] == load ? 1 : 0]];
        if (b.kind != instruction::load) return -1;
        int const bias = memory_of(g, b.source);
        if (g.producer_of(bias).operation->kind != category::leaf || g.values[bias].type != g.real ||
            g.shape_of(bias).size() != channels || !reads_channels(p, b, s.code[load], channels, plane))
            return -1;
        each_reader(s, p, sum, [&](int& place, int) { place = load; });
        return bias;
    }
    return -1;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

constexpr void take_biases(graph const& g, schedule& s, target const& machine) {
    if (machine.lanes(g.real) == 1) return;
    for (int t = 0; t < s.step_count; ++t) {
        int const i = s.steps[t].node;
        if (i >= 0 && g.nodes[i].operation->id == id_of<op::convolution> &&
            !op::is_product(op::loops_of<op::convolution>(g, g.nodes[i])))
            s.steps[t].begins_with = 1 + detail::take_bias(g, s, t);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
