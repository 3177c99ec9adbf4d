// A forward that assigns a buffer as a statement, which moves nothing.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct following {
    pm::buffer<pm::shape<3>> last;
    constexpr auto forward(auto x) const {
        auto const moved = last = x;
#ifdef MISTAKE
        static_cast<void>(moved);
        return x + last;
#else
        return pm::updated(x + last, moved);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(following, last);
using called = pm::program::function_of<pm::detail::forward_of_network, following, pm::binding::originals,
                                        pm::mode::training, pm::input<pm::shape<3>>>;
constexpr int outputs = called::build().output_count;  // error: a_buffer_is_assigned_in_forward_and_not_returned_by_pm_updated
static_assert(outputs > 1);
