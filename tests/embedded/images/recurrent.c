/* The GRU as it is written by hand: a unit at a time, whose gates are three sums side by side, over the input and over
   the state; so no gate gets memory. */
#include <math.h>
#include <string.h>

#include "network.h"
#include "recurrent.h"

enum { steps = 8, inputs = 8, hidden = 48 };
static float states[2][hidden];

static float sigmoid(float x) {
    return 1 / (1 + expf(-x));
}

int infer(float const* x, float* y) {
    float *h = states[0], *next = states[1];
    memset(h, 0, sizeof states[0]);
    for (int t = 0; t < steps; ++t, x += inputs) {
        for (int o = 0; o < hidden; ++o) {
            float r = b_ih[o], z = b_ih[o + hidden], n = b_ih[o + 2 * hidden];
            const float* w = w_ih + o * inputs;
            for (int i = 0; i < inputs; ++i) {
                float const e = x[i];
                r += w[i] * e;
                z += w[i + hidden * inputs] * e;
                n += w[i + 2 * hidden * inputs] * e;
            }
            float hr = b_hh[o], hz = b_hh[o + hidden], hn = b_hh[o + 2 * hidden];
            w = w_hh + o * hidden;
            for (int i = 0; i < hidden; ++i) {
                float const e = h[i];
                hr += w[i] * e;
                hz += w[i + hidden * hidden] * e;
                hn += w[i + 2 * hidden * hidden] * e;
            }
            z = sigmoid(z + hz);
            n = tanhf(n + sigmoid(r + hr) * hn);
            next[o] = n + z * (h[o] - n);
        }
        float* const last = h;
        h = next;
        next = last;
    }
    for (int o = 0; o < 10; ++o) {
        float s = b[o];
        for (int i = 0; i < hidden; ++i) s += w[o * hidden + i] * h[i];
        y[o] = s;
    }
    return 1;
}
