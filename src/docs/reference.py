"""The public entities of the headers, from the XML of doxygen, which parses the C++.

The headers' comments are plain `//` lines: doxygen is given copies in which each block of them is a verbatim comment, line for
line. The first block of a header is its page; it is kept beside.
SPDX-License-Identifier: BSL-1.0
"""

import dataclasses
import pathlib
import re
import subprocess
import xml.etree.ElementTree as xml

# Namespaces and folders whose names are nobody's but the library's own.
HIDDEN_NAMESPACES = {"detail", "refused", "simd", "literals"}
# Namespaces of what programs are made of: functions, layers, sets and laws run it, and `explain` and messages print it.
INNER_NAMESPACES = {"files", "membership", "op", "program", "testing"}
# Names outside of them likewise: of traces, of proofs, and of headers that `paramorph header` writes.
INNER_NAMES = (
    "base_operations new_graph is_tensor increasing interval range_math range_operands slope_math truth stored stored_tensor tensor_file"
).split()
HIDDEN_FOLDERS = {"compat"}
COMMENT = re.compile(r"\s*//(?!/)")
DOXYFILE = """
INPUT = {sources}/paramorph
STRIP_FROM_PATH = {sources}
OUTPUT_DIRECTORY = {output}
RECURSIVE = YES
FILE_PATTERNS = *.hpp
EXTRACT_ALL = YES
GENERATE_XML = YES
GENERATE_HTML = NO
GENERATE_LATEX = NO
XML_PROGRAMLISTING = NO
HAVE_DOT = NO
MARKDOWN_SUPPORT = NO
AUTOLINK_SUPPORT = NO
QUIET = YES
WARNINGS = NO
WARN_IF_DOC_ERROR = NO
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = {macros}
"""
# Macros that stand where declarations do: what refuses is deleted, the others declare nothing that has a page.
MACROS = {"__cpp_exceptions": "1", "PARAMORPH_GIVES(value)": "= delete;", "PARAMORPH_REFUSED(text)": "delete"} | {
    f"PARAMORPH_{name}": ""
    for name in (
        "BEGINS_FROM_SEED(layer)", "BIT_OPERATOR(operation)", "DIAGNOSED(text)", "LAYER_TENSORS(layer,reverse,suffix)", "NO_AXIS(text)", "NO_ORDER(text)",
        "OF_ARRAYS(name,write)", "REDUCES(name,text)", "TAKES_ARRAYS(name,write)", "TAKES_NO_AXIS(name)",
    )
}


@dataclasses.dataclass
class Member:
    signature: str
    text: str


@dataclasses.dataclass
class Entity:
    """A name of a namespace, with all of its overloads in one header."""

    name: str  # as users write it behind pm::, "param::symmetric"
    kind: str
    header: str  # "param/symmetric.hpp"
    line: int
    signatures: list[Member]
    members: list[Member] = dataclasses.field(default_factory=list)
    given_by: list[str] = dataclasses.field(default_factory=list)  # of a type: what takes or gives it, as its signature says

    @property
    def short(self) -> str:
        return self.name.rsplit("::", 1)[-1]

    @property
    def inner(self) -> bool:
        """Users read it and do not write it. What a set says for others is a variable or a function."""
        spaces = set(self.name.split("::")[:-1])
        if self.header.startswith("expr/"):
            return False  # what operations of one's own are made of
        return bool(spaces & INNER_NAMESPACES) or self.name in INNER_NAMES or ("set" in spaces and self.kind in ("variable", "function"))

    @property
    def anchor(self) -> str:
        return re.sub(r"\W+", "-", self.name)


@dataclasses.dataclass
class Header:
    path: str  # "param/symmetric.hpp"
    page: list[str]  # the lines of its first comment
    entities: list[Entity] = dataclasses.field(default_factory=list)

    @property
    def folder(self) -> str:
        return self.path.rsplit("/", 1)[0] if "/" in self.path else ""


