"""Meson and CMake projects built against an installed tree: `run.py BUILD_FOLDER PREFIX COMPILER...`.

The tree is installed below a folder of its own and found there only through pkg-config and find_package. Each kind of
project is there for the host and for a small target, which has no xtensor and no xsimd; the latter is compiled for a
Cortex-M4 as well, where its compiler is installed, and as a subproject of Meson. Where paramorph-io was built, a project
of each kind links it, and where the tool was, one has it write a header.
SPDX-License-Identifier: BSL-1.0
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

projects = pathlib.Path(__file__).resolve().parent
build, prefix, compiler = sys.argv[1], sys.argv[2], [w for w in sys.argv[3:] if not w.endswith("ccache")]

# Another vector unit than the library's own, where this machine has it.
cpu = pathlib.Path("/proc/cpuinfo")
other_unit = ["-DCMAKE_CXX_FLAGS=-mavx2 -mfma"] if cpu.exists() and " avx2 " in cpu.read_text() else []


def run(*command: str, **environment: str) -> None:
    result = subprocess.run(
        command, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode != 0:
        print(" ".join(command), result.stdout, sep="\n")
        raise SystemExit(1)


def fails(*command: str) -> str:
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode == 0:
        raise SystemExit(f"{' '.join(command)} should fail")
    return result.stdout


def with_meson(tree: str, work: str, project: str) -> None:
    cxx, path = " ".join(compiler), ":".join([f"{tree}/share/pkgconfig", *map(str, pathlib.Path(tree).glob("lib*/**/pkgconfig"))])
    run("meson", "setup", work, str(projects / project), "--wrap-mode=nodownload", CXX=cxx, PKG_CONFIG_PATH=path)
    run("meson", "test", "-C", work)


def as_subproject(work: str) -> None:
    """Of a project that pkg-config helps to nothing, so that xtensor and xsimd would not be found."""
    shutil.copytree(projects / "meson_embed", f"{work}/project/meson_embed")
    shutil.copy(projects / "consumer_embed.cpp", f"{work}/project")
    os.makedirs(f"{work}/project/meson_embed/subprojects")
    os.symlink(projects.parent.parent, f"{work}/project/meson_embed/subprojects/paramorph")
    nothing = {"PKG_CONFIG_LIBDIR": work, "PKG_CONFIG_PATH": work, "CXX": " ".join(compiler)}
    run("meson", "setup", f"{work}/build", f"{work}/project/meson_embed", "--wrap-mode=nodownload", **nothing)
    run("meson", "test", "-C", f"{work}/build", "consumer_embed")


def cmake(tree: str, work: str, project: str, *options: str) -> list[str]:
    return ["cmake", "-S", str(projects / project), "-B", work, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={tree}", *options]


def with_cmake(tree: str, work: str, project: str, *options: str) -> None:
    run(*cmake(tree, work, project, f"-DCMAKE_CXX_COMPILER={compiler[0]}", *options))
    run("cmake", "--build", work)
    run("ctest", "--test-dir", work, "--output-on-failure", "--no-tests=error")


def for_cortex_m4(tree: str, work: str, project: str) -> None:
    flags = "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16"
    target = ["-DCMAKE_SYSTEM_NAME=Generic", "-DCMAKE_CXX_COMPILER=arm-none-eabi-g++", f"-DCMAKE_CXX_FLAGS={flags}"]
    target += ["-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY", "-DCOMPONENTS=COMPONENTS;embed"]
    run(*cmake(tree, work, project, *target))
    run("cmake", "--build", work)


with tempfile.TemporaryDirectory() as stage:
    run("meson", "install", "-C", build, "--no-rebuild", "--skip-subprojects", "--destdir", f"{stage}/root")
    tree = f"{stage}/moved"
    shutil.move(f"{stage}/root{prefix}", tree)
    with_meson(tree, f"{stage}/meson", "meson")
    with_cmake(tree, f"{stage}/cmake", "cmake")
    with_meson(tree, f"{stage}/meson_embed", "meson_embed")
    as_subproject(f"{stage}/subproject")
    with_cmake(tree, f"{stage}/cmake_embed", "cmake_embed")
    with_cmake(tree, f"{stage}/cmake_component", "cmake_embed", "-DCOMPONENTS=COMPONENTS;embed")
    passed = 6
    if shutil.which("arm-none-eabi-g++"):
        for_cortex_m4(tree, f"{stage}/cmake_cortex_m4", "cmake_embed")
        passed += 1
    if list(pathlib.Path(tree).glob("lib*/**/paramorph-io.pc")):
        with_meson(tree, f"{stage}/meson_io", "meson_io")
        with_cmake(tree, f"{stage}/cmake_io", "cmake_io", *other_unit)
        passed += 2
    if pathlib.Path(tree, "bin", "paramorph").exists():
        run(f"{tree}/bin/paramorph", "inspect", str(projects / "model.safetensors"))
        with_meson(tree, f"{stage}/meson_header", "meson_header")
        with_cmake(tree, f"{stage}/cmake_header", "cmake_header")
        passed += 3
        if shutil.which("arm-none-eabi-g++"):
            for_cortex_m4(tree, f"{stage}/cmake_header_cortex_m4", "cmake_header")
            passed += 1
    for component, said in (("host", "paramorph::paramorph needs xtl, which is not found"), ("gpu", "not gpu")):
        output = fails(*cmake(tree, f"{stage}/cmake_{component}", "cmake_embed", f"-DCOMPONENTS=COMPONENTS;{component}"))
        if said not in " ".join(output.split()):
            raise SystemExit(f"COMPONENTS {component} should say: {said}\n{output}")
        passed += 1
print(f"{passed} passed, 0 failed")
