// Stochastic gradient descent with momentum and weight decay:
//     g <- g + weight_decay p;  v <- momentum v + g;  p <- p - learning_rate v
// It moves the originals, so that a parametrized weight stays in its set. The network must outlive the optimizer and
// stay where it is. Source: torch.optim.SGD (dampening 0, no Nesterov).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/value_and_grad.hpp"

namespace paramorph {

namespace detail {

// Calls f(original's elements, gradient, state offset, count) for every original of a network.
template <class M, class F>
void for_each_original(M& net, gradients<M> const& gradient, F&& f) {
    int k = 0, offset = 0;
    for_each_tensor(net, [&]<class Tensor>(Tensor& t) {
        (void)t.original_addresses();  // refuses an original that was given another shape
        Tensor::for_each_index([&](auto i) {
            f(t.template original<i>().data(), gradient.data(k), offset, gradients<M>::size(k));
            offset += gradients<M>::size(k++);
        });
    });
}

}  // namespace detail

namespace optim {

struct sgd_options {
    double learning_rate = 1e-2, momentum = 0, weight_decay = 0;
};

template <module M>
class sgd {
  public:
    using T = module_value_type<M>;

    explicit sgd(M& net, sgd_options o = {})
        : net_(&net), options_(o), velocity_(o.momentum != 0 ? gradients<M>().flat().size() : 0) {
        if (!(o.learning_rate >= 0) || !(o.momentum >= 0) || !(o.weight_decay >= 0))
            throw error("sgd: learning_rate, momentum and weight_decay must not be negative");
    }

    void step(gradients<M> const& gradient) {
        T const rate = static_cast<T>(options_.learning_rate), momentum = static_cast<T>(options_.momentum),
                decay = static_cast<T>(options_.weight_decay);
        detail::for_each_original(*net_, gradient, [&](T* p, T const* g, int offset, int n) {
            if (velocity_.empty())
                for (int i = 0; i < n; ++i) p[i] -= rate * (g[i] + decay * p[i]);
            else {
                T* const v = velocity_.data() + offset;
                for (int i = 0; i < n; ++i) {
                    v[i] = momentum * v[i] + g[i] + decay * p[i];
                    p[i] -= rate * v[i];
                }
            }
        });
    }

  private:
    M* net_;
    sgd_options options_;
    std::vector<T> velocity_;
};

}  // namespace optim

}  // namespace paramorph
