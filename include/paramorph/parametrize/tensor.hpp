// A module's tensor: `tensor<shape<5, 5>>` is a plain trainable tensor, `tensor<shape<5, 5>, chain<symmetric>>` a
// parametrized one, whose value is computed from its originals; `buffer<...>` is either without training.
//
//     auto w  = layer.weight();            // the value; read-only
//     auto& x = layer.weight.original();   // what the optimizer updates; original<1>() the second of several
//     auto& m = layer.weight.state<2>();   // the state of stage 2; state<2, 1>() its second tensor
//     layer.weight = a;                    // right_inverse of every stage, last stage first
//     layer.weight.project(a);             // the same, but keeps whatever that makes: forward(right_inverse(a))
//     layer.weight = pm::nearest(a);       // the nearest element of the chain's set (nearest.hpp)
//     layer.weight.try_assign(a);          // assigns, or says why not by a status; try_project likewise
//     layer.weight.requires_gradient(false);   // optimizers leave it alone from now on
//
// Errors: assigning refuses, and then changes nothing, another shape, elements that are not finite, what a
// right_inverse requires, a value that the chain cannot make, and one outside the chain's set. Tolerance:
// forward(right_inverse(a)) may differ from a by 1e-4 of the largest element in float and 1e-9 of it in double, however
// small it is, and by 32 epsilon of the largest number that the chain adds (an end of an interval); membership of a set
// is decided to the same 1e-4 or 1e-9 (see subset.hpp). State that right_inverse sets changes with the originals.
// project refuses what right_inverse requires, and a value that then could not be read.
//
// A read computes the value as in inference, as const. A default-constructed or moved-from tensor is empty; a layer's
// constructor, `make` or an assignment fills it, and using an empty one is an error. original() and state() give
// references, which refuse another shape; a temporary gives values. In a traced module a tensor holds places in a graph
// (traced_tensor.hpp), not numbers (leaves.hpp). Cost: a read runs the chain, an assignment both directions. Source:
// torch.nn.Parameter; torch.nn.utils.parametrize.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/parametrize/assignment.hpp"
#include "paramorph/parametrize/tensor_numbers.hpp"
#ifndef PARAMORPH_EMBED  // nothing is assigned there
#include "paramorph/parametrize/nearest.hpp"
#endif

