// Digits that no change of their pixels by less than a radius makes another digit, proved: a network of orthogonal
// weights and sorting has the Lipschitz constant 1 as a type, so that the difference of two of its results moves by
// sqrt(2) of what the pixels move by, 2-norm, at most. Where the largest result leads by more than sqrt(2) times the
// radius, the digit is certified. Attacks, by random changes and along the gradient, are tried on every digit held out:
// none may change one that is certified. Pixels are from 0 to 1.
//
// What the float program rounds is allowed for: `rounding_of` bounds how far its results are from those of exact
// arithmetic, for any pixels of this size.
//
// The same in eight bits, as the network runs on a Cortex-M4 (tests/embedded, image certified_int8): what quantization
// changes of the difference of two results is taken from the lead first (eight_bits.hpp).
//
// Prints the parts of the digits held out that are read correctly, that are certified, and that the attacks leave. Exit
// status 0 if no attack beats a certificate and either network reads nine of ten digits.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <exception>
#include "eight_bits.hpp"

namespace {

namespace pm = paramorph;
using namespace digits;
using namespace certified;

static_assert(pm::proved<pm::claim::lipschitz<1.01>, network>);
constexpr double stretch = pm::lipschitz<network> * 1.4142135623730952;  // of the difference of two results

// How far the float program's results may be from the exact ones, all together, for pixels of this length: each product
// of a layer is off by (n + 2) half-ulps of the sum of the magnitudes, whose length is at most the weight's, all
// elements together, times the input's; what comes behind does not enlarge it beyond the network's own constant.
template <class Net>
double rounding_of(Net const& net, double length) {
    double const unit = 0x1p-24, terms = pixel_count + 2, gamma = terms * unit / (1 - terms * unit);
    double total = 0, input = length;
    auto const layer = [&](auto const& l) {
        double const weight = length_of(l.weight()), bias = length_of(l.bias());
        double const error = gamma * (weight * input + bias);
        total += error;
        input = 1.01 * input + bias + error;
    };
    layer(pm::get<0>(net));
    layer(pm::get<2>(net));
    layer(pm::get<4>(net));
    return 1.01 * total;
}

// The least lead of digit `label`, and its gradient in the pixels, as a function of them and of the network's values.
struct lead {
    constexpr auto operator()(auto x, auto label, auto w0, auto b0, auto w1, auto b1, auto w2, auto b2) const {
        auto const a = pm::nn::group_sort<>::forward(pm::matmul(w0, x) + b0);
        auto const b = pm::nn::group_sort<>::forward(pm::matmul(w1, a) + b1);
        auto const y = pm::matmul(w2, b) + b2;
        return pm::sum(y * label) - pm::max(y - 1000.0 * label);
    }
};

struct attacker {
    explicit attacker(network const& net)
        : frozen_(pm::freeze(net)),
          in_eight_bits_(frozen_),
          w0_(pm::get<0>(net).weight()),
          w1_(pm::get<2>(net).weight()),
          w2_(pm::get<4>(net).weight()),
          b0_(pm::get<0>(net).bias()),
          b1_(pm::get<2>(net).bias()),
          b2_(pm::get<4>(net).bias()) {}

    bool eight_bits = false;  // which of both is attacked

    int read(pixels const& x) const {
        scores const y = eight_bits ? in_eight_bits_(x) : scores(frozen_(x));
        return static_cast<int>(std::max_element(y.begin(), y.end()) - y.begin());
    }
    // Is there no other digit within the radius that is found in this many random directions?
    bool survives_random(pixels const& x, int label, double radius, pm::random& numbers) const {
        for (int k = 0; k < 100; ++k) {
            pixels d;
            for (float& e : d) e = static_cast<float>(numbers.uniform(-1, 1) + numbers.uniform(-1, 1));
            if (read(moved(x, d, radius)) != label) return false;
        }
        return true;
    }
    // Steps along the gradient of the lead, back to within the radius after each.
    bool survives_gradient(pixels const& x, int label, double radius, pm::random& numbers) {
        scores one{};
        one.fill(0);
        one(std::size_t(label)) = 1;
        for (int start = 0; start < 3; ++start) {
            pixels at = x;
            if (start > 0) {
                pixels d;
                for (float& e : d) e = static_cast<float>(numbers.uniform(-1, 1));
                at = moved(x, d, radius);
            }
            for (int k = 0; k < 20; ++k) {
                auto const [value, gradients] = lead_(at, one, w0_, b0_, w1_, b1_, w2_, b2_);
                pixels const down = -std::get<0>(gradients);
                at = moved(at, down, 0.25 * radius);
                pixels const change = at - x;
                if (length_of(change) > radius) at = moved(x, change, radius);
                if (read(at) != label) return false;
            }
        }
        return true;
    }

