// What a file is that holds no tensors which are read, by its first bytes.
//
// SPDX-License-Identifier: BSL-1.0
#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

std::string kind_of_file(std::string_view first) {
    using namespace std::string_view_literals;
    constexpr std::pair<std::string_view, char const*> known[]{
        {"version https://git-lfs"sv, "it is a pointer of Git LFS: get the file by `git lfs pull`"},
        {"{"sv, "it is JSON, as the index of a checkpoint in several files is: give one of those that it names"},
        {"GGUF"sv, "it is GGUF"},
        {"\x89HDF"sv, "it is HDF5"},
        {"\x1f\x8b"sv, "gzip packed it: unpack it"},
        {"<!"sv, "it is a page of the web, not the file behind it"},
        {"<html"sv, "it is a page of the web, not the file behind it"},
        {"\x80\x02"sv, "it is a pickle"},
        {"\x80\x03"sv, "it is a pickle"},
        {"\x80\x04"sv, "it is a pickle"},
        {"\x80\x05"sv, "it is a pickle"}};
    for (auto const& [begin, what] : known)
        if (first.starts_with(begin)) return what;
    return "is it safetensors, .npy or .npz?";
}

}  // namespace paramorph::files::inline v0_1
