// Which axis of each value of a traced graph is time, what an operation keeps from frame to frame, and why one cannot
// run frame by frame. See nn/streaming.hpp.
//
//   pointwise, views, joins      run on the frames as they are
//   a product with a weight      of each frame alone
//   a causal convolution         keeps (size - 1) dilation frames
//   a scan                       keeps its state
//   what time does not reach     is computed once, before the first frame
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/pooling.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Frames of the sequence that is traced: longer than what a layer slides over, so that all axes are told apart.
inline constexpr int traced_frames = 4099;

// Why an operation cannot run frame by frame.
enum class not_streamed : std::uint8_t { no, stride, padding, backwards, part, mixed, whole, state, unknown };
constexpr std::string_view reason(not_streamed why) {
    switch (why) {
        case not_streamed::stride:
            return "makes fewer or more frames than it takes; only a stride of 1 is streamed";
        case not_streamed::padding:
            return "reads frames that come later: write pm::padding<pm::causal>";
        case not_streamed::backwards:
            return "reads time backwards, as a bidirectional layer does";
        case not_streamed::part:
            return "takes a part of the sequence";
        case not_streamed::mixed:
            return "mixes time with another axis, as a normalization over time does";
        case not_streamed::state:
            return "reads the last state of a recurrent layer, which is known when the sequence has ended: take its "
                   "results";
        case not_streamed::whole:
            return "needs all frames at once";
        default:
            return "is not known to run frame by frame";
    }
}

// What of each value is known, where it is no constant of the network.
struct stream_facts {
    static constexpr int constant = -1, of_condition = -2, last_state = -3;
    std::int8_t time[max_values]{};  // the axis, or one of these
    std::int32_t
        frames[max_values]{};  // so many frames that were before reach a value; without_end of a recurrent layer
    int wrong = -1;            // node
    not_streamed why = not_streamed::no;
    static constexpr int without_end = 1 << 30;

    constexpr bool timed(int v) const { return time[v] >= 0; }
    constexpr bool refuse(int n, not_streamed because) {
        if (wrong < 0) {
            wrong = n;
            why = because;
        }
        return false;
    }
};

// The axis of `to` before which as many elements stand in a run as before axis `a` of `from`; -1: none.
constexpr int same_run(extents const& from, int a, extents const& to) {
    auto const run = [](extents const& s, int axis) {
        std::int64_t n = 1;
        for (int k = axis + 1; k < s.rank; ++k) n *= s.d[k];
        return n;
    };
    for (int k = 0; k < to.rank; ++k)
        if (to.d[k] == from.d[a] && run(to, k) == run(from, a)) return k;
    return -1;
}

struct stream_analysis {
    graph const& g;
    int constants;  // leaves that are the network's; then the stream, then conditions
    stream_facts f{};

