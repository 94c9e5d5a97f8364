"""The search for the mistake: its name, and a change that mends it and is run by itself before it counts."""

import importlib
import textwrap

import numpy as np
import pytest
from submissions import EVERY, FOLDERS, SETS, driven

from tinygrad_dnn import assert_gradients, check, trace
from tinygrad_dnn.judge.explanations import EXPLANATIONS

WRONG = [(name, file) for name, file in EVERY if not SETS[name][file]["correct"]]
RIGHT = [(name, file) for name, file in EVERY if SETS[name][file]["correct"]]
PATIENCE = 60.0  # seconds; most need one, but the machine may be busy
NOT_FIXED = {
    ("own", "normed_net.py"),  # takes more than one change of what is written
    ("blind", "iris_course.py"),  # one function for two activations: what its variables held is of its last call
}
NOT_NAMED = {
    ("own", "lowmem_relu.py"),  # called a missing ReLU mask: the mask is there, on a Z that was written over
    ("blind", "iris_course.py"),
}
_reports = {}


def report_on(name, file):
    if (name, file) not in _reports:
        _reports[name, file] = check(*driven(file, name), suggest=PATIENCE)
    return _reports[name, file]


@pytest.mark.parametrize(("name", "file"), EVERY)
def test_every_labelled_gradient_gets_its_verdict(name, file):
    cost, gradients, parameters = driven(file, name)
    report = check(cost, gradients, parameters, suggest=False)
    for gradient in SETS[name][file]["wrong_gradients"]:
        assert report[gradient].verdict == "wrong"
    for gradient in SETS[name][file]["right_gradients"]:
        assert report[gradient].verdict == "right"


@pytest.mark.parametrize(("name", "file"), WRONG)
def test_a_fix_that_is_offered_mends_the_file_when_it_is_written_into_it(name, file, tmp_path):
    fix = report_on(name, file).fix
    assert (fix is None) == ((name, file) in NOT_FIXED)
    if fix is not None:
        assert fix.before in (FOLDERS[name] / file).read_text()
        mended = check(*driven(file, name, (tmp_path / file, fix.source)), suggest=False)
        assert not mended.having("wrong")


@pytest.mark.parametrize(("name", "file"), [pair for pair in WRONG if pair not in NOT_NAMED])
def test_the_mistake_is_named_first(name, file):
    report = report_on(name, file)
    assert [cause.kind for cause in report.causes[:1]] == [SETS[name][file]["mistake"]]
    assert report.causes[0].explanation == EXPLANATIONS[report.causes[0].kind]
    assert all(row.cause == report.causes[0] for row in report if row.verdict == "wrong")


@pytest.mark.parametrize(("name", "file"), RIGHT)
def test_nothing_is_suggested_where_nothing_is_wrong(name, file):
    report = report_on(name, file)
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
    return trace.load(path)


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


def test_a_caller_may_leave_it_out(tmp_path):
    S = loaded(tmp_path)
    report = check(S.cost, S.gradients, S.parameters, suggest=False)
    assert (report.causes, report.fix) == ([], None)
