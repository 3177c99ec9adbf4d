// codebook<Count>: y = c_(index), any shape: weights that share Count numbers, the original [Count], which are trained;
// which of them stands where is state, `index`, of the weight's shape. The gradient of a number is the sum over where
// it stands.
//
// right_inverse(w): Lloyd's iteration on the sorted elements, from numbers equally far apart and from the Count - 1
// widest gaps, whichever ends closer to w; index becomes the nearest of the numbers, the lower one of two. Elements of
// no more than Count different numbers come back exactly. Grade: right, on these. `project` takes any tensor, as
// initial values do; pm::nearest finds the best one of all. Errors: assigning another tensor, or what is not finite. An
// index that is written by hand is cut to 0 and Count - 1. Cost: one pass; assigning, a sort and some passes. Source:
// Han, Mao and Dally 2016, "Deep compression", section 3; Lloyd 1982.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <limits>

#include "paramorph/expr/operation.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Which of `count` numbers is meant: cut to what there is.
template <class T>
constexpr int index_of(T at, int count) noexcept {
    return at >= T(count - 1) ? count - 1 : at > 0 ? static_cast<int>(at) : 0;
}

struct look_up;
// Arguments: a tensor, indices of its shape. Attribute: how many numbers. The sums of the elements of each index.
struct add_up : dense<add_up, 2> {
    static constexpr std::string_view name = "add_up";
    using uses = ops<look_up>;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&)[max_arguments], attributes a, int) { return {1, {a.v[0]}}; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const count = x.attribute.v[0], size = x.shape[0].size();
        for (int k = 0; k < count; ++k) x.result[0][k] = 0;
        for (int i = 0; i < size; ++i) x.result[0][index_of(x.argument[1][i], count)] += x.argument[0][i];
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<look_up>(g, a.cotangent[0], n.argument[1]);
    }
};
// Arguments: numbers, indices. The numbers where their indices stand.
struct look_up : dense<look_up, 2> {
    static constexpr std::string_view name = "look_up";
    using uses = ops<add_up>;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.first).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[1]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const count = x.shape[0].size(), size = x.shape[1].size();
        for (int i = 0; i < size; ++i) x.result[0][i] = x.argument[0][index_of(x.argument[1][i], count)];
        return true;
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] =
            push_with<add_up>(g, attributes{{g.shape_of(n.argument[0]).size()}}, a.cotangent[0], n.argument[1]);
    }
};

