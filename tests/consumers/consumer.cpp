// What a stranger's project does first: include the installed umbrella and use it.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

int main() {
    return 0;
}
