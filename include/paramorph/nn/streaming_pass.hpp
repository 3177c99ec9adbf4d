// From the traced graph of a network over a long sequence to the one of a few frames: what it is given beside the
// frames, and the graph itself. See nn/streaming.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/simplify.hpp"
#include "paramorph/nn/scan_operations.hpp"
#include "paramorph/nn/streaming_facts.hpp"
#include "paramorph/nn/streaming_kernels.hpp"
#include "paramorph/op/transpose.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// How a constant is laid out for what reads it.
enum class laid_out : std::uint8_t { as_it_is, filters, transposed };

// What a streaming program is given beside the frames: constants, rings, states.
struct stream_parts {
    struct constant {
        int value;
        laid_out how;
        constexpr bool operator==(constant const&) const = default;
    };
    struct ring {
        int node, rows, back;
    };
    constant constants[max_outputs]{};
    ring rings[max_outputs]{};
    int scans[max_outputs]{};  // nodes
    int constant_count = 0, ring_count = 0, scan_count = 0, result = -1, results = 0;

    constexpr int find(constant c) const {
        for (int k = 0; k < constant_count; ++k)
            if (constants[k] == c) return k;
        return -1;
    }
    constexpr void need(constant c) {
        if (find(c) >= 0) return;
        if (constant_count == max_outputs) refused::a_program_has_more_than_256_outputs();
        constants[constant_count++] = c;
    }
};

constexpr laid_out layout_in_stream(stream_facts const& f, node const& n, int k) {
    if (n.operation->id == id_of<op::convolution> && k == 1) return laid_out::filters;
    if (n.operation->id == id_of<op::matmul> && k == 0 && f.timed(n.argument[1])) return laid_out::transposed;
    return laid_out::as_it_is;
}

constexpr stream_parts parts_of(graph const& g, stream_facts const& f) {
    stream_parts p;
    for (int k = 0; k < g.output_count; ++k)
        if (f.timed(g.outputs[k])) {
            if (p.results++ == 0) p.result = g.outputs[k];
        }
    liveness const live = live_nodes(g);
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        int const last = n.first + n.operation->results - 1, t = f.time[last];
        if (!live.node[i] || n.operation->kind == category::leaf || (t < 0 && t != stream_facts::of_condition))
            continue;
        bool const scans = stream_analysis::is_scan(n);
        for (int k = scans ? 1 : 0; k < n.operation->arity; ++k)
            if (f.time[n.argument[k]] == stream_facts::constant && !g.is_constant(n.argument[k]))
                p.need({n.argument[k], layout_in_stream(f, n, k)});
        if (scans) p.scans[p.scan_count++] = i;
        if (n.operation->id == id_of<op::convolution> && t >= 0) {
            extents const &x = g.shape_of(n.argument[0]), &w = g.shape_of(n.argument[1]);
            int const back = (w.d[2] - 1) * op::convolution_numbers::from(n.attribute, 3).dilation[1];
            if (w.d[2] > 1) p.rings[p.ring_count++] = {i, x.d[0] * x.d[1], back};
        }
    }
    return p;
}

// What an operation is in a streaming program.
template <class Op>
struct streamed_operation {
    static constexpr auto chosen() {
        if constexpr (Op::kind == category::elementwise)
            return std::type_identity<op::alone<Op>>{};
        else if constexpr (Op::kind == category::reduction)
            return std::type_identity<op::apart<Op>>{};
        else
            return std::type_identity<Op>{};
    }
    using type = typename decltype(chosen())::type;
};
template <class List>
struct streamed_operations;
template <class... Op>
struct streamed_operations<ops<Op...>> {
    using type = join<ops<Op..., op::frame_convolution, op::frame_mixture, op::frame_product<false>,
                          op::frame_product<true>, op::reshape, op::alone<op::multiply>>,
                      ops<typename streamed_operation<Op>::type...>>;
    static constexpr descriptor const* find(operation_id id) {
        descriptor const* d = nullptr;
        static_cast<void>(((id_of<Op> == id && (d = &describe<typename streamed_operation<Op>::type>, true)) || ...));
        return d;
    }
    // Are the results of a scan's steps their next states?
    static constexpr bool gives_states(operation_id id) {
        bool gives = false;
        static_cast<void>((([&] {
                               if constexpr (requires { Op::gives_states; })
                                   gives = gives || (id_of<Op> == id && Op::gives_states);
                           }()),
                           ...));
        return gives;
    }
};

