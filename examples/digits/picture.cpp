// `./x picture`: the digits network as pictures: a call of it, and a training step, forward and backward, each as SVG
// and as a text for graphviz's dot.
//
//     picture FOLDER     writes call.svg, step.svg, call.dot and step.dot
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include <paramorph/print.hpp>

#include "training.hpp"

namespace {

void write(std::string const& path, std::string const& text) {
    std::ofstream file(path, std::ios::binary);
    if (!(file << text).flush()) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2)
        throw std::runtime_error("picture: write picture FOLDER, the folder in which the pictures are to be");
    std::string const folder = std::string(argv[1]) + "/";
    using namespace digits;

    // [readme]
    pm::input<pm::shape<batch, pixel_count>> const x;  // or an array of that shape
    pm::input<pm::shape<batch>, std::int32_t> const t;
    demo_network const net;
    write(folder + "call.svg", pm::to_svg(net, x));
    write(folder + "step.svg", pm::to_svg(loss{}, net, x, t));
    // [readme]
    write(folder + "call.dot", pm::to_dot(net, x));
    write(folder + "step.dot", pm::to_dot(loss{}, net, x, t));
} catch (std::exception const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
