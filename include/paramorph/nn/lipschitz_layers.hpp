// Layers that move no two inputs further apart than they are, without each of their parts being such: a weight whose
// 2-norm is at most 1 makes them so, and the activation s stands between two products with it. Rows of x are the last
// axis.
//
//   sandwich<In, Out, Activation = relu>          y = sqrt(2) p s(sqrt(2) b x / p + c) a     [..., In] -> [..., Out]
//   convex_potential<Size, Hidden, Activation>    y = x - 2 p s(w x / p + c) w               [..., Size] -> [..., Size]
//
// Tensors: weight [Out, Out + In], of which a is the first Out columns and b the others, or w [Hidden, Size]; psi, of
// which p = exp(psi), and bias c, [Out] or [Hidden]. By default the weight of sandwich is param::orthogonal<>, that of
// convex_potential param::sdp_lipschitz; pm::weight<stages...> gives it another chain, pm::bias<stages...> the bias,
// pm::element_type<double> the element type. psi counts within -40 and 40. For relu, which p passes through, it does
// what the bias does.
//
// With slopes D of s between 0 and 1, p cancels: the Jacobian of sandwich is 2 a^T D b, at most |weight|^2, because
// 2 u^T a^T D b v <= |a u + b v|^2 / 2 <= |weight|^2 (|u|^2 + |v|^2) / 2; that of convex_potential is I - 2 w^T D w,
// symmetric, between 1 - 2 |w|^2 and 1. So pm::lipschitz knows |weight|^2 and max(1, 2 |weight|^2 - 1), the rounding of
// the weight in it, where the activation is one of relu, tanh, sigmoid, softplus, identity, elu<1>, hardtanh and
// leaky_relu with a slope of 0 to 1; of others it multiplies the norms of the parts.
//
// Initial values: the weight as linear's, psi and bias zeros. Errors: an input of another last extent is the
// compiler's. Cost: two products with the weight. Source: Wang and Manchester 2023, "Direct parameterization of
// Lipschitz-bounded deep networks", equation 9 (sandwich); Meunier et al. 2022, "A dynamical system perspective for
// Lipschitz neural networks", equation 9, and Araujo et al. 2023, "A unified algebraic perspective on Lipschitz neural
// networks", theorem 1, whose W T^(-1) and T are w^T p and p^2 there (convex_potential).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/bounded_layer.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/sdp_lipschitz.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Do its slopes lie between 0 and 1?
template <class Activation>
inline constexpr bool has_slopes_within_one = false;
template <>
inline constexpr bool has_slopes_within_one<nn::relu> = true;
template <>
inline constexpr bool has_slopes_within_one<nn::tanh> = true;
template <>
inline constexpr bool has_slopes_within_one<nn::sigmoid> = true;
template <>
inline constexpr bool has_slopes_within_one<nn::softplus> = true;
template <>
inline constexpr bool has_slopes_within_one<nn::identity> = true;
template <auto Alpha>
inline constexpr bool has_slopes_within_one<nn::elu<Alpha>> = double(Alpha) >= 0 && double(Alpha) <= 1;
template <auto Slope>
inline constexpr bool has_slopes_within_one<nn::leaky_relu<Slope>> = double(Slope) >= 0 && double(Slope) <= 1;
template <auto Low, auto High>
inline constexpr bool has_slopes_within_one<nn::hardtanh<Low, High>> = true;

// The stages of a weight, where an option says them.
template <class Default, class... Options>
struct weight_or {
    using type = chain<Default>;
};
template <class Default, class... Options>
    requires(is_weight<Options> || ...)
struct weight_or<Default, Options...> {
    using type = typename layer_options<Options...>::weight_chain;
};

// The tensors of a layer with a weight [Rows, Columns] on both sides of an activation.
template <int Rows, int Columns, class Default, class... Options>
struct both_sides {
    using options = layer_options<Options...>;
    using T = typename options::value_type;
    using vector = shape<at_least_one(Rows)>;
    using weight_type =
        tensor<shape<at_least_one(Rows), at_least_one(Columns)>, typename weight_or<Default, Options...>::type, T>;
    using psi_type = tensor<vector, chain<>, T>;
    using bias_type = tensor<vector, typename options::bias_chain, T>;
    BOOST_HANA_DEFINE_STRUCT(both_sides, (weight_type, weight), (psi_type, psi), (bias_type, bias));

