// Reductions: sum<axis>, mean<axis>, max<axis>; without an axis over all elements.
// Adjoints: the cotangent along the axis (sum); shared evenly among equal maxima (max), as torch.amax does.
// Cost: one pass over the argument.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/divide.hpp"
#include "paramorph/op/greater.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph {

namespace op {

constexpr extents without_axis(extents s, int axis) {
    for (int k = axis; k + 1 < s.rank; ++k) s.d[k] = s.d[k + 1];
    s.d[--s.rank] = 0;
    return s;
}

// A tensor around one axis: [outer, count, inner].
struct around {
    int outer, count, inner;
    constexpr around(extents const& s, int axis) noexcept : outer(1), count(s.d[axis]), inner(stride_of(s, axis)) {
        outer = s.size() / (count * inner);
    }
};

// Attribute: the axis.
template <class Op>
struct reduction : dense<Op, 1> {
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return without_axis(a[0], at.v[0]);
    }
    static constexpr int spread(graph& g, int v, node const& n) {
        return g.push_with<broadcast_to>(attributes_of(g.shape_of(n.argument[0])),
                                         g.push_with<unsqueeze>(n.attribute, v));
    }
};

struct sum : reduction<sum> {
    static constexpr std::string_view name = "sum";
    using uses = ops<broadcast_to, unsqueeze>;
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        around const s(x.shape[0], x.attribute.v[0]);
        for (int o = 0; o < s.outer; ++o) {
            T* const r = x.result[0] + o * s.inner;
            T const* a = x.argument[0] + o * s.count * s.inner;
            for (int i = 0; i < s.inner; ++i) r[i] = a[i];
            for (int k = 1; k < s.count; ++k) {
                a += s.inner;
                for (int i = 0; i < s.inner; ++i) r[i] += a[i];
            }
        }
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        a.of_argument[0] = spread(g, a.cotangent[0], n);
    }
};

struct max : reduction<max> {
    static constexpr std::string_view name = "max";
    using uses = ops<broadcast_to, unsqueeze, equal, sum, multiply, divide>;
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        around const s(x.shape[0], x.attribute.v[0]);
        for (int o = 0; o < s.outer; ++o) {
            T* const r = x.result[0] + o * s.inner;
            T const* a = x.argument[0] + o * s.count * s.inner;
            for (int i = 0; i < s.inner; ++i) r[i] = a[i];
            for (int k = 1; k < s.count; ++k) {
                a += s.inner;
                for (int i = 0; i < s.inner; ++i) r[i] = a[i] > r[i] || a[i] != a[i] ? a[i] : r[i];
            }
        }
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        int const taken = g.push<equal>(n.argument[0], spread(g, n.first, n));
        int const share = g.push<divide>(a.cotangent[0], g.push_with<sum>(n.attribute, taken));
        a.of_argument[0] = g.push<multiply>(taken, spread(g, share, n));
    }
};

// Sums a cotangent down to the shape of a broadcast argument, which the attributes hold.
struct reduce_to : dense<reduce_to, 1> {
    static constexpr std::string_view name = "reduce_to";
    using uses = ops<broadcast_to>;
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return extents_from(at); }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        extents const &from = x.shape[0], to = extents_from(x.attribute);
        // Right-aligned as four axes; stride 0 where the target has extent 1.
        int n[4]{}, stride[4]{}, step = 1;
        for (int k = 0; k < 4; ++k) {
            n[k] = from.from_end(k);
            stride[k] = to.from_end(k) == 1 ? 0 : step;
            step *= to.from_end(k);
        }
        for (int i = 0; i < to.size(); ++i) x.result[0][i] = T(0);
        T const* a = x.argument[0];
        for (int i3 = 0; i3 < n[3]; ++i3)
            for (int i2 = 0; i2 < n[2]; ++i2)
                for (int i1 = 0; i1 < n[1]; ++i1) {
                    T* const r = x.result[0] + i3 * stride[3] + i2 * stride[2] + i1 * stride[1];
                    if (stride[0] == 1)
                        for (int i = 0; i < n[0]; ++i) r[i] += a[i];
                    else
                        for (int i = 0; i < n[0]; ++i) *r += a[i];
                    a += n[0];
                }
        return true;
    }
    static constexpr void derive(graph& g, node const& n, adjoint& a) {
        a.of_argument[0] = g.push_with<broadcast_to>(attributes_of(g.shape_of(n.argument[0])), a.cotangent[0]);
    }
};

}  // namespace op

namespace detail {

template <class Op, int Axis, traced X>
constexpr auto reduced(X const& x) {
    constexpr int axis = normal_axis(Axis, extents_of<X>.rank);
    static_assert(axis >= 0 && axis < extents_of<X>.rank, "reduction: the argument has no such axis");
    return apply<Op, attributes{{axis}}>(x);
}

}  // namespace detail

template <int Axis, traced X>
constexpr auto sum(X const& x) {
    return detail::reduced<op::sum, Axis>(x);
}
template <traced X>
constexpr auto sum(X const& x) {
    return sum<0>(reshape<shape<extents_of<X>.size()>>(x));
}
template <int Axis, traced X>
constexpr auto mean(X const& x) {
    return sum<Axis>(x) * (1.0 / extents_of<X>.d[normal_axis(Axis, extents_of<X>.rank)]);
}
template <traced X>
constexpr auto mean(X const& x) {
    return sum(x) * (1.0 / extents_of<X>.size());
}
template <int Axis, traced X>
constexpr auto max(X const& x) {
    return detail::reduced<op::max, Axis>(x);
}
template <traced X>
constexpr auto max(X const& x) {
    return max<0>(reshape<shape<extents_of<X>.size()>>(x));
}

}  // namespace paramorph
