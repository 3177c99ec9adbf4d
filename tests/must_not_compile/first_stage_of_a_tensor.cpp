// A stage that takes symmetric matrices, over the original of a plain tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

struct doubled {
    using domain = pm::set::symmetric;
    using codomain = pm::set::symmetric;
    static constexpr auto forward(auto x) { return x * 2.0; }
};
#ifdef MISTAKE
using chain = pm::chain<doubled>;  // error: chain: the first stage, doubled, takes symmetric tensors only
#else
using chain = pm::chain<pm::param::symmetric, doubled>;
#endif
pm::tensor<pm::shape<3, 3>, chain> t;
