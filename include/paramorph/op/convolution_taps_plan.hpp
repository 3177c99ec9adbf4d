// How the adjoint of a convolution runs by taps (kernel/convolution_by_taps.hpp), and where: decisions from shapes and
// a target alone. Errors: none. Cost: none at run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/convolution_plan.hpp"

namespace paramorph::inline PARAMORPH_ABI::op {

// The adjoint by taps: for each column of a filter a sum over outputs and its rows, as wide as results, and the sums
// side by side, moved, are a row of an image. No product has a zero around results as a factor; they are not packed.
struct convolution_sums {
    int before, pitch;  // zeros before a sum, and from sum to sum
    int most;           // sums in memory
};
constexpr convolution_sums sums_of_adjoint(convolving const& c, target const& machine) {
    int const span = (c.filters.columns - 1) * c.by.dilation[1], padding = c.by.padding[1],
              after = c.images.columns - 1 + padding - (c.results.columns - 1);
    convolution_sums s{span > padding ? span - padding : 0, 0, 0};
    s.pitch = s.before + c.results.columns + (after > 0 ? after : 0);
    s.most = machine.sums_of_taps / (s.pitch * c.filters.columns);  // of a channel
    return s;
}
// Rows of an image of which every row of a filter takes results.
constexpr int rows_of_all_taps(convolving const& c) {
    int const span = (c.filters.rows - 1) * c.by.dilation[0], padding = c.by.padding[0];
    int const first = span > padding ? span - padding : 0,
              end = c.results.rows - padding < c.images.rows ? c.results.rows - padding : c.images.rows;
    return end > first ? end - first : 0;
}
// Two rows of results are one long row, where it is whole vectors: of an image's rows which take every row of filters.
constexpr int rows_by_taps(convolving const& c, target const& machine, int lanes) {
    bool const fits = 2 * c.results.columns % lanes == 0 && sums_of_adjoint(c, machine).most > 1;
    return fits && rows_of_all_taps(c) > 1 ? 2 : 1;
}
// Does it take fewer vectors of products? Along one axis all blocks of frames have the same order of additions.
constexpr bool by_taps(convolving const& given, target const& machine, int lanes) {
    convolving const c = flattened(given);
    int const taps = c.filters.columns, images = c.images.columns, results = c.results.columns;
    if (lanes == 1 || c.images.rows * c.results.rows == 1 || c.by.stride[0] * c.by.stride[1] != 1 || taps < 2 ||
        taps > 6 || images < lanes || results < lanes || sums_of_adjoint(c, machine).most == 0)
        return false;
    auto const vectors = [&](long long columns) { return (columns + lanes - 1) / lanes; };
    long long rows = 0;
    for (int k = 0; k < c.filters.rows; ++k) {
        tap const t = c.row_tap(k);
        if (t.end > t.first) rows += t.end - t.first;
    }
    long long const outputs = c.filters.outer / c.by.groups, n = c.images.rows, whole = n * vectors(images),
                    pitch = source_of_adjoint(c, lanes).pitch, joined = vectors((n - 1) * pitch + images),
                    of_windows = (whole < joined ? whole : joined) * c.filters.plane() * outputs,
                    in_pairs = rows_by_taps(c, machine, lanes) == 1 ? 0 : rows_of_all_taps(c) / 2 * c.filters.rows,
                    of_results = in_pairs * vectors(2LL * results) + (rows - 2 * in_pairs) * vectors(results),
                    of_taps = of_results * taps * outputs + n * taps * (vectors(results) + 2 * vectors(images));
    return of_taps * 21 < of_windows * 20;
}

}  // namespace paramorph::inline PARAMORPH_ABI::op
