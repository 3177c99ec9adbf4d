// What the demo draws: a progress bar, and digits as shades of grey.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

#include "data.hpp"

namespace digits {

// Progress of one run: a bar that is redrawn in place on a terminal, a line now and then elsewhere.
class progress {
  public:
    progress(int seed, int epochs);
    void show(int epoch, double loss, double accuracy) const;

  private:
    int seed_, epochs_;
    bool terminal_;
};

// Digits side by side, each with a caption below.
struct picture {
    std::span<float const, pixel_count> image;
    std::string caption;
};
void draw(std::vector<picture> const& row);

}  // namespace digits
