// Elementary functions for kernels: `kernel::accurate`, on every vector type of compat/simd.hpp and on plain scalars by
// the same algorithms, so that the remainder of a loop and a target without a vector unit get the same results.
//
// Accuracy: at most 4 ulp over the whole domain in float and double, with and without fused multiply-add: tails,
// subnormal arguments and results, infinities and NaN included; nothing is flushed to zero. tests/unit/vector_math.cpp
// measures it. The functions are straight-line code with at most one division (double log1p and gelu: two, pow: two).
// Some leave the line and go lane by lane for rare arguments: sin and cos beyond 8,192 in float and 2^20 in double; log
// and log1p where the logarithm's argument is subnormal, not positive or not finite; pow where it is subnormal or not
// finite.
// Not for -ffast-math: rounding to an integer by adding 1.5 * 2^23 and the tests for NaN need IEEE arithmetic.
//
// The polynomials are this library's own minimax fits; the relative error of each stands beside it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/math/called.hpp"
#include "paramorph/kernel/math/error_function.hpp"
#include "paramorph/kernel/math/fast.hpp"
#include "paramorph/kernel/math/power.hpp"
#include "paramorph/kernel/math/sigmoid.hpp"
#include "paramorph/kernel/math/trigonometric.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

struct fast;

// The accurate policy: an operation written once as `value<M>(x)` calls `M::exp(x)`. At most 4 ulp everywhere.
struct accurate : basic, exponentials, logarithms, powers, sigmoids, trigonometric, error_functions {
    using fast_version = fast;
};

// The fast policy: what `pm::fast` asks for. Functions that have no faster version are the accurate ones.
struct fast : accurate, fast_functions {
    using fast_version = fast;
    using fast_functions::exp;
    using fast_functions::gelu;
    using fast_functions::normal_cdf;
    using fast_functions::sigmoid;
    using fast_functions::silu;
    using fast_functions::tanh;
};

// The accurate policy for arguments of which |x| <= near::largest is known, or that are not numbers: nothing
// overflows.
struct near : accurate {
    static constexpr double largest = 8;
    template <class V>
    [[gnu::always_inline]] static V exp(V x) {
        return detail::exp_scaled(x, 0);
    }
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x) {
        return sigmoid(x, 1, 1);
    }
    template <class V>
    [[gnu::always_inline]] static V sigmoid(V x, double factor, double height) {
        using detail::number;
        if (factor < -10 || factor > 10) return accurate::sigmoid(x, factor, height);
        auto const [mantissa, scale] = detail::exp_parts<-1>(x, 0, factor);
        return number<V>(height) / simd::fma(mantissa, scale, number<V>(1));
    }
    template <class V>
    [[gnu::always_inline]] static V tanh(V x) {
        return detail::tanh_within(x);
    }
};

// The same functions, called instead of inlined.
using called = calling<accurate>;

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
