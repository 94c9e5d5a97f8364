"""The house: which module may import which, what is public, and what a wheel holds."""

import ast
from pathlib import Path

import pytest

import tinygrad_dnn

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tinygrad_dnn"
MAY_IMPORT = {
    "derivatives": set(),
    "compositions": {"derivatives"},
    "special": set(),
    "walk": {"derivatives"},
    "signatures": {"derivatives", "compositions", "special", "walk"},
    "constants": set(),
    "tensor": {"derivatives", "compositions", "signatures", "constants", "walk"},
    "replay": {"derivatives", "signatures", "tensor"},
    "transforms": {"replay", "tensor", "walk"},
    "training": {"transforms"},
    "rewriting": {"derivatives", "tensor"},
    "trace": {"tensor", "rewriting"},
    "running": {"rewriting", "trace"},
    "naming": {"tensor", "trace"},
    "recorded": {"naming", "running", "tensor", "trace", "walk"},
    "by_hand": set(),
    "judge": {"derivatives", "tensor", "transforms", "trace", "running", "rewriting", "walk"},
    "derivation": {"derivatives", "naming", "recorded", "signatures", "tensor", "trace", "walk"},
    "apart": set(),
    "marking": {"apart", "__version__"},
    "outputs": set(),
    "cli": {"apart", "derivation", "marking", "outputs", "judge", "recorded", "tensor", "trace", "viz", "__version__"},
    "__init__": {"derivation", "judge", "recorded", "tensor", "training", "transforms", "walk"},
}
THIRD_PARTY = {"numpy", "tqdm", "dask", "sympy"}  # all but NumPy are imported only where they are asked for


def imports_of(path):
    """(level, module) of every import in a file, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.level, node.module or alias.name) for alias in node.names)


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rooms_imported(path):
    """Which rooms of the package, and viz, a file imports."""
    depth = len(path.relative_to(PACKAGE).parts)
    for level, module in imports_of(path):
        first = module.partition(".")[0]
        if level == depth or (level == 0 and first == "viz"):
            yield first
        elif level == 0 and first == "tinygrad_dnn":
            yield module.split(".")[1] if "." in module else "__init__"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    room = room_of(path)
    assert set(rooms_imported(path)) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_numpy_is_the_only_hard_dependency(path):
    import sys

    outside = {m.partition(".")[0] for level, m in imports_of(path) if level == 0} - set(sys.stdlib_module_names)
    assert outside <= THIRD_PARTY | {"tinygrad_dnn", "viz"}


@pytest.mark.parametrize("path", sorted((ROOT / "viz").rglob("*.py")), ids=lambda p: p.name)
def test_viz_uses_only_public_names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tinygrad_dnn"):
            assert node.module == "tinygrad_dnn"
            assert {alias.name for alias in node.names} <= set(tinygrad_dnn.__all__)


def test_no_module_bears_the_name_of_a_public_function():
    modules = {path.stem for path in PACKAGE.glob("*.py")} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert not modules & {name for name in tinygrad_dnn.__all__ if name[0].islower()}
