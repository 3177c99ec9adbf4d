// Claims of a frozen network's results over a large box, which is cut into cells where bounds of all of it at once are
// too wide.
//
//     constexpr auto states = pm::box<pm::shape<2>>::of(-1, 1);
//     static_assert(pm::proved<pm::claim::within<states, -2, 2>, decltype(net)>);          // one box, pm::bounds
//     static_assert(pm::proved<pm::claim::within<states, -2, 2, 12>, decltype(net)>);      // up to 12 times halved
//     constexpr pm::box_outside<pm::shape<2>> outside{states, pm::box<pm::shape<2>>::of(-0.1, 0.1)};
//     static_assert(pm::proved<pm::claim::within<outside, -100, -0.01, 12>, decltype(net)>);  // but for a middle
//     auto const found = pm::within_cells(net, outside, -100, -0.01, 12);                  // the same at run time
//
// A cell is halved, across the axes in turn, until pm::bounds proves the claim of it or it was halved `Halvings` times;
// cells that lie within the hole are left out, but not all of them: no cell proves nothing. Every input of the box
// outside of the hole lies in a cell that is proved: cells share their sides. What is proved covers the rounding of the
// float program, as pm::bounds does, and NaN proves nothing. The network has one input, of the box's shape, and one
// result.
//
// Errors: those of pm::bounds; a claim that does not hold is one sentence, with the cell and what the result may be
// there. Cost: bounds of each cell; the compiler interprets them, one constant evaluation a cell (a network of 24
// weights: about 0.08 s a cell with g++), and stops at the first cell that is not proved. At run time the cell where
// the margin is least is kept, for which a claim that does not hold is tried to the last halving. Source: branch and
// bound; Bunel et al. 2018, "A unified view of piecewise linear neural network verification".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/proved_bounds.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// A box without what lies within another one; `hole` may be as large as that or reach out of it.
template <class Shape>
struct box_outside {
    using shape_type = Shape;
    box<Shape> all, hole;
};

// What was proved of the cells: in all of them, how many there are, by how much the claim holds at least (below 0:
// fails), and the cell where that is so.
template <class Shape>
struct cells_report {
    bool proved = true;
    int cells = 0;
    double margin = math::infinity;
    box<Shape> least{};
};

namespace detail {

// The whole box; refused where it is empty, for its cells might be left out before their bounds refuse them.
template <class Shape>
constexpr box<Shape> all_of(box<Shape> const& b) {
    for (int i = 0; i < Shape::size; ++i) require_order(i, b.lower[i], b.upper[i]);
    return b;
}
template <class Shape>
constexpr box<Shape> all_of(box_outside<Shape> const& b) {
    return all_of(b.all);
}
template <class Shape>
constexpr bool can_be_halved(box<Shape> const& cell) {
    bool finite = true;
    for (int i = 0; i < Shape::size; ++i)
        finite = finite && math::isfinite(cell.lower[i]) && math::isfinite(cell.upper[i]);
    return finite;
}
template <class Shape>
constexpr bool left_out(box<Shape> const&, box<Shape> const&) {
    return false;
}
template <class Shape>
constexpr bool left_out(box_outside<Shape> const& where, box<Shape> const& cell) {
    bool inside = true;
    for (int i = 0; i < Shape::size; ++i)
        inside = inside && cell.lower[i] >= where.hole.lower[i] && cell.upper[i] <= where.hole.upper[i];
    return inside;
}
// Half of a cell that was halved `before` times. Of subnormal numbers the middle may round to beyond an end.
template <class Shape>
constexpr box<Shape> half_of(box<Shape> cell, int before, bool upper) {
    int const axis = before % Shape::size;
    double const low = cell.lower[axis], high = cell.upper[axis],
                 middle = math::min(math::max(low / 2 + high / 2, low), high);
    (upper ? cell.lower : cell.upper)[axis] = middle;
    return cell;
}
// By how much bounds lie within [low, high]; -infinity where they prove nothing.
constexpr double margin_within(auto const& bounds, double low, double high) {
    double least = math::infinity;
    if (!(math::isfinite(low) && math::isfinite(high))) return -math::infinity;
    for (int i = 0; i < bounds.size; ++i) {
        if (bounds[i].nan || !bounds[i].finite()) return -math::infinity;
        least = math::min(least, math::min(bounds.lower(i) - low, high - bounds.upper(i)));
    }
    return least;
}
template <class Shape>
constexpr void take_in(cells_report<Shape>& all, cells_report<Shape> const& part) {
    all.proved = all.proved && part.proved;
    all.cells += part.cells;
    if (!(part.margin < all.margin)) return;
    all.margin = part.margin;
    all.least = part.least;
}

// The constants of a cell: Cell is 1 for the whole box, 2 c and 2 c + 1 for the halves of cell c.
constexpr int halvings_of(unsigned long long cell) {
    int n = 0;
    for (; cell > 1; cell /= 2) ++n;
    return n;
}
template <auto const& Where, unsigned long long Cell>
inline constexpr auto cell_box = half_of(cell_box<Where, Cell / 2>, halvings_of(Cell / 2), Cell % 2 == 1);
template <auto const& Where>
inline constexpr auto cell_box<Where, 1> = all_of(Where);

template <class Net, auto const& Where, unsigned long long Cell>
inline constexpr auto bounds_of_cell = bounds_in_steps<Net, cell_box<Where, Cell>>();

template <class Net, auto const& Where, auto Low, auto High, int Halvings, unsigned long long Cell = 1>
constexpr auto report_of_cells() {
    using report = cells_report<typename std::remove_cvref_t<decltype(Where)>::shape_type>;
    constexpr bool empty = left_out(Where, cell_box<Where, Cell>);
    if constexpr (empty)
        return report{};
    else {
        constexpr double margin = margin_within(bounds_of_cell<Net, Where, Cell>, double(Low), double(High));
        if constexpr (margin >= 0 || Halvings == 0 || !can_be_halved(cell_box<Where, Cell>))
            return report{margin >= 0, 1, margin, cell_box<Where, Cell>};
        else {
            constexpr report first = report_of_cells<Net, Where, Low, High, Halvings - 1, 2 * Cell>();
            if constexpr (!first.proved)
                return first;
            else {
                report all = first;
                take_in(all, report_of_cells<Net, Where, Low, High, Halvings - 1, 2 * Cell + 1>());
                return all;
            }
        }
    }
}
// No cell at all proves nothing.
template <class Shape>
constexpr cells_report<Shape> of_some_cells(cells_report<Shape> found, box<Shape> const& all) {
    if (found.cells == 0) found = {false, 0, -math::infinity, all};
    return found;
}
template <class Net, auto const& Where, auto Low, auto High, int Halvings>
inline constexpr auto proved_cells =
    of_some_cells(report_of_cells<Net, Where, Low, High, Halvings>(), cell_box<Where, 1>);

template <class Net, class Shape>
cells_report<Shape> report_of_cell(Net const& net, auto const& where, double low, double high, int halvings, int before,
                                   box<Shape> const& cell) {
    if (left_out(where, cell)) return {};
    double const margin = margin_within(bounds(net, cell), low, high);
    if (margin >= 0 || halvings <= 0 || !can_be_halved(cell)) return {margin >= 0, 1, margin, cell};
    auto all = report_of_cell(net, where, low, high, halvings - 1, before + 1, half_of(cell, before, false));
    take_in(all, report_of_cell(net, where, low, high, halvings - 1, before + 1, half_of(cell, before, true)));
    return all;
}

}  // namespace detail

