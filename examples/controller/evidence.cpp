// The evidence for an audit of the controller: `evidence FOLDER` writes evidence.md and evidence.json there, of the
// network whose image tests/embedded runs. Exit status 0 if all that is claimed is proved, a page says so where it is
// not, and golden vectors and bytes are the same the second time.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <fstream>

#include <paramorph/prove/evidence.hpp>

#include "proof.hpp"

using namespace pendulum;

namespace {

auto page() {
    // [evidence]
    auto const evidence = pm::evidence<rises, is_gentle, is_strong, value_falls>(
        trained::network, {.title = "Controller of the pendulum",
                           .golden = {{0, 0}, {0.1, 0}, {-0.3, 0.5}, {0.6, 2}, {-0.6, -2}},
                           .measured = {{"instructions of a call on a Cortex-M4", "564"}}});
    std::string const text = evidence.markdown(), data = evidence.json();
    bool const complete = evidence.proved();  // a claim that is not proved is on the page, with the reason
    // [evidence]
    return complete && !text.empty() && !data.empty() ? evidence : pm::evidence<>(trained::network);
}

}  // namespace

int main(int argc, char** argv) {
    auto const first = page();
    if (argc > 1) {
        std::ofstream(std::string(argv[1]) + "/evidence.md") << first.markdown();
        std::ofstream(std::string(argv[1]) + "/evidence.json") << first.json();
    }
    std::printf("%s", first.markdown().c_str());
    bool const same = page().json() == first.json() && page().markdown() == first.markdown();
    // What nobody can prove: it is no convex function.
    auto const wrong = pm::evidence<rises, pm::claim::convex>(trained::network);
    bool const said = !wrong.proved() && wrong.markdown().find("| no |") != std::string::npos &&
                      wrong.json().find("convex: not proved") != std::string::npos;
    return first.proved() && same && said && first.json().find("0.27604517") != std::string::npos ? 0 : 1;
}
