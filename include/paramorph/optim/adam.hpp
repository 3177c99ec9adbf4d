// Adam: first and second moments of the gradient with bias correction,
//     m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - learning_rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
// with g <- g + weight_decay p first. Source: Kingma and Ba 2015, algorithm 1; torch.optim.Adam.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/optim/sgd.hpp"

namespace paramorph::optim {

struct adam_options {
    double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
};

template <module M>
class adam {
public:
    using T = module_value_type<M>;

    explicit adam(M& net, adam_options o = {}) : net_(&net), options_(o), mean_(gradients<M>().flat().size()), square_(mean_.size()) {
        if (!(o.learning_rate >= 0) || !(o.epsilon >= 0) || !(o.weight_decay >= 0)) throw error("adam: learning_rate, epsilon and weight_decay must not be negative");
        if (!(o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1)) throw error("adam: beta1 and beta2 must lie in [0, 1)");
    }

    void step(gradients<M> const& gradient) {
        ++steps_;
        T const b1 = static_cast<T>(options_.beta1), b2 = static_cast<T>(options_.beta2), decay = static_cast<T>(options_.weight_decay);
        double const correction = std::sqrt(1 - std::pow(options_.beta2, steps_));
        T const rate = static_cast<T>(options_.learning_rate / (1 - std::pow(options_.beta1, steps_)));
        T const inverse = static_cast<T>(1 / correction), epsilon = static_cast<T>(options_.epsilon);
        detail::for_each_original(*net_, gradient, [&](T* __restrict p, T const* __restrict gradient_of, int offset, int n) {
            T* __restrict const m = mean_.data() + offset;
            T* __restrict const v = square_.data() + offset;
            for (int i = 0; i < n; ++i) {
                T const g = gradient_of[i] + decay * p[i];
                m[i] = b1 * m[i] + (1 - b1) * g;
                v[i] = b2 * v[i] + (1 - b2) * g * g;
                p[i] -= rate * m[i] / (std::sqrt(v[i]) * inverse + epsilon);
            }
        });
    }

private:
    M* net_;
    adam_options options_;
    std::vector<T> mean_, square_;
    int steps_ = 0;
};

}  // namespace paramorph::optim
