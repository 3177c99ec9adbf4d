// What optimizers share: the walk over what they move, and options for groups of tensors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <limits>

#include "paramorph/compat/simd.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/paths.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/op/sum_of_squares.hpp"

// What is said of a number in place of options, and of a step without its gradient.
#define PARAMORPH_RATE(name) \
    #name ": options have names: write pm::optim::" #name " optimizer{net, {.learning_rate = 0.01}}"
#define PARAMORPH_STEP                                                                                           \
    "step: an optimizer is given the gradient alone: write auto& [value, gradient] = step(x, t), step being of " \
    "pm::value_and_grad, then optimizer.step(gradient)"
#define PARAMORPH_IS_AN_OPTIMIZER(name)                                                \
    template <class Number, ::paramorph::detail::sentence Says = PARAMORPH_RATE(name)> \
        requires std::is_arithmetic_v<Number>                                          \
    name(M&, Number) = PARAMORPH_REFUSED(PARAMORPH_RATE(name));                        \
    template <::paramorph::detail::sentence Says = PARAMORPH_STEP>                     \
    void step() = PARAMORPH_REFUSED(PARAMORPH_STEP);                                   \
    template <class Result, ::paramorph::detail::sentence Says = PARAMORPH_STEP>       \
        requires requires(Result const& r) { r.gradient; }                             \
    void step(Result const&) = PARAMORPH_REFUSED(PARAMORPH_STEP);

namespace paramorph::inline PARAMORPH_ABI::detail {

// Calls f(number, original's elements, gradient, offset, count) for every original of a network that is trained and
// requires its gradient. Numbers and offsets are those of `gradients`.
template <class M, class F>
void for_each_original(M& net, gradients<M> const& gradient, F&& f) {
    if (gradient.empty()) fail_as_moved_from();
    int k = 0, offset = 0;
    for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        if constexpr (!Tensor::trained) return;
        (void)t.leaf_addresses();  // refuses an original that was given another shape
        Tensor::for_each_index([&](auto i) {
            if (t.requires_gradient())
                f(k, t.template original_to_write<i>(), gradient.data(k), offset, gradients<M>::size(k));
            offset += gradients<M>::size(k++);
        });
    });
}

// A number of a gradient, or the largest of its sign whose square fits; NaN where it is not finite.
template <class V>
[[gnu::always_inline]] inline V with_square(V g) {
    V const most = simd::splat<V>(op::detail::squares_range<simd::value_t<V>>::largest);
    return simd::max(simd::min(g, most), V(0) - most) + (g - g);
}

// Calls f(number, name, shape, offset) for every trained original of a network type, as for_each_original counts.
template <class M, class F>
void name_originals(F&& f) {
    int k = 0, offset = 0;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor const&) {
        if constexpr (Tensor::trained)
            Tensor::for_each_index([&](auto i) {
                constexpr extents shape = Tensor::traits::template original_shape<i>::value;
                f(k++, original_name<Tensor>(Path.view(), i), shape, offset);
                offset += shape.size();
            });
    });
}

// What all learning rates are multiplied by.
inline double checked_factor(double x) {
    if (!(x >= 0 && x <= 1e6))
        throw error("learning_rate_factor: give a number in [0, 1e6]; 1 is what the options say");
    return x;
}

// An option of an optimizer, for a network of numbers T: refused where it is negative, not a number, or infinite in T.
template <class T>
void require_option(char const* optimizer, char const* option, double x) {
    if (x >= 0 && x <= static_cast<double>(std::numeric_limits<T>::max())) return;
    char digits[32]{};
    std::to_chars(digits, digits + sizeof digits - 1, x);
    fail_with(
        {optimizer, ": ", option, " is ", digits, "; give a finite number of the network's type that is not negative"});
}

// The options of every original of a network.
template <class M, class Options>
class grouped_options {
  public:
    explicit grouped_options(Options const& o) { all_.fill(o); }
    Options const& of(int k) const { return all_[static_cast<std::size_t>(k)]; }
    Options& of(int k) { return all_[static_cast<std::size_t>(k)]; }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

    template <fixed_string Path>
    void set(Options const& o) {
        constexpr bool there = has_path<Path, M>();
        if constexpr (!there) refuse_path<Path, M, "group: ", "the network has no tensor or module">();
        std::size_t k = 0;
        detail::traced_module<M> const m{};
        for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
            for (int i = 0; i < Tensor::original_count && Tensor::trained; ++i, ++k)
                if (at_or_below(At.view(), Path.view())) all_[k] = o;
        });
    }

    // Calls check(number, options) for every original: an error names it.
    void check_each(auto&& check) const {
        name_originals<M>([&](int k, std::string const& name, auto const&...) {
            try {
                check(k, of(k));
            } catch (error const& e) {
                throw error(name + ": " + e.what() + "; nothing was changed");
            }
        });
    }

  private:
    std::array<Options, static_cast<std::size_t>(counts<M>.originals)> all_;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
