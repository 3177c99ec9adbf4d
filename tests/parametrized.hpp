// What the tests of parametrized tensors and modules share: some stages, arrays, names.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "paramorph/nn/names.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/view.hpp"

namespace pm = paramorph;

namespace test {

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

struct rank_one {
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
    static constexpr auto right_inverse(auto z) {
        auto [u, s, vh] = pm::svd(z);
        auto const root = pm::sqrt(pm::select<0, 0>(s));
        return pm::originals(pm::select<1, 0>(u) * root, pm::select<0, 0>(vh) * root);
    }
};
struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
struct shifted {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x + 1.0; }
    static constexpr auto right_inverse(auto y) { return y - 1.0; }
};

// Are two arrays equal, element by element?
bool close(auto const& a, auto const& b, double tolerance = 1e-5) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a.data()[i] - b.data()[i]) <= tolerance)) return false;
    return true;
}
// The names of a module's parameters.
std::vector<std::string> parameters(auto& m) {
    std::vector<std::string> all;
    pm::for_each_parameter(m, [&](std::string const& name, auto const&) { all.push_back(name); });
    return all;
}

}  // namespace test
