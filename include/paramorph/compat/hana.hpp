// Boost.Hana: the parts that paramorph uses. Modules are Hana Structs.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace hana = boost::hana;

}  // namespace paramorph::inline PARAMORPH_ABI
