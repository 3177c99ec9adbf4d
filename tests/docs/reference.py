"""What the reference says of every header that has a public name: `reference.py`; and that no name is without a program.

In the header's first comment: what it costs, where it is from (a paper, an entity of PyTorch's or another library's, or
"this library's"), and where the compiler or pm::error says a sentence, the errors. A name has a program that runs it, an
example or a test, which its page in the site names.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src/docs"))
import programs  # noqa: E402
import prose  # noqa: E402
import reference  # noqa: E402

# Folders of the compiler inside, whose comments tell how it works.
INSIDE = {"core", "core/math", "expr", "graph", "kernel", "kernel/math"}
SENTENCE = re.compile(r'static_assert\((?:[^;"]|\n)*"|throw (?:pm::)?error\(|\bmistake<|PARAMORPH_(?:DIAGNOSED|REFUSED)\(|\bchar const\* requirement = "')
# Names that no program spells, and why not.
UNSPELLED = {
    r"(op|program|membership|testing)::\w+": "functions, layers, sets and laws run them",
    r"set::(highest_\w+|most_values|reaches_\w+_to|is_interval|rows_\w+_as|norms_at_most|orthogonal_but_for|diagonals_\w+|holds_all_between|prunes_no_more)": "one set asks another one",
    r"inference_view|training_view|function_gradient|cached_network|network_bounds|value_and_gradient|load_report|cells_report|round_trip_result|truth":
        "the type of an answer, which programs take by auto",
    r"\w+_loading|loading_\w+|param::per_element_bounds|padding_mode|momentum_mode|optim::plateau_options": "the type of a tag, or of options in braces",
    r"stored|stored_tensor|tensor_file": "the headers spell them that `paramorph header` writes",
    r"complex_operands?|numbers_of_axes|is_tensor|increasing|value_and_gradient_of_inputs|assignment_tolerance|claim::output_above_zero":
        "what declarations of the library ask, or are made of",
    r"gradient|Chain|T|Axes": "doxygen takes parameters of templates for names",
}


def lacks(header: reference.Header) -> list[str]:
    text = (ROOT / "include/paramorph" / header.path).read_text()
    said = {re.match(r"\w+?(?=s?\b)", label)[0] for label in re.findall(r"<dt>([^<]+)</dt>", prose.comment_page(header.page))}
    speaks = SENTENCE.search(programs.LINE_COMMENT.sub("", text))
    return [label for label in ("Cost", "Source", *(["Error"] if speaks else [])) if label not in said]


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        headers = [h for h in reference.read(ROOT / "include", pathlib.Path(work)) if h.entities]
    runs, entities = programs.Programs(ROOT), {h.path: [e.name for e in h.entities] for h in headers}
    wrong, used = [], set()
    looked = [h for h in headers if h.folder not in INSIDE]
    for h in looked:
        wrong += [f'{h.path}: its first comment lacks "{label}{"s" if label == "Error" else ""}: "' for label in lacks(h)]
        if not runs.using(h.path, entities):
            wrong.append(f"{h.path}: no example and no test runs it")
        for e in h.entities:
            reason = next((r for r in UNSPELLED if re.fullmatch(r, e.name)), "")
            if runs.running(e):
                continue
            if reason:
                used.add(reason)
            else:
                wrong.append(f"{h.path}: no example and no test names {e.name}")
    wrong += [f"UNSPELLED has {r}, and no name needs it" for r in UNSPELLED if r not in used]
    if len(looked) < 200:
        wrong.append(f"only {len(looked)} headers with public names were found")
    print("\n".join([*wrong, f"{len(looked)} headers, {sum(len(h.entities) for h in looked)} names, {len(wrong)} wrong"]))
    return 1 if wrong else 0


sys.exit(main())