    // Of what is empty.
    void initialize(random& numbers) {
        if (this->weight.empty()) this->weight.initialize(numbers, 1 / std::sqrt(double(Columns)));
        if (this->psi.empty()) this->psi.initialize(numbers, 0);
        if (this->bias.empty()) this->bias.initialize(numbers, 0);
    }

  protected:
    // p s(u / p + c)
    template <class Activation>
    constexpr auto activated(auto u) const {
        auto const p = exp(clamp(this->psi, -40.0, 40.0));
        return Activation::forward(u / p + this->bias) * p;
    }
};
template <class Activation, layer_bound Bound>
constexpr auto with_bound(auto y, auto x, auto w) {
    if constexpr (has_slopes_within_one<Activation>)
        return bounded_layer<Bound>(y, x, w);
    else
        return y;
}
template <fixed_string Who, int In, class X>
constexpr bool has_inputs() {
    constexpr extents s = extents_of<X>;
    constexpr bool fits = s.rank >= 1 && s.from_end(0) == In;
    if constexpr (!fits) {
        using wrong = mistake<sentence(Who.view(), ": ", In, " inputs expected, ", s.rank > 0 ? s.from_end(0) : 1,
                                       " given, the last extent of ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}
template <class... Options>
inline constexpr bool are_layer_options = ((is_weight<Options> || is_bias<Options> || is_element_type<Options>) && ...);

}  // namespace detail

namespace nn {

template <int In, int Out, class Activation = relu, class... Options>
struct sandwich : detail::both_sides<Out, Out + In, param::orthogonal<>, Options...> {
    static_assert(detail::holds<(In > 0 && Out > 0), "sandwich: the numbers of inputs and outputs must be positive">());
    static_assert(detail::holds<
                  (detail::are_layer_options<Options...>),
                  "sandwich: an option must be pm::weight<stages...>, pm::bias<stages...> or pm::element_type<T>">());
    static_assert(detail::given_once<"sandwich", Options...>());
    using input_shape = shape<detail::at_least_one(In)>;

    PARAMORPH_BEGINS_FROM_SEED(sandwich)

    constexpr auto forward(auto x) const {
        if constexpr (!detail::has_inputs<"sandwich", In, decltype(x)>())
            return detail::after_mistake(x);
        else {
            constexpr double root = 0x1.6a09e667f3bccp0;  // of 2, rounded down in float and double: its square is below
            auto const w = detail::as_operand(this->weight);
            auto const u = root * matmul(x, transpose(slice<1, Out, Out + In>(w)));
            auto const y = root * matmul(this->template activated<Activation>(u), slice<1, 0, Out>(w));
            return detail::with_bound<Activation, detail::layer_bound::square>(y, x, w);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
};

template <int Size, int Hidden, class Activation = relu, class... Options>
struct convex_potential : detail::both_sides<Hidden, Size, param::sdp_lipschitz, Options...> {
    static_assert(detail::holds<(Size > 0 && Hidden > 0),
                                "convex_potential: the numbers of inputs and of rows must be positive">());
    static_assert(
        detail::are_layer_options<Options...>,
        "convex_potential: an option must be pm::weight<stages...>, pm::bias<stages...> or pm::element_type<T>");
    static_assert(detail::given_once<"convex_potential", Options...>());
    using input_shape = shape<detail::at_least_one(Size)>;

    PARAMORPH_BEGINS_FROM_SEED(convex_potential)

    constexpr auto forward(auto x) const {
        if constexpr (!detail::has_inputs<"convex_potential", Size, decltype(x)>())
            return detail::after_mistake(x);
        else {
            auto const w = detail::as_operand(this->weight);
            auto const y = x - 2.0 * matmul(this->template activated<Activation>(matmul(x, transpose(w))), w);
            return detail::with_bound<Activation, detail::layer_bound::step>(y, x, w);
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
