// What the tool takes of paramorph-io beyond its interface: texts are written as files of tensors are.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

#include "paramorph/io/files.hpp"

namespace paramorph::files::inline v0_1 {

// Writes a text as `write` does tensors: atomically, durably, with the permissions of a file that is there. What is no
// regular file (a device, a pipe, a name of an open file like /dev/stdout) is written as it stands. Answers with the
// sentence of what failed, or with none.
PARAMORPH_IO std::string write_text(std::string const& path, std::string_view text);

}  // namespace paramorph::files::inline v0_1
