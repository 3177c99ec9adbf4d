// RMSprop: the gradient over the root of its mean square,
//     v <- smoothing v + (1 - smoothing) g^2;  d = g / (sqrt(v) + epsilon);  p <- p - learning_rate d
// with g <- g + weight_decay p first, and before that, with maximize, g <- -g, so that the loss rises; where centered,
// the variance v - a^2 in place of v, a being the mean of g alike; with momentum b <- momentum b + d takes the place of
// d. The variance is kept itself, v <- smoothing (v + (1 - smoothing) (g - a)^2) before a moves, which is the same but
// for rounding: it is never negative, where the difference of gradients that hardly change is (torch.optim: NaN). A
// finite g whose square does not fit counts as the largest whose square does, as in adam. The network must outlive the
// optimizer and stay where it is. `optimizer.group<"0">({...})` gives the tensors at or below a path options of their
// own. Errors: an option that is negative, NaN or not finite in the network's type is refused, and an epsilon of 0
// (pm::error); options are then what they were. Cost: one pass over the trained numbers a step, about 10 operations
// each, a root and a division among them; one number of memory for each, one more where centered, one with momentum.
// Source: Hinton, lecture 6e; Graves 2013 (centered); torch.optim.RMSprop, whose alpha is smoothing.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>

#include "paramorph/core/cmath.hpp"
#include "paramorph/nn/network_pointer.hpp"
#include "paramorph/optim/groups.hpp"

namespace paramorph::inline PARAMORPH_ABI::optim {

// PyTorch's lr, alpha and eps are learning_rate, smoothing and epsilon.
struct rmsprop_options {
    double learning_rate = 1e-2, smoothing = 0.99, epsilon = 1e-8, weight_decay = 0, momentum = 0;
    bool centered = false, maximize = false;
};

// RMSprop for a network of type M: `pm::optim::rmsprop optimizer{net, {.learning_rate = 0.01}};`.
template <module M>
class rmsprop {
    static_assert(!std::is_const_v<M>, "rmsprop: the network is const, and training changes it");

  public:
    using T = module_value_type<M>;

    PARAMORPH_IS_AN_OPTIMIZER(rmsprop)
    explicit rmsprop(M& net, rmsprop_options o = {})
        : net_(net), options_(checked(o)), square_(static_cast<std::size_t>(detail::counts<M>.original_elements)) {
        reserve(o);
    }

    // Other options for the tensors at or below a path.
    template <fixed_string Path>
    void group(rmsprop_options o) {
        auto const before = options_;
        options_.template set<Path>(checked(o));
        reserve(o);
        // The mean of squares is the variance and the square of the mean.
        detail::name_originals<M>([&](int k, std::string const&, extents const& shape, int offset) {
            if (!before.of(k).centered || options_.of(k).centered) return;
            auto const from = static_cast<std::size_t>(offset);
            for (std::size_t i = from; i < from + static_cast<std::size_t>(shape.size()); ++i) {
                square_[i] += mean_[i] * mean_[i];
                mean_[i] = 0;
            }
        });
    }

    // From the next step on, every learning rate is that of the options times `factor`
    // (torch.optim.lr_scheduler.LambdaLR).
    void learning_rate_factor(double factor) { factor_ = detail::checked_factor(factor); }

    void step(gradients<M> const& gradient) {
        detail::for_each_original(*net_, gradient, [&](int k, T* p, T const* gradient_of, int offset, int n) {
            rmsprop_options const& o = options_.of(k);
            T const rate = T(factor_ * o.learning_rate), keep = T(o.smoothing), other = T(1 - o.smoothing),
                    epsilon = T(o.epsilon), decay = T(o.weight_decay), momentum = T(o.momentum),
                    spread = T(o.smoothing * (1 - o.smoothing)), sign = o.maximize ? T(-1) : T(1);
            T* const v = square_.data() + offset;
            T* const a = o.centered ? mean_.data() + offset : nullptr;
            T* const b = o.momentum != 0 ? velocity_.data() + offset : nullptr;
            for (int i = 0; i < n; ++i) {
                T const g = detail::with_square(sign * gradient_of[i] + decay * p[i]);
                if (a) {
                    T const away = detail::with_square(g - a[i]);
                    v[i] = keep * v[i] + spread * away * away;
                    a[i] = keep * a[i] + other * g;
                } else
                    v[i] = keep * v[i] + other * g * g;
                T d = g / (std::sqrt(v[i]) + epsilon);
                if (b) d = b[i] = momentum * b[i] + d;
                p[i] -= rate * d;
            }
        });
    }

    // For checkpoints (io/optimizer_state.hpp), as in adam.
    template <class F>
    void for_each_state(F&& f) {
        (void)*net_;
        f("learning_rate_factor", std::span(&factor_, 1), extents{});
        detail::name_originals<M>([&](int k, std::string const& name, extents const& shape, int offset) {
            auto const part = [&](std::vector<T>& all) {
                return std::span(all).subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(shape.size()));
            };
            rmsprop_options& o = options_.of(k);
            f(name + (o.centered ? ".grad_variance" : ".square_avg"), part(square_), shape);
            if (!mean_.empty()) f(name + ".grad_avg", part(mean_), shape);
            if (!velocity_.empty()) f(name + ".momentum_buffer", part(velocity_), shape);
            f(name + ".learning_rate", std::span(&o.learning_rate, 1), extents{});
            f(name + ".smoothing", std::span(&o.smoothing, 1), extents{});
            f(name + ".epsilon", std::span(&o.epsilon, 1), extents{});
            f(name + ".weight_decay", std::span(&o.weight_decay, 1), extents{});
            f(name + ".momentum", std::span(&o.momentum, 1), extents{});
            f(name + ".maximize", std::span(&o.maximize, 1), extents{});
        });
    }
    // Whether an original is centered stays as this optimizer was made.
    void reserve_state(auto const& has) {
        mean_.clear();
        velocity_.clear();
        if (has(".grad_avg")) mean_.resize(square_.size());
        if (has(".momentum_buffer")) velocity_.resize(square_.size());
    }
    void check_state() {
        (void)detail::checked_factor(factor_);
        options_.check_each([&](int, rmsprop_options const& o) { reserve(checked(o)); });
    }

  private:
    static rmsprop_options checked(rmsprop_options o) {
        detail::require_option<T>("rmsprop", "learning_rate", o.learning_rate);
        detail::require_option<T>("rmsprop", "epsilon", o.epsilon);
        if (!(static_cast<T>(o.epsilon) > 0))
            throw error("rmsprop: epsilon must be positive in the network's type: where a gradient is 0, it divides 0");
        detail::require_option<T>("rmsprop", "weight_decay", o.weight_decay);
        detail::require_option<T>("rmsprop", "momentum", o.momentum);
        if (!(o.smoothing >= 0 && o.smoothing <= 1)) throw error("rmsprop: smoothing must lie in [0, 1]");
        return o;
    }
    void reserve(rmsprop_options const& o) {
        if (o.centered) mean_.resize(square_.size());
        if (o.momentum != 0) velocity_.resize(square_.size());
    }
    detail::network_pointer<M> net_;
    detail::grouped_options<M, rmsprop_options> options_;
    double factor_ = 1;
    std::vector<T> square_, mean_, velocity_;
};

}  // namespace paramorph::inline PARAMORPH_ABI::optim
