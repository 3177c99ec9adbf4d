// Properties of a network that its type decides, without a number of it: from the sets of its weights and from what its
// operations state beside their derivatives. Net is a module type with a stated input shape, or pm::called_with<Net,
// pm::shape<...>...>.
//
//     pm::lipschitz<Net>              |f(x) - f(y)| <= lipschitz |x - y|, both by the 2-norm of all elements; a double,
//                                     infinite where none is proved
//     pm::monotone<Net, Inputs...>    does no result fall where an element of these inputs (0, 1, ...; all where none
//                                     is named) rises?
//     pm::positive_output<Net>        is every result greater than 0? nonnegative_output: at least 0?
//     pm::sums_to_one<Net>            does each row of the result, along the last axis, sum to one?
//     pm::convex<Net>                 is every result a convex function of all inputs together?
//     pm::contraction<Cell>           do two states come closer in each step, whatever the input: is the Lipschitz
//                                     constant in all inputs but the first less than 1?
//     pm::contraction_within, pm::forgets in other norms: prove/contraction.hpp; pm::invertible<Net>:
//                                     invert/invertible.hpp
//
// In the compiler's error, where it does not hold, a sentence names what spoils it:
//
//     static_assert(pm::proved<pm::claim::lipschitz<1.01>, Net>);
//     pm::why_not<pm::claim::monotone<>, Net>     the same as a std::string_view; empty where it is proved
//
// What holds, of inference: for every value that the parametrizations make, in any training (of pm::unsafe<stage>,
// where what arrives is of its domain), the rounding of the weights included (prove/weight_facts.hpp), of the function
// that the network is in exact arithmetic with those weights, wherever it does not overflow. The float program rounds
// on the way: pm::bounds has that. A weight that is stored in 16 bits, or quantized, is another one. positive_output
// counts what rounds to zero as zero: exp and softplus alone are nonnegative, softplus(x) + 1e-6 is positive.
//
// A verdict is positive: infinity, NaN and what has no rule prove nothing. What has a rule: prove/property_walk.hpp; a
// user's elementwise operation states `runs` (expr/operation.hpp). Errors: the compiler's where a claim is not proved,
// or the network does not state its input's shape. Cost: one walk through the traced graph, in the compiler; nothing
// for programs that do not ask. Source: prove/property_walk.hpp, which names the papers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include "paramorph/prove/claims.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class Net>
inline constexpr double lipschitz = detail::properties_of<Net, detail::all_inputs>::found.lipschitz;
template <class Net, int... Inputs>
inline constexpr bool monotone = claim::monotone<Inputs...>::template holds<Net>;
template <class Net>
inline constexpr bool convex = claim::convex::holds<Net>;
template <class Net>
inline constexpr bool positive_output = claim::positive_output::holds<Net>;
template <class Net>
inline constexpr bool nonnegative_output = claim::nonnegative_output::holds<Net>;
template <class Net>
inline constexpr bool sums_to_one = claim::sums_to_one::holds<Net>;
template <class Net>
inline constexpr bool contraction = claim::contraction::holds<Net>;

namespace detail {

template <class Claim, class Net>
inline constexpr sentence refutation = [] {
    if constexpr (Claim::template holds<Net>)
        return sentence();
    else
        return Claim::template why_not<Net>();
}();
template <class Claim, class Net>
constexpr bool say_why_not() {
    if constexpr (!Claim::template holds<Net>) {
        constexpr sentence says = refutation<Claim, Net>;  // g++ 12 crashes on the template as argument
        {
            using wrong = mistake<says>;
            using said [[maybe_unused]] = wrong::type;
        }
    }
    return true;  // the sentence is the error
}

}  // namespace detail

// Why a claim is not proved of a network; empty where it is.
template <class Claim, class Net>
inline constexpr std::string_view why_not = detail::refutation<Claim, Net>.view();

// True where a claim is proved; else the error says why not.
template <class Claim, class Net>
inline constexpr bool proved = detail::say_why_not<Claim, Net>();

}  // namespace paramorph::inline PARAMORPH_ABI
