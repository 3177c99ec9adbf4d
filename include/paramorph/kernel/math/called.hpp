// A grade's functions, called instead of inlined: for loops so long that compiling them inlined would cost seconds.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

template <class Grade>
struct calling : Grade {
    using fast_version = calling<typename Grade::fast_version>;
    template <class V>
    [[gnu::noinline]] static V exp(V x) noexcept {
        return Grade::exp(x);
    }
    template <class V>
    [[gnu::noinline]] static V expm1(V x) noexcept {
        return Grade::expm1(x);
    }
    template <class V>
    [[gnu::noinline]] static V log(V x) noexcept {
        return Grade::log(x);
    }
    template <class V>
    [[gnu::noinline]] static V log1p(V x) noexcept {
        return Grade::log1p(x);
    }
    template <class V>
    [[gnu::noinline]] static V tanh(V x) noexcept {
        return Grade::tanh(x);
    }
    template <class V>
    [[gnu::noinline]] static V sigmoid(V x) noexcept {
        return Grade::sigmoid(x);
    }
    template <class V>
    [[gnu::noinline]] static V softplus(V x) noexcept {
        return Grade::softplus(x);
    }
    template <class V>
    [[gnu::noinline]] static V silu(V x) noexcept {
        return Grade::silu(x);
    }
    template <class V>
    [[gnu::noinline]] static V sin(V x) noexcept {
        return Grade::sin(x);
    }
    template <class V>
    [[gnu::noinline]] static V cos(V x) noexcept {
        return Grade::cos(x);
    }
    template <class V>
    [[gnu::noinline]] static V erf(V x) noexcept {
        return Grade::erf(x);
    }
    template <class V>
    [[gnu::noinline]] static V normal_cdf(V x) noexcept {
        return Grade::normal_cdf(x);
    }
    template <class V>
    [[gnu::noinline]] static V gelu(V x) noexcept {
        return Grade::gelu(x);
    }
    template <class V>
    [[gnu::noinline]] static V sigmoid(V x, double factor, double height) noexcept {
        return Grade::sigmoid(x, factor, height);
    }
    template <class V>
    [[gnu::noinline]] static V pow(V x, double y) noexcept {
        return Grade::pow(x, y);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
