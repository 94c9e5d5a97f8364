"""Derivatives of one's own: @primitive in gradients of any order, check, explain and draw, right and with mistakes."""

import numpy as np
import pytest

import viz
from tinygrad_dnn import (
    Tensor,
    check,
    check_primitive,
    explain,
    grad,
    hessian,
    jacobian,
    primitive,
    value_and_grad,
    vjp,
)  # fmt: skip
from tinygrad_dnn.engine.derivatives import DERIVATIVES
from tinygrad_dnn.engine.signatures import KNOWN

rng = np.random.default_rng(7)
A, W, b = rng.normal(size=(3, 5)), rng.normal(size=(2, 3)), rng.normal(size=(2, 1))
Y = (rng.random((2, 5)) > 0.5) * 1.0


@pytest.fixture(autouse=True)
def _the_tables_are_left_as_they_were():
    before = dict(DERIVATIVES), dict(KNOWN)
    yield
    for table, kept in zip((DERIVATIVES, KNOWN), before, strict=True):
        for function in table.keys() - kept.keys():
            del table[function]


def linear_backward(dZ, Z, A, W, b):
    return W.T @ dZ, dZ @ A.T, np.sum(dZ, axis=1, keepdims=True)


def linear(backward=linear_backward):
    @primitive(backward)
    def linear_forward(A, W, b):
        """Z = W A + b."""
        return W @ A + b

    return linear_forward


def of_one(backward):
    """x^2 with some backward."""

    @primitive(backward)
    def squared(x):
        return x * x

    return squared


def cost_with(forward):
    return lambda p: np.sum((np.tanh(forward(A, p["W"], p["b"])) - Y) ** 2) / 5


def plain(A, W, b):
    return W @ A + b


P = {"W": W, "b": b}


# Right


def test_on_arrays_it_is_the_plain_function():
    f = linear()
    assert isinstance(f(A, W, b), np.ndarray)
    np.testing.assert_array_equal(f(A, W, b), plain(A, W, b))
    assert (f.__name__, f.__doc__) == ("linear_forward", "Z = W A + b.")


def test_its_gradients_are_those_of_the_plain_code():
    found, expected = grad(cost_with(linear()))(P), grad(cost_with(plain))(P)
    for name in P:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12)


def test_a_gradient_of_a_gradient_goes_through_backwards_own_operations():
    found, expected = (hessian(lambda w, f=f: cost_with(f)({"W": w, "b": b}))(W) for f in (linear(), plain))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_a_third_derivative():
    cube = primitive(lambda g, y, x: 3 * x**2 * g)(lambda x: x**3)
    assert grad(grad(grad(lambda x: cube(x) * x)))(2.0) == pytest.approx(48.0, rel=1e-12)


