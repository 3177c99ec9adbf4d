// A network for a small target, the host's half: `host FOLDER` writes its numbers there, as headers that target.cpp
// includes. What is trained in a program of one's own is here drawn at random.
//
// SPDX-License-Identifier: BSL-1.0
#include <filesystem>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<64, 64, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, 10>>;

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    std::filesystem::current_path(argv[1]);
    auto net = pm::make<model>(pm::seed{0});
    // [readme]
    pm::write_header(net, "digits.hpp");      // digits::values, digits::network
    pm::write_originals(net, "trained.hpp");  // or what was trained: the compiler computes the weights from it
    // [readme]
}
