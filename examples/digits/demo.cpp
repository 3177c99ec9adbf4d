// What `./x demo` shows: training, what became of the constraints, the frozen network, and the accuracy over several
// seeds.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include "terminal.hpp"
#include "training.hpp"

namespace digits {
namespace {

// What one seed may miss the bar of the mean by.
constexpr double allowance = 0.01;

// --- what the compiler knew -----------------------------------------------------------------------------------------

using image_batch = pm::input<pm::shape<batch, pixel_count>, float>;
using label_batch = pm::input<pm::shape<batch>, std::int32_t>;
using training_program = pm::program::value_and_gradient_of<loss, demo_network, image_batch, label_batch>;
using frozen_program = pm::program::call_of<demo_network, pm::binding::values, image_batch>;

static_assert(pm::workspace_bytes_of<frozen_program> < 32 * 1024);

template <class Program>
void show_program(char const* name) {
    constexpr auto& plan = pm::compiled<Program>::plan;
    std::printf("  %-22s %2d kernels: %d fused loops, %d dense; workspace %td bytes\n", name, plan.step_count,
                plan.fused_steps, plan.dense_steps, pm::workspace_bytes_of<Program>);
}

void show_what_the_compiler_knew() {
    std::printf("what the compiler knew\n  parameters             %d\n", pm::parameter_count<demo_network>);
    show_program<training_program>("a training step");
    show_program<frozen_program>("32 digits, frozen");
    std::puts("");
}

// --- what must hold -------------------------------------------------------------------------------------------------

// ||W^T W - I||, the Frobenius norm.
double distance_from_orthogonal(auto const& w) {
    double sum = 0;
    for (std::size_t i = 0; i < w.shape()[1]; ++i)
        for (std::size_t j = 0; j < w.shape()[1]; ++j) {
            double entry = i == j ? -1 : 0;
            for (std::size_t k = 0; k < w.shape()[0]; ++k)
                entry += static_cast<double>(w(k, i)) * static_cast<double>(w(k, j));
            sum += entry * entry;
        }
    return std::sqrt(sum);
}

// The largest sum of a column.
double distance_from_centred(auto const& w) {
    double largest = 0;
    for (std::size_t j = 0; j < w.shape()[1]; ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < w.shape()[0]; ++i) sum += static_cast<double>(w(i, j));
        largest = std::max(largest, std::abs(sum));
    }
    return largest;
}

// Prints a figure and its limit; does it hold?
bool within(char const* what, double figure, double limit) {
    bool const holds = figure <= limit;
    std::printf("  %-38s %.1e %s %.0e\n", what, figure, holds ? "<=" : "MISSES", limit);
    return holds;
}

bool constraints_hold(demo_network const& net) {
    std::puts("the constraints after training");
    bool const orthogonal =
        within("first weight, ||W^T W - I||", distance_from_orthogonal(pm::get<0>(net).weight()), 2e-5);
    bool const centred =
        within("last weight, largest column sum", distance_from_centred(pm::get<4>(net).weight()), 5e-6);
    return orthogonal && centred;
}

// Compares the network, which computes its weights in every call, with its frozen copy, which only holds them.
bool frozen_agrees(trainer<demo_network> const& run, dataset const& all) {
    auto const frozen = pm::freeze(run.network());
    auto const rows = run.held_out();
    images x;
    int compared = 0, different = 0;
    double largest = 0;
    for (std::size_t first = 0; first + batch <= rows.size(); first += batch) {
        auto const digits = gathered(all, rows.subspan(first, batch));
        std::ranges::copy(digits, x.begin());
        auto const live = run.network()(x), still = frozen(x);
        auto const a = most_likely(live), b = most_likely(still);
        for (std::size_t k = 0; k < a.size(); ++k, ++compared) different += a[k] != b[k];
        for (std::size_t k = 0; k < live.size(); ++k)
            largest = std::max(largest, static_cast<double>(std::abs(live.data()[k] - still.data()[k])));
    }
    std::printf("the frozen network\n  predictions that differ                %d of %d\n", different, compared);
    return within("largest difference of a logit", largest, 1e-4) && different == 0;
}

// A few of the digits held out: at most two that were misread, then others.
void draw_some(trainer<demo_network> const& run, dataset const& all) {
    auto const rows = run.held_out();
    auto const found = most_likely(pm::freeze(run.network())(run.held_out_images()));
    std::vector<picture> misread, read;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        int const is = all.labels[static_cast<std::size_t>(rows[k])];
        auto& list = found[k] == is ? read : misread;
        list.push_back({all.image(rows[k]),
                        "read as " + std::to_string(found[k]) + (found[k] == is ? "" : ", is " + std::to_string(is))});
    }
    std::printf("\n%zu of %zu digits held out were misread\n\n", misread.size(), rows.size());
    std::vector<picture> shown;
    auto const take = [&](std::vector<picture> const& some, std::size_t until) {
        for (auto const& p : some)
            if (shown.size() < until) shown.push_back(p);
    };
    take(misread, 2);
    take(read, 4);
    draw(shown);
}

// --- the runs -------------------------------------------------------------------------------------------------------

// The first seed in full.
bool show_run(options const& o, dataset const& all, outcome& result) {
    trainer<demo_network> run(all, o.seed);
    progress const bar(o.seed, o.epochs);
    for (int e = 1; e <= o.epochs; ++e) {
        double const loss = run.epoch(falling(e - 1, o.epochs));
        bar.show(e, loss, run.accuracy());
    }
    result = run.result();
    std::puts("");
    bool const constrained = constraints_hold(run.network());
    bool const same = frozen_agrees(run, all);
    draw_some(run, all);
    return constrained && same;
}

}  // namespace

bool demo(options const& o, dataset const& all) {
    int const held_out = all.size() / 5;
    std::printf("%d digits, %d to learn from, %d held out\n", all.size(), all.size() - held_out, held_out);
    std::puts(
        "64-64-64-10, relu; the first weight is orthogonal (skew | cayley), the last one's columns sum to zero\n");
    show_what_the_compiler_knew();

    outcome first{};
    bool holds = show_run(o, all, first);

    double mean = 0, worst = 1;
    std::puts("held out, seed by seed");
    for (int seed = o.seed; seed < o.seed + o.seeds; ++seed) {
        outcome const result = seed == o.seed ? first : outcome_of<demo_network>(all, seed, o.epochs, &falling);
        std::printf("  seed %-4d %6.2f %%  trained in %.2f s\n", seed, 100 * result.accuracy, result.seconds);
        mean += result.accuracy / o.seeds;
        worst = std::min(worst, result.accuracy);
    }
    double const each = std::max(0.0, o.bar - allowance);
    bool const accurate = mean >= o.bar && worst >= each;
    std::printf("  mean      %6.2f %%  %s: at least %.1f %% on average and %.1f %% each\n", 100 * mean,
                accurate ? "reaches the bar" : "MISSES the bar", 100 * o.bar, 100 * each);
    if (!holds) std::puts("a constraint or the frozen network MISSES its limit, see above");
    return holds && accurate;
}

}  // namespace digits