def test_jacobian_and_vjp():
    f = linear()
    np.testing.assert_allclose(
        jacobian(lambda w: f(A, w, b))(W), jacobian(lambda w: plain(A, w, b))(W), rtol=1e-12, atol=1e-15
    )
    g = rng.normal(size=(2, 5))
    for found, expected in zip(vjp(f, A, W, b)[1](g), linear_backward(g, None, A, W, b), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_tensor_that_is_given_twice_gets_both_parts():
    product = primitive(lambda g, y, a, b: (g * b, g * a))(lambda a, b: a * b)
    assert grad(lambda x: product(x, x))(3.0) == 6.0


def test_keywords_reach_both_functions():
    @primitive(lambda g, y, x, *, slope=0.1: g * np.where(x > 0, 1.0, slope))
    def leaky(x, *, slope=0.1):
        return np.where(x > 0, x, slope * x)

    np.testing.assert_array_equal(grad(lambda x: np.sum(leaky(x, slope=0.5)))(np.array([-1.0, 2.0])), [0.5, 1.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(leaky(x)))(np.array([-1.0, 2.0])), [0.1, 1.0])


def test_arguments_given_by_their_names():
    f = linear()
    np.testing.assert_allclose(
        grad(lambda w: np.sum(f(A=A, W=w, b=b) ** 2))(W), grad(lambda w: np.sum(plain(A, w, b) ** 2))(W), rtol=1e-12
    )


def test_any_number_of_arguments():
    total = primitive(lambda g, y, *xs: [g * (i + 1) for i in range(len(xs))])(
        lambda *xs: sum((i + 1) * x for i, x in enumerate(xs))
    )
    assert grad(lambda x, y: total(x, 1.0, y), (0, 1))(2.0, 3.0) == (1.0, 3.0)


def test_code_that_no_recording_can_follow():
    def loop(x):
        y = np.empty(x.shape)
        for i in range(len(x)):
            y[i] = float(x[i]) ** 3
        return y

    f = primitive(lambda g, y, x: g * 3 * x**2)(loop)
    np.testing.assert_allclose(grad(lambda x: np.sum(f(x)))(np.array([1.0, 2.0])), [3.0, 12.0])
    report = check_primitive(f, np.array([1.0, 2.0]))
    assert report.ok


def test_single_precision_stays():
    g = grad(lambda w: np.sum(linear()(A.astype(np.float32), w, b.astype(np.float32))))(W.astype(np.float32))
    assert g.dtype == np.float32


def test_backward_is_called_once_for_a_step():
    calls = []

    def backward(*arguments):
        calls.append(1)
        return linear_backward(*arguments)

    grad(lambda A, W, b: np.sum(linear(backward)(A, W, b)), (0, 1, 2))(A, W, b)
    assert len(calls) == 1


def test_a_backward_that_writes_into_its_g_harms_nobody():
    def masked(g, y, z):
        g[z <= 0] = 0
        return g

    relu = primitive(masked)(lambda z: np.maximum(0, z))
    x = np.array([-1.0, 2.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum((y := 2 * x) + relu(y)))(x), [2.0, 4.0])
    np.testing.assert_array_equal(jacobian(grad(lambda x: np.sum(relu(x) ** 2)))(x), [[0.0, 0.0], [0.0, 2.0]])


def test_a_result_that_the_function_keeps_is_not_the_recordings():
    buffer = np.zeros(2)

    def doubled(x):
        np.multiply(2, x, out=buffer)
        return buffer

    f = primitive(lambda g, y, x: 2 * g)(doubled)
    t = Tensor([1.0, 2.0])
    y, z = f(t), f(t * 10)
    np.testing.assert_array_equal(y.data, [2.0, 4.0])
    np.testing.assert_array_equal(z.data, [20.0, 40.0])


def test_a_step_that_uses_one_is_not_replayed_and_right():
    step = value_and_grad(cost_with(linear()), replay=True)
    with pytest.warns(UserWarning, match="recorded on each call"):
        found = [step(P)[1] for _ in range(4)][-1]
    np.testing.assert_allclose(found["W"], grad(cost_with(plain))(P)["W"], rtol=1e-12)


def test_what_it_does_on_the_way_is_done_again_each_time():
    factor = [1.0]
    f = primitive(lambda g, y, x: factor[0] * g)(lambda x: factor[0] * x)
    step = value_and_grad(lambda x: np.sum(f(x)), replay=True)

    def at(number):
        factor[0] = number
        return step(np.ones(2))

    with pytest.warns(UserWarning, match="recorded on each call"):
        found = [at(number) for number in (1.0, 2.0, 3.0, 4.0)]
    assert [(float(v), list(g)) for v, g in found] == [(2 * n, [n, n]) for n in (1.0, 2.0, 3.0, 4.0)]


# What it is told to say


def test_explain_and_draw_call_it_by_its_name():
    def cost(p):
        Z = f(A, p["W"], p["b"])
        return np.sum(np.tanh(Z) ** 2)

    f = linear()
    text = str(explain(cost, parameters=P))
    assert "Z = linear_forward(A, W, b)" in text
    assert "dW = dZ A^T" in text
    assert "linear_forward" in viz.draw(cost, P).source


def test_check_judges_a_file_that_uses_one():
    def gradients(p, fault=1.0):
        T = np.tanh(plain(A, p["W"], p["b"]))
        dZ = 2 * (T - Y) * (1 - T**2) / 5
        return {"dW": dZ @ A.T, "db": fault * np.sum(dZ, axis=1, keepdims=True)}

    assert check(cost_with(linear()), gradients, P).ok
    report = check(cost_with(linear()), lambda p: gradients(p, 2.0), P, suggest=False)
    assert (report["dW"].verdict, report["db"].verdict) == ("right", "wrong")


# Wrong


def test_a_wrong_backward_is_caught_by_name_and_line():
    def wrong_backward(dZ, Z, A, W, b):
        dW = dZ @ A.T / A.shape[1]
        return W.T @ dZ, dW, np.sum(dZ, axis=1, keepdims=True)

    report = check_primitive(linear(wrong_backward), A, W, b)
    assert [report[name].verdict for name in ("dA", "dW", "db")] == ["right", "wrong", "right"]
    assert report["dW"].note == "is 0.2 times the right one"
    assert report.fix is not None
    assert report.fix.after == "dW = dZ @ A.T"


@pytest.mark.parametrize("i", range(3))
@pytest.mark.parametrize("fault", [lambda g: 1.001 * g, lambda g: -g, lambda g: g + 0.01, lambda g: g[::-1]])
def test_a_fault_in_any_part_is_caught(i, fault):
    def backward(*arguments):
        parts = list(linear_backward(*arguments))
        parts[i] = fault(parts[i])
        return parts

    wrong = [
        row.verdict == "wrong" for row in (check_primitive(linear(backward), A, W, b, suggest=False)[n] for n in "AWb")
    ]
    assert wrong == [k == i for k in range(3)]


def test_check_does_not_rest_on_a_wrong_one():
    def gradients(p):
        T = np.tanh(plain(A, p["W"], p["b"]))
        dZ = 2 * (T - Y) * (1 - T**2) / 5
        return {"dZ": dZ, "dW": dZ @ A.T, "db": np.sum(dZ, axis=1, keepdims=True)}

    def cost(p):
        Z = f(A, p["W"], p["b"])
        return np.sum((np.tanh(Z) - Y) ** 2) / 5

    f = linear(lambda dZ, Z, A, W, b: (W.T @ dZ, 2 * dZ @ A.T, np.sum(dZ, axis=1, keepdims=True)))
    report = check(cost, gradients, P, suggest=False)
    assert [report[name].verdict for name in ("dZ", "dW", "db")] == ["unchecked", "right", "right"]
    assert any("check_primitive(linear_forward, ...)" in note for note in report.notes)
    recorded = grad(cost)
    report = check(cost, lambda p: {"d" + k: v for k, v in recorded(p).items()}, P, suggest=False)
    assert report["dW"].verdict == "wrong"


@pytest.mark.parametrize(
    ("backward", "error", "says"),
    [
        (lambda g, y, x: (g, g), TypeError, "squared: its backward returned 2 gradients for 1 arguments"),
        (lambda g, y, x: None, TypeError, "returned None for argument 0, which is a tensor"),
        (lambda g, y, x: g[:1], ValueError, "gradient has shape"),
        (lambda g, y, x: g > 0, TypeError, "dtype bool"),
        (lambda g, y, x: 1j * g, TypeError, "dtype complex128"),
        (lambda g, y, x: np.ma.masked_less(g, 0), TypeError, "returned MaskedArray"),
    ],
)
def test_what_backward_may_not_return(backward, error, says):
    with pytest.raises(error, match=says):
        grad(lambda x: np.sum(of_one(backward)(x)))(np.ones(3))


def test_a_backward_that_loses_g_is_not_differentiated_in_silence():
    f = of_one(lambda g, y, x: 2 * value(x) * value(g))
    assert grad(f)(3.0) == 6.0
    with pytest.raises(TypeError, match="lost g on the way"):
        grad(grad(lambda x: f(x) ** 2))(3.0)


def value(x):
    return x.data if type(x) is Tensor else x


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda x: (x, x), "returned tuple; expected is one array, and it alone"),
        (lambda x: {1.0}, "returned set"),
        (lambda x: None, "returned NoneType"),
        (lambda x: x * OUTSIDE, "reads a Tensor that is no argument of its own"),
        (lambda x: x > 0, r"dtype bool; expected .* write np.asarray\(result, dtype=float\)"),
        (lambda x: np.ma.masked_less(x, 0), "returned MaskedArray"),
    ],
)
def test_what_the_function_may_not_return(function, says):
    f = primitive(lambda g, y, x: g)(function)
    with pytest.raises(TypeError, match=says):
        grad(lambda x: np.sum(f(x)))(np.ones(3))


