// Losses with their gradients, for training.py.
//
// SPDX-License-Identifier: BSL-1.0
#include "training.hpp"

#include <paramorph/nn/function.hpp>
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

namespace {

// Several losses of the first input: the elements of all, and the gradient of the sum of k times the sum of loss k.
template <class F>
void losses(char const* name, F, auto const& x, auto const&... more) {
    std::vector<double> all;
    auto const add = [&](auto const& found) {
        if constexpr (requires { found.begin(); })
            all.insert(all.end(), found.begin(), found.end());
        else
            all.push_back(found);
    };
    auto const values = pm::function([](auto... a) { return F{}(a...); })(x, more...);
    std::apply([&](auto const&... found) { (add(found), ...); }, values);
    auto step = pm::value_and_grad([](auto... a) {
        return std::apply(
            [](auto... loss) {
                return [&]<std::size_t... K>(std::index_sequence<K...>) {
                    return (... + ((K + 1) * pm::sum(loss)));
                }(std::index_sequence_for<decltype(loss)...>{});
            },
            F{}(a...));
    });
    auto const& gradient = step(x, more...).gradient;
    if constexpr (requires { std::get<0>(gradient); })
        add(std::get<0>(gradient));
    else
        add(gradient);
    line(name, all);
}

using sum = pm::reduction<"sum">;
using none = pm::reduction<"none">;

}  // namespace

void write_losses() {
    array<7> y, t, p, w;
    fill(y, 5, 7, 0.75, -2.5);
    fill(t, 3, 7, 0.125, 0);
    fill(p, 3, 7, 0.15, 0.05);
    fill(w, 2, 7, 0.5, 0);
    losses(
        "of_differences",
        [](auto a, auto b) {
            return std::tuple{pm::mse(a, b),       pm::mse<sum>(a, b),   pm::mse<none>(a, b),
                              pm::l1(a, b),        pm::l1<sum>(a, b),    pm::l1<none>(a, b),
                              pm::huber(a, b),     pm::huber<sum>(a, b), pm::huber<none>(a, b, 0.5),
                              pm::huber(a, b, 2.5)};
        },
        y, t);
    losses(
        "of_probabilities",
        [](auto a, auto b, auto c) {
            return std::tuple{pm::binary_cross_entropy(a, b), pm::binary_cross_entropy<sum>(a, b),
                              pm::binary_cross_entropy(a, b, pm::loss_weight(c)),
                              pm::binary_cross_entropy<none>(a, b, pm::loss_weight(c))};
        },
        p, t, w);
    array<3, 4> z, u;
    array<4> positive;
    array<3, 1> rows;
    fill(z, 5, 7, 0.75, -2.5);
    fill(u, 3, 7, 0.125, 0);
    fill(positive, 3, 5, 0.75, 0.25);
    fill(rows, 2, 3, 0.5, 0);
    losses(
        "of_logits",
        [](auto a, auto b, auto c, auto d) {
            return std::tuple{pm::binary_cross_entropy_with_logits(a, b),
                              pm::binary_cross_entropy_with_logits<none>(a, b),
                              pm::binary_cross_entropy_with_logits(a, b, pm::pos_weight(c)),
                              pm::binary_cross_entropy_with_logits<sum>(a, b, pm::loss_weight(d), pm::pos_weight(c)),
                              pm::binary_cross_entropy_with_logits<none>(a, b, pm::pos_weight(3), pm::loss_weight(c))};
        },
        z, u, positive, rows);
    array<4, 3> logits;
    array<3> weights;
    fill(logits, 7, 11, 0.7, -3.5);
    fill(weights, 2, 3, 0.75, 0.25);
    labels<4> const l{2, 0, 1, 1}, some{2, -100, 1, 0};
    using smoothed = pm::label_smoothing<0.25>;
    using ignored = pm::ignore_index<>;
    losses(
        "of_labels",
        [](auto a, auto b) {
            return std::tuple{pm::cross_entropy(a, b), pm::cross_entropy<smoothed>(a, b),
                              pm::cross_entropy<sum, smoothed>(a, b), pm::cross_entropy<none>(a, b),
                              pm::nll<none>(a, b)};
        },
        logits, l);
    losses(
        "of_some_labels",
        [](auto a, auto b) {
            return std::tuple{pm::cross_entropy<ignored>(a, b), pm::cross_entropy<smoothed, ignored>(a, b),
                              pm::cross_entropy<ignored, none>(a, b), pm::nll<ignored, sum>(a, b),
                              pm::nll<ignored>(a, b)};
        },
        logits, some);
    losses(
        "of_weighed_labels",
        [](auto a, auto b, auto c) {
            auto const by = pm::loss_weight(c);
            return std::tuple{pm::cross_entropy(a, b, by), pm::cross_entropy<smoothed>(a, b, by),
                              pm::cross_entropy<smoothed, none>(a, b, by), pm::cross_entropy<sum>(a, b, by),
                              pm::nll(a, b, by)};
        },
        logits, l, weights);
    losses(
        "of_some_weighed_labels",
        [](auto a, auto b, auto c) {
            auto const by = pm::loss_weight(c);
            return std::tuple{pm::cross_entropy<ignored>(a, b, by), pm::cross_entropy<ignored, none>(a, b, by),
                              pm::cross_entropy<ignored, smoothed, sum>(a, b, by), pm::nll<ignored>(a, b, by)};
        },
        logits, some, weights);
}
