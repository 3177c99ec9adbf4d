// The difference of two networks whose results have other shapes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int results = 3;
#else
constexpr int results = 2;
#endif
using first = pm::nn::linear<2, 2>;
using second = pm::nn::linear<2, results>;
inline constexpr pm::network_values<first> one{};
inline constexpr pm::network_values<second> other{};
constexpr pm::frozen<one> a;
constexpr pm::frozen<other> b;
// error: difference: the networks have results of other shapes: [2] and [3]; compare
[[maybe_unused]] constexpr auto d = pm::difference(a, b, pm::box<pm::shape<2>>::of(-1, 1));
