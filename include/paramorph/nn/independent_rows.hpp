// Does each row of a network's results depend on the same row of its inputs alone? So it must where a batch is known at
// run time, which runs in blocks (nn/batches.hpp): a softmax along the batch or an attention between its rows would be
// taken of a block. Found in the traced graph, value by value.
//
// Errors: none; what an operation does with the rows that is not known here counts as independent. Cost: one walk over
// the graph, while compiling. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/pooling.hpp"
#include "paramorph/op/take.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Element e of a value is of row (e / run) % rows; reshaping leaves that as it is.
struct rows_of_value {
    enum kind_t : std::uint8_t { free, in_runs, joined, unknown } kind = free;
    int run = 0;
    int joined_by = -1;       // node
    unsigned varies_along{};  // of a free one: axes, 1 << axis
};

struct row_analysis {
    graph const& g;
    int parameters, rows;
    rows_of_value of[max_values]{};

    // Leaves are parameters of the network, then its inputs, whose first axis has the rows.
    constexpr row_analysis(graph const& from, int parameter_leaves, int row_count)
        : g(from), parameters(parameter_leaves), rows(row_count) {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            for (int r = 0; r < n.operation->results; ++r) {
                extents const& s = g.shape_of(n.first + r);
                rows_of_value& y = of[n.first + r];
                if (n.operation->kind == category::leaf)
                    y = n.attribute.v[0] < parameters ? rows_of_value{} : in_runs_of(s.size() / rows);
                else
                    y = of_node(n, s);
                if (y.kind == rows_of_value::joined && y.joined_by < 0) y.joined_by = i;
                if (y.kind == rows_of_value::free) y.varies_along = axes_of_change(n, s);
            }
        }
    }
    // The name of the operation that joins rows of a result; empty: each result has a row for each of the inputs'.
    constexpr std::string_view joined_by() const {
        for (int k = 0; k < g.output_count; ++k) {
            rows_of_value const& y = of[g.outputs[k]];
            if (y.kind == rows_of_value::joined) return g.nodes[y.joined_by].operation->name;
            if ((y.kind == rows_of_value::in_runs && y.run != g.shape_of(g.outputs[k]).size() / rows) ||
                !is_for_each_row(g.outputs[k], 0))
                return g.producer_of(g.outputs[k]).operation->name;
        }
        return "";
    }

  private:
    static constexpr rows_of_value in_runs_of(int run) { return {rows_of_value::in_runs, run}; }
    static constexpr rows_of_value joins{rows_of_value::joined}, not_known{rows_of_value::unknown};
    static constexpr int no_axis = -1;

    // The axis of a value along which its rows are; it has nothing else but parts of rows.
    constexpr int axis_of(int v) const {
        extents const& s = g.shape_of(v);
        for (int k = 0; k < s.rank; ++k)
            if (int const stride = stride_of(s, k); of[v].run % stride == 0 && of[v].run * rows <= stride * s.d[k])
                return k;
        return no_axis;
    }
    // The rows of a result, which has along `axis` what value v has along the axis of its rows.
    constexpr rows_of_value along(extents const& result, int axis, int v, int from) const {
        extents const& s = g.shape_of(v);
        if (axis < 0 || axis >= result.rank || result.d[axis] != s.d[from]) return joins;
        return in_runs_of(of[v].run / stride_of(s, from) * stride_of(result, axis));
    }
    // The axes along which what has no rows is not the same all along.
    constexpr unsigned axes_of_change(node const& n, extents const& result) const {
        unsigned axes = 0;
        switch (n.operation->kind) {
            case category::elementwise:
                for (int k = 0; k < n.operation->arity; ++k)
                    axes |= of[n.argument[k]].varies_along << (result.rank - g.shape_of(n.argument[k]).rank);
                break;
            case category::view: {
                view_map const m = n.operation->view(g, n);
                for (int k = 0; k < g.shape_of(n.argument[0]).rank; ++k)
                    if (of[n.argument[0]].varies_along >> k & 1) {
                        if (m.axis[k] >= 0) axes |= 1u << m.axis[k];
                        if (m.strided && m.second[k] >= 0) axes |= 1u << m.second[k];
                    }
                break;
            }
            case category::alias:
                for (int k = 0; of[n.argument[0]].varies_along != 0 && k < result.rank; ++k)
                    if (!is_same_in_argument(n.argument[0], result, k)) axes |= 1u << k;
                break;
            default:
                axes = ~0u;
        }
        for (int k = 0; k < max_rank; ++k)
            if (k >= result.rank || result.d[k] == 1) axes &= ~(1u << k);
        return axes;
    }
    // Is it so of the axis of an argument that is axis `to` of it under another shape?
    constexpr bool is_same_in_argument(int v, extents const& result, int to) const {
        extents const& s = g.shape_of(v);
        for (int k = 0; k < s.rank; ++k)
            if (s.d[k] == result.d[to] && stride_of(s, k) == stride_of(result, to))
                return (of[v].varies_along >> k & 1) == 0;
        return false;
    }
    // Has a value rows, or has it none and is the same along the axis where others have them? A table of places is not.
    constexpr bool is_for_each_row(int v, int axis) const {
        return of[v].kind != rows_of_value::free || axis < 0 || (of[v].varies_along >> axis & 1) == 0;
    }
    constexpr rows_of_value of_node(node const& n, extents const& result) const {
        int with_rows = -1;
        bool known = true;
        for (int k = n.operation->arity - 1; k >= 0; --k) {
            rows_of_value const& x = of[n.argument[k]];
            if (x.kind == rows_of_value::joined) return x;
            known = known && x.kind != rows_of_value::unknown;
            if (x.kind == rows_of_value::in_runs) with_rows = k;
        }
        if (!known) return not_known;
        if (with_rows < 0) return {};
        int const v = n.argument[with_rows];
        if (n.operation->kind == category::alias) return of[v];
        int const axis = axis_of(v);
        if (axis == no_axis) return not_known;
        switch (n.operation->kind) {
            case category::elementwise:
                return of_elementwise(n, result, axis - g.shape_of(v).rank);
            case category::view:
                return of_view(n, result, axis);
            case category::mask:
                return axis >= g.shape_of(v).rank - 2 ? joins : of[v];
            case category::reduction: {
                int const reduced = n.operation->reduced(g, n) >> (max_rank - g.shape_of(v).rank);
                if (reduced >> axis & 1) return joins;
                int run = of[v].run / stride_of(g.shape_of(v), axis);
                for (int k = axis + 1; k < g.shape_of(v).rank; ++k)
                    if ((reduced >> k & 1) == 0) run *= g.shape_of(v).d[k];
                return in_runs_of(run);
            }
            case category::dense:
                return of_dense(n, result, with_rows, axis);
            default:
                return not_known;
        }
    }
    // The axis of rows is counted from the end.
    constexpr rows_of_value of_elementwise(node const& n, extents const& result, int from_end) const {
        rows_of_value y{};
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = n.argument[k], rank = g.shape_of(v).rank;
            if (!is_for_each_row(v, rank + from_end)) return joins;
            if (of[v].kind != rows_of_value::in_runs) continue;
            int const axis = axis_of(v);
            if (axis == no_axis) return not_known;
            rows_of_value const here = along(result, axis + result.rank - rank, v, axis);
            if (here.kind == rows_of_value::joined || (y.kind == rows_of_value::in_runs && y.run != here.run))
                return joins;
            y = here;
        }
        return y;
    }
    constexpr rows_of_value of_view(node const& n, extents const& result, int axis) const {
        view_map const m = n.operation->view(g, n);
        int const v = n.argument[0], to = m.axis[axis];
        if (to < 0 || m.offset[axis] != 0 || (m.strided && (m.step[axis] != 1 || m.second[axis] >= 0))) return joins;
        for (int k = 0; k < g.shape_of(v).rank; ++k)
            if (k != axis && (m.axis[k] == to || (m.strided && m.second[k] == to))) return joins;
        return along(result, to, v, axis);
    }
    constexpr rows_of_value of_dense(node const& n, extents const& result, int with_rows, int axis) const {
        int const v = n.argument[with_rows], rank = g.shape_of(v).rank;
        bool alone = true;
        for (int k = 0; k < n.operation->arity; ++k)
            alone = alone && (k == with_rows || of[n.argument[k]].kind == rows_of_value::free);
        operation_id const id = n.operation->id;
        if (id == id_of<op::matmul>) return of_matmul(n, result, with_rows, axis, alone);
        if (id == id_of<op::convolution>) return alone && with_rows == 0 && axis == 0 ? along(result, 0, v, 0) : joins;
        if (id == id_of<op::window_mean> || id == id_of<op::take_at_max>)
            return axis != op::pooling_numbers::from(n.attribute).axis ? along(result, axis, v, axis) : joins;
        if (id == id_of<op::cumsum>) return n.attribute.v[0] == axis ? joins : of[v];
        if (id == id_of<op::length>) {
            if (n.attribute.v[0] >> axis & 1) return joins;
            int run = of[v].run / stride_of(g.shape_of(v), axis);
            for (int k = axis + 1; k < rank; ++k)
                if ((n.attribute.v[0] >> k & 1) == 0) run *= g.shape_of(v).d[k];
            return in_runs_of(run);
        }
        if (id == id_of<op::take>)  // of a table by indices that have rows
            return with_rows == 1 && alone ? in_runs_of(of[v].run * result.from_end(0)) : joins;
        if (id == id_of<op::one_hot>) return in_runs_of(of[v].run * result.from_end(0));
        if (n.operation->family == operation_family::concatenate || id == id_of<op::pad> ||
            n.operation->family == operation_family::gather) {
            if (n.attribute.v[0] == axis) return joins;
            for (int k = 0; k < n.operation->arity; ++k)
                if (int const x = n.argument[k];
                    (of[x].kind == rows_of_value::in_runs && axis_of(x) != axis) || !is_for_each_row(x, axis))
                    return joins;
            return along(result, axis, v, axis);
        }
        if (n.operation->family == operation_family::scan && of[n.argument[1]].kind == rows_of_value::in_runs &&
            axis_of(n.argument[1]) == 0)
            return joins;  // steps of a sequence
        return not_known;
    }
    constexpr rows_of_value of_matmul(node const& n, extents const& result, int with_rows, int axis, bool alone) const {
        int const v = n.argument[with_rows], rank = g.shape_of(v).rank;
        if (axis < rank - 2) {  // of a batch of products
            int const other = n.argument[1 - with_rows], to = axis + result.rank - rank;
            int const of_other = g.shape_of(other).rank, aligned = to - result.rank + of_other;
            if (!is_for_each_row(other, aligned)) return joins;
            if (of[other].kind == rows_of_value::in_runs) {
                int const there = axis_of(other);
                if (there == no_axis) return not_known;
                if (there != aligned || there >= of_other - 2) return joins;
            }
            return along(result, to, v, axis);
        }
        bool const last_is_summed = (with_rows == 0) == (n.attribute.v[with_rows] == 0),
                   summed = last_is_summed == (axis == rank - 1);
        return summed || !alone ? joins : along(result, result.rank - (with_rows == 0 ? 2 : 1), v, axis);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
