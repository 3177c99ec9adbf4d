// What a stranger's project does with the installed library: a checkpoint there and back. It is compiled for another vector
// unit than the library, and catches the error of its own umbrella.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/io.hpp>
#include <paramorph/paramorph.hpp>

#include <cstdio>

int main() {
    namespace pm = paramorph;
    pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>> layer{pm::seed{0}}, other;
    pm::save(layer, "consumer.safetensors");
    pm::load(other, "consumer.safetensors");
    if (other.weight()(1, 2) != layer.weight()(1, 2)) return 1;
    std::remove("consumer.safetensors");
    try {
        pm::load(other, "consumer.safetensors");
    } catch (pm::error const&) {
        return 0;
    }
    return 1;
}
