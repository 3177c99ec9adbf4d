// Writes the files whose headers tests/io/header.cpp runs on: `header_files FOLDER`.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#include "header_networks.hpp"

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    std::string const folder = std::string(argv[1]) + "/";
    auto const plain = pm::make<digits>(pm::seed{3});
    pm::save(plain, folder + "digits.safetensors");
    pm::write_header(plain, folder + "digits_list.hpp");
    auto const other = pm::make<mixed>(pm::seed{4});
    pm::save(other, folder + "mixed.safetensors");
    pm::write_header(other, folder + "mixed_list.hpp", {.type = "::mixed"});
    pm::save(pm::make<wide>(pm::seed{5}), folder + "wide.safetensors");
    auto const net = pm::make<rotating>(pm::seed{6});
    pm::save(net, folder + "rotating.safetensors");
    pm::save(pm::freeze(net), folder + "frozen.safetensors");
}
