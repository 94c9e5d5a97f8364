"""The house: which room may import which, what is public, and what a newcomer finds written of it."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tinygrad_dnn

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tinygrad_dnn"
MAY_IMPORT = {  # of the other rooms, from the bottom of the house to the top
    "by_hand": set(),
    "engine": set(),
    "replay": {"engine"},
    "transforms": {"engine", "replay"},
    "training": {"engine", "transforms"},
    "program": {"engine", "transforms"},
    "judge": {"engine", "transforms", "program"},
    "mistakes": {"engine", "program", "judge"},
    "checking": {"engine", "program", "judge", "mistakes"},
    "derivation": {"engine", "program"},
    "grading": {"__init__"},
    "__init__": {"engine", "transforms", "training", "program", "judge", "checking", "derivation"},
    "cli": {"__init__", "program", "judge", "checking", "derivation", "grading", "viz"},
}
THIRD_PARTY = {  # all but NumPy are imported only where they are asked for, or a file is no plain Python
    "numpy", "tqdm", "dask", "sympy", "IPython", "parso", "markdown_it", "fissix",
}  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 350  # lines of a file
MAY_BE_LONGER = {"engine/derivatives.py", "mistakes/causes.py"}  # a table, and what a table is to replace


def modules(package):
    """The file of each module of a package, by its dotted name within it."""
    named = {path: path.relative_to(package).with_suffix("").parts for path in package.rglob("*.py")}
    return {".".join(p for i, p in enumerate(parts) if p != "__init__" or not i): f for f, parts in named.items()}


def imported(path, package):
    """The dotted names of what a file imports, in functions and for types alone too."""
    here = path.relative_to(package.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) - node.level + 1] if node.level else ()
            yield from (".".join([*start, *filter(None, [node.module]), alias.name]) for alias in node.names)


def within(name, package, known):
    """The module of the package that a dotted name is, or is defined in; None where it is another's."""
    first, *rest = name.split(".")
    while rest and ".".join(rest) not in known:
        rest.pop()
    return (".".join(rest) or "__init__") if first == package.name else None


def wrong_directions(package):
    """(file, room) where a file imports a room that its own may not."""
    known = modules(package)
    for name, path in known.items():
        room = name.partition(".")[0]
        for other in imported(path, package):
            target = within(other, package, known)
            target = target.partition(".")[0] if target else other.partition(".")[0]
            if target != room and target in {*MAY_IMPORT, "viz"} and target not in MAY_IMPORT[room]:
                yield name, target


def circles(package):
    """The modules that import each other, by whatever way."""
    known = modules(package)
    imports = {
        name: {t for other in imported(path, package) if (t := within(other, package, known)) and t != name}
        for name, path in known.items()
    }
    while leaves := [name for name, targets in imports.items() if not targets & imports.keys()]:
        for name in leaves:
            del imports[name]
    return set(imports)


def test_imports_run_one_way():
    assert list(wrong_directions(PACKAGE)) == []


@pytest.mark.parametrize("package", [PACKAGE, ROOT / "viz"], ids=["tinygrad_dnn", "viz"])
def test_no_import_runs_in_a_circle(package):
    assert circles(package) == set()