namespace paramorph::inline PARAMORPH_ABI {

// Are a tensor's originals trained, or is it a buffer?
enum class gradient { wanted, none };

// What is said of a tensor that is used as an array.
#define PARAMORPH_ASSIGNED                                                                                         \
    "assignment: a tensor takes an array of its shape: write net.weight = xt::xtensor_fixed<float, xt::xshape<2, " \
    "2>>{{1, 2}, {3, 4}}, or xt::ones<float>({2, 2}) in place of a number, xt::adapt(v, {2, 2}) of a vector"
#define PARAMORPH_ELEMENT                                                                                    \
    "a tensor's elements are read as net.weight()(0, 0) and written as net.weight.original()(0, 0) = 1; in " \
    "forward pm::select<axis, index>(x) reads them"
template <class Shape, class Stages = chain<>, class Element = float, gradient Gradient = gradient::wanted>
class tensor : public detail::after<
                   detail::try_stages<Shape, detail::real_or_float<Element>>(std::type_identity<Stages>{}),
                   detail::tensor_numbers<Shape, detail::chain_or_none<Stages>, detail::real_or_float<Element>>> {
    using T = detail::real_or_float<Element>;
    using Chain = detail::chain_or_none<Stages>;
    static_assert(is_shape<Shape>, "tensor: the first argument must be a shape, as in tensor<pm::shape<2, 3>>");
    using numbers_of = detail::tensor_numbers<Shape, Chain, T>;
    using numbers_of::drawn_, numbers_of::history_, numbers_of::invert, numbers_of::leaves_;
    using typename numbers_of::demand;

  public:
    using declared_shape = Shape;
    using chain_type = Chain;
    using value_type = T;
    using traits = chain_traits<Chain, Shape, T>;
    using shape_type = typename traits::value_shape;
    static_assert(traits::fits() || true);  // a mistake in a stage is said where the tensor is declared
    static constexpr bool parametrized = Chain::size > 0;
    static constexpr bool trained = Gradient == gradient::wanted;
    static constexpr int original_count = traits::original_count, state_count = traits::state_count;
    // Can a module's forward move it?
    static constexpr bool can_be_moved = !trained && !parametrized;
    static constexpr int leaf_count = original_count + state_count;
    using numbers_of::empty, numbers_of::for_each_index, numbers_of::original, numbers_of::write_value;
    static constexpr bool assignable = right_invertible<Chain, Shape, T>;
    // Do initial values go through right_inverse?
    static constexpr bool projects = assignable && Chain::projects;
    // Under another chain.
    template <class Other>
    using with_chain = tensor<Shape, Other, T, Gradient>;
    // Stage I of the chain.
    template <int I>
    using stage = typename traits::template stage<I>;

    constexpr tensor() {
        static_assert(detail::first_stage<Chain>::original::named);  // the chain says what is wrong
    }
    // Empty, like any other, until it is initialized; then every element of its value is this number.
    constexpr explicit tensor(full begin) : tensor() {
        begins_as_ = detail::fitting<T>(begin.value);
        declares_begin_ = true;
    }
    // Fills a tensor that is not yet in a module.
    explicit tensor(array_expression auto const& a) : tensor() { *this = a; }

    // The value.
    std::conditional_t<parametrized, container<shape_type, T> const, container<shape_type, T> const&> operator()()
        const& {
        if constexpr (!parametrized)
            return original();
        else {
            auto y = make_container<shape_type, T>();
            write_value(y.data());
            return y;
        }
    }
    // Of a temporary everything is given by value, so that nothing refers to what is gone.
    container<shape_type, T> const operator()() const&& { return (*this)(); }
    template <detail::sentence Says = PARAMORPH_ELEMENT>
    T& operator()(auto const&, auto const&...) const = PARAMORPH_REFUSED(PARAMORPH_ELEMENT);
    void clear() { *this = tensor{}; }

    // Is it trained? Gradients are computed all the same; optimizers do not apply them where it is not.
    constexpr bool requires_gradient() const { return trained && requires_gradient_; }
    constexpr void requires_gradient(bool wanted) {
        static_assert(trained, "requires_gradient: a buffer is never trained; declare it as pm::tensor");
        requires_gradient_ = wanted;
    }
    // Assigns the value; strong guarantee.
    tensor& operator=(array_expression auto const& a) {
        if constexpr (is_assignable<"assignment">())
            assign(of_shape<shape_type>(a), demand::this_value).throw_if_refused();
        return *this;
    }
#ifndef PARAMORPH_EMBED
    // The nearest element of the chain's set: see nearest.hpp.
    template <class A>
    tensor& operator=(detail::nearest_to<A> a) {
        throw_if_failed(detail::make_nearest_weight<typename Chain::codomain, shape_type>(a.array));
        return *this = a.array;
    }
    template <class A>
    [[nodiscard]] status try_assign(detail::nearest_to<A> a) {
        status const s = detail::make_nearest_weight<typename Chain::codomain, shape_type>(a.array);
        return s.ok() ? try_assign(a.array) : s;
    }
#endif
    template <array_expression A>
    void operator=(A const&) const {
        static_assert(sizeof(A) == 0,
                      "assignment: this tensor is const, because its network is, or a view of it for inference; assign "
                      "to the network itself");
    }
    // In a module's forward, for pm::updated: what the buffer becomes when a training step ends (nn/module.hpp).
    template <traced V>
    constexpr auto operator=(V const& v) const {
        using value = detail::operand_type<V>;
        constexpr bool fits = std::is_same_v<typename value::shape_type, shape_type>,
                       same_type = std::is_same_v<typename value::value_type, T>;
        if constexpr (trained) {
            using wrong = detail::mistake<detail::sentence(
                "updated: a trained tensor, ", shape_type::value,
                ", is moved by optimizers alone: declare what forward moves as pm::buffer<...>")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (parametrized) {
            using wrong = detail::mistake<detail::sentence(
                "updated: the value of a parametrized buffer, ", shape_type::value,
                ", comes from its original: declare what forward moves without stages")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!fits) {
            using wrong = detail::mistake<detail::sentence("updated: a buffer keeps its shape: ", shape_type::value,
                                                           " cannot become ", value::shape_type::value)>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (!same_type) {
            using wrong =
                detail::mistake<detail::sentence("updated: a buffer keeps its element type: ", name_of_element<T>,
                                                 " cannot become ", name_of_element<typename value::value_type>)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return this->template becomes<tensor>(detail::as_operand(v));
    }
    template <class A, detail::sentence Says = PARAMORPH_ASSIGNED>
        requires(!array_expression<A>)
    tensor& operator=(A const&) {
        return detail::refuse<Says>(), *this;
    }
    template <class A, std::size_t N, detail::sentence Says = PARAMORPH_ASSIGNED>
    tensor& operator=(A const (&)[N]) {
        return detail::refuse<Says>(), *this;
    }
    template <class A, std::size_t N, std::size_t K, detail::sentence Says = PARAMORPH_ASSIGNED>
    tensor& operator=(A const (&)[N][K]) {
        return detail::refuse<Says>(), *this;
    }
    // Sets the originals to right_inverse(a), whatever value they then give.
    void project(array_expression auto const& a) {
        if constexpr (is_assignable<"project">()) assign(of_shape<shape_type>(a), demand::readable).throw_if_refused();
    }
    // Assigns the value, or changes nothing and says why.
    [[nodiscard]] status try_assign(array_expression auto const& a) {
        if constexpr (is_assignable<"try_assign">()) return assign(a, demand::this_value).as_status();
        return {};
    }
    // Projects, or changes nothing and says why.
    [[nodiscard]] status try_project(array_expression auto const& a) {
        if constexpr (is_assignable<"try_project">()) return assign(a, demand::readable).as_status();
        return {};
    }

    // Initial values from a uniform distribution over [-bound, bound]: drawn for the weight and taken through
    // right_inverse, as PyTorch does, when the chain projects (its set is all tensors, or its last stage says so) and
    // takes them; drawn for the original otherwise. Then the state, see stage.hpp.
    void initialize(random& numbers, double bound) {
        initialize_by(numbers, [bound](random& r) { return r.uniform(-bound, bound); });
    }
    // From another distribution: `draw(numbers)` is called for one element after the other.
    [[gnu::cold]] void initialize_by(random& numbers, auto&& draw) {
        drawn_ = true;
        if constexpr (parametrized && projects) {
            auto w = make_container<shape_type, T>();
            for (int i = 0; i < shape_type::size; ++i) w.data()[i] = detail::fitting<T>(draw(numbers));
            if (!invert(w, demand::nothing, numbers)) return;
        }
        leaves_.draw(numbers, draw);
        throw_if_failed(leaves_.begin_state(numbers));
        history_.note();
    }

    // Initial values as they are declared, else zeros: of the value, through right_inverse; of the originals where
    // there is none, and of zeros that it refuses. Then the state.
    [[gnu::cold]] void initialize_as_declared(random& numbers) {
        drawn_ = !declares_begin_;
        if constexpr (parametrized && assignable) {
            auto w = make_container<shape_type, T>();
            std::fill_n(w.data(), shape_type::size, begins_as_);
            auto const refused = invert(w, demand::nothing, numbers);
            if (!refused) return;
            if (declares_begin_) refused.throw_if_refused();
        }
        leaves_.begin_as(begins_as_);
        throw_if_failed(leaves_.begin_state(numbers));
        history_.note();
    }
    constexpr bool declares_begin() const { return declares_begin_; }

    // For functions that make one tensor of another, in parametrize.hpp.
    template <class Other>
    void copy_trainable(Other const& o) {
        if constexpr (trained) requires_gradient_ = o.requires_gradient();
    }
    // The originals, and the state of the stages that o has, too; that of the others begins.
    template <class Other>
    void copy_originals(Other const& o) {
        for_each_index([&](auto k) { std::get<k>(this->leaves_.originals).set(o.template original<k>()); });
        copy_trainable(o);
        random numbers{seed{0}};
        throw_if_failed(leaves_.begin_state(numbers));
        this->template copy_state<Other>(o);
        history_.note();
    }
    template <int Except, class Other>
    void copy_all_but(Other const& o) {
        detail::make_cells(leaves_.originals);
        for_each_index([&](auto k) {
            if constexpr (k != Except) std::get<k>(this->leaves_.originals).set(o.template original<k>());
        });
        this->template copy_state<tensor>(o);
        copy_trainable(o);
    }

  private:
    // Says which stage has no right_inverse, where one has none.
    template <fixed_string What>
    static constexpr bool is_assignable() {
        if constexpr (!assignable) {
            using wrong = detail::mistake<detail::sentence(
                What.view(), ": ", traits::stage_without_right_inverse(),
                ", a stage of this tensor's chain, has no right_inverse; add one, or write original() instead")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return assignable;
    }
    detail::refusal assign(array_expression auto const& a, demand what) {
        random fixed{seed{0}};
        auto const refused = invert(a, what, fixed);
        drawn_ = drawn_ && refused;
        return refused;
    }
    bool requires_gradient_ = true, declares_begin_ = false;
    T begins_as_ = 0;
};
#undef PARAMORPH_ASSIGNED
#undef PARAMORPH_ELEMENT

// A tensor that is not trained.
template <class Shape, class Chain = chain<>, class T = float>
using buffer = tensor<Shape, Chain, T, gradient::none>;

template <class X>
inline constexpr bool is_tensor = false;
template <class S, class C, class T, gradient G>
inline constexpr bool is_tensor<tensor<S, C, T, G>> = true;

}  // namespace paramorph::inline PARAMORPH_ABI
