"""The site: `site.py OUTPUT` writes it, static pages of the guide and of every header.

The guide is examples/guide, in the order of its README.md. The reference is made of the headers (reference.py). Whatever a page
links to in the tree becomes a page, too. Nothing is loaded from elsewhere.
SPDX-License-Identifier: BSL-1.0
"""

import html
import json
import os
import pathlib
import posixpath
import re
import shutil
import sys
import tempfile
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import programs  # noqa: E402
import prose  # noqa: E402
import reference  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEADERS = "include/paramorph"
GUIDE = "examples/guide"
MISTAKES = "tests/must_not_compile"
NAMES = "<h2>Names</h2>"
INNER_NAMES = (
    "<h2>Names inside</h2><p>What the functions, layers, sets and laws are made of. <code>explain</code> and messages print these names; "
    "programs seldom write them.</p>"
)
FOLDERS = {
    "": "umbrellas", "print": "text and pictures", "param": "parametrizations", "parametrize": "sets, stages, tensors", "nn": "layers, modules, training", "op": "operations",
    "optim": "optimizers", "embed": "small targets", "io": "files", "invert": "inverses of networks", "prove": "bounds", "testing": "laws", "expr": "symbols", "kernel": "kernels",
    "kernel/math": "kernels' functions", "graph": "graph and passes", "core": "shapes, errors, targets", "core/math": "constexpr functions",
}
# Of those: what nobody needs who does not change the compiler.
INSIDE = ("expr", "graph", "kernel", "kernel/math", "core/math")
# How the comment of a parametrization begins, which tests/parametrizations.py reads, too.
FORMULA = re.compile(r"(\w+)(?:<[^>]*>)?: (.+?)(?:, any|, \[|; |$)")
# And that of a layer or an operation; only some of them are formulas.
STATED = re.compile(r"(\w+)(?:<[^>]*>|\([^)]*\))?: (.+?)(?:, (?:elementwise|over|channel|the exact|\[)|[:;.] |$)")
PAGE = """<!DOCTYPE html>
<html lang="en" data-base="{base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – paramorph</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{base}style.css">
<script>try {{ const t = localStorage.getItem("theme"); if (t) document.documentElement.dataset.theme = t; }} catch (e) {{}}</script>
</head>
<body>
<header><a class="home" href="{base}index.html">paramorph</a>
<div class="search"><input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off"><ul id="results" hidden></ul></div>
<button id="theme" type="button" aria-label="Dark or light">◐</button></header>
<div class="columns">
<nav class="side" aria-label="Pages"><details open><summary>Pages</summary>
{side}
</details></nav>
<main>
{body}
</main>
</div>
<script src="{base}site.js"></script>
</body>
</html>
"""


