// Drawing with characters: UTF-8 shades, two columns a pixel, as a character is about twice as high as wide.
//
// SPDX-License-Identifier: BSL-1.0
#include "terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace digits {

progress::progress(int seed, int epochs) : seed_(seed), epochs_(epochs), terminal_(isatty(STDOUT_FILENO) == 1) {}

void progress::show(int epoch, double loss, double accuracy) const {
    bool const last = epoch == epochs_;
    int const every = std::max(1, epochs_ / 8);
    if (terminal_) {
        int constexpr width = 20;
        int const filled = width * epoch / epochs_;
        std::string bar;
        for (int k = 0; k < width; ++k) bar += k < filled ? "\u2588" : "\u2591";
        std::printf("\rseed %d  %s  epoch %d of %d  loss %.4f  held out %.2f %%%s", seed_, bar.c_str(), epoch, epochs_,
                    loss, 100 * accuracy, last ? "\n" : "");
    } else if (last || epoch % every == 0)
        std::printf("seed %d  epoch %3d of %d  loss %.4f  held out %.2f %%\n", seed_, epoch, epochs_, loss,
                    100 * accuracy);
    std::fflush(stdout);
}

void draw(std::vector<picture> const& row) {
    static constexpr std::array<char const*, 5> shades{"  ", "\u2591\u2591", "\u2592\u2592", "\u2593\u2593",
                                                       "\u2588\u2588"};
    for (int y = 0; y < side; ++y) {
        for (auto const& p : row) {
            std::fputs("  ", stdout);
            for (float const ink : p.image.subspan(static_cast<std::size_t>(y * side), side))
                std::fputs(shades[static_cast<std::size_t>(ink * 4 + 0.5f)], stdout);
        }
        std::puts("");
    }
    for (auto const& p : row) std::printf("  %-*s", 2 * side, p.caption.c_str());
    std::puts("\n");
}

}  // namespace digits
