"""What is said of a file that cannot be checked: what is missing, what is known, and a driver that works."""

import ast
import json
import textwrap

import pytest

from tinygrad_dnn.cli import main
from tinygrad_dnn.program.beside import as_name, module_of
from tinygrad_dnn.program.running import run_program

NET = """
    import numpy as np

    def make(table):
        return {"W": np.array(table["W"]), "b": np.zeros((1, 1))}

    def forward(X, parameters):
        Z = parameters["W"] @ X + parameters["b"]
        A = np.tanh(Z)
        return A, {"A": A}

    def cost(A, Y):
        return np.mean((A - Y) ** 2)

    def backward(cache, X, Y):
        dZ = 2 * (cache["A"] - Y) * (1 - cache["A"] ** 2) / Y.size
        return {"dW": dZ @ X.T, "db": dZ.sum(axis=1, keepdims=True)}
"""
CLASS = """
    import numpy as np

    class Line:
        def __init__(self, table):
            self.w, self.b = np.array(table["w"]), np.zeros(1)
            self.b = np.zeros(1)

        def forward(self, X):
            self.X = X
            return X @ self.w + self.b

        def loss(self, A, Y):
            return np.mean((A - Y) ** 2)

        def backward(self, A, Y):
            d = 2 * (A - Y) / len(Y)
            self.dw, self.db = self.X.T @ d, d.sum(keepdims=True)
"""
LOOP = """
    import numpy as np

    X, y = np.random.RandomState(0).randn(20, 3), np.random.RandomState(1).randn(20)
    w = np.zeros(3)
    for i in range(30):
        z = X @ w
        w = w - 0.01 * (X.T @ (np.tanh(z) ** 3 - y) * (1 + z**2).mean())
"""
DATA = "np.random.RandomState(0).randn(3, 7), np.random.RandomState(1).rand(1, 7)"


@pytest.fixture
def said(tmp_path, capsys):
    """What check says of a text on stderr, and its exit code is 2."""

    def check(text, name="homework.py", *more):
        (tmp_path / name).write_text(textwrap.dedent(text))
        assert main(["check", str(tmp_path / name), "--no-suggest", *more]) == 2
        return capsys.readouterr().err.replace(f"{tmp_path}/", "")

    return check


def notebook(text):
    """A text as a notebook with a cell for each part of it."""
    parts = textwrap.dedent(text).strip().split("\n\n")
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": part} for part in parts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def driver_in(answer):
    lines = answer.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith('        """What to check'))
    last = next(i for i, line in enumerate(lines) if line.startswith("    --driver PATH writes it"))
    return textwrap.dedent("\n".join(lines[first:last]))


MISSING = {
    "the gradient is no Python": (
        NET.replace("dZ = 2", "  dZ = 2"), "homework.py:17: IndentationError: unindent does not match any outer"),
    "the file is no Python": (
        "import numpy as np\n\n\ndef f(x):\ng = x\n",
        "homework.py:4: IndentationError: expected an indented block after function definition on line 4"),
    "a blank": (NET.replace('return {"dW"', 'dZ = None\n        return {"dW"').replace("dZ = 2", "e = 2"),
                "homework.py:17: backward: dZ is None: not filled in yet, line 17"),
    "a name": (NET.replace("2 * (cache", "two * (cache"), "homework.py:16: NameError: name 'two' is not defined"),
    "nothing": ("x = 3\n", "homework.py: it defines no cost, and no gradient in it is written by hand"),
    "a cost alone": ("def loss(w, X, y):\n    return ((X @ w - y) ** 2).mean()\n",
                     "homework.py: no gradient in it is written by hand; tinygrad-dnn explain and draw show its cost"),
    "no cost and no forward pass": (
        "def backward(cache, Y):\n    A, X = cache['stuff']\n    return {'dW': (A - Y) @ X.T}\n",
        "homework.py: there is a backward pass, and no forward pass and no cost: those are not in this file"),
    "what it is called with": (NET, "homework.py: nothing in it could be run on data that were made up for it."),
    "the cost of a loop": (LOOP, "homework.py:6: lines 6 to 8 at the top level update w, but no cost is"),
    "a cost, and nothing was seen": (
        LOOP.replace("np.tanh(z) ** 3", "np.sign(np.tanh(z) ** 3 - y)").replace("1 + z**2", "np.tanh(z.sum())"),
        "homework.py: there is a gradient, and no cost that it could be of"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "head"), MISSING.values(), ids=MISSING.keys())
