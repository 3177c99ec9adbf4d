// What a picture of a network shows, before it is drawn: boxes for modules and edges for what goes from one to the
// next; the steps of the program's schedule; and blocks of its workspace, each for the steps in which it is in use.
// Drawn by print/svg.hpp, written for graphviz by print/dot.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct picture_box {
    enum kind_t { module, input, output } kind;
    std::string title;
    std::vector<std::string> lines{};  // its tensors
};
// Edges are in the order of the boxes that they go to, and go to later ones.
struct picture_edge {
    int from, to;
    std::string label;  // the shape of what goes there
    bool drawn = true;  // else it only says which box stands below which
};
struct picture_step {
    std::string text;
    int group;  // steps of one group run together, block of rows by block of rows; -1: alone
};
struct picture_block {
    std::string label;
    int first, last;  // steps
    std::int64_t offset, bytes;
};
struct picture {
    std::string title;
    std::vector<picture_box> boxes{};
    std::vector<picture_edge> edges{};
    std::vector<picture_step> steps{};
    std::vector<picture_block> blocks{};
    std::int64_t workspace = 0;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
