// evidence<Claims...>(net, options): a page that an audit can keep beside an image: what is claimed of a network and
// what is proved, its shapes, sets, costs, golden vectors, hashes, and what built it; as Markdown and as JSON.
//
//     constexpr auto states = pm::box<pm::shape<2>>::of(-1, 1);
//     auto const page = pm::evidence<pm::claim::monotone<>, pm::claim::within<states, -2, 2>>(
//         net, {.golden = {{0, 0}, {0.5, -1}}, .measured = {{"instructions on a Cortex-M4", "564"}}});
//     std::ofstream("evidence.md") << page.markdown();
//     std::ofstream("evidence.json") << page.json();
//     if (!page.proved()) ...                                         // a claim is not proved
//
// net: a pm::frozen, or what pm::freeze(net) gives; its module states the shapes of its inputs. A claim is a type with
// `holds<Net>` and `why_not<Net>()` (prove/claims.hpp, prove/cells.hpp, or one of your own): of a module's type, or of
// a network's numbers where it says `of_numbers = true`; those are asked of a pm::frozen by the compiler, else at run
// time by `check(net)`. Each claim is listed, with its margin where it has one; one that is not proved says so and why.
// A margin is by how much the claim could be sharper; NaN proves nothing.
//
//   golden      inputs, all elements of all inputs row by row, and what the frozen network answers on this machine.
//               Printed as the shortest decimal numbers that read back exactly. Their hash is SHA-256 of inputs and
//               results in this order, each number as its bytes, the lowest one first. Other machines may fuse other
//               operations, and differ in the last bits
//   weights     SHA-256 of the values of all tensors, in member order, as they are stored
//   costs       as pm::summary counts them; workspace and numbers in flash are of this machine's program. What only
//               measurements tell is given as `measured`
//   build       versions, vector unit and options that the compiler tells in macros; -ffast-math is refused by the
//               library's headers, other options of its kind that have no macro are not seen
//
// Two runs of one program give the same bytes: no time, no address, no locale enters. Errors, as pm::error: a golden
// input has another number of elements than the network takes, or one that is not finite; the network refuses it; the
// processor rounds in another direction than to nearest, or flushes subnormal numbers to zero, as -ffast-math has it
// while linking, so that proofs do not hold. Cost: that of the claims, and of tracing the network. Source: FIPS 180-4
// (SHA-256); Mitchell et al. 2019, "Model cards for model reporting".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef PARAMORPH_EMBED
#error "evidence.hpp: embed.hpp is included before it in this file; what it prints is for the host"
#else

#include "paramorph/core/macros_aside.hpp"

#include "paramorph/core/version.hpp"
#include "paramorph/print/summary.hpp"
#include "paramorph/prove/cells.hpp"
#include "paramorph/prove/evidence_facts.hpp"
#include "paramorph/prove/properties.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// `golden`: inputs, each with all elements row by row; `measured`: what and how much, as text, which no program can
// tell.
struct evidence_options {
    std::string title = "Evidence";
    std::vector<std::vector<double>> golden{};
    std::vector<std::pair<std::string, std::string>> measured{};
};

// The page that pm::evidence makes, as two texts.
class evidence_page {
  public:
    evidence_page(detail::document what, bool proved) : what_(std::move(what)), proved_(proved) {}
    std::string markdown() const { return what_.markdown(); }
    std::string json() const { return what_.json(); }
    // Is every claim proved?
    bool proved() const { return proved_; }

  private:
    detail::document what_;
    bool proved_;
};

