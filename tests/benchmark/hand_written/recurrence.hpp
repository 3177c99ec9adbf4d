// A recurrent network by hand, with AVX2: the matrix of the state lies transposed, so that a number of the state meets
// the gates of all units in twelve sums; the input's products and the biases are where the sums begin.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <immintrin.h>

#include "../networks.hpp"
#include "repeat.hpp"
#include "sigmoid.hpp"

namespace benchmark::hand_written {

class gru_network {
    using of = benchmark::gru_stream;
    static constexpr int units = of::hidden, gates = of::gates, vectors = units / 8;
    alignas(32) float columns_[units][gates], input_[gates], bias_[gates], of_state_[units], head_[units],
        state_[units];
    float head_bias_;

  public:
    gru_network() {
        float const* const w = of::numbers();
        float const *const hidden = w + gates, *const b = hidden + gates * units, *const head = b + 2 * gates;
        for (int i = 0; i < gates; ++i) {
            for (int j = 0; j < units; ++j) columns_[j][i] = hidden[i * units + j];
            input_[i] = w[i];
            bias_[i] = b[i] + (i < 2 * units ? b[gates + i] : 0);
        }
        for (int i = 0; i < units; ++i) of_state_[i] = b[gates + 2 * units + i], head_[i] = head[i];
        head_bias_ = head[units];
    }
    void reset() {
        for (float& h : state_) h = 0;
    }
    float step(float x) {
        __m256 sums[3 * vectors];
        __m256 const in = _mm256_set1_ps(x);
        repeat<2 * vectors>([&](auto v) __attribute__((always_inline)) {
            sums[v] = _mm256_fmadd_ps(in, _mm256_load_ps(input_ + 8 * v), _mm256_load_ps(bias_ + 8 * v));
        });
        repeat<vectors>(
            [&](auto v) __attribute__((always_inline)) { sums[2 * vectors + v] = _mm256_load_ps(of_state_ + 8 * v); });
        for (int j = 0; j < units; ++j) {
            __m256 const h = _mm256_broadcast_ss(state_ + j);
            repeat<3 * vectors>([&](auto v) __attribute__((always_inline)) {
                sums[v] = _mm256_fmadd_ps(h, _mm256_load_ps(columns_[j] + 8 * v), sums[v]);
            });
        }
        __m256 result = _mm256_setzero_ps();
        repeat<vectors>([&](auto v) __attribute__((always_inline)) {
            constexpr auto table = exponential::table;
            __m256 const r = sigmoid<bounded{0.0f, 1.0f, 1.0f}, table>(sums[v]);
            __m256 const z = sigmoid<bounded{0.0f, 1.0f, 1.0f}, table>(sums[vectors + v]);
            __m256 const fresh = _mm256_fmadd_ps(in, _mm256_load_ps(input_ + 2 * units + 8 * v),
                                                 _mm256_load_ps(bias_ + 2 * units + 8 * v));
            __m256 const n =
                sigmoid<bounded{-1.0f, 1.0f, 2.0f}, table>(_mm256_fmadd_ps(r, sums[2 * vectors + v], fresh));
            __m256 const h = _mm256_fmadd_ps(z, _mm256_sub_ps(_mm256_load_ps(state_ + 8 * v), n), n);
            _mm256_store_ps(state_ + 8 * v, h);
            result = _mm256_fmadd_ps(h, _mm256_load_ps(head_ + 8 * v), result);
        });
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(result), _mm256_extractf128_ps(result, 1));
        half = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1))) + head_bias_;
    }
};

inline void gru_stream(float const* x, float* y) {
    static gru_network network;
    network.reset();
    for (int t = 0; t < benchmark::gru_stream::frames; ++t) y[t] = network.step(x[t]);
}

}  // namespace benchmark::hand_written
