"""check() with nothing, in a script and in the cells of a notebook; and check(f, grad_f, x) as SciPy has it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from tinygrad_dnn import assert_gradients, check

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

START = 'def initialize_parameters(n_x, n_h, n_y):\n    return {"W1": np.random.randn(n_y, n_x)}'
FORWARD = 'def forward_propagation(X, parameters):\n    Z1 = parameters["W1"] @ X\n    return Z1, {"Z1": Z1}'
COST = "def compute_cost(A, Y):\n    return np.sum((A - Y) ** 2)"
WRONG = 'def backward_propagation(parameters, cache, X, Y):\n    dZ1 = cache["Z1"] - Y\n    return {"dW1": dZ1 @ X.T}'
RIGHT = WRONG.replace("= cache", "= 2 * (cache").replace("- Y\n", "- Y)\n")
IMPORTS = "import numpy as np\nfrom tinygrad_dnn import assert_gradients, check"
LOOP = "for i in range(9):\n    d = 2 * X.T @ (X @ w - y)\n    w -= 0.01 * d"


def cells(*sources):
    """What the last cell shows: its text, and its traceback."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    outputs = notebook.cells[-1].outputs
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") or o.get("evalue", "") for o in outputs)


def script(tmp_path, *parts):
    """What a script prints, and what it says of an error."""
    (tmp_path / "homework.py").write_text("\n\n".join(parts) + "\n")
    ran = subprocess.run([sys.executable, "homework.py"], cwd=tmp_path, capture_output=True, text=True)
    return ran.stdout, ran.stderr


# A notebook


def test_the_cells_of_a_notebook_are_checked_and_the_mistake_has_its_cell():
    shown = cells(IMPORTS, START, FORWARD, COST, "# mine\n" + WRONG, "print(check())")
    assert "is 0.5 times the right one" in shown
    assert "initialize_parameters, forward_propagation, compute_cost and" in shown, "what was taken for what"
    assert "cell In[5], line 4" in shown or "cell In[5], line 3" in shown
    assert "ipykernel" not in shown


def test_a_cell_that_was_run_again_counts_as_it_is_now():
    blank = WRONG.replace('cache["Z1"] - Y', "None")
    assert "1 gradient: 1 right" in cells(IMPORTS, START, FORWARD, COST, blank, RIGHT, "print(check().summary())")
    assert "dZ1 is None: not filled in yet, cell In[6], line 2" in cells(
        IMPORTS, START, FORWARD, COST, RIGHT, blank, "check()"
    )


def test_the_source_of_a_class_in_a_cell_is_known():
    net = "class Net:\n    def backward(self):\n        dW = None\n        return dW * 2"
    assert "Net.backward: dW is None: not filled in yet, cell In[2], line 3" in cells(IMPORTS, net, "check()")


def test_nothing_runs_a_second_time_and_nothing_is_left_changed():
    seen = "runs.append(1)\ncost_log = []\nW = np.zeros((1, 4))\nnp.random.seed(5)\n"
    logs = COST.replace("    return", "    cost_log.append(1); W[...] += 1\n    global made\n    made = 1\n    return")
    after = "report = check()\nprint(report.ok, runs, cost_log, W.sum(), 'made' in globals(), '__file__' in globals())"
    state = "same = np.random.get_state()[1][0] == 5"
    shown = cells(IMPORTS + "\nruns = []", START, FORWARD, seen, logs, RIGHT, after, state + "\nprint(same)")
    assert shown == "True\n"
    assert cells(IMPORTS + "\nruns = []", START, FORWARD, seen, logs, RIGHT, after) == "True [1] [] 0.0 False False\n"


def test_what_is_printed_and_drawn_while_it_is_checked_is_not_seen():
    loud = COST.replace("    return", "    print('loud')\n    plt.figure(); plt.show()\n    return")
    plots = IMPORTS + "\nimport matplotlib.pyplot as plt\n%matplotlib inline"
    assert cells(plots, START, FORWARD, loud, RIGHT, "print(check().ok)") == "True\n"


