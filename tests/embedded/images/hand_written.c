/* The network as it is written by hand: one loop for each layer, four outputs at a time, so that an input is loaded once
   for four of them. */
#include "network.h"
#include "weights.h"

static float first[64], second[64];

static void layer(const float* w, const float* b, const float* x, float* y, int outputs, int rectify) {
    int o = 0;
    for (; o + 4 <= outputs; o += 4, w += 4 * 64) {
        float s0 = b[o], s1 = b[o + 1], s2 = b[o + 2], s3 = b[o + 3];
        for (int i = 0; i < 64; ++i) {
            float const e = x[i];
            s0 += w[i] * e;
            s1 += w[i + 64] * e;
            s2 += w[i + 128] * e;
            s3 += w[i + 192] * e;
        }
        y[o] = rectify && s0 < 0 ? 0 : s0;
        y[o + 1] = rectify && s1 < 0 ? 0 : s1;
        y[o + 2] = rectify && s2 < 0 ? 0 : s2;
        y[o + 3] = rectify && s3 < 0 ? 0 : s3;
    }
    for (; o < outputs; ++o, w += 64) {
        float s = b[o];
        for (int i = 0; i < 64; ++i) s += w[i] * x[i];
        y[o] = rectify && s < 0 ? 0 : s;
    }
}

int infer(float const* x, float* y) {
    layer(w0, b0, x, first, 64, 1);
    layer(w1, b1, first, second, 64, 1);
    layer(w2, b2, second, y, 10, 0);
    return 1;
}
