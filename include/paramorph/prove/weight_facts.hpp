// What a tensor's type says of its value: from the set of its chain, and from the sets that contain that one.
//
//   low, high        every element lies within them
//   norm             the 2-norm of the matrix of the first axis and all others, at most
//   filters          the norm of a convolution with it in a multiple of filter_groups groups, at most
//   sum, column_sum  what each row along the last axis, each column of a matrix, sums to; NaN: that is not known
//
// Sets speak of exact numbers, parametrizations round. So a norm is at most the set's times 1 + 5 max(m, n) min(m, n)
// epsilon for stiefel matrices, [m, n], whose q^T q is I within 10 max(m, n) epsilon in each element (param/
// orthogonal.hpp), and times 1 + 10 (m + n) min(m, n) epsilon for others, which are rows of such matrices and products
// of two of them at most; an interval is wider by 8 epsilon, but keeps its sign. A stage whose bound has its rounding
// in it says so by `static constexpr double norm`, as param::lipschitz does; a chain ends in it. One that bounds the
// norm of a convolution with the tensor, whatever its strides, dilation and padding, states `norm_of_convolution`, for
// what has a multiple of so many `groups`, as param::operator_norm does. A user's own set is known by the sets in its
// `within`.
//
// A matrix of numbers within bounds has a norm, too: the smallest of that, of the root of the sum of all squares, and
// of the root of the largest sums of magnitudes along rows and along columns.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/parametrize/chain.hpp"
#include "paramorph/parametrize/sets.hpp"
#include "paramorph/prove/interval.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Products rounded up and down; of large factors 0 or an infinity, since constant evaluation refuses an overflow.
constexpr bool are_large(double a, double b) {
    return math::abs(a) > 0x1p500 || math::abs(b) > 0x1p500;
}
constexpr double up_product(double a, double b) {
    if (a == 0 || b == 0) return 0;
    if (a == 1) return b;
    if (b == 1) return a;
    if (are_large(a, b)) return (a < 0) == (b < 0) ? math::infinity : 0;
    return product_bound<double, true>(a, b);
}
constexpr double down_product(double a, double b) {
    return -up_product(-a, b);
}
constexpr double up_sum(double a, double b) {
    return sum_bound<double, true>(a, b);
}
constexpr double up_root(double a) {
    if (a == math::infinity) return a;
    double const r = math::sqrt(a);
    bool const whole = r < 0x1p26 && math::floor(r) == r && r * r == a;
    return whole ? r : root_bound<double, true>(a);
}
inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
constexpr bool is_known(double x) {
    return x == x;
}
constexpr bool both_known(double a, double b) {
    return is_known(a) && is_known(b);
}

// What sets say, without rounding.
struct set_facts {
    double low = -math::infinity, high = math::infinity;
    double norm = math::infinity, length = math::infinity;  // of a matrix; of all elements
    double row_length = math::infinity, row_sum = not_known, column_sum = not_known;
    bool orthonormal = false;  // its norm is that of a stiefel matrix

    constexpr void at_most(double& x, double bound) {
        if (bound < x) x = bound;  // NaN: no bound
    }
    template <class Set>
    constexpr void add() {
        if constexpr (set::is_interval<Set>) {
            low = math::max(low, Set::low);
            at_most(high, Set::high);
        }
        if (set::reaches_down_to<Set> > low) low = set::reaches_down_to<Set>;
        at_most(high, set::reaches_up_to<Set>);
        if constexpr (std::is_same_v<Set, set::nonnegative>) low = math::max(low, 0.0);
        if constexpr (std::is_same_v<Set, set::stiefel>) orthonormal = true;
        if constexpr (std::is_same_v<Set, set::unit_sphere>) at_most(length, 1);
        if constexpr (std::is_same_v<Set, set::unit_rows>) at_most(row_length, 1);
        if constexpr (std::is_same_v<Set, set::simplex>) row_sum = 1;
        if constexpr (std::is_same_v<Set, set::column_stochastic>) column_sum = 1;
        at_most(norm, set::norms_at_most<Set>);
        if (set::orthogonal_but_for<Set> >= 0) at_most(norm, 1 + set::orthogonal_but_for<Set>);
        at_most(row_length, set::rows_as_long_as<Set>);
        at_most(row_length, set::rows_at_most_as_long_as<Set>);
        [&]<class... Sets>(set::list<Sets...>) { (this->template add<Sets>(), ...); }(typename Set::within{});
    }
};

