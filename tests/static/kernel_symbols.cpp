// One kernel of every kind for unit/symbols.py: a training program's loops, products, a solve, reductions and labels.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/kernel/run.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/pick.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace pm = paramorph;

namespace {

struct objective {
    static constexpr auto loss(auto w, auto x, auto labels) {
        auto const q = pm::param::cayley::forward(pm::param::skew::forward(w));
        auto const [u, s, vh] = pm::svd(w);
        return pm::sum(s) - pm::mean(pm::pick(pm::log_softmax<1>(pm::tanh(pm::matmul(x, pm::transpose(q)))), labels));
    }
};

struct training {
    using real = float;
    using square = pm::symbol<pm::shape<6, 6>, float>;
    using operations =
        pm::join<pm::base_operations,
                 decltype(objective::loss(square{}, square{}, pm::symbol<pm::shape<6>, std::int32_t>{}))::operations>;
    static constexpr pm::ir::graph value = [] {
        pm::ir::graph g = pm::new_graph<float>();
        auto const w = pm::append_leaf<pm::shape<6, 6>, float>(g, 0), x = pm::append_leaf<pm::shape<6, 6>, float>(g, 1);
        g.output(objective::loss(w, x, pm::append_leaf<pm::shape<6>, std::int32_t>(g, 2)).id);
        return pm::ir::simplify(g);
    }();
    static constexpr pm::ir::graph build() {
        pm::ir::graph g = value;
        int const output[]{g.outputs[0]}, seed[]{pm::append_constant(g, 1)}, wanted[]{0};
        int adjoint[1]{};
        pm::ir::differentiate(g, {output, seed, 1, wanted, adjoint, 1});
        g.output(adjoint[0]);
        return g;
    }
};

}  // namespace

extern "C" bool kernel_under_test(void const* const* arguments, void* const* outputs, std::byte* workspace) {
    return pm::run<training>(arguments, outputs, workspace).ok();
}
