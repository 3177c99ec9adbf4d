// xtensor's default layout set to column-major, as bindings to R and Fortran do: storage stays row-major, and values
// are those that were assigned, below and beyond 1 KiB.
//
// SPDX-License-Identifier: BSL-1.0
#define XTENSOR_DEFAULT_LAYOUT xt::layout_type::column_major
#include "paramorph/nn/linear.hpp"

#include "../support.hpp"
#include "paramorph/param/triangular.hpp"

namespace {

template <int N>
void expect_values() {
    pm::nn::linear<N, N> layer{pm::seed{0}};
    xt::xtensor<float, 2> a({std::size_t(N), std::size_t(N)});  // column-major
    for (std::size_t i = 0; i < std::size_t(N); ++i)
        for (std::size_t j = 0; j < std::size_t(N); ++j) a(i, j) = static_cast<float>(N * int(i) + int(j));
    layer.weight = a;
    CHECK((layer.weight() == a));
    CHECK(layer.weight()(0, 1) == 1);
    CHECK(layer.weight.original().data()[1] == 1);
    auto const frozen = pm::freeze(layer);
    CHECK(frozen.template value<"weight">()(0, 1) == 1);
    pm::nn::linear<N, N, pm::weight<pm::param::lower_triangular>> const lower{pm::seed{0}};
    CHECK(lower.weight()(0, N - 1) == 0);
    CHECK(lower.weight()(N - 1, 0) != 0);
    xt::xtensor<float, 2, xt::layout_type::row_major> x({2, std::size_t(N)});
    x.fill(0);
    x(1, 0) = 1;
    auto const y = layer(x);
    CHECK(std::abs(y(1, 1) - layer.bias()(1) - float(N)) < 1e-4f);
    CHECK(y(0, 1) == layer.bias()(1));
    CHECK_THROWS_AS(layer(a), pm::error);  // a column-major batch
}

}  // namespace

TEST_CASE("column-major default: values are those that were assigned") {
    expect_values<3>();
    expect_values<20>();
}