def test_the_first_line_is_the_one_thing_that_is_missing_and_the_driver_is_python(said, text, head):
    answer = said(text)
    assert answer.startswith(head)
    tree = ast.parse(driver_in(answer))
    assert {n.name for n in tree.body if isinstance(n, ast.FunctionDef)} == {"cost", "gradients"}


def test_the_order_is_what_is_missing_what_is_known_the_driver_and_what_was_left_out(said):
    answer = said(NET + "\n    1 / 0\n")
    order = [
        "nothing in it could be run",
        "Understood:",
        "What to check can be said",
        "--driver PATH",
        "Line 19 was left",
    ]
    places = [answer.index(part) for part in order]
    assert places == sorted(places)


def test_what_is_understood_is_told_with_its_lines(said):
    answer = said(NET + "    X, Y = np.ones((3, 7)), np.ones((1, 7))\n")
    for line in (
        "parameters: W, b, made by make", "forward pass: forward(X, parameters), line 7", "cost: cost(A, Y), line 12",
        "backward pass: backward(cache, X, Y), line 15", "data: X (3, 7), Y (1, 7)",
    ):  # fmt: skip
        assert f"        {line}\n" in answer
    answer = said(LOOP)
    assert "        parameters: w (3,), variables of the file\n" in answer
    assert "        loop: lines 6 to 8 at the top level update w\n" in answer
    assert "# homework.py, lines 6 to 8 at the top level update w" in driver_in(answer)


def test_an_update_of_several_at_once_in_a_loop_that_never_ran_is_seen(said):
    """Nothing says that W and b are learnt but W, b = W - ..., b - ...; a countdown beside it is none."""
    answer = said("""
        def cost(table, X, y):
            return ((X @ table["W"][y] + table["b"]) ** 2).mean()

        def fit(X, y, table, turns):
            W, b = table["first"], 0.0 * {"as it was": 1}[table["name"]]
            while turns:
                r = X @ W + b - y
                W, b = W - 0.1 * X.T @ r, b - 0.1 * r.sum()
                turns = turns - 1
            return W, b
    """)
    assert answer.startswith("homework.py:7: lines 7 to 10 of fit update W, b, and nothing is known that it could be")
    assert "        loop: lines 7 to 10 update W, b\n" in answer


def test_an_error_in_a_notebook_that_is_no_python_has_its_cell(said):
    answer = said(notebook("import numpy as np\n\ndef backward(A):\nreturn A"), "a.ipynb")
    assert answer.startswith("a.ipynb, cell 2, line 1: IndentationError: expected an indented block after function")
    assert "definition on cell 2, line 1\n" in answer


def test_a_file_that_says_itself_what_to_check_is_told_its_error_and_no_driver(said):
    text = "parameters = {'w': 1.0}\ndef cost(p):\n    return p['v']\ndef gradients(p):\n    return {'dw': 1.0}\n"
    assert said(text) == "homework.py:3: KeyError: 'v'\n"


FILES = {
    "a Python file": ("homework.py", NET),
    "a notebook": ("homework.ipynb", notebook(NET)),
    "a notebook whose name is none": ("week 1-a.ipynb", notebook(NET)),
    "a Python file whose name is none": ("1st try.py", NET),
    "a text": ("notes.md", f"# Notes\n\n```python{textwrap.dedent(NET)}```\n"),
    "a file that is called as a module": ("random.py", NET),
}
MAKE = '{"W": np.random.RandomState(2).randn(1, 3)}'


