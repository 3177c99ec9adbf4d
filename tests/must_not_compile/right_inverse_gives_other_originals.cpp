// A right_inverse that gives originals of other shapes than the stage names.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>
#include <paramorph/op/view.hpp>
#include <paramorph/parametrize/traits.hpp>

namespace pm = paramorph;

struct two_factors {
    template <class>
    using original_shapes = pm::shapes<pm::shape<4, 2>, pm::shape<2, 4>>;
    static constexpr auto forward(auto a, auto b) { return pm::matmul(a, b); }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto y) { return pm::originals(y, y); }
#else
    static constexpr auto right_inverse(auto y) { return pm::originals(pm::slice<1, 0, 2>(y), pm::slice<0, 0, 2>(y)); }
#endif
};
// error: parametrization: right_inverse of two_factors must give its originals, of [4, 2], [2, 4], and gives [4, 4], [4, 4]
using traits = pm::chain_traits<pm::chain<two_factors>, pm::shape<4, 4>>;
auto f(pm::symbol<pm::shape<4, 4>, float> y, traits::places& state) {
    return traits::invert(y, state);
}
