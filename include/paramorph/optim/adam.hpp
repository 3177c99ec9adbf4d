// Adam: first and second moments of the gradient with bias correction,
//     m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2
//     p <- p - learning_rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
// with g <- g + weight_decay p first. adamw: p <- p - learning_rate weight_decay p in its place (decoupled), and its
// weight_decay is 0.01 where nothing is said. t counts the steps of each original for itself: those of one whose tensor
// does not require its gradient are not taken. With amsgrad the largest v so far divides in place of v; with maximize g
// is the gradient times -1, so that the loss rises. Coefficients are computed in double and rounded once. A finite g
// whose square does not fit counts as the largest whose square does (2^63 in float, 2^511 in double), so that one such
// step does not stop its element for good (PyTorch: v is infinite from then on); squares below the smallest number
// (1e-45 in float) are lost beside epsilon, which should be above 1e-18 in float. The network must outlive the
// optimizer and stay where it is. `optimizer.group<"0">({.learning_rate = 1e-4})` gives the tensors at or below a path
// options of their own. Errors: an option that is negative, NaN or not finite in the network's type is refused, and an
// epsilon of 0 (pm::error); options are then what they were. Cost: one pass over the trained numbers a step, about 15
// operations each, a root and a division among them; two numbers of memory for each, three with amsgrad. Source: Kingma
// and Ba 2015, algorithm 1; torch.optim.Adam, AdamW; Loshchilov and Hutter 2019, algorithm 2; Reddi et al. 2018
// (amsgrad).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>

#include "paramorph/nn/network_pointer.hpp"
#include "paramorph/optim/groups.hpp"

