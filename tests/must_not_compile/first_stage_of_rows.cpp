// A stage that takes rows of length one, registered on a plain weight.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/param/unit_norm.hpp>

namespace pm = paramorph;

struct doubled {
    using domain = pm::set::unit_rows;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
auto f(pm::nn::linear<3, 3> const& layer) {
#ifdef MISTAKE
    return pm::register_parametrization<pm::weight<doubled>>(
        layer);  // error: chain: the first stage, doubled, takes unit_rows tensors only
#else
    return pm::register_parametrization<pm::weight<pm::param::unit_norm, doubled>>(layer);
#endif
}
