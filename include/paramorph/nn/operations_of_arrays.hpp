// What the compiler says where an operation of the library is given an array, or the tuple of results of a layer:
// operations take tensors that are traced; `pm::function` makes a function of arrays of them, and a loss is computed
// where it is differentiated.
//
// Errors: of each operation, the one sentence that is said here. Cost: nothing at run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <concepts>
#include <string_view>
#include <tuple>
#include <utility>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class X>
concept untraced_array = !traced<X> && requires(X const& x) {
    x.begin();
    x.end();
};

// How many tensors a tuple of them has: the results of a layer that gives several.
template <class X>
inline constexpr int traced_several = 0;
template <traced... X>
inline constexpr int traced_several<std::tuple<X...>> = sizeof...(X);
template <traced X, traced Y>
inline constexpr int traced_several<std::pair<X, Y>> = 2;
template <class... X>
inline constexpr int first_several = std::max({0, traced_several<X>...});
constexpr sentence refuse_several(std::string_view who, int count) {
    return sentence(who, ": a tensor is expected, and given is a tuple of ", count,
                    ", all results of a layer: in the forward of a struct write `auto [y, h",
                    count == 3  ? ", c"
                    : count > 3 ? ", ..."
                                : "",
                    "] = gru(x);` and give y, or give std::get<0>(gru(x)); a sequential gives all of them on");
}
// What is given in place of tensors.
template <class X>
inline constexpr bool stands_for_no_tensor = untraced_array<X> || traced_several<X> > 0;
template <class X>
concept no_operand = stands_for_no_tensor<X>;

template <class... X>
inline constexpr bool no_numbers = ((traced<X> || stands_for_no_tensor<X>) && ...) && sizeof...(X) > 0;

// An array as sentences name it.
template <class X>
constexpr sentence named_array() {
    if constexpr (fixed_container<X>)
        return sentence(short_type_name<typename X::value_type>(), " ", static_shape_of<X>::value);
    else if constexpr (requires { requires traced<typename X::value_type>; })
        return sentence("made by xtensor of a tensor");
    else if constexpr (requires { typename X::value_type; })
        return sentence("of ", short_type_name<typename X::value_type>());
    else
        return sentence(short_type_name<X>());
}
// The first array among those given, or the first result of those that were given together.
template <class X, class... Rest>
constexpr auto first_array(X const& x, Rest const&... rest) {
    if constexpr (traced_several<X> > 0)
        return std::get<0>(x);
    else if constexpr (untraced_array<X>)
        return x;
    else
        return first_array(rest...);
}
template <class... X>
using first_array_of = decltype(first_array(std::declval<X const&>()...));

template <fixed_string Name, fixed_string Header, int Options, class... X>
constexpr sentence operation_of_arrays() {
    constexpr std::string_view axes = Options > 0 ? "<...>" : "";
    if constexpr (!(no_operand<X> || ...))
        return sentence(Name.view(), ": there is none of ", counted(sizeof...(X), " traced tensor").view(),
                        " with these options: include its header, <paramorph/op/", Header.view(),
                        ".hpp> or <paramorph/paramorph.hpp>");
    else if constexpr (first_several<X...> > 0)
        return refuse_several(Name.view(), first_several<X...>);
    else if constexpr ((traced<X> || ...))
        return sentence(
            Name.view(), ": it takes traced tensors, and is given an array beside one, ",
            named_array<first_array_of<X...>>().view(),
            ": in forward write the tensor itself, as net.weight, in place of its value, net.weight(); another "
            "array is given to the network as an input");
    else if constexpr (sizeof...(X) == 1)
        return sentence(Name.view(), ": it takes a traced tensor, as the x of forward(auto x), and is given an array, ",
                        named_array<first_array_of<X...>>().view(),
                        ": write pm::function([](auto x) { return pm::", Name.view(), axes,
                        "(x); })(array); in a loss or a forward write net.weight in place of net.weight(), net(x) in "
                        "place of net.forward(x)");
    else
        return sentence(Name.view(), ": it takes traced tensors, as the x of forward(auto x), and is given an array, ",
                        named_array<first_array_of<X...>>().view(),
                        ": write pm::function([](auto... x) { return pm::", Name.view(), axes,
                        "(x...); })(arrays...); in a loss or a forward write net.weight in place of net.weight(), "
                        "net(x) in place of net.forward(x)");
}
template <fixed_string Name, fixed_string, int, class... X>
constexpr sentence loss_of_arrays() {
    if constexpr (first_several<X...> > 0)
        return refuse_several(Name.view(), first_several<X...>);
    else
        return sentence(Name.view(), ": it takes tensors that are traced, and is given an array, ",
                        named_array<first_array_of<X...>>().view(),
                        ": write pm::value_and_grad([](auto& net, auto x, auto t) { return pm::", Name.view(),
                        "(net(x), t); }, net), or for the value alone pm::function([](auto y, auto t) { return pm::",
                        Name.view(), "(y, t); })(y, t)");
}

