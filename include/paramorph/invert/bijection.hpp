// How each layer is undone: `detail::bijection<Layer>` says why it has no inverse (nothing where it has one), traces
// the inverse and the logarithm of the determinant, and which numbers the layer can give. A module of one's own states
// both itself, as pm::nn::coupling does:
//
//     constexpr auto inverse(auto y) const      // x, in the shape that forward takes
//     constexpr auto log_abs_det(auto x) const  // [batch] of [batch, ...], a number of a vector; or a number for all
//
// Here are those and the functions of each element: identity, tanh, sigmoid, softplus, elu (Alpha > 0), leaky_relu
// (Slope > 0). Logarithms of slopes are formulas of x, which keep what the value loses where it rounds to its limit.
// linear: invert/linear.hpp; layers of layers: invert/layers.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/each_sample.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/param/log_cosh.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The name of a layer without its arguments.
template <class L>
constexpr std::string_view layer_name() {
    std::string_view const all = short_type_name<L>();
    return all.substr(0, all.find('<'));
}

// What is between, or all numbers; the ends are not reached.
struct open_range {
    double low = -math::infinity, high = math::infinity;
};

// What a layer that is always invertible, whatever it is given, has in common.
struct always_bijective {
    static constexpr open_range image{};
    template <class X, class T>
    static constexpr sentence why_not(sentence const&) {
        return {};
    }
};
struct never_bijective {
    static constexpr open_range image{};
    static constexpr auto undo(auto const&, auto, auto y) { return y; }
    static constexpr auto log_abs_det(auto const&, auto x) { return no_log_abs_det(x); }
};

template <class L, class X, class Y>
concept undoes_itself = requires(L const& m, X x, Y y) {
    m.inverse(y);
    m.log_abs_det(x);
};

// A module of one's own.
template <class L>
struct bijection : always_bijective {
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        using Y = std::remove_cvref_t<decltype(paramorph::call(std::declval<L const&>(), symbol<X, T>{}))>;
        if constexpr (!traced<Y>)
            return sentence(where.view(), " has several results");
        else if constexpr (undoes_itself<L, symbol<X, T>, Y>)
            return {};
        else
            return sentence(where.view(),
                            " has no inverse that is known; a module of one's own states `constexpr auto inverse(auto "
                            "y) const` and `constexpr auto log_abs_det(auto x) const`");
    }
    static constexpr auto undo(L const& m, auto, auto y) { return m.inverse(y); }
    static constexpr auto log_abs_det(L const& m, auto x) { return m.log_abs_det(x); }
};

// Functions of each element; Of::undo(y) and Of::log_slope(x).
template <class Of>
struct elementwise_bijection : always_bijective {
    static constexpr auto undo(auto const&, auto, auto y) { return Of::undo(y); }
    static constexpr auto log_abs_det(auto const&, auto x) { return sum_of_each_sample(Of::log_slope(x)); }
};
template <>
struct bijection<nn::identity> : always_bijective {
    static constexpr auto undo(nn::identity const&, auto, auto y) { return y; }
    static constexpr auto log_abs_det(nn::identity const&, auto x) { return no_log_abs_det(x); }
};
struct undo_tanh {
    static constexpr auto undo(auto y) { return 0.5 * (log1p(y) - log1p(-y)); }
    static constexpr auto log_slope(auto x) { return -2 * param::detail::log_cosh(x); }
};
template <>
struct bijection<nn::tanh> : elementwise_bijection<undo_tanh> {
    static constexpr open_range image{-1, 1};
};
struct undo_sigmoid {
    static constexpr auto undo(auto y) { return log(y) - log1p(-y); }
    static constexpr auto log_slope(auto x) { return -(paramorph::softplus(x) + paramorph::softplus(-x)); }
};
template <>
struct bijection<nn::sigmoid> : elementwise_bijection<undo_sigmoid> {
    static constexpr open_range image{0, 1};
};
struct undo_softplus {
    static constexpr auto undo(auto y) { return y + log(-expm1(-y)); }
    static constexpr auto log_slope(auto x) { return -paramorph::softplus(-x); }
};
template <>
struct bijection<nn::softplus> : elementwise_bijection<undo_softplus> {
    static constexpr open_range image{0, math::infinity};
};
template <auto Alpha>
struct undo_elu {
    static constexpr double alpha = double(Alpha);
    static constexpr auto undo(auto y) { return where(y > 0, y, log1p(where(y > 0, 0.0, y) / alpha)); }
    static constexpr auto log_slope(auto x) { return where(x > 0, 0.0, x + math::log(alpha)); }
};
// What a number of a template argument must be.
template <class Of, bool Holds, fixed_string Must>
struct bijective_if : elementwise_bijection<Of> {
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        return Holds ? sentence() : sentence(where.view(), " does not rise everywhere: ", Must.view());
    }
};
template <auto Alpha>
struct bijection<nn::elu<Alpha>> : bijective_if<undo_elu<Alpha>, (Alpha > 0), "its Alpha must be greater than 0"> {
    static constexpr open_range image{-double(Alpha), math::infinity};
};
template <auto Slope>
struct undo_leaky_relu {
    static constexpr double slope = double(Slope);
    static constexpr auto undo(auto y) { return where(y > 0, y, y / slope); }
    static constexpr auto log_slope(auto x) { return where(x > 0, 0.0, math::log(slope)); }
};
template <auto Slope>
struct bijection<nn::leaky_relu<Slope>>
    : bijective_if<undo_leaky_relu<Slope>, (Slope > 0), "its Slope must be greater than 0"> {};

// Functions that give one number for many.
struct flat_somewhere : never_bijective {
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        return sentence(where.view(),
                        " gives one number for many: take one that rises everywhere, as pm::nn::leaky_relu<>, "
                        "pm::nn::elu<>, pm::nn::softplus or pm::nn::tanh");
    }
};
template <>
struct bijection<nn::relu> : flat_somewhere {};
template <>
struct bijection<nn::relu6> : flat_somewhere {};
template <>
struct bijection<nn::hardsigmoid> : flat_somewhere {};
template <auto Low, auto High>
struct bijection<nn::hardtanh<Low, High>> : flat_somewhere {};
struct falls_and_rises : never_bijective {
    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        return sentence(where.view(),
                        " falls and then rises: take one that rises everywhere, as pm::nn::leaky_relu<>, "
                        "pm::nn::elu<>, pm::nn::softplus or pm::nn::tanh");
    }
};
template <>
struct bijection<nn::silu> : falls_and_rises {};
template <>
struct bijection<nn::gelu> : falls_and_rises {};
template <>
struct bijection<nn::hardswish> : falls_and_rises {};
template <>
struct bijection<nn::mish> : falls_and_rises {};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
