// linear<In, Out, ...>: y = x W^T + b, [In] -> [Out] or [batch, In] -> [batch, Out]; weight [Out, In], bias [Out].
// Options, in any order: pm::weight<stages...> and pm::bias<stages...> parametrize them, pm::no_bias leaves the bias
// out, pm::element_type<double>. Initial values: both uniform within 1 / sqrt(In), which is what torch.nn.Linear draws
// (Kaiming uniform with a = sqrt(5)). The weight is a parametrization's originals when it has one; see
// tensor::initialize.
//
//     pm::nn::linear<5, 5, pm::weight<symmetric>> layer{pm::seed{0}};
//
// Errors: another last extent, numbers of units that are not positive, an unknown option are the compiler's.
// Cost: 2 In Out operations a row, the bias in the loop that completes the product; the gradient twice that.
// Source: torch.nn.Linear; He et al. 2015, "Delving deep into rectifiers".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/given_once.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/initialize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of layers: the stages that parametrize the weight.
template <class... Stages>
struct weight {
    using chain_type = chain_of<Stages...>;
};
// Option of layers: the stages that parametrize the bias.
template <class... Stages>
struct bias {
    using chain_type = chain_of<Stages...>;
};
// Option of layers: the layer has no bias.
struct no_bias {};
// Option of layers: the elements of the layer's tensors, float where it is not given, or double.
template <class T>
struct element_type {};

namespace detail {

template <class Option>
inline constexpr bool is_weight = false;
template <class... S>
inline constexpr bool is_weight<weight<S...>> = true;
template <class Option>
inline constexpr bool is_bias = false;
template <class... S>
inline constexpr bool is_bias<bias<S...>> = true;
template <class Option>
inline constexpr bool is_element_type = false;
template <class T>
inline constexpr bool is_element_type<element_type<T>> = true;

// A bias and none.
template <>
inline constexpr std::string_view option_kind<no_bias> = option_kind<bias<>>;

// The options of a layer, with defaults.
template <class... Options>
struct layer_options {
    using weight_chain = chain<>;
    using bias_chain = chain<>;
    using value_type = float;
    static constexpr bool has_bias = true;
};
template <class Other, class... Rest>
struct layer_options<Other, Rest...> : layer_options<Rest...> {};
template <class... S, class... Rest>
struct layer_options<weight<S...>, Rest...> : layer_options<Rest...> {
    using weight_chain = typename weight<S...>::chain_type;
};
template <class... S, class... Rest>
struct layer_options<bias<S...>, Rest...> : layer_options<Rest...> {
    using bias_chain = typename bias<S...>::chain_type;
};
template <class T, class... Rest>
struct layer_options<element_type<T>, Rest...> : layer_options<Rest...> {
    using value_type = real_or_float<T>;
};
template <class... Rest>
struct layer_options<no_bias, Rest...> : layer_options<Rest...> {
    static constexpr bool has_bias = false;
};

// A layer whose last template arguments are options, pm::weight and pm::bias among them: `options`, a std::tuple, and
// `type<Others...>`, the layer with others.
template <class Layer>
struct with_options;
template <class M>
concept takes_options = requires { typename with_options<M>::options; };

// The members of a layer with a weight and perhaps a bias, as a Hana Struct.
template <class Weight, class Bias, bool HasBias>
struct weight_and_bias {
    BOOST_HANA_DEFINE_STRUCT(weight_and_bias, (Weight, weight), (Bias, bias));
    static constexpr auto add_bias(auto y, auto const& self) { return y + self.bias; }
};
template <class Weight, class Bias>
struct weight_and_bias<Weight, Bias, false> {
    BOOST_HANA_DEFINE_STRUCT(weight_and_bias, (Weight, weight));
    static constexpr auto add_bias(auto y, auto const&) { return y; }
};

// Keeps the layer's own sentence the first one.
constexpr int at_least_one(int n) {
    return n > 0 ? n : 1;
}

template <int In, int Out>
using linear_shape = shape<at_least_one(Out), at_least_one(In)>;
template <int In, int Out, class... Options>
using linear_members = weight_and_bias<tensor<linear_shape<In, Out>, typename layer_options<Options...>::weight_chain,
                                              typename layer_options<Options...>::value_type>,
                                       tensor<shape<at_least_one(Out)>, typename layer_options<Options...>::bias_chain,
                                              typename layer_options<Options...>::value_type>,
                                       layer_options<Options...>::has_bias>;

// What of the first stage of a weight is tried where the layer is named (parametrize/trial.hpp).
template <int In, int Out, class... Options>
using first_tried_weight = first_tried<first_of<typename layer_options<Options...>::weight_chain>,
                                       linear_shape<In, Out>, typename layer_options<Options...>::value_type>;
template <int In, int Out, class... Options>
using tried_weight = typename first_tried_weight<In, Out, Options...>::template made<
    decltype(std::declval<typename first_tried_weight<In, Out, Options...>::undone>().right_inverse(
        typename first_tried_weight<In, Out, Options...>::shown{}))>;

}  // namespace detail

