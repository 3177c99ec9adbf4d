// The tool `paramorph`: what files of tensors hold, whether it is right, and what else it can be made. paramorph.1 is
// its manual.
//
// SPDX-License-Identifier: BSL-1.0
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <new>

#include "paramorph/core/error.hpp"
#include "tool.hpp"

namespace {

using namespace paramorph::tool;

constexpr char const* formats = "a file: safetensors, .npy or .npz";
constexpr char const* codes =
    "\nexit codes:\n"
    "  0  done; the files are the same; each check holds\n"
    "  1  diff: the files differ; check: something does not hold\n"
    "  2  the command line is wrong, or a file cannot be read or written\n";

std::string footer(std::string const& examples) {
    return "\nexamples:\n" + examples + codes;
}

// Infinity is one; NaN is none.
std::string at_least_zero(std::string const& text) {
    double x = -1;
    return CLI::detail::lexical_cast(text, x) && x >= 0
               ? ""
               : "expected a number of at least 0, found \"" + printable(text) + "\"";
}

// What was asked for: the command that runs.
using command = std::function<int()>;

void add_json(CLI::App& app, bool& to) {
    app.add_flag("--json", to, "write JSON");
}

void add_inspect(CLI::App& app, command& run) {
    auto o = std::make_shared<inspect_options>();
    CLI::App& c = *app.add_subcommand("inspect", "what is in a file: tensors, shapes, numbers, sets");
    c.add_option("FILE", o->file, formats)->required();
    c.add_flag("!--no-sets", o->sets, "do not try which sets each tensor is in");
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph inspect model.safetensors\n"
               "  paramorph inspect --json model.safetensors | jq '.tensors[].name'\n"));
    c.callback([&run, o] { run = [o] { return inspect(*o); }; });
}
void add_diff(CLI::App& app, command& run) {
    auto o = std::make_shared<diff_options>();
    CLI::App& c = *app.add_subcommand("diff", "how two files differ: names, shapes, types, numbers");
    c.add_option("A", o->first, formats)->required();
    c.add_option("B", o->second, formats)->required();
    c.add_option("--atol", o->absolute, "numbers may differ by this")->check(at_least_zero);
    c.add_option("--rtol", o->relative, "and by this times the second's magnitude")->check(at_least_zero);
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph diff before.safetensors after.safetensors\n"
               "  paramorph diff --atol 1e-6 --rtol 1e-5 model.safetensors model.npz\n"));
    c.callback([&run, o] { run = [o] { return diff(*o); }; });
}
void add_convert(CLI::App& app, command& run) {
    auto o = std::make_shared<convert_options>();
    CLI::App& c = *app.add_subcommand("convert", "another type, format or other names; writes safetensors");
    c.add_option("IN", o->in, formats)->required();
    c.add_option("OUT", o->out, "the safetensors file to write; without, that of an .npz or .npy is beside it");
    c.add_option("--to", o->to, "the type of all real numbers: float64, float32, float16, bfloat16");
    c.add_option("--strip-prefix", o->strip_prefix, "taken off each name, as DataParallel's `module.`");
    c.add_option("--strip-part", o->strip_part, "taken out of each name that has it, as torch.compile's `_orig_mod`");
    c.add_option("--add-prefix", o->add_prefix, "put before each name");
    c.add_option("--rename", o->rename, "OLD=NEW; may be given several times")->type_size(1)->allow_extra_args(false);
    c.add_option("--names", o->names,
                 "names of weight_norm and spectral_norm: new (parametrizations.weight.original0) or old (weight_g)");
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph convert --to float16 model.safetensors half.safetensors\n"
               "  paramorph convert weights.npz weights.safetensors\n"
               "  paramorph convert --strip-prefix module. trained.safetensors model.safetensors\n"
               "  paramorph convert --names new older.safetensors model.safetensors\n"));
    c.callback([&run, o] { run = [o] { return convert(*o); }; });
}
void add_header(CLI::App& app, command& run) {
    auto o = std::make_shared<header_options>();
    CLI::App& c = *app.add_subcommand("header", "a C++ header with the numbers, for pm::frozen<pm::values_from<...>>");
    c.add_option("FILE", o->file, formats)->required();
    c.add_option("-o,--output", o->out, "the header to write; - is the standard output")->required();
    c.add_option("--as", o->as, "what numbers are stored in: float64, float32, float16, bfloat16, int8")
        ->capture_default_str();
    c.add_option("--name", o->name, "its namespace; without, that of the header's name");
    c.add_option("--keep", o->keep, "int8: a matrix that stays in float32; may be given several times")
        ->type_size(1)
        ->allow_extra_args(false);
    c.add_option("--strip-prefix", o->strip_prefix, "taken off each name, as DataParallel's `module.`");
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph header digits.safetensors -o digits.hpp\n"
               "  paramorph header digits.safetensors -o digits.hpp --as int8 --name nets::digits\n"));
    c.callback([&run, o] { run = [o] { return header(*o); }; });
}
void add_check(CLI::App& app, command& run) {
    auto o = std::make_shared<check_options>();
    CLI::App& c =
        *app.add_subcommand("check", "can a file be read, and are its tensors in the sets that they should be?");
    c.add_option("FILE", o->file, formats)->required();
    c.add_option("--set", o->sets, "KEY=SET; KEY may be a pattern (*.weight); may be given several times")
        ->type_size(1)
        ->allow_extra_args(false);
    c.add_option("--tolerance", o->tolerance,
                 "how far equations may be missed; without, 1e-9 of F64, 1e-4 of F32, 2e-3 of F16, 2e-2 of BF16")
        ->check(at_least_zero);
    c.add_flag("--finite", o->finite, "every number must be finite");
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph check --finite --set 0.weight=orthogonal model.safetensors\n"
               "  paramorph check --set '*.scale=positive' --set 'p=interval<0, 1>' model.safetensors\n"));
    c.callback([&run, o] { run = [o] { return check(*o); }; });
}
void add_picture(CLI::App& app, command& run) {
    auto o = std::make_shared<picture_options>();
    CLI::App& c = *app.add_subcommand("picture", "a picture of a file: modules, their tensors, shapes and sets; SVG");
    c.add_option("FILE", o->file, formats)->required();
    c.add_option("-o,--output", o->out, "the picture to write; - is the standard output")->capture_default_str();
    c.add_flag("--dot", o->dot, "a text for graphviz's dot instead of SVG");
    c.add_flag("!--no-sets", o->sets, "do not try which sets each tensor is in");
    add_json(c, o->as_json);
    c.footer(
        footer("  paramorph picture model.safetensors -o model.svg\n"
               "  paramorph picture --dot model.safetensors | dot -Tpdf -o model.pdf\n"));
    c.callback([&run, o] { run = [o] { return picture(*o); }; });
}