// The graph over `frames` frames, given the one over many. Leaves: constants, rings, their places, states, the stream,
// conditions. Outputs: the result, then the states.
template <class Operations>
struct streamed_graph {
    graph const& from;
    stream_facts const& f;
    stream_parts const& p;
    int leaves, frames, block;
    graph g;
    std::int16_t moved[max_values]{};
    int position = 0;

    constexpr streamed_graph(graph const& traced, stream_facts const& facts, stream_parts const& parts, int constants,
                             graph const& empty, int frame_count, int block_length)
        : from(traced), f(facts), p(parts), leaves(constants), frames(frame_count), block(block_length), g(empty) {}

    constexpr int leaf(extents const& s, element type) {
        int const v = push_with<op::leaf>(g, attributes{{position++}});
        g.values[v] = value{s, type, g.values[v].producer};
        return v;
    }
    // The shape over these frames of what has another number of them.
    constexpr extents resized(int v) const {
        extents s = from.shape_of(v);
        if (f.timed(v)) s.d[f.time[v]] = frames;
        return s;
    }
    static constexpr extents laid_out_shape(extents const& s, laid_out how) {
        return how == laid_out::filters      ? extents{3, {s.d[2], s.d[1], s.d[0]}}
               : how == laid_out::transposed ? extents{2, {s.d[1], s.d[0]}}
                                             : s;
    }
    constexpr graph build() {
        int const real_leaves = p.constant_count;
        for (int k = 0; k < real_leaves; ++k)
            leaf(laid_out_shape(from.shape_of(p.constants[k].value), p.constants[k].how),
                 from.values[p.constants[k].value].type);
        int const first_ring = p.constant_count, first_state = first_ring + 2 * p.ring_count;
        for (int k = 0; k < p.ring_count; ++k)
            leaf(extents{2, {p.rings[k].rows, 2 * (p.rings[k].back + block)}}, from.real);
        for (int k = 0; k < p.ring_count; ++k) leaf(extents{1, {1}}, element::i32);
        for (int k = 0; k < p.scan_count; ++k) leaf(from.shape_of(from.nodes[p.scans[k]].argument[0]), from.real);
        for (int i = 0; i < from.size; ++i) {
            node const& n = from.nodes[i];
            if (n.operation->kind != category::leaf || n.attribute.v[0] < leaves) continue;
            moved[n.first] = static_cast<std::int16_t>(leaf(resized(n.first), from.values[n.first].type));
        }
        liveness const live = live_nodes(from);
        int states[max_outputs]{}, ring = 0, scan = 0;
        for (int i = 0; i < from.size; ++i) {
            node const& n = from.nodes[i];
            int const last = n.first + n.operation->results - 1, t = f.time[last];
            if (!live.node[i] || n.operation->kind == category::leaf || (t < 0 && t != stream_facts::of_condition))
                continue;
            node m = n;
            for (int k = 0; k < n.operation->arity; ++k) m.argument[k] = argument(n, k);
            if (t >= 0 && n.operation->id == id_of<op::convolution>) {
                op::convolution_numbers const by = op::convolution_numbers::from(n.attribute, 3);
                if (from.shape_of(n.argument[1]).d[2] == 1)
                    moved[n.first] = static_cast<std::int16_t>(
                        push_with<op::frame_mixture>(g, attributes{{0, by.groups}}, m.argument[0], m.argument[1]));
                else {
                    moved[n.first] = static_cast<std::int16_t>(push_with<op::frame_convolution>(
                        g, attributes{{by.dilation[1], by.groups}}, m.argument[0], m.argument[1], first_ring + ring,
                        first_ring + p.ring_count + ring));
                    ++ring;
                }
                continue;
            }
            if (t >= 0 && n.operation->id == id_of<op::matmul>) {
                moved[n.first] = static_cast<std::int16_t>(product(n, m));
                continue;
            }
            if (stream_analysis::is_scan(n)) {
                m.argument[0] = first_state + scan;
                int const first = g.push(m);
                states[scan++] = first;
                for (int r = 1; r < n.operation->results; ++r)
                    moved[n.first + r] = static_cast<std::int16_t>(first + r);
                if (frames == 1 && Operations::gives_states(n.operation->id))
                    moved[n.first + 1] = static_cast<std::int16_t>(
                        push_with<op::reshape>(g, op::attributes_of(resized(n.first + 1)), first));
                continue;
            }
            if (n.operation->id == id_of<op::reshape> || n.operation->id == id_of<op::broadcast_to>)
                m.attribute = op::attributes_of(resized(n.first));
            if (n.operation->id == id_of<op::slice> && from.shape_of(n.first) == from.shape_of(n.argument[0])) {
                moved[n.first] = static_cast<std::int16_t>(m.argument[0]);
                continue;
            }
            if (int const sum = product_with_bias(n, m); sum >= 0) {
                moved[n.first] = static_cast<std::int16_t>(sum);
                continue;
            }
            m.operation = Operations::find(n.operation->id);
            int const first = g.push(m);
            for (int r = 0; r < n.operation->results; ++r) moved[n.first + r] = static_cast<std::int16_t>(first + r);
        }
        g.output(moved[p.result]);
        for (int k = 0; k < p.scan_count; ++k) g.output(states[k]);
        return g;
    }

