// The gradient of a scalar with respect to a network's trained originals: one block of numbers, in the order of the
// walk, and each original's part of it by name. It can be written: a step's gradient before an optimizer takes it.
//
//     auto& [value, gradient] = step(x, t);
//     gradient.at<"0.bias">() *= 0.5f;                    // of a tensor with one original
//     auto g = gradient.original<"0.weight", 1>();        // of the second of several, as an array on this memory
//     for (float& g : gradient) squares += g * g;         // all of them: clipping by norm
//     gradient *= std::min(1.0f, 1 / std::sqrt(squares));
//     pm::gradients<model> sum;                           // zeros; accumulation over micro-batches
//     sum += step(x1, t1).gradient; sum += step(x2, t2).gradient; sum *= 0.5f;
//
// Paths are those of `pm::get`, "0.weight". Of a parametrized tensor the gradient is that of what is trained, as
// `parametrizations.weight.original.grad` is in PyTorch; the value itself has none there either. A path that names no
// trained tensor (a module, a buffer, a slip) does not compile, and the compiler lists those that there are. The array
// has the shape of the original and refuses to be assigned another one (pm::error); it refers to the gradient, which
// must outlive it. `pm::for_each_gradient` (nn/names.hpp) visits all by PyTorch's names. A gradient that was moved
// from refuses to be used. Tensors with `requires_gradient(false)` have their gradients here, too; optimizers skip
// them. Errors: a path that names no trained tensor, a temporary gradient are the compiler's; an array of another
// shape, a gradient that was moved from: pm::error. Cost: one block of as many numbers as are trained; arithmetic is
// one pass over it, a part of it is no copy. Example: examples/gradients.cpp. Source: torch.Tensor.grad,
// torch.nn.Module.named_parameters.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "paramorph/nn/counts.hpp"
#include "paramorph/nn/network_pointer.hpp"
#include "paramorph/nn/paths.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Where among the trained originals that of the tensor at a path is, or the first of several; -1 where there is none.
template <fixed_string Path, class M>
constexpr int first_trained_original() {
    int k = 0, found = -1;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
        if (!Tensor::trained) return;
        if (At.view() == Path.view()) found = k;
        k += Tensor::original_count;
    });
    return found;
}
template <fixed_string Path, class M>
constexpr sentence no_trained_tensor() {
    sentence names;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
        if (Tensor::trained) names.append(names.view().empty() ? "" : ", ", At.view());
    });
    if (names.view().empty())
        return sentence("gradient: the network has no trained tensor of this name, ", Path.view(), ": it has none");
    return sentence("gradient: the network has no trained tensor of this name, ", Path.view(),
                    "; name one of these: ", names.view());
}
// What is wrong with asking for original K of the tensor at a path.
inline constexpr int the_only_one = std::numeric_limits<int>::min();
enum class original_mistake { none, no_tensor, several, outside };
template <fixed_string Path, int K, class M>
constexpr original_mistake wrong_original() {
    if constexpr (first_trained_original<Path, M>() < 0)
        return original_mistake::no_tensor;
    else {
        using Tensor = std::remove_cvref_t<decltype(at_path<Path>(std::declval<M&>()))>;
        if (K == the_only_one) return Tensor::original_count == 1 ? original_mistake::none : original_mistake::several;
        return K >= 0 && K < Tensor::original_count ? original_mistake::none : original_mistake::outside;
    }
}
template <fixed_string Path, int K, class M>
constexpr sentence sentence_of_original() {
    constexpr original_mistake wrong = wrong_original<Path, K, M>();
    if constexpr (wrong == original_mistake::no_tensor)
        return no_trained_tensor<Path, M>();
    else {
        constexpr int count = std::remove_cvref_t<decltype(at_path<Path>(std::declval<M&>()))>::original_count;
        if constexpr (wrong == original_mistake::several)
            return sentence("gradient: ", Path.view(), " has ", count,
                            " originals: write original<path, 0>() for that of the first");
        else
            return sentence("gradient: ", Path.view(), " has no original ", K, ": it has ", count, ", from 0 on");
    }
}

}  // namespace detail

