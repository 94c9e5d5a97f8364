"""Replay against the recorder: the same numbers, and never a branch, a mask, an index or a setting that has frozen.

TINYGRAD_REPLAYS=10000 runs as many random programs, each twelve times.
"""

import functools
import os
import random
import sys
import threading
import time
import types
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sampling import one_in, thorough
from test_derivatives import CALLS, weighted
from test_programs import programs, run

from tinygrad_dnn import Tensor, grad, value_and_grad

COUNT = int(os.environ.get("TINYGRAD_REPLAYS", "150"))
SEED = 20261122
rng = np.random.default_rng(SEED)
W, X, Y = rng.normal(size=(3, 2)), rng.normal(size=(2, 5)), rng.normal(size=(3, 5))
SHAPES, DTYPES = [(4,), (3, 1), (3, 4)], [np.float64, np.float32]
PLACES = 64  # units in the last place of the largest entry: what a short sum and a product may differ by, and carry on
CALLED = 10  # past the comparisons at the 2nd, 4th and 8th call


def leaves(tree):
    if isinstance(tree, dict | list | tuple):
        return [leaf for part in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(part)]
    return [tree]


def same(a, b, least=0.0):
    """Equal in form, types and shapes, and in numbers up to the last places of the largest, or of least."""
    pairs = list(zip(leaves(a), leaves(b), strict=True))
    eps = max(np.finfo(y.dtype).eps for _, y in pairs)
    size = max(least, *(np.max(np.abs(y), initial=0, where=np.isfinite(y)) for _, y in pairs))
    return all(
        type(x) is type(y)
        and (x.dtype, x.shape) == (y.dtype, y.shape)
        and np.allclose(x, y, 0, PLACES * eps * size, equal_nan=True)
        for x, y in pairs
    )


def agree(f, draw, argnum=0, calls=CALLED):
    """f replayed gives what f recorded gives, in every call; draw(i) are the arguments of the i-th."""
    step, recorded = value_and_grad(f, argnum, replay=True), value_and_grad(f, argnum)
    for i in range(calls):
        arguments = draw(i)
        assert same(step(*arguments), recorded(*arguments)), f"call {i + 1}"
    assert step.why is None
    if all(program.calls == calls for program in step.programs):
        is_replayed(step, draw(calls))
    return step


def is_replayed(step, arguments):
    """The next call does not record anything."""
    before, step.recorded = step.recorded, None
    step(*arguments)
    step.recorded = before


def random_of(*shapes):
    return lambda i: tuple(np.random.default_rng(i).normal(size=shape) for shape in shapes)


def from_one_state(step, recorded, arguments):
    state = np.random.get_state()  # noqa: NPY002
    found = step(*arguments)
    np.random.set_state(state)  # noqa: NPY002
    return found, recorded(*arguments)


def refused(f, draw, words, argnum=0):
    """f is recorded on each call, and the warning says why and where."""
    step, recorded = value_and_grad(f, argnum, replay=True), value_and_grad(f, argnum)
    with pytest.warns(UserWarning, match=words):
        assert all(same(*from_one_state(step, recorded, draw(i))) for i in range(CALLED))
    assert step.why is not None
    return step


# The same numbers


