// What checkpoints.py asks of the library:
//
//     checkpoints load IN OUT VALUES   loads a network, saves it again, and writes the values of its weights
//     checkpoints convert IN OUT       any file that can be read, as safetensors
//     checkpoints judge                files from standard input, each after its length (u64): a line for each, empty
//                                     where it is accepted
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>

#include "paramorph/io.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/param/weight_norm.hpp"

namespace pm = paramorph;
using pm::param::orthogonal, pm::param::orthogonal_map;

// As network() of checkpoints.py has it.
using model = pm::nn::sequential<
    pm::nn::linear<3, 4, pm::weight<orthogonal<>>>,
    pm::nn::linear<4, 3, pm::weight<orthogonal<orthogonal_map::householder, pm::param::without_base>>>,
    pm::nn::batch_norm<3>, pm::nn::linear<3, 2, pm::weight<pm::param::spectral_norm<>>>,
    pm::nn::linear<2, 4, pm::weight<pm::param::weight_norm<>>>, pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>>,
    pm::nn::linear<4, 4, pm::weight<orthogonal<>>>>;

static int run(std::string_view what, char** arguments) {
    if (what == "load") {
        model net;
        pm::load(net, arguments[0]);
        pm::save(net, arguments[1]);
        pm::io::tensor_dict values;
        pm::for_each_path(std::as_const(net), [&]<pm::fixed_string Path, class Tensor>(Tensor const& t) {
            if constexpr (Tensor::parametrized) {
                auto const w = t();
                values.insert<float>(std::string(Path.view()), {w.shape(0), w.shape(1)},
                                     std::span<float const>(w.data(), w.size()));
            }
        });
        pm::save(values, arguments[2]);
    } else if (what == "convert")
        pm::save(pm::io::read(arguments[0]), arguments[1]);
    else if (what == "judge") {
        std::uint64_t length = 0;
        while (std::cin.read(reinterpret_cast<char*>(&length), sizeof length)) {
            std::vector<std::byte> bytes(length);
            std::cin.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(length));
            try {
                pm::io::read_bytes(bytes);
                std::puts("");
            } catch (pm::error const& e) {
                std::puts(e.what());
            }
        }
    } else
        return 2;
    return 0;
}

int main(int count, char** arguments) {
    try {
        return count < 2 ? 2 : run(arguments[1], arguments + 2);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
