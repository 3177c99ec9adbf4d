// positive reads all of its original: there is nothing to pack.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/packed.hpp>
#include <paramorph/param/positive.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using half = pm::param::packed<pm::param::positive>;  // error: packed: the parametrization must read one triangle
#else
using half = pm::param::packed<pm::param::symmetric>;
#endif
static_assert(half::inverse == pm::grade::bijective);
