"""A file run as a program, statement by statement: what is left out and said, what is not there, what never ends."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tinygrad_dnn.cli import main
from tinygrad_dnn.program import running
from tinygrad_dnn.program.absent import Absent, MissingModuleError
from tinygrad_dnn.program.copies import LARGE, duplicate
from tinygrad_dnn.program.loops import WATCH
from tinygrad_dnn.program.running import run_program
from tinygrad_dnn.program.standins import ACTIVATIONS, backward, dictionary_to_vector, softmax, stand_in

MISSING = "no_such_module_anywhere"


@pytest.fixture
def ran(tmp_path):
    """Writes files, the first of them the program, and runs that."""

    def run(text, beside=(), name="homework.py"):
        for other, content in dict(beside).items():
            path = tmp_path / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return run_program(path)

    return run


@pytest.fixture
def hurried(monkeypatch):
    """What takes long is stopped after a tenth of the usual time."""
    for limit in ("AT_ONCE", "ALTOGETHER", "AT_LAST"):
        monkeypatch.setattr(running, limit, getattr(running, limit) / 10)


def value(program, name="x"):
    return vars(program.module)[name]


LEFT_OUT = {  # a program that binds x to 1 in the end, and what is said of it
    "an error": ("x = 1\ny = 1 / 0", ["Line 2 was left out: it raises ZeroDivisionError: division by zero."]),
    "what needs it": (
        "y = 1 / 0\nz = y + 1\nx = 1",
        ["Line 1 was left out: it raises ZeroDivisionError", "Line 2 was left out as well."],
    ),
    "no such name": ("x = 1\nx = nobody", ["Line 2 was left out: it raises NameError: name 'nobody' is not defined."]),
    "an end": ("import sys\nx = 1\nsys.exit(3)\n", ["Line 3 was left out: it raises SystemExit: 3."]),
    "an interrupt": ("x = 1\nraise KeyboardInterrupt", ["Line 2 was left out: it raises KeyboardInterrupt."]),
    "no such file": ("x = 1\nx = open('gone.txt').read()", ["FileNotFoundError"]),
    "no Python": ("x = 1\ndef f(:\n    pass\n", ["Line 2: not valid Python", "f was left out."]),
    "a class of what is not there": ("class A(Nobody):\n    pass\nx = 1", ["NameError: name 'Nobody'"]),
    "many errors": ("x = 1\n" + "1 / 0\n" * 9, ["Line 6 was left out", "Lines 7, 8, 9, 10 were left out as well."]),
    "Python 2": ("x = 1\nprint 'done', x", ["It is Python 2, and was read as such"]),
    "a question": ("x = len(input('how many? ')) + 1", []),
    "arguments": ("import sys\nx = len(sys.argv)", []),
    "an argument that is not given": ("import sys\nx = 1\nx = sys.argv[1]", ["IndexError"]),
    "a main block": ("y = 1\nif __name__ == '__main__':\n    z = 1 / 0\n    x = y\n", ["Line 3 was left out"]),
    "the other way round": ("if '__main__' == __name__:\n    x = 1\n", []),
    "what is printed": ("x = print('x' * 1000) or 1", []),
    "what warns": ("import warnings\nwarnings.warn('careful')\nx = 1", []),
    "future": ("from __future__ import annotations\ndef f(a: Nobody): pass\nx = 1", []),
    "a picture": ("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nx = 1", []),
    "yesterday's NumPy": ("from numpy import ones, Inf\nx = int(sum(ones(3)) < Inf)", []),
}


@pytest.mark.parametrize(("text", "said"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_fails_is_left_out_and_said_and_the_rest_runs(ran, capsys, text, said):
    program = ran(text)
    assert value(program) == 1
    notes = " ".join(program.notes)
    assert all(one in notes for one in said), notes
    assert bool(notes) == bool(said), notes
    assert capsys.readouterr().out == ""


def test_what_a_program_changes_of_ours_is_put_back(ran):
    before = sys.argv[:], Path.cwd(), __builtins__["input"]
    ran("import os, sys\nsys.argv.append('more')\nos.chdir('/')\nx = 1")
    assert (sys.argv, Path.cwd(), __builtins__["input"]) == before


def test_a_program_runs_in_its_own_folder(ran):
    assert value(ran("x = open('data.txt').read()", {"data.txt": "7"})) == "7"


ENDLESS = {
    "at the top": "x = 0\nwhile True:\n    x += 1\n",
    "in a function": "x = 0\ndef f():\n    global x\n    while 1:\n        x += 1\nf()\n",
    "that catches all": "x = 0\nwhile True:\n    try:\n        x += 1\n    except BaseException:\n        pass\n",
    "of calls": "x = 1\ndef f():\n    return f()\nf()\n",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_never_ends_is_stopped_and_said_and_what_follows_runs(ran, hurried, text):
    program = ran(text + "y = 5\n")
    assert value(program) > 0
    assert value(program, "y") == 5
    assert any("was stopped: it takes long" in note or "RecursionError" in note for note in program.notes)


def test_a_loop_that_ends_runs_to_its_end(ran):
    program = ran("x = 0\nfor i in range(20000):\n    x += i\n")
    assert value(program) == sum(range(20000))
    assert program.notes == []


ABSENT = {  # a program, x in the end, and what is said beside of the missing module
    "is drawn on": ("fig, ax = M.subplots(2)\nax.plot([1], label='a')\nax.lines = 3\nx = 1", 1),
    "decorates": ("@M.jit\ndef f(a):\n    return a + 1\nx = f(1)", 2),
    "decorates with arguments": ("@M.jit(nopython=True)\ndef f(a):\n    return a + 1\nx = f(1)", 2),
    "shows progress": ("x = sum(M.tqdm([1, 2, 3]))", 6),
    "counts progress": ("x = sum(M.trange(4))", 6),
    "is a base": ("class A(M.Base):\n    def f(self):\n        return 4\nx = A().f()", 4),
    "is entered": ("with M.timer() as t:\n    x = 1", 1),
}


@pytest.mark.parametrize(("text", "x"), ABSENT.values(), ids=ABSENT.keys())
def test_a_module_that_is_not_there_stands_for_itself(ran, text, x):
    program = ran(f"import {MISSING}.part as M\n{text}\n")
    assert value(program) == x
    assert program.notes == [f"Not here: the module {MISSING}."]
    assert not [name for name in sys.modules if MISSING in name]


NEEDED = ["M.data + 1", "2 * M.load(3)", "float(M.x)", "M.x @ M.x", "np.exp(M.x)", "list(M.x)", "M.x[0] > 1", "-M.x"]


@pytest.mark.parametrize("expression", [*NEEDED, "bool(M.x)", "len(M.x)", "np.array(M.x) + 1", "3 in M.x"])
def test_no_number_is_made_up_for_what_a_missing_module_would_give(ran, expression):
    program = ran(f"import numpy as np\nimport {MISSING} as M\nx = {expression}\n")
    assert "x" in program.lost
    assert not isinstance(vars(program.module).get("x"), int | float | list | np.ndarray)


def test_what_needs_a_missing_value_says_which_module_it_is():
    with pytest.raises(MissingModuleError, match=r"utils\.data is needed, and there is no module utils"):
        Absent("utils.data") + 1


def test_the_helpers_of_courses_are_textbook_and_said(ran):
    program = ran("from course_utils_of_nobody import sigmoid, tricky\nimport numpy as np\nx = sigmoid(0.0)\n")
    assert value(program) == 0.5
    assert program.notes == ["Not here: the module course_utils_of_nobody; course_utils_of_nobody.sigmoid is taken for "
                             "what the textbook has."]  # fmt: skip


def test_a_helper_gives_a_cache_where_the_file_unpacks_one(ran):
    program = ran(
        "from course_utils_of_nobody import relu\nimport numpy as np\nx, cache = relu(np.array([-1.0, 2.0]))\n"
    )
    assert value(program).tolist() == [0, 2]
    assert value(program, "cache").tolist() == [-1, 2]


def test_a_name_that_nothing_defines_is_taken_from_the_textbook_and_the_own_one_is_kept(ran):
    program = ran("x = sigmoid(0.0)\ndef tanh(z):\n    return 'mine'\ny = tanh(1)\n")
    assert (value(program), value(program, "y")) == (0.5, "mine")
    assert program.notes == ["Taken for what the textbook has, as nothing here defines it: sigmoid."]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("ending", ["_backward", "_derivative", "_prime"])
def test_the_textbooks_derivatives_are_those_of_its_functions(name, ending):
    Z, h = np.linspace(-2.05, 2, 9), 1e-6
    f, slope = stand_in(name, 0), stand_in(name + ending, 0)
    truth = (f(Z + h) - f(Z - h)) / (2 * h)
    found = slope(3.0, Z) / 3.0 if ending == "_backward" else slope(Z)
    assert np.allclose(found, truth, 1e-6, 1e-9)


def test_the_textbooks_backward_is_no_multiple_of_another():
    assert not np.allclose(backward(ACTIVATIONS["tanh"][1])(1.0, np.ones(3)), ACTIVATIONS["sigmoid"][1](np.ones(3)))


def test_the_textbooks_softmax_sums_to_one_over_classes_and_its_vector_holds_every_entry():
    assert np.allclose(softmax(np.random.default_rng(0).normal(size=(3, 5)) * 400).sum(axis=0), 1)
    vector, keys = dictionary_to_vector({"W1": np.arange(4.0).reshape(2, 2), "b1": np.array([[7.0]])})
    assert vector.ravel().tolist() == [0, 1, 2, 3, 7]
    assert keys == ["W1"] * 4 + ["b1"]


BESIDE = {  # a program, what lies beside it, and x
    "a module": ("from mine import half\nx = half(3.0)", {"mine.py": "def half(a):\n    return a / 2\n"}, 1.5),
    "one with an error in it": (
        "from mine import half\nx = half(3.0)",
        {"mine.py": "1 / 0\ndef half(a):\n    return a / 2\n"}, 1.5),
    "one of Python 2": ("from mine import two\nx = two", {"mine.py": "two = 2\nprint two\n"}, 2),
    "one that imports another": (
        "import mine\nx = mine.other.two",
        {"mine.py": "import other_of_mine as other", "other_of_mine.py": "two = 2"}, 2),
    "one that needs what is not there": (
        "from mine import two\nx = two", {"mine.py": f"import {MISSING}\ntwo = 2\n"}, 2),
    "a package": (
        "from pack.layers import two\nx = two",
        {"pack/__init__.py": "", "pack/layers.py": "from .consts import two", "pack/consts.py": "two = 2"}, 2),
    "a folder without __init__": ("from pack.layers import two\nx = two", {"pack/layers.py": "two = 2"}, 2),
}  # fmt: skip


@pytest.mark.parametrize(("text", "beside", "x"), BESIDE.values(), ids=BESIDE.keys())
def test_what_lies_beside_is_found_and_read_as_the_file_is(ran, text, beside, x):
    assert value(ran(text, beside)) == x


def test_an_error_in_what_lies_beside_is_said_with_its_place(ran):
    program = ran("import mine\nx = 1", {"mine.py": "two = 2\n1 / 0\n"})
    assert program.notes == ["mine.py, line 2 was left out: it raises ZeroDivisionError: division by zero."]


def test_a_file_of_a_package_imports_from_it(ran):
    beside = {"pack/__init__.py": "two = 2", "pack/other.py": "three = 3"}
    program = ran("from . import two\nfrom .other import three\nx = two + three", beside, "pack/main.py")
    assert value(program) == 5


def test_helpers_of_one_name_in_two_folders_are_not_mixed_up(ran):
    """In one process, where the second import would find the first one's module."""
    text = "from helper_of_somebody import half\nx = half\n"
    for folder, half in (("alice", 1.0), ("bob", 0.5), ("alice", 1.0)):
        assert value(ran(text, {f"{folder}/helper_of_somebody.py": f"half = {half}\n"}, f"{folder}/hw.py")) == half


