// The references: the workloads of the benchmark written by hand with AVX2 and FMA intrinsics, float, one thread, and
// compiled with the flags of everything else. Each comes in variants; the benchmark times them all and takes the
// fastest at a size as the reference there.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "hand_written/sigmoid.hpp"
#include "hand_written/symmetric.hpp"

namespace benchmark::hand_written {

struct variant {
    char const* name;
    void (*run)(float const* x, float const* g, float* to);
};

template <bounded B, int Size, exponential Kind, int Unroll>
void sigmoid_forward_variant(float const* x, float const*, float* y) {
    sigmoid_forward<B, Kind, Unroll>(x, y, Size * Size);
}
template <bounded B, int Size, exponential Kind, int Unroll, bool FromValue>
void sigmoid_gradient_variant(float const* x, float const* g, float* dx) {
    sigmoid_gradient<B, Kind, Unroll, FromValue>(x, g, dx, Size * Size);
}
template <void (*Run)(float const*, float*)>
void of_matrix(float const* x, float const*, float* y) {
    Run(x, y);
}
template <void (*Run)(float const*, float*)>
void of_cotangent(float const*, float const* g, float* dx) {
    Run(g, dx);
}

template <bounded B, int Size>
inline constexpr variant sigmoid_forward_variants[] = {
    {"table, 2 vectors", sigmoid_forward_variant<B, Size, exponential::table, 2>},
    {"table, 4 vectors", sigmoid_forward_variant<B, Size, exponential::table, 4>},
    {"polynomial, 2 vectors", sigmoid_forward_variant<B, Size, exponential::polynomial, 2>},
};

template <bounded B, int Size>
inline constexpr variant sigmoid_gradient_variants[] = {
    {"table, 2 vectors", sigmoid_gradient_variant<B, Size, exponential::table, 2, false>},
    {"table, 4 vectors", sigmoid_gradient_variant<B, Size, exponential::table, 4, false>},
    {"polynomial, 2 vectors", sigmoid_gradient_variant<B, Size, exponential::polynomial, 2, false>},
    {"from the value, 2 vectors", sigmoid_gradient_variant<B, Size, exponential::table, 2, true>},
    {"from the value, 4 vectors", sigmoid_gradient_variant<B, Size, exponential::table, 4, true>},
};

template <int Size>
inline constexpr variant symmetric_forward_variants[] = {
    {"tiles", of_matrix<tiles<symmetric_forward, Size>>},
    {"bands", of_matrix<bands<symmetric_forward, Size>>},
    {"blocks of 32", of_matrix<blocks<symmetric_forward, Size, 32>>},
    {"blocks of 64", of_matrix<blocks<symmetric_forward, Size, 64>>},
    {"blocks of 128", of_matrix<blocks<symmetric_forward, Size, 128>>},
};

template <int Size>
inline constexpr variant symmetric_gradient_variants[] = {
    {"tiles", of_cotangent<tiles<symmetric_gradient, Size>>},
    {"bands", of_cotangent<bands<symmetric_gradient, Size>>},
    {"blocks of 32", of_cotangent<blocks<symmetric_gradient, Size, 32>>},
    {"blocks of 64", of_cotangent<blocks<symmetric_gradient, Size, 64>>},
    {"blocks of 128", of_cotangent<blocks<symmetric_gradient, Size, 128>>},
};

}  // namespace benchmark::hand_written
