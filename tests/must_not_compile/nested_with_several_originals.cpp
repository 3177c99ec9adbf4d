// Under an original, a chain that has two originals itself.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-11
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/add.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct split {
    static constexpr auto forward(auto x, auto y) { return x + y; }
    static constexpr auto right_inverse(auto z) { return pm::originals(z * 0.5, z * 0.5); }
};
#ifdef MISTAKE
using inner = split;
#else
using inner = pm::param::symmetric;
#endif
using layer = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>>;
pm::parametrize<layer, pm::at<"weight.original", inner>> later;  // error: nested: a chain under an original must have one original; chain<split> has 2