// A number alone. By a conversion, so that any function of numbers is taken first.
struct number_alone {
    template <std::floating_point Number>
    constexpr number_alone(Number x) : value(static_cast<double>(x)) {}
    double value;
};
template <fixed_string Name, int>
constexpr sentence operation_of_a_number() {
    return sentence(Name.view(),
                    ": it takes tensors that are traced, and is given a number: compute with it by std::", Name.view(),
                    " or in plain C++; a number goes with a tensor, as in x * 2");
}
template <class X>
constexpr sentence forward_of_array() {
    return sentence("forward: it is traced, and is given an array, ", named_array<X>().view(),
                    ": call the network: write net(array) in place of net.forward(array)");
}

}  // namespace detail

// Variadic, so that any other function is more specialised. Those of tensors, too: where its header is not included,
// and with options that it does not have.
#define PARAMORPH_TAKES(name, header, says, ...)                                                             \
    template <auto... Options, class... X>                                                                   \
        requires(__VA_ARGS__)                                                                                \
    constexpr auto name(X const&... x) {                                                                     \
        using wrong = detail::mistake<detail::says##_of_arrays<#name, #header, sizeof...(Options), X...>()>; \
        using said [[maybe_unused]] = wrong::type;                                                           \
        if constexpr ((traced<X> || ...))                                                                    \
            return detail::after_mistake(x...);                                                              \
        else                                                                                                 \
            return detail::first_array(x...);                                                                \
    }
#define PARAMORPH_OPERATION(header, name) PARAMORPH_TAKES(name, header, operation, detail::no_numbers<X...>)
// Of any number of tensors: of these no other is more specialised.
#define PARAMORPH_OF_MANY(name) PARAMORPH_TAKES(name, name, operation, (detail::no_operand<X> || ...))
#define PARAMORPH_RESHAPING(name)                                                          \
    template <class Shape, detail::no_operand X>                                           \
    constexpr auto name(X const& x) {                                                      \
        using wrong = detail::mistake<detail::operation_of_arrays<#name, "view", 1, X>()>; \
        using said [[maybe_unused]] = wrong::type;                                         \
        return detail::first_array(x);                                                     \
    }
#define PARAMORPH_FUNCTION(header, name)                                                           \
    PARAMORPH_TAKES(name, header, operation, detail::no_numbers<X...>)                             \
    template <auto... Options>                                                                     \
    constexpr double name(detail::number_alone x) {                                                \
        using wrong = detail::mistake<detail::operation_of_a_number<#name, sizeof...(Options)>()>; \
        using said [[maybe_unused]] = wrong::type;                                                 \
        return x.value;                                                                            \
    }
#define PARAMORPH_LOSS(name) PARAMORPH_TAKES(name, losses, loss, (detail::no_operand<X> || ...))

