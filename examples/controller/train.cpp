// How the controller of trained.hpp is found: a network that imitates the best linear law of the pendulum near the
// upright, cut at the motor's range, at random states.
//
// `train` trains it and compares it with the one of trained.hpp: exit status 0 if their torques differ by less than
// 0.001 N m (other vector units add in another order). `train FOLDER` writes trained.hpp there; where the layers were
// changed, leave `values{}` of the old one.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include <paramorph/paramorph.hpp>

#include "lyapunov.hpp"
#include "trained.hpp"

using namespace pendulum;

namespace {

constexpr law best = best_law();

float torque_of_law(double angle, double rate) {
    return static_cast<float>(std::clamp(best.angle * angle + best.rate * rate, -largest_torque, largest_torque));
}
auto trained_controller() {
    auto net = pm::make<controller>(pm::seed{0});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    pm::optim::adam optimizer{net, {.learning_rate = 1e-2}};
    pm::random numbers{pm::seed{1}};
    xt::xtensor_fixed<float, xt::xshape<64, 2>> x;
    xt::xtensor_fixed<float, xt::xshape<64, 1>> torque;
    for (int k = 0; k < 4000; ++k) {
        for (std::size_t i = 0; i < 64; ++i) {
            double const size = numbers.uniform(0.1, 1);
            x(i, 0) = static_cast<float>(size * numbers.uniform(-0.8, 0.8));
            x(i, 1) = static_cast<float>(size * numbers.uniform(-3, 3));
            torque(i, 0) = torque_of_law(double(x(i, 0)), double(x(i, 1)));
        }
        optimizer.step(step(x, torque).gradient);
    }
    return net;
}

}  // namespace

int main(int argc, char** argv) {
    auto const net = trained_controller();
    if (argc > 1) {
        std::filesystem::current_path(argv[1]);
        pm::write_header(net, "trained.hpp", {.type = "pendulum::controller", .include = {"pendulum.hpp"}});
        return 0;
    }
    auto const frozen = pm::freeze(net);
    static pm::workspace<trained::network> space;
    float from_law = 0, from_trained = 0;
    for (float angle = -0.6F; angle <= 0.6F; angle += 0.05F)
        for (float rate = -2; rate <= 2; rate += 0.25F) {
            xt::xtensor_fixed<float, xt::xshape<2>> const x{angle, rate};
            float const in[]{angle, rate}, y = frozen(x)(0);
            float torque[1];
            if (!trained::network(in, torque, space.bytes)) return 1;
            if (float const d = std::abs(y - torque[0]); d > from_trained || d != d) from_trained = d;
            if (float const d = std::abs(y - torque_of_law(double(angle), double(rate))); d > from_law || d != d)
                from_law = d;
        }
    std::printf("law: %.3f a rad, %.3f a rad/s; the network differs from it by %.3f N m, from trained.hpp by %g\n",
                best.angle, best.rate, double(from_law), double(from_trained));
    return from_law < 0.4F && from_trained < 0.001F ? 0 : 1;
}
