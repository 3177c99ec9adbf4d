// Views: unsqueeze, broadcast_to, slice, select, reshape. They read their argument at other places and cost nothing of
// their own: a kernel loads through them. pad is the adjoint of slice; what it pads is written between the zeros where
// it is computed for that alone. An argument of the program, and what something else reads, too, is copied once: a loop
// that took zeros from outside of it would compare indices for every vector that it loads. A sum of what is padded side
// by side (the adjoint of slices) is the parts themselves, one after the other: nothing is padded, and nothing added.
//
//   unsqueeze<axis>(x)             a new axis of extent 1 before `axis`
//   broadcast_to<shape<...>>(x)    repeats along axes where x has extent 1 or none; adjoint: sum down to x's shape
//   slice<axis, begin, end>(x)     elements begin to end - 1 along one axis; adjoint: pad with zeros
//   slice<axis, begin, end, step>(x)   every step-th of them, x[begin:end:step]; where the step is negative, from begin
//                                  down to end + 1: slice<0, 6, 0, -2> takes 6, 4, 2; an end of -1 stands before the
//                                  first element. A product of steps along an axis is at most 8191. Read element by
//                                  element along the last axis. Adjoint: zeros, and the cotangent in steps among them
//   select<axis, index>(x)         one index of an axis, which disappears (torch.select)
//   pad<axis, before, after>(x)    that many zeros before and after x along one axis; adjoint: slice
//   reshape<shape<...>>(x)         the same elements in row-major order under another shape
//
// Errors: axes that are not there, ranges outside them or empty, a step of 0, shapes that do not broadcast or hold
// another number of elements are the compiler's. Cost: none of their own, but for what is said of pad and of slices
// with a step; a dense operation may read a copy. Source: torch.unsqueeze, torch.broadcast_to, torch.narrow,
// torch.select, torch.nn.functional.pad, torch.reshape.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/parts.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

constexpr attributes attributes_of(extents const& s) {
    attributes a{{-1, -1, -1, -1}};
    for (int k = 0; k < s.rank; ++k) a.v[k] = s.d[k];
    return a;
}
constexpr extents extents_from(attributes const& a) noexcept {
    extents s;
    while (s.rank < max_rank && a.v[s.rank] >= 0) {
        s.d[s.rank] = a.v[s.rank];
        ++s.rank;
    }
    return s;
}

struct reshape : shaped<reshape> {
    static constexpr std::string_view name = "reshape";
    static constexpr category kind = category::alias;
    static constexpr int arity = 1;
    using uses = ops<reshape>;
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return extents_from(at); }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<reshape>(g, attributes_of(g.shape_of(n.argument[0])), a.cotangent[0]);
    }
    static constexpr int rewrite(auto& g, node const& n) {
        node const& inner = g.producer_of(n.argument[0]);
        if (g.shape_of(n.argument[0]) == extents_from(n.attribute)) return n.argument[0];
        return inner.operation->id == id_of<reshape> ? rewrite_inner(g, inner.argument[0], n) : -1;
    }

  private:
    static constexpr int rewrite_inner(auto& g, int source, node const& n) {
        return g.shape_of(source) == extents_from(n.attribute) ? source : push_with<reshape>(g, n.attribute, source);
    }
};

struct broadcast_to : viewing<broadcast_to> {
    static constexpr std::string_view name = "broadcast_to";
    using uses = ops<broadcast_to>;
    static constexpr extents shape(extents const (&)[max_arguments], attributes at, int) { return extents_from(at); }
    static constexpr view_map view(auto const& g, node const& n) {
        extents const& from = g.shape_of(n.argument[0]);
        int const shift = g.shape_of(n.first).rank - from.rank;
        view_map m;
        for (int k = 0; k < from.rank; ++k) m.axis[k] = from.d[k] == 1 ? -1 : k + shift;
        return m;
    }
    static constexpr void derive(graph&, node const&, adjoint& a) { a.of_argument[0] = a.cotangent[0]; }
};

struct unsqueeze : viewing<unsqueeze> {
    static constexpr std::string_view name = "unsqueeze";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents s{a[0].rank + 1, {}};
        for (int k = 0; k < s.rank; ++k) s.d[k] = k < at.v[0] ? a[0].d[k] : k == at.v[0] ? 1 : a[0].d[k - 1];
        return s;
    }
    using uses = ops<reshape>;
    static constexpr view_map view(auto const& g, node const& n) {
        view_map m;
        for (int k = 0; k < g.shape_of(n.argument[0]).rank; ++k) m.axis[k] = k < n.attribute.v[0] ? k : k + 1;
        return m;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<reshape>(g, attributes_of(g.shape_of(n.argument[0])), a.cotangent[0]);
    }
};

}  // namespace op

namespace detail {

// A tensor of this shape: what an operation gives that was refused.
template <class Shape, traced X>
constexpr auto placeholder(X const& x) {
    auto const s = as_operand(x);
    int const v =
        push_with<op::broadcast_to>(*s.traced, op::attributes_of(Shape::value), append_constant(*s.traced, 0));
    return symbol<Shape, typename decltype(s)::value_type,
                  join<ops<op::broadcast_to>, typename decltype(s)::operations>>{s.traced, v};
}

}  // namespace detail

