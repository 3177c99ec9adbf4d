// A user's operation whose `uses` forgets an operation that its derivative pushes.
//
// follows(clang): a class whose assertion fails has no members
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/kernel/run.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

struct cube : pm::op::elementwise<cube, 1> {
    static constexpr std::string_view name = "cube";
#ifdef MISTAKE
    using uses = pm::ops<>;  // error: a derivative rule pushes an operation that its `uses` list does not name
#else
    using uses = pm::ops<pm::op::multiply>;
#endif
    template <class M, class V>
    static constexpr V value(V x) {
        return x * x * x;
    }
    static constexpr void derive(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
        int const slope =
            push<pm::op::multiply>(g, push<pm::op::multiply>(g, n.argument[0], n.argument[0]), pm::append_constant(g, 3));
        a.of_argument[0] = push<pm::op::multiply>(g, a.cotangent[0], slope);
    }
};
struct cubed {
    static constexpr auto forward(auto x) { return pm::apply_elementwise<cube>(x); }
};
using gradient = pm::program::gradient_of<cubed, pm::shape<3>>;
pm::status f(void const* const* in, void* const* out, std::byte* workspace) {
    return pm::run<gradient>(in, out, workspace);
}
