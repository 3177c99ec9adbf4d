// Slopes of a function by central finite differences: what a gradient is compared with. Independent of any test
// framework, not part of the umbrella. Cost: four evaluations for each element. Source: Richardson 1911;
// torch.autograd.gradcheck.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>

#include "paramorph/core/cmath.hpp"
#include "paramorph/testing/outcome.hpp"

namespace paramorph::inline PARAMORPH_ABI::testing {

// Of f(), which reads x, with respect to each element of x; Richardson's extrapolation of two steps.
inline numbers slopes(numbers& x, auto const& f) {
    numbers found;
    for (double& e : x) {
        double const kept = e, h = 1e-5 * std::fmax(1, std::abs(e));
        double slope = 0;
        for (auto const& [step, factor] : {std::pair{h, 4.0 / 3}, std::pair{2 * h, -1.0 / 3}}) {
            e = kept + step;
            double const up = f();
            e = kept - step;
            slope += factor * (up - f()) / (2 * step);
        }
        e = kept;
        found.push_back(slope);
    }
    return found;
}

}  // namespace paramorph::inline PARAMORPH_ABI::testing
