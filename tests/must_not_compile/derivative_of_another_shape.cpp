// A derivative rule of a user whose adjoint has another shape than the argument.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct same : pm::op::elementwise<same, 1> {
    static constexpr std::string_view name = "same";
    using uses = pm::ops<pm::op::reshape>;
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
    static constexpr void derive(auto& g, pm::ir::node const&, pm::adjoint& a) {
#ifdef MISTAKE
        constexpr pm::extents flat = pm::shape<12>::value;
#else
        constexpr pm::extents flat = pm::shape<4, 3>::value;
#endif
        a.of_argument[0] = push_with<pm::op::reshape>(g, pm::op::attributes_of(flat), a.cotangent[0]);
    }
};
struct stage {
    static constexpr auto forward(auto x) { return pm::apply_elementwise<same>(x); }
};
inline constexpr pm::ir::graph value = pm::program::value_of<stage, pm::shape<4, 3>>::build();
// error: a_derive_gives_an_adjoint_of_another_shape_than_the_argument_has
inline constexpr pm::ir::graph slope = pm::program::gradient_of<stage, pm::shape<4, 3>>::build();