OUTSIDE = Tensor(2.0)


def test_a_tensor_as_a_setting_is_refused():
    @primitive(lambda g, y, x, *, slope: g * slope)
    def scaled(x, *, slope):
        return x * slope

    with pytest.raises(TypeError, match="slope is a Tensor; only arguments that can be given by position"):
        grad(lambda s: np.sum(scaled(np.ones(2), slope=s)))(2.0)


def test_a_primitive_without_its_backward_says_how_it_is_written():
    with pytest.raises(TypeError, match=r"expected is a function: @primitive\(backward\)"):
        primitive(None)
    with pytest.raises(TypeError, match=r"expected is a function made by @primitive\(backward\)"):
        check_primitive(plain, A, W, b)


# What two hostile hours found


def test_a_buffer_that_backward_uses_again_is_copied():
    buffer = np.zeros(2)

    def backward(g, y, x):
        return np.multiply(g, 2 * x, out=buffer)

    f, x = of_one(backward), np.array([1.0, 2.0])
    found = grad(lambda p: np.sum(f(p["a"])) + np.sum(f(p["b"])))({"a": x, "b": 10 * x})
    np.testing.assert_array_equal(found["a"], 2 * x)
    np.testing.assert_array_equal(found["b"], 20 * x)
    t = Tensor(x)
    np.sum(f(t)).backward()
    assert buffer.flags.writeable


