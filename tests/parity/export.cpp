// The modules of exported/, as the exporter (examples/export_torch.py) wrote them: they compile, load, and give what
// PyTorch gave.
//
//     export FOLDER
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <string>

#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#define main check_chains
#include "exported/chains/check.cpp"
#undef main
#define main check_convolutions
#include "exported/convolutions/check.cpp"
#undef main
#define main check_sequences
#include "exported/sequences/check.cpp"
#undef main

int main(int count, char** arguments) {
    struct {
        char const* name;
        int (*check)(int, char**);
    } const all[]{{"chains", check_chains}, {"convolutions", check_convolutions}, {"sequences", check_sequences}};
    int passed = 0, failed = 0;
    for (auto const& one : all) {
        std::string folder = std::string(count > 1 ? arguments[1] : ".") + "/" + one.name;
        char* of_check[]{arguments[0], folder.data(), nullptr};
        int const wrong = one.check(2, of_check);
        ++(wrong ? failed : passed);
        if (wrong) std::printf("%s: FAILED\n", one.name);
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
