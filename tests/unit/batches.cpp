// Calls with a batch that is known at run time: in which networks each row depends on the same row alone. What the
// analysis says of a function is what the interpreter shows of it: a row that changes with other rows, or with its
// place.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/independent_rows.hpp"

#include "../support.hpp"

#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/strided.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/window.hpp"

namespace {

constexpr int rows = 5;

// Are the rows of the result others when rows of the input change place, or row 1 when all others are changed?
template <class Input>
bool are_dependent(pm::ir::graph const& g) {
    auto const result_of = [&](std::vector<double> const& x) {
        std::vector<double> w(16), y(std::size_t(g.shape_of(g.outputs[0]).size()));
        for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::cos(2.0 + 5.0 * double(i));
        double const* const arguments[]{w.data(), x.data()};
        double* const to = y.data();
        REQUIRE(pm::ir::evaluate(g, arguments, &to).ok());
        return y;
    };
    auto const turned = [](std::vector<double> x) {
        std::rotate(x.begin(), x.begin() + std::ptrdiff_t(x.size()) / rows, x.end());
        return x;
    };
    std::vector<double> x(Input::size);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 3.0 * double(i));
    auto const y = result_of(x);
    std::vector<double> changed = x;
    std::ptrdiff_t const row = Input::size / rows, result_row = std::ptrdiff_t(y.size()) / rows;
    for (std::ptrdiff_t i = 0; i < Input::size; ++i)
        if (i / row != 1) changed[std::size_t(i)] = 7 - 3 * x[std::size_t(i)];
    return result_of(turned(x)) != turned(y) ||
           !std::equal(y.begin() + result_row, y.begin() + 2 * result_row, result_of(changed).begin() + result_row);
}

// A convolution of lines, [rows, 3, 4] with [filters, 3, 3].
constexpr auto convolution = [](auto w, auto x) {
    constexpr pm::attributes at = [] {
        pm::op::convolution_numbers n;
        n.size[1] = 2;
        return n.pack(3);
    }();
    return pm::apply<pm::op::convolution, at>(x, w);
};
// A number for each of the rows, and each of four columns.
constexpr auto table(auto w) {
    return pm::concatenate<0>(w, pm::slice<0, 0, 1>(w));
}
constexpr auto sums = [](auto h, auto x) { return std::tuple{h + x, h * x}; };

// The name of the operation that joins rows of f(parameter, input), none: "".
template <class Input>
void check(std::string_view joins, auto const& f) {
    auto const g = std::make_unique<pm::ir::graph>(test::trace<float, pm::shape<4, 4>, Input>(f));
    auto const found = std::make_unique<pm::detail::row_analysis>(*g, 1, rows);
    CHECK(found->joined_by() == joins);
    CHECK(are_dependent<Input>(*g) == !joins.empty());
}
void matrix(std::string_view joins, auto const& f) {
    check<pm::shape<rows, 4>>(joins, f);
}
void images(std::string_view joins, auto const& f) {
    check<pm::shape<rows, 3, 4>>(joins, f);
}

}  // namespace

TEST_CASE("batches: rows that are independent") {
    matrix("", [](auto w, auto x) { return pm::tanh(pm::matmul(x, w)) + pm::sum<0>(w); });
    matrix("", [](auto, auto x) { return x - pm::unsqueeze<1>(pm::mean<1>(x)); });
    matrix("", [](auto, auto x) { return pm::softmax<1>(x); });
    matrix("", [](auto w, auto x) { return pm::transpose(pm::matmul(w, pm::transpose(x))); });
    matrix("", [](auto w, auto x) { return pm::transpose(pm::matmul(pm::transpose(w), pm::transpose(x * 2))); });
    matrix("", [](auto, auto x) { return pm::cumsum<1>(pm::flip<1>(x)); });
    matrix("", [](auto, auto x) { return pm::concatenate<1>(x, pm::slice<1, 1, 3>(x), pm::abs(x)); });
    matrix("", [](auto, auto x) { return pm::norm<2, 1>(x); });
    matrix("", [](auto, auto x) { return pm::prod<1>(x); });
    matrix("", [](auto, auto x) { return pm::window<2>(x); });
    matrix("", [](auto, auto x) { return pm::pad<1, 1, 1>(x); });
    matrix("", [](auto, auto x) { return pm::reshape<pm::shape<rows, 2, 2>>(x); });
    images("", [](auto w, auto x) { return pm::matmul(pm::reshape<pm::shape<rows * 3, 4>>(x), w); });
    images("", [](auto, auto x) { return pm::matmul(x, pm::transpose(x)); });
    images("", [](auto, auto x) {
        auto const heads = pm::permute<0, 2, 1, 3>(pm::reshape<pm::shape<rows, 3, 2, 2>>(x));
        return pm::matmul(pm::softmax<-1>(pm::matmul(heads, pm::transpose(heads))), heads);
    });
    images("", [](auto, auto x) { return pm::triu(x); });
    images("", [](auto, auto x) { return pm::sum<1>(x) * pm::max<2>(pm::permute<0, 2, 1>(x)); });
    images("", [](auto, auto x) { return pm::sum<1, 2>(x); });
    images("", [](auto, auto x) { return pm::permute<1, 0, 2>(pm::cumsum<0>(pm::permute<1, 0, 2>(x))); });
    images("", [](auto, auto x) { return pm::norm<2, 2>(x); });
    images("", [](auto w, auto x) {
        return convolution(pm::reshape<pm::shape<1, 3, 3>>(pm::slice<0, 0, 3>(pm::slice<1, 0, 3>(w))), x);
    });
    images("", [](auto, auto x) { return pm::nn::max_pool1d<2>::forward(x); });
    images("", [](auto, auto x) { return pm::nn::avg_pool1d<2>::forward(x); });
    images("", [](auto, auto x) { return pm::gather<1, 2, 0, 0>(x); });
    images("", [](auto, auto x) { return pm::gather<2, 3, 1>(x); });
    images("", [](auto, auto x) { return pm::pad<2, 1, 0>(pm::pad<1, 0, 1>(x)); });
}

