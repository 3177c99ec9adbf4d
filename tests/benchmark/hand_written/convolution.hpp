// Convolutional networks by hand, with AVX2: frames or pixels in lanes, numbers of filters broadcast, tiles of 12 or 15
// sums in registers, and bias, activation and what else follows a convolution in the loop that completes it. Buffers
// between layers are padded to whole vectors, whose last lanes nobody reads.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

#include <algorithm>

#include "../networks.hpp"
#include "repeat.hpp"
#include "sigmoid.hpp"

namespace benchmark::hand_written {

// sums[o][v] += w[o][c][k] x[c][k apart + 8 v ...] for so many outputs and vectors.
template <int Outputs, int Vectors, int Channels, int Taps>
[[gnu::always_inline]] inline void add_taps(__m256 (&sums)[Outputs][Vectors], float const* w, float const* x, int pitch,
                                            int apart) {
    for (int c = 0; c < Channels; ++c)
        repeat<Taps>([&](auto k) __attribute__((always_inline)) {
            __m256 row[Vectors];
            repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                row[v] = _mm256_loadu_ps(x + c * pitch + k * apart + 8 * v);
                asm("" : "+x"(row[v]));
            });
            repeat<Outputs>([&](auto o) __attribute__((always_inline)) {
                __m256 const number = _mm256_broadcast_ss(w + (o * Channels + c) * Taps + k);
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    sums[o][v] = _mm256_fmadd_ps(number, row[v], sums[o][v]);
                });
            });
        });
}

// y[o][i] = f(b[o] + sum of w[o][c][k] x[c][i + k apart]) for `Frames` frames, rounded up to Vectors vectors.
template <int In, int Out, int Taps, int Frames, int Outputs, int Vectors, class F>
[[gnu::always_inline]] inline void layer(float const* w, float const* b, float const* x, int pitch, int apart, float* y,
                                         int y_pitch, F f) {
    static_assert(Out % Outputs == 0);
    for (int i = 0; i < Frames; i += 8 * Vectors)
        for (int o = 0; o < Out; o += Outputs) {
            __m256 sums[Outputs][Vectors];
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                repeat<Vectors>([&](auto v)
                                    __attribute__((always_inline)) { sums[p][v] = _mm256_broadcast_ss(b + o + p); });
            });
            add_taps<Outputs, Vectors, In, Taps>(sums, w + o * In * Taps, x + i, pitch, apart);
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    _mm256_storeu_ps(y + (o + p) * y_pitch + i + 8 * v, f(sums[p][v]));
                });
            });
        }
}

inline constexpr exponential of_networks = exponential::table;

inline void conv1d_stack(float const* x, float* y) {
    constexpr int pitch = 80;
    alignas(64) float a[8 * pitch], b[4 * pitch], c[4 * pitch], d[4 * pitch], first[pitch]{};
    float const* const w = benchmark::conv1d_stack::numbers();
    auto const tanh = [](__m256 v) __attribute__((always_inline)) {
        return sigmoid<bounded{-1.0f, 1.0f, 2.0f}, of_networks>(v);
    };
    std::copy_n(x, 70, first);
    layer<1, 8, 1, 72, 4, 3>(w, w + 8, first, pitch, 0, a, pitch, tanh);
    layer<8, 4, 3, 72, 4, 3>(w + 16, w + 112, a, pitch, 1, b, pitch, tanh);
    layer<4, 4, 1, 72, 4, 3>(w + 116, w + 132, b, pitch, 0, c, pitch, tanh);
    layer<4, 4, 3, 64, 4, 2>(w + 136, w + 184, c, pitch, 2, d, pitch, tanh);
    layer<4, 1, 1, 64, 1, 4>(w + 188, w + 192, d, pitch, 0, y, 64, [](__m256 v) __attribute__((always_inline)) {
        return sigmoid<bounded{0.0f, 1.0f, 1.0f}, of_networks>(v);
    });
}