// Their names.
std::string commands(CLI::App const& app) {
    std::string made;
    for (CLI::App const* c : app.get_subcommands({})) made += (made.empty() ? "" : ", ") + c->get_name();
    return made;
}

// One line, whatever a user or a file wrote of it.
int say(char const* what) {
    std::fprintf(stderr, "paramorph: %s\n", printable(what).c_str());
    return failed;
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app{"Files of tensors: what they hold, whether it is right, and what else they can be made."};
    app.name("paramorph");
    app.set_version_flag("--version", PARAMORPH_VERSION);
    app.set_help_flag("-h,--help", "print this help");
    app.require_subcommand(1);
    app.footer(
        footer("  paramorph inspect model.safetensors\n"
               "  paramorph check --set 0.weight=orthogonal model.safetensors\n"
               "  paramorph header model.safetensors -o model.hpp\n"
               "\n`paramorph COMMAND --help` lists a command's options."));
    command run;
    add_inspect(app, run);
    add_diff(app, run);
    add_convert(app, run);
    add_header(app, run);
    add_check(app, run);
    add_picture(app, run);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        if (e.get_exit_code() == 0) return app.exit(e);
        if (argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty())
            return say(("no command is called \"" + printable(argv[1]) + "\"; there are " + commands(app)).c_str());
        return say(e.what());
    }
    int const answer = run();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return say("cannot write to the standard output");
    return answer;
} catch (std::bad_alloc const&) {
    return say("not enough memory");
} catch (std::exception const& e) {
    return say(e.what());
}
