// upper_triangular: triu(x); lower_triangular: tril(x); [n, m] -> [n, m]. The triangle with the diagonal is free, the
// rest is zero. right_inverse: the same. Grade: right, on the triangular matrices. Cost: one pass over memory; with
// half the originals: `packed<upper_triangular>` (param/packed.hpp). Source: torch.triu, torch.tril.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/triangle.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct upper_triangular {
    using codomain = set::upper_triangular;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) { return triu(x); }
    static constexpr auto right_inverse(auto a) { return triu(a); }
};

struct lower_triangular {
    using codomain = set::lower_triangular;
    static constexpr auto inverse = grade::right;
    static constexpr auto forward(auto x) { return tril(x); }
    static constexpr auto right_inverse(auto a) { return tril(a); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
