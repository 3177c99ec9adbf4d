// Stochastic gradient descent with momentum and weight decay:
//     g <- g + weight_decay p;  v <- momentum v + (1 - dampening) g;  p <- p - learning_rate v
// where the first v of an original is g; with nesterov p <- p - learning_rate (g + momentum v) in its place; with
// maximize g is the gradient times -1, before the weight decay, so that the loss rises. It moves the originals, so that
// a parametrized weight stays in its set. The network must outlive the optimizer and stay where it is.
// `optimizer.group<"0">({.learning_rate = 1e-4})` gives the tensors at or below a path options of their own. Errors:
// an option that is negative, NaN or not finite in the network's type is refused (pm::error), a dampening above 1, and
// nesterov without a momentum or with a dampening; options are then what they were. Cost: one pass over the trained
// numbers a step, 5 operations each, 7 with momentum, which takes a number of memory for each.
// Source: torch.optim.SGD; Nesterov 1983; Sutskever et al. 2013.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>

#include "paramorph/nn/network_pointer.hpp"
#include "paramorph/optim/groups.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace optim {

// PyTorch's arguments of these names; learning_rate is its lr, and has a default.
struct sgd_options {
    double learning_rate = 1e-2, momentum = 0, weight_decay = 0, dampening = 0;
    bool nesterov = false, maximize = false;
};

// Gradient descent for a network of type M: `pm::optim::sgd optimizer{net, {.learning_rate = 0.01}};`.
template <module M>
class sgd {
    static_assert(!std::is_const_v<M>, "sgd: the network is const, and training changes it");

  public:
    using T = module_value_type<M>;

    PARAMORPH_IS_AN_OPTIMIZER(sgd)
    explicit sgd(M& net, sgd_options o = {}) : net_(net), options_(checked(o)) { reserve(o); }

    // Other options for the tensors at or below a path.
    template <fixed_string Path>
    void group(sgd_options o) {
        options_.template set<Path>(checked(o));
        reserve(o);
    }

    // From the next step on, every learning rate is that of the options times `factor`
    // (torch.optim.lr_scheduler.LambdaLR).
    void learning_rate_factor(double factor) { factor_ = detail::checked_factor(factor); }

    void step(gradients<M> const& gradient) {
        detail::for_each_original(*net_, gradient, [&](int k, T* p, T const* g, int offset, int n) {
            sgd_options const& o = options_.of(k);
            T const rate = static_cast<T>(factor_ * o.learning_rate), momentum = static_cast<T>(o.momentum),
                    decay = static_cast<T>(o.weight_decay), sign = o.maximize ? T(-1) : T(1);
            if (o.momentum == 0)
                for (int i = 0; i < n; ++i) p[i] -= rate * (sign * g[i] + decay * p[i]);
            else {
                T* const v = velocity_.data() + offset;
                bool& begun = begun_[static_cast<std::size_t>(k)];
                T const taken = static_cast<T>(begun ? 1 - o.dampening : 1);
                begun = true;
                for (int i = 0; i < n; ++i) {
                    T const d = sign * g[i] + decay * p[i];
                    v[i] = momentum * v[i] + taken * d;
                    p[i] -= rate * (o.nesterov ? d + momentum * v[i] : v[i]);
                }
            }
        });
    }

    // For checkpoints (io/optimizer_state.hpp), as in adam. has(".momentum_buffer"): are there velocities?
    template <class F>
    void for_each_state(F&& f) {
        (void)*net_;
        f("learning_rate_factor", std::span(&factor_, 1), extents{});
        detail::name_originals<M>([&](int k, std::string const& name, extents const& shape, int offset) {
            if (!velocity_.empty()) {
                f(name + ".momentum_buffer",
                  std::span(velocity_).subspan(static_cast<std::size_t>(offset),
                                               static_cast<std::size_t>(shape.size())),
                  shape);
                f(name + ".momentum_begun", std::span(&begun_[static_cast<std::size_t>(k)], 1), extents{});
            }
            sgd_options& o = options_.of(k);
            f(name + ".learning_rate", std::span(&o.learning_rate, 1), extents{});
            f(name + ".momentum", std::span(&o.momentum, 1), extents{});
            f(name + ".weight_decay", std::span(&o.weight_decay, 1), extents{});
            f(name + ".dampening", std::span(&o.dampening, 1), extents{}, true);
            f(name + ".maximize", std::span(&o.maximize, 1), extents{});
            f(name + ".nesterov", std::span(&o.nesterov, 1), extents{});
        });
    }
    // Older files do not say whether a velocity has begun.
    void reserve_state(auto const& has) {
        velocity_.clear();
        begun_.fill(has(".momentum_buffer"));
        if (has(".momentum_buffer")) velocity_.resize(gradients<M>().flat().size());
    }
    void check_state() {
        (void)detail::checked_factor(factor_);
        options_.check_each([&](int, sgd_options const& o) { reserve(checked(o)); });
    }

  private:
    static sgd_options checked(sgd_options o) {
        detail::require_option<T>("sgd", "learning_rate", o.learning_rate);
        detail::require_option<T>("sgd", "momentum", o.momentum);
        detail::require_option<T>("sgd", "weight_decay", o.weight_decay);
        if (!(o.dampening >= 0 && o.dampening <= 1)) throw error("sgd: dampening must lie in [0, 1]");
        if (o.nesterov && o.momentum == 0) throw error("sgd: nesterov takes a momentum: give one above 0");
        if (o.nesterov && o.dampening != 0) throw error("sgd: nesterov takes no dampening: leave it 0");
        return o;
    }
    void reserve(sgd_options const& o) {
        if (o.momentum != 0) velocity_.resize(gradients<M>().flat().size());
    }
    detail::network_pointer<M> net_;
    detail::grouped_options<M, sgd_options> options_;
    double factor_ = 1;
    std::vector<T> velocity_;
    std::array<bool, static_cast<std::size_t>(detail::counts<M>.originals)> begun_{};  // of each original
};

}  // namespace optim

}  // namespace paramorph::inline PARAMORPH_ABI
