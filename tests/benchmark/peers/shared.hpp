// A peer that no package carries: compiled on demand against a checkout of its own, and loaded as a library.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "peers.hpp"

namespace benchmark {

// Keeps the library of peers/<name>.cpp loaded, and its peers among `peers()`.
class shared_peers {
  public:
    shared_peers(std::string const& sources, std::string const& name, std::string const& checkout) {
        auto const file = std::filesystem::temp_directory_path() / ("peer_" + name + "_" + std::to_string(getpid()));
        std::string const compiler = std::getenv("CXX") ? std::getenv("CXX") : "g++";
        std::string const command = compiler + " -std=c++20 -O3 -march=x86-64-v3 -DNDEBUG -w -shared -fPIC -I'" +
                                    checkout + "/include' $(pkg-config --cflags eigen3) '" + sources + "/peers/" +
                                    name + ".cpp' -o '" + file.string() + "'";
        if (std::system(command.c_str()) == 0) library_.reset(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
        std::filesystem::remove(file);
        using add = void (*)(std::vector<peer>&);
        auto const add_peers = library_ ? reinterpret_cast<add>(dlsym(library_.get(), "add_peers")) : nullptr;
        if (!add_peers) {
            std::printf("%s: not measured, peers/%s.cpp does not compile with the checkout %s\n", name.c_str(),
                        name.c_str(), checkout.c_str());
            return;
        }
        add_peers(peers());
    }

  private:
    struct close {
        void operator()(void* library) const { dlclose(library); }
    };
    std::unique_ptr<void, close> library_;
};

}  // namespace benchmark
