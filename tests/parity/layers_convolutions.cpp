// Convolutions and poolings in float, by kernels, for layers.py. SPDX-License-Identifier: BSL-1.0
#include "layers_kernels.hpp"

std::vector<double> convolutions_by_kernels(std::string_view name, std::vector<double> const& given) {
    if (name == "convolutions") return by_kernels<convolutions<float>>(given);
    return {};
}
