// Schedules: what learning rates are multiplied by after so many epochs, or steps, t = 0, 1, ...
//
//     pm::optim::cosine_schedule const schedule{.steps = 1000, .warm_up = 100};
//     optimizer.learning_rate_factor(schedule(t));              // before step t
//     pm::optim::reduce_on_plateau plateau{{.patience = 3}};
//     optimizer.learning_rate_factor(plateau(validation_loss)); // after each epoch
//
//   step_schedule       factor^floor(t / every); torch's StepLR
//   cosine_schedule     from `first` to 1 along a line in the steps of the warm-up, torch's LinearLR; then from 1 to
//                       `least` along half a cosine in `steps` steps, torch's CosineAnnealingLR; `least` ever after
//   reduce_on_plateau   times `factor` where the metric has not been better than the best by `threshold` of it for more
//                       than `patience` calls; not again for `cooldown` calls; not below `least`. torch's
//                       ReduceLROnPlateau with mode "min" and threshold_mode "rel". NaN is no improvement.
//
// A schedule is a value without state; a plateau is one whose members are its state. Errors: options out of their range
// are refused where the schedule is used (pm::error). Cost: a few operations a call; no memory but the members. Source:
// Loshchilov and Hutter 2017; torch.optim.lr_scheduler.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/error.hpp"

namespace paramorph::inline PARAMORPH_ABI::optim {

struct step_schedule {
    int every = 30;
    double factor = 0.1;
    double operator()(long long t) const {
        if (!(every > 0 && factor >= 0 && t >= 0))
            throw error("step_schedule: every must be positive, factor and the step not negative");
        return std::pow(factor, double(t / every));
    }
};

struct cosine_schedule {
    long long steps = 1000, warm_up = 0;
    double least = 0, first = 1.0 / 3;
    double operator()(long long t) const {
        if (!(steps > 0 && warm_up >= 0 && least >= 0 && least <= 1 && first >= 0 && first <= 1 && t >= 0))
            throw error(
                "cosine_schedule: steps must be positive, warm_up and the step not negative, least and first in [0, "
                "1]");
        if (t < warm_up) return first + (1 - first) * double(t) / double(warm_up);
        if (t - warm_up >= steps) return least;
        return least + (1 - least) * (1 + std::cos(3.141592653589793 * double(t - warm_up) / double(steps))) / 2;
    }
};

// Of reduce_on_plateau: threshold and least are parts, of the best metric and of the learning rate; patience and
// cooldown numbers of calls.
struct plateau_options {
    double factor = 0.1, threshold = 1e-4, least = 0;
    int patience = 10, cooldown = 0;
};
struct reduce_on_plateau {
    plateau_options options{};
    double best = std::numeric_limits<double>::infinity(), current = 1;
    int bad = 0, cooling = 0;

    double operator()(double metric) {
        plateau_options const& o = options;
        if (!(o.factor >= 0 && o.factor < 1 && o.threshold >= 0 && o.threshold <= 1 && o.least >= 0 &&
              o.patience >= 0 && o.cooldown >= 0))
            throw error(
                "reduce_on_plateau: factor must lie in [0, 1), threshold in [0, 1], and least, patience and cooldown "
                "must not be negative");
        if (metric < best * (1 - o.threshold)) {
            best = metric;
            bad = 0;
        } else
            ++bad;
        if (cooling > 0) {
            --cooling;
            bad = 0;
        }
        if (bad > o.patience) {
            if (double const next = current * o.factor < o.least ? o.least : current * o.factor; next < current)
                current = next;
            cooling = o.cooldown;
            bad = 0;
        }
        return current;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::optim
