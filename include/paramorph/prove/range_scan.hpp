// The intervals of a scan: its cell is walked through step by step, with the state's intervals of the step before, each
// step refined by the affine relaxation within it. What one state owes to another is forgotten between steps.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/compiled.hpp"
#include "paramorph/prove/affine_walk.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The rules of the operations of a program.
template <class P>
inline constexpr auto rules_of = rules_for<typename P::real, compiled<P>>(typename compiled<P>::operations{});

// Op: op::scan (nn/scan_operations.hpp), or one that has no states between (prove/difference_scan.hpp). Has every
// operation of a step a rule?
template <class Op, class T>
constexpr bool scan_range(range_operands<T> const& x) {
    using step = typename Op::step;
    constexpr graph const& g = compiled<step>::simplified;
    constexpr int states = step::state_size, outputs = step::output_size;
    constexpr bool keeps_states = Op::results > 2;
    range_places const places(g, 0, 2);  // the parameters are the same in each step
    scratch_array<interval<T>> fixed(places.fixed_elements), moved(places.moved_elements), state(states);
    scratch_array<relation> relations(places.moved_elements);
    scratch_array<double> errors(places.moved_elements), lower(places.fixed_elements);
    scratch_array<passing> how(g.size);
    int const from = *x.scan_step;
    for (int i = 0; i < states; ++i) state.data[i] = from > 0 ? x.result[0][i] : x.argument[0][i];
    if constexpr (keeps_states)
        for (int i = 0; from == 0 && i < states; ++i) x.result[2][i] = state.data[i];
    *x.scan_step = 0;
    for (int t = from, count = x.shape[1].d[0]; t < count && *x.scan_step == 0; ++t) {
        affine_walk<T> walk(g, places, rules_of<step>, affine_fixed<T>{fixed.data, lower.data},
                            affine_memory<T>{moved.data, relations.data, errors.data, how.data});
        auto const leaf = [&](int k, interval<T>* to, int n) {
            interval<T> const* const in = k == 0   ? state.data
                                          : k == 1 ? x.argument[1] + t * step::input_size
                                                   : x.argument[2] + step::begins[static_cast<std::size_t>(k - 2)];
            for (int i = 0; i < n; ++i) to[i] = in[i];
        };
        if (t == from) walk.run_fixed(leaf, fixed.data, lower.data);
        walk.run_moved(leaf, true, math::infinity);
        if (walk.unknown) return false;
        *x.all_finite = *x.all_finite && walk.all_finite;
        *x.no_nan = *x.no_nan && walk.no_nan;
        for (int i = 0; i < states; ++i) state.data[i] = walk.at(g.outputs[0])[i];
        for (int i = 0; i < outputs; ++i) x.result[1][t * outputs + i] = walk.at(g.outputs[1])[i];
        if constexpr (keeps_states)
            if ((t + 1) % Op::states_apart == 0 && t + 1 < count)
                for (int i = 0; i < states; ++i) x.result[2][(t + 1) / Op::states_apart * states + i] = state.data[i];
        if (x.stops_in_scans && t + 1 < count) *x.scan_step = t + 1;
    }
    for (int i = 0; i < states; ++i) x.result[0][i] = state.data[i];
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
