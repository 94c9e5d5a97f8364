"""The changed source does what the source does, and records besides."""

import sys
import textwrap

import numpy as np
import pytest
from numeric import gradient

from tinygrad_dnn import check, grad, load, value_and_grad
from tinygrad_dnn.program.watching import run

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


LOST = {  # what would go on looking at the array is not bound anew: no gradient may come out without it
    "a view": "def f(x):\n    a = np.zeros((2, 3)); v = a[1]\n    a[1] = x * x\n    return np.sum(v) + np.sum(x)",
    "a shape that is a view": (
        "def f(x):\n    a = np.zeros(3); v = np.reshape(a, (3, 1))\n    a += x\n    return np.sum(v) + np.sum(x)"
    ),
    "what a view is of": "def f(x):\n    a = np.zeros(3); v = a[::-1]\n    v += x\n    return np.sum(a) + x[0]",
    "a view in an attribute": (
        "class Box: pass\n\n"
        "def f(x):\n    b = Box(); b.a = np.zeros(3); b.v = b.a[1:]\n    b.a[1] = x[0]\n    return b.v[0] + x[0]"
    ),
    "a tuple": "def f(x):\n    a = np.zeros(3); k = (a, 1)\n    a[0] = x[0]\n    return np.sum(k[0]) + x[0]",
    "a default": "def f(x, a=np.zeros(3)):\n    a[0] = x[0]\n    return np.sum(f.__defaults__[0]) + x[0]",
    "a row of its entries": ("def f(x):\n    a = np.zeros(3); r = a.flat\n    a[0] = x[0]\n    return r[0] + x[0]"),
    "a generator": (
        "def g(a):\n    yield 0\n    yield np.sum(a)\n\n"
        "def f(x):\n    a = np.zeros(3); k = g(a); next(k)\n    a[:] = x\n    return next(k) + x[0]"
    ),
    "a call that has it already": (
        "def g(a, b):\n    return np.sum(a)\n\ndef h(a, x):\n    a[:] = x\n\n"
        "def f(x):\n    a = np.zeros(3)\n    return g(a, h(a, x)) + x[0]"
    ),
    "an array of arrays": (
        "def f(x):\n    a = np.zeros(3); k = np.empty(1, object); k[0] = a\n    a[:] = x\n"
        "    return np.sum(k[0]) + x[0]"
    ),
    "where a result goes": (
        "def f(x):\n    a = np.zeros(3); v = a[:2]\n    np.exp(x, out=a)\n    return np.sum(v) + np.sum(x)"
    ),
    "rows that a loop goes through": (
        "def f(x):\n    a = np.zeros((2, 3)); s = 0.0\n"
        "    for row in a:\n        a[1] = x\n        s = s + np.sum(row)\n    return s + x[0]"
    ),
    "a row that has a name": (
        "def f(x):\n    a = np.zeros((2, 3)); r = a[0]\n    r[1] = x[0]\n    return np.sum(a) + x[0]"
    ),
    "an array of whole numbers": "def f(x):\n    a = np.zeros(3, int)\n    a[0] = x[0]\n    return np.sum(a) + x[0]",
    "an integer type": "def f(x):\n    return np.sum(np.array(x * 1.0, dtype=int)) + np.sum(x)",
    "a function of math without a derivative": "import math\n\ndef f(x):\n    return math.gamma(x[0]) + x[0]",
    "a vector of a matrix": "def f(x):\n    return np.sum(np.diag(np.asmatrix(np.outer(x, x)))) + x[0]",
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


HELD = {  # each name of an array sees what is written under another, as in NumPy
    "another name": "a = np.zeros(3); b = a\na[0] = x[0] ** 2\nreturn np.sum(b) + np.sum(x)",
    "two names at once": "a = b = np.zeros(3)\na[0] = x[0] ** 2\nreturn np.sum(b * x)",
    "an array kept in a list": "a = np.ones(3); k = [a]\na[1] = x[1]\nreturn np.sum(k[0] ** 2) + x[0]",
    "an array kept before it is added to": (
        "a = np.zeros(3); k = [a]\nnp.add.at(a, [0, 0, 1], x)\nreturn np.sum(k[0] * x)"
    ),
    "an array of the caller": """
        def g(out, x):
            out[:] = 3 * x
        out = np.zeros(3)
        g(out, x)
        return np.sum(out * out)
    """,
    "a variable of the function around": """
        out, total = np.zeros(3), np.zeros(1)
        def g(i):
            out[i] = x[i] ** 2
            total[0] += out[i]
        for i in range(3):
            g(i)
        return total[0] * np.sum(out)
    """,
    "a buffer of the module": "a = B\na[:] = x\nreturn np.sum(B * x)",
    "attributes": """
        net = Net()
        net.h[0] = x[0] ** 2
        net.add(x)
        net.h += x
        net.late = np.ones((2, 3))
        net.late[1, :2] *= x[:2]
        return np.sum(net.h * x) + np.sum(net.late ** 2) + np.sum(net.total())
    """,
    "an attribute of the class": "Net.W[...] = x\nreturn np.sum(Net().W ** 2)",
    "an attribute without a dict": """
        class Layer:
            __slots__ = ("out", "more")
        layer = Layer()
        layer.out = layer.more = np.zeros((2, 3))
        layer.out[1] = x
        layer.more *= x[0]
        return np.sum(layer.out ** 2) + np.sum(layer.more)
    """,
    "entries in a row that are written": """
        a, net = np.zeros((2, 3)), Net()
        a.flat[1:4] = x ** 2
        net.h.flat[2] += x[0]
        return np.sum(a * np.arange(6.0).reshape(2, 3)) + net.h[2] ** 2
    """,
    "an entry of a dict in an attribute": """
        net = Net()
        net.parameters["W"][:] = x
        net.parameters["W"] *= x
        p = net.parameters
        return np.sum(p["W"] * p["all"][0])
    """,
    "an array that a view took the name of": """
        a = np.zeros((3, 2))
        for j in range(2):
            a[:, j] = x ** (j + 1)
        a = a.transpose(1, 0).reshape(6)
        a[1] = x[0] * a[1]
        return np.sum(a ** 2)
    """,
    "a view of what nobody has": "a = np.zeros(6).reshape(2, 3)\na[1] = x\na[0][2] = x[0] ** 2\nreturn np.sum(a ** 2)",
    "an entry of a row": """
        a = np.ones((3, 2, 2)).T.copy("K")
        for i in range(2):
            a[i][1][i + 1] += x[i] ** 2
            a[1][i] *= x[2]
        return np.sum(a ** 2)
    """,
    "targets in a tuple": """
        a, seen, net = np.zeros((3, 2)), {}, Net()
        for i in range(3):
            (a[i], seen[i]), last = (x[i] * np.ones(2), i), i
        net.h[1:], *rest, a[0, 0] = x[1:] ** 2, 4, 5, x[2]
        first = a[1] = a[2] = a[0] * x[1]
        return np.sum(a ** 2) + np.sum(net.h) * last + sum(rest) + seen[2] + np.sum(first)
    """,
    "two rows that change places": """
        a = np.zeros((2, 3))
        a[0] = x
        a[0], a[1] = a[1].copy(), a[0].copy()
        return np.sum(a * np.arange(6.0).reshape(2, 3))
    """,
    "where results go": """
        a, b, net = np.empty(3), np.zeros(3), Net()
        np.exp(x, out=a)
        np.multiply(a, x, b)
        np.divide(x, a, out=b, where=x > 1.5)
        np.add(b, x, out=net.h)
        for g in [a, b]:
            np.clip(g, -5, 5, out=g)
        c = np.divide(x, a, out=np.zeros_like(a), where=a > 9)
        return np.sum(net.h * a * b) + np.sum(c ** 2)
    """,
    "functions that write": """
        a, b, net = np.zeros(3), np.zeros((3, 3)), Net()
        np.copyto(a, x)
        np.fill_diagonal(b, x)
        np.put(net.h, [0, 2], x[:2])
        np.subtract.at(a, [0, 0], x[1:])
        net.W = np.zeros(2)
        net.W.fill(x[0])
        return np.sum(a ** 2) + np.sum(b ** 2) + np.sum(net.h ** 2) + np.sum(net.W ** 2)
    """,
    "math": """
        s = 0.0
        for v in x:
            s += m.exp(-v) + log(v, 2) + m.pow(v, 1.5) * m.atan(v) + m.hypot(v, 2.0)
        return m.sqrt(s) * m.fsum([v for v in x]) + m.floor(x[0]) * m.tanh(x[1])
    """,
    "what a number is": """
        J = float(np.sum(x))
        a = J * 2 if isinstance(J, float) and type(J) is float and np.isscalar(J) else -J
        b = x[0] if type(x) is np.ndarray and isinstance(x, np.ndarray) and not np.isscalar(x) else -x[0]
        c = np.sum(x) if type(np.sum(x)) is np.float64 and not hasattr(J, "shape") else 0.0
        text = "%.3f and %s" % (J, c) + f"{J:.2f}" + "{:g}".format(c)
        text += str(round(J, 2)) + repr(int(J))
        return a * b * c + len(text) + 7 % 4
    """,
    "a number whose array changes": "a = np.zeros(())\na += x[0]\nJ = float(a)\na[...] = 0\nreturn J ** 2",
    "lists": """
        k = []
        for v in x:
            k.append(v ** 2)
        a = np.append(np.array([]), k[0])
        a = np.append(a, k)
        t = [[0.0] * 2 for _ in range(2)]
        t[0][1] += x[0]
        rows = np.vstack([[k[0], 1.0], [k[1], k[2]]])
        joined = np.hstack([rows[0], k])
        return np.sum(a ** 2) + sum(k) + np.mean(k) + np.sum(np.array(t)) + np.sum(joined ** 2) + max(k)
    """,
    "lambdas": "g = lambda v: float(np.eye(3).dot(v).sum()) * np.array([v[0], 1.0])\nreturn np.sum(g(x) ** 2)",
    "matrices": """
        W = np.asmatrix(np.outer(x, x) + np.eye(3))
        v = np.matrix([1.0, 2.0, 3.0]).T
        y = W * v + 2 * (W.T * W)[:, 0] - W[1].T / 2
        a = W.A1[2] + W.A[0, 1] + np.sum(np.multiply(W, W), axis=0)[0, 1] + W.sum(axis=1)[2, 0] + W.I[0, 0]
        return (y.T * y)[0, 0] + a + np.sum(np.exp(-W)) + (W ** 2).trace()[0, 0] + np.dot(v.T, W * v).item()
    """,
    "entries in a row": "t = np.outer(x, x)\nreturn t.flat[1] * sum(t.flat) + x.flat[-1]",
}
AROUND = """
import math as m
from math import log

B = np.zeros(3)


class Net:
    W = np.zeros(3)

    def __init__(self):
        self.h, self.__sum = np.zeros(3), np.zeros(3)
        self.parameters = {"W": np.zeros(3), "all": []}
        self.parameters["all"].append(self.parameters["W"])

    def add(self, x):
        self.__sum += x ** 3
        self.__sum[0] *= x[1]

    def total(self):
        return self.__sum


"""


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("body", HELD.values(), ids=HELD.keys())
def test_value_and_gradient_are_those_of_the_plain_code(body, tmp_path):
    text = AROUND + "def f(x):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    namespace = {"np": np}
    exec(text, namespace)
    x = np.array([1.25, 2.5, 3.75])
    f = loaded(tmp_path, text)
    value, found = value_and_grad(f)(x)
    assert value == pytest.approx(namespace["f"](x), rel=1e-14)
    np.testing.assert_allclose(found, gradient(namespace["f"], x), rtol=1e-6, atol=1e-7)
    assert f(x) == namespace["f"](x)  # and plain arrays are where they were
    again, _ = run(value_and_grad(f), x)  # while the variables are watched, and their arrays noted
    assert again[0] == value
    np.testing.assert_array_equal(again[1], found)


def test_a_function_that_has_a_name_of_numpys_is_called_as_it_is(tmp_path):
    """It was taken for NumPy's: lists came as tables, an out= was left away, and isinstance saw a number."""
    text = """
        from numpy import *
        from math import exp

        def average(parts):
            return parts[0] * len(parts)

        def exp(v):
            return 3 * v

        def type(v):
            return v ** 2

        def relu(v, out=None):
            return v * (2 if out is None else 5)

        def f(x):
            return average([x[0], x[1]]) + exp(x[1]) + type(x[2]) + sum(relu(x, out=zeros(3)))
    """
    np.testing.assert_allclose(grad(loaded(tmp_path, text))(np.array([1.0, 2.0, 4.0])), [7, 8, 13])


def test_what_outlives_a_run_holds_its_arrays_again(tmp_path):
    body = "    B[:] = x\n    D['k'][1] = x[0]\n    return np.sum(B)"
    text = f"import numpy as np\nB, D = np.zeros(3), {{'k': np.zeros(2)}}\n\ndef f(x):\n{body}"
    (tmp_path / "held.py").write_text(text)
    module = load(tmp_path / "held.py")
    arrays = id(module.B), id(module.D["k"])  # a tuple of them would look at them
    grad(module.f)(np.array([1.0, 2.0, 4.0]))
    assert arrays == (id(module.B), id(module.D["k"]))
    assert (module.B.tolist(), module.D["k"].tolist()) == ([1.0, 2.0, 4.0], [0.0, 1.0])


def test_a_function_of_math_raises_what_it_raises_of_a_number(tmp_path):
    logarithm = "    try:\n        return math.log(x[0])\n    except ValueError:\n        return 3 * x[1]"
    f = loaded(tmp_path, f"import math\ndef f(x):\n{logarithm}")
    np.testing.assert_allclose(grad(f)(np.array([-1.0, 2.0])), [0, 3])


HALVES = """
import numpy as np

X = np.arange(12.0).reshape(4, 3) / 7
W0 = np.array([0.3, -0.2, 0.5])
kept = []


def loss_and_gradient(W):
    h = np.tanh(X @ W)
    other = np.sum(h)
    loss = np.sum(h ** 2)
    slope = np.frompyfunc(lambda u: 2 * u * (1 - u * u), 1, 1)(h).astype(float)
    {after}
    return loss, X.T @ slope


cost = lambda p: loss_and_gradient(p["W"])[0]
gradients = lambda p: {{"dW": loss_and_gradient(p["W"])[1]}}
"""


@pytest.mark.parametrize(("after", "recorded"), [("pass", True), ("loss = loss + np.sum(slope ** 2)", False)])
def test_a_cost_is_recorded_if_what_comes_after_it_cannot_be(after, recorded, tmp_path):
    path = tmp_path / "halves.py"
    path.write_text(HALVES.format(after=after))
    module = load(path)
    report = check(module.cost, module.gradients, {"W": module.W0})
    assert report.to_dict()["recorded"] is recorded
    assert report.ok is recorded


def test_a_number_that_is_the_cost_here_alone_is_not_taken_for_it(tmp_path):
    """At this point what is left out is 0, and not its derivative."""
    path = tmp_path / "halves.py"
    path.write_text(HALVES.format(after="loss = loss + np.sum(slope) * (W[0] - 0.3)"))
    module = load(path)
    report = check(module.cost, module.gradients, {"W": module.W0})
    assert (report.to_dict()["recorded"], report.ok) == (False, False)


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
