// SPDX-License-Identifier: BSL-1.0
#include "subject_mixed.hpp"

template struct benchmark::mixed_subject<256>;
