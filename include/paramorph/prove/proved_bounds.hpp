// proved_bounds<net, box>: what pm::bounds(net, box) gives, as a constant that the compiler makes in steps, each one a
// constant evaluation of its own, so that networks of many layers stay within what compilers evaluate at once.
//
//     constexpr auto box = pm::box<pm::shape<64>>::around(digit, 0.01);
//     static_assert(pm::proved_bounds<net, box>.within(-10, 10));
//     static_assert(pm::proved_margin<net, 7, box> > 0);       // class 7 wins for every input of the box (pm::margin)
//
// The boxes are constants of static storage (`constexpr` at namespace scope). Errors: as of pm::bounds. Cost: that of
// the walk (prove/affine_walk.hpp), which the compiler interprets; nothing at run time. Source: Zhang et al. 2018,
// "Efficient neural network robustness certification with general activation functions".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/bounds.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class T, int Moved, int Nodes>
struct proof_state {
    interval<T> ranges[Moved];
    relation relations[Moved]{};
    double errors[Moved]{};
    passing how[Nodes]{};
    int next = 0, element = -1, scan_step = 0;
    bool all_finite = true, no_nan = true, narrowed = false;
    char const* unknown = nullptr;
    int unknown_length = 0;
};
template <class T, int Fixed>
struct proof_constants {
    interval<T> ranges[Fixed];
    double lower[Fixed]{};
    int next = 0;
    bool all_finite = true, no_nan = true;
    char const* unknown = nullptr;
    int unknown_length = 0;
};
constexpr void copy_flags(auto const& from, auto& to) {
    to.all_finite = from.all_finite;
    to.no_nan = from.no_nan;
    to.unknown = from.unknown;
    to.unknown_length = from.unknown_length;
}

// A constant evaluation each, as the steps behind them.
template <class Proof, int Step>
inline constexpr auto constants_after = Proof::more_constants(constants_after<Proof, Step - 1>);
template <class Proof>
inline constexpr auto constants_after<Proof, 0> = typename Proof::constants_type{};
template <class Proof, int Step>
inline constexpr auto proof_after = Proof::advance(proof_after<Proof, Step - 1>);
template <class Proof>
inline constexpr auto proof_after<Proof, 0> = Proof::begin();

// Alone: by the relaxation alone (prove/program_walk.hpp).
template <class Net, bool Alone, auto const&... Box>
struct proof;
template <auto const& Numbers, bool Alone, auto const&... Box>
struct proof<network_on_target<Numbers>, Alone, Box...> {
    using P = bounded_program<Numbers, typename std::remove_cvref_t<decltype(Box)>::shape_type...>;
    using T = typename P::real;
    static constexpr graph const& g = compiled<P>::simplified;
    static constexpr int inputs_from = first_input_leaf<P, static_cast<int>(sizeof...(Box))>;
    static constexpr int moved = range_places(g, inputs_from).moved_elements,
                         fixed = range_places(g, inputs_from).fixed_elements;
    using state = proof_state<T, moved, g.size>;
    using constants_type = proof_constants<T, (fixed > 0 ? fixed : 1)>;

    // Calls f(walk) with what is known, and keeps what it learns.
    static constexpr void walk(constants_type const& of, state& s, auto const& f) {
        range_places const places(g, inputs_from);
        // The walk writes to what inputs move alone.
        affine_walk<T> w(g, places, rules_of<P>, affine_fixed<T>{const_cast<interval<T>*>(of.ranges), of.lower},
                         affine_memory<T>{s.ranges, s.relations, s.errors, s.how});
        copy_flags(s, w);
        w.alone = Alone;
        w.narrowed = s.narrowed;
        w.next = s.next;
        w.element = s.element;
        w.scan_step = s.scan_step;
        f(w,
          leaves_of<P, decltype(leaf_of_numbers<Numbers>), typename std::remove_cvref_t<decltype(Box)>::shape_type...>(
              leaf_of_numbers<Numbers>, Box...));
        copy_flags(w, s);
        s.narrowed = w.narrowed;
        s.next = w.next;
        s.element = w.element;
        s.scan_step = w.scan_step;
    }
    static constexpr constants_type more_constants(constants_type of) {
        state s{};
        copy_flags(of, s);
        walk(of, s, [&](auto& w, auto const& leaves) {
            of.next = w.run_fixed(leaves, of.ranges, of.lower, of.next, elements_of_a_step);
        });
        copy_flags(s, of);
        return of;
    }
    template <int Step = 1>
    static constexpr constants_type const& constants() {
        if constexpr (constants_after<proof, Step>.next < g.size)
            return constants<Step + 1>();
        else
            return constants_after<proof, Step>;
    }
    static constexpr state begin() {
        state s{};
        copy_flags(constants(), s);
        return s;
    }
    static constexpr state advance(state s) {
        walk(constants(), s, [](auto& w, auto const& leaves) {
            w.stops_in_scans = true;
            w.run_moved(leaves, true, work_of_a_step);
        });
        return s;
    }
    template <int Step = 1>
    static constexpr auto answer(auto const& asks) {
        if constexpr (proof_after<proof, Step>.next < g.size)
            return answer<Step + 1>(asks);
        else {
            state s = proof_after<proof, Step>;
            decltype(asks(std::declval<affine_walk<T>&>())) result{};
            walk(constants(), s, [&](auto& w, auto const&) { result = asks(w); });
            using by_relaxation = proof<network_on_target<Numbers>, true, Box...>;
            constexpr bool walks_again = !Alone && requires { asks.better(result, result); };
            if constexpr (walks_again && proof_after<proof, Step>.narrowed)
                return asks.better(result, by_relaxation::answer(asks));
            else
                return result;
        }
    }
};

template <class Net, auto const&... Box>
constexpr auto bounds_in_steps() {
    using proof_of = proof<Net, false, Box...>;
    return proof_of::answer(asks_bounds<typename proof_of::P>{});
}
template <class Net, int K, auto const&... Box>
constexpr double margin_in_steps() {
    using proof_of = proof<Net, false, Box...>;
    return proof_of::answer(asks_margin<typename proof_of::P>{K});
}

}  // namespace detail

template <auto Net, auto const&... Box>
    requires(sizeof...(Box) > 0)
inline constexpr auto proved_bounds = detail::bounds_in_steps<std::remove_cv_t<decltype(Net)>, Box...>();
template <auto Net, int K, auto const&... Box>
    requires(sizeof...(Box) > 0)
inline constexpr double proved_margin = detail::margin_in_steps<std::remove_cv_t<decltype(Net)>, K, Box...>();

}  // namespace paramorph::inline PARAMORPH_ABI