def test_a_loop_that_takes_steps_by_itself_is_not_left_out_in_silence():
    data = "X, w, y = np.ones((4, 2)), np.zeros((2, 1)), np.ones((4, 1))"
    assert "The loop of cell In[3], line 1 takes steps by itself" in cells(IMPORTS, data, LOOP, "check()")
    shown = cells(IMPORTS, data, LOOP, START, FORWARD, COST, RIGHT, "print(check())")
    assert "1 right, 1 unchecked" in shown
    assert "cell In[3], line 1 takes steps by itself" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("defined", "said"),
    [
        ([], "Nothing is defined so far: were the cells above run?"),
        (["Q = np.ones(3)", FORWARD], "Defined so far: the functions forward_propagation; the arrays Q."),
        ([WRONG], "there is a backward pass, and no forward pass and no cost"),
        ([START, FORWARD.replace("parameters[", "weights["), COST, WRONG],
         "check: cell In[3], line 2 raises NameError: name 'weights' is not defined"),
    ],
    ids=["nothing", "no backward pass", "a backward pass alone", "a name that is missing"],
)  # fmt: skip
def test_where_nothing_can_be_checked_the_error_says_what_there_is(defined, said):
    shown = cells(IMPORTS, *defined, "check()")
    assert said in shown
    assert shown.startswith("check: ")


# A script, and a module


def test_a_script_is_checked_as_far_as_it_has_come(tmp_path):
    parts = IMPORTS, START, FORWARD, COST, WRONG
    out, error = script(tmp_path, *parts, "print(check())", "raise SystemExit(0)")
    assert "dW1       (1, 4)" in out, error
    assert "Fix: homework.py, line 1" in out


def test_an_assertion_takes_what_is_defined_too(tmp_path):
    parts = IMPORTS, START, FORWARD, COST
    _, error = script(tmp_path, *parts, WRONG, "assert_gradients()")
    assert "AssertionError" in error
    assert "1 gradient: 1 wrong" in error
    assert script(tmp_path, *parts, RIGHT, "assert_gradients()\nprint('passed')") == ("passed\n", "")


