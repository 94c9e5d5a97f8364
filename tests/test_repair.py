"""The search for the mistake: its name, and a change that mends it and is run by itself before it counts."""

import importlib
import linecache
import signal
import textwrap
import threading

import numpy as np
import pytest
from sampling import one_in
from submissions import DATA, EVERY, SETS, driven

from tinygrad_dnn import assert_gradients, check, load
from tinygrad_dnn.mistakes.explanations import EXPLANATIONS

WRONG = [(name, file) for name, file in EVERY if not SETS[name][file]["correct"]]
RIGHT = [(name, file) for name, file in EVERY if SETS[name][file]["correct"]]
PATIENCE = 60.0  # seconds; most need one, but the machine may be busy
NOT_FIXED = {
    ("lectures", "mlp_activations.py"),  # the wrong derivative stands in a table of the module, in no function
}
NOT_NAMED = {
    ("models", "lowmem_relu.py"),  # called a missing ReLU mask: the mask is there, on a Z that was written over
    ("idioms", "fc_net.py"),  # the same
    ("lectures", "mlp_activations.py"),
}


def report_on(name, file):
    return check(*driven(file, name), suggest=PATIENCE)


def hold_the_verdicts(report, name, file):
    for gradient in SETS[name][file]["wrong_gradients"]:
        assert report[gradient].verdict == "wrong"
    for gradient in SETS[name][file]["right_gradients"]:
        assert report[gradient].verdict == "right"


@pytest.mark.parametrize(("name", "file"), one_in(14, WRONG))
def test_the_mistake_is_named_first_and_its_fix_mends_the_file_when_it_is_written_into_it(name, file, tmp_path):
    report = report_on(name, file)
    hold_the_verdicts(report, name, file)
    assert (report.fix is None) == ((name, file) in NOT_FIXED)
    if report.fix is not None:
        assert report.fix.before in (DATA / name / file).read_text()
        mended = check(*driven(file, name, (tmp_path / file, report.fix.source)), suggest=False)
        assert not mended.having("wrong")
    if (name, file) not in NOT_NAMED:
        assert [cause.kind for cause in report.causes[:1]] == [SETS[name][file]["mistake"]]
        assert report.causes[0].explanation == EXPLANATIONS[report.causes[0].kind]
        assert all(row.cause == report.causes[0] for row in report if row.verdict == "wrong")


@pytest.mark.parametrize(("name", "file"), one_in(6, RIGHT))
def test_nothing_is_suggested_where_nothing_is_wrong(name, file):
    report = report_on(name, file)
    hold_the_verdicts(report, name, file)
    assert (report.causes, report.fix) == ([], None)


FILE = """
    import numpy as np

    X, Y = np.random.default_rng(0).normal(size=(3, 7)), np.ones((1, 7))

    def cost(p):
        return np.mean(np.square(np.dot(p["w"].T, X) + p["b"] - Y))

    def gradients(p):
        m = X.shape[1]
        Y_now = X
        r = np.dot(p["w"].T, X) + p["b"] - Y
        return {"dw": 2 * np.dot(X, r.T) / m, "db": 2 * np.sum(r)}

    parameters = {"w": np.ones((3, 1)), "b": np.zeros(())}
"""


def loaded(tmp_path, text=FILE):
    path = tmp_path / "student.py"
    path.write_text(textwrap.dedent(text))
    return load(path)


def test_the_report_says_it_in_words(tmp_path):
    S = loaded(tmp_path)
    text = str(check(S.cost, S.gradients, S.parameters))
    assert "Mistake: " in text
    assert "Fix: student.py, line " in text
    assert "every gradient is right." in text


def test_the_search_leaves_the_code_and_its_data_as_they_were(tmp_path):
    S = loaded(tmp_path)
    codes, X, Y = (S.cost.__code__, S.gradients.__code__), S.X.copy(), S.Y.copy()
    before = S.gradients(S.parameters)
    assert check(S.cost, S.gradients, S.parameters).fix is not None
    assert (S.cost.__code__, S.gradients.__code__) == codes
    np.testing.assert_array_equal(S.X, X)
    np.testing.assert_array_equal(S.Y, Y)
    np.testing.assert_array_equal(before["db"], S.gradients(S.parameters)["db"])


