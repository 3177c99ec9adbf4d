// Recurrent layers in float, by kernels, for layers.py. SPDX-License-Identifier: BSL-1.0
#include "layers_kernels.hpp"

std::vector<double> recurrent_by_kernels(std::string_view name, std::vector<double> const& given) {
    if (name == "sequences") return by_kernels<sequences<float>>(given);
    if (name == "lstms") return by_kernels<lstms<float>>(given);
    return {};
}
