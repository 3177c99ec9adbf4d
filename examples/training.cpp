// Training a network with an orthogonal weight, and freezing it. It learns which of ten directions a noisy point lies
// in; exit status 0 if it tells at least nine of ten, the weight is still orthogonal, and the frozen network says the
// same.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// Points around ten directions, and the direction of each.
struct directions {
    xt::xtensor_fixed<float, xt::xshape<10, 64>> of;
    pm::random numbers{pm::seed{1}};

    directions() {
        for (float& e : of) e = static_cast<float>(numbers.uniform(-1, 1));
    }
    void draw(auto& x, auto& t) {
        for (std::size_t i = 0; i < t.size(); ++i) {
            t(i) = numbers.below(10);
            for (std::size_t k = 0; k < 64; ++k)
                x(i, k) = of(static_cast<std::size_t>(t(i)), k) + static_cast<float>(numbers.uniform(-1, 1));
        }
    }
};

int main() {
    directions points;
    xt::xtensor_fixed<float, xt::xshape<32, 64>> x;
    xt::xtensor_fixed<std::int32_t, xt::xshape<32>> t;

    // [readme]
    using rotation = pm::chain<pm::param::skew, pm::param::cayley>;  // skew | cayley: an orthogonal weight
    using hidden = pm::nn::linear<64, 64, pm::weight<rotation>>;
    using model = pm::nn::sequential<hidden, pm::nn::relu, pm::nn::linear<64, 10>>;

    auto net = pm::make<model>(pm::seed{0});
    auto loss = [](auto& n, auto images, auto labels) { return pm::cross_entropy(n(images), labels); };
    auto step = pm::value_and_grad(loss, net);  // nothing is allocated from the second step on
    pm::optim::adam optimizer{net, {.learning_rate = 3e-3}};
    // [readme]

    for (int i = 0; i < 100; ++i) {
        points.draw(x, t);
        // [readme]
        auto& [value, gradient] = step(x, t);  // x: xtensor_fixed<float, xshape<32, 64>>, t: int32 labels
        optimizer.step(gradient);              // moves the originals; the weight stays orthogonal
        // [readme]
        if (i % 20 == 0) std::printf("loss %g\n", double(value));
    }

    auto batch = xt::xtensor<float, 2>::from_shape({75, 64});
    auto labels = xt::xtensor<std::int32_t, 1>::from_shape({75});
    points.draw(batch, labels);
    // [readme]
    auto frozen = pm::freeze(net);  // plain weights; the parametrization is gone
    auto logits = frozen(batch);    // xt::xtensor<float, 2> with any number of rows
    // [readme]

    int right = 0;
    for (std::size_t i = 0; i < 75; ++i) {
        float const* const row = &logits(i, 0);
        right += std::max_element(row, row + 10) - row == labels(i);
    }
    auto const w = pm::get<"0.weight">(net)();
    float skewed = 0;
    for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
            float product = i == j ? -1.0f : 0.0f;
            for (std::size_t k = 0; k < 64; ++k) product += w(i, k) * w(j, k);
            if (auto const d = std::abs(product); d > skewed || d != d) skewed = d;
        }
    bool const same = xt::allclose(logits, net(batch));
    std::printf("%d of 75 right; W W^T differs from I by %g; frozen, it says the same: %s\n", right, double(skewed),
                same ? "yes" : "NO");
    return right >= 68 && skewed < 1e-5f && same ? 0 : 1;
}
