// A text written to a file on the host, as a whole or not at all.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"
#include "paramorph/core/printable.hpp"

#ifndef PARAMORPH_EMBED

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace paramorph::inline PARAMORPH_ABI::detail {

// Writes the whole file or none of it; a file that is there keeps its permissions, and one that must not be written
// stays. What is not a regular file (/dev/stdout, a link) is written as it stands.
template <class = void>
void write_file(std::string const& who, std::string const& path, std::string const& text) {
    struct stat before;
    bool const there = lstat(path.c_str(), &before) == 0, in_place = there && !S_ISREG(before.st_mode);
    std::string const to = in_place ? path : path + ".writing";
    auto const refuse = [&](int why) {
        throw error(who + ": cannot write " + (path.empty() ? "a file without a name" : printable(path)) + ": " +
                    std::strerror(why));
    };
    if (there && !in_place && access(path.c_str(), W_OK) != 0) refuse(errno);
    std::FILE* const file = std::fopen(to.c_str(), "w");
    if (file == nullptr) refuse(errno);
    int why = 0;
    if (std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fflush(file) != 0) why = errno;
    if (there && !in_place && why == 0 && fchmod(fileno(file), before.st_mode & 07777) != 0) why = errno;
    if (std::fclose(file) != 0 && why == 0) why = errno;
    if (!in_place && why == 0 && std::rename(to.c_str(), path.c_str()) != 0) why = errno;
    if (why == 0) return;
    if (!in_place) std::remove(to.c_str());
    refuse(why);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

#endif
