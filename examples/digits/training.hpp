// Training a network on the digits: one fifth is held out; batches of 32, the last partial batch of an epoch dropped;
// adam.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "networks.hpp"
#include "runs.hpp"

namespace digits {

inline constexpr int batch = 32;
inline constexpr double learning_rate = 3e-3;

using images = xt::xtensor_fixed<float, xt::xshape<batch, pixel_count>>;
using labels = xt::xtensor_fixed<std::int32_t, xt::xshape<batch>>;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::cross_entropy(net(x), t); }
};

inline void shuffle(std::span<int> order, pm::random& numbers) {
    for (auto left = order.size(); left > 1; --left)
        std::swap(order[left - 1], order[static_cast<std::size_t>(numbers.below(static_cast<int>(left)))]);
}

// Several digits as one array [rows, 64].
inline xt::xtensor<float, 2> gathered(dataset const& all, std::span<int const> rows) {
    auto x = xt::xtensor<float, 2>::from_shape({rows.size(), std::size_t(pixel_count)});
    auto* to = x.data();
    for (int const row : rows) to = std::ranges::copy(all.image(row), to).out;
    return x;
}

// The most likely class of every row of logits [rows, 10].
inline std::vector<int> most_likely(auto const& logits) {
    std::vector<int> found;
    for (auto const* row = logits.data(); row != logits.data() + logits.size(); row += classes)
        found.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
    return found;
}

// One training run. Everything random in it follows from the seed: the digits held out, the initial weights, the order
// of the batches.
template <class Net, class Loss = loss>
class trainer {
  public:
    // `held_out`: how many digits; a fifth where nothing is said.
    trainer(dataset const& all, int seed, std::size_t held_out = 0)
        : all_(all),
          numbers_(static_cast<std::uint64_t>(seed)),
          order_(static_cast<std::size_t>(all.size())),
          held_out_count_(held_out > 0 ? held_out : order_.size() / 5) {
        std::iota(order_.begin(), order_.end(), 0);
        shuffle(order_, numbers_);
        held_out_images_ = gathered(all_, this->held_out());
        pm::initialize(net_, numbers_);
    }
    trainer(trainer const&) = delete;  // the step and the optimizer refer to the network

    // One pass over the digits that are not held out; the mean loss of its batches.
    double epoch(double learning_rate_factor = 1) {
        optimizer_.learning_rate_factor(learning_rate_factor);
        auto const start = std::chrono::steady_clock::now();
        auto const kept = std::span(order_).subspan(held_out().size());
        shuffle(kept, numbers_);
        double total = 0;
        auto const batches = kept.size() / batch;
        for (std::size_t b = 0; b < batches; ++b) {
            gather(kept.subspan(b * batch).template first<batch>());
            auto& [value, gradient] = step_(images_, labels_);
            optimizer_.step(gradient);
            total += static_cast<double>(value);
        }
        seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return total / static_cast<double>(batches);
    }

    // The part of the digits held out that the network reads correctly.
    double accuracy() const {
        auto const found = most_likely(pm::freeze(net_)(held_out_images_));
        auto const rows = held_out();
        int correct = 0;
        for (std::size_t k = 0; k < rows.size(); ++k) correct += found[k] == label(rows[k]);
        return correct / static_cast<double>(rows.size());
    }

    outcome result() const { return {seconds_, accuracy()}; }
    Net const& network() const { return net_; }
    // Positions of the digits held out, and their images.
    std::span<int const> held_out() const { return std::span(order_).first(held_out_count_); }
    std::span<int const> others() const { return std::span(order_).subspan(held_out().size()); }
    xt::xtensor<float, 2> const& held_out_images() const { return held_out_images_; }

  private:
    int label(int row) const { return all_.labels[static_cast<std::size_t>(row)]; }
    void gather(std::span<int const, batch> rows) {
        auto* to = images_.data();
        for (std::size_t k = 0; k < batch; ++k) {
            to = std::ranges::copy(all_.image(rows[k]), to).out;
            labels_(k) = label(rows[k]);
        }
    }

    dataset const& all_;
    pm::random numbers_;
    std::vector<int> order_;  // the digits held out, then the others
    std::size_t held_out_count_;
    xt::xtensor<float, 2> held_out_images_;
    Net net_;
    pm::gradient_step<Loss, Net> step_{net_};
    pm::optim::adam<Net> optimizer_{net_, {.learning_rate = learning_rate}};
    images images_;
    labels labels_;
    double seconds_ = 0;  // spent in `epoch`
};

// What the learning rate of an epoch is multiplied by: it falls to zero in the second half, so that where training ends
// does not depend on the last batches.
using schedule = double(int epoch, int epochs);
inline double falling(int epoch, int epochs) {
    return std::min(1.0, 2.0 * (epochs - epoch) / epochs);
}
inline double constant(int, int) {
    return 1;
}

// One run from beginning to end.
template <class Net>
outcome outcome_of(dataset const& all, int seed, int epochs, schedule* factor) {
    trainer<Net> run(all, seed);
    for (int e = 0; e < epochs; ++e) run.epoch(factor(e, epochs));
    return run.result();
}

}  // namespace digits
