// The chain under cayley's original must make skew matrices.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using below = pm::param::symmetric;  // error: chain: a stage does not accept what the stage before it makes
#else
using below = pm::param::skew;
#endif
using net =
    pm::parametrize<pm::nn::linear<3, 3>, pm::weight<pm::param::cayley>, pm::at<"weight.original", below>>;
auto f() {
    return pm::make<net>(pm::seed{0});
}