@pytest.mark.parametrize(("call", "sample", "shapes"), one_in(6, CALLS))
def test_every_line_of_the_table_is_replayed(call, sample, shapes, request):
    _, f = weighted(call, sample, shapes)
    positions = tuple(range(len(shapes)))
    step, recorded = value_and_grad(f, positions, replay=True), value_and_grad(f, positions)
    draws = np.random.default_rng(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(5):
            inputs = tuple(sample(draws, shape) for shape in shapes)
            assert same(step(*inputs), recorded(*inputs))
        if not step.why and len(step.programs) == 1:
            is_replayed(step, inputs)  # the 6th call
    name = request.node.callspec.id.rpartition("-")[0]
    assert (step.why is not None) == (name in ("lstsq", "piecewise", "interp")), step.why  # they ask for numbers


@pytest.mark.parametrize("count", [10, thorough(COUNT)])
def test_random_programs_are_replayed_whatever_comes_between_the_calls(count, record_property):
    counts = []

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(programs, st.lists(st.tuples(st.sampled_from(SHAPES), st.sampled_from(DTYPES)), min_size=12, max_size=12))
    def hold(program, kinds):
        def f(x, y):
            return run(np, program, x, y)

        step, recorded = value_and_grad(f, (0, 1), replay=True), value_and_grad(f, (0, 1))
        for i, (shape, dtype) in enumerate(kinds):
            draws = np.random.default_rng(i)
            x, y = draws.normal(size=(3, 4)).astype(dtype), np.asarray(draws.normal(size=shape), dtype)
            assert same(step(x, y), recorded(x, y), least=1.0)  # they add up numbers of size 1, which may cancel
        assert step.why is None
        if step.programs[0].calls + 1 < step.programs[0].compare_at:
            is_replayed(step, (x, y))
        counts.append(sum(program.calls > 1 for program in step.programs))

    hold()
    record_property("summary", f"{len(counts)} random programs replayed as {sum(counts)} lists, seed {SEED}")
    assert sum(counts) > 2 * len(counts)


def test_what_is_handed_out_is_never_written_again():
    step = agree(lambda w, x: np.sum(np.tanh(w @ x) ** 2) + np.sum(w * w), random_of((3, 2), (2, 5)), (0, 1))
    first = step(W, X)
    kept = [np.copy(g) for g in first[1]]
    second = step(2 * W, X)
    assert all(np.array_equal(a, b) for a, b in zip(first[1], kept, strict=True))
    first[1][0][...] = np.nan  # theirs to write to
    assert same(step(2 * W, X), second)
    assert not any(np.shares_memory(a, b) for a in first[1] for b in (*second[1], W, X))


@pytest.mark.parametrize(
    "f",
    [
        lambda w, x: np.sum(w * x),
        lambda w, x: np.sum(w) + np.sum(x),
        lambda w, x: np.sum(w[0] * 0.0) + 3.0,
        lambda w, x: np.sum(np.transpose(w) * x.T),
        lambda w, x: np.reshape(np.sum(w * x), (1, 1)),
        lambda w, x: np.sum(w),
    ],
)
def test_a_gradient_that_is_an_input_or_a_constant_is_a_copy_of_it(f):
    step = agree(f, random_of((3, 2), (3, 2)), (0, 1))
    a, b = np.ones((3, 2)), np.full((3, 2), 2.0)
    _, gradients = step(a, b)
    for g in gradients:
        g[...] = 7.0
    assert (a == 1).all()
    assert (b == 2).all()
    assert same(step(a, b), value_and_grad(f, (0, 1))(a, b))


def test_trees_numbers_and_keywords_come_as_they_did():
    def f(p, X, rate=0.5, *, power=2, name="relu"):
        H = np.maximum(0, p["layers"][0] @ X + p["b"]) if name == "relu" else np.tanh(p["layers"][0] @ X)
        return rate * np.sum((p["layers"][1] @ H) ** power) + p["c"] ** 2

    def draw(i):
        d = np.random.default_rng(i)
        p = {"layers": [d.normal(size=(4, 3)), d.normal(size=(2, 4))], "b": d.normal(size=(4, 1)), "c": float(i)}
        return p, d.normal(size=(3, 6)), 0.5 if i % 2 else 0.25

    step, recorded = value_and_grad(f, replay=True), value_and_grad(f)
    for i in range(20):
        for keywords in ({}, {"power": 3}, {"name": "tanh"}):
            assert same(step(*draw(i), **keywords), recorded(*draw(i), **keywords))
    assert step.why is None
    assert len(step.programs) == 6


def test_integers_numbers_of_numpy_and_lists_of_numbers_can_be_differentiated():
    agree(lambda w, x: np.sum(w * x) ** 2, lambda i: (np.arange(3) + i, np.ones(3) * i), (0, 1))
    agree(lambda w: (w[0] * w[1]) ** 2.0, lambda i: ([1.0 + i, 2.0],))
    agree(lambda w, k: w**2 * k, lambda i: (np.float32(i), np.float64(i)))


def test_labels_are_an_input_and_an_index():
    def cost(p, X, labels):
        Z = p["W"] @ X
        e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        A = e / np.sum(e, axis=0, keepdims=True)
        return -np.mean(np.log(A[labels, np.arange(X.shape[1])])) + np.mean(A * (labels == np.arange(3)[:, None]))

    def draw(i):
        d = np.random.default_rng(i)
        return {"W": d.normal(size=(3, 4))}, d.normal(size=(4, 7)), d.integers(0, 3, 7)

    agree(cost, draw)
    of_plain_table = lambda w, labels: np.sum(w * np.eye(3)[labels])
    refused(of_plain_table, lambda i: (np.ones((4, 3)), np.arange(4) % (1 + i % 3)), "use as an index")


def test_an_index_that_is_computed_from_the_numbers_is_computed_again():
    agree(lambda w, x: np.sum(w[np.argmax(x)] * x), random_of((5, 3), (3,)))
    agree(lambda w: np.sum(w[np.argsort(w)][:2] * np.array([1.0, 10.0])), random_of((5,)))


def test_gradients_of_gradients_and_steps_within_steps():
    inner = value_and_grad(lambda w, x: np.sum(np.tanh(w * x) ** 3), replay=True)
    for i in range(CALLED):
        w, x = random_of((3,), (3,))(i)
        inner(w, x)
        found = grad(lambda w: np.sum(inner(w, x)[1] ** 2))(w)  # noqa: B023
        expected = grad(lambda w: np.sum(grad(lambda v: np.sum(np.tanh(v * x) ** 3))(w) ** 2))(w)  # noqa: B023
        np.testing.assert_allclose(found, expected, 1e-12)


# Branches


def test_a_branch_is_taken_by_the_numbers_of_the_day():
    def f(w):
        s = np.sum(w)
        if s > 0:
            return s**2
        return np.sum(np.exp(w)) if s.data < -1 else np.sum(np.sin(w))

    step = agree(f, random_of((3,)), calls=40)
    assert len(step.programs) == 3


def test_a_loop_runs_as_often_as_the_numbers_ask():
    def f(w):
        y = w
        while np.sum(y * y) > 1:
            y = y * 0.5
        return np.sum(y**3)

    step = agree(f, lambda i: (np.random.default_rng(i).normal(size=3) * 2.0 ** (i % 5),), calls=40)
    assert len(step.programs) > 3


def test_a_condition_on_data_an_assert_and_an_all_are_looked_at_again():
    def f(w, x):
        assert np.all(np.isfinite(w))
        if (x > 0).any():
            return np.sum(w * x)
        return np.sum(w)

    step = agree(lambda w, x: f(w, x), lambda i: (W, -np.abs(Y[:, :2]) if i % 3 else Y[:, :2]), calls=30)
    w = W.copy()
    w[0, 0] = np.nan
    with pytest.raises(AssertionError):
        step(w, Y[:, :2])


def test_more_ways_through_the_code_than_are_kept_are_recorded():
    def f(w, count):
        return sum(np.sum(w * i) for i in range(count))

    step = value_and_grad(f, replay=True)
    with pytest.warns(UserWarning, match="more than 16 kinds of arguments, settings or ways.*np.float64"):
        found = [step(W, i) for i in range(1, 20)]
    assert same(found, [value_and_grad(f)(W, i) for i in range(1, 20)])


# What leaves


def test_a_number_that_leaves_is_not_frozen():
    refused(lambda w, x: np.sum(w) * float(x[0]), random_of((3,), (3,)), "float.. takes a number out")
    refused(lambda w, x: np.sum(w) * x[0].item(), random_of((3,), (3,)), r"\.item takes a number out")
    refused(lambda w, x: np.sum(w) * int(x[0] * 10), random_of((3,), (3,)), "int.. takes a number out")
    refused(lambda w, x: np.sum(w) * np.asarray(x), random_of((3,), ()), "conversion to an array")
    refused(lambda w, x: np.sum(w[int(np.argmax(x))]), random_of((3,), (3,)), "int.. takes")
    refused(lambda w, x: np.sum(w) * [1.0, 2.0, 3.0][np.argmax(x)], random_of((3,), (3,)), "use as an index")
    refused(lambda w, x: np.sum(w) * x.tolist()[0], random_of((3,), (3,)), "tolist")
    refused(lambda w, x: np.sum(w) * sum(map(float, x)), random_of((3,), (3,)), "float")
    refused(lambda w, x: np.sum(w) * len(f"{x}"), random_of((3,), (3,)), "its text")
    refused(lambda w, x: np.sum(w) * np.frombuffer(x.tobytes())[0], random_of((3,), (3,)), "tobytes")
    refused(lambda w, x: np.sum(w) * np.vectorize(abs)(x), random_of((3,), ()), "conversion to an array|may change")


def test_the_reason_names_the_line():
    def f(w, x):
        scale = np.sum(x)
        return np.sum(w) * float(scale)

    step = refused(f, random_of((3,), (3,)), "float")
    assert step.why.startswith(f"{__file__}, line {f.__code__.co_firstlineno + 2}: ")


def test_a_mask_as_an_index_is_not_frozen():
    refused(lambda w: np.mean(w[w > 0]), random_of((9,)), "how many entries a mask takes")
    refused(lambda w, x: np.mean(w[x > 0]), random_of((9,), (9,)), "how many entries a mask takes")
    refused(lambda w, x: np.mean(w[np.nonzero(x > 0)]), random_of((9,), (9,)), "np.nonzero gives depends")
    refused(lambda w, x: np.mean(w[np.where(x > 0)]), random_of((9,), (9,)), "np.where gives depends")
    refused(lambda w, x: np.sum(w) * len(np.unique(x > 0)), random_of((9,), (9,)), "np.unique")
    refused(lambda w, x: np.mean(np.compress(x > 0, w)), random_of((9,), (9,)), "depends on the numbers|how many")


def test_a_mask_that_is_assigned_to_is_made_again():
    def f(w, x):
        Z = w * x
        Z[Z < 0] = 0
        Z[x > 1] = 1.0
        return np.sum(Z**2)

    agree(f, random_of((3, 4), (3, 4)))


def test_an_array_that_is_changed_in_place_is_refused():
    def changed(w, x):
        x = x.copy()
        x[0] = 5.0
        x *= 2
        return np.sum(w * x)

    refused(changed, random_of((3,), (3,)), "changes an array in place")
    refused(lambda w, x: np.sum(w * np.add(x, 1, out=x.copy())), random_of((3,), (3,)), "in place")

    def sorted_within(w, x):
        x = x.copy()
        x.sort()
        return np.sum(w * x)

    refused(sorted_within, random_of((3,), (3,)), "sort takes|in place")

    def filled(w, x):
        out = np.zeros(3)
        out[:] = x
        return np.sum(w * out)

    refused(filled, random_of((3,), (3,)), "conversion to an array")


def test_a_buffer_of_the_functions_own_is_kept_as_it_was_when_it_was_read():
    def f(w, x):
        table, total = np.zeros(3), 0.0
        for i in range(3):
            table[i] = i + 1.0
            total = total + np.sum(w * (x * table))
        return total

    agree(f, random_of((3,), (3,)))


# Random numbers


def test_random_masks_are_drawn_on_each_call():
    generator = np.random.default_rng(0)
    refused(lambda w: np.sum(w * (np.random.rand(3) < 0.5)), random_of((3,)), "draws random numbers")  # noqa: NPY002
    refused(lambda w: np.sum(w * (np.random.rand(3) < 1.5)), random_of((3,)), "draws random numbers")  # noqa: NPY002
    step = value_and_grad(lambda w: np.sum(w * generator.random(3)), replay=True)
    with pytest.warns(UserWarning, match="draws random numbers"):
        values = {float(step(np.ones(3))[0]) for _ in range(CALLED)}
    assert len(values) == CALLED
    step = value_and_grad(lambda w: np.sum(w) * random.random(), replay=True)
    with pytest.warns(UserWarning, match="draws random numbers"):
        assert len({float(step(np.ones(3))[0]) for _ in range(CALLED)}) == CALLED
    step = value_and_grad(lambda w: np.sum(w * np.random.default_rng().random(3)), replay=True)
    with pytest.warns(UserWarning, match="calls urandom"):
        assert len({float(step(np.ones(3))[0]) for _ in range(CALLED)}) == CALLED


def test_a_mask_that_is_an_argument_is_replayed():
    agree(lambda w, mask: np.sum(np.tanh(w) * mask / 0.8), lambda i: (W, np.random.default_rng(i).random((3, 2)) < 0.8))


# Side effects


costs, counter, settings_of_mine = [], 0, {"seen": 0}


class Model:
    def __init__(self):
        self.scale, self.calls, self.history = 2.0, 0, []

    def cost(self, w):
        return self.scale * np.sum(w * w)

    def counting(self, w):
        self.calls += 1
        return np.sum(w * w)

    def remembering(self, w):
        self.Z = w * 2
        return np.sum(w * w)

    def writing(self, w):
        self.history.append(1)
        return np.sum(w)


def test_what_a_function_does_beside_it_does_on_each_call(capsys, tmp_path):
    def appending(w):
        costs.append(1)
        return np.sum(w)

    def counting(w):
        global counter
        counter += 1
        return np.sum(w)

    def setting(w):
        settings_of_mine["seen"] += 1
        return np.sum(w)

    def printing(w):
        print("step")
        return np.sum(w)

    def saving(w):
        with open(tmp_path / "log", "a") as file:
            file.write("x")
        return np.sum(w)

    def run_of(f):
        step = value_and_grad(f, replay=True)
        with pytest.warns(UserWarning, match="recorded on each call"):
            assert len([step(np.ones(3)) for _ in range(CALLED)]) == CALLED

    run_of(appending)
    run_of(counting)
    run_of(setting)
    run_of(printing)
    run_of(saving)
    model = Model()
    run_of(model.counting)
    run_of(model.remembering)
    run_of(model.writing)
    assert (len(costs), counter, settings_of_mine["seen"], model.calls, len(model.history)) == (CALLED,) * 5
    assert capsys.readouterr().out == "step\n" * CALLED
    assert (tmp_path / "log").read_text() == "x" * CALLED


def test_an_import_is_no_side_effect(tmp_path, monkeypatch):
    (tmp_path / "imported_when_it_runs.py").write_text("import time\nstarted = time.time()\nrate = 2.0\n")
    monkeypatch.syspath_prepend(tmp_path)

    def f(w):
        import imported_when_it_runs

        return np.sum(w) * imported_when_it_runs.rate

    step = agree(f, random_of((3,)))
    sys.modules["imported_when_it_runs"].rate = 5.0
    assert step(ONE)[0] == 15.0


def test_what_depends_on_the_clock_is_recorded():
    step = value_and_grad(lambda w: np.sum(w) * time.perf_counter(), replay=True)
    with pytest.warns(UserWarning, match="calls perf_counter"):
        assert len({float(step(np.ones(3))[0]) for _ in range(CALLED)}) == CALLED


# What is read from outside

rate, table, config, nested = 0.5, np.ones(3), {"rate": 0.5, "deep": [1.0, {"x": 2.0}]}, [np.ones(3)]


def helper(w):
    return np.sum(w) * rate


def test_what_is_outside_may_change_between_calls():
    global rate, helper

    model, cell = Model(), 1.0
    module = types.ModuleType("settings_of_somebody")
    module.rate = 1.0
    namespace = {"np": np, "settings_of_somebody": module}
    exec("def of_module(w): return np.sum(w) * settings_of_somebody.rate", namespace)

    def of_cell(w):
        return np.sum(w) * cell

    def of_default(w, scale=[1.0]):  # noqa: B006
        return np.sum(w) * scale[0]

    def scaled(w, by):
        return np.sum(w) * by

    partial = functools.partial(scaled, by=nested[0])
    functions = {
        "global": lambda w: np.sum(w) * rate,
        "array": lambda w: np.sum(w * table),
        "derived": lambda w: np.sum(w * (1 - table)),
        "entry": lambda w: np.sum(w) * config["rate"] * config["deep"][1]["x"],
        "element": lambda w: np.sum(w * nested[0]),
        "helper": lambda w: helper(w),
        "method": model.cost,
        "cell": of_cell,
        "default": of_default,
        "module": namespace["of_module"],
        "partial": lambda w: np.sum(partial(w)),
    }
    steps = {name: value_and_grad(f, replay=True) for name, f in functions.items()}

    def check(expected):
        for name, step in steps.items():
            assert same(step(np.ones(3)), value_and_grad(functions[name])(np.ones(3))), (name, expected)

    for _ in range(5):
        check("before")
    rate, cell = 0.75, 2.0
    for _ in range(4):
        check("numbers rebound")
    table[1], nested[0][2], model.scale, module.rate = 5.0, 7.0, 3.0, 4.0
    config["deep"][1]["x"] = 9.0
    of_default.__defaults__[0][0] = 6.0
    for _ in range(4):
        check("changed in place")
    helper = lambda w: np.sum(w * w)
    nested[0] = np.full(3, 8.0)
    check("replaced")
    assert all(step.why is None for step in steps.values()), {n: s.why for n, s in steps.items()}


def test_what_cannot_be_watched_is_refused():
    numbers = iter(range(100))
    step = value_and_grad(lambda w: np.sum(w) * next(numbers), replay=True)
    with pytest.warns(UserWarning, match="numbers is a builtins.range_iterator, of which is not known"):
        assert [float(step(np.ones(1))[0]) for _ in range(5)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    held = Tensor(2.0)
    step = value_and_grad(lambda w: np.sum(w) * held, replay=True)
    with pytest.warns(UserWarning, match="held is a tinygrad_dnn"):
        assert float(step(np.ones(1))[0].data) == 2.0


def test_what_changes_unseen_is_an_error_and_no_number():
    secret = {"rate": 1.0}

    reader = functools.lru_cache(None)(lambda: secret["rate"])
    step = value_and_grad(lambda w: np.sum(w) * reader(), replay=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(6):
            assert float(step(np.ones(1))[0]) == 1.0
        secret["rate"] = 2.0
        reader.cache_clear()
        try:
            values = [float(step(np.ones(1))[0]) for _ in range(3)]
        except RuntimeError as error:
            assert "what it depends on has changed unseen" in str(error)  # noqa: PT017
        else:
            assert values == [2.0] * 3


# Errors, threads


def test_an_error_is_that_of_the_code():
    step = agree(lambda w, x: np.sum(np.linalg.inv(w) @ x), lambda i: (np.eye(2) * (i + 1), np.ones(2)))
    with pytest.raises(np.linalg.LinAlgError):
        step(np.zeros((2, 2)), np.ones(2))
    with pytest.raises(ValueError, match="matmul"):
        step(np.eye(2), np.ones(3))
    with pytest.raises(TypeError, match="cannot be differentiated"):
        step("a", np.ones(2))
    with pytest.raises(TypeError, match="missing 1 required"):
        step(np.eye(2))
    assert same(step(np.eye(2), np.ones(2)), value_and_grad(step.f)(np.eye(2), np.ones(2)))


def test_a_warning_of_numpy_points_at_the_code():
    step = agree(lambda w: np.sum(np.log(w)), lambda i: (np.ones(3) + i,))
    with pytest.raises(RuntimeWarning, match="divide by zero"):
        step(np.zeros(3))


def test_threads_do_not_share_buffers():
    step = value_and_grad(lambda w, x: np.sum(np.tanh(w @ x) ** 2), replay=True)
    recorded = value_and_grad(step.f)
    wrong = []

    def work(number):
        for i in range(200):
            w, x = random_of((20, 20), (20, 20))(number * 1000 + i % 7)
            if not same(step(w, x), recorded(w, x)):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_profiler_is_left_alone():
    import cProfile

    step = value_and_grad(lambda w: np.sum(w * w), replay=True)
    with cProfile.Profile():
        for _ in range(CALLED):
            assert float(step(np.ones(3))[0]) == 3.0
    assert step.why is None


def test_the_calls_can_be_read():
    step = agree(lambda w, x: np.sum(np.tanh(w @ x)), random_of((3, 2), (2, 5)))
    assert ".dot(" in step.source
    assert step.source.count("tanh(") == 1


# What a hostile reader found


def replayed(f, *calls, argnum=0, **keywords):
    """The values of these calls, in which the last ones are replayed, and those of the recorder."""
    step, recorded = value_and_grad(f, argnum, replay=True), value_and_grad(f, argnum)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = [step(*arguments, **keywords) for arguments in calls]
    return found, [recorded(*arguments, **keywords) for arguments in calls], step


ONE = np.ones(3)
SQUARE, TWO = np.arange(6.0).reshape(2, 3), np.int64(2)


def of_out(w, X):
    out = np.empty((3, 3))
    np.dot(X, X, out)
    return np.sum(w * out)


def of_clip(w, x):
    y = x * 2
    np.clip(y, -1, 1, y)
    return np.sum(w * y)


def of_nan(w, x):
    y = x * 2
    np.nan_to_num(y, copy=False)
    return np.sum(w * y)


def of_inverse(w, A):
    try:
        return np.sum(w * np.linalg.inv(A))
    except np.linalg.LinAlgError:
        return np.sum(w)


def of_errors(w, x):
    try:
        with np.errstate(all="raise"):
            return np.sum(w * np.log(x))
    except FloatingPointError:
        return np.sum(w)


def of_index(w, i):
    try:
        return np.sum(w[i])
    except IndexError:
        return np.sum(w * 5)


@pytest.mark.parametrize(
    ("f", "before", "after"),
    [
        (
            lambda w, x, n: np.sum(w) * np.sum(x.reshape(n, -1)[0]),
            (ONE, SQUARE, np.int64(2)),
            (ONE, SQUARE, np.int64(3)),
        ),
        (lambda w, x, n: np.sum(w) * len(x[:n]), (ONE, ONE, np.int64(2)), (ONE, ONE, np.int64(3))),
        (lambda w, x, n: np.sum(w) * x[n[0] : n[1]].size, (ONE, ONE, np.array([0, 2])), (ONE, ONE, np.array([1, 2]))),
        (lambda w, x, n: np.sum(w) * np.tile(x, n[0]).size, (ONE, ONE, np.array([2])), (ONE, ONE, np.array([3]))),
        (
            lambda w, x, n: np.sum(w) * np.sum(x, axis=n[0]).size,
            (ONE, SQUARE, np.array([0])),
            (ONE, SQUARE, np.array([1])),
        ),
        (of_inverse, (np.ones((2, 2)), np.zeros((2, 2))), (np.ones((2, 2)), 4 * np.eye(2))),
        (of_errors, (ONE, ONE), (ONE, 0 * ONE)),
        (of_index, (ONE, np.array([0, 1])), (ONE, np.array([0, 9]))),
        (of_out, (np.ones((3, 3)), np.eye(3)), (np.ones((3, 3)), 2 * np.eye(3))),
        (of_clip, (ONE, 0.1 * ONE), (ONE, 9 * ONE)),
        (of_nan, (ONE, ONE), (ONE, np.array([1, np.nan, 1]))),
        (lambda w, x: np.sum(w * np.reshape(x, (3, 2), "F")), (SQUARE.T, 0 * SQUARE), (SQUARE.T, SQUARE)),
        (
            lambda w, x: np.sum(w * np.ravel(x * 2, "K")),
            (np.arange(6.0), SQUARE),
            (np.arange(6.0), np.asfortranarray(SQUARE)),
        ),
        (lambda w, y: np.sum(w * (y != -1)), (ONE, np.arange(3).astype(np.uint8)), (ONE, np.zeros(3, np.uint8))),
        (lambda w, x: np.sum(w * np.ldexp(x, 2)), (ONE, ONE), (ONE, 2 * ONE)),
        (lambda w, x: np.sum(w) * np.sum(np.split(x, 3)[0]), (ONE, ONE), (ONE, 2 * ONE)),
        (lambda w, x: np.sum(w * np.frompyfunc(lambda v: v * 2, 1, 1)(x).astype(float)), (ONE, ONE), (ONE, 2 * ONE)),
        (lambda w, x: np.sum(w) * np.sum(x.compress([True, False, True])), (ONE, ONE), (ONE, np.array([1.0, 10, 100]))),
        (lambda w, x: np.sum(w) * (np.array_equal(x, x) + np.array_equal(x, x)), (ONE, ONE), (ONE, 2 * ONE)),
        (lambda w, x: np.sum(w) * (2 if type(x) is np.ndarray else 1), (ONE, ONE), (ONE, 2 * ONE)),
        (lambda w, x: np.sum(w) * (2 if x is ONE else 1), (ONE, ONE), (ONE, ONE)),
        (lambda w, x, y: np.sum(w) * (2 if x is y else 1), (ONE, ONE, ONE), (ONE, ONE, ONE)),
        (lambda w, x: np.sum(w * x.flatten("F")), (np.ones(6), SQUARE), (np.ones(6), 2 * SQUARE)),
    ],
)
def test_nothing_is_as_it_was_that_is_not(f, before, after):
    found, expected, _ = replayed(f, before, before, before, after, before, after, after)
    assert all(map(same, found, expected))


def test_what_is_kept_in_an_argument_is_kept_on_each_call():
    def counting(w, s):
        s["t"] = s["t"] + 1
        return np.sum(w) * s["t"]

    step, s = value_and_grad(counting, replay=True), {"t": np.array(0.0)}
    with pytest.warns(UserWarning, match="a dict holds something else"):
        assert [float(step(ONE, s)[0]) for _ in range(5)] == [3, 6, 9, 12, 15]

    def doubling(w, x):
        x *= 2
        return np.sum(w * x)

    step, x = value_and_grad(doubling, replay=True), np.ones(3)
    with pytest.warns(UserWarning, match="holds other numbers"):
        assert [float(step(ONE, x)[0]) for _ in range(4)] == [6, 12, 24, 48]
    cache, history = {}, []

    def caching(w, x, cache, history):
        cache["A"] = np.tanh(x)
        history.append(1)
        return np.sum(w * cache["A"])

    step = value_and_grad(caching, replay=True)
    with pytest.warns(UserWarning, match="recorded on each call"):
        assert len([step(ONE, ONE, cache, history) for _ in range(6)]) == len(history) == 6
    assert type(cache["A"]) is np.ndarray


def test_a_large_argument_that_is_changed_is_seen():
    def counting(w, X, state):
        state["t"] += 1
        return np.sum(w * X[0]) * state["t"]

    X, state = np.ones((6_000, 800)), {"t": 0}
    step = value_and_grad(counting, replay=True)
    with pytest.warns(UserWarning, match="a dict holds something else"):
        assert [float(step(np.ones(800), X, state)[0]) for _ in range(4)] == [800, 1600, 2400, 3200]


def test_two_gradients_share_no_memory():
    step = value_and_grad(lambda a, b: np.sum(np.sin(a + np.reshape(b, (3, 4)))), (0, 1), replay=True)
    for _ in range(5):
        _, (a, b) = step(np.ones((3, 4)), np.ones(12))
        assert not np.shares_memory(a, b)
        a[...] = 0.0
        assert np.all(b != 0)


class Base:
    rate = 1.0


class Derived(Base):
    pass


stored = None


def test_a_setting_that_is_bound_later_is_seen():
    def storing(w, x):
        global stored
        stored = np.sum(x)
        return np.sum(w * x)

    step = value_and_grad(storing, replay=True)
    with pytest.warns(UserWarning, match="stored is bound to something else"):
        assert [step(ONE, ONE * i)[0] == stored * 1.0 for i in range(5)] == [True] * 5

    inner, outer = types.ModuleType("outer_of_somebody.inner"), types.ModuleType("outer_of_somebody")
    outer.inner, inner.rate = inner, 1.0
    zeros, fixed = np.zeros(3), np.ones(3)
    fixed.flags.writeable = False

    def work(w):
        return np.sum(w)

    def edited(w):
        return np.sum(w) * 5

    def squares(v):
        return np.sum(v * v) * Derived.rate

    dg = grad(squares)
    functions = {
        "class": lambda w: np.sum(w) * Derived.rate,
        "module": lambda w: np.sum(w) * outer.inner.rate,
        "getattr": lambda w: np.sum(w) * getattr(inner, "rate"),  # noqa: B009
        "code": lambda w: work(w),
        "within": lambda w: np.sum(dg(w) ** 2),
        "sign": lambda w: np.sum(w * np.arctan2(zeros, -1.0)),
        "read-only": lambda w: np.sum(w * np.exp(fixed)),
    }
    steps = {name: value_and_grad(f, replay=True) for name, f in functions.items()}
    for _ in range(4):
        before = {name: step(ONE)[0] for name, step in steps.items()}
    assert all(step.why is None for step in steps.values()), {n: s.why for n, s in steps.items()}
    Derived.rate, inner.rate, work.__code__ = 5.0, 5.0, edited.__code__
    zeros[:] = -0.0
    fixed.flags.writeable = True
    fixed[:] = 0.0
    try:
        for name, step in steps.items():
            assert step(ONE)[0] == value_and_grad(functions[name])(ONE)[0] != before[name], name
    finally:
        del Derived.rate


def test_what_cannot_be_followed_is_said():
    import logging

    for f, words in [
        (lambda w: np.sum(w) * eval("2"), "uses eval"),
        (lambda w: np.sum(w) * globals()["ONE"][0], "uses globals"),
        (lambda w: np.sum(w) + 0 * len(np.geterr()), "uses geterr"),
        (lambda w: np.sum(w) + 0 * bool(logging.getLogger()), "uses logging|Logger"),
    ]:
        step = value_and_grad(f, replay=True)
        with pytest.warns(UserWarning, match=words):
            assert all(same(step(ONE), value_and_grad(f)(ONE)) for _ in range(4))


def test_what_is_handed_on_to_c_code_is_said(capsys):
    def f(w):
        list(map(print, ["layer"]))
        return np.sum(w)

    step = value_and_grad(f, replay=True)
    with pytest.warns(UserWarning, match="hands print on"):
        assert len([step(ONE) for _ in range(6)]) == 6
    assert capsys.readouterr().out == "layer\n" * 6


def test_a_setting_of_an_installed_library_is_watched(monkeypatch):
    import sysconfig

    library = types.ModuleType("somebodys_library")
    library.__file__ = sysconfig.get_path("purelib") + "/somebodys_library.py"
    source = "rate = 1.0\ndef scaled(x):\n    return x * rate\n"
    exec(compile(source, library.__file__, "exec"), vars(library))
    monkeypatch.setitem(sys.modules, "somebodys_library", library)
    step = agree(lambda w: np.sum(library.scaled(w)), random_of((3,)))
    library.rate = 5.0
    assert step(ONE)[0] == 15.0


def test_rounding_alone_is_no_change():
    step = value_and_grad(lambda w, x: np.sum((x - x.mean(0)) @ w) / len(x), replay=True)
    for i in range(140):
        draws = np.random.default_rng(i)
        step(draws.normal(size=3), draws.normal(size=(5, 3)))
    assert step.why is None


def test_an_unseen_change_is_an_error_whatever_its_size():
    step = value_and_grad(lambda w: np.sum(w.astype(np.float16) * hidden()), replay=True)
    for _ in range(10):
        step(ONE)
    step.programs[0].outside.names.clear()  # as if it could not be seen
    step.programs[0].outside.arrays.clear()
    secret[0] += 0.001
    with pytest.raises(RuntimeError, match="reads other numbers than the time before"):
        assert len([step(ONE) for _ in range(10)]) == 10


secret = np.ones(1)


def hidden():
    return 1.0 + secret


def test_it_is_a_function_as_others_are():
    import copy

    class Net:
        scale = 2.0

        @functools.partial(value_and_grad, argnum=1, replay=True)
        def cost(self, w):
            return self.scale * np.sum(w * w)

    net = Net()
    assert [float(net.cost(ONE)[0]) for _ in range(5)] == [6.0] * 5
    assert copy.deepcopy(net.cost.__func__) is net.cost.__func__
    key = np.int64(0)
    step = value_and_grad(lambda p: np.sum(p[key] ** 2), replay=True)
    assert all(same(step({key: ONE * i}), (3.0 * i * i * np.float64(1), {key: 2.0 * i * ONE})) for i in range(1, 6))


def test_the_usual_cross_entropy_with_labels_is_replayed():
    def cost(p, X, y):
        Z = X @ p["W"] + p["b"]
        Z = Z - np.max(Z, axis=1, keepdims=True)
        logp = Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))
        return -np.mean(logp[np.arange(len(y)), y])

    def draw(i):
        d = np.random.default_rng(i)
        return {"W": d.normal(size=(4, 3)), "b": np.zeros(3)}, d.normal(size=(6, 4)), d.integers(0, 3, 6)

    agree(cost, draw)


def test_settings_in_a_dataclass_a_namespace_or_a_named_tuple_are_followed():
    import collections
    import dataclasses

    @dataclasses.dataclass
    class Settings:
        rate: float = 1.0

    namespace, data = types.SimpleNamespace(rate=1.0), Settings()
    point = collections.namedtuple("point", "x y")(1.0, 2.0)

    def f(w):
        return np.sum(w) * namespace.rate * data.rate * point.y

    step = agree(f, lambda i: (ONE,))
    namespace.rate = 3.0
    assert step(ONE)[0] == 18.0
    data.rate = 2.0
    assert step(ONE)[0] == 36.0


def test_a_condition_hangs_on_the_same_bits():
    def noise(w, x):
        z = (x - np.mean(x)) / np.std(x)
        return np.sum(w) * (2.0 if np.sum(z) > 0 else 1.0) + np.sum(w * (np.sum(z, axis=0) > 0))

    agree(noise, random_of((4,), (3, 4)), calls=60)


def test_a_product_is_the_same_to_the_last_bit():
    draws = np.random.default_rng(1)
    for _ in range(100):
        a, b, c = draws.integers(1, 40, 3)
        step, recorded = value_and_grad(product, (0, 1), replay=True), value_and_grad(product, (0, 1))
        for i in range(4):
            A, B = draws.normal(size=(a, b)), draws.normal(size=(b, c))
            A = np.asfortranarray(A) if i % 2 else A
            found, expected = step(A, B), recorded(A, B)
        assert all(np.array_equal(x, y) for x, y in zip(leaves(found), leaves(expected), strict=True))


def product(A, B):
    return np.max(np.matmul(A, B))


# What the second hostile reader found


def is_definite(w, A):
    try:
        np.linalg.cholesky(A)
        penalty = 0.0
    except np.linalg.LinAlgError:
        penalty = 100.0
    return np.sum(w) + penalty


def is_in_range(w, i):
    try:
        w[i]
    except IndexError:
        return np.sum(w * 2)
    return np.sum(w)


def of_one_array(w, x, y):
    return np.sum(w * x * y) * (2.0 if x is y else 1.0)


def of_type(w, x):
    if type(x) is np.ndarray and x.max() > 10:
        x = np.clip(x, -10, 10)
    return np.sum(w * x)


def of_list(w, n):
    for rate in [0.5] * n:
        w = w * rate
    return np.sum(w)


def of_broadcast(w, A):
    return np.sum(np.tanh(A @ np.broadcast_to(w, (3, 3))))


def of_quiet_line(w, x):
    with np.errstate(divide="ignore"):
        y = 1 / x
    return np.sum(np.exp(w) * np.where(x > 0, y, 0.0))


@pytest.mark.parametrize(
    ("f", "before", "after"),
    [
        (is_definite, (ONE, np.eye(2)), (ONE, -np.eye(2))),
        (is_in_range, (ONE, np.array([0])), (ONE, np.array([7]))),
        (of_one_array, (ONE, ONE, 2 * ONE), (ONE, ONE, ONE)),
        (of_type, (ONE, ONE), (ONE, 50 * ONE)),
        (of_list, (ONE, np.int64(1)), (ONE, np.int64(3))),
        (of_list, (ONE, np.array([1])[0]), (ONE, np.array([3])[0])),
        (lambda w, n: np.sum(w) * len((0,) * n[0]), (ONE, np.array([1])), (ONE, np.array([3]))),
        (of_broadcast, (0 * ONE, np.arange(9.0).reshape(3, 3) / 9), (ONE, np.arange(9.0).reshape(3, 3) / 9)),
        (
            lambda w, x: np.sum(np.mean(np.tanh(x @ w) @ w, axis=0) ** 2),
            (np.eye(3), np.eye(3)),
            (np.eye(3), -np.eye(3)),
        ),
    ],
)
def test_nothing_hangs_on_what_a_list_does_not_see(f, before, after):
    found, expected, _ = replayed(f, before, before, before, after, before, after, after)
    assert all(map(same, found, expected))


def test_mean_pooling_with_square_weights_is_replayed():
    def pooled(w, x):
        return np.sum(np.mean(np.tanh(x @ w) @ w, axis=0) ** 2)

    is_replayed(agree(pooled, random_of((4, 4), (4, 4)), (0, 1)), random_of((4, 4), (4, 4))(99))


def test_an_error_that_numpy_is_told_to_raise_is_raised():
    step = agree(of_quiet_line, lambda i: (ONE * i, np.array([1.0, 0.0, 2.0])))
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        step(1e4 * ONE, ONE)


def test_a_profiler_that_runs_goes_on():
    import cProfile

    step = value_and_grad(lambda w: np.sum(w * w), replay=True)
    for _ in range(10):
        step(ONE)
    with cProfile.Profile() as profile:
        for _ in range(10):
            step(ONE)
    assert sum(entry.callcount for entry in profile.getstats() if "Replay.__call__" in str(entry.code)) in (0, 10)
    assert step.why is None


def test_attributes_that_the_code_does_not_read_may_change():
    class Student:
        def __init__(self):
            self.W, self.rate, self.history = np.ones(3), 1.0, []

        def loss(self, w):
            return np.sum(w * w) * self.rate

        def shuffle(self):
            np.random.seed(1)  # noqa: NPY002

    student = Student()
    step = value_and_grad(student.loss, replay=True)
    for i in range(20):
        J, _ = step(student.W)
        student.history.append(J)
        student.W = student.W * 0.9
        student.rate = 1.0 if i < 10 else 2.0
    assert step.why is None
    assert len(step.programs) == 2
    assert step(student.W)[0] == value_and_grad(student.loss)(student.W)[0]


def test_settings_by_any_name_are_watched():
    module = types.ModuleType("settings_by_name")
    module.l1, module.l2 = 0.1, 0.2

    class Named(tuple):
        __slots__ = ()

        def penalty(self, w):
            return self[0] * rate_of_named[0] * np.sum(w)

    named = Named((0.5,))
    functions = {
        "of a tuple": lambda w: np.sum(w) * sum(getattr(module, k) for k in ("l1", "l2")),
        "that comes later": lambda w: np.sum(w) * (module.extra if hasattr(module, "extra") else 1.0),
        "of the class of a tuple": lambda w: named.penalty(w),
    }

    def waiting(w):
        try:
            return np.sum(w) * module.later
        except AttributeError:
            return np.sum(w)

    functions["that is waited for"] = waiting
    steps = {name: value_and_grad(f, replay=True) for name, f in functions.items()}
    for _ in range(4):
        before = {name: step(ONE)[0] for name, step in steps.items()}
    module.l1, module.extra, module.later, rate_of_named[0] = 5.0, 5.0, 5.0, 9.0
    for name, step in steps.items():
        assert step(ONE)[0] == value_and_grad(functions[name])(ONE)[0] != before[name], name


rate_of_named = [1.0]


def test_a_large_array_outside_is_asked_for_as_an_argument():
    data = np.zeros((6_000, 800))
    step = value_and_grad(lambda w, i: np.sum(w * data[i]), replay=True)
    with pytest.warns(UserWarning, match="data is large.*give it as an argument"):
        assert [step(np.ones(800), i)[0] for i in range(3)] == [0.0] * 3


# What its own writers found when they read it again


def test_a_gradient_that_was_broadcast_can_be_written_to():
    step = agree(lambda w, x: np.sum(w) * np.sum(x), random_of((3, 2), (3, 2)), (0, 1))
    for _ in range(3):
        _, gradients = step(np.ones((3, 2)), np.ones((3, 2)))
        for g in gradients:
            g[0] = 0.0
            assert np.all(g[1:] == 6.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda w, x, n: np.sum(w) * np.ones_like(x, shape=(n[0],)).size,
        lambda w, x, n: np.sum(w) * np.size(x[:, :1], n[0] - 2),
        lambda w, x, n: np.sum(w) * np.compress(n > 1, x, axis=0).size,
        lambda w, x, n: np.sum(w) * np.linspace(0.0, w[0], n[0]).size,
        lambda w, x, n: np.sum(w) * np.full_like(x, 1.0, shape=(n[0],)).size,
        lambda w, x, n: np.sum(w) * np.repeat(x, n[0]).size,
    ],
)
def test_a_shape_that_is_computed_is_not_frozen(f):
    one, two = (ONE, SQUARE, np.array([2, 1])), (ONE, SQUARE, np.array([3, 2]))
    found, expected, _ = replayed(f, one, one, one, two, one, two)
    assert all(map(same, found, expected))


def test_what_the_recorder_refuses_of_some_numbers_a_list_refuses_too():
    def f(w):
        return np.sum(np.linspace(w[0], w[1], 5) ** 2)

    step = agree(f, random_of((3,)))
    for numbers in ([np.inf, 1.0, 0.0], [1e308, -1e308, 0.0]):
        with np.errstate(all="ignore"), pytest.raises(TypeError, match="called like this it cannot be recorded"):
            value_and_grad(f)(np.array(numbers))
        with np.errstate(all="ignore"), pytest.raises(TypeError, match="called like this it cannot be recorded"):
            step(np.array(numbers))


def test_a_step_within_a_step_stays_replayed():
    inner = agree(lambda w, x: np.sum(np.tanh(w * x)), random_of((3,), (3,)))

    def outer(w, x):
        return np.sum(w * inner(x, x)[1])

    found, expected, _ = replayed(outer, *(random_of((3,), (3,))(i) for i in range(6)))
    assert all(map(same, found, expected))
    assert inner.why is None
