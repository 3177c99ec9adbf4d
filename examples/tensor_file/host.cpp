// Networks that a target loads from files, the host's half: `host FOLDER` writes the values of one there, what was
// trained of another one, and for the test what the first says of one image. What is trained in a program of one's own,
// or comes from PyTorch, is here drawn at random.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#include <fstream>

namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<64, 32, pm::weight<pm::param::orthogonal<>>>, pm::nn::relu,
                                 pm::nn::linear<32, 10>>;
using rotation = pm::nn::linear<8, 8, pm::weight<pm::param::skew, pm::param::cayley>, pm::no_bias>;

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    std::string const folder = argv[1];
    auto const net = pm::make<model>(pm::seed{0});
    pm::save(pm::freeze(net), folder + "/digits.safetensors");
    pm::save(pm::make<rotation>(pm::seed{1}), folder + "/originals.safetensors");

    xt::xtensor_fixed<float, xt::xshape<64>> image;
    for (std::size_t i = 0; i < 64; ++i) image(i) = static_cast<float>(i % 7) / 6;
    std::ofstream to(folder + "/expected.hpp");
    to << std::hexfloat << "#pragma once\ninline constexpr float expected[10] = {";
    for (float const e : pm::freeze(net)(image)) to << e << ", ";
    to << "};\n";
    return to.flush() ? 0 : 1;
}
