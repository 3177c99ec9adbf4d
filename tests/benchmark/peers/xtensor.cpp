// The workloads in xtensor with xsimd: one lazy expression each.
//
// SPDX-License-Identifier: BSL-1.0
#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>
#endif

#include <array>
#include <cstddef>

#include "../subject.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

template <int Size>
struct in_xtensor {
    template <class Pointer>
    static auto adapt(Pointer p) {
        return xt::adapt(p, std::size_t{Size} * Size, xt::no_ownership(), std::array<std::size_t, 2>{Size, Size});
    }

    static void fast_sigmoid_forward(float const* x, float* y) {
        auto in = adapt(x);
        auto out = adapt(y);
        xt::noalias(out) = 1.0f / (1.0f + xt::exp(-in));
    }
    static void sigmoid_forward(float const* x, float* y) {
        auto in = adapt(x);
        auto out = adapt(y);
        xt::noalias(out) = lower + (upper - lower) / (1.0f + xt::exp(-slope * in));
    }
    static void sigmoid_gradient(float const* x, float const* g, float* dx) {
        auto in = adapt(x);
        auto cotangent = adapt(g);
        auto out = adapt(dx);
        xt::noalias(out) = 1.0f / (1.0f + xt::exp(-slope * in));
        xt::noalias(out) = (upper - lower) * slope * cotangent * (out * (1.0f - out));
    }
    static void sigmoid_both(float const* x, float const* g, float* y, float* dx) {
        auto in = adapt(x);
        auto cotangent = adapt(g);
        auto value = adapt(y);
        auto out = adapt(dx);
        xt::noalias(value) = 1.0f / (1.0f + xt::exp(-slope * in));
        xt::noalias(out) = (upper - lower) * slope * cotangent * (value * (1.0f - value));
        xt::noalias(value) = lower + (upper - lower) * value;
    }
    static void symmetric_forward(float const* x, float* y) {
        auto in = adapt(x);
        auto out = adapt(y);
        auto strict = xt::triu(in, 1);
        xt::noalias(out) = xt::triu(in) + xt::transpose(strict);
    }
    static void symmetric_gradient(float const*, float const* g, float* dx) {
        auto cotangent = adapt(g);
        auto out = adapt(dx);
        auto mirrored = xt::transpose(cotangent);
        xt::noalias(out) = xt::triu(cotangent) + xt::triu(mirrored, 1);
    }
};

[[maybe_unused]] bool const registered = register_peer<in_xtensor, 16, 64, 256, 1024>("xtensor");

}  // namespace
}  // namespace benchmark
