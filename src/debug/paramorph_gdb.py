"""How gdb shows networks, tensors and arrays: `source paramorph_gdb.py`, or a line of that in ~/.gdbinit.

    (gdb) print net
    sequential = {0 = linear<3, 2> = {weight = tensor [2, 3] float, original | weight_norm<0> = {original0 = [2, 1] float = {0.7, 0.3}, ...

A tensor is shown by its originals and the state of its stages, which are what it holds; a module by its members, a frozen or
cached network by the values of its tensors, in the order of data(k); an array of xtensor by its extents and elements. A struct of one's own is shown as gdb does. Needs gdb 8 with Python 3, and libstdc++.
SPDX-License-Identifier: BSL-1.0
"""

import re

import gdb
import gdb.printing


def tidy(name: str) -> str:
    """A type's name without the library's namespaces."""
    return re.sub(r"\bparamorph::(?:v\w+::)?(?:(?:nn|param|set|detail)::)?", "", name).replace(" >", ">")


def itself(value: gdb.Value) -> gdb.Value:
    """What a reference is one to."""
    return value.referenced_value() if value.type.strip_typedefs().code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF) else value


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


def numbers_in(value: gdb.Value) -> list[int]:
    """Those of a std::array, or of xtensor's svector."""
    items, first = field(value, "_M_elems"), field(value, "m_begin")
    if items is not None:
        return [int(items[k]) for k in range(items.type.strip_typedefs().range()[1] + 1)]
    return [int(first[k]) for k in range(int(field(value, "m_end") - first))] if first is not None else []


class Array:
    """An array of xtensor, or what a tensor keeps its numbers in."""

    def __init__(self, value):
        self.value = itself(value)
        self.type, self.extents, self.strides = self.found()

    def found(self):
        shape = field(self.value, "m_shape")
        storage = field(self.value, "m_storage")
        if shape is not None:
            extents, strides = numbers_in(shape), numbers_in(field(self.value, "m_strides"))
            if (first := field(storage, "p_begin")) is not None:
                self.first, count = first, int(storage["p_end"] - first)
            else:  # memory of others
                self.first, count = itself(field(storage, "p_data")), int(field(storage, "m_size"))
            kind = self.first.type.strip_typedefs().target()
        else:
            base = self.value.type.strip_typedefs()
            while not base.name.startswith("xt::xfixed_container<"):
                base = next(f.type for f in base.fields() if f.is_base_class)
            extents = integers(arguments(base.name)[1])
            items = field(storage, "_M_elems")
            kind = items.type.strip_typedefs().target()
            count = items.type.strip_typedefs().range()[1] + 1
            self.first, strides = items[0].address, []
        size = 1
        for e in reversed(extents):
            if len(strides) < len(extents):
                strides.insert(0, size)
            size *= e
        self.count = min(size, count)
        return kind, extents, strides

    def place(self, k: int) -> int:
        """Where the k-th element, row by row, lies."""
        at = 0
        for extent, stride in zip(reversed(self.extents), reversed(self.strides)):
            at += k % extent * stride
            k //= extent
        return at

    def to_string(self):
        return f"[{', '.join(map(str, self.extents))}] {self.type.strip_typedefs().unqualified()}"

    def children(self):
        return ((str(k), (self.first + self.place(k)).dereference()) for k in range(self.count))

    def display_hint(self):
        return "array"


class Tensor:
    def __init__(self, value):
        self.value = itself(value)

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


def module_text(name: str) -> str:
    """How the type of a module is called in short."""
    kind = tidy(name.split("<")[0])
    if kind in ("sequential", "residual", "overlay"):
        return kind
    kept = [a for a in map(tidy, arguments(name)) if not a.startswith(("weight<", "bias<"))]
    if kind == "parallel":
        kept = kept[:1]
    return kind + (f"<{', '.join(kept)}>" if kept else "")


class Values:
    """What pm::freeze and pm::cached make: the values of a network's tensors, one behind the other."""

    def __init__(self, value):
        value = itself(value)
        name = name_of(value)
        self.text = ("frozen " if tidy(name).startswith("materialized<") else "cached ") + module_text(arguments(name)[0])
        if self.text.startswith("cached"):
            value = value["values_"]
        numbers = value["values_"]["_M_impl"]
        self.first, self.count = numbers["_M_start"], int(numbers["_M_finish"] - numbers["_M_start"])
        self.begins = numbers_in(value["offsets_"]) if self.count else []

    def to_string(self):
        return self.text + ("" if self.count else ", empty")

    def children(self):
        for k, (begin, end) in enumerate(zip(self.begins, self.begins[1:] + [self.count])):
            numbers = self.first.type.strip_typedefs().target().array(end - begin - 1)
            yield str(k), (self.first + begin).cast(numbers.pointer()).dereference()


class Module:
    def __init__(self, value):
        self.value = itself(value)

    def to_string(self):
        return module_text(name_of(self.value))

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
    all_of_them.add_printer("array", r"^(paramorph::(v\w+::)?(kept_container|array_view)<|xt::x(fixed|tensor|array)_container<|xt::xtensor_adaptor<)", Array)
    all_of_them.add_printer("values", r"^paramorph::(v\w+::)?(materialized|cached_network)<", Values)
    all_of_them.add_printer("module", r"^paramorph::(v\w+::)?(nn::\w+\b|detail::overlay<)", Module)
    return all_of_them


gdb.printing.register_pretty_printer(gdb.current_objfile(), printers(), replace=True)