def for_doxygen(text: str) -> tuple[str, list[str]]:
    """A header as doxygen reads it, and its page."""
    lines, result, page, k = text.split("\n"), [], None, 0
    while k < len(lines):
        if not COMMENT.match(lines[k]):
            # What is the same for every entity: the inline namespace of the configuration (core/abi.hpp).
            result.append(lines[k].replace("::inline PARAMORPH_ABI", "").replace("files::inline v0_1", "files").replace("[[gnu::always_inline]] ", ""))
            k += 1
            continue
        end = k
        while end < len(lines) and COMMENT.match(lines[end]):
            end += 1
        block = [re.sub(r"^\s*// ?", "", line) for line in lines[k:end]]
        if page is None:
            page = [line for line in block if not line.startswith("SPDX-")]
            result += [""] * len(block)
        else:
            block = [line.replace("*/", "* /") for line in block]
            block[0] = "/** \\verbatim " + block[0]
            block[-1] += " \\endverbatim */"
            result += block
        k = end
    return "\n".join(result), page or []


def text_of(element: xml.Element | None) -> str:
    return "" if element is None else re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def comment_of(element: xml.Element) -> str:
    found = [v.text or "" for v in element.findall("detaileddescription//verbatim")]
    return "\n".join(part.strip("\n").rstrip() for part in found).strip()


def tidied(code: str) -> str:
    code = re.sub(r"\bparamorph::(?=\w)", "", code)
    code = re.sub(r"< (?=\S)", "<", code)
    code = re.sub(r" ([&*]+)(?=[\w.])", r"\1 ", code)  # `T const &x`
    return re.sub(r"(?<=\S) >(?=[^=>]|$)", ">", code)


def template_of(element: xml.Element) -> str:
    parameters = []
    listed = element.find("templateparamlist")
    if listed is None:
        return ""
    for p in listed.findall("param"):
        kind, name, default = text_of(p.find("type")), text_of(p.find("declname")), text_of(p.find("defval"))
        text = kind if not name or kind.endswith(name) and " " in kind else f"{kind} {name}"
        parameters.append(text + (f" = {default}" if default else ""))
    requires = text_of(element.find("requiresclause"))
    return f"template <{', '.join(parameters)}>\n" + (f"    requires {requires}\n" if requires else "")


def signature_of(element: xml.Element, inside: str) -> str:
    kind, name = element.get("kind"), text_of(element.find("name"))
    if kind == "enum":
        values = ", ".join(text_of(v.find("name")) for v in element.findall("enumvalue"))
        return f"enum class {name} {{ {values} }};"
    definition = text_of(element.find("definition"))
    # The name as it stands where it is declared: `adam<M>::group` is group.
    definition = re.sub(rf"{re.escape(inside)}(?:\s*<[^()]*?>)?::{re.escape(name)}", name.replace("\\", "\\\\"), definition)
    definition = definition.replace("= typedef ", "= ")
    initial = text_of(element.find("initializer"))
    short = f" {initial}" if kind == "variable" and len(initial) < 80 else ""
    arguments = text_of(element.find("argsstring")) if kind == "function" else ""
    arguments = re.sub(r"(?<=\w)=(?=[\w{-])", " = ", arguments)
    return tidied(template_of(element) + definition + arguments + short) + ";"


def line_of(element: xml.Element) -> tuple[str, int]:
    where = element.find("location")
    return (where.get("file", "").removeprefix("paramorph/"), int(where.get("line", "0"))) if where is not None else ("", 0)


def hidden(qualified: str) -> bool:
    parts = set(qualified.split("::"))
    return bool(parts & HIDDEN_NAMESPACES) or "@" in qualified


def refused(member: xml.Element) -> bool:
    """An overload that is there to say a sentence, or none."""
    return bool(re.search(r"=\s*(delete|PARAMORPH_REFUSED)", text_of(member.find("argsstring")) + text_of(member.find("initializer"))))


def class_entity(root: xml.Element, name: str, kind: str) -> Entity:
    header, line = line_of(root)
    bases = ", ".join(tidied(text_of(b)) for b in root.findall("basecompoundref") if "detail" not in text_of(b))
    signature = template_of(root) + f"{kind} {name.rsplit('::', 1)[-1]}" + (f" : {bases}" if bases else "") + ";"
    entity = Entity(name.removeprefix("paramorph::"), kind, header, line, [Member(tidied(signature), comment_of(root))])
    for member in root.findall("sectiondef/memberdef"):
        if member.get("prot") == "public" and member.get("kind") in ("function", "variable", "typedef", "enum") and not refused(member):
            entity.members.append(Member(signature_of(member, name), comment_of(member)))
    return entity


