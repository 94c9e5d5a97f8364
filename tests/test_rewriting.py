"""The changed source does what the source does, and records besides."""

import sys
import textwrap

import numpy as np
import pytest

from tinygrad_dnn import grad, load

PLAIN = {
    "an index that moves on": """
        def f(x):
            out, rows = np.zeros(3), iter([0, 1, 2, 0, 1, 2])
            for k in range(3):
                out[next(rows)] += x[k]
            return out
    """,
    "an owner that the value makes anew": """
        class Net:
            def __init__(self):
                self.cache = {}

            def forward(self, x):
                self.cache = {"Z": x}
                return 2 * x

            def run(self, x):
                self.cache["A"] = self.forward(x)
                return self.cache["Z"] + self.cache["A"]

        def f(x):
            return Net().run(x)
    """,
    "an owner that cannot be bound anew": """
        from typing import NamedTuple

        class Pair(NamedTuple):
            a: object

        def f(x):
            pair, table = Pair(np.zeros(3)), (np.zeros(3), 1)
            pair.a[:] = x
            table[0][1:] += x[1:]
            out = np.zeros((3, 1))
            out.T[0] = x
            return pair.a + table[0] + out[:, 0]
    """,
    "a global that a nested function shadows": """
        cache = {}

        def f(x):
            def show(cache):
                return cache
            cache["x"] = x
            names = [cache for cache in range(3)]
            return cache["x"] * len(names) + show(0)
    """,
    "an order of evaluation": """
        def f(x):
            log = []
            def say(name, value):
                log.append(name)
                return value
            out = np.zeros(3)
            say("owner", out)[say("index", 0)] = say("value", x[0])
            out[say("i", 1)] += say("v", x[1])
            return out + len("".join(log)) * (log == ["value", "owner", "index", "i", "v"])
    """,
}


def loaded(tmp_path, text):
    path = tmp_path / "somebodys.py"
    path.write_text("import numpy as np\n" + textwrap.dedent(text))
    return load(path).f


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_plain_arrays_go_through_it_as_through_the_source(text, tmp_path):
    namespace = {"np": np}
    exec(textwrap.dedent(text), namespace)
    x = np.array([1.0, 2.0, 4.0])
    np.testing.assert_array_equal(loaded(tmp_path, text)(x), namespace["f"](x))


LOST = {  # what plain code would write under one name is read under another: no gradient may come out without it
    "another name": "def f(x):\n    a = np.zeros(3); b = a\n    a[0] = x[0] ** 2\n    return np.sum(b) + np.sum(x)",
    "two names at once": "def f(x):\n    a = b = np.zeros(3)\n    a[0] = x[0] ** 2\n    return np.sum(b) + np.sum(x)",
    "a view": "def f(x):\n    a = np.zeros((2, 3)); v = a[1]\n    a[1] = x * x\n    return np.sum(v) + np.sum(x)",
    "an array kept before it is added to": (
        "def f(x):\n    a = np.zeros(3); k = [a]\n    np.add.at(a, [0, 0, 1], x)\n    return np.sum(k[0]) + np.sum(x)"
    ),
    "a shape that is a view": (
        "def f(x):\n    a = np.zeros(3); v = np.reshape(a, (3, 1))\n    a += x\n    return np.sum(v) + np.sum(x)"
    ),
    "an array of the caller": (
        "def g(out, x):\n    out[:] = 3 * x\n\n"
        "def f(x):\n    out = np.zeros(3)\n    g(out, x)\n    return np.sum(out) + np.sum(x)"
    ),
    "an array kept": "def f(x):\n    a = np.ones(3); k = [a]\n    a[1] = x[1]\n    return np.sum(k[0]) + x[0]",
    "a buffer of the module": "B = np.zeros(3)\n\ndef f(x):\n    a = B\n    a[:] = x\n    return np.sum(B) + np.sum(x)",
    "rows that a loop goes through": (
        "def f(x):\n    a = np.zeros((2, 3)); s = 0.0\n"
        "    for row in a:\n        a[1] = x\n        s = s + np.sum(row)\n    return s + x[0]"
    ),
    "an integer type": "def f(x):\n    return np.sum(np.array(x * 1.0, dtype=int)) + np.sum(x)",
}


