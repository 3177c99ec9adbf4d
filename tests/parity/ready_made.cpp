// `ready_made TYPE NAME ROWS COLUMNS`: see ready_made.hpp. TYPE is float or double.
//
// SPDX-License-Identifier: BSL-1.0
#include "ready_made.hpp"

int main(int count, char** words) {
    using namespace ready_made;
    if (count != 5) return 2;
    std::string_view const type = words[1], name = words[2];
    int const rows = std::atoi(words[3]), columns = std::atoi(words[4]);
    bool const known = type == "double"
                           ? serve_orthogonal<double>(name, rows, columns) || serve_others<double>(name, rows, columns)
                           : type == "float" && (serve_orthogonal_in_float(name, rows, columns) ||
                                                 serve_others_in_float(name, rows, columns));
    return known ? 0 : 2;
}
