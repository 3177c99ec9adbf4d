"""How gdb shows networks, tensors and arrays: `source paramorph_gdb.py`, or a line of that in ~/.gdbinit.

    (gdb) print net
    sequential = {0 = linear<3, 2> = {weight = tensor [2, 3] float, original | weight_norm<0> = {original0 = [2, 1] float = {0.7, 0.3}, ...

A tensor is shown by its originals and the state of its stages, which are what it holds; a module by its members, an array
of xtensor by its extents and elements. A struct of one's own is shown as gdb does. Needs gdb 8 with Python 3, and libstdc++.
SPDX-License-Identifier: BSL-1.0
"""

import re

import gdb
import gdb.printing


def tidy(name: str) -> str:
    """A type's name without the library's namespaces."""
    return re.sub(r"\bparamorph::(?:v\w+::)?(?:(?:nn|param|set|detail)::)?", "", name).replace(" >", ">")


def name_of(value: gdb.Value) -> str:
    return value.type.strip_typedefs().unqualified().name or ""


def arguments(text: str) -> list[str]:
    """The template arguments of a type's name."""
    found, depth, begin = [], 0, text.find("<") + 1
    for k in range(begin, len(text)):
        if text[k] in "<({":
            depth += 1
        elif text[k] in ">)}":
            if depth == 0:
                found.append(text[begin:k].strip())
                break
            depth -= 1
        elif text[k] == "," and depth == 0:
            found.append(text[begin:k].strip())
            begin = k + 1
    return [a for a in found if a]


def integers(name: str) -> list[int]:
    """The numbers in shape<2, 3>, or in xt::fixed_shape<2, 3>."""
    return [int(a.rstrip("ul")) for a in arguments(name)]


def field(value: gdb.Value, wanted: str):
    """A member, also of a base, or None."""
    for f in value.type.strip_typedefs().fields():
        if f.name == wanted and hasattr(f, "bitpos"):  # else static
            return value[f]
        if f.is_base_class:
            found = field(value[f], wanted)
            if found is not None:
                return found
    return None


def members(value: gdb.Value):
    """Names and values of what a class and its bases hold."""
    for f in value.type.strip_typedefs().fields():
        if f.is_base_class:
            yield from members(value[f])
        elif hasattr(f, "bitpos"):
            yield f.name, value[f]


def elements(value: gdb.Value):
    """Those of a std::tuple of libstdc++."""
    fields = value.type.strip_typedefs().fields()
    node = value[fields[0]] if fields else None
    while node is not None:
        fields = node.type.fields()
        if not fields:
            return
        head = node[fields[-1]]
        inner = head.type.fields()
        yield head["_M_head_impl"] if inner and inner[0].name == "_M_head_impl" else head
        node = node[fields[0]] if len(fields) > 1 else None


class Array:
    """An array of xtensor, or what a tensor keeps its numbers in."""

    def __init__(self, value):
        self.value = value
        self.type, self.extents = self.found()

    def found(self):
        shape = field(self.value, "m_shape")
        storage = field(self.value, "m_storage")
        if shape is not None:
            items = field(shape, "_M_elems")
            extents = [int(items[k]) for k in range(items.type.strip_typedefs().range()[1] + 1)] if items is not None else []
            self.first, count = storage["p_begin"], int(storage["p_end"] - storage["p_begin"])
            kind = self.first.type.strip_typedefs().target()
        else:
            base = self.value.type.strip_typedefs()
            while not base.name.startswith("xt::xfixed_container<"):
                base = next(f.type for f in base.fields() if f.is_base_class)
            extents = integers(arguments(base.name)[1])
            items = field(storage, "_M_elems")
            kind = items.type.strip_typedefs().target()
            count = items.type.strip_typedefs().range()[1] + 1
            self.first = items[0].address
        size = 1
        for e in extents:
            size *= e
        self.count = min(size, count)
        return kind, extents

    def to_string(self):
        return f"[{', '.join(map(str, self.extents))}] {self.type.strip_typedefs().unqualified()}"

    def children(self):
        return ((str(k), (self.first + k).dereference()) for k in range(self.count))

    def display_hint(self):
        return "array"


class Tensor:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        shape, chain, kind = arguments(name_of(self.value))[:3]
        stages = " | ".join(tidy(s) for s in arguments(chain))
        text = f"tensor {integers(shape)} {kind}" + (f", original | {stages}" if stages else "")
        return text + ("" if all(bool(c["live"]) for c in elements(self.value["leaves_"]["originals"])) else ", empty")

    def children(self):
        for what in ("original", "state"):
            cells = list(elements(self.value["leaves_"][what + "s"]))
            for k, cell in enumerate(cells):
                if bool(field(cell, "live")):
                    yield what + (str(k) if len(cells) > 1 else ""), field(cell, "data")["value"]


class Module:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        name = name_of(self.value)
        kind = tidy(name.split("<")[0])
        if kind in ("sequential", "residual", "overlay"):
            return kind
        kept = [a for a in map(tidy, arguments(name)) if not a.startswith(("weight<", "bias<"))]
        if kind == "parallel":
            kept = kept[:1]
        return kind + (f"<{', '.join(kept)}>" if kept else "")

    def children(self):
        for name, value in members(self.value):
            if name == "layers":
                for k, layer in enumerate(elements(value)):
                    yield str(k), layer
            else:
                yield name, value


def printers() -> gdb.printing.RegexpCollectionPrettyPrinter:
    all_of_them = gdb.printing.RegexpCollectionPrettyPrinter("paramorph")
    all_of_them.add_printer("tensor", r"^paramorph::(v\w+::)?tensor<", Tensor)
    all_of_them.add_printer("array", r"^(paramorph::(v\w+::)?kept_container<|xt::xfixed_container<|xt::xtensor_container<)", Array)
    all_of_them.add_printer("module", r"^paramorph::(v\w+::)?(nn::\w+\b|detail::overlay<)", Module)
    return all_of_them


gdb.printing.register_pretty_printer(gdb.current_objfile(), printers(), replace=True)
