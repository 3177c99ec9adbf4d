// A module's tensor: `tensor<shape<5, 5>>` is a plain trainable tensor, `tensor<shape<5, 5>, chain<symmetric>>` a
// parametrized one, whose value is computed from its originals.
//
//     auto w  = layer.weight();            // the value; read-only
//     auto& x = layer.weight.original();   // what the optimizer updates; original<1>() the second of several
//     layer.weight = a;                    // right_inverse of every stage, last stage first
//     layer.weight.project(a);             // the same, but keeps whatever forward makes of it
//
// Assigning refuses, and then changes nothing: another shape, elements that are not finite, what a right_inverse
// requires, and a value that the chain cannot make (forward(right_inverse(a)) differs from a by more than 1e-4 in
// float, 1e-9 in double, of the largest element or of 1 if that is larger). A default-constructed tensor is empty; a
// layer's constructor, `make` or an assignment fills it, and using an empty one is an error. A tensor is a literal
// type: while a module is traced in constant evaluation it holds a place in a graph instead of numbers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <vector>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/kernel/run.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph {

namespace detail {

// A container that exists only outside constant evaluation.
template <class Container>
struct cell {
    union slot {
        char none;
        Container value;
        constexpr slot() : none{} {}
        constexpr ~slot() {}
    } data;
    bool live = false;

    constexpr cell() {}
    cell(cell const& o) {
        if (o.live) set(o.data.value);
    }
    cell& operator=(cell const& o) {
        if (o.live)
            set(o.data.value);
        else
            clear();
        return *this;
    }
    constexpr cell(cell&& o) noexcept { take(o); }
    constexpr cell& operator=(cell&& o) noexcept {
        if (this != &o) {
            clear();
            take(o);
        }
        return *this;
    }
    constexpr ~cell() { clear(); }
    constexpr void take(cell& o) noexcept {
        if (!o.live) return;
        std::construct_at(&data.value, std::move(o.data.value));
        live = true;
    }
    void set(Container const& c) {
        if (live)
            data.value = c;
        else
            std::construct_at(&data.value, c);
        live = true;
    }
    constexpr void clear() {
        if (live) std::destroy_at(&data.value);
        live = false;
    }
};

// Calls f with a workspace for P: on the stack while it is small.
template <class P, class F>
status with_workspace(F f) {
    constexpr int bytes = workspace_bytes_of<P>;
    if constexpr (bytes <= 64 * 1024) {
        alignas(workspace_alignment) std::byte space[bytes > 0 ? bytes : 1];
        return f(space);
    } else {
        struct alignas(workspace_alignment) block {
            std::byte bytes[workspace_alignment];
        };
        std::vector<block> space((bytes + workspace_alignment - 1) / workspace_alignment);
        return f(space.front().bytes);
    }
}

template <class T>
void require_finite(T const* x, int n, char const* what) {
    for (int i = 0; i < n; ++i)
        if (!std::isfinite(x[i]))
            throw error("assignment: element " + std::to_string(i) + " (row-major) of " + what +
                        " is not finite; nothing was changed");
}

}  // namespace detail

template <class Shape, class Chain = chain<>, real T = float>
class tensor {
    static_assert(is_shape<Shape>, "tensor: the first argument must be a shape, as in tensor<pm::shape<2, 3>>");

  public:
    using shape_type = Shape;
    using chain_type = Chain;
    using value_type = T;
    using traits = chain_traits<Chain, Shape, T>;
    using traced_type = symbol<Shape, T, typename traits::forward_operations>;
    static constexpr bool parametrized = Chain::size > 0;
    static constexpr int original_count = traits::original_count;
    static constexpr bool assignable = right_invertible<Chain, Shape, T>;
    template <int K>
    using original_type = container<typename traits::template original_shape<K>, T>;

    constexpr tensor() = default;
    // Fills a tensor that is not yet in a module.
    explicit tensor(array_expression auto const& a) { *this = a; }

    // The value.
    decltype(auto) operator()() const {
        if constexpr (!parametrized)
            return original();
        else {
            auto y = make_container<Shape, T>();
            write_value(y.data());
            return y;
        }
    }
    // Original K; writable, because optimizers and checkpoints write it.
    template <int K = 0>
    auto& original() {
        require_live();
        return std::get<K>(originals_).data.value;
    }
    template <int K = 0>
    auto const& original() const {
        require_live();
        return std::get<K>(originals_).data.value;
    }
    bool empty() const { return !std::get<0>(originals_).live; }