template <class M>
class gradients {
  public:
    using value_type = module_value_type<M>;
    static constexpr int count = detail::counts<M>.originals;

    gradients() : data_(elements) {}

    // Of the tensor at a path, which has one original.
    template <fixed_string Path>
    auto at() & {
        return part<Path, detail::the_only_one>(numbers().data());
    }
    template <fixed_string Path>
    auto at() const& {
        return part<Path, detail::the_only_one>(numbers().data());
    }
    template <fixed_string Path>
    auto at() const&& {
        of_a_temporary<M>();
        return at<Path>();
    }
    // Of original K of the tensor at a path.
    template <fixed_string Path, int K = 0>
    auto original() & {
        return part<Path, K>(numbers().data());
    }
    template <fixed_string Path, int K = 0>
    auto original() const& {
        return part<Path, K>(numbers().data());
    }
    template <fixed_string Path, int K = 0>
    auto original() const&& {
        of_a_temporary<M>();
        return original<Path, K>();
    }

    // All numbers, for a loop.
    value_type* begin() { return numbers().data(); }
    value_type* end() { return numbers().data() + elements; }
    value_type const* begin() const { return numbers().data(); }
    value_type const* end() const { return numbers().data() + elements; }
    // All of it.
    std::vector<value_type> const& flat() const& { return data_; }
    std::vector<value_type> flat() && { return std::move(data_); }

    gradients& operator+=(gradients const& o) {
        value_type* to = begin();
        for (value_type const g : o) *to++ += g;
        return *this;
    }
    gradients& operator*=(value_type factor) {
        for (value_type& g : *this) g *= factor;
        return *this;
    }

    // Original k's gradient, row-major, and its number of elements; originals are counted in member order.
    value_type* data(int k) & { return data_.data() + offsets.at[k]; }
    value_type const* data(int k) const& { return data_.data() + offsets.at[k]; }
    value_type const* data(int k) const&& = delete;
    static constexpr int size(int k) { return offsets.at[k + 1] - offsets.at[k]; }
    // Does it have its numbers? Not after it was moved from.
    bool empty() const { return data_.size() != elements; }

  private:
    static constexpr std::size_t elements = static_cast<std::size_t>(detail::counts<M>.original_elements);
    struct offset_table {
        int at[count + 1]{};
    };
    static constexpr offset_table offsets = [] {
        offset_table o;
        int k = 0;
        detail::traced_module<M> const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            if (!Tensor::trained) return;
            Tensor::for_each_index([&](auto i) {
                o.at[k + 1] = o.at[k] + Tensor::traits::template original_shape<i>::size;
                ++k;
            });
        });
        return o;
    }();
    // The part of original K of the tensor at a path, of numbers that begin at an address; after a mistake the first
    // number.
    template <fixed_string Path, int K, class T>
    static auto part(T* all) {
        constexpr bool there = detail::wrong_original<Path, K, M>() == detail::original_mistake::none;
        if constexpr (!there) {
            constexpr detail::sentence says = detail::sentence_of_original<Path, K, M>();
            using wrong = detail::mistake<says>;
            using said [[maybe_unused]] = wrong::type;
            return adapted<shape<>>(all);
        } else {
            using Tensor = std::remove_cvref_t<decltype(detail::at_path<Path>(std::declval<M&>()))>;
            constexpr int k = K == detail::the_only_one ? 0 : K;
            constexpr int first = offsets.at[detail::first_trained_original<Path, M>() + k];
            return adapted<typename Tensor::traits::template original_shape<k>>(all + first);
        }
    }
    template <class Of>
    static constexpr void of_a_temporary() {
        static_assert(sizeof(Of) == 0,
                      "gradient: the array would refer to the memory of a temporary; name the result first, as in "
                      "`auto& [value, gradient] = step(x, t);`");
    }
    std::vector<value_type> const& numbers() const {
        if (empty()) detail::fail_as_moved_from();
        return data_;
    }
    std::vector<value_type>& numbers() {
        if (empty()) detail::fail_as_moved_from();
        return data_;
    }
    std::vector<value_type> data_;
};

}  // namespace paramorph::inline PARAMORPH_ABI
