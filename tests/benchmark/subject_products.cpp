// paramorph's side of the products: a matrix by a matrix, a matrix by a vector.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/matmul.hpp>

#include "subject_run.hpp"

namespace benchmark {

template <class Left, class Right>
struct product_of {
    using real = float;
    using operations = paramorph::join<paramorph::base_operations,
                                       paramorph::detail::operations_in<decltype(paramorph::matmul(
                                           paramorph::symbol<Left, float>{}, paramorph::symbol<Right, float>{}))>>;
    static constexpr paramorph::ir::graph build() {
        paramorph::ir::graph g = paramorph::new_graph<float>();
        auto const left = paramorph::append_leaf<Left, float>(g, 0);
        auto const right = paramorph::append_leaf<Right, float>(g, 1);
        g.output(paramorph::matmul(left, right).id);
        return g;
    }
};

template <int N>
void product_subject<N>::matmul(float const* a, float const* b, float* c) {
    run<product_of<paramorph::shape<N, N>, paramorph::shape<N, N>>>({a, b}, {c});
}
template <int N>
void product_subject<N>::matrix_vector(float const* a, float const* x, float* y) {
    run<product_of<paramorph::shape<N, N>, paramorph::shape<N>>>({a, x}, {y});
}

template void product_subject<16>::matmul(float const*, float const*, float*);
template void product_subject<64>::matmul(float const*, float const*, float*);
template void product_subject<256>::matmul(float const*, float const*, float*);
template void product_subject<512>::matmul(float const*, float const*, float*);
template void product_subject<64>::matrix_vector(float const*, float const*, float*);
template void product_subject<256>::matrix_vector(float const*, float const*, float*);
template void product_subject<1024>::matrix_vector(float const*, float const*, float*);

}  // namespace benchmark
