// What the compiler says where a function of xtensor is given a tensor of a network: in `forward` it takes the function
// of the library, elsewhere the tensor's value; and where a tensor is printed. Declarations only; nothing of xtensor is
// needed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include "paramorph/parametrize/tensor.hpp"

namespace paramorph::inline PARAMORPH_ABI {

#define PARAMORPH_PRINTED "a tensor is printed by its value: write std::cout << net.weight(), with xtensor/xio.hpp"
template <class Stream, class S, class C, class T, gradient G, detail::sentence Says = PARAMORPH_PRINTED>
PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_PRINTED, "error")))
Stream& operator<<(Stream& to, tensor<S, C, T, G> const&) PARAMORPH_GIVES(to)
#undef PARAMORPH_PRINTED

}  // namespace paramorph::inline PARAMORPH_ABI

namespace xt {

// By value, so that they are more specialised than functions of anything.
#define PARAMORPH_TAKES_ARRAYS(name, write)                                              \
    "xt::" #name " takes arrays, not a tensor of a network: in forward write pm::" write \
    "; elsewhere read the value "                                                        \
    "first, as net.weight()"
#define PARAMORPH_OF_ARRAYS(name, write)                                                                             \
    template <class S, class T, class O, paramorph::detail::sentence Says = PARAMORPH_TAKES_ARRAYS(name, write)>     \
    PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_TAKES_ARRAYS(name, write), "error")))                           \
    constexpr paramorph::symbol<S, T, O> name(paramorph::symbol<S, T, O> x)                                          \
        PARAMORPH_GIVES(x) template <class S, class T, class O, class A,                                             \
                                     paramorph::detail::sentence Says = PARAMORPH_TAKES_ARRAYS(name, write)>         \
        PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_TAKES_ARRAYS(name, write), "error")))                       \
        constexpr paramorph::symbol<S, T, O> name(paramorph::symbol<S, T, O> x, A&&)                                 \
            PARAMORPH_GIVES(x) template <class S, class T, class O, class A, class B,                                \
                                         paramorph::detail::sentence Says = PARAMORPH_TAKES_ARRAYS(name, write)>     \
            PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_TAKES_ARRAYS(name, write), "error")))                   \
            constexpr paramorph::symbol<S, T, O> name(paramorph::symbol<S, T, O> x, A&&, B&&) PARAMORPH_GIVES(       \
                x) template <class S, class T, class O, class A, std::size_t N,                                      \
                             paramorph::detail::sentence Says = PARAMORPH_TAKES_ARRAYS(name, write)>                 \
            PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_TAKES_ARRAYS(name, write), "error")))                   \
            constexpr paramorph::symbol<S, T, O> name(paramorph::symbol<S, T, O> x, A const(&)[N])                   \
                PARAMORPH_GIVES(x) template <class S, class C, class T, paramorph::gradient G,                       \
                                             paramorph::detail::sentence Says = PARAMORPH_TAKES_ARRAYS(name, write)> \
                PARAMORPH_DIAGNOSED((diagnose_if(true, PARAMORPH_TAKES_ARRAYS(name, write), "error")))               \
                constexpr typename paramorph::tensor<S, C, T, G>::traced_type name(paramorph::tensor<S, C, T, G> x)  \
                    PARAMORPH_GIVES(x.as_symbol())

PARAMORPH_OF_ARRAYS(abs, "abs(x)")
PARAMORPH_OF_ARRAYS(amax, "max<axis>(x)")
PARAMORPH_OF_ARRAYS(amin, "min<axis>(x)")
PARAMORPH_OF_ARRAYS(clip, "clamp(x, low, high)")
PARAMORPH_OF_ARRAYS(cos, "cos(x)")
PARAMORPH_OF_ARRAYS(cumsum, "cumsum<axis>(x)")
PARAMORPH_OF_ARRAYS(diag, "from_diagonal(x)")
PARAMORPH_OF_ARRAYS(diagonal, "diagonal(x)")
PARAMORPH_OF_ARRAYS(erf, "erf(x)")
PARAMORPH_OF_ARRAYS(exp, "exp(x)")
PARAMORPH_OF_ARRAYS(expand_dims, "unsqueeze<axis>(x)")
PARAMORPH_OF_ARRAYS(expm1, "expm1(x)")
PARAMORPH_OF_ARRAYS(fabs, "abs(x)")
PARAMORPH_OF_ARRAYS(fmax, "maximum(x, y)")
PARAMORPH_OF_ARRAYS(fmin, "minimum(x, y)")
PARAMORPH_OF_ARRAYS(log, "log(x)")
PARAMORPH_OF_ARRAYS(log1p, "log1p(x)")
PARAMORPH_OF_ARRAYS(maximum, "maximum(x, y)")
PARAMORPH_OF_ARRAYS(mean, "mean<axis>(x)")
PARAMORPH_OF_ARRAYS(minimum, "minimum(x, y)")
PARAMORPH_OF_ARRAYS(norm_l1, "norm<1>(x)")
PARAMORPH_OF_ARRAYS(norm_l2, "norm<2>(x)")
PARAMORPH_OF_ARRAYS(pow, "pow(x, exponent)")
PARAMORPH_OF_ARRAYS(prod, "prod<axis>(x)")
PARAMORPH_OF_ARRAYS(sign, "sign(x)")
PARAMORPH_OF_ARRAYS(sin, "sin(x)")
PARAMORPH_OF_ARRAYS(sqrt, "sqrt(x)")
PARAMORPH_OF_ARRAYS(square, "square(x)")
PARAMORPH_OF_ARRAYS(squeeze, "reshape<pm::shape<...>>(x)")
PARAMORPH_OF_ARRAYS(sum, "sum<axis>(x)")
PARAMORPH_OF_ARRAYS(tanh, "tanh(x)")
PARAMORPH_OF_ARRAYS(transpose, "transpose(x)")
PARAMORPH_OF_ARRAYS(tril, "tril(x)")
PARAMORPH_OF_ARRAYS(triu, "triu(x)")
PARAMORPH_OF_ARRAYS(view, "slice<axis, begin, end>(x)")
PARAMORPH_OF_ARRAYS(where, "where(condition, a, b)")
PARAMORPH_OF_ARRAYS(xtuple, "concatenate<axis>(x, y)")

#undef PARAMORPH_TAKES_ARRAYS
#undef PARAMORPH_OF_ARRAYS

}  // namespace xt