    // Assigns the value; strong guarantee.
    tensor& operator=(array_expression auto const& a) {
        static_assert(
            assignable,
            "assignment: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) assign(a, true);
        return *this;
    }
    // Sets the originals to right_inverse(a), whatever value they then give.
    void project(array_expression auto const& a) {
        static_assert(
            assignable,
            "project: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) assign(a, false);
    }

    // Initial values from a uniform distribution over [-bound, bound]: drawn for the weight and taken through
    // right_inverse, as PyTorch does, when the chain has one and makes no special set; drawn for the original
    // otherwise.
    void initialize(random& numbers, double bound) {
        constexpr bool through_inverse =
            parametrized && assignable && std::is_same_v<typename Chain::codomain, set::real>;
        if constexpr (through_inverse) {
            auto w = make_container<Shape, T>();
            for (auto& x : w) x = static_cast<T>(numbers.uniform(-bound, bound));
            project(w);
        } else {
            for_each_index([&](auto k) {
                auto x = make_container<typename traits::template original_shape<k>, T>();
                for (auto& e : x) e = static_cast<T>(numbers.uniform(-bound, bound));
                std::get<k>(originals_).set(x);
            });
        }
    }

    // Writes the value to contiguous memory.
    void write_value(T* y) const {
        require_live();
        void* const out[]{y};
        auto const in = original_addresses();
        using P = program::value_of<Chain, Shape, T>;
        throw_if_failed(detail::with_workspace<P>([&](std::byte* w) { return run<P>(in.data(), out, w); }));
    }
    std::array<void const*, static_cast<std::size_t>(original_count)> original_addresses() const {
        require_live();
        for_each_index([&](auto k) {
            if (!has_shape<typename traits::template original_shape<k>>(std::get<k>(originals_).data.value))
                throw error("an original was given another shape; assign an array of the original's own shape");
        });
        return std::apply(
            [](auto const&... c) { return std::array<void const*, sizeof...(c)>{c.data.value.data()...}; }, originals_);
    }
    // Calls f(k) with each original's index as a constant.
    static constexpr void for_each_index(auto&& f) {
        [&]<int... K>(std::integer_sequence<int, K...>) {
            (f(std::integral_constant<int, K>{}), ...);
        }(std::make_integer_sequence<int, original_count>{});
    }

    // Tracing: the originals become leaves from `position` on, and the chain is applied.
    constexpr void bind(graph& g, int& position) {
        id_ =
            std::apply([](auto... x) { return traits::forward(x...); }, detail::place_originals<traits, T>(g, position))
                .id;
        position += original_count;
        traced_ = &g;
    }
    // Tracing: the value itself becomes a leaf.
    constexpr void bind_value(graph& g, int& position) {
        id_ = place_leaf<Shape, T>(g, position++).id;
        traced_ = &g;
    }
    constexpr traced_type as_symbol() const {
        if (!traced_)
            throw error(
                "a tensor was used in an expression outside of forward(); read its value with tensor() instead");
        return {traced_, id_};
    }

  private:
    template <class List>
    struct cells_of;
    template <class... Symbol>
    struct cells_of<std::tuple<Symbol...>> {
        using type = std::tuple<detail::cell<container<typename Symbol::shape_type, T>>...>;
    };

    void require_live() const {
        if (empty())
            throw error(
                "an empty tensor was used: fill it with a layer's seed constructor, pm::make<Net>(pm::seed{0}), or an "
                "assignment");
    }

    void assign(array_expression auto const& a, bool exact) {
        if constexpr (fixed_container<decltype(a)>)
            static_assert(std::is_same_v<static_shape_of<decltype(a)>, Shape>,
                          "assignment: the array's shape differs from the tensor's");
        static_assert(std::is_convertible_v<typename std::remove_cvref_t<decltype(a)>::value_type, T>,
                      "assignment: the elements must be numbers");
        if (!has_shape<Shape>(a))
            throw error("assignment: the array's shape differs from the tensor's; nothing was changed");
        auto y = make_container<Shape, T>();
        std::copy(a.template begin<xt::layout_type::row_major>(), a.template end<xt::layout_type::row_major>(),
                  y.data());
        detail::require_finite(y.data(), Shape::size, "the array");
        if constexpr (!parametrized)
            std::get<0>(originals_).set(y);
        else {
            tensor next;
            for_each_index([&](auto k) {
                std::get<k>(next.originals_).set(make_container<typename traits::template original_shape<k>, T>());
            });
            auto const out = std::apply(
                [](auto&... c) { return std::array<void*, sizeof...(c)>{c.data.value.data()...}; }, next.originals_);
            void const* const in[]{y.data()};
            using P = program::right_inverse_of<Chain, Shape, T>;
            throw_if_failed(detail::with_workspace<P>([&](std::byte* w) { return run<P>(in, out.data(), w); }));
            for_each_index([&](auto k) {
                detail::require_finite(next.template original<k>().data(), traits::template original_shape<k>::size,
                                       "what right_inverse gives");
            });
            if (exact) require_image(next, y.data());
            originals_ = std::move(next.originals_);
        }
    }
    static void require_image(tensor const& next, T const* y) {
        auto again = make_container<Shape, T>();
        next.write_value(again.data());
        T scale = 1, worst = 0;
        int where = 0;
        for (int i = 0; i < Shape::size; ++i) {
            T const difference = std::abs(again.data()[i] - y[i]);
            scale = std::max(scale, std::abs(y[i]));
            if (difference <= worst) continue;
            worst = difference, where = i;
            if (std::isnan(worst)) break;
        }
        if (!(worst <= scale * (std::is_same_v<T, float> ? T(1e-4) : T(1e-9))))
            throw error("assignment: the parametrization cannot make this value; the nearest it makes differs by " +
                        std::to_string(worst) + " at element " + std::to_string(where) +
                        " (row-major). Nothing was changed; assign a value of its set, or use project()");
    }

    typename cells_of<typename traits::originals>::type originals_{};
    graph* traced_ = nullptr;
    int id_ = -1;
};

template <class X>
inline constexpr bool is_tensor = false;
template <class S, class C, class T>
inline constexpr bool is_tensor<tensor<S, C, T>> = true;

}  // namespace paramorph
