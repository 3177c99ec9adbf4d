// A stage that may change the shape, whose right_inverse does not change it back.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/view.hpp>
#include <paramorph/parametrize/traits.hpp>

namespace pm = paramorph;

struct first_rows {
    static constexpr auto forward(auto x) { return pm::slice<0, 0, 3>(x); }
#ifdef MISTAKE
    static constexpr auto right_inverse(auto y) { return y; }
#else
    static constexpr auto right_inverse(auto y) { return pm::pad<0, 0, 1>(y); }
#endif
};
// error: parametrization: right_inverse of unsafe<first_rows> must give its originals, of [4, 4], and gives [3, 4]
using traits = pm::chain_traits<pm::chain<pm::unsafe<first_rows>>, pm::shape<4, 4>>;
auto f(pm::symbol<pm::shape<3, 4>, float> y, traits::places& state) {
    return traits::invert(y, state);
}
