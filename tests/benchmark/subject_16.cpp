// SPDX-License-Identifier: BSL-1.0
#include "subject_paramorph.hpp"

template struct benchmark::subject<16>;
