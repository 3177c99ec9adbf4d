// Random graphs over the whole range of float. Elementwise operations and views on numbers from the subnormal ones to
// the largest, among them numbers of ordinary size, which simplify() moves about. The graph is computed three ways:
//   exact       as it was drawn, in double
//   as written  as it was drawn, every result rounded to float: a few times, each rounded another way, which shows what
//               rounding does to the result
//   simplified  every result rounded to float
// Where what is written stays accurate, what is simplified must. So no product may overflow or underflow that did not.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "gradient.hpp"

namespace random_graphs {

class range_checker {
  public:
    static constexpr int elements = 6;
    static constexpr int roundings = 4;
    pm::ir::descriptor const* broken = nullptr;  // takes the place of the operation of its identity, to test this test
    int compared = 0, elementwise_before = 0, elementwise_after = 0;

    // What is wrong with the graph of a seed; empty if nothing is.
    std::string check(std::uint64_t seed) {
        source_ = pm::random{seed};
        *drawn_ = pm::new_graph<float>();
        values_.clear();
        leaves_.clear();
        draw();
        for (int i = 0; i < drawn_->size && broken; ++i)
            if (drawn_->nodes[i].operation->id == broken->id) drawn_->nodes[i].operation = broken;
        *traced_ = pm::ir::compact(*drawn_);
        std::string wrong = compare(pm::ir::simplify, "simplify()");
        if (!wrong.empty()) return "seed " + std::to_string(seed) + ": " + wrong;
        // Its gradient, written down as it is and simplified; and as the library's programs make it.
        differentiated const d(*traced_);
        *before_ = *traced_;
        append_gradient(*traced_, d);
        while (static_cast<int>(leaves_.size()) < leaf_count(*traced_)) leaves_.push_back(magnitudes());
        wrong = compare(pm::ir::simplify, "simplify() of the gradient");
        if (wrong.empty())
            wrong = compare(
                [&](pm::ir::graph const&) {
                    auto g = std::make_unique<pm::ir::graph>(pm::ir::simplify_to_differentiate(*before_));
                    append_gradient(*g, d);
                    return pm::ir::simplify(*g);
                },
                "simplify_to_differentiate()");
        return wrong.empty() ? wrong : "seed " + std::to_string(seed) + ": " + wrong;
    }

  private:
    using row = std::vector<double>;
    pm::random source_{0};
    std::unique_ptr<pm::ir::graph> drawn_ = std::make_unique<pm::ir::graph>(),
                                   traced_ = std::make_unique<pm::ir::graph>(),
                                   before_ = std::make_unique<pm::ir::graph>(),
                                   simple_ = std::make_unique<pm::ir::graph>();
    std::vector<int> values_;
    std::vector<row> leaves_;

    static constexpr double infinity = std::numeric_limits<double>::infinity();

    // --- drawing ---
    int below(int n) { return source_.below(n); }
    bool chance(double p) { return source_.uniform(0, 1) < p; }
    double power_of_ten(double low, double high) {
        double const size = std::pow(10.0, source_.uniform(low, high));
        return static_cast<double>(static_cast<float>(chance(0.5) ? size : -size));
    }
    double magnitude() {
        if (chance(0.05)) return 0;
        return chance(0.3) ? power_of_ten(-1, 1) : power_of_ten(-38, 38);
    }
    row magnitudes() {
        row x(elements);
        for (double& e : x) e = magnitude();
        return x;
    }
    int number() {
        constexpr double often[]{0.5, 2, -1, 0.8, 4, 0.25, 10, 1e-3};
        double const x = chance(0.4) ? often[below(8)] : chance(0.6) ? power_of_ten(-1.3, 1.3) : power_of_ten(-38, 38);
        return pm::append_constant(*drawn_, x);
    }
    int some() { return values_[static_cast<std::size_t>(below(static_cast<int>(values_.size())))]; }
    int late() { return chance(0.7) ? values_.back() : some(); }
    void draw() {
        pm::ir::graph& g = *drawn_;
        int const leaves = 2 + below(2);
        for (int k = 0; k < leaves; ++k) {
            int const v = push_with<pm::op::leaf>(g, pm::attributes{{k}});
            g.values[v] = pm::ir::value{{1, {elements}}, g.real, g.values[v].producer};
            values_.push_back(v);
            leaves_.push_back(magnitudes());
        }
        for (int k = 3 + below(10); k > 0; --k) values_.push_back(operation());
        g.output(values_.back());
    }
    int operation() {
        pm::ir::graph& g = *drawn_;
        switch (below(16)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4:
                return push<op::multiply>(g, late(), number());
            case 5:
            case 6:
            case 7:
                return push<op::multiply>(g, late(), some());
            case 8:
                return push<op::sigmoid<>>(g, chance(0.5) ? push<op::multiply>(g, late(), number()) : late());
            case 9:
                return push<op::tanh<>>(g, late());
            case 10: {
                constexpr double exponents[]{-2, -1, -0.5, 0.5, 1, 2, 3, 4, 5, 1.5};
                double const p = exponents[below(10)];
                int const x = late();
                // Roots of a square: pow and sqrt differ at -0 and -infinity, as pow says.
                return push<op::pow>(g, std::abs(p) == 0.5 ? push<op::multiply>(g, x, x) : x,
                                     pm::append_constant(g, p));
            }
            case 11:
                return push<op::divide>(g, late(), chance(0.5) ? number() : some());
            case 12: {
                int const as_matrix = push_with<op::reshape>(g, pm::attributes{{2, 3, -1, -1}}, late());
                int const turned = push_with<op::transpose>(g, pm::attributes{{1, 0, 2, 3}}, as_matrix);
                return push_with<op::reshape>(g, pm::attributes{{6, -1, -1, -1}}, turned);
            }
            case 13:
                return push<op::add>(g, late(), chance(0.5) ? number() : some());
            case 14:
                return push<op::subtract>(g, late(), chance(0.5) ? number() : some());
            default:
                return push<op::negate>(g, late());
        }
    }

