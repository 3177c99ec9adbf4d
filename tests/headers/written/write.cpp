// Writes headers of networks into a folder: `write FOLDER`. read.cpp includes them.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include "networks.hpp"

namespace {

namespace pm = paramorph;

void write(std::string const& folder) {
    pm::header_options const own{.include = {"networks.hpp"}};
    // Parametrized after the fact: what was trained, and the values.
    auto const constrained = pm::make<after_the_fact::constrained>(pm::seed{1});
    pm::write_originals(constrained, folder + "/constrained.hpp", own);
    pm::write_header(constrained, folder + "/plain_values.hpp", own);
    pm::write_originals(pm::make<after_the_fact::odd>(pm::seed{2}), folder + "/odd.hpp", own);
    // Bit for bit.
    auto numbers = pm::make<exact_network>(pm::seed{0});
    auto const* from = exact_numbers;
    pm::for_each_tensor(numbers, [&](auto& t) {
        for (float& x : t.original()) x = *from++;
    });
    pm::write_header(numbers, folder + "/exact.hpp");
    // Names of files that are no names of namespaces.
    auto const net = pm::make<small>(pm::seed{3});
    for (char const* name : {"new", "std", "int", "paramorph", "3", "time", "_x", "a--b", "I"})
        pm::write_header(net, folder + "/" + name + ".hpp");
    pm::write_header(net, folder + "/named.hpp", {.name = "mine::inner"});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 1;
    try {
        write(argv[1]);
    } catch (pm::error const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
