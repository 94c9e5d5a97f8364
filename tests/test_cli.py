"""The command line: exit codes, one clear line where a file does not run, and pictures."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tinygrad_dnn.cli import main

FILE = """
import numpy as np

X, y = np.arange(6.0).reshape(3, 2), np.array([1.0, 0.0, 2.0])
parameters = {"w": np.array([0.5, -1.0]), "b": 0.25}

def cost(p):
    return np.mean((X @ p["w"] + p["b"] - y) ** 2)

def gradients(p):
    r = X @ p["w"] + p["b"] - y
    return {"dw": 2 * X.T @ r / 3, "db": 2 * r.mean()}
"""


@pytest.fixture
def file(tmp_path):
    """A function that writes a text to a file and gives its path."""

    def write(text, name="homework.py"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_a_right_file_exits_with_0_and_says_nothing_on_stderr(file, capsys):
    assert main(["check", file(FILE)]) == 0
    out, err = capsys.readouterr()
    assert "2 gradients: 2 right." in out
    assert err == ""


def test_a_wrong_file_exits_with_1(file, capsys):
    assert main(["check", file(FILE.replace("2 * r.mean()", "r.mean()"))]) == 1
    assert "db: is 0.5 times the right one" in capsys.readouterr().out


def test_a_missing_gradient_exits_with_2(file, capsys):
    assert main(["check", file(FILE.replace(', "db": 2 * r.mean()', ""))]) == 2
    assert "UNCHECKED" in capsys.readouterr().out


def test_of_several_files_one_wrong_one_decides(file, capfd):
    files = [file(FILE, "a.py"), file(FILE.replace("2 * r", "3 * r"), "b.py"), file("1 / 0", "c.py")]
    assert main(["check", *files]) == 1
    out = capfd.readouterr().out
    assert f"{files[2]}:\nNot checked: {files[2]}: it defines no cost, and no gradient in it is written by hand" in out
    assert "Line 1 was left out: it raises ZeroDivisionError: division by zero." in out
    assert out.endswith(f"3 files: 1 right, 1 wrong, 1 not checked whole ({files[2]}).\n")
    assert main(["check", files[0], files[2]]) == 2


def test_helpers_of_one_name_in_two_folders_are_not_mixed_up(tmp_path):
    text = FILE.replace("import numpy as np", "import numpy as np\nfrom helper import half")
    for folder, half in (("alice", "1.0"), ("bob", "0.5")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "helper.py").write_text(f"half = {half}\n")
        (tmp_path / folder / "hw.py").write_text(text.replace("2 * r.mean()", "2 * half * r.mean()"))
    files = [str(tmp_path / folder / "hw.py") for folder in ("alice", "bob")]
    assert main(["check", *files]) == 1
    assert [main(["check", file]) for file in files] == [0, 1]


def test_an_import_inside_a_function_finds_what_lies_beside_the_file(file):
    file("two = 2\n", "numbers_of_mine.py")
    text = FILE.replace("    r = X", "    from numbers_of_mine import two\n    r = X").replace(
        "2 * r.mean()", "two * r.mean()"
    )
    assert main(["check", file(text)]) == 0


def test_what_a_file_prints_does_not_drown_the_report(file, capsys):
    chatty = FILE.replace("def cost(p):\n", "def cost(p):\n    print('cost', p)\n")
    assert main(["check", file(chatty)]) == 0
    assert "cost" not in capsys.readouterr().out
    pytest.importorskip("graphviz")
    assert main(["draw", file(chatty)]) == 0
    assert capsys.readouterr().out.startswith("digraph {")


BROKEN = {
    "an unknown name": (FILE.replace("- y) ** 2", "- z) ** 2"), ":8: NameError: name 'z'"),
    "an error in gradients": (FILE.replace("X.T @ r", "X @ r"), ":12: ValueError: matmul"),
    "no dict": (FILE.replace('{"w": np.array([0.5, -1.0]), "b": 0.25}', "{1}"), ": TypeError: its parameters is set"),
    "an end in gradients": (FILE.replace("    r = X", "    exit()\n    r = X"), ":11: SystemExit: None"),
    "a cost of three numbers": (FILE.replace("np.mean(", "("), ": TypeError: cost(parameters) returned ndarray"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_does_not_run_gives_one_line_with_its_place(file, capsys, text, message):
    path = file(text)
    assert main(["check", path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(path + message)
    assert err.count("\n") == 1


LEFT_OUT = {
    "a syntax error": ("def f(:\n    return 1", "not valid Python (invalid syntax): f was left out."),
    "an error while it runs": ("z = np.ones(3) @ np.ones(4)", "was left out: it raises ValueError: matmul: "),
    "an end": ("import sys; sys.exit(0)", "was left out: it raises SystemExit: 0."),
}


@pytest.mark.parametrize(("text", "message"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_fails_is_left_out_and_said_and_the_rest_is_checked(file, capsys, text, message):
    """As Jupyter goes on after a cell that raises; where nothing is left to check, it says the same."""
    wrong = FILE.replace("2 * r.mean()", "r.mean()")
    for whole, code in ((FILE, 0), (wrong, 1), ("import numpy as np\n", 2)):
        assert main(["check", "--no-suggest", file(whole + text)]) == code
        said = " ".join("".join(capsys.readouterr()).split())
        assert f"Line {whole.count(chr(10)) + 1}" in said
        assert message in said


def test_a_file_may_define_a_dataclass(file):
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    n: int\n"
    assert main(["check", file(text + FILE)]) == 0


def test_a_file_that_is_not_there_is_named(capsys):
    assert main(["check", "nowhere.py"]) == 2
    assert capsys.readouterr().err == "nowhere.py: No such file or directory\n"


def test_a_file_can_import_what_lies_beside_it(file, capsys):
    file("half = 0.5\n", "constants_of_mine.py")
    assert main(["check", file("from constants_of_mine import half\n" + FILE)]) == 0


@pytest.mark.parametrize("ending", ["svg", "png", "dot"])
def test_draw_saves_the_picture(file, tmp_path, ending):
    pytest.importorskip("pygraphviz")
    picture = tmp_path / f"graph.{ending}"
    assert main(["draw", file(FILE), "-o", str(picture)]) == 0
    assert picture.stat().st_size > 100


def test_draw_without_a_path_prints_dot(file, capsys):
    pytest.importorskip("graphviz")
    assert main(["draw", file(FILE)]) == 0
    assert capsys.readouterr().out.startswith("digraph {")


def test_draw_takes_the_file_after_a_flag(file, capsys):
    for flag in ("--backward", "--backward-alone", "--local"):
        assert main(["draw", flag, file(FILE)]) == 0
        assert capsys.readouterr().out.startswith("digraph")


def test_draw_names_what_the_file_names(file, capsys):
    pytest.importorskip("graphviz")
    named = FILE.replace('    return np.mean((X @ p["w"]', '    Z = X @ p["w"]\n    return np.mean((Z')
    assert main(["draw", file(named)]) == 0
    assert ">Z<" in capsys.readouterr().out


def test_draw_says_what_is_wrong_with_the_output_and_not_with_the_file(file, capsys):
    assert main(["draw", file(FILE), "-o", "a.bmp"]) == 2
    assert capsys.readouterr().err.startswith("tinygrad-dnn draw: ")


def notebook(*cells):
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(("old", "new", "code"), [("", "", 0), ("2 * r.mean()", "r.mean()", 1)])
def test_a_notebook_is_checked_as_a_file_is(file, old, new, code):
    top, gradients = FILE.replace(old, new).split("def gradients", 1)
    assert main(["check", "--no-suggest", file(notebook(top, "def gradients" + gradients), "a.ipynb")]) == code


def test_a_notebook_that_cannot_be_read_says_so(file, capsys):
    assert main(["check", file("{}", "a.ipynb")]) == 2
    assert "It is no notebook that can be read: it has no cells." in capsys.readouterr().err


def test_draw_of_a_cost_that_cannot_be_recorded_says_what_to_write(file, capsys):
    assert main(["draw", file(FILE.replace('p["w"]', 'np.linalg.qr(p["w"])', 1))]) == 2
    err = capsys.readouterr().err
    assert ":8: TypeError: np.linalg.qr is not recorded" in err


def test_draw_of_a_method_of_a_plain_array_is_drawn(file, capsys):
    assert main(["draw", file(FILE.replace("X @ p", "X.dot(p").replace("] + p", "]) + p"))]) == 0
    assert "dot" in capsys.readouterr().out


def test_check_as_json_is_the_report_for_a_program(file, capsys):
    wrong = FILE.replace("2 * r.mean()", "r.mean()")
    assert main(["check", "--json", file(wrong)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert found["fix"]["line"] > 0
    assert {row["name"]: row["verdict"] for row in found["gradients"]}["db"] == "wrong"


def test_the_search_for_a_fix_can_be_left_out(file, capsys):
    assert main(["check", "--no-suggest", file(FILE.replace("2 * r.mean()", "r.mean()"))]) == 1
    assert "Fix:" not in capsys.readouterr().out


def test_the_command_is_installed():
    command = Path(sys.executable).with_name("tinygrad-dnn")
    if not command.exists():
        pytest.skip("the package is not installed, only imported")
    assert subprocess.run([command, "--version"], capture_output=True, text=True).stdout.startswith("tinygrad-dnn ")


def test_reports_in_the_forms_of_graders(file, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    wrong = file(FILE.replace("2 * r.mean()", "r.mean()"))
    paths = {form: str(tmp_path / f"{form}.out") for form in ("junit", "gradescope", "prairielearn", "markdown")}
    assert main(["check", wrong, *(x for form, path in paths.items() for x in (f"--{form}", path))]) == 1
    suite = ElementTree.parse(paths["junit"]).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    scores = {test["name"][-2:]: test["score"] for test in json.loads(Path(paths["gradescope"]).read_text())["tests"]}
    assert scores == {"dw": 1.0, "db": 0.0}
    assert json.loads(Path(paths["prairielearn"]).read_text())["score"] == 0.5
    assert "| db | wrong |" in Path(paths["markdown"]).read_text()


HOSTILE = {
    "endless": "while True: pass",
    "leaving": "import os; os._exit(0)",
    "exit": "import sys; sys.exit(0)",
    "memory": "x = bytearray(10 ** 12)",
    "chatty": "while True: print('x' * 10 ** 6)",
    "recursion": "def f(): return f()\nf()",
    "forking": "import os\nos.fork()\nwhile True: pass",
    "disk": "open('big', 'wb').write(bytes(2 ** 28))",
    "question": "input('name? ')",
    "vanishing": "import os; os.remove(__file__); raise KeyError('gone')",
}


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
def test_ten_hostile_files_get_ten_reports_and_the_eleventh_is_right(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.chdir(tmp_path)
    for name, text in HOSTILE.items():
        (tmp_path / f"a_{name}.py").write_text(text + "\n")
    (tmp_path / "right.py").write_text(FILE)
    assert main(["check", str(tmp_path), "--timeout", "6", "--memory", "1500"]) == 2
    out = capsys.readouterr().out
    assert out.count("Not checked: ") == 10
    assert "11 files: 1 right, 0 wrong, 10 not checked whole" in out
    assert out.index("right.py:") > out.index("a_vanishing.py:")


def test_a_folder_without_anything_to_check_is_not_all_right(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("read me")
    assert main(["check", str(tmp_path)]) == 2
    assert f"nothing to check in {tmp_path}" in capsys.readouterr().err


def test_a_notebook_in_a_folder_is_counted(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    (tmp_path / "a.ipynb").write_text(notebook(FILE))
    (tmp_path / "b.ipynb").write_text(notebook())
    assert main(["check", str(tmp_path)]) == 2
    assert "2 files: 1 right, 0 wrong, 1 not checked whole" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["check"], ["explain"], ["draw"]])
def test_a_file_whose_parameters_are_a_list_is_checked_explained_and_drawn(file, capsys, command):
    if command == ["draw"]:
        pytest.importorskip("graphviz")
    text = (
        FILE.replace('{"w": np.array([0.5, -1.0]), "b": 0.25}', "[np.array([0.5, -1.0]), 0.25]")
        .replace('p["w"]', "p[0]")
        .replace('p["b"]', "p[1]")
    )
    text = text[: text.index("def gradients")] + (
        "def gradients(p):\n    r = X @ p[0] + p[1] - y\n    return [2 * X.T @ r / len(y), 2 * r.mean()]\n"
    )
    assert main([*command, file(text)]) == 0, capsys.readouterr()


def test_a_file_that_reads_what_is_typed_waits_for_nobody(file):
    """Neither open(0) nor sys.stdin; a table is read from a path and from no number."""
    text = "import sys\nimport pandas as pd\ntyped = open(0).read() + sys.stdin.read()\ntable = pd.read_csv(0)\n" + FILE
    command = [Path(sys.executable).with_name("tinygrad-dnn"), "check", file(text), "--timeout", "20"]
    read, write = os.pipe()  # into which nothing is written
    try:
        ran = subprocess.run(command, stdin=read, capture_output=True, text=True, timeout=60)
    finally:
        os.close(read)
        os.close(write)
    assert "2 gradients: 2 right" in ran.stdout
