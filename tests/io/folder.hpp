// A folder for one test, gone when it ends, and what a file holds.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace test {

struct folder {
    std::string path;
    folder() {
        std::string text = (std::filesystem::temp_directory_path() / "paramorph.XXXXXX").string();
        path = ::mkdtemp(text.data());
    }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string operator/(std::string const& name) const { return path + "/" + name; }
    // The names in it, how many.
    std::size_t count() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
    }
};

inline std::vector<std::byte> content_of(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    std::vector<char> const text(std::istreambuf_iterator<char>(in), {});
    auto const* const at = reinterpret_cast<std::byte const*>(text.data());
    return {at, at + text.size()};
}

}  // namespace test
