// The network frozen on the host, its values where they lie in a file of tensors that the tool made a header of.
// SPDX-License-Identifier: BSL-1.0
#include "from_file.hpp"
#include "values.hpp"
#include "variant.hpp"

constexpr paramorph::frozen<paramorph::values_from<values::model, from_file::file>> net;
VARIANT(net)