def test_a_file_that_checks_itself_is_checked_once_by_the_command_line(tmp_path):
    file = tmp_path / "homework.py"
    file.write_text("\n\n".join((IMPORTS, START, FORWARD, COST, RIGHT, "assert_gradients()\nreport = check()\n")))
    command = [sys.executable, "-m", "tinygrad_dnn.cli", "check", "--json", str(file)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    assert found["ok"], found
    assert not [note for note in found["notes"] if "left out" in note or "stopped" in note]


SQUASHED = FORWARD.replace('parameters["W1"] @ X', 'np.tanh(parameters["W1"] @ X)')
BACK = WRONG.replace("= cache", '= 2 * (1 - cache["Z1"]) * (cache').replace("- Y\n", "- Y)\n")
TRAIN = """def train(X, Y, steps=3):
    parameters = initialize_parameters(X.shape[0], 0, Y.shape[0])
    for i in range(steps):
        A, cache = forward_propagation(X, parameters)
        cost = compute_cost(A, Y)
        grads = backward_propagation(parameters, cache, X, Y)
        parameters["W1"] = parameters["W1"] - 0.1 * grads["dW1"]
    return parameters

train(np.random.randn(4, 6), np.ones((2, 6)))"""


def test_where_a_module_is_imported_makes_no_difference_to_the_change_that_is_offered():
    """Python compiles np.tanh in another way beside the import, and Jupyter compiles each statement by itself."""
    whole = "\n\n".join((IMPORTS, START, SQUASHED, COST, BACK))
    assert '(1 - cache["Z1"] ** 2)' in cells(whole, "print(check())")


@pytest.mark.parametrize("more", ["", TRAIN], ids=["functions alone", "with their training"])
def test_the_command_line_offers_the_change_of_a_program(more, tmp_path):
    file = tmp_path / "homework.py"
    file.write_text("\n\n".join((IMPORTS, START, SQUASHED, COST, BACK, more)))
    command = [sys.executable, "-m", "tinygrad_dnn.cli", "check", "--json", str(file)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    assert '(1 - cache["Z1"] ** 2)' in found["fix"]["after"]


# As scipy.optimize.check_grad takes it


def f(x):
    return np.sum(np.sin(x) * x)


def grad_f(x):
    return np.cos(x) * x + np.sin(x)


POINT = np.array([0.3, -1.2, 2.0])


@pytest.mark.parametrize(
    "x",
    [POINT, POINT.reshape(1, 3, 1), POINT.tolist(), (0.3, -1.2), [1, 2, 3], np.arange(1, 4), 0.7, 2, np.array(0.7)],
    ids=["vector", "table", "list", "tuple", "whole numbers", "array of them", "float", "int", "no axes"],
)  # fmt: skip
def test_one_argument_of_any_kind_is_an_array(x):
    assert_gradients(f, grad_f, x)
    assert {row.verdict for row in check(f, lambda x: 2 * grad_f(x), x)} == {"wrong"}


@pytest.mark.parametrize(
    "given",
    [grad_f, lambda x: list(grad_f(x)), lambda x: tuple(grad_f(x)), lambda x: {"dx": grad_f(x)},
     lambda x: {"x": grad_f(x)}, lambda x: (f(x), grad_f(x))],
    ids=["array", "list", "tuple", "dict with d", "dict", "after the cost"],
)  # fmt: skip
def test_the_gradient_of_one_array_may_come_in_any_of_these(given):
    assert_gradients(f, given, POINT)


def test_arguments_that_follow_are_given_to_both():
    scaled, slope = (lambda x, a, b: a * f(x) + b), (lambda x, a, b: a * grad_f(x))
    assert_gradients(scaled, slope, POINT, 3.0, 1.0)
    assert check(scaled, lambda x, a, b: grad_f(x), POINT, 3.0, 1.0)["x"].verdict == "wrong"


def test_numbers_in_a_tuple_that_the_cost_takes_are_each_by_itself():
    report = check(lambda p: p[0] ** 2 + 3 * p[1], lambda p: (2 * p[0], 2.0), (0.5, 2))
    assert (report["p[0]"].verdict, report["p[1]"].verdict) == ("right", "wrong")


def of_dict(p):
    return np.sum(p["W"] ** 2) + np.sum(p["b"] ** 3)


def by_name(p):
    dW, db = 2 * p["W"], 3 * p["b"] ** 2
    return db, dW


@pytest.mark.parametrize(
    ("given", "shape"),
    [(by_name, 4), (lambda p: [2 * p["W"], 3 * p["b"] ** 2], (2, 2)),
     (lambda p: ({"dW": 2 * p["W"], "db": 3 * p["b"] ** 2}, "cache"), 4)],
    ids=["by names", "by shapes", "a dict in it"],
)  # fmt: skip
def test_a_tuple_of_gradients_is_told_apart(given, shape):
    assert_gradients(of_dict, given, {"W": np.full(shape, 0.4), "b": np.full(4, 0.9)})


def test_a_tuple_of_gradients_that_cannot_be_told_apart_is_refused():
    with pytest.raises(TypeError, match="neither names nor shapes tell which is which"):
        check(of_dict, lambda p: (3 * p["b"] ** 2, 2 * p["W"]), {"W": np.ones(4), "b": np.ones(4)})


def test_a_column_for_a_vector_is_another_update():
    note = check(f, lambda x: grad_f(x).reshape(-1, 1), POINT)["x"].note
    assert "has shape (3, 1), x has shape (3,); its values are right" in note


def test_half_of_the_arguments_is_refused_with_both_ways_to_write_it():
    with pytest.raises(TypeError, match=r"gradients is missing; expected is check\(cost, gradients, parameters\), or"):
        check(f)
    with pytest.raises(TypeError, match=r"parameters\['x'\] is ndarray of complex128"):
        check(f, grad_f, POINT + 0j)
