// Names that would agree if something were taken out of them: what wrappers of PyTorch put before a network's keys, or
// between their parts.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "paramorph/io/files.hpp"

namespace paramorph::files::inline v0_1 {

// `text` is what stands before names, "module.", or is a part of them, "_orig_mod", and who puts it there, ", which
// DataParallel puts there" or nothing; `all` of the names have it.
struct renaming {
    enum class kind { none, prefix, part } what = kind::none;
    std::string text, origin;
    bool all = false;
    explicit operator bool() const { return what != kind::none; }
};

// What is to be taken out of the names that were found, so that more of them are wanted than are so. Of several the one
// by which the most agree, a prefix first, then the shortest. Time and memory are in proportion to the names.
PARAMORPH_IO renaming renaming_of(std::vector<std::string_view> const& wanted,
                                  std::vector<std::string_view> const& found);

// A name without all parts that are `part`: "a._orig_mod.b" gives "a.b". Empty, if nothing is left.
PARAMORPH_IO std::string without_part(std::string_view name, std::string_view part);

}  // namespace paramorph::files::inline v0_1
