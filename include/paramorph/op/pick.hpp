// pick(x, labels): one element of each row, x[i, labels[i]]; [n, classes], int32 [n] -> [n]. No gradient flows to
// labels. Adjoint of pick: the cotangent where one_hot is one, zero elsewhere. Errors: a label outside [0, classes)
// fails the program's status (`pm::error` on the host). Cost: one load for each row; the gradient two passes over [n,
// classes]. Source: torch.gather along axis 1; torch.nn.functional.one_hot.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/view.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

inline constexpr char label_outside[] = "cross_entropy, pick: a label is no class";
// Of pick and its gradient alike: the first of them that runs says it.
template <int Classes>
inline constexpr auto label_outside_of = paramorph::detail::text_of<paramorph::detail::sentence(
    "cross_entropy, pick: a label lies outside [0, ", Classes, "); labels are class indices counted from 0")>;

// Attributes: the number of classes; 1 where there is a label that stands for none, whose row is zero; that label.
struct one_hot : dense<one_hot, 1> {
    static constexpr std::string_view name = "one_hot";
    static constexpr bool flat = true;
    static constexpr char const* requirement = label_outside;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        return {2, {a[0].d[0], at.v[0]}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const classes = x.attribute.v[0];
        bool ok = true;
        for (int i = 0; i < x.shape[0].d[0]; ++i) {
            for (int k = 0; k < classes; ++k) x.result[0][i * classes + k] = k == x.integer[0][i] ? T(1) : T(0);
            bool const none = x.attribute.v[1] != 0 && x.integer[0][i] == x.attribute.v[2];
            ok = ok && (none || (x.integer[0][i] >= 0 && x.integer[0][i] < classes));
            for (int k = 0; none && k < classes; ++k) x.result[0][i * classes + k] = T(0);
        }
        return ok;
    }
};

struct pick : dense<pick, 2> {
    static constexpr std::string_view name = "pick";
    static constexpr char const* requirement = label_outside;
    using uses = ops<one_hot, unsqueeze, where>;
    using takes_labels = void;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return {1, {a[0].d[0]}}; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const classes = x.shape[0].d[1];
        for (int i = 0; i < x.shape[0].d[0]; ++i) {
            int const label = x.integer[1][i];
            if (label < 0 || label >= classes) return false;
            x.result[0][i] = x.argument[0][i * classes + label];
        }
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const hot = push_with<one_hot>(g, attributes{{g.shape_of(n.argument[0]).d[1]}}, n.text, n.argument[1]);
        a.of_argument[0] =
            push<where>(g, hot, push_with<unsqueeze>(g, attributes{{1}}, a.cotangent[0]), append_constant(g, 0));
    }
};

}  // namespace op

template <traced X, traced Labels>
constexpr auto pick(X const& x, Labels const& labels) {
    constexpr extents s = extents_of<X>, l = extents_of<Labels>;
    constexpr bool fits = s.rank == 2 && l.rank == 1 && s.d[0] == l.d[0];
    using element = typename detail::operand_type<Labels>::value_type;
    if constexpr (!std::is_same_v<element, std::int32_t>) {
        using wrong = detail::mistake<detail::sentence(
            "pick: labels must be std::int32_t, they are ", name_of_element<element>,
            ": cross_entropy takes the logits, then class indices such as xt::xtensor_fixed<std::int32_t, ...>")>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!fits) {
        using wrong = detail::mistake<detail::sentence(
            "pick: x must be a matrix and labels a vector with one label for each of its rows: x is ", s,
            ", labels are ", l)>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (fits && std::is_same_v<element, std::int32_t>)
        return detail::apply_to<op::pick, attributes{}, 1>(op::label_outside_of<s.d[1]>.text, detail::as_operand(x),
                                                           labels);
    else
        return detail::placeholder<shape<(s.rank > 0 ? s.d[0] : 1)>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
