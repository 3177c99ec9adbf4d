// A forward that gives a buffer two values.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct following {
    pm::buffer<pm::shape<3>> last, first;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return pm::updated(x + first, last = x, last = x * 2.0);
#else
        return pm::updated(x + first, last = x, first = x * 2.0);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last, first);
using called = pm::program::function_of<pm::detail::forward_of_network, following, pm::binding::originals,
                                        pm::mode::training, pm::input<pm::shape<3>>>;
constexpr int outputs = called::build().output_count;  // error: pm_updated_names_a_buffer_twice
static_assert(outputs > 1);
