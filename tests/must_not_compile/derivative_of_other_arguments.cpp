// A user's operation whose derivative rule, a template of the graph's type, forgets the adjoint.
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
    static constexpr void derive(auto& g, pm::ir::node const& n) {  // error: its member derive is private, takes other
        push<pm::op::multiply>(g, n.argument[0], pm::append_constant(g, 2));
    }
#else
    static constexpr void derive(auto& g, pm::ir::node const&, pm::adjoint& a) {
        a.of_argument[0] = push<pm::op::multiply>(g, a.cotangent[0], pm::append_constant(g, 2));
    }
#endif
};
struct doubled {
    static constexpr auto forward(auto x) { return pm::apply_elementwise<twice>(x); }
};
inline constexpr pm::ir::graph value = pm::program::value_of<doubled, pm::shape<3>>::build();