struct weight_facts {
    double low = -math::infinity, high = math::infinity, norm = math::infinity;
    double filters = math::infinity;
    int filter_groups = 1;
    double sum = not_known, column_sum = not_known;
    std::string_view set = "real";
    std::string_view refusal{};  // why a stage says nothing of the norm
};

template <class Chain>
struct last_stage {
    using type = void;
};
template <class Last>
struct last_stage<chain<Last>> {
    using type = Last;
};
template <class First, class Next, class... Rest>
struct last_stage<chain<First, Next, Rest...>> : last_stage<chain<Next, Rest...>> {};

// An upper bound of the norm of a matrix [m, n] of which sets say this.
constexpr double norm_from(set_facts const& f, extents const& s, double epsilon) {
    if (s.rank < 1 || s.size() == 0) return math::infinity;
    double const m = s.d[0], n = double(s.size()) / m, least = math::min(m, n), most = math::max(m, n);
    double const size = math::max(-f.low, f.high), rows = double(s.size()) / s.from_end(0);
    double bound = math::min(
        f.length, math::min(up_product(f.row_length, up_root(rows)), up_product(size, up_root(double(s.size())))));
    if (s.rank == 2) {
        bound = math::min(bound, f.norm);
        // Of a row or a column whose elements are not negative, the sum of the magnitudes is the sum.
        bool const positive = f.low >= 0;
        double const along_rows = positive && is_known(f.row_sum) ? f.row_sum : up_product(size, n),
                     along_columns = positive && is_known(f.column_sum) ? f.column_sum : up_product(size, m);
        bound = math::min(bound, up_root(up_product(along_rows, along_columns)));
    }
    bound = up_product(bound, up_sum(1, up_product(10 * epsilon, (m + n) * least)));
    if (f.orthonormal && s.rank >= 2) bound = math::min(bound, up_sum(1, up_product(5 * epsilon, most * least)));
    return bound;
}

template <class Tensor>
constexpr weight_facts facts_of() {
    using chain = typename Tensor::chain_type;
    using set = typename chain::codomain;
    using last = typename last_stage<chain>::type;
    constexpr double epsilon = double(std::numeric_limits<typename Tensor::value_type>::epsilon());
    constexpr extents s = Tensor::shape_type::value;
    set_facts of_set;
    of_set.add<set>();
    weight_facts f;
    double const slack = 8 * epsilon * math::max(math::abs(of_set.low), math::abs(of_set.high));
    if (of_set.low > -math::infinity) {
        double const by = of_set.high < math::infinity ? slack : 8 * epsilon * math::abs(of_set.low);
        f.low = of_set.low >= 0 ? math::max(of_set.low - by, 0.0) : of_set.low - by;
    }
    if (of_set.high < math::infinity) {
        double const by = of_set.low > -math::infinity ? slack : 8 * epsilon * math::abs(of_set.high);
        f.high = of_set.high <= 0 ? math::min(of_set.high + by, 0.0) : of_set.high + by;
    }
    f.norm = norm_from(of_set, s, epsilon);
    if constexpr (requires { last::norm; }) f.norm = math::min(f.norm, double(last::norm));
    if constexpr (requires { last::norm_of_convolution(s, epsilon); }) {
        f.filters = last::norm_of_convolution(s, epsilon);
        f.filter_groups = last::groups;
        // Groups one below the other; without taps it is a matrix.
        if (s.rank == 2 && math::isfinite(f.filters))
            f.norm = math::min(f.norm, up_product(f.filters, up_root(f.filter_groups)));
    }
    if constexpr (requires { last::bounds_no_norm; }) f.refusal = last::bounds_no_norm;
    f.sum = of_set.row_sum;
    if (s.rank == 2) f.column_sum = of_set.column_sum;
    f.set = set_name<set>();
    return f;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
