// Initial values: `auto net = pm::make<Net>(pm::seed{0});`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <type_traits>

#include "paramorph/core/random.hpp"
#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Fills every tensor of a module: layers by their own rule, other tensors uniformly within 1 / sqrt(last extent).
template <class M>
void initialize(M& m, random& numbers) {
    if constexpr (is_tensor<M>)
        m.initialize(numbers, 1 / std::sqrt(double(M::declared_shape::value.from_end(0))));
    else if constexpr (requires { m.initialize(numbers); })
        m.initialize(numbers);
    else
        detail::for_each_member<M>(
            [&]<fixed_string>(auto const& member) { paramorph::initialize(member(m), numbers); });
}

// A network with reproducible initial values.
template <module M>
M make(seed s) {
    M m;
    random numbers{s};
    paramorph::initialize(m, numbers);
    return m;
}

}  // namespace paramorph::inline PARAMORPH_ABI