namespace paramorph::inline PARAMORPH_ABI::optim {

// Learning rate and weight decay are per step; PyTorch's lr, betas and eps.
struct adam_options {
    double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
    bool amsgrad = false, maximize = false;
};
// The same, with the default of AdamW; given to adamw, and to its groups.
struct adamw_options {
    double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 1e-2;
    bool amsgrad = false, maximize = false;
    constexpr operator adam_options() const {
        return {learning_rate, beta1, beta2, epsilon, weight_decay, amsgrad, maximize};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::optim

namespace paramorph::inline PARAMORPH_ABI::detail {

// One step of an original, with the coefficients of this step.
template <class T>
struct adam_update {
    T b1, b2, other1, other2, rate, inverse, epsilon, decay, kept, sign;
    bool decoupled;

    adam_update(optim::adam_options const& o, double factor, std::int64_t steps, bool is_decoupled)
        : b1(static_cast<T>(o.beta1)),
          b2(static_cast<T>(o.beta2)),
          other1(static_cast<T>(1 - o.beta1)),
          other2(static_cast<T>(1 - o.beta2)),
          rate(static_cast<T>(factor * o.learning_rate / (1 - std::pow(o.beta1, static_cast<double>(steps))))),
          inverse(static_cast<T>(1 / std::sqrt(1 - std::pow(o.beta2, static_cast<double>(steps))))),
          epsilon(static_cast<T>(o.epsilon)),
          decay(static_cast<T>(o.weight_decay)),
          kept(static_cast<T>(is_decoupled ? 1 - factor * o.learning_rate * o.weight_decay : 1)),
          sign(o.maximize ? T(-1) : T(1)),
          decoupled(is_decoupled) {}
    // One function for the originals of all shapes and networks. `largest`, where there is one: the largest squares so
    // far. A copy of the coefficients is in nobody else's memory, so it stays in registers.
    template <class... Largest>
    [[gnu::noinline]] static void move_all(adam_update const u, int n, T* p, T const* g, T* m, T* v,
                                           Largest*... largest) {
        using V = simd::best<T>;
        constexpr int width = simd::width<V>;
        int i = 0;
        for (; i + width <= n; i += width) u.template move<V>(p + i, g + i, m + i, v + i, (largest + i)...);
        for (; i < n; ++i) u.template move<T>(p + i, g + i, m + i, v + i, (largest + i)...);
    }

  private:
    // The elements of one vector V. (The library's sqrt may set errno, which keeps compilers from vectorising a plain
    // loop.)
    template <class V, class... Largest>
    [[gnu::always_inline]] void move(T* p, T const* gradient, T* m, T* v, Largest... largest) const {
        V at = simd::load<V>(p), g = simd::splat<V>(sign) * simd::load<V>(gradient);
        if (decoupled)
            at = simd::splat<V>(kept) * at;
        else
            g = simd::fma(simd::splat<V>(decay), at, g);
        g = detail::with_square(g);
        V const mean = simd::fma(simd::splat<V>(b1), simd::load<V>(m), simd::splat<V>(other1) * g);
        V const square = simd::fma(simd::splat<V>(b2), simd::load<V>(v), simd::splat<V>(other2) * g * g);
        simd::store(m, mean);
        simd::store(v, square);
        V divisor = square;
        ((divisor = simd::max(simd::load<V>(largest), square), simd::store(largest, divisor)), ...);
        simd::store(p, at - simd::splat<V>(rate) * mean /
                                simd::fma(simd::sqrt(divisor), simd::splat<V>(inverse), simd::splat<V>(epsilon)));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::optim {

// Adam for a network of type M: `pm::optim::adam optimizer{net, {.learning_rate = 0.01}};`.
template <module M>
class adam {
    static_assert(!std::is_const_v<M>, "adam: the network is const, and training changes it");

  public:
    using T = module_value_type<M>;

    PARAMORPH_IS_AN_OPTIMIZER(adam)
    explicit adam(M& net, adam_options o = {})
        : net_(net),
          options_(checked(o)),
          mean_(static_cast<std::size_t>(detail::counts<M>.original_elements)),
          square_(mean_.size()) {
        reserve(o);
    }

    // Other options for the tensors at or below a path.
    template <fixed_string Path>
    void group(adam_options o) {
        options_.template set<Path>(checked(o));
        reserve(o);
    }

    // From the next step on, every learning rate is that of the options times `factor`
    // (torch.optim.lr_scheduler.LambdaLR).
    void learning_rate_factor(double factor) { factor_ = detail::checked_factor(factor); }

    void step(gradients<M> const& gradient) {
        detail::for_each_original(*net_, gradient, [&](int k, T* p, T const* g, int offset, int n) {
            step_of(k, p, g, static_cast<std::size_t>(offset), n);
        });
    }

    // For checkpoints (io/optimizer_state.hpp): calls f(name, numbers, shape) for all that a step reads; what was
    // written there is then checked.
    template <class F>
    void for_each_state(F&& f) {
        (void)*net_;
        f("learning_rate_factor", std::span(&factor_, 1), extents{});
        f("decoupled_weight_decay", std::span(&decoupled_, 1), extents{});
        detail::name_originals<M>([&](int k, std::string const& name, extents const& shape, int offset) {
            auto const from = static_cast<std::size_t>(offset), n = static_cast<std::size_t>(shape.size());
            f(name + ".exp_avg", std::span(mean_).subspan(from, n), shape);
            f(name + ".exp_avg_sq", std::span(square_).subspan(from, n), shape);
            if (!largest_.empty()) f(name + ".max_exp_avg_sq", std::span(largest_).subspan(from, n), shape);
            f(name + ".step", std::span(&steps_[static_cast<std::size_t>(k)], 1), extents{});
            adam_options& o = options_.of(k);
            f(name + ".learning_rate", std::span(&o.learning_rate, 1), extents{});
            f(name + ".beta1", std::span(&o.beta1, 1), extents{});
            f(name + ".beta2", std::span(&o.beta2, 1), extents{});
            f(name + ".epsilon", std::span(&o.epsilon, 1), extents{});
            f(name + ".weight_decay", std::span(&o.weight_decay, 1), extents{});
            f(name + ".amsgrad", std::span(&o.amsgrad, 1), extents{});
            f(name + ".maximize", std::span(&o.maximize, 1), extents{});
        });
    }
    void reserve_state(auto const& has) {
        largest_.clear();
        if (has(".max_exp_avg_sq")) largest_.resize(mean_.size());
    }
    void check_state() {
        (void)detail::checked_factor(factor_);
        options_.check_each([&](int k, adam_options const& o) {
            reserve(checked(o));
            std::int64_t const steps = steps_[static_cast<std::size_t>(k)];
            if (steps < 0 || steps > std::int64_t{1} << 53)
                throw error("adam: a count of steps must not be negative or above 2^53");
        });
    }

  protected:
    struct decoupled {};
    adam(M& net, adam_options o, decoupled) : adam(net, o) { decoupled_ = true; }

  private:
    // Of one original; one function for all of a network.
    [[gnu::noinline]] void step_of(int k, T* p, T const* g, std::size_t offset, int n) {
        adam_options const& o = options_.of(k);
        detail::adam_update<T> const u(o, factor_, ++steps_[static_cast<std::size_t>(k)], decoupled_);
        T *const m = mean_.data() + offset, *const v = square_.data() + offset;
        if (o.amsgrad)
            detail::adam_update<T>::move_all(u, n, p, g, m, v, largest_.data() + offset);
        else
            detail::adam_update<T>::move_all(u, n, p, g, m, v);
    }
    static adam_options checked(adam_options o) {
        detail::require_option<T>("adam", "epsilon", o.epsilon);
        if (!(static_cast<T>(o.epsilon) > 0))
            throw error("adam: epsilon must be positive in the network's type: where a gradient is 0, it divides 0");
        detail::require_option<T>("adam", "weight_decay", o.weight_decay);
        if (!(o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1))
            throw error("adam: beta1 and beta2 must lie in [0, 1)");
        detail::require_option<T>("adam", "learning_rate", o.learning_rate);
        detail::require_option<T>("adam", "learning_rate / (1 - beta1), the first step,",
                                  o.learning_rate / (1 - o.beta1));
        return o;
    }
    void reserve(adam_options const& o) {
        if (o.amsgrad) largest_.resize(mean_.size());
    }
    detail::network_pointer<M> net_;
    detail::grouped_options<M, adam_options> options_;
    double factor_ = 1;
    bool decoupled_ = false;
    std::vector<T> mean_, square_, largest_;
    std::array<std::int64_t, static_cast<std::size_t>(detail::counts<M>.originals)> steps_{};  // of each original
};

template <module M>
class adamw : public adam<M> {
  public:
    explicit adamw(M& net, adamw_options o = {}) : adam<M>(net, o, typename adam<M>::decoupled{}) {}
    template <fixed_string Path>
    void group(adamw_options o) {
        adam<M>::template group<Path>(o);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::optim
