// film<Channels, Conditions, ...>: feature-wise linear modulation: each channel of x times a number, plus another one,
// both linear in a condition c: y = gamma x + beta, where gamma and beta, one after the other, are W c + b.
//
//     pm::nn::film<16, 3> modulate;
//     auto y = modulate(x, c);                      // x [batch, 16, ...], c [3] or [batch, 3]
//
// Shapes: x [batch, Channels, ...], the channels being axis 1, as in PyTorch; c [Conditions], the same for the batch,
// or [batch, Conditions]; weight [2 Channels, Conditions], bias [2 Channels], as those of linear<Conditions, 2
// Channels>, whose options and initial values it has; the first half makes gamma. Errors: other shapes are the
// compiler's. Cost: a product for each condition, and one pass over x.
//
// Source: Perez et al. 2018, "FiLM: Visual reasoning with a general conditioning layer", equations 1 and 2.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Numbers of channels, one row or one for each of a batch, in a shape that broadcasts over X.
template <class Numbers, class X>
struct modulation_shape {
    static constexpr extents value() {
        extents s{extents_of<X>.rank, {extents_of<Numbers>.rank == 2 ? extents_of<Numbers>.d[0] : 1}};
        s.d[1] = extents_of<Numbers>.from_end(0);
        for (int k = 2; k < s.rank; ++k) s.d[k] = 1;
        return s;
    }
};

}  // namespace detail

namespace nn {

template <int Channels, int Conditions, class... Options>
struct film : detail::linear_members<Conditions, 2 * Channels, Options...> {
    static_assert(detail::are_positive<"film: the numbers of channels and of conditions must be positive", Channels,
                                       Conditions>());
    static_assert(detail::holds<(((detail::is_weight<Options> || detail::is_bias<Options> ||
                                   detail::is_element_type<Options> || std::is_same_v<Options, no_bias>) &&
                                  ...)),
                                "film: an option must be pm::weight<stages...>, pm::bias<stages...>, pm::no_bias or "
                                "pm::element_type<T>">());
    static_assert(detail::given_once<"film", Options...>());

    PARAMORPH_BEGINS_FROM_SEED(film)

    // Of what is empty.
    void initialize(random& numbers) {
        for_each_tensor(*this, [&](auto& t) {
            if (t.empty()) t.initialize(numbers, 1 / std::sqrt(double(Conditions)));
        });
    }

    constexpr auto forward(traced auto x, traced auto c) const {
        constexpr extents s = extents_of<decltype(x)>, condition = extents_of<decltype(c)>;
        constexpr bool fits = (condition.rank == 1 || (condition.rank == 2 && condition.d[0] == s.d[0])) &&
                              condition.from_end(0) == Conditions;
        if constexpr (!detail::has_channels<"film", Channels, decltype(x)>())
            return detail::after_mistake(x);
        else if constexpr (!fits) {
            using wrong = detail::mistake<detail::sentence("film: the condition must be [", Conditions, "] or [batch, ",
                                                           Conditions, "]: of an input ", s, " it is ", condition)>;
            using said [[maybe_unused]] = wrong::type;
            return detail::after_mistake(x);
        } else {
            auto const numbers = this->add_bias(matmul(c, transpose(this->weight)), *this);
            auto const of_x = [](auto part) {
                return reshape<shape_by<detail::modulation_shape<decltype(part), decltype(x)>>>(part);
            };
            return x * of_x(slice<-1, 0, Channels>(numbers)) + of_x(slice<-1, Channels, 2 * Channels>(numbers));
        }
    }
    constexpr auto operator()(auto const& x, auto const& c) const { return paramorph::call(*this, x, c); }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
