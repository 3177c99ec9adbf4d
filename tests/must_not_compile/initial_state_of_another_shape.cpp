// A stage whose state begins in another shape than it has.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/reduce.hpp>
#include <paramorph/op/view.hpp>
#include <paramorph/parametrize/traits.hpp>

namespace pm = paramorph;

struct stage {
    template <class>
    using state = pm::states<pm::state<"scale", pm::shape<4>>>;
#ifdef MISTAKE
    static constexpr auto initial_state(auto x, auto) { return pm::reshape<pm::shape<12>>(x); }
#else
    static constexpr auto initial_state(auto x, auto) { return pm::sum<1>(x); }
#endif
    static constexpr auto forward(auto x, auto scale) { return x * pm::unsqueeze<1>(scale); }
};
using traits = pm::chain_traits<pm::chain<stage>, pm::shape<4, 3>>;
// error: parametrization: initial_state must give each tensor of state in its own shape; that of stage gives [12] instead of [4]
auto f(traits::places& state, pm::symbol<pm::shape<4, 3>, float> x) {
    return traits::begin_state(state, x);
}
