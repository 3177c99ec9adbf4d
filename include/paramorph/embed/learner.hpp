// Learning on a target: some tensors of a network are trained by stochastic gradient descent, the others stay in flash.
//
//     using tuner = pm::learner<trained::originals, loss, pm::trains<"0.weight", "4.weight", "4.bias">,
//                               pm::input<pm::shape<8, 64>>, pm::input<pm::shape<8>, std::int32_t>>;
//     static_assert(sizeof(tuner) <= 64 * 1024);
//     static tuner t;                                     // all of its memory: parameters, gradient, workspace
//     t.reset();                                          // as they are in flash
//     pm::status s = t.step(0.05f, x, labels);            // p <- p - rate g
//     s = t(x, y);                                        // the network as it is now, on one input
//     store.save(t.parameters());  t.set(store.load());   // embed/parameter_store.hpp
//
// Trained are the originals at the paths that `pm::trains` names, tensors or modules: the two factors of a lora, say,
// while its base, which is state, stays in flash. The loss is a captureless struct, as for value_and_grad; its inputs,
// a batch of rows among them, have static shapes. Mode: training in a step, but state never changes.
//
// Errors, as a status: the rate or an input is not finite; a label is none; an operation fails; the loss, the gradient
// or a parameter after the step is not finite (a training that diverges); `set` is given parameters that are not
// finite. Then the parameters and `loss()` are what they were. By the compiler: paths of which none is trained, a loss
// that changes state, other inputs than it has. A call whose x and y share memory is refused. Memory: sizeof the
// learner, and the stack; no heap. Cost: a step is the loss, its gradient of the trained originals alone, and three
// passes over these to check and to apply it. Source: Robbins and Monro 1951; torch.optim.SGD without momentum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/network.hpp"
#include "paramorph/nn/gradient_program.hpp"
#include "paramorph/nn/paths.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Paths of tensors and modules that are trained.
template <fixed_string... Paths>
struct trains {};

namespace detail {

// The originals at or below some paths: their leaves, and where their elements begin among all trained ones.
template <class M, class Trained>
struct chosen_leaves;
template <class M, fixed_string... Paths>
struct chosen_leaves<M, trains<Paths...>> {
    template <fixed_string Path>
    static constexpr bool names() {
        if constexpr (!has_path<Path, M>()) refuse_path<Path, M, "trains: ", "the network has no tensor or module">();
        return true;
    }
    static_assert((names<Paths>() && ...));
    static constexpr int count = [] {
        int n = 0;
        detail::traced_module<M> const m{};
        for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
            if ((at_or_below(At.view(), Paths.view()) || ...)) n += Tensor::trained ? Tensor::original_count : 0;
        });
        return n;
    }();
    int at[count + 1]{}, begin[count + 2]{};
    constexpr chosen_leaves() {
        int leaf = 0, n = 0;
        detail::traced_module<M> const m{};
        for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
            bool const wanted = Tensor::trained && (at_or_below(At.view(), Paths.view()) || ...);
            for (int k = 0; k < Tensor::original_count; ++k) {
                if (!wanted) continue;
                int const l = leaf + k;
                at[n] = l;
                begin[n + 1] = begin[n] + layout_of<M>.leaf[l + 1] - layout_of<M>.leaf[l];
                ++n;
            }
            leaf += Tensor::leaf_count;
        });
    }
    constexpr int elements() const { return begin[count]; }
    static constexpr bool say() {
        if constexpr (count == 0 && (has_path<Paths, M>() && ...)) {
            using wrong =
                mistake<sentence("trains: none of the tensors named is trained: ", listed(Paths.view()...).view())>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(say());
};

}  // namespace detail

template <auto const& Originals, class Loss, class Trained, class... Input>
class learner {
    using numbers = std::remove_cvref_t<decltype(Originals)>;
    using M = typename numbers::module_type;
    using T = typename numbers::value_type;
    using chosen = detail::chosen_leaves<M, Trained>;
    static constexpr chosen wanted{};
    static constexpr int elements = wanted.elements();

  public:
    using step_program = program::value_and_gradient_at<Loss, M, chosen, Input...>;
    static_assert(step_program::updates.count == 0,
                  "learner: training changes state of this network, which a target keeps in flash: call "
                  "pm::inference(net) in the loss");
    template <class Shape>
    using call_program = program::call_on_target<M, binding::originals, input<Shape, T>>;
    static constexpr int parameter_count = elements;

    // The parameters as they are in flash.
    void reset() {
        for_each_chosen([&](int leaf, int begin, int n) {
            for (int i = 0; i < n; ++i) parameters_[begin + i] = Originals.of[numbers::begin(leaf) + i];
        });
    }
    std::span<T const, std::size_t(elements)> parameters() const { return parameters_; }
    // Other ones, as they were saved.
    status set(std::span<T const, std::size_t(elements)> p) {
        if (!detail::all_finite(p.data(), elements)) return {"learner: a parameter is not finite"};
        for (int i = 0; i < elements; ++i) parameters_[i] = p[static_cast<std::size_t>(i)];
        return {};
    }
    // The loss of the last step.
    T loss() const { return loss_; }

