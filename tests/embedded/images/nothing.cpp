// No network: what an image weighs without one.
// SPDX-License-Identifier: BSL-1.0
#include "network.h"

int infer(float const* x, float* y) {
    for (int i = 0; i < 10; ++i) y[i] = x[i];
    return 1;
}
