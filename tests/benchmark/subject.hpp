// What the benchmark measures: paramorph's side of every workload, behind plain functions, so that each side is
// compiled on its own and none can see through another. The definitions are in subject_<n>.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace benchmark {

// The sigmoid chain is lower + (upper - lower) * sigmoid(slope * x), with these three numbers on every side.
inline constexpr float lower = -1.5f;
inline constexpr float upper = 2.5f;
inline constexpr float slope = 0.8f;

// The numbers of the mixed chain, whose twelve stages are in subject_mixed.hpp.
struct mixed_numbers {
    float scale, mirror, above, shift, below, size;
};
inline constexpr mixed_numbers mixed{
    .scale = 0.8f, .mirror = 0.25f, .above = 0.5f, .shift = 0.1f, .below = 0.5f, .size = 0.5f};

// Workloads on Size x Size row-major float matrices. `dx` is the gradient of sum(g . f(x)) with respect to x.
template <int Size>
struct subject {
    static void fast_sigmoid_forward(float const* x, float* y);
    static void sigmoid_forward(float const* x, float* y);
    static void sigmoid_gradient(float const* x, float const* g, float* dx);
    static void sigmoid_both(float const* x, float const* g, float* y, float* dx);
    static void symmetric_forward(float const* x, float* y);
    static void symmetric_gradient(float const* x, float const* g, float* dx);
    // Row i of v gets the norm g_i; `c` is the cotangent.
    static void weight_norm_forward(float const* v, float const* g, float* y);
    static void weight_norm_gradient(float const* v, float const* g, float const* c, float* dv, float* dg);
};

template <int Size>
struct mixed_subject {
    static void forward(float const* x, float* y);
    static void gradient(float const* x, float const* g, float* dx);
};

template <int Size>
struct product_subject {
    static void matmul(float const* a, float const* b, float* c);
    static void matrix_vector(float const* a, float const* x, float* y);
};

// Spectral norm in training, with one step of power iteration from u and v: its value and what u and v become; the
// gradient.
template <int Size>
struct spectral_norm_subject {
    static void forward(float const* w, float const* u, float const* v, float* y, float* next_u, float* next_v);
    static void gradient(float const* w, float const* u, float const* v, float const* c, float* dw);
};

// A matrix of normal numbers with deviation 4, as the benchmark's are, becomes one whose norm is 2 or so at any size.
template <int Size>
inline constexpr float rotation_scale = Size == 16   ? 1 / 16.0f
                                        : Size == 64 ? 1 / 32.0f
                                                     : 1 / 64.0f;

// Orthogonal matrices: of x only what is above the diagonal counts.
template <int Size>
struct rotation_subject {
    static void cayley_forward(float const* x, float* y);
    static void cayley_both(float const* x, float const* g, float* y, float* dx);
    static void matrix_exp_forward(float const* x, float* y);
    static void matrix_exp_both(float const* x, float const* g, float* y, float* dx);
};

// Networks (networks.hpp). A step gives the loss, then the gradients of all numbers.
struct network_subject {
    static void conv1d_stack(float const* x, float* y);
    template <int Channels>
    static void wavenet_layer(float const* x, float* y);
    static void gru_stream(float const* x, float* y);
    static void conv2d_forward(float const* x, float* y);
    static void conv2d_step(float const* x, float* to);
};

}  // namespace benchmark