PARAMORPH_FUNCTION(abs, abs)
PARAMORPH_OPERATION(cholesky, cholesky)
PARAMORPH_OPERATION(toeplitz, circulant)
PARAMORPH_OPERATION(clamp, clamp)
PARAMORPH_OF_MANY(concatenate)
PARAMORPH_FUNCTION(sin, cos)
PARAMORPH_OPERATION(cumsum, cumsum)
PARAMORPH_OPERATION(determinant, det)
PARAMORPH_OPERATION(detach, detach)
PARAMORPH_OPERATION(diagonal, diagonal)
PARAMORPH_OPERATION(dot, dot)
PARAMORPH_OPERATION(eigh, eigh)
PARAMORPH_FUNCTION(elu, elu)
PARAMORPH_OPERATION(compare, equal)
PARAMORPH_FUNCTION(erf, erf)
PARAMORPH_FUNCTION(exp, exp)
PARAMORPH_FUNCTION(expm1, expm1)
PARAMORPH_OPERATION(flip, flip)
PARAMORPH_OPERATION(diagonal, from_diagonal)
PARAMORPH_OPERATION(gather, gather)
PARAMORPH_FUNCTION(gelu, gelu)
PARAMORPH_OPERATION(compare, greater)
PARAMORPH_OPERATION(compare, greater_equal)
PARAMORPH_OPERATION(householder_product, householder_product)
PARAMORPH_OPERATION(inverse, inverse)
PARAMORPH_OPERATION(compare, less)
PARAMORPH_OPERATION(compare, less_equal)
PARAMORPH_FUNCTION(log, log)
PARAMORPH_FUNCTION(log1p, log1p)
PARAMORPH_OPERATION(softmax, log_softmax)
PARAMORPH_OPERATION(determinant, logabsdet)
PARAMORPH_OPERATION(softmax, logsumexp)
PARAMORPH_OPERATION(lu, lu)
PARAMORPH_OPERATION(matmul, matmul)
PARAMORPH_OPERATION(matrix_exp, matrix_exp)
PARAMORPH_OPERATION(reduce, max)
PARAMORPH_OPERATION(minimum, maximum)
PARAMORPH_OPERATION(reduce, mean)
PARAMORPH_OPERATION(reduce, min)
PARAMORPH_OPERATION(minimum, minimum)
PARAMORPH_OPERATION(norm, norm)
PARAMORPH_OPERATION(compare, not_equal)
PARAMORPH_OPERATION(outer, outer)
PARAMORPH_OPERATION(pack, pack_lower)
PARAMORPH_OPERATION(pack, pack_upper)
PARAMORPH_OPERATION(view, pad)
PARAMORPH_OPERATION(permute, permute)
PARAMORPH_OPERATION(pick, pick)
PARAMORPH_OPERATION(pow, pow)
PARAMORPH_OPERATION(prod, prod)
PARAMORPH_OPERATION(qr, qr)
PARAMORPH_FUNCTION(relu, relu)
PARAMORPH_OPERATION(require, require)
PARAMORPH_FUNCTION(round, round)
PARAMORPH_FUNCTION(rsqrt, rsqrt)
PARAMORPH_OPERATION(view, select)
PARAMORPH_FUNCTION(sigmoid, sigmoid)
PARAMORPH_FUNCTION(sign, sign)
PARAMORPH_FUNCTION(silu, silu)
PARAMORPH_FUNCTION(sin, sin)
PARAMORPH_OPERATION(view, slice)
PARAMORPH_OPERATION(determinant, slogdet)
PARAMORPH_OPERATION(softmax, softmax)
PARAMORPH_FUNCTION(softplus, softplus)
PARAMORPH_OPERATION(solve, solve)
PARAMORPH_FUNCTION(sqrt, sqrt)
PARAMORPH_FUNCTION(square, square)
PARAMORPH_OF_MANY(stack)
PARAMORPH_OPERATION(detach, straight_through)
PARAMORPH_OPERATION(reduce, sum)
PARAMORPH_OPERATION(sum_of_squares, sum_of_squares)
PARAMORPH_OPERATION(svd, svd)
PARAMORPH_OPERATION(take, take)
PARAMORPH_FUNCTION(tanh, tanh)
PARAMORPH_OPERATION(toeplitz, toeplitz)
PARAMORPH_OPERATION(transpose, transpose)
PARAMORPH_OPERATION(triangle, tril)
PARAMORPH_OPERATION(triangle, triu)
PARAMORPH_OPERATION(pack, unpack_lower)
PARAMORPH_OPERATION(pack, unpack_upper)
PARAMORPH_OPERATION(view, unsqueeze)
PARAMORPH_OPERATION(walsh_hadamard, walsh_hadamard)
PARAMORPH_OPERATION(where, where)
PARAMORPH_OPERATION(window, window)
PARAMORPH_RESHAPING(broadcast_to)
PARAMORPH_RESHAPING(reshape)
PARAMORPH_LOSS(binary_cross_entropy)
PARAMORPH_LOSS(binary_cross_entropy_with_logits)
PARAMORPH_LOSS(cross_entropy)
PARAMORPH_LOSS(huber)
PARAMORPH_LOSS(l1)
PARAMORPH_LOSS(mse)
PARAMORPH_LOSS(nll)

// Of arrays these are xtensor's.
#define PARAMORPH_OPERATOR(sign)                                                                               \
    template <class X, class Y>                                                                                \
        requires(detail::first_several<X, Y> > 0)                                                              \
    constexpr auto operator sign(X const& x, Y const& y) {                                                     \
        using wrong = detail::mistake<detail::refuse_several("operator " #sign, detail::first_several<X, Y>)>; \
        using said [[maybe_unused]] = wrong::type;                                                             \
        return detail::after_mistake(detail::first_array(x, y));                                               \
    }
PARAMORPH_OPERATOR(+)
PARAMORPH_OPERATOR(-)
PARAMORPH_OPERATOR(*)
PARAMORPH_OPERATOR(/)

#undef PARAMORPH_OPERATOR
#undef PARAMORPH_LOSS
#undef PARAMORPH_FUNCTION
#undef PARAMORPH_RESHAPING
#undef PARAMORPH_OF_MANY
#undef PARAMORPH_OPERATION
#undef PARAMORPH_TAKES

}  // namespace paramorph::inline PARAMORPH_ABI
