// A text written to a file on the host, as a whole or not at all.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"

#ifndef PARAMORPH_EMBED

#include <sys/stat.h>

#include <cstdio>
#include <string>

namespace paramorph::inline PARAMORPH_ABI::detail {

// Writes the whole file or none of it. What is not a regular file (/dev/stdout, a link) is written as it stands.
template <class = void>
void write_file(std::string const& who, std::string const& path, std::string const& text) {
    struct stat of_path;
    bool const in_place = lstat(path.c_str(), &of_path) == 0 && !S_ISREG(of_path.st_mode);
    std::string const to = in_place ? path : path + ".writing";
    std::FILE* const file = std::fopen(to.c_str(), "w");
    bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr) written = std::fclose(file) == 0 && written;
    if (!in_place && written) written = std::rename(to.c_str(), path.c_str()) == 0;
    if (!in_place && !written) std::remove(to.c_str());
    if (!written) throw error(who + ": cannot write " + path);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

#endif