@pytest.mark.parametrize(
    "call",
    [
        lambda f, x: f([x, x]),
        lambda f, x: f({"w": x}),
        lambda f, x: f(((x,), 1.0)),
        lambda f, x: f(np.ones(3), [x]),
        lambda f, x: f(Holder(x)),
    ],
)
def test_a_tensor_that_is_hidden_in_an_argument_is_refused(call):
    def forward(x, *rest):
        x = getattr(x, "inside", x)
        x = x["w"] if isinstance(x, dict) else x[0] if isinstance(x, list | tuple) else x
        return np.asarray(x[0]) * 1.0 if isinstance(x, tuple) else x * 1.0

    f = primitive(lambda g, y, *xs: [100 * g, *[None] * (len(xs) - 1)])(forward)
    with pytest.raises(TypeError, match="reads a Tensor that is no argument of its own"):
        grad(lambda x: np.sum(call(f, x) * x))(np.ones(3))


class Holder:
    def __init__(self, inside):
        self.inside = inside


def test_settings_come_as_they_were_given():
    seen = []

    @primitive(
        lambda g, y, x, *settings, how=None: [seen.append((settings, how)) or g * len(settings[0] + [1])] + [None] * 3
    )
    def scaled(x, places, f, table, *, how=None):
        seen.append(((places, f, table), how))
        return x * len(places + [1])

    given = [1, 2], np.tanh, {"k": (2.0,)}
    value, g = value_and_grad(lambda x: np.sum(scaled(x, *given, how=["a"])))(np.ones(3))
    assert (value, list(g)) == (9.0, [3.0] * 3)
    assert seen == [(given, ["a"])] * 2


def test_a_list_that_changes_later_is_kept_as_it_was():
    f = primitive(lambda g, y, x, k: (g * k[0], None))(lambda x, k: x * k[0])
    k, t = [2.0], Tensor(3.0)
    y = f(t, k)
    k[0] = 5.0
    y.backward()
    assert t.grad == 2.0


def test_an_object_that_may_change_is_refused():
    f = primitive(lambda g, y, x, o: (g, None))(lambda x, o: x * 1.0)
    with pytest.raises(TypeError, match="Holder is an object that may change before the gradient is asked for"):
        grad(lambda x: f(x, Holder(1)))(2.0)


def test_defaults_in_between_are_filled_in():
    f = primitive(lambda g, y, x, b=1.0, c=1.0: (g * b * c, None, None))(lambda x, b=1.0, c=1.0: x * b * c)
    assert grad(lambda x: f(x, c=3.0))(2.0) == 3.0
    assert grad(lambda x: primitive(lambda g, y, x: g)(lambda x, b=1.0: x + b)(x))(2.0) == 1.0


