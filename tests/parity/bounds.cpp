// Bounds of the networks that bounds.py writes: a name, the numbers of all tensors, the lower and the upper bounds of
// the inputs, one network a line. For each result the widths: by the relaxation, by intervals alone, and what rounding
// alone makes, for the middle of the box.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <iostream>
#include <string>

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;

namespace {

using namespace pm::nn;

template <class Act>
using shallow = sequential<linear<8, 16>, Act, linear<16, 16>, Act, linear<16, 4>>;
template <class Act>
using deep = sequential<linear<5, 12>, Act, linear<12, 12>, Act, linear<12, 12>, Act, linear<12, 12>, Act,
                        linear<12, 12>, Act, linear<12, 3>>;

template <class Net, int Inputs>
bool write_bounds() {
    Net net{pm::seed{1}};
    pm::for_each_parameter(net, [](std::string const&, auto& p) {
        for (auto& x : p) std::cin >> x;
    });
    pm::box<pm::shape<Inputs>> box{};
    for (double& x : box.lower) std::cin >> x;
    for (double& x : box.upper) std::cin >> x;
    if (!std::cin) return false;
    auto const frozen = pm::freeze(net);
    auto const affine = pm::bounds(frozen, box);
    auto const alone = pm::bounds<pm::bounding::intervals>(frozen, box);
    for (int i = 0; i < Inputs; ++i) box.lower[i] = box.upper[i] = double(float((box.lower[i] + box.upper[i]) / 2));
    auto const rounding = pm::bounds(frozen, box);
    for (int k = 0; k < affine.size; ++k)
        std::printf("%.17g %.17g %.17g ", affine[k].width(), alone[k].width(), rounding[k].width());
    std::printf("\n");
    return true;
}

}  // namespace

int main() {
    bool right = true;
    for (std::string name; right && std::cin >> name;) {
        if (name == "relu")
            right = write_bounds<shallow<relu>, 8>();
        else if (name == "tanh")
            right = write_bounds<shallow<pm::nn::tanh>, 8>();
        else if (name == "sigmoid")
            right = write_bounds<shallow<sigmoid>, 8>();
        else if (name == "deep_relu")
            right = write_bounds<deep<relu>, 5>();
        else
            right = name == "deep_tanh" && write_bounds<deep<pm::nn::tanh>, 5>();
    }
    return right ? 0 : 1;
}
