// residual<Modules...>: x + f(x), f being its modules one after the other, as in pm::nn::sequential, whose names it
// has: "0.weight", pm::get<0>(net).
//
//     using block = pm::nn::residual<pm::nn::layer_norm<pm::shape<8>>, pm::nn::linear<8, 8>, pm::nn::tanh>;
//
// Shapes: f must give the shape of x. Errors: another shape is the compiler's. Cost: its modules', and an addition an
// element, in the loop that completes the last of them where it can. Source: He et al. 2016, "Deep residual learning".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/add.hpp"

namespace paramorph::inline PARAMORPH_ABI::nn {

template <class... Modules>
struct residual : sequential<Modules...> {
    PARAMORPH_BEGINS_FROM_SEED(residual)

    constexpr auto forward(auto x) const {
        auto const y = sequential<Modules...>::forward(x);
        constexpr int several = paramorph::detail::first_several<std::remove_const_t<decltype(y)>>;
        if constexpr (several > 0) {
            using wrong = paramorph::detail::mistake<paramorph::detail::refuse_several("residual", several)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else if constexpr (extents_of<decltype(y)> == extents_of<decltype(x)>)
            return x + y;
        else {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "residual: its modules must give the shape of their input, since both are added: the input is ",
                extents_of<decltype(x)>, ", they give ", extents_of<decltype(y)>)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
    PARAMORPH_FORWARDS_NO_ARRAY
};

}  // namespace paramorph::inline PARAMORPH_ABI::nn

template <class... Modules>
struct boost::hana::accessors_impl<paramorph::nn::residual<Modules...>>
    : boost::hana::accessors_impl<paramorph::nn::sequential<Modules...>> {};