namespace nn {

template <int In, int Out = 0, class... Options>
struct linear
    : detail::after<
          sizeof(detail::first_of<typename detail::layer_options<Options...>::weight_chain>) &&
              sizeof(std::type_identity<decltype(std::declval<detail::tried_weight<In, Out, Options...>>().forward(
                         typename detail::first_tried_weight<In, Out, Options...>::shown{}))>) &&
              detail::try_stages<detail::linear_shape<In, Out>, typename detail::layer_options<Options...>::value_type>(
                  std::type_identity<typename detail::layer_options<Options...>::weight_chain>{}) &&
              detail::try_stages<shape<detail::at_least_one(Out)>,
                                 typename detail::layer_options<Options...>::value_type>(
                  std::type_identity<typename detail::layer_options<Options...>::bias_chain>{}),
          detail::linear_members<In, Out, Options...>> {
    static_assert(detail::are_positive<
                  "linear: the numbers of inputs and outputs must be positive: linear<inputs, outputs>", In, Out>());
    static_assert(detail::holds<(((detail::is_weight<Options> || detail::is_bias<Options> ||
                                   detail::is_element_type<Options> || std::is_same_v<Options, no_bias>) &&
                                  ...)),
                                "linear: an option must be pm::weight<stages...>, pm::bias<stages...>, pm::no_bias or "
                                "pm::element_type<T>">());
    static_assert(detail::given_once<"linear", Options...>());
    using input_shape = shape<detail::at_least_one(In)>;

    PARAMORPH_BEGINS_FROM_SEED(linear)

    // Of what is empty.
    void initialize(random& numbers) {
        for_each_tensor(*this, [&](auto& t) {
            if (t.empty()) t.initialize(numbers, 1 / std::sqrt(double(In)));
        });
    }

    constexpr auto forward(auto x) const {
        constexpr extents s = extents_of<decltype(x)>;
        if constexpr (s.rank >= 1 && s.from_end(0) == In)
            return this->add_bias(matmul(x, transpose(this->weight)), *this);
        else {
            if constexpr (In > 0) {
                using wrong = detail::mistake<detail::sentence(
                    "linear: ", In, " inputs expected, ", s.from_end(0), " given, the last extent of ", s,
                    ": write linear<", s.from_end(0), ", ", Out, ">, or change what comes before it")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return detail::after_mistake(detail::placeholder<shape_by<output<decltype(x)>>>(x));
        }
    }
    constexpr auto operator()(auto const& x) const {
        if constexpr (detail::can_be_shown<linear, std::remove_cvref_t<decltype(x)>>)
            using tried [[maybe_unused]] =
                decltype(std::declval<linear const&>().forward(detail::shown_input<linear, decltype(x)>{}));
        return paramorph::call(*this, x);
    }
    PARAMORPH_TAKES_NO_LIST
    PARAMORPH_FORWARDS_NO_ARRAY

  private:
    // The shape that the layer gives of x.
    template <class X>
    struct output {
        static constexpr extents value() {
            extents s = extents_of<X>;
            if (s.rank == 0) s.rank = 1;
            s.d[s.rank - 1] = Out;
            return s;
        }
    };
};

}  // namespace nn

namespace detail {

template <int In, int Out, class... Options>
struct with_options<nn::linear<In, Out, Options...>> {
    using options = std::tuple<Options...>;
    template <class... Others>
    using type = nn::linear<In, Out, Others...>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
