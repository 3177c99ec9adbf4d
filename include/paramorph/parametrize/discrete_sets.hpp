// The sets of tensors of few values or many zeros; part of parametrize/sets.hpp, which says how to read them. Cost:
// membership takes one pass over the elements, in values_at_most one for each value. Source: the parametrizations that
// make them, param/codebook.hpp, param/pruned.hpp, param/ternary.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/parametrize/elementary_sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace membership {

// The slices along an axis, or the whole tensor where the axis is below 0: f(element, n), where element(k) is where the
// k-th of the n elements of the slice stands, holds for each.
constexpr bool every_slice(extents const& shape, int axis, auto f) {
    if (axis >= shape.rank) return false;
    if (axis < 0) return f([](int k) { return k; }, shape.size());
    int behind = 1;
    for (int k = axis + 1; k < shape.rank; ++k) behind *= shape.d[k];
    int const count = shape.d[axis], n = shape.size() / count;
    for (int slice = 0; slice < count; ++slice)
        if (!f([=](int k) { return (k / behind * count + slice) * behind + k % behind; }, n)) return false;
    return true;
}

}  // namespace membership

namespace set {

// Of every M elements along the last axis, which M divides, at most N are not 0.
template <int N, int M>
struct pruned;
// Is a set pruned<n, m> with n of N at least and an m that divides M?
template <class Set, int N, int M>
inline constexpr bool prunes_no_more = false;
template <int OtherN, int OtherM, int N, int M>
inline constexpr bool prunes_no_more<pruned<OtherN, OtherM>, N, M> = N <= OtherN && M % OtherM == 0;
template <int N, int M>
struct pruned {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<pruned>();
    template <class B>
    static constexpr bool inside = prunes_no_more<B, N, M>;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        if (shape.rank < 1 || shape.from_end(0) % M != 0 || !membership::finite(x, shape)) return false;
        double const allowed = membership::allowed_of(tolerance, membership::largest_element(x, shape));
        for (int at = 0; at < shape.size(); at += M) {
            int count = 0;
            for (int k = 0; k < M; ++k) count += math::abs(static_cast<double>(x[at + k])) > allowed;
            if (count > N) return false;
        }
        return true;
    }
};
// No more than Count different numbers; numbers are equal that lie within the tolerance, which is of the largest, on
// both sides of another.
template <int Count>
struct values_at_most;
template <class Set>
inline constexpr int most_values = -1;
template <int Count>
inline constexpr int most_values<values_at_most<Count>> = Count;
template <int Count>
struct values_at_most {
    using within = list<real>;
    static constexpr std::string_view name = paramorph::detail::short_type_name<values_at_most>();
    template <class B>
    static constexpr bool inside = Count <= most_values<B>;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        if (!membership::finite(x, shape)) return false;
        double const allowed = 2 * membership::allowed_of(tolerance, membership::largest_element(x, shape));
        // The least number beyond those that were counted, again and again.
        double counted = -std::numeric_limits<double>::infinity();
        for (int count = 0;; ++count) {
            double least = std::numeric_limits<double>::infinity();
            for (int k = 0; k < shape.size(); ++k)
                if (double const e = static_cast<double>(x[k]); e > counted) least = math::min(least, e);
            if (least == std::numeric_limits<double>::infinity()) return true;
            if (count == Count) return false;
            counted = least + allowed;
        }
    }
};
// In each slice along an axis (in the whole tensor where Axis is below 0) every element is -s or s; is -s, 0 or s.
template <int Axis, bool WithZero>
struct values_of_scale {
    using within = list<real>;
    static constexpr bool contains(auto const* x, extents const& shape, double tolerance) {
        return membership::finite(x, shape) && membership::every_slice(shape, Axis, [=](auto const& element, int n) {
                   double largest = 0;
                   for (int k = 0; k < n; ++k)
                       largest = math::max(largest, math::abs(static_cast<double>(x[element(k)])));
                   double const allowed = membership::allowed_of(tolerance, largest);
                   for (int k = 0; k < n; ++k) {
                       double const size = math::abs(static_cast<double>(x[element(k)]));
                       if (!(membership::near(size, largest, allowed) || (WithZero && size <= allowed))) return false;
                   }
                   return true;
               });
    }
};
// In each slice along Axis, or in the whole tensor where Axis is below 0, every element is -s, 0 or s for one s.
template <int Axis>
struct three_values : values_of_scale<Axis, true> {
    static constexpr std::string_view name = "three_values";
    template <class B>
    static constexpr bool inside = Axis < 0 && most_values<B> >= 3;
};
// Likewise -s or s.
template <int Axis>
struct two_values : values_of_scale<Axis, false> {
    using within = list<three_values<Axis>>;
    static constexpr std::string_view name = "two_values";
    template <class B>
    static constexpr bool inside = Axis < 0 && most_values<B> >= 2;
};

}  // namespace set

}  // namespace paramorph::inline PARAMORPH_ABI
