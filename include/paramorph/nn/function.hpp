// function(f): a lambda over traced tensors as a function of arrays. It is traced while compiling, once for each list
// of shapes, into one fused program, as a network's forward is.
//
//     auto factors = pm::function([](auto a) { return pm::svd(a); });
//     auto [u, s, vh] = factors(a);                       // a: xt::xtensor_fixed<float, xt::xshape<4, 3>>
//     auto encode = pm::function([](auto& n, auto x) { return n.encode(x); }, net);
//     auto code = encode(x);                              // any function of a network, with its weights as they are
//     using square = pm::shape<64, 64>;
//     auto product = pm::function<square, square>([](auto a, auto b) { return pm::matmul(a, b); });
//     auto c = product(d, e);                             // d, e: xt::xtensor<float, 2>, whose extents are checked
//
// It takes one array for each parameter (float, double, or int32 labels) and gives what the lambda returns: an array
// for a tensor, a number for a scalar, a std::tuple for several. The lambda captures nothing, and its parameters are
// `auto`; numbers that it needs are inputs, xt::xtensor_fixed<float, xt::xshape<>> for a scalar. Shapes are static:
// those of xt::xtensor_fixed, or those that are named, with which larger arrays are taken, which are xt::xtensor.
//
// The network is one of modules, or what `pm::cached` and `pm::freeze` give; it must outlive the function. Parametrized
// tensors have their values, in inference: stages' state does not change. A member function that is called on it must
// be const; of one that may be parametrized after the fact it is called by pm::as_declared (nn/overlay.hpp). Numbers
// are those of the network's own call, bit for bit, where the lambda is `n(x)`.
//
// Errors: the compiler's, where the lambda does not take the inputs, does not return traced tensors, captures, or
// cannot be evaluated while compiling, or an operation does not take the shapes; pm::error where an array has another
// shape than was named, or an operation fails. Threads: one function may be called by several. Cost: that of the
// program; results up to 1 KiB and a workspace that fits on the stack are no allocation. Example:
// examples/functions.cpp. Source: jax.jit; torch.compile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <tuple>

#include "paramorph/nn/call.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Whose numbers a function takes: of no network, of a network, of one whose values were computed.
struct no_network {
    using module_type = no_members;
    static constexpr binding bound = binding::originals;
    std::array<void const*, 0> addresses() const { return {}; }
};
template <class M>
struct network_of_function {
    using module_type = M;
    static constexpr binding bound = binding::originals;
    network_pointer<M const> net;
    auto addresses() const { return leaf_addresses(*net); }
};
template <class Values>
struct values_of_function {
    using module_type = typename Values::module_type;
    static constexpr binding bound = binding::values;
    network_pointer<Values const> net;
    auto addresses() const { return (*net).addresses(); }
};