@pytest.mark.parametrize(
    ("file", "line", "found"),
    [
        ("engine/walk.py", "from ..judge.report import Row", ("engine.walk", "judge")),
        ("judge/verdicts.py", "from ..mistakes.advice import advise", ("judge.verdicts", "mistakes")),
        ("program/loading.py", "def f():\n    from ..checking import check", ("program.loading", "checking")),
        ("by_hand/deep.py", "from tinygrad_dnn import Tensor", ("by_hand.deep", "__init__")),
        ("derivation/order.py", "import viz", ("derivation.order", "viz")),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(file, line, found, tmp_path):
    package = shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    (package / file).write_text(f"{(package / file).read_text()}\n{line}\n")
    assert list(wrong_directions(package)) == [found]


def test_a_circle_is_found(tmp_path):
    package = shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    file = package / "judge" / "display.py"
    file.write_text(f"{file.read_text()}\nif TYPE_CHECKING:\n    from .report import Report\n")
    assert {"judge.display", "judge.report"} <= circles(package)


def test_the_engine_stands_alone(tmp_path):
    shutil.copytree(PACKAGE / "engine", tmp_path / "engine")
    code = "import sys, engine.tensor as t; t.Tensor(2.0).backward(); print({m.partition('.')[0] for m in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(ast.literal_eval(ran.stdout)) - sys.stdlib_module_names - {"__main__", "sitecustomize"} <= {
        "engine", "numpy", *loaded_by("numpy")
    }  # fmt: skip


def loaded_by(module):
    """What a process has loaded that imports this alone."""
    code = f"import sys, {module}; print({{m.partition('.')[0] for m in sys.modules}})"
    return ast.literal_eval(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)


def test_numpy_is_the_only_hard_dependency():
    names = {name.partition(".")[0] for path in FILES for name in imported(path, PACKAGE)}
    assert names - set(sys.stdlib_module_names) <= THIRD_PARTY | {"tinygrad_dnn", "viz"}


@pytest.mark.parametrize("path", sorted((ROOT / "viz").rglob("*.py")), ids=lambda p: p.name)
def test_viz_uses_only_public_names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tinygrad_dnn"):
            assert node.module == "tinygrad_dnn"
            assert {alias.name for alias in node.names} <= set(tinygrad_dnn.__all__)


def test_no_module_bears_the_name_of_a_public_function():
    named = {part for path in FILES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not named & {name for name in tinygrad_dnn.__all__ if name[0].islower()}


def test_a_file_can_be_read_at_a_sitting():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    lengths |= {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in (ROOT / "viz").rglob("*.py")}
    long = {
        name: n
        for name, n in lengths.items()
        if n > LONGEST and name.removeprefix("tinygrad_dnn/") not in MAY_BE_LONGER
    }
    assert long == {}


def test_the_table_of_rooms_is_complete():
    """A line for each entry of the package and of the engine, and for each folder of the project; no other line."""
    said = re.findall(r"^\| `([\w/.]+)` \|", (ROOT / "CONTRIBUTING.md").read_text(), re.M)
    rooms = {entry_of(path, "") for path in PACKAGE.iterdir()} | {
        entry_of(path, "engine/") for path in (PACKAGE / "engine").iterdir() if path.name != "tensor.py"
    }
    folders = {f"{name}/" for name in ("viz", "examples", "benchmarks", "tests", "docs")}
    assert sorted(said) == sorted((rooms | folders) - {None})


def test_each_file_of_a_room_is_told():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    lines = dict(re.findall(r"^- `(\w+)/`: (.*(?:\n  .*)*)", text, re.M))
    for room in {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"engine", "__pycache__"}:
        files = {path.stem for path in (PACKAGE / room).rglob("*.py")} - {"__init__"}
        folders = {path.name for path in (PACKAGE / room).iterdir() if path.is_dir()} - {"__pycache__"}
        assert set(re.findall(r"`(\w+)/?`", lines[room])) == files | folders


def entry_of(path, within):
    """How a table calls a file or a folder; None for what is in none."""
    if path.name in ("__init__.py", "__pycache__", "py.typed"):
        return None
    return f"{within}{path.name}{'/' * path.is_dir()}"


SUBMISSIONS = ROOT / "tests" / "data" / "submissions"
KEYS = {"file", "style", "correct", "mistake", "line", "repaired", "wrong_gradients", "right_gradients", "explanation",
        "driver"}  # fmt: skip


@pytest.mark.parametrize("index", sorted(SUBMISSIONS.glob("*/index.json")), ids=lambda path: path.parent.name)
def test_the_labelled_submissions_have_one_format_and_are_described(index):
    entries = json.loads(index.read_text())
    more = {"written", "recognisable_by"} if index.parent.name == "without_driver" else set()
    assert all(set(entry) == KEYS | more for entry in entries)
    files = {path.name for path in index.parent.iterdir()} - {"index.json", "__pycache__"}
    assert len(entries) == len(files)
    assert {entry["file"] for entry in entries} == files
    assert f"| `{index.parent.name}` | {len(files)} |" in (SUBMISSIONS / "README.md").read_text()


FAULTS = json.loads((ROOT / "tests" / "data" / "planted_faults.json").read_text())


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault['file']}-{i}" for i, fault in enumerate(FAULTS)])
def test_the_planted_faults_fit_the_code(fault):
    """benchmarks/faults.py plants them: what each replaces stands in its file, once."""
    text = (ROOT / fault["file"]).read_text()
    assert text.count(fault["before"]) == 1
    ast.parse(text.replace(fault["before"], fault["after"]))
