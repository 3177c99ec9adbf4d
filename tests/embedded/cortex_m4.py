"""The images for a Cortex-M4: builds them, runs each in QEMU, prints what they cost and checks it.

`cortex_m4.py HOST_BUILD FOLDER [--write]`: HOST_BUILD is a configured build of this project for this machine, whose program
`tests/embedded/models` trains the digits network; FOLDER is where everything goes. The guide's page states the figures:
within 3 % they must be those measured here, and --write puts these into its tables.

SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import shutil
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent
root = source.parent.parent
firmware = root / "examples" / "firmware"
cross = firmware / "cortex-m4.ini"

# What no image may hold: heap, exceptions, streams, static initialisers and guards, arithmetic in double.
FORBIDDEN = re.compile(
    r"\b(malloc|calloc|realloc|free|_sbrk(_r)?|operator (new|delete)|__cxa_\w+|_Unwind\w*|std::(ios_base|basic_[io]?stream\w*|"
    r"basic_streambuf\w*|locale)\b.*|_GLOBAL__sub_I\w*|__aeabi_d\w+|__aeabi_\w+2d|\w*printf\w*|typeinfo for .*|vtable for .*)"
)
FLOAT_BAR, INT8_BAR, FIXED_BAR, STORED_BAR = 1.02, 0.005, 0.01, 0.002
SAVED_BAR = {2: 0.98, 4: 0.94}  # of what the weights take less; eight bits have scales
SEQUENCE_BAR = 1.05  # of convolutions and of recurrent layers
DIGITS = 360
PAGE = root / "examples" / "guide" / "firmware.md"

passed = failed = 0


def check(holds: bool, what: str) -> None:
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAILED: {what}")


def run(*command, **options) -> str:
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed\n{result.stdout}{result.stderr}")
    return result.stdout


def emulate(image: pathlib.Path) -> tuple[int, str]:
    """Exit status and output of an image. An instruction takes 64 ns, so runs repeat exactly."""
    command = ["qemu-system-arm", "-M", "mps2-an386", "-nographic", "-semihosting", "-icount", "shift=6", "-kernel", image]
    try:
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    except subprocess.TimeoutExpired:
        return -1, "no end within two minutes"
    return result.returncode, result.stdout + result.stderr


class Image:
    def __init__(self, folder: pathlib.Path, name: str):
        self.name, self.path, self.map = name, folder / name, (folder / f"{name}.map").read_text()
        self.status, self.output = emulate(self.path)
        self.number = {k: int(v) for k, v in re.findall(r"^(\w+) (-?\d+)$", self.output, re.M)}
        self.size = {s: int(n) for s, n in re.findall(r"^(\.\w+)\s+(\d+)", run("arm-none-eabi-size", "-A", self.path), re.M)}
        self.symbols = run("arm-none-eabi-nm", "-C", "-S", self.path)
        self.flash = sum(self.size.get(s, 0) for s in (".text", ".rodata", ".data", ".init_array", ".ARM"))
        self.ram = self.size.get(".data", 0) + self.size.get(".bss", 0)

    def check_symbols(self, allowed: str = "(?!)") -> None:
        names = [re.sub(r"^[0-9a-f]* *([0-9a-f]{8} )?\w ", "", line) for line in self.symbols.splitlines()]
        found = [n for n in names if FORBIDDEN.match(n) and not re.match(allowed, n)]
        check(not found, f"{self.name}: the image holds {', '.join(found[:5])}")
        check(self.size.get(".init_array", 0) == 0, f"{self.name}: the image has static initialisers")

    def check_constant(self, part: str, least: int) -> None:
        """In the map file, a constant whose name has this part lies in .rodata, that is in flash."""
        sections = re.split(r"^(?=\.\w)", self.map.split("Linker script and memory map")[1], flags=re.M)
        rodata = next(s for s in sections if s.startswith(".rodata"))
        sizes = [int(n, 16) for n in re.findall(rf"\.rodata\.\w*{part}\w*\s+0x0000[0-9a-f]+\s+0x([0-9a-f]+)", rodata)]
        check(sum(sizes) >= least, f"{self.name}: {least} bytes of weights are not in .rodata")


def is_older(file: pathlib.Path, program: pathlib.Path) -> bool:
    return not file.exists() or file.stat().st_mtime < program.stat().st_mtime


def build(host_build: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    models, images = folder / "models", folder / "images"
    models.mkdir(parents=True, exist_ok=True)
    tool = host_build / "src" / "tool" / "paramorph"
    programs = ["models", "sequence_models", "swings"]
    run("ninja", "-C", host_build, *(f"tests/embedded/{name}" for name in programs), "src/tool/paramorph")
    program = host_build / "tests" / "embedded" / "models"
    sequences = host_build / "tests" / "embedded" / "sequence_models"
    if is_older(models / "recurrent.hpp", sequences):
        print(run(sequences, models), end="")
    if is_older(models / "digits.hpp", program):
        print(run(program, models), end="")
        run(tool, "header", models / "from_file.safetensors", "-o", models / "from_file.hpp")
    swings = host_build / "tests" / "embedded" / "swings"
    if is_older(models / "swings.hpp", swings):
        run(swings, models)
    if not (images / "build.ninja").exists():
        run("meson", "setup", images, source / "images", "--cross-file", cross, f"-Dmodels={models.resolve()}")
    run("ninja", "-C", images)
    return images


def ratio(what: str, ours: int, theirs: int, bar: float) -> None:
    print(f"{what:48}{ours / theirs:7.4f}  (bar {bar})")
    check(ours <= bar * theirs, f"{what}: {ours} against {theirs}, bar {bar}")


def stated(label: str, *figures: float) -> None:
    """The row of that label in the guide has these figures; the numbers that the host trains may differ a little."""
    text = PAGE.read_text()
    row = re.search(rf"^\| {re.escape(label)} \|.*$", text, re.M)
    if row and "--write" in sys.argv:
        cells = [f"{f:.2f} %" if isinstance(f, float) else f"{f:,}" for f in figures]
        PAGE.write_text(text.replace(row[0], f"| {label} | {' | '.join(cells)} |"))
        return
    told = [float(n) for n in re.findall(r"[\d.]+", row[0][len(label) + 3 :].replace(",", ""))] if row else []
    holds = len(told) == len(figures) and all(abs(a - b) <= max(0.03 * b, 8) for a, b in zip(told, figures))
    check(holds, f"{PAGE.relative_to(root)}: `{label}` states {told}, measured are {list(figures)}; cortex_m4.py --write states these")


def cost(i: Image, nothing: Image) -> tuple[float, int, int, int, int]:
    """Accuracy in percent, bytes beyond an image without a network, instructions."""
    n = i.number
    return 100 * n["correct"] / DIGITS, i.flash - nothing.flash, i.ram - nothing.ram, n["stack"] - nothing.number["stack"], n["instructions"]


def table(rows: dict[str, Image], nothing: Image) -> None:
    print(f"\n{'':31}{'accuracy':>9}{'flash':>8}{'RAM':>8}{'stack':>7}{'instructions':>14}  predictions")
    for title, i in rows.items():
        n = i.number
        host = "as the host" if n["as_the_host"] == DIGITS else f"{n['as_the_host']} as the host"
        accuracy, flash, ram, stack, instructions = cost(i, nothing)
        print(f"{title:31}{accuracy:8.2f}%{flash:8}{ram:8}{stack:7}{instructions:14}  {host}")
    print("\nBytes beyond an image without a network; instructions an inference, counted by QEMU.")


def check_inference(folder: pathlib.Path) -> None:
    stored = {"bfloat16": 2, "float16": 2, "int8_stored": 4}  # float has so many times the bytes of a weight
    names = ["nothing", "hand_written", "hand_written_plain", "live", "frozen", "compiled", "from_file", "plain", *stored, "int8", "int8_fixed"]
    image = images_of(folder, names)
    if not image:
        return
    nothing, c, plain_c, frozen = image["nothing"], image["hand_written"], image["hand_written_plain"], image["frozen"]
    table(
        {
            "hand-written C, by four rows": c,
            "hand-written C, plain loops": plain_c,
            "paramorph, live": image["live"],
            "paramorph, frozen": frozen,
            "  frozen by the compiler": image["compiled"],
            "  values from a file": image["from_file"],
            "  never parametrized": image["plain"],
            "paramorph, stored as bfloat16": image["bfloat16"],
            "paramorph, stored as float16": image["float16"],
            "paramorph, stored as int8": image["int8_stored"],
            "paramorph, frozen in int8": image["int8"],
            "  at fixed scales": image["int8_fixed"],
        },
        nothing,
    )

    for label, name in (
        ("hand-written C", "hand_written"),
        ("live: the orthogonal weight is computed in every call", "live"),
        ("frozen", "frozen"),
        ("frozen, stored as bfloat16", "bfloat16"),
        ("frozen, stored as float16", "float16"),
        ("frozen, stored as int8 with scales", "int8_stored"),
        ("frozen in eight bits", "int8"),
        ("frozen in eight bits, fixed scales", "int8_fixed"),
    ):
        stated(label, *cost(image[name], nothing))
    for other, name in ((c, "C by four rows"), (plain_c, "plain C")):
        ratio(f"frozen, flash / {name}", frozen.flash - nothing.flash, other.flash - nothing.flash, FLOAT_BAR)
        ratio(f"frozen, instructions / {name}", frozen.number["instructions"], other.number["instructions"], FLOAT_BAR)
        ratio(f"frozen, RAM / {name}", frozen.ram - nothing.ram, other.ram - nothing.ram, 1)
    ratio(
        "frozen, RAM and stack / C by four rows",
        frozen.ram - nothing.ram + frozen.number["stack"],
        c.ram - nothing.ram + c.number["stack"],
        1,
    )
    for name in ("hand_written", "hand_written_plain", "live", "frozen", "compiled", "from_file", "plain"):
        check(image[name].number["as_the_host"] == DIGITS, f"{name}: predictions differ from the host's")
    for name in names[1:]:
        check(image[name].number["digits"] == DIGITS, f"{name}: {DIGITS} digits are read")
        check(image[name].number["failed"] == 0, f"{name}: an inference failed")
    # Nothing of a parametrization is in a frozen image.
    for name in ("frozen", "compiled"):
        i = image[name]
        print(f"{name + ', bytes beyond the never parametrized one':48}{i.flash - image['plain'].flash:7}  (bar 0)")
        check(i.flash == image["plain"].flash and i.ram == image["plain"].ram, f"{name}: code of a parametrization is left")
        check("paramorph::param" not in i.symbols, f"{name}: a parametrization is among the symbols")
    i = image["from_file"]
    print(f"{'values from a file, bytes beyond that':48}{i.flash - image['plain'].flash:7}  (bar 16)")
    check(i.flash <= image["plain"].flash + 16 and i.ram == image["plain"].ram, "from_file: more than a literal's end is added")
    check("paramorph::param" not in i.symbols, "from_file: a parametrization is among the symbols")
    lost = (frozen.number["correct"] - image["int8"].number["correct"]) / DIGITS
    print(f"{'int8, accuracy lost':48}{lost:7.4f}  (bar {INT8_BAR})")
    check(abs(lost) <= INT8_BAR, f"int8: accuracy differs by {lost}")
    fixed = image["int8_fixed"]
    lost = (frozen.number["correct"] - fixed.number["correct"]) / DIGITS
    print(f"{'int8 at fixed scales, accuracy lost':48}{lost:7.4f}  (bar {FIXED_BAR})")
    check(abs(lost) <= FIXED_BAR, f"int8_fixed: accuracy differs by {lost}")
    ratio("int8, instructions at fixed scales / found ones", fixed.number["instructions"], image["int8"].number["instructions"], 0.9)
    print()
    numbers = (64 * 64 * 2 + 64 * 10 + 64 * 2 + 10) * 4
    for name, times in stored.items():
        i, most = image[name], numbers * (times - 1) // times
        lost = (frozen.number["correct"] - i.number["correct"]) / DIGITS
        print(f"{name + ', accuracy lost':48}{lost:7.4f}  (bar {STORED_BAR})")
        check(abs(lost) <= STORED_BAR, f"{name}: accuracy differs by {lost}")
        saved = frozen.flash - i.flash
        print(f"{name + f', flash saved / {times - 1}/{times} of the weights':48}{saved / most:7.4f}  (bar {SAVED_BAR[times]})")
        check(saved >= SAVED_BAR[times] * most, f"{name}: {saved} bytes are saved of {most}")
        check(i.ram == frozen.ram, f"{name}: RAM is {i.ram}, frozen in float {frozen.ram}")
    print()
    for name in ("live", "frozen", "compiled", "from_file", "plain", *stored, "int8", "int8_fixed"):
        image[name].check_symbols()
    for name, part, least in (
        ("live", "originals", numbers),
        ("frozen", "values", numbers),
        ("compiled", "values", numbers),
        ("from_file", "file_bytes", numbers),
        ("bfloat16", "rounding", numbers // 2),
        ("float16", "rounding", numbers // 2),
        ("int8_stored", "rounding", numbers // 4),
        ("int8", "int8_numbers", numbers // 4),
        ("int8_fixed", "int8_fixed_numbers", numbers // 4),
    ):
        image[name].check_constant(part, least)


def images_of(folder: pathlib.Path, names: list[str]) -> dict[str, Image]:
    """Those that ran to their end; none where one did not."""
    image = {name: Image(folder, name) for name in names}
    for i in image.values():
        complete = i.status == 0 and {"correct", "as_the_host", "instructions", "stack"} <= i.number.keys()
        check(complete, f"{i.name}: {i.output[-300:]}")
        if not complete:
            return {}
    return image


def check_sequences(folder: pathlib.Path) -> None:
    """Networks that read a digit as a sequence, against C for the same shapes."""
    names = [n + suffix for n in ("convolutional", "recurrent") for suffix in ("_c", "", "_int8")]
    image = images_of(folder, ["nothing", *names])
    if not image:
        return
    nothing = image["nothing"]
    table(
        {
            "convolutions, hand-written C": image["convolutional_c"],
            "convolutions, frozen": image["convolutional"],
            "  convolutions in eight bits": image["convolutional_int8"],
            "GRU, hand-written C": image["recurrent_c"],
            "GRU, frozen": image["recurrent"],
            "  GRU in eight bits": image["recurrent_int8"],
        },
        nothing,
    )
    for layer, name in (("two convolutions", "convolutional"), ("GRU", "recurrent")):
        for what, suffix in (("hand-written C", "_c"), ("frozen", ""), ("in eight bits", "_int8")):
            stated(f"{layer}, {what}", *cost(image[name + suffix], nothing))
        ours, c = image[name], image[name + "_c"]
        # Where C calls expf, the C library brings the state in which it keeps errno: that is not of the network.
        library = c.size.get(".data", 0) - nothing.size.get(".data", 0)
        ratio(f"{name}, flash / C", ours.flash - nothing.flash, c.flash - library - nothing.flash, SEQUENCE_BAR)
        ratio(f"{name}, instructions / C", ours.number["instructions"], c.number["instructions"], SEQUENCE_BAR)
        ratio(f"{name}, RAM / C", ours.ram - nothing.ram, c.ram - library - nothing.ram, 1)
        for i in (ours, c):
            check(i.number["as_the_host"] == DIGITS, f"{i.name}: predictions differ from the host's")
            check(i.number["failed"] == 0, f"{i.name}: an inference failed")
        int8 = image[name + "_int8"]
        ratio(f"{name}, in eight bits, flash / float", int8.flash - nothing.flash, ours.flash - nothing.flash, 0.4)
        lost = (ours.number["correct"] - int8.number["correct"]) / DIGITS
        print(f"{name + ', in eight bits, accuracy lost':48}{lost:7.4f}  (bar {INT8_BAR})")
        check(abs(lost) <= INT8_BAR, f"{name}: accuracy in eight bits differs by {lost}")
        check(int8.number["failed"] == 0, f"{int8.name}: an inference failed")
        for i in (ours, int8):
            i.check_symbols()
    image["convolutional"].check_constant("values", (8 * 32 * 3 + 32 * 32 * 3 + 256 * 10 + 32 * 2 + 10) * 4)
    image["recurrent"].check_constant("values", (8 * 144 + 48 * 144 + 144 * 2 + 480 + 10) * 4)
    print()


def check_certified(folder: pathlib.Path) -> None:
    """The network whose certificates hold in eight bits answers as it did where they were made."""
    image = images_of(folder, ["nothing", "certified_int8"])
    if not image:
        return
    i = image["certified_int8"]
    table({"certified, in eight bits": i}, image["nothing"])
    stated("certified, in eight bits", *cost(i, image["nothing"]))
    check(i.number["as_the_host"] == DIGITS, "certified_int8: predictions differ from the host's in eight bits")
    check(i.number["failed"] == 0, "certified_int8: an inference failed")
    i.check_symbols()
    print()


def check_streaming(folder: pathlib.Path) -> None:
    i = Image(folder, "streaming")
    n = i.number
    check(i.status == 0 and "stack" in n, f"streaming: {i.output[-300:]}")
    if "stack" not in n:
        return
    print(
        f"streaming, two convolutions, a GRU and a linear layer: {n['instructions']} instructions a sample, "
        f"{n['instructions_in_blocks']} in blocks of 16;\n  {n['memory']} bytes of RAM, {n['flash']} of flash, {n['stack']} of stack; "
        f"{n['from_the_host']}e-9 from the host\n"
    )
    check(n["differ"] == 0 and n["refused"] == 0, "streaming: blocks of all lengths give the same bits")
    check(0 <= n["from_the_host"] <= 500, "streaming: the numbers are the host's")
    i.check_symbols()
    i.check_constant("constants", n["flash"] - 256)


def check_controller(folder: pathlib.Path) -> None:
    """The closed loop of examples/controller, whose proof is of the same numbers."""
    i = Image(folder, "controller")
    n = i.number
    check(i.status == 0 and "stack" in n, f"controller: {i.output[-300:]}")
    if "stack" not in n:
        return
    print(
        f"controller of the pendulum: {n['reached']} of {n['runs']} runs reach the upright, {n['from_the_host']}e-9 from the host;\n"
        f"  {n['instructions']} instructions a call, {n['memory']} bytes of RAM, {n['flash']} of numbers, {n['stack']} of stack\n"
    )
    check(n["refused"] == 0 and n["reached"] == n["runs"] > 0, "controller: each run reaches the upright, as is proved")
    check(0 <= n["from_the_host"] <= 500, "controller: the states are the host's")
    stated = int(re.search(r'Cortex-M4", "(\d+)"', (root / "examples/controller/evidence.cpp").read_text())[1])
    check(abs(n["instructions"] - stated) <= 0.05 * stated, f"controller: its evidence states {stated} instructions")
    i.check_symbols(allowed="__aeabi_")  # the sine of the pendulum, which is simulated, reduces its argument in double
    i.check_constant("values", 24 * 4)


def check_learning(folder: pathlib.Path) -> None:
    i = Image(folder, "learning")
    n = i.number
    check(i.status == 0 and "stack" in n, f"learning: {i.output[-300:]}")
    if "stack" not in n:
        return
    print(
        f"learning on the device, digits shifted by a pixel: {100 * n['before'] / DIGITS:.2f} % before, "
        f"{100 * n['after'] / DIGITS:.2f} % after\n  {n['parameters']} parameters, {n['memory']} bytes of static memory, "
        f"{n['stack']} of {n['stack_room']} bytes of stack\n"
    )
    accuracies = [100 * n[when] / DIGITS for when in ("before", "after")]
    stated("digits shifted by a pixel", *accuracies, n["parameters"], n["memory"], n["stack"])
    check(n["trained"] == 1 and n["after"] >= n["before"] + DIGITS // 5, "learning: a fifth more of the digits are read")
    check(n["saved"] == 1 and n["loaded"] == 1, "learning: parameters are saved and loaded")
    check(n["after_loading"] == n["after"], "learning: what was loaded is what was learned")
    check(n["memory"] == i.ram, f"learning: {n['memory']} bytes are stated, {i.ram} are in the image")
    check(n["stack"] <= n["stack_room"] == i.size[".stack"], "learning: the stack stays within what is stated")
    i.check_symbols()


def check_bad_input(folder: pathlib.Path) -> None:
    i = Image(folder, "bad_input")
    check(i.status == 0 and i.number.get("failures") == 0 and i.number.get("checks", 0) > 1000, f"bad input: {i.output[-600:]}")
    print(f"bad input: {i.number.get('checks')} checks, {i.number.get('failures')} failures")
    i.check_symbols()


def check_template(folder: pathlib.Path) -> None:
    """The project that users copy, built as its README says and run."""
    if not (folder / "build.ninja").exists():
        run("meson", "setup", folder, firmware, "--cross-file", cross)
    run("ninja", "-C", folder)
    command = re.findall(r"^    (qemu-system-arm .*)$", (firmware / "README.md").read_text(), re.M)
    check(len(command) == 1 and "-icount shift=6" in command[0], "examples/firmware: the README's command counts instructions")
    words = command[0].replace("build/firmware.elf", str(folder / "firmware.elf")).split()
    runs = [subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120) for _ in range(2)]
    status, (output, again) = runs[0].returncode, [r.stdout + r.stderr for r in runs]
    check(again == output and "ticks" in output, f"examples/firmware: ticks repeat: {output} {again}")
    print(f"examples/firmware: {output.strip()}")
    check(status == 0 and "64 of 64 as on the host" in output, f"examples/firmware: status {status}")
    check((folder / "firmware.bin").stat().st_size > 1000, "examples/firmware: firmware.bin is there")


def compile_for_target(source: pathlib.Path, *options) -> None:
    """Without a warning."""
    flags = "-std=c++20 -O2 -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -fno-exceptions -fno-rtti".split()
    flags += "-Wall -Wextra -Wpedantic -Wdouble-promotion -Werror -idirafter /usr/include".split()
    run("arm-none-eabi-g++", *flags, "-I", root / "include", *options, "-c", source, "-o", source.with_suffix(".o"))


def check_readme(folder: pathlib.Path) -> None:
    """What the guide shows of a target, which is examples/small_target, compiles for it."""
    shown = folder / "readme"
    shown.mkdir(exist_ok=True)
    (shown / "digits.hpp").write_text('#include "values.hpp"\nnamespace digits = values;\n')
    target = shutil.copy(root / "examples/small_target/target.cpp", shown)
    compile_for_target(pathlib.Path(target), "-I", folder / "models")
    check(True, "examples/guide/firmware.md")


def check_alone(folder: pathlib.Path) -> None:
    """embed.hpp compiles alone for a Cortex-M4, and includes nothing that a target has no room for."""
    folder.mkdir(parents=True, exist_ok=True)
    alone, read = folder / "alone.cpp", folder / "alone.d"
    alone.write_text("#include <paramorph/embed.hpp>\n")
    compile_for_target(alone, "-MD", "-MF", read)
    for header in ("/xtensor/", "/xsimd/", "/iostream", "/vector", "/fstream"):
        check(not re.search(rf"{header}(\s|\w)", read.read_text()), f"embed.hpp includes {header}")


def main() -> None:
    host_build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    check_alone(folder)
    images = build(host_build, folder)
    check_readme(folder)
    check_inference(images)
    check_sequences(images)
    check_certified(images)
    check_streaming(images)
    check_controller(images)
    check_learning(images)
    check_bad_input(images)
    check_template(folder / "firmware")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