// Inputs whose shapes are named.
template <sentence Who, class... Shape>
class inputs_of_shapes {
    // The elements of input k.
    template <class Of, class X>
    static auto const* elements_of(X const& x, [[maybe_unused]] int k) {
        if constexpr (fixed_container<X>)
            return x.data();
        else {
            require_elements(x);
            std::string const input = std::string(Who.view()) + ": input " + std::to_string(k);
            if (!has_shape<Of>(x))
                throw error(input + " has another shape than was named: " + in_brackets("", x.shape(), x.dimension()) +
                            " is given, " + std::string(sentence(Of::value).view()) + " was named");
            if (x.layout() != xt::layout_type::row_major)
                throw error(input + " must be row-major and contiguous; copy a view of an array first");
            return x.data() + x.data_offset();
        }
    }
    template <class Of, class X>
    static constexpr bool fits() {
        if constexpr (fixed_container<X> && !std::is_same_v<static_shape_of<X>, Of>) {
            using wrong =
                mistake<sentence(Who.view(), ": an input has another shape than was named: ", static_shape_of<X>::value,
                                 " is given, ", Of::value, " was named")>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return true;
    }

  public:
    // Can these arrays have them? What speaks against it is said.
    template <class... X>
    static constexpr bool take() {
        if constexpr (sizeof...(X) != sizeof...(Shape)) {
            using wrong = mistake<sentence(Who.view(), ": an array must be given for each shape that was named: ",
                                           sizeof...(Shape), sizeof...(Shape) == 1 ? " was named, " : " were named, ",
                                           sizeof...(X), sizeof...(X) == 1 ? " is given" : " are given")>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else if constexpr (!((fixed_container<X> || dynamic_container<X>) && ...)) {
            using wrong = mistake<sentence(Who.view(),
                                           ": inputs must be arrays in memory, xt::xtensor_fixed or xt::xtensor; "
                                           "evaluate expressions first; given are ",
                                           listed(sentence(short_type_name<X>()).view()...).view())>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return (fits<Shape, X>() && ...);
    }
    // Where their elements are; an array of another shape is an error.
    template <class... X>
    static auto elements(X const&... x) {
        int k = 0;
        auto const next = [&]<class Of>(Of, auto const& array) { return elements_of<Of>(array, k++); };
        return std::tuple<typename X::value_type const*...>{next(Shape{}, x)...};  // from left to right
    }
};

template <class F, class Network, class... Shape>
class function_of_arrays {
    using M = typename Network::module_type;

  public:
    // The program for these inputs: `pm::explain<decltype(f)::program_for<pm::input<pm::shape<4, 3>>>>()`.
    template <class... Input>
    using program_for = program::function_of<F, M, Network::bound, mode::inference, Input...>;

    explicit function_of_arrays(Network n) : network_(n) {}

    template <class... X>
    auto operator()(X const&... x) const {
        if constexpr (sizeof...(Shape) > 0)
            return with_shapes(x...);
        else if constexpr ((fixed_container<X> && ...)) {
            if constexpr (takes_elements<F, M, input_of<X>...>()) {  // asked here first, as in nn/call.hpp
                using given = call_or_none<F> const&;
                if constexpr (std::is_same_v<M, no_members>)
                    using tried [[maybe_unused]] =
                        decltype(std::declval<given>()(typename input_of<X>::symbol_type{}...));
                else
                    using tried [[maybe_unused]] = decltype(std::declval<given>()(
                        std::declval<M const&>(), typename input_of<X>::symbol_type{}...));
            }
            return call_static<F, M, Network::bound>(on_this_thread{}, network_.addresses(), x...);
        } else {
            using wrong = mistake<sentence(
                "function: the shapes of inputs must be static: give xt::xtensor_fixed, or name the shapes, as in "
                "pm::function<pm::shape<64, 64>>(f); given are ",
                listed(sentence(short_type_name<X>()).view()...).view())>;
            using said [[maybe_unused]] = wrong::type;
            return refused_results(x...);
        }
    }

  private:
    template <class... X>
    auto with_shapes(X const&... x) const {
        using named = inputs_of_shapes<"function", Shape...>;
        if constexpr (!named::template take<X...>())
            return refused_results(x...);
        else if constexpr (!accepts<F, M, input<Shape, typename X::value_type>...>())
            return refused_results(x...);
        else {
            using P = program_for<input<Shape, typename X::value_type>...>;
            auto const from = named::elements(x...);
            return results_written<typename P::result>([&](void* const* outputs) {
                std::apply([&](auto... at) { run_call<P>(on_this_thread{}, network_.addresses(), outputs, at...); },
                           from);
            });
        }
    }
    [[no_unique_address]] Network network_;
};

// A lambda that captures, and what is none, has numbers that tracing cannot see.
template <class F, sentence Who>
constexpr bool is_captureless() {
    if constexpr (!std::is_empty_v<F>) {
        using wrong = mistake<sentence(
            Who.view(),
            ": the function must not capture, and a pointer to a function is not known while compiling: "
            "write a lambda, and pass what it needs as inputs; this holds ",
            sizeof(F), " bytes")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return std::is_empty_v<F>;
}
// What stands for a function that was refused.
struct refused_function {
    auto operator()(auto const&... x) const { return refused_results(x...); }
};
template <class F, class... Shape, class Network>
auto make_function(Network net) {
    if constexpr (is_captureless<F, "function">())
        return function_of_arrays<F, Network, Shape...>(net);
    else
        return refused_function{};
}

}  // namespace detail

// Of inputs alone.
template <class... Shape, class F>
auto function(F const&) {
    return detail::make_function<F, Shape...>(detail::no_network{});
}
// Of a network and inputs.
template <class... Shape, class F, module M>
auto function(F const&, M const& net) {
    return detail::make_function<F, Shape...>(detail::network_of_function<M>{detail::network_pointer<M const>(net)});
}
template <class... Shape, class F, class M>
auto function(F const&, materialized<M> const& net) {
    using values = materialized<M>;
    return detail::make_function<F, Shape...>(
        detail::values_of_function<values>{detail::network_pointer<values const>(net)});
}
template <class... Shape, class F, class M>
auto function(F const&, cached_network<M> const& net) {
    using values = cached_network<M>;
    return detail::make_function<F, Shape...>(
        detail::values_of_function<values>{detail::network_pointer<values const>(net)});
}
#define PARAMORPH_TEMPORARY                                                                                        \
    "function: it refers to the network, and this one is gone at the end of the line: give it a name first, auto " \
    "net = pm::make<model>(pm::seed{0})"
template <class... Shape, class F, class M, detail::sentence Says = PARAMORPH_TEMPORARY>
    requires(module<M> || requires { typename M::module_type; })
auto function(F const&, M const&& net) -> detail::refused_function = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
#undef PARAMORPH_TEMPORARY

}  // namespace paramorph::inline PARAMORPH_ABI
