// Memory for the inputs and outputs of a workload.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <random>

#include "workload.hpp"

namespace benchmark {

// Page-aligned memory with a start of its own within the page: no two buffers are a multiple of 4 KiB apart.
class buffer {
  public:
    buffer(int count, int offset)
        : memory_(static_cast<float*>(
              ::operator new(static_cast<std::size_t>(count + offset) * sizeof(float), std::align_val_t{4096}))),
          begin_(memory_.get() + offset) {}
    float* data() const { return begin_; }

  private:
    struct release {
        void operator()(float* p) const { ::operator delete(p, std::align_val_t{4096}); }
    };
    std::unique_ptr<float, release> memory_;
    float* begin_;
};

// Two sets of inputs of a size: matrices x and g, a vector behind each. Room for two matrices to write to.
class data {
  public:
    // Numbers that are quick to make, where it only matters that they are neither zero nor huge: what is computed again
    // for numbers out of range is not what a workload costs.
    enum class fill { random, quick, nothing };
    explicit data(int size, fill with = fill::random) : size_(size) {
        if (with == fill::nothing) return;
        if (with == fill::quick) {
            unsigned state = 1;
            for (auto& [x, g] : inputs_)
                for (int i = 0; i < size * size + size; ++i) {
                    state = state * 1664525u + 1013904223u;
                    x.data()[i] = static_cast<float>(static_cast<int>(state)) * 0x1p-40f;
                    g.data()[i] = x.data()[i] * 0.5f;
                }
            return;
        }
        std::mt19937 random{static_cast<unsigned>(size)};
        std::normal_distribution<float> normal;
        for (auto& [x, g] : inputs_)
            for (int i = 0; i < size * size + size; ++i) {
                x.data()[i] = (i < size * size ? 4.0f : 1.0f) * normal(random);
                g.data()[i] = normal(random);
            }
    }
    int size() const { return size_; }
    float const* x(int call) const { return inputs_[static_cast<std::size_t>(call & 1)].x.data(); }
    float const* g(int call) const { return inputs_[static_cast<std::size_t>(call & 1)].g.data(); }
    float* to() const { return to_.data(); }

  private:
    static constexpr int apart = 272;  // floats: not a multiple of a page, a multiple of a line
    struct input {
        buffer x, g;
    };
    int size_, count_ = size_ * size_ + size_;
    std::array<input, 2> inputs_{input{{count_, 0}, {count_, apart}}, input{{count_, 2 * apart}, {count_, 4 * apart}}};
    buffer to_{2 * size_ * size_, 3 * apart};
};

}  // namespace benchmark