def test_a_loop_is_kept_as_it_began_first(ran):
    program = ran("x = [1.0]\nfor i in range(3):\n    x[0] += 1\n    x.append(i)\n")
    (start,) = program.loops.starts.values()
    assert start.variables["x"] == [1.0]
    assert start.variables["i"] == 0
    assert value(program)[0] == 4.0


def test_loops_in_functions_and_functions_are_kept_with_what_they_were_given(ran):
    program = ran("def f(a):\n    a = a * 2\n    while a < 9:\n        a *= 2\n    return a\nx = f(1)\nf(5)\n")
    by_line = {key[0]: start for key, start in program.loops.starts.items()}
    assert by_line[1].variables == {"a": 1}
    assert (by_line[3].variables["a"], by_line[3].function) == (2, "f")


def test_after_the_run_functions_run_as_they_would_without_being_watched(ran):
    program = ran("def f(n):\n    for i in range(n):\n        pass\n    return n\nx = f(2)\n")
    assert WATCH not in value(program, "f").__code__.co_names
    with program.loops.again(1.0):
        assert WATCH in value(program, "f").__code__.co_names
    assert value(program, "f")(3) == 3


def test_a_copy_shares_what_was_shared_and_no_more():
    W = np.ones(2)
    copied = duplicate({"W": W, "params": {"W": W}, "rest": [np.zeros(2)]})
    assert copied["W"] is copied["params"]["W"]
    assert copied["W"] is not W
    copied["W"] += 1
    assert W.tolist() == [1, 1]


