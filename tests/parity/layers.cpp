// Layers for layers.py: `layers float|double CASE` reads the numbers of all tensors of a case from standard input, in
// member order, and writes the gradient in the same order, all in double; see layers.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include "layers_interpreter.hpp"

int main(int count, char** arguments) {
    std::vector<named_case> cases{named<sequences>("sequences"),
                                  named<cells>("cells"),
                                  named<lstms>("lstms"),
                                  named<batches>("batches"),
                                  named<stacks>("stacks"),
                                  named<attentions>("attentions"),
                                  named<activations>("activations"),
                                  named<normalizations>("normalizations"),
                                  named<containers>("containers")};
    for (named_case const& c : convolution_cases()) cases.push_back(c);
    if (count != 3) return 1;
    for (named_case const& c : cases) {
        if (c.name != arguments[2]) continue;
        std::vector<double> given(c.size);
        if (std::fread(given.data(), sizeof(double), c.size, stdin) != c.size) return 2;
        std::vector<double> found;
        if (std::string_view(arguments[1]) == "double")
            found = c.gradient(given);
        else {
            found = recurrent_by_kernels(c.name, given);
            if (found.empty()) found = others_by_kernels(c.name, given);
            if (found.empty()) found = convolutions_by_kernels(c.name, given);
        }
        return std::fwrite(found.data(), sizeof(double), found.size(), stdout) == c.size ? 0 : 3;
    }
    return 1;
}
