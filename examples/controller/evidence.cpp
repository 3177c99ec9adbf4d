// The evidence for an audit of the controller: `evidence FOLDER` writes evidence.md and evidence.json there, of the
// network whose image tests/embedded runs. Exit status 0 if all that is claimed is proved, a page says so where it is
// not, and its bytes are the same the second time.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <fstream>
#include <string>

#include <paramorph/prove/evidence.hpp>

#include "proof.hpp"

using namespace pendulum;

namespace {

// [evidence]
pm::evidence_page page() {
    return pm::evidence<rises, is_gentle, is_strong, value_falls>(
        trained::network, {.title = "Controller of the pendulum",
                           .golden = {{0, 0}, {0.1, 0}, {-0.3, 0.5}, {0.6, 2}, {-0.6, -2}},
                           .measured = {{"instructions of a call on a Cortex-M4", "564"}}});
}
bool write(pm::evidence_page const& evidence, std::string const& folder) {
    bool const written = (std::ofstream(folder + "/evidence.md") << evidence.markdown()).flush().good() &&
                         (std::ofstream(folder + "/evidence.json") << evidence.json()).flush().good();
    return written && evidence.proved();  // a claim that is not proved is on the page, with the reason
}
// [evidence]

bool has(std::string const& text, char const* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

int main(int argc, char** argv) {
    auto const first = page(), second = page();
    std::printf("%s", first.markdown().c_str());
    if (argc > 1 && !write(first, argv[1])) return 1;
    bool const same = first.json() == second.json() && first.markdown() == second.markdown();
    // What nobody can prove: it is no convex function.
    auto const wrong = pm::evidence<rises, pm::claim::convex>(trained::network);
    bool const said = !wrong.proved() && has(wrong.markdown(), "| no |") && has(wrong.json(), "convex: not proved");
    return first.proved() && same && said && has(first.json(), "\"input\": [0.6, 2]") ? 0 : 1;
}
