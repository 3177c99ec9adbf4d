// packed<P>: half the numbers to train. An 8 x 8 skew matrix has 28 of its own. A parametrization of one's own can be
// packed, too, if it says which triangle of its original it reads.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/packed.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

// Symmetric, and zero on the diagonal. It reads what stands above the diagonal.
struct hollow {
    using codomain = pm::set::symmetric;
    static constexpr auto forward(auto x) { return pm::triu<1>(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto a) { return pm::triu<1>(a); }
};
template <>
inline constexpr pm::param::triangle pm::param::free_triangle<hollow>{.diagonal = 1, .side = 1};

int main() {
    pm::tensor<pm::shape<8, 8>, pm::chain<pm::param::packed<pm::param::skew>>> w;
    pm::random numbers{pm::seed{1}};
    w.initialize(numbers, 1);
    static_assert(decltype(w)::traits::original_shape<0>::size == 28);
    w.original()(0) = 5;  // row by row: above the diagonal, the first is (0, 1)
    auto const y = w();
    // From and to the layout with all 64 numbers, which PyTorch has.
    float full[64], back[28];
    pm::param::unpack_original<pm::param::skew>(w.original().data(), full, 8);
    pm::param::pack_original<pm::param::skew>(full, back, 8);
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::packed<hollow>>> distances;  // between three places
    distances = xt::xtensor_fixed<float, xt::xshape<3, 3>>{{0, 1, 2}, {1, 0, 4}, {2, 4, 0}};
    auto const& d = distances.original();
    bool const three = d.size() == 3 && d(0) == 1 && d(1) == 2 && d(2) == 4;
    std::printf("%d numbers, w01 = %g, w10 = %g\n", int(w.original().size()), double(y(0, 1)), double(y(1, 0)));
    return y(0, 1) == 5 && y(1, 0) == -5 && full[1] == 5 && back[27] == w.original()(27) && three ? 0 : 1;
}
