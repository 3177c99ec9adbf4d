// <cmath>, read once. libstdc++'s begins with a pragma before its guard, so that g++ reads its two thousand lines again
// wherever it is included, and numbers them: behind 300,000 numbered lines each range of the source takes an entry of a
// table.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