class Site:
    def __init__(self, output: pathlib.Path) -> None:
        self.output = output
        self.index: list[tuple[str, str, str, str]] = []  # title, kind, address, text
        self.waiting: list[str] = []  # paths of the tree that pages link to
        self.addresses: dict[str, str] = {}
        with tempfile.TemporaryDirectory() as work:
            self.headers = reference.read(ROOT / "include", pathlib.Path(work))
        self.header = {h.path: h for h in self.headers}
        self.programs = programs.Programs(ROOT)
        self.names = {h.path: [e.name for e in h.entities] for h in self.headers}
        self.sections = self.guide_sections()
        # Where a name that users write is described: in one header, or in one for the host and one for targets.
        places: dict[str, list[tuple[bool, str, str]]] = {}
        for h in self.headers:
            for e in h.entities:
                if not e.inner:
                    places.setdefault(e.name, []).append((h.folder == "embed", h.path, e.anchor))
        self.described = {n: min(p)[1:] for n, p in places.items() if sum(not embed for embed, *_ in p) < 2}

    def guide_sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The kinds of pages, and of each the titles and paths, as the guide's README lists them."""
        text = (ROOT / GUIDE / "README.md").read_text()
        parts = re.split(r"^## (.+)$", text, flags=re.M)
        of = [(k, re.findall(r"^- \[(.+?)\]\((\S+?)\)$", body, re.M)) for k, body in zip(parts[1::2], parts[2::2])]
        listed = {name for _, pages in of for _, name in pages}
        forgotten = {f.name for f in (ROOT / GUIDE).glob("*.md")} - listed - {"README.md"}
        if forgotten:
            sys.exit(f"{GUIDE}/README.md does not list {', '.join(sorted(forgotten))}")
        return [(kind, [(title, f"{GUIDE}/{name}") for title, name in pages]) for kind, pages in of]

    def address(self, path: str) -> str:
        """Where a file or folder of the tree stands in the site."""
        if path in self.addresses:
            return self.addresses[path]
        inside = path.removeprefix(HEADERS).strip("/")
        if path == "README.md":
            to = "index.html"
        elif path in (GUIDE, f"{GUIDE}/README.md"):
            path, to = f"{GUIDE}/README.md", "guide/index.html"
        elif path.startswith(GUIDE + "/") and path.endswith(".md"):
            to = "guide/" + path[len(GUIDE) + 1 : -3] + ".html"
        elif path.startswith(HEADERS) and inside in self.header:
            return "reference/" + inside.removesuffix(".hpp") + ".html"
        elif path.startswith(HEADERS) and (inside == "" or inside in FOLDERS):
            return posixpath.join("reference", inside, "index.html")
        elif path == MISTAKES:
            return "reference/mistakes.html"
        elif path.endswith((".svg", ".png")):
            to = f"files/{path}"
        elif (ROOT / path).is_dir():
            to = f"files/{path}/index.html"
        else:
            to = f"files/{path}.html"
        if path not in self.addresses:
            self.addresses[path] = to
            self.waiting.append(path)
        return to

    def linked(self, body: str, path: str, at: str) -> str:
        """Relative links of a file of the tree, as those of its page."""

        def link(m: re.Match) -> str:
            target, _, anchor = html.unescape(m[2]).partition("#")
            if re.match(r"\w+:", target) or not target:
                return m[0]
            where = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if not (ROOT / where).exists():
                sys.exit(f"{path}: links to {target}, which is not there")
            return f'{m[1]}="{self.relative(self.address(where), at)}{"#" + anchor if anchor else ""}"'

        return re.sub(r'\b(href|src)="([^"]+)"', link, body)

    def with_names(self, body: str, at: str) -> str:
        """Names of the library in the text, as links to what the reference says of them."""

        def link(m: re.Match) -> str:
            if m[1] is None or m[2] not in self.described:
                return m[0]
            header, anchor = self.described[m[2]]
            return f'<a href="{self.relative(self.address(f"{HEADERS}/{header}"), at)}#{anchor}">{m[1]}</a>'

        return re.sub(r"<(?:a|pre)\b.*?</(?:a|pre)>|(<code>pm::((?:\w+::)*\w+)[^<]*</code>)", link, body, flags=re.S)

    @staticmethod
    def relative(to: str, at: str) -> str:
        return posixpath.relpath(to, posixpath.dirname(at) or ".")

    def write(self, at: str, title: str, body: str, kind: str = "", text: str = "") -> None:
        rows = []
        for section, pages in self.sections:
            rows.append(f"<h2>{section}</h2><ul>")
            entries = [(name, self.address(path)) for name, path in pages]
            if section == "Reference":
                entries += [("Every name", "reference/names.html"), ("Every sentence of a mistake", "reference/mistakes.html")]
                entries += [(f"{name}/" if name else "umbrellas", posixpath.join("reference", name, "index.html")) for name in FOLDERS if name not in INSIDE]
            if section == "Explanation":
                entries += [(f"{name}/", posixpath.join("reference", name, "index.html")) for name in INSIDE]
            for name, to in entries:
                here = ' aria-current="page"' if to == at else ""
                rows.append(f'<li><a href="{self.relative(to, at)}"{here}>{html.escape(name)}</a></li>')
            rows.append("</ul>")
        base = "../" * at.count("/")
        file = self.output / at
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(base=base, title=html.escape(title), side="\n".join(rows), body=body))
        if kind:
            plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text or body))).strip()
            self.index.append((title, kind, at, plain if at.startswith("guide/") else plain[:4000]))

    # --- pages of the tree -----------------------------------------------------------------------------------------

    def markdown_page(self, path: str, at: str) -> None:
        text = (ROOT / path).read_text()
        title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), path)
        up = "../" * path.count("/")
        body = self.with_names(self.linked(prose.page(text, up), path, at), at)
        if path.endswith("parametrizations.md"):
            body = with_formulas(body)
        kind = next((k.lower() for k, pages in self.sections if any(p == path for _, p in pages)), "page")
        self.write(at, title, body, kind)
        if kind != "page":
            for anchor, heading in re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body):
                self.index.append((html.unescape(re.sub(r"<[^>]+>", "", heading)), kind, f"{at}#{anchor}", title))

    def folder_page(self, path: str, at: str) -> None:
        names = sorted(p.name for p in (ROOT / path).iterdir() if not p.name.startswith((".", "__")))
        rows = "".join(f'<li><a href="{self.relative(self.address(f"{path}/{n}"), at)}">{html.escape(n)}</a></li>' for n in names)
        self.write(at, path, f"<h1>{html.escape(path)}</h1><ul>{rows}</ul>")

    def file_page(self, path: str, at: str) -> None:
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            self.write(at, path, f"<h1>{html.escape(path)}</h1><p>A file of {(ROOT / path).stat().st_size} bytes.</p>")
            return
        kind = "example" if path.startswith("examples/") else "file"
        about = " ".join(line.lstrip("/ ") for line in text.splitlines()[:6] if line.startswith("//"))
        body = f"<h1>{html.escape(path)}</h1>{prose.code(text, pathlib.Path(path).suffix.lstrip('.'))}"
        self.write(at, path, body, kind, about or path)

    # --- reference ---------------------------------------------------------------------------------------------------

    def program_of(self, e: reference.Entity, at: str) -> str:
        """The program that runs an entity: an example where one names it, else a test."""
        running = self.programs.running(e)
        link = f'<a href="{self.relative(self.address(running[0]), at)}">{html.escape(running[0])}</a>' if running else ""
        return f"<p>Run by {link}.</p>" if running else ""

    def with_headers(self, body: str, at: str) -> str:
        """Headers and examples that a comment names, as links."""

        def link(m: re.Match) -> str:
            name = m[0]
            inside = name if name in self.header else posixpath.join(posixpath.dirname(at.removeprefix("reference/")), name)
            path = f"{HEADERS}/{inside}" if inside in self.header else name
            if path != name or (name.startswith("examples/") and (ROOT / name).is_file()):
                return f'<a href="{self.relative(self.address(path), at)}">{name}</a>'
            return name

        return re.sub(r"(?<![\w/.&;])(?:\w+/)*\w+\.[ch]pp\b", link, body)

    def facts_of(self, header: reference.Header) -> str:
        """Rows of the table of parametrizations that are of this header (tests/parametrizations.py holds it to the types)."""
        table = (ROOT / GUIDE / "parametrizations.md").read_text()
        rows = [r for r in table.splitlines() if f"({'../../'}{HEADERS}/{header.path})" in r and r.startswith("| [`")]
        if not rows:
            return ""
        head = next(r for r in table.splitlines() if r.startswith("| name"))
        up = "../" * f"{GUIDE}/x".count("/")
        table = prose.page("\n".join([head, re.sub(r"[^|]+", " --- ", head), *rows]), up)
        return "<h2>Facts</h2>" + with_formulas(re.sub(r"<a [^>]*>|</a>", "", table))

    def entity(self, e: reference.Entity, at: str) -> str:
        done = [f'<section class="entity"><h3 id="{e.anchor}"><code>{html.escape(e.name)}</code> <span class="kind">{e.kind}</span></h3>']
        for s in e.signatures:
            done.append(prose.code(s.signature, "cpp"))
            stated = FORMULA.match(" ".join(s.text.split())) if e.name.startswith("param::") else None
            if stated:
                done.append(f'<p class="formula">{prose.formula(stated[2])}</p>')
            if s.text:
                done.append(f'<p class="text">{prose.inline(s.text)}</p>')
        if e.members:
            lines = []
            for m in e.members:
                lines += [f"// {line}" for line in m.text.splitlines()] + [m.signature]
            done.append("<p>Members:</p>" + prose.code("\n".join(lines), "cpp"))
        done.append(self.program_of(e, at))
        return "\n".join(done) + "</section>"

    def header_page(self, header: reference.Header) -> None:
        at = self.address(f"{HEADERS}/{header.path}")
        first = header.page[0] if header.page else ""
        body = [f'<h1><span class="path">paramorph/</span>{html.escape(header.path)}</h1>', prose.code(f"#include <paramorph/{header.path}>", "cpp")]
        if formula := formula_of(header):
            body.append(f'<p class="formula">{prose.formula(formula)}</p>')
        body += [self.with_headers(prose.comment_page(header.page), at), self.facts_of(header)]
        uses = self.programs.using(header.path, self.names)
        if uses:
            links = ", ".join(f'<a href="{self.relative(self.address(p), at)}">{html.escape(p)}</a>' for p in uses)
            body.append(f"<p>Programs that run it: {links}.</p>")
        for heading, inner in ((NAMES, False), (INNER_NAMES, True)):
            if names := [self.entity(e, at) for e in header.entities if e.inner == inner]:
                body += [heading, *names]
        self.write(at, header.path, "\n".join(body), "header", " ".join(header.page))
        for e in header.entities:
            self.index.append((e.name, e.kind, f"{at}#{e.anchor}", " ".join([first, *(s.text for s in e.signatures)])[:400]))

    def reference_pages(self) -> None:
        for header in self.headers:
            self.header_page(header)
        rows = []
        for folder, about in FOLDERS.items():
            at = posixpath.join("reference", folder, "index.html")
            inside = [h for h in self.headers if h.folder == folder]
            if not inside:
                sys.exit(f"site.py: FOLDERS has {folder}, which has no headers")
            lines = "".join(
                f'<tr><td><a href="{self.relative(self.address(f"{HEADERS}/{h.path}"), at)}">{html.escape(pathlib.Path(h.path).name)}</a></td>'
                f"<td>{prose.inline(sentence(h.page))}</td></tr>"
                for h in inside
            )
            table = f'<div class="scroll"><table><tr><th>header</th><th>what it is</th></tr>{lines}</table></div>'
            rows.append(f'<h2><a href="{self.relative(at, "reference/index.html")}">{folder or "umbrellas"}</a></h2><p>{about}: {len(inside)} headers.</p>')
            if folder:
                self.write(at, f"{HEADERS}/{folder}", f"<h1>{HEADERS}/{folder}</h1><p>{about[0].upper() + about[1:]}.</p>{table}", "folder")
            else:
                rows.append(table)
        unknown = {h.folder for h in self.headers} - set(FOLDERS)
        if unknown:
            sys.exit(f"site.py: FOLDERS does not have {', '.join(sorted(unknown))}")
        self.write("reference/index.html", "Reference", "<h1>Reference</h1>" + "\n".join(rows), "page")
        names = sorted((e.short.lower(), e.name, self.address(f"{HEADERS}/{h.path}") + "#" + e.anchor, h.path) for h in self.headers for e in h.entities)
        lines = "".join(
            f'<tr><td><a href="{self.relative(to, "reference/names.html")}"><code>{html.escape(n)}</code></a></td><td>{html.escape(h)}</td></tr>'
            for _, n, to, h in names
        )
        self.write("reference/names.html", "Every name", f'<h1>Every name</h1><div class="scroll"><table>{lines}</table></div>')

    def mistakes_page(self) -> None:
        at = "reference/mistakes.html"
        lines = []
        for case in sorted((ROOT / MISTAKES).glob("*.cpp")):
            text = case.read_text()
            about = " ".join(line.lstrip("/ ") for line in text.split("//\n// SPDX")[0].splitlines() if line.startswith("//"))
            about = re.sub(r"\s*\bbehaviour-\w+", "", about)
            said = re.search(r"// error(?:\(\w+\))?: (.+)", text)
            mended = re.search(r"^#else\n(.*?)^#endif", text, re.S | re.M) or re.search(r"^#ifndef MISTAKE\n(.*?)^#(?:else|endif)", text, re.S | re.M)
            fix = prose.code(textwrap.dedent(mended[1]), "cpp") if mended else "without that line"
            lines.append(f'<tr id="{case.stem}"><td>{html.escape(about)}</td><td>{html.escape(said[1])}</td><td>{fix}</td></tr>')
            self.index.append((said[1], "mistake", f"{at}#{case.stem}", about))
        self.write(
            at, "Every sentence of a mistake",
            "<h1>Every sentence of a mistake</h1><p>Each row is a program that must not compile, the sentence, or a part of it, that its first error must "
            f'have, and what compiles in its place. A test holds all of it.</p><div class="scroll"><table class="mistakes"><tr><th>the mistake</th><th>the sentence</th><th>what compiles</th></tr>{"".join(lines)}</table></div>',
        )

    def make(self) -> None:
        self.reference_pages()
        self.mistakes_page()
        self.address("README.md")
        self.address(f"{GUIDE}/README.md")
        while self.waiting:
            path = self.waiting.pop()
            at = self.addresses[path]
            if path.endswith((".svg", ".png")):
                (self.output / at).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, self.output / at)
            elif (ROOT / path).is_dir():
                self.folder_page(path, at)
            elif path.endswith(".md"):
                self.markdown_page(path, at)
            else:
                self.file_page(path, at)
        shutil.copy(HERE / "site.js", self.output)
        (self.output / "style.css").write_text((HERE / "style.css").read_text() + prose.code_style())
        rows = json.dumps(sorted(self.index), ensure_ascii=False, separators=(",", ":"))
        (self.output / "search-index.js").write_text(f"window.searchIndex = {rows};\n")


