// Trains two networks that read digits as sequences (sequences.hpp) and writes what the images of this folder are built
// from: `sequence_models FOLDER [EPOCHS]`. Of each:
//
//   convolutional.hpp, recurrent.hpp    the values: pm::write_header
//   convolutional.h, recurrent.h        the values for C
//   convolutional/digits.hpp, recurrent/digits.hpp    the digits held out, and what the host predicts
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <filesystem>

#include <paramorph/embed/write_header.hpp>

#include "digit_files.hpp"
#include "sequences.hpp"

namespace {

using namespace digits;

template <class Net>
void write_model(std::string const& folder, std::string const& name, dataset const& all, int epochs,
                 std::span<char const* const> names) {
    trainer<Net> run(all, 0, 360);
    for (int e = 0; e < epochs; ++e) run.epoch(falling(e, epochs));
    pm::write_header(run.network(), folder + "/" + name + ".hpp", {.include = {"sequences.hpp"}});
    write_c(folder + "/" + name + ".h", run.network(), names);
    std::filesystem::create_directories(folder + "/" + name);
    std::ofstream to(folder + "/" + name + "/digits.hpp");
    write_held_out(to, run, all);
    if (!to.flush()) throw std::runtime_error(folder + "/" + name + "/digits.hpp: cannot be written");
    std::printf("%s: %.4f of the digits held out are read correctly\n", name.c_str(), run.accuracy());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 2) throw std::runtime_error("usage: sequence_models FOLDER [EPOCHS]");
        auto const all = read_digits(DIGITS_DATA);
        int const epochs = argc > 2 ? std::atoi(argv[2]) : 20;
        char const* const of_layers[]{"w0", "b0", "w1", "b1", "w2", "b2"};
        char const* const of_gates[]{"w_ih", "w_hh", "b_ih", "b_hh", "w", "b"};
        write_model<sequences::convolutional>(argv[1], "convolutional", all, epochs, of_layers);
        write_model<sequences::recurrent>(argv[1], "recurrent", all, epochs, of_gates);
        return EXIT_SUCCESS;
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "sequence_models: %s\n", problem.what());
        return EXIT_FAILURE;
    }
}
