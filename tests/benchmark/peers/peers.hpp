// What other libraries make of the same workloads. A peer that is installed registers itself, so the benchmark needs to
// know none.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <vector>

namespace benchmark {

// One workload at one size in one library; `to` receives the value, or the gradient of sum(g . f(x)).
struct peer {
    std::string_view library;
    std::string_view workload;
    int size;
    void (*run)(float const* x, float const* g, float* to);
    std::string_view formula = {};  // where it is another one for the same end: its values are not compared
};

inline std::vector<peer>& peers() {
    static std::vector<peer> all;
    return all;
}

// Adds to `all` what Library<Size> has of: fast_sigmoid_forward(x, y), sigmoid_forward(x, y), sigmoid_gradient(x, g,
// dx), sigmoid_both(x, g, y, dx), symmetric_forward, symmetric_gradient, weight_norm_forward(v, g, y),
// weight_norm_gradient(v, g, c, dv, dg), as subject<Size> has them; matmul(a, b, c), matrix_vector(a, x, y),
// spectral_norm_forward(w, v, y, next_u, next_v), spectral_norm_gradient(w, v, c, dw), cayley_forward(x, y),
// matrix_exp_forward(x, y).
template <template <int> class Library, int Size>
void add_peers(std::vector<peer>& all, std::string_view name) {
    using library = Library<Size>;
    if constexpr (requires { library::fast_sigmoid_forward; })
        all.push_back({name, "fast_sigmoid.forward", Size,
                       [](float const* x, float const*, float* y) { library::fast_sigmoid_forward(x, y); }});
    if constexpr (requires { library::sigmoid_forward; })
        all.push_back({name, "sigmoid_chain.forward", Size,
                       [](float const* x, float const*, float* y) { library::sigmoid_forward(x, y); }});
    if constexpr (requires { library::sigmoid_gradient; })
        all.push_back({name, "sigmoid_chain.gradient", Size, library::sigmoid_gradient});
    if constexpr (requires { library::sigmoid_both; })
        all.push_back({name, "sigmoid_chain.both", Size, [](float const* x, float const* g, float* to) {
                           library::sigmoid_both(x, g, to, to + Size * Size);
                       }});
    if constexpr (requires { library::symmetric_forward; })
        all.push_back({name, "symmetric.forward", Size,
                       [](float const* x, float const*, float* y) { library::symmetric_forward(x, y); }});
    if constexpr (requires { library::symmetric_gradient; })
        all.push_back({name, "symmetric.gradient", Size, library::symmetric_gradient});
    if constexpr (requires { library::weight_norm_forward; })
        all.push_back({name, "weight_norm.forward", Size, [](float const* x, float const*, float* y) {
                           library::weight_norm_forward(x, x + Size * Size, y);
                       }});
    if constexpr (requires { library::weight_norm_gradient; })
        all.push_back({name, "weight_norm.gradient", Size, [](float const* x, float const* c, float* to) {
                           library::weight_norm_gradient(x, x + Size * Size, c, to, to + Size * Size);
                       }});
    if constexpr (requires { library::spectral_norm_forward; })
        all.push_back({name, "spectral_norm.forward", Size, [](float const* x, float const* g, float* to) {
                           library::spectral_norm_forward(x, g + Size * Size, to, to + Size * Size,
                                                          to + Size * Size + Size);
                       }});
    if constexpr (requires { library::spectral_norm_gradient; })
        all.push_back({name, "spectral_norm.gradient", Size, [](float const* x, float const* g, float* to) {
                           library::spectral_norm_gradient(x, g + Size * Size, g, to);
                       }});
    if constexpr (requires { library::cayley_forward; })
        all.push_back({name, "cayley.forward", Size,
                       [](float const* x, float const*, float* y) { library::cayley_forward(x, y); }});
    if constexpr (requires { library::matrix_exp_forward; })
        all.push_back({name, "matrix_exp.forward", Size,
                       [](float const* x, float const*, float* y) { library::matrix_exp_forward(x, y); }});
    if constexpr (requires { library::matmul; }) all.push_back({name, "matmul", Size, library::matmul});
    if constexpr (requires { library::matrix_vector; })
        all.push_back({name, "matrix_vector", Size, library::matrix_vector});
}

template <template <int> class Library, int... Sizes>
bool register_peer(std::string_view name) {
    (add_peers<Library, Sizes>(peers(), name), ...);
    return true;
}

}  // namespace benchmark