@pytest.mark.parametrize(("name", "text"), FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize(("old", "new", "code"), [("", "", 0), ("2 * (cache", "3 * (cache", 1)])
def test_a_driver_is_written_filled_in_and_checked(tmp_path, capsys, name, text, old, new, code):
    file, driver = tmp_path / name, tmp_path / "what.py"
    file.write_text(textwrap.dedent(text).replace(old, new))
    assert main(["check", str(file), "--driver", str(driver)]) == 2
    assert f"{driver} is written: fill in the dots in 2 lines of it" in capsys.readouterr().out
    assert main(["check", str(driver)]) == 2
    assert "what.py:6: X, Y = ...: not filled in yet, line 6; parameters = make(...)" in capsys.readouterr().err
    driver.write_text(driver.read_text().replace("X, Y = ...", f"X, Y = {DATA}").replace("make(...)", f"make({MAKE})"))
    assert main(["check", str(driver), "--no-suggest"]) == code, capsys.readouterr()
    assert "2 gradients: " + ("2 right." if code == 0 else "2 wrong.") in capsys.readouterr().out


def test_the_driver_of_a_class_is_written_filled_in_and_checked(tmp_path, capsys):
    file, driver = tmp_path / "line.py", tmp_path / "what.py"
    file.write_text(textwrap.dedent(CLASS))
    assert main(["check", str(file), "--driver", str(driver)]) == 2
    data = "np.random.RandomState(0).randn(7, 3), np.random.RandomState(1).randn(7)"
    text = (
        driver.read_text().replace("X, Y = ...", f"X, Y = {data}").replace("Line(...)", 'Line({"w": [1.0, 2.0, 3.0]})')
    )
    driver.write_text(text)
    assert main(["check", str(driver)]) == 0, capsys.readouterr()


WHOLE = {
    "a network of layers that the file makes": """
        import numpy as np

        class Layer:
            def __init__(self, shape):
                self.W = np.random.RandomState(0).randn(*shape)

            def forward(self, A):
                self.A = A
                return A @ self.W

            def backward(self, dZ):
                self.dW = self.A.T @ dZ
                return dZ @ self.W.T

        class Net:
            def __init__(self, *layers):
                self.layers = list(layers)

            def forward(self, X):
                for layer in self.layers:
                    X = layer.forward(X)
                return X

            def loss(self, A, Y):
                return np.sum((A - Y) ** 2)

            def backward(self, A, Y):
                dA = 2 * (A - Y)
                for layer in self.layers[::-1]:
                    dA = layer.backward(dA)

        X, Y = np.random.RandomState(1).randn(6, 4), np.random.RandomState(2).randn(6, 2)
        net = Net(Layer((4, 3)), Layer((3, 2)))
    """,
    "a loss that gives its gradients": """
        import numpy as np

        class Model:
            def __init__(self, table):
                self.params = {"W": np.random.RandomState(0).randn(*table["shape"])}

            def loss(self, X, y=None):
                scores = X @ self.params["W"]
                if y is None:
                    return scores
                loss = np.mean((scores - y) ** 2)
                grads = {"W": 2 * X.T @ (scores - y) / y.size}
                return loss, grads

        X, y = np.random.RandomState(1).randn(6, 4), np.random.RandomState(2).randn(6, 2)
        model = Model({"shape": (4, 2)})
    """,
    "a number of the file": """
        import numpy as np

        X, y = np.random.RandomState(1).randn(6, 4), np.random.RandomState(2).randn(6)
        strength = 0.3
        params = {"w": np.ones(4)}

        def predict(X, params):
            return X @ params["w"]

        def total_cost(A, y, params, strength):
            return np.mean((A - y) ** 2) + strength * np.sum(params["w"] ** 2)

        def gradient(A, X, y, params, strength):
            return {"dw": 2 * X.T @ (A - y) / 6 + 2 * strength * params["w"]}
    """,
}


@pytest.mark.parametrize("about", WHOLE)
def test_where_the_file_holds_everything_no_dots_are_left(tmp_path, capsys, about):
    file, driver = tmp_path / "homework.py", tmp_path / "what.py"
    file.write_text(textwrap.dedent(WHOLE[about]))
    main(["check", str(file), "--no-suggest", "--driver", str(driver)])
    assert "what.py is written: check it with: tinygrad-dnn check" in capsys.readouterr().out
    assert main(["check", str(driver)]) == 0, driver.read_text() + str(capsys.readouterr())
    file.write_text(textwrap.dedent(WHOLE[about]).replace("2 * ", "3 * "))
    assert main(["check", str(driver), "--no-suggest"]) == 1, driver.read_text() + str(capsys.readouterr())


def test_the_driver_of_a_file_that_can_be_checked_says_what_was_recognised(tmp_path, capsys):
    text = NET.replace('make(table):\n        return {"W": np.array(table["W"])', 'make(n_x, n_y):\n'
                       '        return {"W": np.random.randn(n_y, n_x)')  # fmt: skip
    file, driver = tmp_path / "homework.py", tmp_path / "what.py"
    file.write_text(textwrap.dedent(text))
    assert main(["check", str(file), "--driver", str(driver)]) == 0
    assert "what.py is written" in capsys.readouterr().out
    assert "return its_cost(A, Y)" in driver.read_text()


def test_a_file_that_is_there_is_not_overwritten(tmp_path, capsys):
    (tmp_path / "homework.py").write_text("x = 1\n")
    (tmp_path / "what.py").write_text("mine\n")
    assert main(["check", str(tmp_path / "homework.py"), "--driver", str(tmp_path / "what.py")]) == 2
    assert "what.py is there already, and is not overwritten" in capsys.readouterr().err
    assert (tmp_path / "what.py").read_text() == "mine\n"


def test_a_driver_is_of_one_file_and_beside_it(tmp_path, capsys):
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "homework.py").write_text("x = 1\n")
    file = str(tmp_path / "week" / "homework.py")
    assert main(["check", file, "--driver", str(tmp_path / "what.py")]) == 2
    assert f"--driver {tmp_path / 'week' / 'what.py'} writes it beside homework.py" in capsys.readouterr().err
    assert main(["check", file, file + "2", "--driver", str(tmp_path / "what.py")]) == 2
    assert "--driver writes one file; several are given" in capsys.readouterr().err


