"""What the reference says of every header that has a public name: `reference.py`; and that no name is without an example.

In the header's first comment: what it costs, where it is from (a paper, an entity of PyTorch's or another library's, or
"this library's"), and where the compiler or pm::error says a sentence, the errors; labels come in one order. A name that programs write is explained,
by a comment of its own or in the header's first one, and used by an example, which its page in the site names.
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
ORDER = ["Shapes", "Accuracy", "Errors", "Cost", "Example", "Source"]
LABEL = re.compile(rf"\b({'|'.join(ORDER)})\b[^.:]{{0,25}}: ")
MARKED = re.compile(r"^\s*///", re.MULTILINE)
# Names that no example spells, and why not.
UNSPELLED = {
    "training_view|function_gradient|value_and_gradient_of_inputs|network_bounds": "the type of an answer, which programs take by auto",
}


def lacks(header: reference.Header) -> list[str]:
    text = (ROOT / "include/paramorph" / header.path).read_text()
    said = {re.match(r"\w+?(?=s?\b)", label)[0] for label in re.findall(r"<dt>([^<]+)</dt>", prose.comment_page(header.page))}
    speaks = SENTENCE.search(programs.LINE_COMMENT.sub("", text))
    return [label for label in ("Cost", "Source", *(["Error"] if speaks else [])) if label not in said]


def badly_said(text: str) -> list[str]:
    first = re.sub(r"\n//\s?", " ", text[: text.index("SPDX-License-Identifier")])
    labels = list(dict.fromkeys(LABEL.findall(first)))
    return [
        *(["a comment begins with ///: all begin with //"] if MARKED.search(text) else []),
        *([f"its first comment says {', '.join(labels)}: the order is {', '.join(ORDER)}"] if labels != sorted(labels, key=ORDER.index) else []),
    ]


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
            if e.inner:
                continue
            if not reference.documented(e, h):
                wrong.append(f"{h.path}: {e.name} has no comment, and the header's first one does not name it")
            if any(path.startswith("examples/") for path in runs.running(e)):
                continue
            reason = next((r for r in UNSPELLED if re.fullmatch(r, e.name)), "")
            if reason:
                used.add(reason)
            else:
                wrong.append(f"{h.path}: no example uses {e.name}")
    for h in sorted((ROOT / "include").rglob("*.hpp")):
        wrong += [f"{h.relative_to(ROOT / 'include/paramorph')}: {what}" for what in badly_said(h.read_text())]
    wrong += [f"UNSPELLED has {r}, and no name needs it" for r in UNSPELLED if r not in used]
    if len(looked) < 200:
        wrong.append(f"only {len(looked)} headers with public names were found")
    print("\n".join([*wrong, f"{len(looked)} headers, {sum(not e.inner for h in looked for e in h.entities)} names, {len(wrong)} wrong"]))
    return 1 if wrong else 0


sys.exit(main())