template <int Axis, traced X>
constexpr auto unsqueeze(X const& x) {
    constexpr int rank = extents_of<X>.rank, axis = normal_axis(Axis, rank + 1);
    if constexpr (rank < max_rank && axis >= 0 && axis <= rank)
        return apply<op::unsqueeze, attributes{{axis}}>(x);
    else {
        using wrong = detail::mistake<detail::sentence(
            "unsqueeze: the axis lies outside the new shape, or the rank would exceed 4: axis ", Axis, " of ",
            extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

template <class Shape, traced X>
constexpr auto broadcast_to(X const& x) {
    if constexpr (!(broadcast(extents_of<X>, Shape::value) == Shape::value)) {
        using wrong = detail::mistake<detail::sentence(
            "broadcast_to: extents must be 1 or equal to those of the target: ", extents_of<X>, " to ", Shape::value)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(detail::placeholder<Shape>(x));
    } else
        return apply<op::broadcast_to, op::attributes_of(Shape::value)>(x);
}

template <class Shape, traced X>
constexpr auto reshape(X const& x) {
    if constexpr (Shape::size != extents_of<X>.size()) {
        using wrong = detail::mistake<detail::sentence(
            "reshape: the new shape must hold as many elements as the old one: ", extents_of<X>, " has ",
            extents_of<X>.size(), ", ", Shape::value, " has ", Shape::size)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(detail::placeholder<Shape>(x));
    } else
        return apply<op::reshape, op::attributes_of(Shape::value)>(x);
}

template <int Axis, int Begin, int End, int Step = 1, traced X>
constexpr auto slice(X const& x) {
    constexpr int axis = normal_axis(Axis, extents_of<X>.rank);
    if constexpr (axis < 0 || axis >= extents_of<X>.rank) {
        using wrong = detail::mistake<detail::sentence("slice: the argument has no such axis: axis ", Axis, " of ",
                                                       extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (Step == 0) {
        using wrong = detail::mistake<detail::sentence("slice: the step must not be 0: from ", Begin, " to ", End,
                                                       " of axis ", Axis, ", whose extent is ", extents_of<X>.d[axis],
                                                       "; a negative one goes backwards")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (Step > 0 && !(Begin >= 0 && Begin < End && End <= extents_of<X>.d[axis])) {
        using wrong = detail::mistake<detail::sentence(
            "slice: the range must be non-empty and lie within the axis: from ", Begin, " to ", End, " of axis ", Axis,
            ", whose extent is ", extents_of<X>.d[axis])>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (Step < 0 && !(End >= -1 && End < Begin && Begin < extents_of<X>.d[axis])) {
        using wrong = detail::mistake<detail::sentence(
            "slice: the range must be non-empty and lie within the axis: backwards from ", Begin, " to ", End,
            " of axis ", Axis, ", whose extent is ", extents_of<X>.d[axis],
            "; it ends before `end`, which is -1 for all down to the first element")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (constexpr int count = Step > 0 ? (End - Begin - 1) / Step + 1 : (End - Begin + 1) / Step + 1;
                         Step == 1 || count == 1)
        return apply<op::slice, attributes{{axis, Begin, Begin + count}}>(x);
    else
        return apply<op::strided, attributes{{axis, Begin, Step, count}}>(x);
}

template <int Axis, int Before, int After, traced X>
constexpr auto pad(X const& x) {
    constexpr int axis = normal_axis(Axis, extents_of<X>.rank);
    static_assert(Before >= 0 && After >= 0, "pad: the numbers of zeros must not be negative; use slice to cut");
    if constexpr (axis < 0 || axis >= extents_of<X>.rank) {
        using wrong =
            detail::mistake<detail::sentence("pad: the argument has no such axis: axis ", Axis, " of ", extents_of<X>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (Before <= 0 && After <= 0)
        return detail::as_operand(x);
    else
        return apply<op::pad, attributes{{axis, Before, Before + extents_of<X>.d[axis] + After}}>(x);
}

template <int Axis, int Index, traced X>
constexpr auto select(X const& x) {
    constexpr extents s = extents_of<X>;
    constexpr int axis = normal_axis(Axis, s.rank);
    constexpr bool exists = axis >= 0 && axis < s.rank && Index >= 0 && Index < s.d[axis >= 0 ? axis : 0];
    if constexpr (!exists) {
        using wrong = detail::mistake<detail::sentence("select: no such axis, or the index lies outside it: index ",
                                                       Index, " of axis ", Axis, " of ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    struct without {
        static constexpr extents value() {
            extents r{extents_of<X>.rank - 1, {}};
            for (int k = 0; k < r.rank; ++k) r.d[k] = extents_of<X>.d[k < axis ? k : k + 1];
            return r;
        }
    };
    if constexpr (exists)
        return reshape<shape_by<without>>(slice<axis, Index, Index + 1>(x));
    else
        return detail::after_mistake(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