def test_any_keywords_are_refused_at_once():
    with pytest.raises(TypeError, match="takes any keywords; name those that it knows"):
        primitive(lambda g, y, x, **o: g)(lambda x, **o: x)


def test_a_view_that_backward_left_behind_is_refused():
    def backward(g, y, x):
        d = g * 3 * x**2
        v = d[:]
        d[0] = 0.0
        return v * 1.0

    f = primitive(backward)(lambda x: x**3)
    with pytest.raises(TypeError, match="changed since") as raised:
        hessian(lambda x: np.sum(f(x)))(np.array([1.0, 2.0]))
    assert "It arose in the backward of primitive" in raised.value.__notes__[0]


def test_the_result_is_a_new_array_on_arrays_too():
    same = primitive(lambda g, y, x: g)(lambda x: x)

    def f(x):
        a = x * 1.0
        y = same(a)
        y += 1
        return np.sum(a)

    assert f(np.ones(3)) == value_and_grad(f)(np.ones(3))[0] == 3.0


def test_intermediates_behind_a_wrong_one_are_unchecked_where_no_parameter_tells():
    X, W1 = A, np.ones((2, 3))
    f = primitive(lambda g, Z, A, W: (2 * W.T @ g, g @ A.T))(lambda A, W: W @ A)

    def cost(p):
        A1 = np.tanh(W1 @ X) + 0 * p["W2"][0, 0]
        Z2 = f(A1, p["W2"])
        return np.sum(Z2**2)

    def gradients(p, factor=1):
        A1 = np.tanh(W1 @ X)
        dZ2 = 2 * p["W2"] @ A1
        return {"dW2": dZ2 @ A1.T, "dA1": factor * p["W2"].T @ dZ2}

    for factor in (1, 2):
        report = check(cost, lambda p, k=factor: gradients(p, k), {"W2": np.array([[1.0, 2.0]])}, suggest=False)
        assert report["dA1"].verdict == "unchecked"
        assert "hand-written derivative of primitive" in report.notes[0]


@pytest.mark.parametrize("ours", [lambda Z: Z > 0, lambda Z: Z >= 0])
@pytest.mark.parametrize("theirs", [lambda Z: Z > 0, lambda Z: Z >= 0])
def test_a_kink_inside_of_one_is_no_mistake(ours, theirs):
    relu = primitive(lambda g, y, Z: g * ours(Z))(lambda Z: np.maximum(0, Z))
    W1, W2 = rng.normal(size=(4, 3)), rng.normal(size=(1, 4))
    W1[0] = 0

    def cost(p):
        Z1 = p["W1"] @ A + p["b1"]
        A1 = relu(Z1)
        return np.sum((p["W2"] @ A1) ** 2)

    def gradients(p):
        Z1 = p["W1"] @ A + p["b1"]
        A1 = np.maximum(0, Z1)
        dZ2 = 2 * p["W2"] @ A1
        dZ1 = (p["W2"].T @ dZ2) * theirs(Z1)
        return {"dZ1": dZ1, "dW1": dZ1 @ A.T, "db1": np.sum(dZ1, axis=1, keepdims=True), "dW2": dZ2 @ A1.T}

    report = check(cost, gradients, {"W1": W1, "b1": np.zeros((4, 1)), "W2": W2}, suggest=False)
    assert not report.having("wrong")
    assert report["dW2"].verdict == "right"


def two_wrong(x1, *rest):
    return x1 * rest[0]


def test_arguments_of_any_names_are_told_apart():
    x = np.array([1.0, 2.0, 3.0])
    report = check_primitive(primitive(lambda g, y, x1, *rest: (g * 0, g * 2 * x1))(two_wrong), x, 3 * x, suggest=False)
    assert {row.name: row.verdict for row in report} == {"dx1": "wrong", "drest[0]": "wrong"}
    report = check_primitive(primitive(lambda g, y, x1, *rest: (g * rest[0], g * x1))(two_wrong), x, 3 * x)
    assert report.ok
    f = primitive(lambda g, y, x, dx, ddx: (g, 2 * g, 3 * g))(lambda x, dx, ddx: x + 2 * dx + 3 * ddx)
    report = check_primitive(f, x, x, x)
    assert report.ok
    assert {row.name for row in report} == {"dx", "ddx", "dddx"}
    f = primitive(lambda g, y, W, dW: (g, None))(lambda W, dW: W + dW)
    assert check_primitive(f, x, x)["ddW"].verdict == "unchecked"