def test_a_file_of_a_package_is_imported_as_one(tmp_path, capsys):
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "shared_by_all.py").write_text("two = 2\n")
    text = "from .shared_by_all import two\n" + textwrap.dedent(NET).replace("2 * (cache", "two * (cache")
    (tmp_path / "week" / "homework.py").write_text(text)
    driver = tmp_path / "week" / "what.py"
    assert main(["check", str(tmp_path / "week" / "homework.py"), "--driver", str(driver)]) == 2
    driver.write_text(driver.read_text().replace("X, Y = ...", f"X, Y = {DATA}").replace("make(...)", f"make({MAKE})"))
    assert main(["check", str(driver)]) == 0, capsys.readouterr()


# What lies beside a file


def test_a_notebook_is_imported_where_no_python_file_has_its_name(tmp_path):
    (tmp_path / "pieces.ipynb").write_text(notebook("import numpy as np\n\ndef two():\n    return 2"))
    (tmp_path / "main.py").write_text("from pieces import two\nx = two()\n")
    assert run_program(tmp_path / "main.py").module.x == 2
    (tmp_path / "pieces.py").write_text("def two():\n    return 3\n")
    assert run_program(tmp_path / "main.py").module.x == 3
    (tmp_path / "main.py").write_text("from pieces_ipynb import two\nx = two()\n")
    assert run_program(tmp_path / "main.py").module.x == 2


def test_a_training_in_what_is_imported_is_stopped_and_the_rest_is_there(tmp_path):
    text = "import numpy as np\n\nwhile True:\n    pass\n\ndef two():\n    return 2"
    (tmp_path / "pieces.ipynb").write_text(notebook(text))
    (tmp_path / "main.py").write_text("from pieces import two\nx = two()\n")
    program = run_program(tmp_path / "main.py")
    assert program.module.x == 2
    assert any("it takes long" in note for note in program.notes)


def test_a_name_that_is_none_in_python_has_one():
    assert [as_name(t) for t in ("week 1", "1st", "class", "a.b", "ok")] == ["week_1", "_1st", "_class", "a_b", "ok"]


def test_what_another_module_is_called_is_imported_by_its_whole_name(tmp_path):
    for name in ("random.py", "numpy.ipynb", "mine.py", "mine.ipynb"):
        (tmp_path / name).write_text(notebook("x = 1") if name.endswith("ipynb") else "x = 1\n")
    names = {name: module_of(tmp_path / name) for name in ("random.py", "numpy.ipynb", "mine.py", "mine.ipynb")}
    assert names == {
        "random.py": "random_py",
        "numpy.ipynb": "numpy_ipynb",
        "mine.py": "mine",
        "mine.ipynb": "mine_ipynb",
    }
