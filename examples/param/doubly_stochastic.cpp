// doubly_stochastic: a matching of four to four, trained from a table of what each pair is worth; it ends near to the
// permutation that is worth most, and its rows and columns sum to one on the whole way.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/initialize.hpp>
#include <paramorph/nn/module.hpp>
#include <paramorph/nn/value_and_grad.hpp>
#include <paramorph/optim/adam.hpp>
#include <paramorph/param/doubly_stochastic.hpp>

namespace pm = paramorph;

namespace {

struct matching {
    pm::tensor<pm::shape<4, 4>, pm::chain<pm::param::doubly_stochastic>> share;
    constexpr auto forward(auto worth) const { return pm::sum(share * worth); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(matching, share);

int main() {
    // Each for itself would choose the first column.
    xt::xtensor_fixed<float, xt::xshape<4, 4>> const worth{{9, 8, 1, 0}, {8, 2, 7, 1}, {7, 1, 1, 6}, {9, 1, 2, 3}};
    auto net = pm::make<matching>(pm::seed{1});
    auto loss = [](auto& n, auto w) { return -n(w); };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::adam optimizer{net, {.learning_rate = 0.1}};
    double worst = 0;
    for (int k = 0; k < 300; ++k) {
        optimizer.step(step(worth).gradient);
        auto const y = net.share();
        for (std::size_t i = 0; i < 4; ++i) {
            double row = 0, column = 0;
            for (std::size_t j = 0; j < 4; ++j) row += double(y(i, j)), column += double(y(j, i));
            for (double const off : {std::abs(row - 1), std::abs(column - 1)})
                if (off > worst || off != off) worst = off;
        }
    }
    auto const y = net.share();
    std::printf("worth %g of 30; shares %.3f %.3f %.3f %.3f; sums off by %.1g\n", double(net(worth)), double(y(0, 1)),
                double(y(1, 2)), double(y(2, 3)), double(y(3, 0)), worst);
    return y(0, 1) > 0.9f && y(1, 2) > 0.9f && y(2, 3) > 0.9f && y(3, 0) > 0.9f && worst < 3e-6 ? 0 : 1;
}
