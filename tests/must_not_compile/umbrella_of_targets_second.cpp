// Both umbrellas in one file, the host's first.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#ifdef MISTAKE
#include <paramorph/embed.hpp>  // error: embed.hpp: paramorph.hpp, or a header of it, is included before it in this file; a file includes one of the two
#endif

int main() {}
