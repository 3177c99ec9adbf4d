// Every step-th element of an axis, forwards or backwards: what slice with a step (op/view.hpp) and flip (op/flip.hpp)
// are, and its adjoint. Cost: none of its own: the loop that uses it reads there, element by element along the last
// axis; the adjoint is one pass over x. Source: x[begin:end:step] of Python.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

struct slice;

// Attributes: axis, begin, step, extent of the result along it. Its rule is defined where op/view.hpp is included.
struct strided : viewing<strided> {
    static constexpr std::string_view name = "strided";
    using uses = ops<struct spread, slice>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = at.v[3];
        return s;
    }
    static constexpr view_map view(graph const&, node const& n) {
        view_map m{{0, 1, 2, 3}, {}};
        int const axis = n.attribute.v[0];
        m.strided = true;
        m.offset[axis] = n.attribute.v[1];
        m.step[axis] = n.attribute.v[3] > 1 ? n.attribute.v[2] : 1;
        return m;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const& at = n.attribute;
        int const extent = g.shape_of(n.argument[0]).d[at.v[0]];
        a.of_argument[0] = reverses_all(at, extent)
                               ? push_with<strided>(g, at, a.cotangent[0])
                               : push_with<spread>(g, attributes{{at.v[0], at.v[1], at.v[2], extent}}, a.cotangent[0]);
    }
    // In steps of steps, and what was spread before.
    static constexpr int rewrite(auto& g, node const& n) {
        node const& inner = g.producer_of(n.argument[0]);
        attributes at = n.attribute;
        int from = n.argument[0];
        if (inner.operation->id == id_of<strided> && inner.attribute.v[0] == at.v[0]) {
            at.v[1] = inner.attribute.v[1] + inner.attribute.v[2] * at.v[1];
            at.v[2] *= inner.attribute.v[2];
            from = inner.argument[0];
        }
        bool const undone = inner.operation->id == id_of<spread> && inner.attribute.v[0] == at.v[0] &&
                            inner.attribute.v[1] == at.v[1] && inner.attribute.v[2] == at.v[2] &&
                            g.shape_of(inner.argument[0]).d[at.v[0]] == at.v[3];
        if (undone) return inner.argument[0];
        if (at.v[2] == 1 || at.v[3] == 1)
            return g.shape_of(from).d[at.v[0]] == at.v[3]
                       ? from
                       : push_with<slice>(g, attributes{{at.v[0], at.v[1], at.v[1] + at.v[3]}}, from);
        return from == n.argument[0] ? -1 : push_with<strided>(g, at, from);
    }

  private:
    static constexpr bool reverses_all(attributes const& at, int extent) {
        return at.v[2] == -1 && at.v[3] == extent && at.v[1] == extent - 1;
    }
};

// The adjoint of strided. Attributes: axis, begin, step, extent of the result along it. Zero between the steps.
struct spread : dense<spread, 1> {
    static constexpr std::string_view name = "spread";
    using uses = ops<strided>;
    static constexpr double flops(graph const&, node const&) { return 0; }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s = a[0];
        s.d[at.v[0]] = at.v[3];
        return s;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axis = x.attribute.v[0], inner = stride_of(x.shape[0], axis), count = x.shape[0].d[axis],
                  full = x.attribute.v[3] * inner, outer = x.shape[0].size() / (count * inner);
        for (int o = 0; o < outer; ++o) {
            T* const to = x.result[0] + o * full;
            T const* const from = x.argument[0] + o * count * inner;
            for (int i = 0; i < full; ++i) to[i] = T(0);
            for (int k = 0; k < count; ++k)
                for (int i = 0; i < inner; ++i)
                    to[(x.attribute.v[1] + k * x.attribute.v[2]) * inner + i] = from[k * inner + i];
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        attributes const& at = n.attribute;
        a.of_argument[0] = push_with<strided>(
            g, attributes{{at.v[0], at.v[1], at.v[2], g.shape_of(n.argument[0]).d[at.v[0]]}}, a.cotangent[0]);
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
