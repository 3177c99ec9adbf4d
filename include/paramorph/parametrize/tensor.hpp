// A module's tensor: `tensor<shape<5, 5>>` is a plain trainable tensor, `tensor<shape<5, 5>, chain<symmetric>>` a
// parametrized one, whose value is computed from its originals; `buffer<...>` is either without training.
//
//     auto w  = layer.weight();            // the value; read-only
//     auto& x = layer.weight.original();   // what the optimizer updates; original<1>() the second of several
//     auto& m = layer.weight.state<2>();   // the state of stage 2; state<2, 1>() its second tensor
//     layer.weight = a;                    // right_inverse of every stage, last stage first
//     layer.weight.project(a);             // the same, but keeps whatever forward makes of it
//     layer.weight.try_assign(a);          // assigns, or says why not by a status; try_project likewise
//     layer.weight.requires_gradient(false);   // optimizers leave it alone from now on
//
// Assigning refuses, and then changes nothing: another shape, elements that are not finite, what a right_inverse
// requires, a value that the chain cannot make, and one outside the chain's set. Tolerance: forward(right_inverse(a))
// may differ from a by 1e-4 in float and 1e-9 in double, of the largest element or of 1 if that is larger; membership
// of a set is decided to the same number. State that right_inverse sets changes with the originals.
//
// A read computes the value as in inference, and gives it as const: nothing written to it could reach the tensor. A
// default-constructed tensor is empty; a layer's constructor, `make` or an
// assignment fills it, and using an empty one is an error. A tensor is a literal type: while a module is traced in
// constant evaluation it holds a place in a graph instead of numbers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <tuple>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/parametrize/assignment.hpp"
#include "paramorph/parametrize/cell.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph {

// Are a tensor's originals trained, or is it a buffer?
enum class gradient { wanted, none };

template <class Shape, class Chain = chain<>, real T = float, gradient Gradient = gradient::wanted>
class tensor {
    static_assert(is_shape<Shape>, "tensor: the first argument must be a shape, as in tensor<pm::shape<2, 3>>");

  public:
    using declared_shape = Shape;
    using chain_type = Chain;
    using value_type = T;
    using traits = chain_traits<Chain, Shape, T>;
    using shape_type = typename traits::value_shape;
    static_assert(traits::fits() || true);  // a mistake in a stage is said where the tensor is declared
    using traced_type = symbol<shape_type, T, typename traits::forward_operations>;
    static constexpr bool parametrized = Chain::size > 0;
    static constexpr bool trained = Gradient == gradient::wanted;
    static constexpr int original_count = traits::original_count, state_count = traits::state_count;
    static constexpr int leaf_count = original_count + state_count;
    static constexpr bool assignable = right_invertible<Chain, Shape, T>;
    // Do initial values go through right_inverse?
    static constexpr bool projects = assignable && Chain::projects;
    // Under another chain.
    template <class Other>
    using with_chain = tensor<Shape, Other, T, Gradient>;
    // Stage I of the chain.
    template <int I>
    using stage = typename traits::template stage<I>;

    constexpr tensor() = default;
    // Fills a tensor that is not yet in a module.
    explicit tensor(array_expression auto const& a) { *this = a; }

    // The value.
    std::conditional_t<parametrized, container<shape_type, T> const, container<shape_type, T> const&> operator()()
        const {
        if constexpr (!parametrized)
            return original();
        else {
            auto y = make_container<shape_type, T>();
            write_value(y.data());
            return y;
        }
    }
    // Original K; writable, because optimizers and checkpoints write it.
    template <int K = 0>
    auto& original() {
        check_original<K>();
        require_live();
        writes_.note();
        return std::get<within<K>(original_count)>(originals_).data.value;
    }
    template <int K = 0>
    auto const& original() const {
        check_original<K>();
        require_live();
        return std::get<within<K>(original_count)>(originals_).data.value;
    }
    // Tensor K of the state of stage I.
    template <int I = 0, int K = 0>
    auto& state() {
        require_live();
        writes_.note();
        return std::get<state_position<I, K>()>(states_).data.value;
    }
    template <int I = 0, int K = 0>
    auto const& state() const {
        require_live();
        return std::get<state_position<I, K>()>(states_).data.value;
    }
    constexpr bool empty() const { return !std::get<0>(originals_).live; }
    void clear() { *this = tensor{}; }

