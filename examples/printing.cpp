// Looking at a network: as text, as PyTorch prints a module, and as a table of its layers with shapes, parameters,
// flops and memory. Exit status 0 if the text names the chain of the constrained weight, and the table counts what the
// network holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <iostream>
#include <sstream>
#include <string>

#include <paramorph/paramorph.hpp>
#include <paramorph/print.hpp>

namespace pm = paramorph;

using hidden = pm::nn::linear<64, 64, pm::weight<pm::param::skew, pm::param::cayley>>;
using model = pm::nn::sequential<hidden, pm::nn::relu, pm::nn::linear<64, 10>>;

int main() {
    // [readme]
    auto net = pm::make<model>(pm::seed{0});
    std::cout << net;  // or pm::print(net)
    std::string const table = pm::summary(net, xt::xtensor_fixed<float, xt::xshape<32, 64>>{});
    // [readme]
    std::cout << table;

    std::string const text = pm::to_string(net);
    std::ostringstream printed;
    pm::print(net, printed);
    bool const same = printed.str() == text;
    bool const chain = text.find("| skew | cayley; special_orthogonal") != std::string::npos;
    bool const count = table.find(std::to_string(pm::parameter_count<model>) + " parameters;") != std::string::npos;
    return same && chain && count ? 0 : 1;
}
