// The interpreter: evaluates a graph in double, node by node, as a constant expression or at run time. It is the
// reference that every kernel is tested against, what `static_assert(round_trips<...>())` runs, and what freezes
// weights in the compiler.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <type_traits>

#include "paramorph/core/error.hpp"
#include "paramorph/graph/access_map.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Storage with the lifetime of one evaluation.
template <class T>
struct scratch_array {
    T* data;
    constexpr explicit scratch_array(int n) : data(new T[static_cast<std::size_t>(n > 0 ? n : 1)]{}) {}
    constexpr ~scratch_array() { delete[] data; }
    scratch_array(scratch_array const&) = delete;
    scratch_array& operator=(scratch_array const&) = delete;
};

struct interpreter {
    graph const& g;
    scratch_array<int> start;
    scratch_array<double> numbers;
    scratch_array<std::int32_t> integers;

    constexpr explicit interpreter(graph const& from)
        : g(from), start(from.value_count), numbers(total(from, false)), integers(total(from, true)) {
        int reals = 0, whole_numbers = 0;
        for (int v = 0; v < g.value_count; ++v) {
            int& used = g.values[v].type == element::i32 ? whole_numbers : reals;
            start.data[v] = used;
            used += g.shape_of(v).size();
        }
    }
    static constexpr int total(graph const& g, bool integer) {
        int n = 0;
        for (int v = 0; v < g.value_count; ++v)
            if ((g.values[v].type == element::i32) == integer) n += g.shape_of(v).size();
        return n;
    }
    constexpr double* real(int v) { return numbers.data + start.data[v]; }
    constexpr std::int32_t* integer(int v) { return integers.data + start.data[v]; }

    // Position of element `i` (row-major) of `from` in a tensor `to` that is read through strides.
    struct walker {
        int n[max_rank]{}, stride[max_rank]{}, offset = 0, count = 1;
        constexpr walker() = default;
        constexpr walker(extents const& space, extents const& source, access_map const& p) {
            for (int k = 0; k < max_rank; ++k) n[k] = space.from_end(max_rank - 1 - k);
            for (int k = 0; k < source.rank; ++k) {
                offset += p.offset[k] * stride_of(source, k);
                if (is_strided(p.axis[k])) {
                    for (int r = 0; r < max_rank; ++r) stride[r] += step_along(p.axis[k], r) * stride_of(source, k);
                } else if (p.axis[k] >= 0 && source.d[k] > 1)
                    stride[p.axis[k]] += stride_of(source, k);
            }
            count = space.size();
        }
        constexpr int operator()(int i) const {
            return offset + (i % n[3]) * stride[3] + (i / n[3] % n[2]) * stride[2] +
                   (i / n[3] / n[2] % n[1]) * stride[1] + (i / n[3] / n[2] / n[1]) * stride[0];
        }
    };

    constexpr void elementwise(node const& n) {
        extents const& space = g.shape_of(n.first);
        int const arity = n.operation->arity, count = space.size();
        access_map const whole_space = whole(space.rank);
        walker at[max_arguments];
        for (int k = 0; k < arity; ++k) {
            extents const& own = g.shape_of(n.argument[k]);
            at[k] = walker(space, own, broadcast_access(whole_space, space, own));
        }
        for (int i = 0; i < count; ++i) {
            double x[max_arguments]{};
            for (int k = 0; k < arity; ++k) x[k] = real(n.argument[k])[at[k](i)];
            real(n.first)[i] = n.operation->scalar(x);
        }
    }

    // Constant evaluation refuses an overflow and a NaN: may a dense operation reckon with these arguments? At run time
    // it may.
    constexpr bool can_be_evaluated(node const& n) {
        descriptor const& op = *n.operation;
        if (!std::is_constant_evaluated()) return true;
        if (!(op.kind == category::reduction ? op.adds : op.has_flops && op.flops(g, n) > 0)) return true;
        for (int k = 0; k < op.arity; ++k) {
            int const v = n.argument[k], size = g.shape_of(v).size();
            for (int i = 0; i < size && g.values[v].type != element::i32; ++i)
                if (!(real(v)[i] <= 0x1p250 && real(v)[i] >= -0x1p250)) return false;
        }
        return true;
    }

