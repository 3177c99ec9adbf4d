// A gradient through a user's operation that has no derivative, as its name is misspelt.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct twice : pm::op::elementwise<twice, 1> {
    static constexpr std::string_view name = "twice";
    using uses = pm::ops<pm::op::multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return x + x;
    }
#ifdef MISTAKE
    static constexpr void derivative(auto& g, pm::ir::node const&, pm::adjoint& a) {
#else
    static constexpr void derive(auto& g, pm::ir::node const&, pm::adjoint& a) {
#endif
        a.of_argument[0] = push<pm::op::multiply>(g, a.cotangent[0], pm::append_constant(g, 2));
    }
};
struct whole : pm::op::elementwise<whole, 1> {
    static constexpr std::string_view name = "whole";
    static constexpr bool flat = true;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::where(x < V(0), V(0), V(1));
    }
};
struct doubled {
    static constexpr auto forward(auto x) {
        return pm::apply_elementwise<twice>(x) * pm::apply_elementwise<whole>(x);
    }
};
inline constexpr pm::ir::graph value = pm::program::value_of<doubled, pm::shape<3>>::build();
// error(gcc): an_operation_has_no_derive_write_one_or_static_constexpr_bool_flat_true_if_it_is_zero(
// error(clang): an_operation_has_no_derive_write_one_or_static_constexpr_bool_flat_true_if_it_is_zero<twice>
inline constexpr pm::ir::graph slope = pm::program::gradient_of<doubled, pm::shape<3>>::build();