def test_large_data_and_what_libraries_make_are_not_copied():
    pyplot = pytest.importorskip("matplotlib.figure")
    data, figure, rng = np.zeros(LARGE // 8 + 1), pyplot.Figure(), np.random.default_rng(0)
    copied = duplicate({"X": data, "figure": figure, "axes": [figure.subplots()], "rng": rng})
    assert copied["X"] is data
    assert copied["figure"] is figure
    assert copied["axes"][0] is figure.axes[0]
    assert copied["rng"] is not rng  # each run has to draw the same numbers


def test_what_could_not_be_loaded_is_run_again_with_data_that_are_given(ran):
    program = ran("import numpy as np\nX = np.load('gone.npy')\nm = len(X)\nx = 1\nx = X.sum() + m\n")
    assert value(program) == 1
    assert "X" in program.lost
    names = program.go_on(lambda name, _: np.ones(3) if name == "X" else None, lambda _: "")
    assert names == ["X"]
    assert (value(program, "m"), value(program)) == (3, 6)


def test_no_argument_of_ours_reaches_a_function_that_is_tried(tmp_path, capsys):
    from tinygrad_dnn.cli import main

    text = """
        import argparse
        import numpy as np
        def train():
            parser = argparse.ArgumentParser()
            parser.add_argument("--rate", type=float, default=0.1)
            rate = parser.parse_args().rate
            X = np.random.default_rng(0).normal(size=(9, 2))
            w = np.ones(2)
            for i in range(3):
                error = X @ w - X[:, 0] ** 2
                loss = np.mean(error**2) / 2
                dw = X.T @ error / len(X)
                w -= rate * dw
    """
    path = tmp_path / "train.py"
    path.write_text("\n".join(line[8:] for line in text.split("\n")))
    assert main(["check", str(path), "--no-suggest", "--json"]) == 0, capsys.readouterr()


def test_the_folder_is_left_though_it_is_gone(ran):
    here = Path.cwd()
    ran("import os, shutil\nos.makedirs('gone', exist_ok=True)\nos.chdir('gone')\nos.rmdir('../gone')\nx = 1")
    assert Path.cwd() == here
    assert os.path.isdir(here)


def test_progress_bars_of_a_file_are_not_in_its_report(tmp_path, capsys):
    path = tmp_path / "noisy.py"
    path.write_text("import sys\nfor i in range(5):\n    print(i, file=sys.stderr)\nw = undefined_name\n")
    main(["check", str(path)])
    err = capsys.readouterr().err
    assert not any(line.strip().isdigit() for line in err.splitlines())


def test_what_ran_with_what_a_name_had_been_before_runs_again_with_data_that_are_given(ran):
    program = ran("import numpy as np\nX = np.ones(2)\nX = np.load('gone.npy')\nm = len(X)\nn = m + 1\nx = 1\n")
    assert value(program, "n") == 3
    program.go_on(lambda name, _: np.ones(5) if name == "X" else None, lambda _: "")
    assert (value(program, "m"), value(program, "n"), value(program)) == (5, 6, 1)


COMMAND = """
import argparse
import numpy as np
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["linear", "other"])
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0.1)
    options = parser.parse_args()
    X, w = np.arange(12.0).reshape(6, 2) / 6, np.zeros(2)
    y = X @ [1.0, 2.0]
    for i in range(options.epochs):
        r = X @ w - y
        loss = np.mean(r**2)
        w -= options.rate * 2 * X.T @ r / 6
main()
"""


def test_a_command_line_that_is_asked_for_and_not_given_is_answered_and_said(tmp_path):
    (tmp_path / "training.py").write_text(COMMAND)
    program = run_program(tmp_path / "training.py")
    assert "The command line is taken as linear --epochs 3." in program.notes
    assert not [note for note in program.notes if "left out" in note]
    loop = COMMAND.splitlines().index("    for i in range(options.epochs):") + 1
    assert any(line == loop for line, _ in program.loops.starts)
