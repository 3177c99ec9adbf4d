// What two programs round, as operations of the graph of their difference (prove/difference_pass.hpp):
//
//   rounding_of_two          of an operation that is rounded once, or a function with a stated error
//   rounding_of_products     of sums of products, and rounding_of_sum, rounding_of_mean of sums, in any order
//   rounding_to_eight_bits   p t - b, where p = round(b / t) is a row in eight bits and t the row's scale, or a fixed
//                            one: at most half a scale; what saturates, more
//
// Cost: a few interval operations for each element, where a difference is asked for; no program runs them.
// Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", for sums; embed/int8_words.hpp for the
// rounding to eight bits.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/range_walk.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: the result of one program and the error of the other's before it rounds. Attribute: which error the
// operation states. Result: what both round, of the shape of the first one.
struct rounding_of_two : dense<rounding_of_two, 2> {
    static constexpr std::string_view name = "rounding";
    static constexpr bool of_sizes = true;
    enum { half_ulp, four_ulp, fast_function, deviation };
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        error_of_function const by = x.attribute.v[0] == half_ulp   ? error_of_function{unit_of<T>, least_of<T>}
                                     : x.attribute.v[0] == four_ulp ? paramorph::detail::four_ulp<T>
                                     : x.attribute.v[0] == deviation
                                         ? error_of_function{128 * unit_of<T>, least_epsilon}  // of inverse_deviation
                                         : fast_error;
        double most = 0;
        bool known = true, nan = false;
        for (int i = 0; i < x.shape[1].size(); ++i) {
            most = math::max(most, x.argument[1][i].size());
            known = known && x.argument[1][i].finite();
            nan = nan || x.argument[1][i].nan;
        }
        for (int i = 0; i < x.shape[0].size(); ++i) {
            interval<T> const& y = x.argument[0][i];
            double const off = ((2 * y.size() + most) * by.relative + 2 * by.absolute) * (1 + 0x1p-10);
            x.result[0][i] =
                known && y.finite() && off < double(std::numeric_limits<T>::max()) / 4
                    ? interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), nan || y.nan}
                    : interval<T>::everything();
        }
    }
};

// Arguments: those of Op, a product or a convolution, of one program, each followed by its error in the other one (a
// single number where there is none), the rounding to eight bits included. Attributes: those of Op.
template <class Op, bool InEightBits>
struct rounding_of_products : dense<rounding_of_products<Op, InEightBits>, 4> {
    static constexpr std::string_view name = "rounding of products";
    static constexpr bool of_sizes = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int) {
        extents const of[max_arguments]{a[0], a[2]};
        return Op::shape(of, at, 0);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        int const left = x.shape[0].size(), right = x.shape[2].size(), results = x.result_shape[0].size();
        scratch_array<interval<T>> a(left), b(right);
        range_operands<T> sizes = x;
        bool known = sized(x, 0, left, a.data), nan = false;
        known = sized(x, 2, right, b.data) && known;
        for (int k = 0; k < rounding_of_products::arity; ++k)
            nan = nan || known_of<T>(x.argument[k], x.shape[k].size()).nan;
        sizes.shape[1] = x.shape[2];
        sizes.argument[0] = a.data;
        sizes.argument[1] = b.data;
        // At least as many as are added: all elements that a result reads of the second argument.
        double terms = x.shape[2].from_end(1);
        if constexpr (std::is_same_v<Op, matmul>) {
            terms = batch_of_products(x.shape[0], x.shape[2], x.attribute).inner;
            product_range(sizes);
        } else {
            terms = double(right);
            convolution_range<Op>(sizes);
        }
        // A sum of integers is exact: it is rounded to a number, and multiplied by two scales.
        double const n = terms + 2, of_sum = n * unit_of<T> / (1 - n * unit_of<T>),
                     relative = of_sum + (InEightBits ? 6 * unit_of<T> : of_sum);
        for (int i = 0; i < results; ++i) {
            interval<T>& r = x.result[0][i];
            double const off = (r.hi * relative + 2 * n * least_of<T>)*(1 + 0x1p-10);
            r = known && relative < 0.25 && off < double(std::numeric_limits<T>::max()) / 4
                    ? interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), nan}
                    : interval<T>::everything();
        }
    }

  private:
    // Numbers that neither program's argument k exceeds; are they known?
    template <class T>
    static constexpr bool sized(range_operands<T> const& x, int k, int count, interval<T>* to) {
        bool const single = x.shape[k + 1].size() != count;
        bool known = true;
        for (int i = 0; i < count; ++i) {
            interval<T> const &a = x.argument[k][i], &e = x.argument[k + 1][single ? 0 : i];
            known = known && a.finite() && e.finite();
            to[i] = interval<T>(0, known ? (a.size() + e.size()) * (1 + 0x1p-50) : 0);
            to[i].lo = to[i].hi;
        }
        return known;
    }
};

