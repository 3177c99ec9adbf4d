// Both umbrellas in one file, the targets' first.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>
#ifdef MISTAKE
#include <paramorph/paramorph.hpp>  // error: paramorph.hpp: embed.hpp is included before it in this file; a file includes one of the two
#endif

int main() {}