// The 1x1 and what is added follow while the layer's activations are in the first-level cache.
template <int Channels, int Outputs, int Vectors>
void wavenet_layer(float const* x, float* y) {
    using of = benchmark::wavenet_layer<Channels>;
    constexpr int pitch = of::before + of::frames, frames = of::frames;
    float const* const w = of::numbers();
    float const* const b = w + Channels * Channels * of::taps;
    float const* const mixin = b + Channels;
    float const* const one = mixin + Channels;
    float const* const signal = x + of::signal;
    float* const passed = y + Channels * frames;
    for (int i = 0; i < frames; i += 8 * Vectors) {
        for (int o = 0; o < Channels; o += Outputs) {
            __m256 sums[Outputs][Vectors];
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                __m256 const bias = _mm256_broadcast_ss(b + o + p), gain = _mm256_broadcast_ss(mixin + o + p);
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    sums[p][v] = _mm256_fmadd_ps(gain, _mm256_loadu_ps(signal + i + 8 * v), bias);
                });
            });
            add_taps<Outputs, Vectors, Channels, of::taps>(sums, w + o * Channels * of::taps, x + i, pitch, of::apart);
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    __m256 const z = sums[p][v];
                    _mm256_storeu_ps(y + (o + p) * frames + i + 8 * v,
                                     _mm256_max_ps(z, _mm256_mul_ps(z, _mm256_set1_ps(0.01f))));
                });
            });
        }
        for (int o = 0; o < Channels; o += Outputs) {
            __m256 sums[Outputs][Vectors];
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                __m256 const bias = _mm256_broadcast_ss(one + Channels * Channels + o + p);
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    sums[p][v] = _mm256_add_ps(bias, _mm256_loadu_ps(x + (o + p) * pitch + of::before + i + 8 * v));
                });
            });
            add_taps<Outputs, Vectors, Channels, 1>(sums, one + o * Channels, y + i, frames, 0);
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    _mm256_storeu_ps(passed + (o + p) * frames + i + 8 * v, sums[p][v]);
                });
            });
        }
    }
}

// A row of results of some outputs with 3x3 filters, relu(b + ...): the last vector overlaps the one before it.
template <int Outputs, int Vectors, int Channels>
[[gnu::always_inline]] inline void tile_3x3(float const* w, float const* b, float const* x, int columns, float* y,
                                            int plane, int const (&at)[Vectors]) {
    __m256 sums[Outputs][Vectors];
    repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
        repeat<Vectors>([&](auto v) __attribute__((always_inline)) { sums[p][v] = _mm256_broadcast_ss(b + p); });
    });
    for (int c = 0; c < Channels; ++c, x += columns * columns)
        repeat<9>([&](auto k) __attribute__((always_inline)) {
            __m256 row[Vectors];
            repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                row[v] = _mm256_loadu_ps(x + k / 3 * columns + k % 3 + at[v]);
                asm("" : "+x"(row[v]));
            });
            repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
                __m256 const number = _mm256_broadcast_ss(w + (p * Channels + c) * 9 + k);
                repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
                    sums[p][v] = _mm256_fmadd_ps(number, row[v], sums[p][v]);
                });
            });
        });
    repeat<Outputs>([&](auto p) __attribute__((always_inline)) {
        repeat<Vectors>([&](auto v) __attribute__((always_inline)) {
            _mm256_storeu_ps(y + p * plane + at[v], _mm256_max_ps(sums[p][v], _mm256_setzero_ps()));
        });
    });
}

// Image by image, so that what a layer makes is read from the second-level cache.
inline void conv2d_net(float const* x, float* y) {
    using net = benchmark::conv2d_net;
    alignas(64) static float a[net::first * net::after_first * net::after_first], b[net::features];
    float const* const w = net::numbers();
    float const* const second = w + net::numbers_of_first;
    float const* const dense = second + net::numbers_of_second;
    constexpr int rows = net::after_first, plane = rows * rows, last = net::after_second, last_plane = last * last;
    for (int n = 0; n < net::images; ++n, x += net::rows * net::rows, y += net::classes) {
        for (int i = 0; i < rows; ++i)
            for (int o = 0; o < net::first; o += 4) {
                auto const of = [&](int const(&at)[2]) __attribute__((always_inline)) {
                    tile_3x3<4, 2, 1>(w + o * 9, w + net::first * 9 + o, x + i * net::rows, net::rows,
                                      a + o * plane + i * rows, plane, at);
                };
                of({0, 8}), of({16, 18});
            }
        for (int i = 0; i < last; ++i)
            for (int o = 0; o < net::second; o += 4)
                tile_3x3<4, 3, net::first>(second + o * net::first * 9, second + net::second * net::first * 9 + o,
                                           a + i * rows, rows, b + o * last_plane + i * last, last_plane, {0, 8, 16});
        __m256 sums[net::classes];
        for (auto& s : sums) s = _mm256_setzero_ps();
        for (int i = 0; i < net::features; i += 8) {
            __m256 const v = _mm256_load_ps(b + i);
            repeat<net::classes>([&](auto k) __attribute__((always_inline)) {
                sums[k] = _mm256_fmadd_ps(v, _mm256_loadu_ps(dense + k * net::features + i), sums[k]);
            });
        }
        for (int k = 0; k < net::classes; ++k) {
            alignas(32) float lanes[8];
            _mm256_store_ps(lanes, sums[k]);
            y[k] = dense[net::classes * net::features + k] +
                   (((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])));
        }
    }
}

}  // namespace benchmark::hand_written