    // --- computing ---
    static int leaf_count(pm::ir::graph const& g) {
        int n = 0;
        while (n < g.size && g.nodes[n].operation->kind == pm::category::leaf) ++n;
        return n;
    }
    static int elementwise_nodes(pm::ir::graph const& g) {
        int n = 0;
        for (int i = 0; i < g.size; ++i) n += g.nodes[i].operation->kind == pm::category::elementwise ? 1 : 0;
        return n;
    }
    // To the nearest float, or to a neighbour of that.
    double rounded(double x, bool perturb) {
        double const most = std::numeric_limits<float>::max();
        if (!(std::abs(x) <= most)) return std::isnan(x) ? x : std::copysign(infinity, x);
        float const f = static_cast<float>(x);
        if (!perturb || f == 0) return f;
        int const way = below(3);
        float const far = std::numeric_limits<float>::infinity();
        return way == 0 ? f : std::nextafter(f, way == 1 ? far : -far);
    }
    template <class Round>
    std::vector<row> computed(pm::ir::graph const& g, Round const& round) {
        auto const n = std::make_unique<numbers>(g.value_count * elements);
        for (int i = 0; i < g.size; ++i) {
            pm::ir::node const& node = g.nodes[i];
            bool const leaf = node.operation->kind == pm::category::leaf;
            int const size = g.shape_of(node.first).size();
            n->place(node.first, size);
            n->run(g, node);
            double* const x = n->of(node.first);
            for (int k = 0; k < size; ++k) {
                if (leaf) x[k] = leaves_[static_cast<std::size_t>(node.attribute.v[0])][static_cast<std::size_t>(k)];
                if (node.operation->kind == pm::category::elementwise || node.operation->kind == pm::category::constant)
                    x[k] = round(x[k]);
            }
        }
        std::vector<row> result;
        for (int k = 0; k < g.output_count; ++k) {
            double const* const x = n->of(g.outputs[k]);
            result.emplace_back(x, x + g.shape_of(g.outputs[k]).size());
        }
        return result;
    }
    template <class Pass>
    std::string compare(Pass const& pass, char const* name) {
        *simple_ = pass(*traced_);
        elementwise_before += elementwise_nodes(*traced_);
        elementwise_after += elementwise_nodes(*simple_);
        auto const exact = computed(*traced_, [](double x) { return x; });
        auto const simple = computed(*simple_, [&](double x) { return rounded(x, false); });
        std::vector<std::vector<row>> written;
        for (int r = 0; r < roundings; ++r)
            written.push_back(computed(*traced_, [&](double x) { return rounded(x, r > 0); }));
        for (std::size_t k = 0; k < exact.size(); ++k)
            for (std::size_t i = 0; i < exact[k].size(); ++i) {
                double const e = exact[k][i];
                double error = 0;
                for (auto const& w : written)
                    error = std::max(error, std::isnan(w[k][i]) ? infinity : std::abs(w[k][i] - e));
                if (!std::isfinite(e) || !(error <= 1e-4 * std::abs(e))) continue;
                ++compared;
                auto const right = [&] {
                    return std::abs(simple[k][i] - e) <= 64 * error + 0x1p-14 * std::abs(e) + 0x1p-140;
                };
                if (right()) continue;
                // A few roundings may meet a zero that is a difference by chance, or since they are lost where a
                // product underflows: before it is called wrong, many, whose results have the range of double.
                for (int r = 0; r < 64 && error <= 1e-4 * std::abs(e); ++r)
                    error = std::max(
                        error, std::abs(computed(*traced_,
                                                 [&](double x) { return x * (1 + 0x1p-24 * (below(3) - 1)); })[k][i] -
                                        e));
                if (!(error <= 1e-4 * std::abs(e)) || right()) continue;
                std::ostringstream out;
                out.precision(9);
                out << "output " << k << ", element " << i << ": exact " << e << ", as written " << written[0][k][i]
                    << ", after " << name << ' ' << simple[k][i] << "\nas drawn:\n"
                    << text(*traced_) << "simplified:\n"
                    << text(*simple_);
                for (std::size_t l = 0; l < leaves_.size(); ++l) out << " leaf " << l << ": " << leaves_[l][i];
                return out.str();
            }
        return {};
    }
    static std::string text(pm::ir::graph const& g) {
        std::ostringstream out;
        for (int i = 0; i < g.size; ++i) {
            pm::ir::node const& n = g.nodes[i];
            out << "  v" << n.first << " = " << n.operation->name << '(';
            for (int k = 0; k < n.operation->arity; ++k) out << (k ? ", v" : "v") << n.argument[k];
            out << ')';
            if (n.operation->kind == pm::category::constant) out << ' ' << n.number;
            out << '\n';
        }
        for (int k = 0; k < g.output_count; ++k) out << "  output v" << g.outputs[k] << '\n';
        return out.str();
    }
};

}  // namespace random_graphs