def test_what_writes_into_its_arguments_is_no_primitive():
    def backward(g, y, x):
        x *= 2
        return g * x

    with pytest.raises(ValueError, match="read-only"):
        check_primitive(primitive(backward)(lambda x: x**2), np.ones(3))


def test_a_check_knows_the_settings_and_says_what_is_missing():
    @primitive(lambda g, y, x, *, k: g * k)
    def scaled(x, *, k):
        return x * k

    assert check_primitive(scaled, np.ones(3), k=2.0).ok
    for arguments in ((np.array([1, 2]),), ("a",), ()):
        f = primitive(lambda g, y, *a: [g])(lambda *a: np.ones(2))
        with pytest.raises(TypeError, match="no array of floating-point numbers, and so nothing to differentiate"):
            check_primitive(f, *arguments)
    with pytest.raises(TypeError, match="a Tensor came; give arrays"):
        check_primitive(scaled, Tensor([1.0]), k=2.0)


def test_of_a_step_alone_no_mistake_is_named_after_a_network():
    f = primitive(lambda dZ, Z, A, W, b: (5 * W.T @ dZ, dZ @ A.T, np.sum(dZ, axis=1, keepdims=True)))(plain)
    report = check_primitive(f, A, W, b)
    assert report.causes == []
    assert "Mistake" not in str(report)


def test_settings_are_written_and_drawn():
    @primitive(lambda g, y, x, places, f, *, k=1.0, table=None: (g * len(places) * k, None, None))
    def scaled(x, places, f, *, k=1.0, table=None):
        return x * len(places) * k

    def cost(p):
        Z = p["W"] @ A
        A1 = scaled(Z, [1, 2], np.tanh, k=2.0, table={"a": [1]})
        return np.sum(A1**2)

    text = str(explain(cost, parameters={"W": W}))
    assert "A1 = scaled(Z, [1, 2], tanh, k=2.0, table=" in text
    assert "dZ = " in text
    for drawing in (viz.draw(cost, {"W": W}, fold="none", backward=True), viz.draw(cost, {"W": W}, backward="alone")):
        assert "scaled" in drawing.source
        assert "Setting" not in drawing.source
    assert "scaled [1, 2] tanh k=2.0" in viz.draw(cost, {"W": W}, fold="none").source
    many = primitive(lambda g, y, *xs: [g] * len(xs))(lambda *xs: sum(xs))
    assert "primitive" in viz.draw(lambda p: np.sum(many(p["W"], [1.0], p["W"], 2.0, 3.0)), {"W": W}).source


def test_a_primitive_without_a_name_is_written_and_drawn():
    square = primitive(lambda g, y, x: 2 * g * x)(lambda x: x * x)
    cost = lambda p: np.sum(square(p["x"]))
    assert "primitive(x)" in str(explain(cost, {"x": np.ones(3)}))
    assert "primitive" in viz.draw(cost, {"x": np.ones(3)}).source


def test_a_method_says_to_be_a_static_one():
    with pytest.raises((TypeError, RuntimeError)) as raised:

        class Layer:
            @primitive(lambda g, y, self, x: (None, g))
            def forward(self, x):
                return x

    error = raised.value.__cause__ or raised.value
    assert "forward is a method of Layer; write @staticmethod above" in str(error)

    class Other:
        @staticmethod
        @primitive(lambda g, y, x: 2 * g)
        def forward(x):
            return 2 * x

    assert grad(lambda x: Other().forward(x))(1.0) == 2.0


@primitive(lambda g, y, x: 2 * g)
def doubled(x):
    return 2 * x


def test_it_can_be_pickled_by_its_name():
    import pickle

    assert primitive.__name__ in repr(doubled)
    assert doubled.__reduce__() == "doubled"
    with pytest.raises((pickle.PicklingError, AttributeError), match="linear_forward"):
        pickle.dumps(linear())


def test_what_is_no_function_is_said():
    with pytest.raises(TypeError, match=r"3 came; expected is a function: write @primitive\(backward\) above it"):
        primitive(lambda g, y, x: g)(3)