def test_a_fix_is_found_where_the_cost_cannot_be_recorded(tmp_path):
    text = FILE.replace(
        "    def cost(p):\n",
        "    def cost(p):\n        p = {name: list(map(float, np.ravel(v))) for name, v in p.items()}\n",
    )
    S = loaded(tmp_path, text.replace('np.dot(p["w"].T, X) + p["b"] - Y))', 'np.dot(p["w"], X) + p["b"][0] - Y))'))
    report = check(S.cost, S.gradients, S.parameters)
    assert not report.recorded
    assert (report["dw"].verdict, report["db"].verdict) == ("right", "wrong")
    assert report.fix is not None
    assert "np.sum(r) / m" in report.fix.after


def test_letters_beyond_ascii_do_not_move_the_place_of_a_fix(tmp_path):
    S = loaded(tmp_path, FILE.replace("    def cost(p):", '    NAME = "déjà vu: ∂J/∂w"  # größer\n\n    def cost(p):'))
    report = check(S.cost, S.gradients, S.parameters)
    assert report.fix is not None
    assert "np.sum(r) / m" in report.fix.after


TOUCHING = """
    import sys
    import numpy as np

    X, Y = np.random.default_rng(0).normal(size=(3, 7)), np.ones((1, 7))
    parameters = {"w": np.full((3, 1), 0.3), "b": np.array(0.2)}
    calls, settings, PATH = 0, {"scale": 1.0, "shift": 1.0}, "%s"

    def cost(p):
        return np.mean((p["w"].T @ X + p["b"] - Y) ** 2)

    def gradients(p):
        global calls
        calls += 1
        with open(PATH, "r") as file:
            scale = float(file.read())
        settings["shift"] = 2.0
        r = scale * (p["w"].T @ X + p["b"] - Y)
        dw = X @ r.T * 1.37
        if dw.shape != p["w"].shape:
            sys.exit("bad shape")
        return {"dw": dw, "db": r.sum() * 0.13}
"""


def test_the_search_touches_no_variable_file_or_timer_and_no_edit_ends_the_program(tmp_path):
    data = tmp_path / "scale.txt"
    data.write_text("2.0")
    S = loaded(tmp_path, TOUCHING % data)
    signal.setitimer(signal.ITIMER_REAL, 100)
    try:
        report = check(S.cost, S.gradients, S.parameters, suggest=3)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert report.having("wrong") == ["db", "dw"] or report.having("wrong") == ["dw", "db"]
    assert isinstance(S.calls, int)
    assert S.settings == {"scale": 1.0, "shift": 2.0}
    assert data.read_text() == "2.0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scale.txt", "student.py"]


ENDLESS = """
    import numpy as np

    X, Y = np.random.default_rng(0).normal(size=(3, 7)), np.ones((1, 7))
    parameters = {"w": np.full((3, 1), 0.3), "b": np.array(0.2)}

    def cost(p):
        return np.mean((p["w"].T @ X + p["b"] - Y) ** 2)

    def gradients(p):
        r = p["w"].T @ X + p["b"] - Y
        n, k = 6, 1
        while True:
            n = n - k
            if n == 0:
                break
        return {"dw": X @ r.T * 1.3, "db": r.mean() * np.mean(X) ** 2}
"""


@pytest.mark.thorough
def test_an_edit_that_makes_a_loop_endless_ends_with_the_time_in_any_thread(tmp_path):
    S = loaded(tmp_path, ENDLESS)
    codes, reports = S.gradients.__code__, []
    work = lambda: reports.append(check(S.cost, S.gradients, S.parameters, suggest=2))
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(reports) == 2
    assert S.gradients.__code__ is codes


def test_a_helper_that_also_made_the_data_is_not_changed(tmp_path):
    S = loaded(
        tmp_path,
        """
        import numpy as np

        def normalise(X):
            s = 255.0
            return X / s

        raw = np.random.default_rng(0).normal(size=(3, 7)) * 255
        X, Y = normalise(raw), np.ones((1, 7))
        parameters = {"w": np.full((3, 1), 0.3), "b": np.array(0.2)}

        def cost(p):
            return np.mean((p["w"].T @ X + p["b"] - Y) ** 2)

        def gradients(p):
            r = (p["w"].T @ X + p["b"] - Y) / 7
            return {"dw": normalise(raw) @ r.T, "db": 2 * r.sum()}
        """,
    )
    fix = check(S.cost, S.gradients, S.parameters).fix
    assert fix is not None
    assert "return X / s" in fix.source


def test_a_file_that_was_changed_since_it_ran_is_left_alone(tmp_path):
    S = loaded(tmp_path)
    path = tmp_path / "student.py"
    path.write_text(path.read_text().replace("2 * np.sum(r)", "2 * np.sum(r) / m"))
    linecache.checkcache()
    assert check(S.cost, S.gradients, S.parameters).fix is None