// Attribute: how many numbers. Results: the numbers, indices, the elements in order, scratch: where each number's run
// of them begins, twice.
struct share_numbers : dense<share_numbers, 1, 4> {
    static constexpr std::string_view name = "share_numbers";
    static constexpr char const* requirement = "codebook: an element of the tensor assigned is not finite";
    static constexpr double flops(auto const& g, node const& n) { return 100.0 * g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        extents const in_order{1, {a[0].size()}};
        return result == 0   ? extents{1, {at.v[0]}}
               : result == 1 ? a[0]
               : result == 2 ? in_order
                             : extents{2, {2, at.v[0]}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const count = x.attribute.v[0], size = x.shape[0].size();
        runs<T> const r{x.result[2], x.result[0], size, count};
        for (int i = 0; i < size; ++i) {
            T const e = x.argument[0][i];
            if (!(e - e == 0)) return false;
            r.element[i] = e;
        }
        std::sort(r.element, r.element + size);
        T *const evenly = x.result[3], *const by_gaps = x.result[3] + count;
        T const low = r.element[0] / 2, high = r.element[size - 1] / 2;
        for (int k = 0; k < count; ++k)
            evenly[k] = T(r.first_above(2 * (low + (high - low) * ((T(k) - T(0.5)) / T(count > 1 ? count - 1 : 1)))));
        evenly[0] = 0;
        r.widest_gaps(by_gaps);
        T const* const best = r.improve(by_gaps) <= r.improve(evenly) ? by_gaps : evenly;
        r.find_means(best);
        for (int i = 0; i < size; ++i) {
            int k = count - 1;
            while (k > 0 && (r.begin(best, k) == r.end(best, k) || x.argument[0][i] < r.element[r.begin(best, k)])) --k;
            x.result[1][i] = T(k);
        }
        return true;
    }

  private:
    // Elements in order, cut into runs: `first` says where each begins.
    template <class T>
    struct runs {
        T *element, *mean;
        int size, count;

        constexpr int begin(T const* first, int k) const { return static_cast<int>(first[k]); }
        constexpr int end(T const* first, int k) const { return k + 1 < count ? begin(first, k + 1) : size; }
        constexpr int first_above(T bound) const {
            return static_cast<int>(std::upper_bound(element, element + size, bound) - element);
        }
        // Runs between the widest gaps; elements that are equal stay together.
        constexpr void widest_gaps(T* first) const {
            first[0] = 0;
            T gap = std::numeric_limits<T>::max();
            int at = 0;  // the gap before this element was the last one
            for (int cuts = 1; cuts < count; ++cuts) {
                T next = -1;
                int widest = size;
                for (int i = 1; i < size; ++i) {
                    T const here = element[i] / 2 - element[i - 1] / 2;
                    bool const is_left = element[i] != element[i - 1] && (here < gap || (here == gap && i > at));
                    if (is_left && here > next) next = here, widest = i;
                }
                first[cuts] = T(widest);
                if (widest < size) gap = next, at = widest;
            }
            std::sort(first, first + count);
        }
        // A run of none has the mean of the one before it.
        constexpr void find_means(T const* first) const {
            for (int k = 0; k < count; ++k) {
                mean[k] = k > 0 ? mean[k - 1] : element[0];
                T number = 0;
                for (int i = begin(first, k); i < end(first, k); ++i) {
                    ++number;
                    mean[k] = number == 1 ? element[i] : mean[k] + (element[i] / number - mean[k] / number);
                }
            }
        }
        // Lloyd's iteration; the sum of the squares of what is lost then, over the square of the largest element.
        constexpr T improve(T* first) const {
            bool moved = true;
            for (int round = 0; round < 100 && moved; ++round) {
                find_means(first);
                moved = false;
                for (int k = 1; k < count; ++k) {
                    if (mean[k] == mean[k - 1]) continue;
                    int at = first_above(mean[k - 1] / 2 + mean[k] / 2);
                    at = at < begin(first, k - 1) ? begin(first, k - 1) : at;
                    moved = moved || at != begin(first, k);
                    first[k] = T(at);
                }
                for (int k = 1; k < count; ++k) first[k] = first[k] < first[k - 1] ? first[k - 1] : first[k];
            }
            find_means(first);
            T const largest = -element[0] > element[size - 1] ? -element[0] : element[size - 1];
            T lost = 0;
            for (int k = 0; k < count && largest > 0; ++k)
                for (int i = begin(first, k); i < end(first, k); ++i) {
                    T const off = element[i] / largest - mean[k] / largest;
                    lost += off * off;
                }
            return lost;
        }
    };
};

}  // namespace op

namespace param {

template <int Count>
struct codebook {
    static_assert(Count > 0, "codebook: there must be at least one number to share");
    using codomain = set::values_at_most<(Count > 0 ? Count : 1)>;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    template <class Shape>
    using state = states<paramorph::state<"index", Shape>>;
    static constexpr auto forward(auto numbers, auto index) { return apply<op::look_up>(numbers, index); }
    static constexpr auto right_inverse(auto w, auto) {
        auto const [numbers, index] = apply<op::share_numbers, attributes{{(Count > 0 ? Count : 1)}}, 2>(w);
        return updated(numbers, index);
    }
};

}  // namespace param

}  // namespace paramorph::inline PARAMORPH_ABI