  private:
    // By a little less than `by` along d, so that what rounding adds does not leave the radius.
    static pixels moved(pixels const& from, pixels const& d, double by) {
        double const length = length_of(d);
        return length > 0 ? pixels(from + static_cast<float>(0.99999 * by / length) * d) : from;
    }

    using square = xt::xtensor_fixed<float, xt::xshape<64, 64>>;
    frozen_network frozen_;
    in_eight_bits in_eight_bits_;
    square w0_, w1_;
    xt::xtensor_fixed<float, xt::xshape<classes, 64>> w2_;
    pixels b0_, b1_;
    scores b2_;
    decltype(pm::value_and_grad(lead{})) lead_ = pm::value_and_grad(lead{});
};

int run() {
    dataset const all = read_digits(DIGITS_DATA);
    trainer<network, enlarged_loss> training(all, 1);
    train(training);
    auto const& net = training.network();
    attacker attack(net);
    frozen_network const in_float = pm::freeze(net);
    in_eight_bits const quantized(in_float);
    auto const digits_held_out = training.held_out();
    double const count = static_cast<double>(digits_held_out.size());

    int beaten = 0, least = static_cast<int>(count);
    pm::random numbers{pm::seed{5}};
    std::printf("Lipschitz constant, by type: at most %.6f\n", pm::lipschitz<network>);
    auto const certify = [&](bool eight_bits, double radius) {
        int correct = 0, proofs = 0, after_random = 0, after_gradient = 0;
        attack.eight_bits = eight_bits;
        for (int const row : digits_held_out) {
            pixels x;
            std::ranges::copy(all.image(row), x.begin());
            int const label = all.labels[static_cast<std::size_t>(row)];
            if (attack.read(x) != label) continue;
            ++correct;
            scores const y = in_float(x);
            double margin = 1e300;
            for (int k = 0; k < classes; ++k)
                if (k != label) margin = std::min(margin, double(y(std::size_t(label))) - double(y(std::size_t(k))));
            // Two results that are off, here and where an attack ends; there by what eight bits change as well.
            double const rounding = (eight_bits ? 6 : 4) * rounding_of(net, length_of(x) + radius);
            double const changed =
                eight_bits ? 1.4142135623730952 * quantized.distance_from_float(in_float, x, radius) : 0;
            bool const proved = margin - rounding - changed > stretch * radius;
            bool const random = attack.survives_random(x, label, radius, numbers);
            bool const gradient = random && attack.survives_gradient(x, label, radius, numbers);
            proofs += proved;
            after_random += random;
            after_gradient += gradient;
            beaten += proved && !gradient;
        }
        least = std::min(least, correct);
        std::printf("%s, within %.2f: certified %.1f %%, after random changes %.1f %%, after the gradient's %.1f %%\n",
                    eight_bits ? "in eight bits" : "in float", radius, 100 * proofs / count, 100 * after_random / count,
                    100 * after_gradient / count);
    };
    for (double const radius : {0.5, 1.0}) certify(false, radius);
    for (double const radius : {0.25, 0.5}) certify(true, radius);
    std::printf("read correctly: at least %.1f %% of %.0f digits held out; certificates beaten: %d\n",
                100 * least / count, count, beaten);
    return beaten == 0 && least > 0.9 * count ? 0 : 1;
}

}  // namespace

int main() {
    try {
        return run();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "certified: %s\n", e.what());
        return 2;
    }
}
