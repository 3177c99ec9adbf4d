// An operation with a number of its own is given a tensor in its place.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/op/multiply.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace pm = paramorph;

struct shifted_by : pm::op::elementwise_with_numbers<shifted_by, 1> {
    static constexpr std::string_view name = "shifted_by";
    template <class M, class V>
    static constexpr V value(V x, double by) {
        return x + V(by);
    }
};

struct shifted {
    static constexpr auto forward(auto x) {
#ifdef MISTAKE
        return pm::apply_elementwise<shifted_by>(x, x * 10.0);  // error: every argument but the first must be a number
#else
        return pm::apply_elementwise<shifted_by>(x, 10.0);
#endif
    }
};

static_assert(pm::parametrization<shifted, pm::shape<4>>);
