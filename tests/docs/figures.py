"""Figures of the benchmark in README.md and the guide are those of one stored run, examples/guide/figures.json.

    figures.py                checks that the pages state them
    figures.py --write        writes them into the pages
    figures.py --store FILE   takes FILE, what `bench --json FILE` wrote, as the stored run, and writes the pages

A table of the guide has a column for each size; its rows are named in ROWS. README's rows are in README_ROWS. A bar that
the stored run misses must be called missed where it stands: in the table's last cell.
SPDX-License-Identifier: BSL-1.0
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE, README, STORED = ROOT / "examples/guide/figures.md", ROOT / "README.md", ROOT / "examples/guide/figures.json"

# The label of a row, the benchmark's name of it, and what it is compared with, which begins so.
ROWS = {
    "`lower + (upper - lower) * sigmoid(s * x)`, three stages": ("sigmoid_chain.forward", "hand-written"),
    "its gradient": ("sigmoid_chain.gradient", "hand-written"),
    "value and gradient from one program": ("sigmoid_chain.both", "hand-written"),
    "symmetric": ("symmetric.forward", "hand-written"),
    "symmetric, gradient": ("symmetric.gradient", "hand-written"),
    "`weight_norm`": ("weight_norm.forward", "hand-written"),
    "`weight_norm`, gradient, both cotangents": ("weight_norm.gradient", "hand-written"),
    "twelve mixed stages, transposes and triangles among them": ("mixed_chain.forward", "hand-written"),
    "twelve mixed stages, gradient": ("mixed_chain.gradient", "hand-written"),
    "symmetric, over a copy of the matrix": ("symmetric.forward_over_copy", "limit"),
    "three convolutions over time, batch 1": ("conv1d_stack", "hand-written"),
    "a layer of a WaveNet, 8 channels": ("wavenet_layer_8", "hand-written"),
    "a layer of a WaveNet, 3 channels": ("wavenet_layer_3", "hand-written"),
    "two convolutions 3 x 3 of images, pooling, a linear layer": ("conv2d_net.forward", "hand-written"),
    "`pm::sigmoid<pm::fast>` / logistic": ("fast_sigmoid.forward", "Eigen"),
    "three stages with sigmoid": ("sigmoid_chain.forward", "Eigen"),
    "symmetric / Eigen": ("symmetric.forward", "Eigen"),
    "`weight_norm` / Eigen": ("weight_norm.forward", "Eigen"),
    "`weight_norm`, gradient / Eigen": ("weight_norm.gradient", "Eigen"),
    "`spectral_norm` in training / Eigen": ("spectral_norm.forward", "Eigen"),
    "`spectral_norm` in training, gradient / Eigen": ("spectral_norm.gradient", "Eigen"),
    "skew to Cayley": ("cayley.forward", "Eigen"),
    "skew to exponential": ("matrix_exp.forward", "Eigen"),
    "matmul": ("matmul", "Eigen"),
    "matrix-vector": ("matrix_vector", "Eigen"),
    "sigmoid chain / PyTorch": ("sigmoid_chain.forward", "PyTorch"),
    "symmetric / PyTorch": ("symmetric.forward", "PyTorch"),
    "`weight_norm` / PyTorch": ("weight_norm.forward", "PyTorch"),
    "`weight_norm`, gradient / PyTorch": ("weight_norm.gradient", "PyTorch"),
    "`spectral_norm` / PyTorch": ("spectral_norm.forward", "PyTorch"),
    "`spectral_norm`, gradient / PyTorch": ("spectral_norm.gradient", "PyTorch"),
    "skew to Cayley / PyTorch": ("cayley.forward", "PyTorch"),
    "skew to Cayley, value and gradient / PyTorch": ("cayley.both", "PyTorch"),
    "skew to exponential / PyTorch": ("matrix_exp.forward", "PyTorch"),
    "skew to exponential, value and gradient / PyTorch": ("matrix_exp.both", "PyTorch"),
    "positive definite, gradient": ("positive_definite.gradient", "PyTorch"),
    "fixed rank, gradient": ("fixed_rank.gradient", "PyTorch"),
    "almost orthogonal, gradient": ("almost_orthogonal.gradient", "PyTorch"),
    "simplex, log-density and gradient / Stan": ("simplex.density", "Stan"),
    "ordered, log-density and gradient / Stan": ("ordered.density", "Stan"),
    "covariance matrix, log-density and gradient / Stan": ("cov_matrix.density", "Stan"),
    "correlation matrix, log-density and gradient / Stan": ("corr_matrix.density", "Stan"),
    "simplex, log-density and gradient / PyTorch": ("simplex.density", "PyTorch"),
    "ordered, log-density and gradient / PyTorch": ("ordered.density", "PyTorch"),
    "covariance matrix, log-density and gradient / PyTorch": ("cov_matrix.density", "PyTorch"),
    "correlation matrix, log-density and gradient / PyTorch": ("corr_matrix.density", "PyTorch"),
    "sigmoid of 1024 x 1024": ("sigmoid.on_threads", "the same"),
    "product of 1024 x 1024": ("matmul.on_threads", "the same"),
    "two convolutions 3 x 3 of images, a training step, batch 64 / PyTorch": ("conv2d_net.step", "PyTorch"),
    "the digits network, trained / PyTorch": ("digits.training", "PyTorch"),
}
# README's rows: the sizes of one of the guide's.
README_ROWS = {
    "symmetric, 64 / 256 / 1024, over the best hand-written AVX2 variant": ("symmetric", (64, 256, 1024)),
    "its gradient": ("symmetric, gradient", (64, 256, 1024)),
    "`weight_norm`, 64 / 256 / 1024, over hand-written AVX2": ("`weight_norm`", (64, 256, 1024)),
    "`weight_norm`, value, 64 / 256 / 1024, over Eigen": ("`weight_norm` / Eigen", (64, 256, 1024)),
    "matmul, 64 / 256 / 512, over Eigen": ("matmul", (64, 256, 512)),
    "`weight_norm`, 64 / 256 / 1024, over PyTorch 1.13": ("`weight_norm` / PyTorch", (64, 256, 1024)),
    "training the digits network, over PyTorch on one thread": ("the digits network, trained / PyTorch", (64,)),
}
KINDS = ("hand-written", "limit", "Eigen", "PyTorch", "Stan", "the same")
wrong: list[str] = []


def store(file: pathlib.Path) -> None:
    rows = [r for r in json.loads(file.read_text()) if r["reference"].startswith(KINDS)]
    mistaken = [f"{r['name']} {r['size']}: {r['mistake']}" for r in rows if r["mistake"]]
    if mistaken:
        sys.exit("figures.py: rows are wrong, nothing is stored\n" + "\n".join(mistaken))
    kept = ("name", "size", "reference", "ratio_of_minima", "bar")
    STORED.write_text("[\n" + ",\n".join(json.dumps({k: r[k] for k in kept}) for r in rows) + "\n]\n")


def figure(stored: list[dict], label: str, size: int | None) -> tuple[str, bool] | None:
    """Its ratio and whether its bar is missed; of no size: of the only one."""
    name, kind = ROWS[label]
    found = [r for r in stored if r["name"] == name and r["reference"].startswith(kind) and size in (None, r["size"])]
    if not found:
        return None
    row = found[0]
    return f"{row['ratio_of_minima']:.3f}", row["bar"] is not None and row["ratio_of_minima"] > row["bar"]


def called(bar: str, missed: bool) -> str:
    return re.sub(", missed$", "", bar) + (", missed" if missed else "")


def row_of_guide(stored: list[dict], head: list[str], cells: list[str]) -> list[str]:
    """The cells with the figures of the columns that are sizes, and of one that is called `ratio`."""
    missed = False
    for k, title in enumerate(head[1:-1], 1):
        if not (title.isdigit() or title == "ratio"):
            continue
        found = figure(stored, cells[0], int(title) if title.isdigit() else None)
        cells[k] = found[0] if found else "–"
        missed = missed or bool(found and found[1])
    return [*cells[:-1], called(cells[-1], missed)]


def main() -> int:
    if sys.argv[1:2] == ["--store"]:
        store(pathlib.Path(sys.argv[2]))
    write = sys.argv[1:2] in (["--store"], ["--write"])
    stored = json.loads(STORED.read_text())
    unseen = set(ROWS)
    for page in (PAGE, README):
        lines, head = page.read_text().splitlines(), []
        for i, line in enumerate(lines):
            if not line.startswith("| "):
                head = head if line.startswith("|-") else []
                continue
            cells = [c.strip() for c in line[1:-1].split("|")]
            if not head:
                head = cells
                continue
            if page == PAGE and cells[0] in ROWS:
                unseen.discard(cells[0])
                cells = row_of_guide(stored, head, cells)
            elif page == README and cells[0] in README_ROWS:
                label, sizes = README_ROWS[cells[0]]
                found = [figure(stored, label, size) for size in sizes]
                cells = [cells[0], " / ".join(f[0] if f else "–" for f in found), called(cells[-1], any(f and f[1] for f in found))]
            else:
                continue
            new = "| " + " | ".join(cells) + " |"
            if new != line:
                wrong.append(f"{page.relative_to(ROOT)}: {line}\n  the stored run has {new}; figures.py --write writes it")
                lines[i] = new
        if write:
            page.write_text("\n".join(lines) + "\n")
    for label in sorted(unseen):
        print(f"figures.md has no row `{label}`")
    print("\n".join(wrong))
    return 1 if unseen or (wrong and not write) else 0


sys.exit(main())