  private:
    constexpr int argument(node const& n, int k) {
        int const v = n.argument[k];
        if (f.time[v] != stream_facts::constant) return moved[v];
        if (from.is_constant(v)) return append_constant(g, from.producer_of(v).number);
        int const c = p.find({v, layout_in_stream(f, n, k)});
        return c >= 0 ? c : 0;  // 0: the first state of a scan, which comes from before
    }
    // What a bias is added to that nothing else reads, a product of frames: both in one; -1: it is none.
    constexpr int product_with_bias(node const& n, node const& m) {
        if (n.operation->id != id_of<op::add>) return -1;
        for (int k = 0; k < 2; ++k) {
            node const& p = from.producer_of(n.argument[k]);
            if (p.operation->id != id_of<op::matmul> || !f.timed(n.argument[k]) || !f.timed(p.argument[0]) ||
                f.time[n.argument[1 - k]] != stream_facts::constant || from.is_constant(n.argument[1 - k]))
                continue;
            extents const& bias = from.shape_of(n.argument[1 - k]);
            int const outputs = from.shape_of(n.argument[k]).from_end(0);
            if (bias.size() != outputs || bias.from_end(0) != outputs || readers_of(n.argument[k]) != 1 ||
                from.shape_of(n.first) != from.shape_of(n.argument[k]))
                continue;
            return push<op::frame_product<true>>(g, moved[p.argument[0]], argument(p, 1), m.argument[1 - k]);
        }
        return -1;
    }
    constexpr int readers_of(int v) const {
        int n = 0;
        for (int i = 0; i < from.size; ++i)
            for (int k = 0; k < from.nodes[i].operation->arity; ++k) n += from.nodes[i].argument[k] == v;
        for (int k = 0; k < from.output_count; ++k) n += from.outputs[k] == v;
        return n;
    }
    constexpr int product(node const& n, node const& m) {
        if (f.timed(n.argument[0])) {
            // Of one channel: a column times a row, in the loop that goes on with it.
            if (g.shape_of(m.argument[1]).d[0] == 1)
                return push<op::alone<op::multiply>>(g, m.argument[0], m.argument[1]);
            return push<op::frame_product<false>>(g, m.argument[0], m.argument[1]);
        }
        // [O, C] times [C, frames]: a convolution of one frame.
        auto const shaped = [&](int v, extents const& s) { return push_with<op::reshape>(g, op::attributes_of(s), v); };
        extents const x = g.shape_of(m.argument[1]), w = g.shape_of(m.argument[0]);
        int const y =
            push_with<op::frame_mixture>(g, attributes{{0, 1}}, shaped(m.argument[1], {3, {1, x.d[0], x.d[1]}}),
                                         shaped(m.argument[0], {3, {1, w.d[0], w.d[1]}}));
        return shaped(y, resized(n.first));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
