// Activations, normalizations and attention in float, by kernels, for layers.py. SPDX-License-Identifier: BSL-1.0
#include "layers_kernels.hpp"

std::vector<double> others_by_kernels(std::string_view name, std::vector<double> const& given) {
    if (name == "activations") return by_kernels<activations<float>>(given);
    if (name == "normalizations") return by_kernels<normalizations<float>>(given);
    if (name == "attentions") return by_kernels<attentions<float>>(given);
    return {};
}
