/* The convolutional network as it is written by hand for rows of eight frames: all results of a row are in registers
   while channels go by, and each frame is loaded once for the three taps that read it. */
#include "convolutional.h"
#include "network.h"

enum { frames = 8, channels = 32 };
static float first[channels * frames], second[channels * frames];

static void convolve(const float* w, const float* b, const float* x, float* y, int inputs) {
    for (int o = 0; o < channels; ++o, y += frames) {
        float s0 = b[o], s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (const float* c = x; c != x + inputs * frames; c += frames, w += 3) {
            float const before = w[0], here = w[1], after = w[2];
            float e = c[0];
            s0 += here * e, s1 += before * e;
            e = c[1];
            s0 += after * e, s1 += here * e, s2 += before * e;
            e = c[2];
            s1 += after * e, s2 += here * e, s3 += before * e;
            e = c[3];
            s2 += after * e, s3 += here * e, s4 += before * e;
            e = c[4];
            s3 += after * e, s4 += here * e, s5 += before * e;
            e = c[5];
            s4 += after * e, s5 += here * e, s6 += before * e;
            e = c[6];
            s5 += after * e, s6 += here * e, s7 += before * e;
            e = c[7];
            s6 += after * e, s7 += here * e;
        }
        y[0] = s0 < 0 ? 0 : s0;
        y[1] = s1 < 0 ? 0 : s1;
        y[2] = s2 < 0 ? 0 : s2;
        y[3] = s3 < 0 ? 0 : s3;
        y[4] = s4 < 0 ? 0 : s4;
        y[5] = s5 < 0 ? 0 : s5;
        y[6] = s6 < 0 ? 0 : s6;
        y[7] = s7 < 0 ? 0 : s7;
    }
}

int infer(float const* x, float* y) {
    convolve(w0, b0, x, first, 8);
    convolve(w1, b1, first, second, channels);
    const float* w = w2;
    int o = 0;
    for (; o + 4 <= 10; o += 4, w += 4 * channels * frames) {
        float s0 = b2[o], s1 = b2[o + 1], s2 = b2[o + 2], s3 = b2[o + 3];
        for (int i = 0; i < channels * frames; ++i) {
            float const e = second[i];
            s0 += w[i] * e;
            s1 += w[i + channels * frames] * e;
            s2 += w[i + 2 * channels * frames] * e;
            s3 += w[i + 3 * channels * frames] * e;
        }
        y[o] = s0;
        y[o + 1] = s1;
        y[o + 2] = s2;
        y[o + 3] = s3;
    }
    for (; o < 10; ++o, w += channels * frames) {
        float s = b2[o];
        for (int i = 0; i < channels * frames; ++i) s += w[i] * second[i];
        y[o] = s;
    }
    return 1;
}