    char const* failed = nullptr;  // a sentence of its own, where the node's requirement is not what failed

    constexpr bool run(node const& n) {
        extents const& space = g.shape_of(n.first);
        int const columns = space.from_end(0), rows = space.from_end(1), count = space.size();
        double* const r = real(n.first);
        attributes const& at = n.attribute;
        switch (n.operation->kind) {
            case category::leaf:
                break;
            case category::constant:
                r[0] = n.number;
                break;
            case category::elementwise:
                elementwise(n);
                break;
            case category::view: {
                extents const& from = g.shape_of(n.argument[0]);
                walker const w(space, from, view_access(whole(space.rank), n.operation->view(g, n)));
                for (int i = 0; i < count; ++i) r[i] = real(n.argument[0])[w(i)];
                break;
            }
            case category::mask:
                for (int i = 0; i < count; ++i) {
                    int const column = i % columns, row = i / columns % rows;
                    r[i] = at.v[1] * (column - row - at.v[0]) >= 0 ? real(n.argument[0])[i] : 0;
                }
                break;
            case category::diagonal:
                for (int i = 0; i < count; ++i) r[i] = i % columns - i / columns == at.v[2] ? 1 : 0;
                break;
            case category::alias:
                for (int i = 0; i < count; ++i) r[i] = real(n.argument[0])[i];
                break;
            case category::reduction:
            case category::dense: {
                if (!can_be_evaluated(n)) {
                    failed =
                        n.operation->requirement
                            ? nullptr
                            : "paramorph: in constant evaluation an argument of a sum or product is not finite, or "
                              "larger than 2^250";
                    return false;
                }
                operands<double> x{};
                x.attribute = at;
                for (int k = 0; k < n.operation->arity; ++k) {
                    int const v = n.argument[k];
                    x.shape[k] = g.shape_of(v);
                    if (g.values[v].type == element::i32)
                        x.integer[k] = integer(v);
                    else
                        x.argument[k] = real(v);
                }
                for (int k = 0; k < n.operation->results; ++k) {
                    if (g.values[n.first + k].type == element::i32)
                        x.integer_result[k] = integer(n.first + k);
                    else
                        x.result[k] = real(n.first + k);
                }
                status const ended = n.operation->compute(x);
                if (!n.text) failed = ended.failed;
                return ended.ok();
            }
        }
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

// The sentence for a dense node whose requirement does not hold.
constexpr char const* sentence_of(node const& n) {
    return n.text ? n.text : n.operation->requirement ? n.operation->requirement : "paramorph: an operation failed";
}

// `arguments[k]` are the elements of leaf k in row-major order (integers too; what is stored in 16 bits is rounded to
// them), `outputs[k]` receives output k.
constexpr status evaluate(graph const& g, double const* const* arguments, double* const* outputs) {
    detail::interpreter run(g);
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        if (n.operation->kind == category::leaf) {
            double const* const from = arguments[n.attribute.v[0]];
            element const type = g.values[n.first].type;
            for (int k = 0; k < g.shape_of(n.first).size(); ++k) {
                if (type == element::i32)
                    run.integer(n.first)[k] = static_cast<std::int32_t>(from[k]);
                else
                    run.real(n.first)[k] = as_stored(type, from[k]);
            }
        } else if (!run.run(n)) {
            return {run.failed ? run.failed : sentence_of(n)};
        }
    }
    for (int k = 0; k < g.output_count; ++k)
        for (int i = 0; i < g.shape_of(g.outputs[k]).size(); ++i) outputs[k][i] = run.real(g.outputs[k])[i];
    return {};
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
