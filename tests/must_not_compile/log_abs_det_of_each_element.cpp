// A log_abs_det that is not one number: the logarithms of the slopes are not added up.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/exp.hpp>
#include <paramorph/parametrize/log_abs_det.hpp>

namespace pm = paramorph;

struct positive {
    static constexpr auto forward(auto x) { return pm::exp(x); }
#ifdef MISTAKE
    static constexpr auto log_abs_det(auto x) { return x; }  // error: log_abs_det: it must return one number, a traced tensor of rank 0, as pm::sum(...) is; that of positive returns
#else
    static constexpr auto log_abs_det(auto x) { return pm::sum(x); }
#endif
};
constexpr auto f = [](auto x) { return pm::log_abs_det<positive>(x); };
using number = decltype(f(pm::symbol<pm::shape<3>, double>{}));