    constexpr stream_analysis(graph const& from, int leaves, int time_axis) : g(from), constants(leaves) {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            int const at = n.operation->kind == category::leaf
                               ? (n.attribute.v[0] < constants    ? stream_facts::constant
                                  : n.attribute.v[0] == constants ? time_axis
                                                                  : stream_facts::of_condition)
                               : of_node(i, n);
            for (int r = 0; r < n.operation->results; ++r) {
                f.time[n.first + r] = static_cast<std::int8_t>(at);
                if (n.operation->id.object != nullptr && at >= 0) f.frames[n.first + r] = reached(n);
            }
            if (at >= 0 && is_scan(n)) f.time[n.first] = stream_facts::last_state;
            if (f.wrong >= 0) return;
        }
    }

    static constexpr bool is_scan(node const& n) { return n.operation->family == operation_family::scan; }

  private:
    constexpr int reached(node const& n) const {
        int most = 0;
        for (int k = 0; k < n.operation->arity; ++k)
            most = f.frames[n.argument[k]] > most ? f.frames[n.argument[k]] : most;
        if (is_scan(n)) return stream_facts::without_end;
        if (n.operation->id == id_of<op::convolution> && most < stream_facts::without_end)
            most += (g.shape_of(n.argument[1]).from_end(0) - 1) *
                    op::convolution_numbers::from(n.attribute, g.shape_of(n.argument[0]).rank).dilation[1];
        return most;
    }
    constexpr int of_node(int i, node const& n) {
        int timed = -1, state = -1, condition = -1;
        for (int k = n.operation->arity - 1; k >= 0; --k) {
            int const t = f.time[n.argument[k]];
            if (t >= 0) timed = k;
            if (t == stream_facts::last_state) state = k;
            if (t == stream_facts::of_condition) condition = k;
        }
        if (timed < 0)
            return state >= 0       ? stream_facts::last_state
                   : condition >= 0 ? stream_facts::of_condition
                                    : stream_facts::constant;
        if (state >= 0) return refused(i, not_streamed::state);
        switch (n.operation->kind) {
            case category::elementwise:
                return of_elementwise(i, n);
            case category::view:
                return of_view(i, n);
            case category::alias: {
                int const v = n.argument[0], axis = same_run(g.shape_of(v), f.time[v], g.shape_of(n.first));
                return axis >= 0 ? axis : refused(i, not_streamed::mixed);
            }
            case category::reduction:
                return of_reduction(i, n);
            case category::dense:
                return of_dense(i, n, timed);
            default:
                return refused(i, not_streamed::whole);
        }
    }
    constexpr int refused(int i, not_streamed why) {
        f.refuse(i, why);
        return 0;
    }
    constexpr int of_elementwise(int i, node const& n) {
        int const rank = g.shape_of(n.first).rank;
        int axis = -1;
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = n.argument[k];
            if (!f.timed(v)) continue;
            int const a = f.time[v] + rank - g.shape_of(v).rank;
            if (axis >= 0 && a != axis) return refused(i, not_streamed::mixed);
            axis = a;
        }
        for (int k = 0; k < n.operation->arity; ++k) {
            extents const& s = g.shape_of(n.argument[k]);
            int const a = axis - (rank - s.rank);
            if (!f.timed(n.argument[k]) && a >= 0 && s.d[a] != 1) return refused(i, not_streamed::part);
        }
        return axis;
    }
    constexpr int of_view(int i, node const& n) {
        int const v = n.argument[0], a = f.time[v];
        view_map const m = n.operation->view(g, n);
        if (m.strided && (m.second[a] >= 0 || m.step[a] != 1))
            return refused(i, m.step[a] < 0 ? not_streamed::backwards : not_streamed::part);
        if (m.axis[a] < 0 || m.offset[a] != 0 || g.shape_of(n.first).d[m.axis[a]] != g.shape_of(v).d[a])
            return refused(i, not_streamed::part);
        for (int k = 0; k < g.shape_of(v).rank; ++k)
            if (k != a && (m.axis[k] == m.axis[a] || m.second[k] == m.axis[a])) return refused(i, not_streamed::mixed);
        return m.axis[a];
    }
    constexpr int of_reduction(int i, node const& n) {
        int const v = n.argument[0], shift = max_rank - g.shape_of(v).rank, reduced = n.operation->reduced(g, n);
        if (reduced >> (f.time[v] + shift) & 1) return refused(i, not_streamed::whole);
        int axis = 0;
        for (int k = 0; k < f.time[v]; ++k) axis += (reduced >> (k + shift) & 1) == 0 ? 1 : 0;
        return axis;
    }
    constexpr int of_dense(int i, node const& n, int timed) {
        int const v = n.argument[timed], a = f.time[v], rank = g.shape_of(v).rank;
        bool alone = true;
        for (int k = 0; k < n.operation->arity; ++k) alone = alone && (k == timed || !f.timed(n.argument[k]));
        if (n.operation->id == id_of<op::convolution>) {
            op::convolution_numbers const by = op::convolution_numbers::from(n.attribute, rank);
            extents const& w = g.shape_of(n.argument[1]);
            if (!alone || timed != 0 || rank != 3 || a != 2) return refused(i, not_streamed::mixed);
            if (by.stride[1] != 1) return refused(i, not_streamed::stride);
            if (by.padding[1] != (w.d[2] - 1) * by.dilation[1] || g.shape_of(n.first).d[2] != g.shape_of(v).d[2])
                return refused(i, not_streamed::padding);
            return 2;
        }
        if (n.operation->id == id_of<op::matmul>) {
            if (!alone) return refused(i, not_streamed::whole);
            if (n.attribute.v[0] != 0 || n.attribute.v[1] != 0) return refused(i, not_streamed::unknown);
            if (timed == 0 && a != rank - 1 && g.shape_of(n.argument[1]).rank == 2) return a;
            if (timed == 1 && a == rank - 1 && rank == 2 && g.shape_of(n.argument[0]).rank == 2) return a;
            return refused(
                i, a == rank - 1 || (timed == 1 && a == rank - 2) ? not_streamed::whole : not_streamed::unknown);
        }
        if (is_scan(n)) {
            if (!alone || timed != 1 || a != 0 || f.time[n.argument[0]] != stream_facts::constant)
                return refused(i, not_streamed::mixed);
            return 0;
        }
        if (n.operation->family == operation_family::concatenate || n.operation->id == id_of<op::pad>) {
            if (n.attribute.v[0] == a) return refused(i, not_streamed::part);
            for (int k = 0; k < n.operation->arity; ++k)
                if (f.time[n.argument[k]] != a) return refused(i, not_streamed::part);
            return a;
        }
        bool const pools = n.operation->id == id_of<op::take_at_max> || n.operation->id == id_of<op::window_mean>;
        auto const by = op::pooling_numbers::from(n.attribute);
        bool const slides = pools && by.over != op::window_over::adaptive;
        if (slides && by.stride == 1) return refused(i, not_streamed::unknown);
        return refused(i, slides ? not_streamed::stride : not_streamed::whole);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
