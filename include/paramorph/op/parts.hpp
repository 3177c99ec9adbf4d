// The operations that take a tensor apart and put it together: slice, pad and concatenate, each in the derivatives of
// the others. The functions of the first two are in op/view.hpp, that of the third in op/concatenate.hpp. Errors: a
// concatenation of other than two to eight arguments at a time is the compiler's. Cost: a slice is read where it is
// used. What is padded or joined is written where it belongs, if it is computed for this alone, else copied once.
// Source: torch.narrow, torch.nn.functional.pad, torch.cat.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/strided.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
template <int Count>
struct concatenate;
}
template <int Count>
inline constexpr auto ir::family_of<op::concatenate<Count>> = ir::operation_family::concatenate;

namespace op {

// Attributes: axis, begin, extent of the result along it. Zero outside the argument.
struct pad : dense<pad, 1> {
    static constexpr std::string_view name = "pad";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = at.v[2];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        extents const& s = x.shape[0];
        int const axis = x.attribute.v[0], inner = stride_of(s, axis), n = s.d[axis] * inner,
                  full = x.attribute.v[2] * inner;
        int const outer = s.size() / n, begin = x.attribute.v[1] * inner;
        for (int o = 0; o < outer; ++o)
            for (int i = 0; i < full; ++i)
                x.result[0][o * full + i] = i >= begin && i < begin + n ? x.argument[0][o * n + i - begin] : T(0);
        return true;
    }
    static constexpr part part_of(auto const& g, node const& n, int) {
        int const axis = n.attribute.v[0], inner = stride_of(g.shape_of(n.first), axis);
        return {n.attribute.v[1] * inner, g.shape_of(n.argument[0]).d[axis] * inner, n.attribute.v[2] * inner};
    }
    using uses = ops<struct slice, concatenate<2>, concatenate<3>, concatenate<4>>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const axis = n.attribute.v[0], begin = n.attribute.v[1];
        a.of_argument[0] =
            push_with<slice>(g, attributes{{axis, begin, begin + g.shape_of(n.argument[0]).d[axis]}}, a.cotangent[0]);
    }
    // The sum of x, which this operation makes, and of y, where that pads what lies beside it: both are parts of one
    // tensor. So the cotangents of slices are put together, and nothing is added.
    static constexpr int summed(auto& g, int x, int y) {
        node const &a = g.producer_of(x), &b = g.producer_of(y);
        int const axis = a.attribute.v[0];
        if (b.operation->id != id_of<pad> || b.attribute.v[0] != axis || g.shape_of(x) != g.shape_of(y)) return -1;
        bool const in_order = a.attribute.v[1] < b.attribute.v[1];
        node const low = in_order ? a : b, high = in_order ? b : a;
        int const begin = low.attribute.v[1], middle = begin + g.shape_of(low.argument[0]).d[axis],
                  end = middle + g.shape_of(high.argument[0]).d[axis], full = g.shape_of(x).d[axis];
        if (middle != high.attribute.v[1]) return -1;
        int const both = joined(g, axis, low.argument[0], high.argument[0]);
        return end - begin == full ? both : push_with<pad>(g, attributes{{axis, begin, full}}, both);
    }

  private:
    // Along an axis; those that are joined already are joined with it at once, up to four.
    static constexpr int joined(auto& g, int axis, int low, int high) {
        int parts[4]{};
        int const first = parts_of(g, axis, low, 3, parts),
                  count = first + parts_of(g, axis, high, 4 - first, parts + first);
        attributes const at{{axis}};
        return count == 2   ? push_with<concatenate<2>>(g, at, parts[0], parts[1])
               : count == 3 ? push_with<concatenate<3>>(g, at, parts[0], parts[1], parts[2])
                            : push_with<concatenate<4>>(g, at, parts[0], parts[1], parts[2], parts[3]);
    }
    static constexpr int parts_of(auto const& g, int axis, int v, int most, int* to) {
        node const& n = g.producer_of(v);
        bool const is_joined =
            n.operation->family == operation_family::concatenate && n.attribute.v[0] == axis && g.readers[v] == 0;
        int const count = is_joined && n.operation->arity <= most ? n.operation->arity : 1;
        for (int k = 0; k < count; ++k) to[k] = count == 1 ? v : n.argument[k];
        return count;
    }
};

// Attributes: axis, begin, end.
struct slice : viewing<slice> {
    static constexpr std::string_view name = "slice";
    using uses = ops<pad>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = at.v[2] - at.v[1];
        return s;
    }
    static constexpr view_map view(graph const&, node const& n) {
        view_map m{{0, 1, 2, 3}, {}};
        m.offset[n.attribute.v[0]] = n.attribute.v[1];
        return m;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const axis = n.attribute.v[0];
        a.of_argument[0] =
            push_with<pad>(g, attributes{{axis, n.attribute.v[1], g.shape_of(n.argument[0]).d[axis]}}, a.cotangent[0]);
    }
    // All of an axis is the argument itself; a slice of exactly what was padded is what it was before.
    static constexpr int rewrite(auto& g, node const& n) {
        node const& inner = g.producer_of(n.argument[0]);
        extents const s = shape({g.shape_of(n.argument[0])}, n.attribute, 0);
        if (g.shape_of(n.argument[0]) == s) return n.argument[0];
        bool const undone = inner.operation->id == id_of<pad> && inner.attribute.v[0] == n.attribute.v[0] &&
                            inner.attribute.v[1] == n.attribute.v[1] && g.shape_of(inner.argument[0]) == s;
        return undone ? inner.argument[0] : -1;
    }
};

// Attribute: the axis.
template <int Count>
struct concatenate : dense<concatenate<Count>, Count> {
    static constexpr std::string_view name = "concatenate";
    static_assert(Count >= 2 && Count <= max_arguments, "concatenate: two to eight arguments at a time");
    using uses = ops<slice>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        for (int k = 1; k < Count; ++k) s.d[at.v[0]] += a[k].d[at.v[0]];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis),
                  outer = x.shape[0].size() / (inner * x.shape[0].d[axis]);
        int full = 0, begin = 0;
        for (int k = 0; k < Count; ++k) full += x.shape[k].d[axis] * inner;
        for (int k = 0; k < Count; ++k) {
            int const run = x.shape[k].d[axis] * inner;
            for (int o = 0; o < outer; ++o)
                for (int i = 0; i < run; ++i) x.result[0][o * full + begin + i] = x.argument[k][o * run + i];
            begin += run;
        }
        return true;
    }
    static constexpr part part_of(auto const& g, node const& n, int argument) {
        int const axis = n.attribute.v[0], inner = stride_of(g.shape_of(n.first), axis);
        part p{0, g.shape_of(n.argument[argument]).d[axis] * inner, g.shape_of(n.first).d[axis] * inner};
        for (int k = 0; k < argument; ++k) p.offset += g.shape_of(n.argument[k]).d[axis] * inner;
        return p;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const axis = n.attribute.v[0];
        for (int k = 0, begin = 0; k < Count; ++k) {
            int const end = begin + g.shape_of(n.argument[k]).d[axis];
            a.of_argument[k] = push_with<slice>(g, attributes{{axis, begin, end}}, a.cotangent[0]);
            begin = end;
        }
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