def test_without_source_nothing_is_suggested_and_the_verdicts_stand():
    namespace = {"np": np}
    exec(textwrap.dedent(FILE), namespace)
    report = check(namespace["cost"], namespace["gradients"], namespace["parameters"])
    assert report.having("wrong") == ["db"]
    assert report.fix is None


def test_code_that_was_imported_in_the_usual_way_is_recorded_too(tmp_path, monkeypatch):
    (tmp_path / "homework_by_hand.py").write_text(
        textwrap.dedent(FILE).replace('np.dot(p["w"].T, X)', 'X.T.dot(p["w"]).T')
    )
    monkeypatch.syspath_prepend(tmp_path)
    S = importlib.import_module("homework_by_hand")
    code = S.cost.__code__
    report = check(lambda p: S.cost(p), lambda p: S.gradients(p), S.parameters)
    assert report.recorded
    assert report.fix is not None
    assert S.cost.__code__ is code


def test_an_assertion_for_tests_fails_with_the_report(tmp_path):
    S = loaded(tmp_path)
    with pytest.raises(AssertionError, match=r"db.*WRONG[\s\S]*Fix: student.py"):
        assert_gradients(S.cost, S.gradients, S.parameters)
    assert_gradients(S.cost, lambda p: {"dw": S.gradients(p)["dw"], "db": S.gradients(p)["db"] / 7}, S.parameters)
    for found in ({"dw": S.gradients(S.parameters)["dw"]}, {}):  # nothing is passed that was not checked
        with pytest.raises(AssertionError, match="UNCHECKED"):
            assert_gradients(S.cost, lambda p, found=found: found, S.parameters)


def test_a_caller_may_leave_it_out(tmp_path):
    S = loaded(tmp_path)
    report = check(S.cost, S.gradients, S.parameters, suggest=False)
    assert (report.causes, report.fix) == ([], None)


def test_the_repaired_text_ends_its_lines_as_the_file_does(tmp_path):
    name, file = WRONG[0]
    text = (DATA / name / file).read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / file).write_bytes(text)
    namespace = {"np": np, "S": load(tmp_path / file)}
    exec(SETS[name][file]["driver"], namespace)
    fix = check(namespace["cost"], namespace["grads"], namespace["params"]).fix
    repaired = fix.source.encode()
    assert repaired.count(b"\r\n") == repaired.count(b"\n") == text.count(b"\n")
    assert "\r" not in fix.diff


PLAIN = """
import numpy as np
rng = np.random.default_rng(2)
X, Y, m = rng.normal(size=(3, 5)), np.array([[1.0, 0, 1, 1, 0]]), 5
params = {"W1": rng.normal(size=(4, 3)), "W2": rng.normal(size=(1, 4))}

def forward(p):
    A1 = np.maximum(0, np.dot(p["W1"], X))
    A2 = 1 / (1 + np.exp(-np.dot(p["W2"], A1)))
    return A1, A2

def cost(p):
    A2 = forward(p)[1]
    return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

def gradients(p):
    A1, A2 = forward(p)
    dZ2 = A2 - Y
    dA1 = np.dot(p["W2"].T, dZ2)
    dW2 = np.dot(dZ2, A1.T) / m
    dW1 = np.dot(dA1 * (A1 > 0), X.T) / m
    RETURNED
"""


def judged(tmp_path, returned):
    path = tmp_path / "plain.py"
    path.write_text(PLAIN.replace("RETURNED", returned))
    module = load(path)
    return check(module.cost, module.gradients, module.params)


def test_a_change_that_moves_the_parameters_is_no_fix(tmp_path):
    report = judged(tmp_path, 'dW1[0, 2] *= 1.001; return {"dW1": dW1, "dW2": dW2}')
    assert report["dW1"].verdict == "wrong"
    assert report.fix is None or "p[" not in report.fix.after


def test_where_it_is_not_known_what_is_meant_nothing_is_offered(tmp_path):
    report = judged(tmp_path, 'return {"dW1": dW1, "dW2": dW2, "dA2": dA1[:3]}')
    assert report["dA2"].verdict == "wrong"
    assert report.fix is None


def test_a_gradient_under_the_next_number_is_recognised_by_itself(tmp_path):
    report = judged(tmp_path, 'return {"dW1": dW1, "dW2": dW2, "dA2": dA1}')
    assert report.ok
    assert report["dA2"].note == "is the gradient of A1: the numbers are one higher"
