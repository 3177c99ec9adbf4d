// What the tests of properties share: a network's function of plain numbers, evaluated in double by the interpreter on
// the values that its parametrizations make, and searches for inputs that leave what its type says.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "catch.hpp"
#include "paramorph/nn/initialize.hpp"
#include "paramorph/nn/materialized.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/prove/properties.hpp"

namespace pm = paramorph;

namespace slopes {

using generator = std::mt19937_64;
using numbers = std::vector<double>;

inline double normal(generator& r) {
    return std::normal_distribution<double>()(r);
}
inline double length(numbers const& x) {
    double s = 0;
    for (double const e : x) s += e * e;
    return std::sqrt(s);
}

// All inputs as one vector, and all results.
template <class Net>
class function_of {
    using properties = pm::detail::properties_of<Net, pm::detail::all_inputs>;
    using module_type = typename properties::M;
    static constexpr auto const& g = properties::traced;
    std::vector<numbers> values_;  // of the tensors

    static module_type drawn(generator& r, double scale) {
        auto net = pm::make<module_type>(pm::seed{r()});
        pm::for_each_parameter(net, [&](std::string const&, auto& x) {
            for (auto& e : x) e = scale * normal(r);
        });
        return net;
    }

  public:
    static int inputs() {
        int n = 0;
        for (int i = 0; i < g.size; ++i)
            if (is_input(i)) n += g.shape_of(g.nodes[i].first).size();
        return n;
    }
    static int first_input() {
        for (int i = 0; i < g.size; ++i)
            if (is_input(i)) return g.shape_of(g.nodes[i].first).size();
        return 0;
    }
    function_of(generator& r, double scale) {
        auto const frozen = pm::freeze(drawn(r, scale));
        for (int i = 0; i < g.size; ++i) {
            int const k = g.nodes[i].attribute.v[0];
            if (g.nodes[i].operation->kind != pm::category::leaf || is_input(i)) continue;
            values_.emplace_back(frozen.data(k), frozen.data(k) + g.shape_of(g.nodes[i].first).size());
        }
    }
    numbers operator()(numbers const& x) const {
        std::vector<double const*> arguments;
        for (numbers const& v : values_) arguments.push_back(v.data());
        int at = 0;
        for (int i = 0; i < g.size; ++i)
            if (is_input(i)) {
                arguments.push_back(x.data() + at);
                at += g.shape_of(g.nodes[i].first).size();
            }
        numbers y;
        std::vector<double*> outputs;
        for (int k = 0; k < g.output_count; ++k) y.resize(y.size() + std::size_t(g.shape_of(g.outputs[k]).size()));
        at = 0;
        for (int k = 0; k < g.output_count; ++k) {
            outputs.push_back(y.data() + at);
            at += g.shape_of(g.outputs[k]).size();
        }
        REQUIRE(pm::ir::evaluate(g, arguments.data(), outputs.data()).ok());
        return y;
    }

  private:
    static bool is_input(int i) {
        return g.nodes[i].operation->kind == pm::category::leaf &&
               g.nodes[i].attribute.v[0] >= properties::weights.count;
    }
};

// The largest slope between two inputs that a search by hill climbing finds; the first `fixed` numbers do not move.
template <class F>
double steepest(F const& f, generator& r, int n, int fixed = 0) {
    double most = 0;
    for (int start = 0; start < 24; ++start) {
        double const scale = std::pow(10.0, start % 4 - 2), apart = scale * std::pow(10.0, -(start % 3));
        numbers x(static_cast<std::size_t>(n)), d(x.size());
        auto const draw = [&](numbers& to, numbers const& from, double by) {
            for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + by * normal(r);
        };
        draw(x, numbers(x.size()), scale);
        draw(d, numbers(x.size()), 1);
        auto const slope = [&](numbers const& at, numbers& along) {
            for (int i = 0; i < fixed; ++i) along[std::size_t(i)] = 0;
            double const by = apart / length(along);
            numbers there = at;
            for (std::size_t i = 0; i < there.size(); ++i) there[i] += (along[i] *= by);
            numbers a = f(at), moved(at.size());
            numbers const b = f(there);
            for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
            for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = there[i] - at[i];
            return length(a) / length(moved);
        };
        double best = slope(x, d);
        for (int k = 0; k < 60; ++k) {
            numbers x2(x.size()), d2(x.size());
            draw(x2, x, k % 2 ? 0 : 0.2 * scale);
            draw(d2, d, apart * (k % 3 ? 0.3 : 0.05));
            double const s = slope(x2, d2);
            if (!(s > best)) continue;
            best = s;
            x = x2;
            d = d2;
        }
        if (best > most || best != best) most = best;
    }
    return most;
}

// How far a result falls where inputs rise, at most, of pairs that are tried; relative to the results.
template <class F>
double fall(F const& f, generator& r, int n) {
    double most = 0;
    for (int k = 0; k < 600; ++k) {
        double const scale = std::pow(10.0, k % 4 - 2);
        numbers x(static_cast<std::size_t>(n)), y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = scale * normal(r);
            y[i] = x[i] + (r() % 2 ? scale * std::abs(normal(r)) : 0);
        }
        numbers const a = f(x), b = f(y);
        for (std::size_t i = 0; i < a.size(); ++i) {
            double const by = (a[i] - b[i]) / (1 + std::abs(a[i]) + std::abs(b[i]));
            if (by > most || by != by) most = by;
        }
    }
    return most;
}
// How far a result lies above the chord between two others, likewise.
template <class F>
double above_chord(F const& f, generator& r, int n) {
    double most = 0;
    for (int k = 0; k < 600; ++k) {
        double const scale = std::pow(10.0, k % 4 - 2), t = double(1 + r() % 9) / 10;
        numbers x(static_cast<std::size_t>(n)), y(x.size()), between(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = scale * normal(r);
            y[i] = scale * normal(r);
            between[i] = t * x[i] + (1 - t) * y[i];
        }
        numbers const a = f(x), b = f(y), c = f(between);
        for (std::size_t i = 0; i < a.size(); ++i) {
            double const by = (c[i] - (t * a[i] + (1 - t) * b[i])) / (1 + std::abs(a[i]) + std::abs(b[i]));
            if (by > most || by != by) most = by;
        }
    }
    return most;
}

// What networks of a type reach of their bound: of several seeds, and magnitudes of what is trained.
template <class Net>
double reach(int seeds = 4, unsigned long begin = 1) {
    double most = 0;
    generator r(begin);
    for (int k = 0; k < seeds; ++k) {
        function_of<Net> const f(r, k % 2 ? 1 : 4);
        double const share = steepest(f, r, f.inputs()) / pm::lipschitz<Net>;
        if (share > most || share != share) most = share;
    }
    return most;
}

}  // namespace slopes
