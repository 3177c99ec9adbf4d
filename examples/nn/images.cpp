// A small network from images to images of the same size, as for denoising: grouped convolutions, normalization, two
// branches of which one pools, a condition that modulates the channels, and a transposed convolution back to the size
// it came from. Trained for some steps. Exit status 0 if the loss falls and the shapes are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
namespace nn = pm::nn;

template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;

// [batch, 2, 9, 9] -> [batch, 8, 5, 5]: a convolution with a stride beside an average of the same windows.
using halves = nn::parallel<1,
                            nn::sequential<nn::conv2d<2, 6, 3, pm::stride<2>, pm::padding<1>, pm::groups<2>>,
                                           nn::batch_norm<6, pm::momentum<0.2>>, nn::mish>,
                            nn::avg_pool2d<3, pm::stride<2>, pm::padding<1>, pm::count_include_pad<false>>>;

struct denoiser {
    halves down;
    nn::film<8, 3> modulate;  // by three numbers that say what kind of image it is
    nn::group_norm<2, 8> norm;
    nn::conv_transpose2d<8, 2, 3, pm::stride<2>, pm::padding<1>> up;  // 5 x 5 -> 9 x 9
    constexpr auto forward(auto x, auto kind) const { return up(norm(modulate(down(x), kind))); }
    constexpr auto operator()(auto const& x, auto const& kind) const { return pm::call(*this, x, kind); }
};
BOOST_HANA_ADAPT_STRUCT(denoiser, down, modulate, norm, up);

// What the options of layers say, on few numbers.
bool by_hand() {
    // Windows of 2 rows and 3 columns; as many windows as are asked for, of 1 row and 2 columns.
    fixed<1, 2, 6> const x{{{1, 2, 3, 4, 5, 6}, {0, 9, 0, 0, -1, 0}}};
    auto const largest = pm::make<nn::max_pool2d<pm::kernel_size<2, 3>>>(pm::seed{0})(x);
    auto const parts = pm::make<nn::adaptive_max_pool2d<pm::output_size<1, 2>>>(pm::seed{0})(x);
    auto const thirds = pm::make<nn::adaptive_max_pool1d<3>>(pm::seed{0})(fixed<1, 6>{{1, 2, 3, 4, 5, 6}});
    bool right = largest(0, 0, 0) == 9 && largest(0, 0, 1) == 6 && largest == parts;
    right = right && thirds(0, 0) == 2 && thirds(0, 1) == 4 && thirds(0, 2) == 6;

    // A row of mean 2 and variance 1, of which epsilon is added to the variance: (x - 2) / sqrt(1 + 3).
    auto const normal =
        pm::make<nn::layer_norm<pm::shape<2>, pm::epsilon<3>, pm::no_affine>>(pm::seed{0})(fixed<2>{1, 3});
    right = right && std::abs(normal(0) + 0.5f) < 1e-6f && std::abs(normal(1) - 0.5f) < 1e-6f;

    // Running statistics that are the averages of all batches so far, here of the means 1 and 4.
    auto net = pm::make<nn::batch_norm<1, pm::momentum<pm::cumulative>>>(pm::seed{0});
    pm::training(net)(fixed<2, 1>{{0}, {2}});
    pm::training(net)(fixed<2, 1>{{3}, {5}});
    auto const& mean = pm::get<"running_mean">(net)();
    std::printf("largest %g, normalized %g, running mean %g\n", double(largest(0, 0, 0)), double(normal(1)),
                double(mean(0)));
    return right && std::abs(mean(0) - 2.5f) < 1e-6f;
}

int main() {
    auto net = pm::make<denoiser>(pm::seed{0});
    auto step = pm::value_and_grad(
        [](auto& n, auto noisy, auto kind, auto clean) { return pm::mse(n(noisy, kind), clean); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 2e-2}};
    pm::random source{1};
    fixed<4, 2, 9, 9> noisy, clean;
    fixed<4, 3> kind;
    for (std::size_t n = 0; n < 4; ++n)
        for (std::size_t k = 0; k < 3; ++k) kind(n, k) = n % 3 == k ? 1.0f : 0.0f;
    float first = 0, last = 0;
    for (int t = 0; t < 200; ++t) {
        for (std::size_t n = 0; n < 4; ++n)
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t i = 0; i < 9; ++i)
                    for (std::size_t j = 0; j < 9; ++j) {
                        clean(n, c, i, j) = (n % 3 == 0 ? i : n % 3 == 1 ? j : i + j) % 9 < 4 ? 1.0f : -1.0f;
                        noisy(n, c, i, j) = clean(n, c, i, j) + static_cast<float>(source.uniform(-1, 1));
                    }
        auto& [value, gradient] = step(noisy, kind, clean);
        optimizer.step(gradient);
        last = value;
        if (t == 0) first = value;
    }
    std::printf("loss %g before, %g after\n", double(first), double(last));

    // Along one axis: windows that reach over the end, of the largest and of the average; and axes that are parted.
    using signal =
        nn::sequential<nn::conv1d<1, 4, 3, pm::padding<pm::same>>, nn::max_pool1d<2, pm::ceil_mode>, nn::avg_pool1d<2>,
                       nn::adaptive_avg_pool1d<2>, nn::conv_transpose1d<4, 4, 2, pm::stride<3>, pm::output_padding<1>>,
                       nn::unflatten<1, 2, 3>>;
    auto const parted = pm::make<signal>(pm::seed{1})(fixed<1, 11>{});
    return last < 0.4f * first && parted.shape(0) == 4 && parted.shape(1) == 2 && parted.shape(2) == 3 && by_hand() ? 0
                                                                                                                    : 1;
}