@pytest.mark.parametrize("text", LOST.values(), ids=LOST.keys())
def test_a_write_that_another_name_would_see_is_refused(text, tmp_path):
    with pytest.raises((TypeError, ValueError)):
        grad(loaded(tmp_path, text))(np.array([1.5, 2.25, 3.0]))


RECORDED = {
    "a method of a plain array": ("def f(x):\n    return np.sum(np.eye(3).dot(x) ** 2)", lambda x: 2 * x),
    "an array filled entry by entry": (
        "def f(x):\n    out = np.zeros(3)\n    for i in range(3):\n        out[i] = x[i] ** 2\n    return np.sum(out)",
        lambda x: 2 * x,
    ),
    "every second entry": (
        "def f(x):\n    out = np.zeros(6)\n    out[::2] = x ** 2\n    out[-1::-2] += x\n"
        "    return np.sum(out * np.arange(6))",
        lambda x: 2 * x * np.array([0, 2, 4]) + np.array([5, 3, 1]),
    ),
    "a column and a row": (
        "def f(x):\n    out = np.zeros((3, 3))\n    out[:, 1] = x\n    out[2, ..., :2] = x[:2] * 3\n"
        "    return np.sum(out ** 2)",
        lambda x: np.array([2 * x[0] + 18 * x[0], 2 * x[1] + 18 * x[1], 0]),
    ),
    "an array added to": (
        "def f(x):\n    out = np.ones(3)\n    out[1:] += x[1:] * 3\n    out += x\n    return np.sum(out)",
        lambda x: np.array([1.0, 4.0, 4.0]),
    ),
    "two arrays in one line, added to in a loop": (
        "def f(x):\n    a, b = np.zeros(3), np.ones(3)\n    for i in range(3):\n        a += x * i\n"
        "        b[i] = x[i]\n    return np.sum(a) + np.sum(b * b)",
        lambda x: 3 + 2 * x,
    ),
    "an array added to at places that repeat": (
        "def f(x):\n    a = np.ones(4)\n    np.add.at(a, [0, 0, 2], x)\n    return np.sum(a ** 2)",
        lambda x: 2 * np.array([1 + x[0] + x[1], 1 + x[0] + x[1], 1 + x[2]]),
    ),
    "a list of numbers": ("def f(x):\n    return np.sum(np.array([x[0], 2 * x[1], 0.0]))", lambda x: [1, 2, 0]),
    "a float": ("def f(x):\n    return float(np.sum(x)) * np.asarray(x)[0].item()", None),
}


@pytest.mark.parametrize(("text", "expected"), RECORDED.values(), ids=RECORDED.keys())
def test_what_the_protocols_cannot_see_is_recorded(text, expected, tmp_path):
    x = np.array([1.0, 2.0, 4.0])
    found = grad(loaded(tmp_path, text))(x)
    np.testing.assert_allclose(found, [8, 1, 1] if expected is None else expected(x))


def test_a_folder_that_was_on_the_path_stays_there(tmp_path, monkeypatch):
    """It was taken off with the folders of files loaded before, and what lay in it was no longer found."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("x = 1\n")
        load(tmp_path / name)
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.py").write_text("x = 1\n")
    load(other / "c.py")
    assert sys.path.count(str(tmp_path)) == 1


def test_what_numpy_had_once_is_read_as_what_it_says_to_write_for_it(tmp_path):
    text = "import numpy as np\nY = np.ones(3).astype(np.int)\nbig = np.Inf\nx = float(np.ones((1, 1)))\n"
    (tmp_path / "old.py").write_text(text)
    with pytest.warns(DeprecationWarning, match="no longer in NumPy") as caught:
        module = load(tmp_path / "old.py")
    assert (module.Y.dtype.kind, module.big, module.x) == ("i", np.inf, 1.0)
    assert [(w.lineno, str(w.message)) for w in caught] == [
        (2, "np.int is no longer in NumPy, and was read as int"),
        (3, "np.Inf is no longer in NumPy, and was read as np.inf"),
    ]


def test_a_list_of_tensors_is_added_up(tmp_path):
    (tmp_path / "lists.py").write_text(
        "import numpy as np\ndef f(x):\n    return np.sum([np.sum(x**2), np.mean(x)]) + np.max([x[0], x[1]])\n"
    )
    x = np.array([3.0, 1.0])
    assert np.allclose(grad(load(tmp_path / "lists.py").f)(x), [7.5, 2.5])