// Does every result lie within [low, high], for every input of `where`, a box or a box_outside? net: pm::frozen or what
// pm::freeze gives.
template <class Net, class Where>
cells_report<typename Where::shape_type> within_cells(Net const& net, Where const& where, double low, double high,
                                                      int halvings) {
    auto const all = detail::all_of(where);
    return detail::of_some_cells(detail::report_of_cell(net, where, low, high, halvings, 0, all), all);
}

namespace claim {

// Of the type of a pm::frozen: every result lies within [Low, High] for every input of Where, a constant of static
// storage, a box or a box_outside, whose cells are halved up to Halvings times.
template <auto const& Where, auto Low, auto High, int Halvings = 0>
struct within {
    static_assert(Halvings >= 0 && Halvings < 63, "within: a cell is halved from 0 to 62 times");
    using shape_type = typename std::remove_cvref_t<decltype(Where)>::shape_type;
    static constexpr bool of_numbers = true;  // of a network's numbers, not of its type
    template <class Net>
    static constexpr cells_report<shape_type> const& report =
        detail::proved_cells<std::remove_cv_t<Net>, Where, Low, High, Halvings>;
    template <class Net>
    static constexpr bool holds = report<Net>.proved;
    template <class Net>
    static constexpr double margin = report<Net>.margin;
    // The same at run time, of what pm::freeze gives, too.
    static auto check(auto const& net) { return within_cells(net, Where, double(Low), double(High), Halvings); }

    static constexpr detail::sentence statement() {
        detail::sentence s("every result lies within [", double(Low), ", ", double(High), "] for inputs of ");
        add_box(s, detail::all_of(Where));
        if constexpr (requires { Where.hole; }) {
            s.append(" outside of ");
            add_box(s, Where.hole);
        }
        return s;
    }
    template <class Net>
    static constexpr detail::sentence why_not() {
        detail::sentence s = refutation(report<Net>);
        if (report<Net>.cells == 0) return s;
        auto const of = [&] { return bounds(Net{}, report<Net>.least); }();
        for (int i = 0; i < of.size; ++i)
            if (of[i].nan || !(of.lower(i) >= double(Low) && of.upper(i) <= double(High))) {
                s.append(": element ", i, of[i].nan ? " may be NaN or lie within [" : " may lie within [", of.lower(i),
                         ", ", of.upper(i), "]");
                if (!of.unknown().empty()) s.append("; no rule for ", of.unknown());
                break;
            }
        return s;
    }
    static constexpr detail::sentence refutation(cells_report<shape_type> const& of) {
        detail::sentence s("within: [", double(Low), ", ", double(High), "] is not proved for inputs of ");
        add_box(s, of.least);
        if (of.cells == 0) s.append(": the hole leaves nothing of them");
        return s;
    }

  private:
    static constexpr void add_box(detail::sentence& s, box<shape_type> const& b) {
        for (int i = 0; i < shape_type::size && i < 3; ++i)
            s.append(i ? " x [" : "[", b.lower[i], ", ", b.upper[i], "]");
        if (shape_type::size > 3) s.append(" x ...");
    }
};

}  // namespace claim

}  // namespace paramorph::inline PARAMORPH_ABI
