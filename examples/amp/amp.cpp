// Plays a capture of Neural Amp Modeler: amp CAPTURE.nam IN.wav OUT.wav [SIZE]
//
// IN.wav has one channel of 16, 24 or 32 bit integers or of floats, at the capture's sample rate; OUT.wav has floats.
// The network begins as it is after a long silence. SIZE, from 0 to 1, chooses among the networks of a file that has
// several; the largest is taken otherwise. Printed is how many times faster than real time it ran. Whatever is wrong is
// one line, and exit status 1.
//
// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "player.hpp"
#include "wave_file.hpp"

namespace {

std::unique_ptr<amp::player> player_of(amp::capture const& c) {
    for (auto const play : {amp::play_a1, amp::play_a2_of_3, amp::play_a2_of_8, amp::play_lstm})
        if (auto p = play(c)) return p;
    std::string what = c.architecture;
    if (c.architecture == "LSTM") what += " of " + std::to_string(c.layers) + " layers of " + std::to_string(c.hidden);
    for (amp::array_config const& a : c.arrays)
        what += (&a == c.arrays.data() ? " of " : " and ") + std::to_string(a.dilations.size()) + " layers of " +
                std::to_string(a.channels) + " channels";
    throw std::runtime_error(
        c.path + ": is a " + what +
        ", which amp has no type for: it has WaveNets, A1 standard and A2 with 3 or 8 channels, "
        "and LSTMs of 1 layer of 3, 8 or 16, or 2 of 8 or 16; examples/amp/captures.hpp takes more");
}

double number(char const* text) {
    char* end = nullptr;
    double const x = std::strtod(text, &end);
    if (end == text || *end != '\0' || !(x >= 0 && x <= 1))
        throw std::runtime_error("SIZE must be a number from 0 to 1, it is " + std::string(text).substr(0, 20));
    return x;
}

void play(std::string const& capture_path, std::string const& in, std::string const& out, double size) {
    amp::capture const c = amp::read_capture(capture_path, size);
    amp::wave w = amp::read_wave(in);
    if (c.rate > 0 && c.rate != w.rate) {
        char rate[32];
        std::snprintf(rate, sizeof rate, "%.9g", c.rate);
        throw std::runtime_error(in + ": has " + std::to_string(w.rate) + " samples a second, the capture is of " +
                                 rate + ": resample it first");
    }
    auto const p = player_of(c);
    auto const begin = std::chrono::steady_clock::now();
    p->process(w.samples.data(), w.samples.data(), w.samples.size());
    double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (std::size_t k = 0; k < w.samples.size(); ++k)
        if (!std::isfinite(w.samples[k]))
            throw std::runtime_error(in + ": sample " + std::to_string(k) + " of the result is not a finite number: " +
                                     "the samples, or the capture's numbers, are too large");
    amp::write_wave(out, w);
    double const length = double(w.samples.size()) / w.rate;
    std::printf("%.3f s of sound in %.3f s, %.1f times faster than real time; the network holds %zu bytes\n", length,
                seconds, length / seconds, p->bytes());
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 4 && count != 5) throw std::runtime_error("usage: amp CAPTURE.nam IN.wav OUT.wav [SIZE]");
        play(arguments[1], arguments[2], arguments[3], count == 5 ? number(arguments[4]) : 1);
        return 0;
    } catch (std::exception const& e) {
        std::string line = e.what();  // a path, or a word of a file, may have line breaks in it
        for (char& c : line)
            if (static_cast<unsigned char>(c) < ' ') c = '?';
        std::fprintf(stderr, "amp: %s\n", line.c_str());
        return 1;
    }
}
