"""Files that say nothing of what to check, and are known by the names of their functions."""

import pytest
from submissions import FOLDERS, SETS

from tinygrad_dnn import check, trace
from tinygrad_dnn.judge import task_of

KNOWN = (
    [f"llayer_{c}.py" for c in "abcdefg"] + [f"shallow_{c}.py" for c in "abcde"] + [f"logreg_{c}.py" for c in "abcd"]
)
KNOWN += [f"softmax_{c}.py" for c in "abf"]


@pytest.mark.parametrize("file", KNOWN)
def test_a_file_with_the_courses_names_needs_no_driver(file):
    task = task_of(trace.load(FOLDERS["course"] / file))
    report = check(task.cost, task.gradients, task.parameters, suggest=False)
    label = SETS["course"][file]
    assert task.assumed.startswith("Assumed: ")
    assert bool(report.having("wrong")) != label["correct"]
    assert {name for name in report.having("wrong") if not name.startswith("dA")} <= set(label["wrong_gradients"])


def test_a_file_without_such_names_is_not_guessed_at():
    assert task_of(trace.load(FOLDERS["course"] / "ninja_a.py")) is None