TEST_CASE("batches: what has no rows is the same for each") {
    matrix("", [](auto w, auto x) { return x + pm::broadcast_to<pm::shape<rows, 4>>(pm::select<0, 1>(w)); });
    matrix("", [](auto w, auto x) {
        return x * pm::tanh(pm::broadcast_to<pm::shape<rows, 4>>(pm::select<0, 1>(w)) + pm::select<0, 2>(w));
    });
    matrix("", [](auto w, auto x) {
        return pm::concatenate<1>(x, pm::broadcast_to<pm::shape<rows, 2>>(pm::slice<0, 1, 3>(pm::select<0, 1>(w))));
    });
    matrix("", [](auto w, auto x) {
        return pm::unsqueeze<2>(x) * pm::unsqueeze<2>(pm::broadcast_to<pm::shape<rows, 4>>(pm::select<0, 1>(w)));
    });
    images("", [](auto w, auto x) {
        return pm::matmul(x, pm::broadcast_to<pm::shape<rows, 4, 4>>(w)) + pm::slice<0, 0, 3>(w);
    });
    matrix("", [](auto w, auto x) { return pm::minimum(x, 0.25) + pm::reshape<pm::shape<1, 4>>(pm::select<0, 0>(w)); });
    matrix("", [](auto w, auto) { return pm::broadcast_to<pm::shape<rows, 4>>(pm::select<0, 1>(w)); });
}

TEST_CASE("batches: rows that depend on their place") {
    matrix("add", [](auto w, auto x) { return x + table(w); });
    matrix("add", [](auto w, auto x) { return x + pm::unsqueeze<1>(pm::select<1, 2>(table(w))); });
    matrix("multiply", [](auto w, auto x) { return x * pm::tanh(pm::flip<0>(table(w))); });
    matrix("multiply", [](auto w, auto x) { return x * pm::triu(table(w)); });
    matrix("concatenate", [](auto w, auto x) { return pm::concatenate<1>(x, table(w)); });
    images("matmul", [](auto w, auto x) { return pm::matmul(x, pm::unsqueeze<2>(table(w))); });
    images("add", [](auto w, auto x) { return x + pm::unsqueeze<1>(table(w)); });
    matrix("concatenate", [](auto w, auto) { return table(w); });
}

TEST_CASE("batches: rows that are joined") {
    matrix("max", [](auto, auto x) { return pm::softmax<0>(x); });
    matrix("sum", [](auto, auto x) { return x - pm::mean<0>(x); });
    matrix("matmul", [](auto w, auto x) { return pm::matmul(pm::matmul(pm::matmul(x, w), pm::transpose(x)), x); });
    matrix("strided", [](auto, auto x) { return pm::flip<0>(x); });
    matrix("cumsum", [](auto, auto x) { return pm::cumsum<0>(x); });
    matrix("reshape", [](auto, auto x) { return pm::reshape<pm::shape<rows, 4>>(pm::transpose(x)); });
    matrix("slice", [](auto, auto x) { return x + pm::select<0, 0>(x); });
    matrix("triangle", [](auto, auto x) { return pm::triu(x); });
    matrix("slice", [](auto, auto x) { return pm::concatenate<0>(pm::slice<0, 1, rows>(x), pm::slice<0, 0, 1>(x)); });
    matrix("length", [](auto, auto x) { return x / pm::norm<2, 0>(x); });
    images("matmul", [](auto, auto x) {
        auto const y = pm::permute<1, 0, 2>(x);
        return pm::permute<1, 0, 2>(pm::matmul(pm::matmul(y, pm::transpose(y)), y));
    });
    images("sum", [](auto, auto x) { return pm::broadcast_to<pm::shape<rows, 3, 4>>(pm::sum<0>(x)); });
    images("triangle", [](auto, auto x) { return pm::permute<2, 0, 1>(pm::triu(pm::permute<1, 2, 0>(x))); });
    images("convolution", [](auto w, auto x) {
        return pm::permute<2, 0, 1>(
            convolution(pm::reshape<pm::shape<1, 4, 3>>(pm::slice<0, 0, 3>(w)), pm::permute<1, 2, 0>(x)));
    });
    images("take_at_max", [](auto, auto x) {
        auto const pooled = pm::nn::max_pool1d<3, pm::stride<1>, pm::padding<1>>::forward(pm::permute<1, 2, 0>(x));
        return pm::permute<2, 0, 1>(pooled);
    });
    images("gather", [](auto, auto x) { return pm::gather<0, 2, 0, 1, 4, 3>(x); });
    matrix("pad", [](auto, auto x) { return pm::slice<0, 0, rows>(pm::pad<0, 1, 0>(x)); });
    matrix("scan", [](auto w, auto x) { return std::get<1>(pm::scan(sums, pm::select<0, 0>(w), x)); });
}