namespace detail {

template <class Claim, class Subject>
bool add_claim(document& to, Subject const& of, std::string const& outside) {
    using net = typename Subject::network_type;
    document row = document::object();
    bool proved = false;
    row.add("claim", statement_of<Claim>());
    std::string why;
    document margin;
    if constexpr (!claim_of_numbers<Claim>) {
        using asked = typename Subject::module_type;
        proved = Claim::template holds<asked>;
        why = why_not<Claim, asked>;
        if (proved && !outside.empty()) {
            proved = false;
            why =
                "the claim is of all numbers of the type, but these are others: a tensor is not in its set: " + outside;
        }
        if constexpr (requires { Claim::template margin<asked>; }) margin = Claim::template margin<asked>;
    } else if constexpr (Subject::is_constant) {
        proved = Claim::template holds<net>;
        why = why_not<Claim, net>;
        if constexpr (requires { Claim::template margin<net>; }) margin = Claim::template margin<net>;
    } else {
        auto const found = Claim::check(of.net);
        proved = found.proved;
        margin = found.margin;
        if (!proved) why = Claim::refutation(found).view();
    }
    row.add("of", claim_of_numbers<Claim> ? "these numbers, their program's rounding included"
                                          : "all numbers of the type, in exact arithmetic");
    row.add("proved", proved);
    row.add("margin", std::move(margin));
    row.add("why not", proved ? document() : document(why));
    to.add(std::move(row));
    return proved;
}

inline document tensors_of(network_trace const& t) {
    document all = document::list();
    for (shown_module const& m : t.tree)
        for (shown_tensor const& x : m.tensors) {
            document row = document::object();
            row.add("tensor", x.path);
            row.add("shape", document::list_of(x.shape.d, x.shape.rank));
            row.add("parametrization", x.stages.empty() ? "none" : x.chain());
            row.add("set", x.set);
            row.add("inverse", x.stages.empty() ? document() : document(x.grade));
            row.add("parameters", x.parameters());
            all.add(std::move(row));
        }
    return all;
}

template <class Subject>
document costs_of(network_trace& t, Subject const& of, evidence_options const& options) {
    double all = t.flops({0, t.g->size});
    for (traced_values const& v : t.tensors) all -= t.flops(v.nodes);
    long parameters = 0;
    for (shown_module const& m : t.tree)
        for (shown_tensor const& x : m.tensors) parameters += x.parameters();
    document to = document::object();
    to.add("parameters that are trained", parameters);
    to.add("bytes of numbers", of.bytes_of_numbers());
    to.add("bytes of workspace", workspace_bytes_of<typename Subject::program>);
    to.add("bytes of stack in a kernel, at most", targets::host.kernel_stack_bytes());
    to.add("operations of a call", static_cast<long>(all));
    if (!t.unknown.empty()) to.add("operations that are not counted", t.unknown);
    for (auto const& [what, value] : options.measured) to.add("measured: " + what, value);
    return to;
}

template <class Subject>
document golden_vectors(Subject const& of, evidence_options const& options) {
    using T = typename Subject::value_type;
    document vectors = document::list();
    sha256 hash;
    for (std::size_t k = 0; k < options.golden.size(); ++k) {
        std::vector<T> const x = golden_input<T>(options.golden[k], k, Subject::answers::input_elements);
        std::vector<T> const y = of.answer(x, k);
        document row = document::object();
        row.add("input", document::list_of(x.data(), static_cast<int>(x.size())));
        row.add("result", document::list_of(y.data(), static_cast<int>(y.size())));
        vectors.add(std::move(row));
        for (T const e : x) hash.add_number(e);
        for (T const e : y) hash.add_number(e);
    }
    document to = document::object();
    to.add("sha256", hash.hex().view());
    to.add("element type", name_of_element<T>);
    to.add("vectors", std::move(vectors));
    return to;
}

template <class... Claim, class Subject, class... Input>
evidence_page evidence_of(Subject const& of, shapes<Input...>, evidence_options const& options) {
    using M = typename Subject::module_type;
    using T = typename Subject::value_type;
    require_ieee_arithmetic();
    network_trace t =
        trace_network<forward_of_network, M, input<Input, T>...>(show_network(*std::make_unique<M>()), mode::inference);
    document page = document::object(), claims = document::list(), shapes = document::object();
    bool proved = true;
    std::string const outside = of.outside();
    ((proved = add_claim<Claim>(claims, of, outside) && proved), ...);
    document taken = document::list(), given = document::list();
    (taken.add(document::list_of(Input::value.d, Input::value.rank)), ...);
    for (int k = 0; k < t.g->output_count; ++k) {
        extents const& s = t.g->shape_of(t.g->outputs[k]);
        given.add(document::list_of(s.d, s.rank));
    }
    shapes.add("module", tidy_name(short_type_name<M>()));
    shapes.add("inputs", std::move(taken));
    shapes.add("results", std::move(given));
    shapes.add("element type", name_of_element<T>);
    page.add("title", options.title);
    page.add("claims", std::move(claims));
    page.add("network", std::move(shapes));
    page.add("tensors", tensors_of(t));
    page.add("costs", costs_of(t, of, options));
    page.add("golden", golden_vectors(of, options));
    page.add("weights", document::object()
                            .add("sha256", of.hash_of_numbers())
                            .add("tensor outside of its set", outside.empty() ? "none" : outside));
    page.add("build", facts_of_the_build());
    return {std::move(page), proved};
}

}  // namespace detail

// The page of a network; net: pm::frozen, one stored in 16 or eight bits, or what pm::freeze(net) gives.
template <class... Claim, class Net>
evidence_page evidence(Net const& net, evidence_options const& options = {}) {
    using M = typename Net::module_type;
    if constexpr (!detail::states_rows<M>) {
        using wrong =
            detail::mistake<detail::sentence("evidence: ", detail::short_type_name<M>(),
                                             " does not state the shape of its input: " PARAMORPH_STATE_SHAPE)>;
        using said [[maybe_unused]] = wrong::type;
        return {detail::document::object(), false};
    } else if constexpr (detail::multiplies_integers<Net>) {
        using wrong = detail::mistake<detail::sentence(
            "evidence: no bounds are known of integer products, by which ", detail::short_type_name<M>(),
            " is computed; write the page of the float network, pm::frozen, and state pm::quantization_error, or store "
            "it in eight bits by pm::stored_as<std::int8_t, values>()")>;
        using said [[maybe_unused]] = wrong::type;
        return {detail::document::object(), false};
    } else
        return detail::evidence_of<Claim...>(detail::evidence_subject<Net>{net},
                                             typename detail::stated_rows<M>::type{}, options);
}

}  // namespace paramorph::inline PARAMORPH_ABI

#include "paramorph/core/macros_back.hpp"

#endif