def concept_entity(root: xml.Element, name: str) -> Entity:
    header, line = line_of(root)
    initial = text_of(root.find("initializer"))
    initial = re.sub(r"^template\s*<.*?>\s*concept\s+[\w:]+\s*=\s*", "", initial)
    short = f" = {initial}" if len(initial) < 160 else ""
    signature = template_of(root) + f"concept {name.rsplit('::', 1)[-1]}{short};"
    return Entity(name.removeprefix("paramorph::"), "concept", header, line, [Member(tidied(signature), comment_of(root))])


def documented(entity: Entity, header: Header) -> bool:
    """By a comment of its own, or by name in the page of its header."""
    return any(s.text for s in entity.signatures) or bool(re.search(rf"(?<!\w){re.escape(entity.short)}(?!\w)", " ".join(header.page)))


def read(include: pathlib.Path, work: pathlib.Path) -> list[Header]:
    """All headers, and in each its public entities in the order of their lines."""
    headers: dict[str, Header] = {}
    for file in sorted((include / "paramorph").rglob("*.hpp")):
        path = file.relative_to(include / "paramorph").as_posix()
        if path.split("/")[0] in HIDDEN_FOLDERS:
            continue
        text, page = for_doxygen(file.read_text())
        copy = work / "sources/paramorph" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        headers[path] = Header(path, page)
    macros = " ".join(f'"{macro}={instead}"' for macro, instead in MACROS.items())
    (work / "Doxyfile").write_text(DOXYFILE.format(sources=work / "sources", output=work, macros=macros))
    subprocess.run(["doxygen", work / "Doxyfile"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    found: dict[tuple[str, str], Entity] = {}

    def add(e: Entity) -> None:
        if e.header not in headers or not e.short or e.short.startswith(("PARAMORPH", "~", "operator")):
            return
        at = found.setdefault((e.header, e.name), e)
        if at is not e:
            at.signatures += e.signatures
            at.members += e.members

    for file in sorted((work / "xml").glob("*.xml")):
        root = xml.parse(file).getroot().find("compounddef")
        name = text_of(root.find("compoundname")) if root is not None else ""
        if not name.startswith("paramorph") or hidden(name):
            continue
        kind = root.get("kind")
        if kind == "namespace":
            for member in root.findall("sectiondef/memberdef"):
                if member.get("kind") not in ("function", "variable", "typedef", "enum") or refused(member):
                    continue
                if text_of(member.find("type")) == "" and member.get("kind") == "function":
                    continue  # a deduction guide
                header, line = line_of(member)
                short = text_of(member.find("name"))
                if "<" in short:
                    continue  # a specialization
                full = f"{name}::{short}".removeprefix("paramorph::")
                add(Entity(full, member.get("kind"), header, line, [Member(signature_of(member, name), comment_of(member))]))
        elif kind in ("struct", "class") and "<" not in name:
            outer = name.rsplit("::", 1)[0]
            if not (work / "xml" / ("namespace" + outer.replace("::", "_1_1") + ".xml")).exists():
                continue  # a class within a class
            add(class_entity(root, name, kind))
        elif kind == "concept":
            add(concept_entity(root, name))
    for entity in found.values():
        header = headers[entity.header]
        if not entity.inner or documented(entity, header):
            header.entities.append(entity)
    for header in headers.values():
        header.entities.sort(key=lambda e: (e.line, e.name))
        types = [e for e in header.entities if e.kind in ("struct", "class", "concept", "enum", "typedef")]
        for e in header.entities:
            spelled = set(re.findall(r"\w+", " ".join(m.signature for m in [*e.signatures, *e.members])))
            for t in types:
                if t is not e and t.short in spelled:
                    t.given_by.append(e.name)
    return list(headers.values())