    // One step of gradient descent on the inputs of the loss.
    template <class... X>
    status step(T rate, X const&... x) {
        if constexpr (sizeof...(X) != sizeof...(Input)) {
            using wrong = detail::mistake<detail::sentence("learner: give a step the inputs of its loss, ",
                                                           sizeof...(Input), " of them: ", sizeof...(X), " given")>;
            using said [[maybe_unused]] = wrong::type;
            return {};
        } else
            return step_on(rate, detail::numbers_of<typename Input::value_type const, Input::shape_type::size>(x)...);
    }
    // The network on one input of its stated shape.
    template <class X, class Y>
    status operator()(X const& x, Y&& y) {
        constexpr bool states_one = detail::states_input_shape<M>;
        static_assert(states_one,
                      "learner: it is called on one input, whose shape the network states, `using input_shape = "
                      "pm::shape<8>;`; a step takes any inputs of the loss");
        if constexpr (states_one)
            return call<typename M::input_shape>(x, y);
        else
            return {};
    }

  private:
    template <class Shape, class X, class Y>
    status call(X const& x, Y& y) {
        using P = call_program<Shape>;
        T const* const from = detail::numbers_of<T const, Shape::size>(x);
        T* const to = detail::numbers_of<T, P::result::shape_type::size>(y);
        if (from == nullptr || to == nullptr) return {detail::another_number};
        if (detail::overlap<Shape::size * sizeof(T), P::result::shape_type::size * sizeof(T)>(from, to))
            return {detail::shared_memory};
        if (!detail::all_finite(from, Shape::size)) return {"call: the input is not finite"};
        void const* arguments[numbers::parts + 1];
        addresses(arguments);
        arguments[numbers::parts] = from;
        void* const outputs[]{to};
        return run<P>(arguments, outputs, workspace_);
    }
    static constexpr void for_each_chosen(auto const& f) {
        kernel::unrolled<chosen::count>([&](auto k) {
            constexpr int leaf = wanted.at[k], begin = wanted.begin[k], n = wanted.begin[k + 1] - begin;
            f(leaf, begin, n);
        });
    }
    [[gnu::always_inline]] void addresses(void const** to) const {
        Originals.addresses(to);
        for_each_chosen([&](int leaf, int begin, int) { to[leaf] = parameters_ + begin; });
    }
    template <class Value>
    static bool usable(Value const* x, int n) {
        if constexpr (real<Value>)
            return detail::all_finite(x, n);
        else
            return true;  // labels are looked at where they are used
    }
    status step_on(T rate, typename Input::value_type const*... x) {
        if (((x == nullptr) || ...)) return {detail::another_number};
        if (!detail::all_finite(&rate, 1)) return {"learner: the rate is not finite"};
        if (!(usable(x, Input::shape_type::size) && ...)) return {"learner: an input is not finite"};
        void const* arguments[numbers::parts + static_cast<int>(sizeof...(Input))];
        addresses(arguments);
        int k = numbers::parts;
        ((arguments[k++] = x), ...);
        T loss = 0;
        void* outputs[chosen::count + 1]{&loss};
        kernel::unrolled<chosen::count>([&](auto i) {
            constexpr int begin = wanted.begin[i];
            outputs[i + 1] = gradient_ + begin;
        });
        if (status const s = run<step_program>(arguments, outputs, workspace_); !s) return s;
        if (!detail::all_finite(&loss, 1)) return {"learner: the loss is not finite; a smaller rate may train"};
        if (!detail::all_finite(gradient_, elements)) return {"learner: the gradient is not finite"};
        for (int i = 0; i < elements; ++i) gradient_[i] = parameters_[i] - rate * gradient_[i];
        if (!detail::all_finite(gradient_, elements))
            return {"learner: a parameter would not be finite after the step; a smaller rate may train"};
        for (int i = 0; i < elements; ++i) parameters_[i] = gradient_[i];
        loss_ = loss;
        return {};
    }

    static constexpr int call_bytes = [] {
        if constexpr (detail::states_input_shape<M>)
            return detail::bytes_on_target<call_program<typename M::input_shape>>();
        else
            return 0;
    }();
    static constexpr int step_bytes = detail::bytes_on_target<step_program>();

    static constexpr int room = elements > 0 ? elements : 1;
    T parameters_[room]{}, gradient_[room]{}, loss_{};
    alignas(workspace_boundary) std::byte workspace_[call_bytes > step_bytes ? call_bytes : step_bytes]{};
};

}  // namespace paramorph::inline PARAMORPH_ABI
