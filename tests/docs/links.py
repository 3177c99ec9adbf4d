"""Every link of the site leads somewhere: `links.py FOLDER`, the site, and `links.py FOLDER --make`, which makes it first.

Pages, anchors, styles and scripts, and the addresses of the search index; no page loads anything from elsewhere. Every public
name that doxygen finds stands in the index once. The links of the Markdown pages lead to files and headings as they are
in the tree, where a forge shows them. Links to other machines are not followed.
SPDX-License-Identifier: BSL-1.0
"""

import collections
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOADED = {("link", "href"), ("script", "src"), ("img", "src"), ("object", "data"), ("iframe", "src")}


class Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: collections.Counter[str] = collections.Counter()
        self.links: list[tuple[str, bool]] = []  # address, is it loaded
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for key, value in attributes:
            if key == "id":
                self.names[value or ""] += 1
            elif key in ("href", "src", "data") and value is not None:
                self.links.append((value, (tag, key) in LOADED))


def in_site(folder: pathlib.Path) -> list[str]:
    pages = {file.resolve(): Page(file.read_text()) for file in folder.rglob("*.html")}
    wrong = []

    def check(where: str, base: pathlib.Path, link: str, loaded: bool = False) -> None:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme == "data":
            return
        if parts.scheme or parts.netloc:
            if loaded or parts.scheme not in ("http", "https"):
                wrong.append(f"{where}: loads {link} from elsewhere")
            return
        to = (base.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else base
        if not to.is_file():
            wrong.append(f"{where}: {link} leads to no file")
        elif parts.fragment and urllib.parse.unquote(parts.fragment) not in pages[to].names:
            wrong.append(f"{where}: {link} leads to no place of that page")

    for file, page in pages.items():
        where = file.relative_to(folder.resolve()).as_posix()
        wrong += [f"{where}: two places are named {name}" for name, count in page.names.items() if count > 1]
        for link, loaded in page.links:
            check(where, file, link, loaded)
    text = (folder / "search-index.js").read_text()
    rows = json.loads(text.removeprefix("window.searchIndex = ").rstrip().rstrip(";"))
    for title, _, address, _ in rows:
        check(f"the search index, {title}", folder.resolve() / "index.html", address)
    places = collections.Counter(address for _, kind, address, _ in rows if "#" in address)
    wrong += [f"the search index: {address} stands there {count} times" for address, count in places.items() if count > 1]
    known = {title for title, *_ in rows}
    # Names that must be there: were the reference empty, nothing above would say so.
    for name in ("param::symmetric", "nn::linear", "optim::adam", "explain", "freeze", "shape", "tanh", "value_and_grad", "testing::laws"):
        if name not in known:
            wrong.append(f"the search index has no {name}")
    print(f"{len(pages)} pages, {sum(len(p.links) for p in pages.values())} links, {len(rows)} entries")
    return wrong


def slug(heading: str) -> str:
    """As forges name headings."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"`|\[|\]\(.*?\)", "", heading).lower()).replace(" ", "-")


def in_tree() -> list[str]:
    wrong = []
    for file in [*ROOT.glob("*.md"), *(ROOT / "examples").rglob("*.md")]:
        text = re.sub(r"^```.*?^```$", "", file.read_text(), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
            parts = urllib.parse.urlsplit(link)
            if parts.scheme:
                continue
            to = (file.parent / parts.path).resolve() if parts.path else file
            where = f"{file.relative_to(ROOT)}: {link}"
            if not to.exists():
                wrong.append(f"{where} leads to no file")
            elif parts.fragment and parts.fragment not in map(slug, re.findall(r"^#+ (.+)$", to.read_text(), re.M)):
                wrong.append(f"{where} leads to no heading")
    return wrong


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    if "--make" in sys.argv:
        subprocess.run([sys.executable, ROOT / "src/docs/site.py", folder], check=True)
    wrong = in_tree() + in_site(folder)
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
