// parallel<Axis, Modules...>: every module gets the same input, and what they give is joined along an axis, in their
// order. A negative axis counts from the end. Names are those of pm::nn::sequential: "0.weight", pm::get<0>(net).
//
//     using split = pm::nn::parallel<-1, pm::nn::linear<8, 3>, pm::nn::linear<8, 5>>;   // [8] -> [8], in two parts
//
// Shapes: the results must be equal but for the axis. Errors: other shapes, and no module, are the compiler's.
// Cost: a result that is computed only to be joined is written where it belongs. Source: the concatenation of Szegedy
// et al. 2015, "Going deeper with convolutions".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/concatenate.hpp"

namespace paramorph::inline PARAMORPH_ABI::nn {

template <int Axis, class... Modules>
struct parallel : sequential<Modules...> {
    static_assert(detail::holds<(sizeof...(Modules) > 0), "parallel: name at least one module">());
    PARAMORPH_BEGINS_FROM_SEED(parallel)

    constexpr auto forward(auto x) const {
        return std::apply([&](auto const&... branch) { return concatenate<Axis>(result_of(branch, x)...); },
                          this->layers);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST

  private:
    static constexpr auto result_of(auto const& branch, auto const& x) {
        if constexpr (paramorph::detail::names_call<std::remove_cvref_t<decltype(branch)>>)
            return branch(x);
        else
            return paramorph::call(branch, x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::nn

template <int Axis, class... Modules>
struct boost::hana::accessors_impl<paramorph::nn::parallel<Axis, Modules...>>
    : boost::hana::accessors_impl<paramorph::nn::sequential<Modules...>> {};