// As before, of a sum: its terms, their errors. Attributes: those of Op.
template <class Op>
struct rounding_of_sum : dense<rounding_of_sum<Op>, 2> {
    static constexpr std::string_view name = "rounding of a sum";
    static constexpr bool of_sizes = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return Op::shape(a, at, result);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        int const count = x.shape[0].size(), results = x.result_shape[0].size();
        scratch_array<double> size(results);
        bool known = true, nan = false;
        for (int i = 0; i < count; ++i) {
            known = known && x.argument[0][i].finite() && x.argument[1][i].finite();
            nan = nan || x.argument[0][i].nan || x.argument[1][i].nan;
        }
        if (known)
            each_reduced(x.shape[0], Op::mask(x.shape[0], x.attribute), [&](int from, int to) {
                size.data[to] += x.argument[0][from].size() + x.argument[1][from].size();
            });
        double const n = double(count) / (results > 0 ? results : 1) + 4,
                     relative = n * unit_of<T> / (1 - n * unit_of<T>);
        for (int i = 0; i < results; ++i) {
            double const off = 2 * (size.data[i] * relative + n * least_of<T>)*(1 + 0x1p-10);
            x.result[0][i] = known && relative < 0.25 && off < double(std::numeric_limits<T>::max()) / 4
                                 ? interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off), nan}
                                 : interval<T>::everything();
        }
    }
};

// The same of window_mean.
struct rounding_of_mean : dense<rounding_of_mean, 2> {
    static constexpr std::string_view name = "rounding of a mean";
    static constexpr bool of_sizes = true;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return window_mean::shape(a, at, result);
    }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        auto const by = pooling_numbers::from(x.attribute);
        by.each(x.shape[0], by.extent, [&](int to, int from, auto const& w, int apart) {
            double size = 0;
            bool known = true, nan = false;
            for (int k = 0; k < w.elements; ++k) {
                interval<T> const &a = x.argument[0][from + k * apart], &e = x.argument[1][from + k * apart];
                known = known && a.finite() && e.finite();
                nan = nan || a.nan || e.nan;
                if (known) size += a.size() + e.size();
            }
            // The sum of both, and a quotient, or a product with a reciprocal.
            double const n = w.elements + 10, relative = n * unit_of<T> / (1 - n * unit_of<T>),
                         off = 2 * (size * relative + n * least_of<T>)*(1 + 0x1p-10);
            x.result[0][to] = known && off < double(std::numeric_limits<T>::max()) / 4
                                  ? interval<T>{rounded_outwards<T, false>(-off / w.count - least_of<T>),
                                                rounded_outwards<T, true>(off / w.count + least_of<T>), nan}
                                  : interval<T>::everything();
        });
    }
};

// Element i of argument 0 and its error, argument 1, which is a single number where all have none.
template <class T>
constexpr interval<T> of_other(range_operands<T> const& x, int i) {
    return x.argument[0][i] + x.argument[1][x.shape[1].size() == x.shape[0].size() ? i : 0];
}

// Arguments: a row of one program, its error in the other one; result: what the other one loses of it by rounding it to
// eight bits at the scale of its largest element.
struct rounding_to_eight_bits : dense<rounding_to_eight_bits, 2> {
    static constexpr std::string_view name = "rounding to eight bits";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        int const n = x.shape[0].size();
        double largest = 0;
        bool known = true;
        for (int i = 0; i < n; ++i) {
            interval<T> const b = of_other(x, i);
            largest = math::max(largest, b.size());
            known = known && b.finite() && !b.nan;
        }
        // The scale is rounded, and at most one subnormal number larger; p is off by half, and by what b / t and the
        // sum with a half round.
        double const scale = largest / 127 * (1 + 4 * unit_of<T>)+2 * least_of<T>,
                     half = scale * (0.5 + 1024 * unit_of<T>);
        for (int i = 0; i < n; ++i) {
            interval<T> const b = of_other(x, i);
            // Zero is one of the integers: no element moves further than to zero, but for what is rounded.
            double const off = math::min(half, b.size() * (1 + 0x1p-10) + 4 * least_of<T>);
            bool const zero = b.lo == 0 && b.hi == 0;
            x.result[0][i] = !known ? interval<T>::everything()
                             : zero ? interval<T>(0)
                                    : interval<T>{rounded_outwards<T, false>(-off), rounded_outwards<T, true>(off)};
        }
    }
};

// The same at a scale that is fixed, the third argument: the last of its numbers is the reciprocal of the scale.
struct rounding_to_fixed_eight_bits : dense<rounding_to_fixed_eight_bits, 3> {
    static constexpr std::string_view name = "rounding to eight bits of a fixed scale";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class T>
    static constexpr void range(range_operands<T> const& x) {
        using namespace paramorph::detail;
        int const n = x.shape[0].size();
        interval<T> const& reciprocal = x.argument[2][0];
        bool const usable = reciprocal.finite() && reciprocal.lo > 0;
        double const scale = usable ? next_double(1 / reciprocal.lo, true) : 0;
        for (int i = 0; i < n; ++i) {
            interval<T> const b = of_other(x, i);
            if (!usable || !b.finite() || b.nan) {
                x.result[0][i] = interval<T>::everything();
                continue;
            }
            double const most = math::max(127.0, b.size() / scale * (1 + 0x1p-10)),
                         half = scale * (0.5 + 8 * most * unit_of<T>)*(1 + 0x1p-40) + least_of<T>,
                         off = math::min(half, b.size() * (1 + 0x1p-10) + 4 * least_of<T>);
            // What lies beyond -128 or 127 scales is brought back to there.
            double const above = math::max(0.0, b.hi - 127 * scale * (1 - 0x1p-40)),
                         below = math::max(0.0, -b.lo - 127 * scale * (1 - 0x1p-40));
            x.result[0][i] = {rounded_outwards<T, false>(-math::max(off, above * (1 + 0x1p-40))),
                              rounded_outwards<T, true>(math::max(off, below * (1 + 0x1p-40)))};
        }
    }
};

}  // namespace op

}  // namespace paramorph::inline PARAMORPH_ABI
