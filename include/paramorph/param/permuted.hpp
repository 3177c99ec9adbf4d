// permuted<Axis, i...>: y_k = x_i_k along an axis, any rank from 1 on: a weight whose rows, columns or channels stand
// in another order, as those of another network's layer do. i... are the numbers 0 to n - 1, each once. right_inverse:
// the inverse permutation. Grade: bijective. log_abs_det: 0. Errors: another list of numbers does not compile. Cost:
// none in a kernel that reads it; else one pass over memory. Source: torch.index_select.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/gather.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Axis, int... Index>
struct permuted {
    static constexpr auto inverse = grade::bijective;
    static constexpr auto forward(auto x) {
        if constexpr (is_permutation<extents_of<decltype(x)>>())
            return gather<Axis, Index...>(x);
        else
            return x;
    }
    static constexpr auto right_inverse(auto y) {
        if constexpr (is_permutation<extents_of<decltype(y)>>())
            return [&]<int... K>(std::integer_sequence<int, K...>) {
                return gather<Axis, place_of(K)...>(y);
            }(std::make_integer_sequence<int, sizeof...(Index)>{});
        else
            return y;
    }
    static constexpr auto log_abs_det(auto x) { return paramorph::detail::no_log_abs_det(x); }

  private:
    static constexpr int count = sizeof...(Index);
    // Where k stands in the list; -1 if it does not.
    static constexpr int place_of(int k) {
        int const list[]{Index..., -1};
        for (int at = 0; at < count; ++at)
            if (list[at] == k) return at;
        return -1;
    }
    template <extents Shape>
    static constexpr bool is_permutation() {
        constexpr bool of_axis =
            Axis >= 0 && Axis < Shape.rank && Shape.d[Axis < Shape.rank && Axis >= 0 ? Axis : 0] == count;
        constexpr bool each_once = [] {
            for (int k = 0; k < count; ++k)
                if (place_of(k) < 0) return false;
            return true;
        }();
        if constexpr (!of_axis || !each_once) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "permuted: give the numbers 0 to n - 1 of an axis of n, each once: ",
                paramorph::detail::listed(Index...).view(), " for axis ", Axis, " of ", Shape)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return of_axis && each_once;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
