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

// Both workloads on Size x Size row-major float matrices. `dx` is the gradient of sum(g . f(x)) with respect to x.
template <int Size>
struct subject {
    static void sigmoid_forward(float const* x, float* y);
    static void sigmoid_gradient(float const* x, float const* g, float* dx);
    static void symmetric_forward(float const* x, float* y);
    static void symmetric_gradient(float const* x, float const* g, float* dx);
};

}  // namespace benchmark
