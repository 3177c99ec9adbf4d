// Constraints with their densities, as a sampler calls them: the gradient of sum(c * p(y)) + log|det dp/dy| with
// respect to the free numbers y, all in double. How many numbers are free, and where they come from, is the same on
// every side.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace benchmark {

// The free numbers are the first of x, which have deviation 4.
constexpr double free_scale = 1 / 16.0;

// Of vectors of `size` numbers, or size x size matrices.
constexpr int free_of_simplex(int size) {
    return size - 1;
}
constexpr int free_of_ordered(int size) {
    return size;
}
constexpr int free_of_covariances(int size) {
    return size * (size + 1) / 2;
}
constexpr int free_of_correlations(int size) {
    return size * (size - 1) / 2;
}

}  // namespace benchmark
