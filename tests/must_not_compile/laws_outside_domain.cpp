// cayley takes skew matrices; a random one is not.
//
// follows(clang): a tensor of such a chain is declared, which says the same
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/cayley.hpp>
#include <paramorph/testing/laws.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using checked = pm::param::cayley;  // error: laws: the first stage takes elements of its domain only
#else
using checked = pm::chain<pm::param::skew, pm::param::cayley>;
#endif
bool f() {
    return pm::laws<checked, pm::shape<3, 3>>::hold();
}