    // Is it trained? Gradients are computed all the same; optimizers do not apply them where it is not.
    constexpr bool requires_gradient() const { return trained && requires_gradient_; }
    constexpr void requires_gradient(bool wanted) {
        static_assert(trained, "requires_gradient: a buffer is never trained; declare it as pm::tensor");
        requires_gradient_ = wanted;
    }
    // How often it was written: what is computed from it is as old as this number.
    std::uint64_t writes() const { return writes_.value(); }

    // Assigns the value; strong guarantee.
    tensor& operator=(array_expression auto const& a) {
        static_assert(
            assignable,
            "assignment: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) assign(a, true).throw_if_refused();
        return *this;
    }
    template <array_expression A>
    void operator=(A const&) const {
        static_assert(sizeof(A) == 0,
                      "assignment: this tensor is const, because its network is, or a view of it for inference; assign "
                      "to the network itself");
    }
    // Sets the originals to right_inverse(a), whatever value they then give.
    void project(array_expression auto const& a) {
        static_assert(
            assignable,
            "project: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) assign(a, false).throw_if_refused();
    }
    // Assigns the value, or changes nothing and says why.
    [[nodiscard]] status try_assign(array_expression auto const& a) {
        static_assert(
            assignable,
            "try_assign: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) return assign(a, true).as_status();
        return {};
    }
    // Projects, or changes nothing and says why.
    [[nodiscard]] status try_project(array_expression auto const& a) {
        static_assert(
            assignable,
            "try_project: a stage of this tensor's chain has no right_inverse; add one, or write original() instead");
        if constexpr (assignable) return assign(a, false).as_status();
        return {};
    }

    // Initial values from a uniform distribution over [-bound, bound]: drawn for the weight and taken through
    // right_inverse, as PyTorch does, when the chain projects (its set is all tensors, or its last stage says so) and
    // takes them; drawn for the original otherwise. Then the state, see stage.hpp.
    void initialize(random& numbers, double bound) {
        if constexpr (parametrized && projects) {
            auto w = make_container<shape_type, T>();
            for (auto& x : w) x = static_cast<T>(numbers.uniform(-bound, bound));
            if (!assign(w, false, &numbers)) return;
        }
        fill(originals_, numbers, bound);
        throw_if_failed(begin_state(numbers));
        writes_.note();
    }

    // For functions that make one tensor of another, in parametrize.hpp.
    template <class Other>
    void copy_gradient_wish(Other const& o) {
        if constexpr (trained) requires_gradient_ = o.requires_gradient();
    }
    // The originals, and the state of the stages that o has, too; that of the others begins.
    template <class Other>
    void copy_originals(Other const& o) {
        for_each_index([&](auto k) { std::get<k>(originals_).set(o.template original<k>()); });
        copy_gradient_wish(o);
        random numbers{seed{0}};
        throw_if_failed(begin_state(numbers));
        Other::for_each_state([&](auto stage, auto k, auto) {
            std::get<state_position<stage, k>()>(states_).set(o.template state<stage, k>());
        });
        writes_.note();
    }
    template <int Except, class Other>
    void copy_all_but(Other const& o) {
        make_cells(originals_);
        for_each_index([&](auto k) {
            if constexpr (k != Except) std::get<k>(originals_).set(o.template original<k>());
        });
        for_each_state([&](auto stage, auto k, auto) {
            std::get<state_position<stage, k>()>(states_).set(o.template state<stage, k>());
        });
        copy_gradient_wish(o);
    }
    // What original K is under its own chain.
    template <int K, class Under>
    auto nested_value() const {
        using O = typename traits::template original_shape<K>;
        auto y = make_container<O, T>();
        void const* const in[]{original<K>().data()};
        void* const out[]{y.data()};
        using P = program::value_of<Under, O, T>;
        throw_if_failed(detail::with_workspace<P>([&](std::byte* w) { return run<P>(in, out, w); }));
        return y;
    }

    // Writes the value to contiguous memory.
    void write_value(T* y) const { throw_if_failed(value_into(y)); }

    // The leaves of this tensor in a program, originals and state, in memory.
    std::array<void const*, static_cast<std::size_t>(leaf_count)> leaf_addresses() const {
        require_live();
        std::array<void const*, static_cast<std::size_t>(leaf_count)> to{};
        std::size_t n = 0;
        for_each_index([&](auto k) {
            if (!has_shape<typename traits::template original_shape<k>>(std::get<k>(originals_).data.value))
                fail("an original was given another shape; assign an array of the original's own shape");
        });
        auto const note = [&](auto const& c) { to[n++] = c.data.value.data(); };
        std::apply([&](auto const&... c) { (note(c), ...); }, originals_);
        std::apply([&](auto const&... c) { (note(c), ...); }, states_);
        return to;
    }
    // Calls f(k) with each original's index as a constant.
    static constexpr void for_each_index(auto&& f) {
        [&]<int... K>(std::integer_sequence<int, K...>) {
            (f(std::integral_constant<int, K>{}), ...);
        }(std::make_integer_sequence<int, original_count>{});
    }
    // Calls f(stage, position in it, state<name, shape>) likewise.
    static constexpr void for_each_state([[maybe_unused]] auto&& f) {
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (for_each_state_of<I>(f), ...);
        }(std::make_integer_sequence<int, Chain::size>{});
    }

    // Tracing: the originals and the state become leaves from `position` on, and the chain is applied.
    constexpr void bind(graph& g, int& position) {
        trained_with_ = &trained_with_here_;
        auto const x = detail::place_originals<traits, T>(g, position);
        auto s = detail::place_state<traits, T>(g, position + original_count);
        position += leaf_count;
        traced_ = &g;
        for (bound& b : bound_) b.state = s;
        for (mode m : {mode::training, mode::inference}) {
            if (m == mode::inference && !traits::depends_on_mode) {
                bound_[1] = bound_[0];
                break;
            }
            bound& b = bound_[static_cast<int>(m)];
            b.id = m == mode::training
                       ? std::apply(
                             [&](auto... o) { return traits::template forward<mode::training>(b.state, o...).id; }, x)
                       : std::apply(
                             [&](auto... o) { return traits::template forward<mode::inference>(b.state, o...).id; }, x);
        }
    }
    // Tracing: the value itself becomes a leaf.
    constexpr void bind_value(graph& g, int& position) { bind_to(place_leaf<shape_type, T>(g, position++)); }
    // Tracing: the value is this one.
    constexpr void bind_to(auto value) {
        traced_ = value.traced;
        for (bound& b : bound_) b.id = value.id;
    }
    // Tracing: what the tensor is from now on in expressions.
    constexpr void use(mode m) { mode_ = m; }
    constexpr traced_type as_symbol() const {
        if (!traced_)
            fail("a tensor was used in an expression outside of forward(); read its value with tensor() instead");
        if (mode_ == mode::training && trained_with_) *trained_with_ = true;
        return {traced_, bound_[static_cast<int>(mode_)].id};
    }
    // Tracing: does training change state k, and where does the graph have what it becomes? It stays where the value
    // was used in inference only.
    constexpr bool updates_state(int k) const { return bound_[0].state.next[k] >= 0; }
    constexpr int updated_state(int k) const {
        return trained_with_here_ ? bound_[0].state.after(k) : bound_[0].state.now[k];
    }

  private:
    template <class List>
    struct cells_of;
    template <class... Symbol>
    struct cells_of<std::tuple<Symbol...>> {
        using type = std::tuple<detail::shaped_cell<typename Symbol::shape_type, T>...>;
    };
    template <class... State>
    struct cells_of<states<State...>> {
        using type = std::tuple<detail::shaped_cell<typename State::shape_type, T>...>;
    };
    using original_cells = typename cells_of<typename traits::originals>::type;
    using state_cells = typename cells_of<typename traits::state_list>::type;

    template <int I>
    static constexpr void for_each_state_of(auto&& f) {
        [&]<class... State, int... K>(states<State...>, std::integer_sequence<int, K...>) {
            (f(std::integral_constant<int, I>{}, std::integral_constant<int, K>{}, State{}), ...);
        }(typename traits::template stage_state<I>{},
          std::make_integer_sequence<int, traits::template stage_state<I>::size>{});
    }
    template <int K>
    static constexpr void check_original() {
        static_assert(K >= 0 && K < original_count, "original: the tensor has no original of this number");
    }
    template <int K>
    static constexpr int within(int count) {
        return K >= 0 && K < count ? K : 0;
    }
    template <int I, int K>
    static constexpr std::size_t state_position() {
        constexpr bool there = [] {
            if constexpr (I >= 0 && I < Chain::size)
                return K >= 0 && K < traits::template stage_state<I>::size;
            else
                return false;
        }();
        static_assert(there, "state: the chain has no stage of this number, or the stage no such state");
        if constexpr (there)
            return static_cast<std::size_t>(traits::template first_state<I>() + K);
        else
            return 0;
    }

    void require_live() const {
        if (empty())
            fail(
                "an empty tensor was used: fill it with a layer's seed constructor, pm::make<Net>(pm::seed{0}), or an "
                "assignment");
    }

    // Runs P on the addresses of cells.
    template <class P>
    static status run_on(auto const& in, auto const& out) {
        return detail::with_workspace<P>([&](std::byte* w) { return run<P>(in.data(), out.data(), w); });
    }
    static auto addresses_of(auto&... cells) {
        return std::array<void*, sizeof...(cells)>{
            const_cast<void*>(static_cast<void const*>(cells.data.value.data()))...};
    }
    status value_into(T* y) const {
        auto const in = leaf_addresses();
        return run_on<program::value_of<Chain, Shape, T>>(in, std::array<void*, 1>{y});
    }
    static void make_cells(auto& cells) {
        std::apply([](auto&... c) { (c.make(), ...); }, cells);
    }
    static void fill(auto& cells, random& numbers, double bound) {
        make_cells(cells);
        std::apply(
            [&](auto&... c) {
                auto const one = [&](auto& values) {
                    for (auto& e : values) e = static_cast<T>(numbers.uniform(-bound, bound));
                };
                (one(c.data.value), ...);
            },
            cells);
    }
    // What the state begins as, given the originals.
    status begin_state([[maybe_unused]] random& numbers) {
        if constexpr (state_count == 0)
            return {};
        else {
            state_cells noise;
            fill(noise, numbers, 1);
            make_cells(states_);
            std::array<void const*, static_cast<std::size_t>(leaf_count)> in{};
            std::size_t n = 0;
            std::apply([&](auto&... c) { ((in[n++] = c.data.value.data()), ...); }, originals_);
            std::apply([&](auto&... c) { ((in[n++] = c.data.value.data()), ...); }, noise);
            auto const out = std::apply([](auto&... c) { return addresses_of(c...); }, states_);
            for (int round = 1;; ++round) {
                status const s = run_on<program::first_state_of<Chain, Shape, T>>(in, out);
                if (!s.ok() || round == traits::initial_rounds) return s;
                for_each_state([&](auto stage, auto k, auto) {
                    constexpr std::size_t at = state_position<stage, k>();
                    if (round < traits::template rounds_of<stage>()) std::get<at>(noise) = std::get<at>(states_);
                });
            }
        }
    }

    // `numbers`: the noise of a first state.
    detail::refusal assign(array_expression auto const& a, bool exact, random* numbers = nullptr) {
        if constexpr (fixed_container<decltype(a)>)
            static_assert(std::is_same_v<static_shape_of<decltype(a)>, shape_type>,
                          "assignment: the array's shape differs from the tensor's");
        static_assert(std::is_convertible_v<typename std::remove_cvref_t<decltype(a)>::value_type, T>,
                      "assignment: the elements must be numbers");
        if (!has_shape<shape_type>(a)) return {"assignment: the array's shape differs from the tensor's"};
        auto y = make_container<shape_type, T>();
        copy_row_major(a, y.data());
        if (auto const r = detail::refuse_not_finite(y.data(), shape_type::size,
                                                     "assignment: an element of the array is not finite"))
            return r;
        if constexpr (!parametrized) {
            std::get<0>(originals_).set(y);
            writes_.note();
        } else {
            tensor next = *this;
            random fixed{seed{0}};
            if (auto const r = next.invert(y.data(), numbers ? *numbers : fixed)) return r;
            if (exact)
                if (auto const r = next.refuse_other(y.data())) return r;
            originals_ = std::move(next.originals_);
            states_ = std::move(next.states_);
            writes_.note();
        }
        return {};
    }
    // Sets the originals, and what state right_inverse gives, from a value. There is no state before the first one:
    // right_inverse is given zeros.
    detail::refusal invert(T const* y, [[maybe_unused]] random& numbers) {
        bool const first = empty();
        make_cells(originals_);
        state_cells before = states_, after;
        if (first) {
            make_cells(before);
            std::apply([](auto&... c) { (std::fill(c.data.value.begin(), c.data.value.end(), T(0)), ...); }, before);
        }
        make_cells(after);
        std::array<void const*, 1 + static_cast<std::size_t>(state_count)> in{y};
        std::size_t n = 1;
        std::apply([&](auto&... c) { ((in[n++] = c.data.value.data()), ...); }, before);
        auto const out = std::apply([](auto&... c) { return addresses_of(c...); },
                                    std::tuple_cat(references(originals_), references(after)));
        if (status const s = run_on<program::right_inverse_of<Chain, Shape, T>>(in, out); !s.ok()) return {s.failed};
        detail::refusal r;
        for_each_index([&](auto k) {
            if (!r)
                r = detail::refuse_not_finite(std::get<k>(originals_).data.value.data(),
                                              traits::template original_shape<k>::size,
                                              "assignment: an element of what right_inverse gives is not finite");
        });
        if (r) return r;
        if constexpr (state_count > 0) {
            if (first)
                if (status const s = begin_state(numbers); !s.ok()) return {s.failed};
            keep_updates(after, std::make_index_sequence<static_cast<std::size_t>(state_count)>{});
        }
        return {};
    }
    template <std::size_t... K>
    void keep_updates(state_cells const& after, std::index_sequence<K...>) {
        constexpr auto changed = program::right_inverse_of<Chain, Shape, T>::changes_state();
        ((changed.at[K] ? std::get<K>(states_) = std::get<K>(after) : std::get<K>(states_)), ...);
    }
    static auto references(auto& cells) {
        return std::apply([](auto&... c) { return std::tie(c...); }, cells);
    }
    // Is the value another one than y, or outside of the chain's set?
    detail::refusal refuse_other(T const* y) const {
        auto again = make_container<shape_type, T>();
        if (status const s = value_into(again.data()); !s.ok()) return {s.failed};
        return detail::refuse_other_value<typename Chain::codomain>(again.data(), y, shape_type::value);
    }

    struct bound {
        int id = -1;
        typename traits::places state{};
    };
    original_cells originals_{};
    state_cells states_{};
    detail::write_count writes_{};
    bool requires_gradient_ = true;
    graph* traced_ = nullptr;
    bool trained_with_here_ = false, *trained_with_ = nullptr;  // of the tensor that was bound, not of its copies
    bound bound_[2]{};                                          // for each mode
    mode mode_ = mode::training;
};

// A tensor that is not trained.
template <class Shape, class Chain = chain<>, real T = float>
using buffer = tensor<Shape, Chain, T, gradient::none>;

template <class X>
inline constexpr bool is_tensor = false;
template <class S, class C, class T, gradient G>
inline constexpr bool is_tensor<tensor<S, C, T, G>> = true;

}  // namespace paramorph
