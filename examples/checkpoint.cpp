// Checkpoints: a network to a file and back, a training that goes on where it was, and weights of PyTorch's that were
// trained without a parametrization. Links paramorph-io. Exits with 1 if anything does not hold.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

namespace pm = paramorph;

using model =
    pm::nn::sequential<pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>>, pm::nn::tanh, pm::nn::linear<4, 2>>;

static bool failed = false;
static void expect(bool holds, char const* what) {
    if (!holds) std::printf("FAILED: %s\n", what), failed = true;
}

int main() {
    auto const folder = std::filesystem::temp_directory_path() / "paramorph_example_checkpoint";
    std::filesystem::create_directories(folder);
    std::string const path = folder / "checkpoint.safetensors";

    auto net = pm::make<model>(pm::seed{0});
    pm::optim::adam optimizer{net, {.learning_rate = 0.01}};
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    xt::xtensor_fixed<float, xt::xshape<2, 4>> const x{{1, 2, 3, 4}, {4, 3, 2, 1}};
    xt::xtensor_fixed<float, xt::xshape<2, 2>> const t{{1, 0}, {0, 1}};
    auto const train = [&] {
        auto& [value, gradient] = step(x, t);
        optimizer.step(gradient);
    };
    train();

    // [network]
    // A network: the originals under PyTorch's names, which `safetensors.torch.load_file` gives to load_state_dict.
    pm::save(net, path);
    model other;
    pm::load(other, path);
    // [network]
    expect(xt::allclose(pm::get<0>(other).weight(), pm::get<0>(net).weight()), "the weight comes back");
    for (auto const& tensor : pm::state_dict(net))
        std::printf("%-36s %s\n", tensor.name.c_str(), pm::files::description(tensor.type, tensor.shape).c_str());

    // [training]
    // All that a training needs, in one file, which is replaced as a whole or not at all.
    pm::io::tensor_dict all;
    all.insert("model", pm::state_dict(net));
    all.insert("optimizer", pm::state_dict(optimizer));
    all.insert("epoch", std::int64_t{1});
    all.metadata()["who"] = "example_checkpoint";
    pm::save(all, path);
    // [training]
    train();
    auto const then = pm::state_dict(net).values<float>("2.weight");
    // [resume]
    auto const back = pm::io::read(path);
    pm::load_state_dict(net, back.section("model"));
    pm::load_state_dict(optimizer, back.section("optimizer"));
    // [resume]
    train();
    expect(pm::state_dict(net).values<float>("2.weight") == then, "it goes on as it did, bit for bit");
    expect(back.values<std::int64_t>("epoch").at(0) == 1, "numbers of one's own are kept");

    // A file that lies in memory, as it comes over a network or out of an archive; and what its tensors are stored as.
    std::ifstream file(path, std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(file), {}};
    auto const received = pm::io::read_bytes(std::as_bytes(std::span(bytes)), "what was received");
    expect(received.metadata().at("who") == "example_checkpoint", "bytes are read as the file is");
    static_assert(pm::io::element<float> && pm::io::element<pm::bfloat16> && !pm::io::element<char>);
    static_assert(pm::io::dtype_of<pm::bfloat16> == pm::io::dtype::bf16);
    expect(pm::state_dict(net).begin()->type == pm::io::dtype_of<float>, "tensors are stored in the network's type");

    // A file that does not fit changes nothing, and all of its mistakes are said at once.
    pm::io::tensor_dict plain;
    plain.insert<float>("0.weight", {4, 4}, std::vector<float>{2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2});
    plain.insert<float>("0.bias", {4}, std::vector<float>(4));
    plain.insert<float>("2.weight", {2, 3}, std::vector<float>(6));
    try {
        pm::load_state_dict(net, plain);
        expect(false, "it is refused");
    } catch (pm::error const& e) {
        std::printf("\n%s\n", e.what());
    }
    expect(pm::state_dict(net).values<float>("2.weight") == then, "nothing was changed");

    // What fits; and a plain weight through right_inverse of the chain, here because it is symmetric.
    auto const report = pm::load_state_dict(net, plain, pm::relaxed, pm::through_right_inverse);
    expect(report.missing.size() == 1 && report.refused.size() == 1 && report.unexpected.empty(), "the rest is said");
    expect(pm::get<0>(net).weight()(2, 1) == 1, "the weight was assigned");

    std::filesystem::remove_all(folder);
    return failed ? 1 : 0;
}
