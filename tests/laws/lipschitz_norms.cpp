// The norms that lipschitz makes, by an SVD in double: none is larger than the bound.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/lipschitz.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/parametrize/tensor.hpp"

namespace pm = paramorph;
using pm::param::lipschitz;

namespace {

// The largest singular value of a weight seen as the matrix of its first axis and all others, and what rounding in
// double may have made of it.
struct norm_of {
    double value, rounding;
    template <class W>
    explicit norm_of(W const& w) {
        int const rows = static_cast<int>(w.shape()[0]), columns = static_cast<int>(w.size()) / rows;
        auto const* const x = w.data();
        auto const s = pm::membership::find_singular_value<double>(
            [=](int i, int j) { return double(x[i * columns + j]); }, rows, columns, 0);
        value = s.value;
        rounding = s.rounding;
    }
};

// Of originals of many kinds: how much of the bound the largest norm takes. `above` counts those beyond it.
struct measured {
    double most = 0;
    int above = 0, tried = 0;
};
template <class P, class Shape, class T>
measured measure() {
    measured m;
    auto array = pm::make_container<Shape, T>();
    for (int i = 0; i < Shape::size; ++i) array.data()[i] = 0;
    pm::tensor<Shape, pm::chain<P>, T> weight(array);
    pm::random source{pm::seed{11}};
    double const largest = sizeof(T) == 4 ? 1e38 : 1e300, least = sizeof(T) == 4 ? 1e-38 : 1e-300;
    for (int kind = 0; kind < 4; ++kind)
        for (double const scale : {0.0, least, 1e-30, 1e-5, 0.1, 1.0, 10.0, 1e5, 1e30, largest}) {
            int const columns = Shape::size / Shape::value.d[0];
            for (int i = 0; i < Shape::size; ++i) {
                double const drawn = source.uniform(-1, 1), row = i / columns, column = i % columns;
                double const x = kind == 0   ? drawn
                                 : kind == 1 ? (row == column) * (1 - 0.1 * (row > 0))  // a gap of a tenth
                                 : kind == 2 ? (0.1 + row) * (column - 1.3)             // of rank one
                                             : 1e-5 + 1e-9 * drawn;
                array.data()[i] = static_cast<T>(x * scale);
            }
            weight.original() = array;
            norm_of const n(weight());
            ++m.tried;
            double const share = n.value / P::norm;
            if (share > m.most) m.most = share;
            if (!(n.value <= P::norm * (1 + 1e-12 * (sizeof(T) == 8)) + n.rounding)) ++m.above;
        }
    return m;
}

}  // namespace

TEST_CASE("lipschitz: no original makes a larger norm, and large ones come close to the bound") {
    auto const check = [](measured m, double close) {
        CHECK(m.above == 0);
        CHECK(m.tried == 40);
        CHECK((m.most > close && m.most <= 1));
    };
    check(measure<lipschitz<>, pm::shape<2, 2>, float>(), 0.999);
    check(measure<lipschitz<>, pm::shape<2, 2>, double>(), 0.999);
    check(measure<lipschitz<3>, pm::shape<7, 4>, float>(), 0.999);
    check(measure<lipschitz<0.001>, pm::shape<4, 7>, float>(), 0.999);
    check(measure<lipschitz<>, pm::shape<1, 9>, float>(), 0.999);
    check(measure<lipschitz<>, pm::shape<9, 1>, double>(), 0.999);
    check(measure<lipschitz<>, pm::shape<1, 1>, float>(), 0.999);
    check(measure<lipschitz<>, pm::shape<32, 32>, float>(), 0.99);
    check(measure<lipschitz<1, 0>, pm::shape<16, 16>, double>(), 0.99);
}

TEST_CASE("lipschitz: power iteration underestimates what it bounds") {
    // diag(1, 0.9), from vectors that are almost at right angles to the first one.
    using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::spectral_norm<>>, double> estimated;
    estimated = matrix{{1 / 0.95, 0}, {0, 0.9}} * 0.95;
    estimated.state<0, 0>() = xt::xtensor_fixed<double, xt::xshape<2>>{0.1, 0.995};
    estimated.state<0, 1>() = xt::xtensor_fixed<double, xt::xshape<2>>{0.1, 0.995};
    CHECK(norm_of(estimated()).value > 1.1);
    pm::tensor<pm::shape<2, 2>, pm::chain<lipschitz<>>, double> bounded;
    bounded = matrix{{0, 0}, {0, 0}};
    bounded.original() = matrix{{1, 0}, {0, 0.9}} * 1.25;
    CHECK((norm_of(bounded()).value <= 1 && norm_of(bounded()).value > 0.999));
    // A single weight of 1e-5 stays what it is; one within the bound, too.
    pm::tensor<pm::shape<1, 1>, pm::chain<lipschitz<>>> single;
    single = xt::xtensor_fixed<float, xt::xshape<1, 1>>{{1e-5f}};
    CHECK(single()(0, 0) == 1e-5f);
    bounded = matrix{{0.5, 0.25}, {-0.25, 0.5}};
    CHECK((bounded() == matrix{{0.5, 0.25}, {-0.25, 0.5}}));
    CHECK_FALSE(bounded.try_assign(matrix{{2, 0}, {0, 0}}).ok());
}