def with_formulas(table: str) -> str:
    """The second cell of each row, which is a formula, as one."""
    row = re.compile(r"(<tr>\s*<td>.*?</td>\s*<td>)<code>(.*?)</code>", re.S)
    return row.sub(lambda m: f'{m[1]}<span class="formula">{prose.formula(html.unescape(m[2]))}</span>', table)


def formula_of(header: reference.Header) -> str:
    """What a parametrization's page begins with, and that of a layer or an operation where it is a formula, or nothing."""
    stated = (FORMULA if header.folder == "param" else STATED).match(" ".join(header.page))
    if stated is None or (header.folder != "param" and not (header.folder in ("nn", "op") and prose.is_formula(stated[2]))):
        return ""
    return stated[2]


def sentence(page: list[str]) -> str:
    """The first sentence of a header's page."""
    text = []
    for line in page:
        if not line.strip() or line.startswith("  "):
            break
        text.append(line.strip())
    return re.sub(r"(?:;|,? and)$", "", re.split(r"(?<=[^.][.;]) ", " ".join(text))[0])


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: site.py FOLDER, which is made anew")
    output = pathlib.Path(sys.argv[1])
    if output.exists():
        shutil.rmtree(output)
    os.makedirs(output)
    Site(output).make()
    pages = len(list(output.rglob("*.html")))
    print(f"{pages} pages: {output}/index.html")
