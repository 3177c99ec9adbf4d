// A walk through a compiled program with memory of its own: what pm::bounds and its kin run, by the compiler or at run
// time. Where intervals cut short what the relaxation found, a second walk, by the relaxation alone, answers too, and
// the better answer counts: asks.better(one, other). In constant evaluation a walk does so much at once as compilers
// evaluate; pm::proved_bounds does more, in steps.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/compiled.hpp"
#include "paramorph/prove/affine_walk.hpp"
#include "paramorph/prove/box.hpp"
#include "paramorph/prove/range_scan.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace refused {
[[noreturn]] inline void the_proof_is_too_long_for_one_constant_evaluation_write_pm_proved_bounds_of_net_and_box() {
    say("bounds: the proof is too long for one constant evaluation; write pm::proved_bounds<net, box>, which proves in "
        "steps, or pm::bounds<pm::bounding::intervals>(net, box)");
}
}  // namespace refused

namespace detail {

// Multiplications of one constant evaluation, and of a step of several: g++ evaluates 33 million operations at once,
// clang a million statements.
inline constexpr double work_of_one_evaluation = 5e5, work_of_a_step = 1.5e5;
// Of what no input moves: intervals in a step.
inline constexpr double elements_of_a_step = 4096;

constexpr int leaf_count(graph const& g) {
    int n = 0;
    for (int i = 0; i < g.size; ++i) n += g.nodes[i].operation->kind == category::leaf;
    return n;
}
template <class P, int Inputs>
inline constexpr int first_input_leaf = leaf_count(compiled<P>::simplified) - Inputs;

// The intervals of leaf k, as run of a walk takes them; leaf(k, i) is element i of leaf k before the inputs.
template <class P, class Leaf, class... Of>
struct leaves_of {
    using T = typename P::real;
    Leaf const& leaf;
    double const *lower[sizeof...(Of)], *upper[sizeof...(Of)];

    constexpr explicit leaves_of(Leaf const& f, box<Of> const&... inputs)
        : leaf(f), lower{inputs.lower...}, upper{inputs.upper...} {}
    constexpr void operator()(int k, interval<T>* to, int n) const {
        int const input = k - first_input_leaf<P, static_cast<int>(sizeof...(Of))>;
        for (int i = 0; i < n; ++i)
            if (input < 0) {
                double const x = leaf(k, i);
                if (math::isfinite(x))
                    to[i].lo = to[i].hi = x;
                else
                    to[i] = interval<T>(x);
            } else {
                double const low = lower[input][i], high = upper[input][i];
                require_order(i, low, high);
                to[i] = {rounded_outwards<T, false>(low), rounded_outwards<T, true>(high)};
            }
    }
};

template <class P, class Asks, class Leaf, class... Of>
constexpr auto walk_program(Asks const& asks, bool refine, Leaf const& leaf, box<Of> const&... inputs) {
    using T = typename P::real;
    constexpr bool has_one_result = traced<typename P::result>;
    static_assert(has_one_result, "bounds: the network must have one result; give a module that passes on one of them");
    if constexpr (!has_one_result)
        return false;
    else {
        constexpr graph const& g = compiled<P>::simplified;
        range_places const places(g, first_input_leaf<P, static_cast<int>(sizeof...(Of))>);
        scratch_array<interval<T>> fixed(places.fixed_elements), moved(places.moved_elements);
        scratch_array<relation> relations(places.moved_elements);
        scratch_array<double> errors(places.moved_elements), lower(places.fixed_elements);
        scratch_array<passing> how(g.size);
        leaves_of<P, Leaf, Of...> const leaves(leaf, inputs...);
        double budget = math::infinity;
        if (std::is_constant_evaluated()) budget = work_of_one_evaluation;
        auto const walked = [&](bool alone, auto const& then) {
            affine_walk<T> walk(g, places, rules_of<P>, affine_fixed<T>{fixed.data, lower.data},
                                affine_memory<T>{moved.data, relations.data, errors.data, how.data});
            walk.alone = alone;
            walk.run_fixed(leaves, fixed.data, lower.data);
            budget -= walk.run_moved(leaves, refine, budget);
            return then(walk);
        };
        bool narrowed = false;
        auto answer = walked(false, [&](affine_walk<T>& walk) {
            if (walk.next < g.size)
                refused::the_proof_is_too_long_for_one_constant_evaluation_write_pm_proved_bounds_of_net_and_box();
            narrowed = walk.narrowed;
            return asks(walk);
        });
        if constexpr (requires { asks.better(answer, answer); })
            if (narrowed)
                walked(true, [&](affine_walk<T>& walk) {
                    bool const done = walk.next == g.size;
                    if (done) answer = asks.better(answer, asks(walk));
                    return done;
                });
        return answer;
    }
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
