// The sets that the tool knows, by name: the library's own, tried on tensors of any shape.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

#include "tool.hpp"

namespace paramorph::tool {

// Is a tensor of real numbers an element of the set of this name? Names: those of set_names(), and the families
// at_least<a>, at_most<b>, interval<a, b> and rank_at_most<k>.
class known_set {
  public:
    explicit known_set(std::string const& name);  // failure: there is no such set
    std::string const& name() const { return name_; }
    bool contains(files::tensor const&, double tolerance) const;

  private:
    std::string name_;
    std::function<bool(files::tensor const&, double)> contains_;
};
std::vector<std::string> set_names();

// What a tensor is an element of: all, and those of them that are within no other.
struct membership_of {
    std::vector<std::string> all, smallest;
};
membership_of sets_of(files::tensor const&);

// Why a tensor can be tried with no set, or nothing: its type, its shape.
std::string why_not_tried(files::tensor const&);

}  // namespace paramorph::tool
