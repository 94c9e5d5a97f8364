"""explain: closed forms read off plain code, each run as code and held against the gradient."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from submissions import DATA, SETS, driven

from tinygrad_dnn import Tensor, convention_of, explain, explain_order, grad, local_derivatives, record
from tinygrad_dnn.by_hand import deep, logistic, shallow, softmax
from tinygrad_dnn.cli import main
from tinygrad_dnn.derivation.algebra import Algebra
from tinygrad_dnn.derivation.evaluation import evaluate, names_in
from tinygrad_dnn.derivation.typesetting import latex, mathml, symbol
from tinygrad_dnn.derivation.writing import text

SEEDS = range(3)


def data(seed, outputs=1):
    """X, Y and layer sizes at random; no two lengths are the same."""
    rng = np.random.default_rng(seed)
    n, h, k, m = rng.permutation([3, 4, 6, 8])[:3].tolist() + [int(rng.choice([5, 7, 9]))]
    labels = rng.integers(0, max(outputs, 2), m)
    Y = np.eye(outputs)[labels].T if outputs > 1 else (np.arange(m) % 2).reshape(1, m).astype(float)
    return rng, rng.normal(size=(n, m)), Y, [n, h, k, outputs]


def parameters(rng, dims):
    found = {}
    for l in range(1, len(dims)):
        found |= {f"W{l}": rng.normal(size=(dims[l], dims[l - 1])), f"b{l}": 0.3 * rng.normal(size=(dims[l], 1))}
    return found


def formulas(explanation):
    return {f"d{step.name}": text(step.formula) for step in explanation}


def assert_proved(explanation, J, p):
    """Every formula holds, and those of the parameters give what grad gives."""
    assert all(step.proved for step in explanation)
    truth = grad(J)(p)
    for step in explanation:
        if step.input:
            np.testing.assert_allclose(step.value, truth[step.name], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_deep_network(seed):
    rng, X, Y, dims = data(seed)
    p = parameters(rng, dims)
    J = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)
    explanation = explain(J, parameters=p)
    assert_proved(explanation, J, p)
    assert formulas(explanation) == {
        "dA3": "-(Y / A3 - (1 - Y) / (1 - A3))", "dZ3": "A3 - Y",
        "dW3": "1 / m * dZ3 A2^T", "db3": "1 / m * sum(dZ3, axis=1)",
        "dA2": "W3^T dZ3", "dZ2": "dA2 * [Z2 > 0]",
        "dW2": "1 / m * dZ2 A1^T", "db2": "1 / m * sum(dZ2, axis=1)",
        "dA1": "W2^T dZ2", "dZ1": "dA1 * [Z1 > 0]",
        "dW1": "1 / m * dZ1 X^T", "db1": "1 / m * sum(dZ1, axis=1)",
    }  # fmt: skip
    assert text(explanation["dZ3"].chain) == "dA3 * A3 * (1 - A3)"


@pytest.mark.parametrize("seed", SEEDS)
def test_logistic_regression(seed):
    _, X, Y, dims = data(seed)
    p = {"w": np.random.default_rng(seed).normal(size=(dims[0], 1)), "b": 0.3}
    J = lambda p: logistic.propagate(p["w"], p["b"], X, Y)[1]
    found = formulas(explain(J, parameters=p))
    assert found == {
        "dA": "-(Y / A - (1 - Y) / (1 - A))", "dZ": "A - Y", "dw": "1 / m * X dZ^T", "db": "1 / m * sum(dZ)",
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_two_layer_tanh_network(seed):
    rng, X, Y, (n, h, *_) = data(seed)
    p = parameters(rng, [n, h, 1])
    J = lambda p: shallow.compute_cost(shallow.forward_propagation(X, p)[0], Y)
    explanation = explain(J, parameters=p)
    assert_proved(explanation, J, p)
    found = formulas(explanation)
    assert found["dZ2"] == "A2 - Y"
    assert found["dZ1"] == "dA1 * (1 - A1^2)"
    assert found["dA1"] == "W2^T dZ2"


@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_with_cross_entropy(seed):
    rng, X, Y, dims = data(seed, 5)
    p = parameters(rng, dims)

    def J(p):
        A = X
        for l in (1, 2):
            Z = np.dot(p[f"W{l}"], A) + p[f"b{l}"]
            A = np.where(Z > 0, Z, 0.01 * Z)
        Z = np.dot(p["W3"], A) + p["b3"]
        A = softmax.softmax(Z)[0] if isinstance(softmax.softmax(Z), tuple) else softmax.softmax(Z)
        return -np.sum(Y * np.log(A)) / X.shape[1]

    explanation = explain(J, parameters=p)
    assert_proved(explanation, J, p)
    found = formulas(explanation)
    assert found["dZ3"] == "A3 - Y"
    assert found["dZ2"] == "dA2 * where([Z2 > 0], 1, 0.01)"


def test_in_the_calculus_own_convention_1_over_m_stands_in_dZ():
    rng, X, Y, dims = data(0)
    J = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)
    found = formulas(explain(J, parameters=parameters(rng, dims), convention="calculus"))
    assert found["dZ3"] == "(A3 - Y) / m"
    assert found["dW3"] == "dZ3 A2^T"


UNSEEN = {
    "squared error, tanh": lambda p, X, Y: (
        np.sum((np.tanh(p["W2"] @ np.tanh(p["W1"] @ X)) - Y) ** 2) / (2 * X.shape[1])
    ),
    "L2": lambda p, X, Y: np.mean((p["W2"] @ np.tanh(p["W1"] @ X) - Y) ** 2) + 0.35 * np.sum(p["W1"] ** 2),
    "dropout": lambda p, X, Y: np.mean((p["W2"] @ (np.tanh(p["W1"] @ X) * (X[:1] > 0) / 0.8) - Y) ** 2),
    "swish": lambda p, X, Y: np.mean((p["W2"] @ ((Z := p["W1"] @ X) / (1 + np.exp(-Z))) - Y) ** 2),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_cannot_be_simplified_is_printed_all_the_same_and_is_exact(name):
    rng, X, Y, (n, h, *_) = data(1)
    p = {k: v for k, v in parameters(rng, [n, h, 1]).items() if k[0] == "W"}
    J = lambda p: UNSEEN[name](p, X, Y)
    for convention in ("course", "calculus"):
        explanation = explain(J, parameters=p, convention=convention)
        assert_proved(explanation, J, p)


def batch_norm(p, X, Y):
    Z = np.dot(p["W1"], X)
    mu = np.mean(Z, axis=1, keepdims=True)
    xmu = Z - mu
    var = np.mean(xmu**2, axis=1, keepdims=True)
    xhat = xmu / np.sqrt(var + 1e-5)
    A = np.tanh(p["gamma"] * xhat + p["beta"])
    return np.sum((np.dot(p["W2"], A) - Y) ** 2) / X.shape[1]


def residual(p, X, Y):
    Z = np.dot(p["W1"], X)
    A = np.tanh(Z) + Z
    return np.sum((np.dot(p["W2"], A) - Y) ** 2) / X.shape[1]


def tied(p, X, Y):
    H = np.tanh(np.dot(p["W1"], X))
    R = np.dot(p["W1"].T, H)
    return np.sum((R - X) ** 2) / X.shape[1]


@pytest.mark.parametrize("cost", [batch_norm, residual, tied])
def test_paths_that_meet_are_added(cost):
    rng, X, Y, (n, h, *_) = data(2)
    p = {
        "W1": rng.normal(size=(h, n)),
        "W2": rng.normal(size=(1, h)),
        "gamma": rng.normal(size=(h, 1)),
        "beta": np.ones((h, 1)),
    }
    p = {k: v for k, v in p.items() if k in cost.__code__.co_consts}
    J = lambda p: cost(p, X, Y)
    explanation = explain(J, parameters=p)
    assert_proved(explanation, J, p)
    found = formulas(explanation)
    if cost is batch_norm:
        assert len(explanation["dZ"].consumers) == 2 or len(explanation["dxmu"].consumers) == 2
        assert "dgamma" in found
    if cost is tied:
        assert len(explanation["dW1"].consumers) == 2
        assert "what comes back is added" in str(explanation)


def test_a_recorded_cost_has_the_names_of_the_callers_variables():
    X, y = np.array([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]]), np.array([[1.0, 0.0, 2.0]])
    W = Tensor(np.array([[0.3, -0.2]]))
    P = W @ X
    J = np.mean((P - y) ** 2)
    explanation = explain(J, wrt=W)
    assert formulas(explanation) == {"dP": "2 * (P - y)", "dW": "1 / m * dP X^T"}


def test_where_every_unit_is_dead_the_formulas_are_those_of_the_living():
    rng, X, Y, dims = data(0)
    p = {name: value * (0.01 if name[0] == "W" else 0) for name, value in parameters(rng, dims).items()} | {
        "b2": np.full((dims[2], 1), -1.0)
    }
    explanation = explain(lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y), parameters=p)
    assert not np.any(explanation["W1"].value)
    assert formulas(explanation)["dW3"] == "1 / m * dZ3 A2^T"
    assert formulas(explanation)["dW1"] == "1 / m * dZ1 X^T"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def one_layer(seed=0):
    _, X, Y, dims = data(seed)

    def cost(p):
        Z = np.dot(p["W"], X)
        A = sigmoid(Z)
        return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))

    return cost, {"W": np.random.default_rng(seed).normal(size=(1, dims[0]))}


def test_the_insides_of_a_call_unfold_on_request():
    cost, p = one_layer()
    folded, unfolded = explain(cost, parameters=p), explain(cost, parameters=p, unfold="A")
    assert formulas(folded) == {"dA": "-(Y / A - (1 - Y) / (1 - A))", "dZ": "A - Y", "dW": "1 / m * dZ X^T"}
    assert formulas(unfolded) == formulas(folded) | {
        "dt3": "-dA * A / t3", "dt2": "dt3", "dt1": "dt3 * t2", "dZ": "-dt1",
    }  # fmt: skip
    assert_proved(unfolded, cost, p)
    assert len(explain(cost, parameters=p, unfold=True).steps) > len(unfolded.steps)
    with pytest.raises(ValueError, match="no variable B to unfold; there are A, J, Z"):
        explain(cost, parameters=p, unfold=["B"])


@pytest.mark.parametrize("convention", ["course", "calculus"])
def test_formulas_entry_by_entry_are_proved_by_algebra(convention):
    pytest.importorskip("sympy")
    cost, p = one_layer()
    proofs = explain(cost, parameters=p, convention=convention).proofs()
    assert proofs == {"dA": "algebra", "dZ": "algebra", "dW": "points"}


def test_algebra_tells_equal_from_unequal():
    pytest.importorskip("sympy")
    algebra = Algebra({"A": "1 / (1 + np.exp(-Z))", "B": "W @ X"})
    assert algebra.same("A * (1 - A)", "np.exp(-Z) / (1 + np.exp(-Z)) ** 2")
    assert algebra.same("B * B", "B ** 2")
    assert not algebra.same("A * (1 - A)", "A * (1 + A)")
    assert not algebra.same("A", "Z")
    assert not algebra.same("np.sum(A)", "np.sum(A)"), "it knows nothing of sums"


def test_shapes_that_admit_a_wrong_formula_are_told_of():
    X = np.random.default_rng(0).normal(size=(3, 5))
    square = explain(lambda p: np.mean(np.square(np.dot(p["W2"], np.dot(p["W1"], X)))), parameters={
        "W1": np.random.default_rng(1).normal(size=(3, 3)), "W2": np.random.default_rng(2).normal(size=(2, 3)),
    })  # fmt: skip
    assert square["W1"].algebra == [
        "(3, 3) = (3, 5) (5, 3)", "the shapes alone would admit X dZ1^T as well",
    ]  # fmt: skip
    assert square["W2"].algebra == ["(2, 3) = (2, 5) (5, 3)"]


HOSTILE = "a<img src=x onerror=alert(1)>|$&\\"


def test_every_form_has_every_gradient_and_names_are_text_in_all():
    cost, p = one_layer()
    explanation = explain(lambda q: cost({"W": q[HOSTILE]}), parameters={HOSTILE: p["W"]})
    for form in (explanation.html, explanation.mathml, explanation.latex, explanation.markdown):
        assert "<img" not in form
    for form in (explanation.html, explanation.mathml):
        root = ElementTree.fromstring(form.removeprefix("<!doctype html>\n"))
        assert len(list(root.iter("mi"))) + len(list(root.iter("{http://www.w3.org/1998/Math/MathML}mi"))) > 10
    assert "connect-src" not in explanation.html
    assert "http" not in explanation.html.replace("http-equiv", "")
    bundle = explanation._repr_mimebundle_()
    assert bundle == {"text/plain": str(explanation), "text/markdown": explanation.markdown}


@pytest.mark.parametrize(
    ("name", "letters", "as_latex"),
    [
        ("dW1", "dW[1]", "dW^{[1]}"),
        ("AL", "A[L]", "A^{[L]}"),
        ("A_prev", "Aprev", r"A_{\text{prev}}"),
        ("log_probs", "log_probs", r"\mathit{log\_probs}"),
        ("W_out2", "Wout2", r"W_{\text{out2}}"),
        ("lambda_", "λ", r"\lambda"),
        ("θ", "θ", r"\theta"),
        ("__x", "__x", r"\mathit{\_\_x}"),
    ],
)
def test_a_name_is_typeset_the_same_way_in_both_forms(name, letters, as_latex):
    assert re.sub(r"<[^>]*>", "", mathml(name)) == letters
    assert latex(name) == as_latex


def test_only_the_way_to_what_is_asked_for_is_derived():
    rng, X, Y, dims = data(0)
    J = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)
    explanation = explain(J, wrt="W3", parameters=parameters(rng, dims))
    assert [step.name for step in explanation] == ["A3", "Z3", "W3"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda J, p: explain(J, wrt="V", parameters=p), "J does not depend on V; it does on"),
        (lambda J, p: explain(J), "a function J needs its parameters"),
        (lambda J, p: explain(3.0), "J is float; expected is a recorded cost"),
        (lambda J, p: explain(lambda p: p["W1"] * 2, parameters=p), "J has shape"),
        (lambda J, p: explain(Tensor(np.ones(3))), "was given and not computed"),
        (lambda J, p: explain(J, parameters=p, convention="mine"), "convention is 'mine'"),
    ],
)
def test_wrong_input_is_told_what_is_expected(call, message):
    rng, X, Y, dims = data(0)
    with pytest.raises((TypeError, ValueError)) as error:
        call(lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y), parameters(rng, dims))
    assert message in str(error.value)


def test_text_is_80_columns_wide():
    rng, X, Y, dims = data(0)
    J = lambda p: deep.compute_cost(deep.L_model_forward(X, p)[0], Y)
    assert max(map(len, str(explain(J, parameters=parameters(rng, dims))).splitlines())) <= 80


@pytest.mark.parametrize(
    ("code", "as_text", "as_latex"),
    [
        ("1 / m * (dZ1 @ A0.T)", "1 / m * dZ1 A0^T", r"\frac{1}{m} \, dZ^{[1]} \, A^{[0]T}"),
        ("dA * (1 - A ** 2)", "dA * (1 - A^2)", r"dA \odot (1 - {A}^{2})"),
        ("np.sum(dZ, axis=(1,), keepdims=True)", "sum(dZ, axis=1)", r"\sum_{\text{axis }1} dZ"),
        ("a - (b - c)", "a - (b - c)", r"a - (b - c)"),
        ("(a @ b) @ c.T", "a b c^T", r"a \, b \, c^{T}"),
        ("a * (Z > 0)", "a * [Z > 0]", r"a \odot \mathbf{1}[Z > 0]"),
    ],
)
def test_a_formula_is_written_as_in_a_book(code, as_text, as_latex):
    assert text(code) == as_text
    assert latex(code) == as_latex


@pytest.mark.parametrize("file", ["llayer_a.py", "shallow_b.py", "cs231n_a.py"])
def test_a_submission_is_derived_in_its_own_names_and_lines(file):
    cost, _, p = driven(file)
    explanation = explain(cost, parameters=p)
    source = (DATA / "course" / file).read_text().splitlines()
    inputs = {step.name for step in explanation if step.input}
    assert inputs == set(p)
    assert all(step.proved for step in explanation), str(explanation)
    own = [step for step in explanation if step.made is not None and step.made.file.endswith(file)]
    assert len(own) >= 2
    for step in own:
        assert step.name.rstrip("0123456789_") in source[step.made.line - 1]


@pytest.mark.thorough
def test_a_graph_of_five_thousand_operations_is_folded():
    W = Tensor(np.random.default_rng(0).normal(size=(3, 3)), name="W")
    y = W
    for i in range(1667):
        y = np.tanh(y) * 1.01 + W * 0.001 if i % 2 else y * 0.999 + 0.01
    explanation = explain(np.sum(y), wrt=W)
    assert len(str(explanation).splitlines()) < 300
    assert "more steps" in str(explanation)
    assert explanation["W"].value.shape == (3, 3)


@pytest.mark.parametrize(
    ("option", "sign"), [([], "dZ"), (["--latex"], "begin{align*}"), (["--markdown"], "| gradient |")]
)
def test_the_command_line_explains_a_file(capsys, option, sign):
    assert main(["explain", str(DATA / "course" / "llayer_a.py"), *option]) == 0
    assert sign in capsys.readouterr().out


def test_the_command_line_says_what_there_is(capsys):
    assert main(["explain", str(DATA / "course" / "llayer_a.py"), "--wrt", "V9"]) == 2
    assert "J does not depend on V9; it does on" in capsys.readouterr().err


@pytest.mark.parametrize("file", list(SETS["course"])[::3])
def test_every_formula_of_a_submission_is_its_gradient(file):
    cost, _, p = driven(file)
    explanation = explain(cost, parameters=p, convention="calculus")
    truth = grad(cost)(p)
    for step in explanation:
        if step.input:
            np.testing.assert_allclose(step.value, truth[step.name], rtol=1e-9, atol=1e-12)
    assert sum(step.proved for step in explanation) >= 0.5 * len(explanation.steps)
    assert max(map(len, str(explanation).splitlines())) <= 80


def test_the_order_of_the_walk_is_shown_on_the_users_graph():
    x = Tensor(np.array(2.0))
    y = x * x  # used twice, once on a longer way
    z = np.exp(y)
    J = y + z * y
    found = explain_order(J)
    assert found.order[0] == "J"
    assert found.order.index("z") < found.order.index("y") < found.order.index("x")
    name, wrong, right = found.early
    assert name == "x"
    np.testing.assert_allclose(right, 4 * (1 + np.exp(4.0) * (1 + 4.0)))
    assert wrong != right
    assert found.replaced[0] == "y"
    assert "topological order" in str(found)
    assert "The chain rule adds the paths" in str(found)
    assert max(map(len, str(found).splitlines())) <= 80


def test_without_a_shared_tensor_any_order_is_right():
    x = Tensor(np.array([1.0, 2.0]))
    J = np.sum(np.tanh(x))
    found = explain_order(J)
    assert (found.early, found.replaced, found.shared) == (None, None, 0)
    assert "any order from the cost back is right" in str(found)


def test_the_order_of_what_is_no_cost_is_refused():
    with pytest.raises(TypeError, match="explain_order: J is float"):
        explain_order(3.0)


def test_one_step_by_itself_has_its_jacobian_and_its_product():
    rng = np.random.default_rng(0)
    W1, X, b1 = Tensor(rng.normal(size=(2, 3))), rng.normal(size=(3, 4)), Tensor(rng.normal(size=(2, 1)))
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    step = explain(Z1)
    assert text(step.formula) == "W1 X + b1"
    assert {part.name: text(part.formula) for part in step.parts} == {"W1": "dZ1 X^T", "b1": "sum(dZ1, axis=1)"}
    assert (step["W1"].entries, step["W1"].products) == (48, 2 * 4 * 3)
    np.testing.assert_allclose(step["W1"].jacobian, np.kron(np.eye(2), X.T))
    local = explain(A1)
    assert text(local["Z1"].formula) == "dA1 * (1 - A1^2)"
    np.testing.assert_allclose(local["Z1"].jacobian, np.diag((1 - A1.data**2).ravel()))
    assert max(map(len, str(local).splitlines())) <= 80


def test_one_step_holds_the_other_variables():
    Z = Tensor(np.array([0.5, -1.0]))
    A = np.exp(Z)
    R = A + Z  # Z stands here, and in A
    np.testing.assert_allclose(explain(R)["Z"].jacobian, np.eye(2))


def test_a_variable_that_is_called_like_a_gradient_is_not_mixed_up_with_it():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 5))

    def J(p):
        A = np.tanh(p["W"] @ X)
        B = A * p["dA"]
        return np.sum(B**2)

    explanation = explain(J, parameters={"W": rng.normal(size=(2, 3)), "dA": rng.normal(size=(2, 1))})
    names = {step.name for step in explanation}
    assert not names & {f"d{name}" for name in names}
    assert all(step.proved for step in explanation)


def test_a_cost_that_is_a_sum_has_no_m():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
    explanation = explain(lambda p: np.sum((p["W"] @ X - Y) ** 2), parameters={"W": rng.normal(size=(2, 3))})
    assert explanation.convention == "calculus"
    assert formulas(explanation) == {"dZ": "2 * (Z - Y)", "dW": "dZ X^T"}


def test_a_fixed_mask_is_not_taken_for_one_of_the_values():
    Z = Tensor(np.array([1.0, -2.0]))
    D = np.array([True, False])  # Z > 0, by chance
    H = Z * D
    assert formulas(explain(np.sum(H**2), wrt=Z)) == {"dH": "2 * H", "dZ": "dH * D"}


# Found by attack: each gave a formula that was wrong somewhere, or said something that was not so

X6, Y6 = np.random.default_rng(6).normal(size=(3, 6)), np.array([[1.0, 0, 1, 0, 0, 1]])
X40, Y40 = np.random.default_rng(7).normal(size=(3, 40)), np.random.default_rng(8).normal(size=(1, 40))


def cross_entropy(A, Y):
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


CUBE, X10, Y10 = X40.reshape(2, 15, 4), X40[:, :10], Y40[:, :10]


def mse(A, Y):
    return np.mean((A - Y) ** 2)


def saturated(p):
    A = sigmoid(p["W"] @ X6 + p["b"])
    L = cross_entropy(A, Y6)
    return L + 0.5 * np.sum(p["W"] ** 2)


def vanishing(p):
    A = X6
    for i in range(1, 15):
        A = sigmoid(p[f"W{i}"] @ A)
    return np.mean((p["V"] @ A - Y6) ** 2)


def dead(p):
    A1 = np.maximum(0, p["W1"] @ X6 + p["b1"])
    A2 = sigmoid(p["W2"] @ A1)
    return cross_entropy(A2, Y6)


db = np.random.default_rng(9).normal(size=(4, 6))


def named_like_a_gradient(p):
    Z = np.tanh(p["W"] @ X6 + p["b"])
    return np.sum((Z * db) ** 2)


def tables(seed, **shapes):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


ATTACKS = {
    "saturated": (saturated, {"W": np.array([[1.0, 2, 3]]), "b": np.array([[-34.0]])}),
    "vanishing": (vanishing, {k: 0.1 * v for k, v in tables(0, **{f"W{i}": (3, 3) for i in range(1, 15)}).items()}
                  | tables(1, V=(1, 3))),
    "dead": (dead, tables(2, W1=(4, 3), W2=(1, 4)) | {"b1": np.full((4, 1), -50.0)}),
    "L1": (lambda p: mse(p["W"] @ X40, Y40) + 0.01 * np.sum(np.abs(p["W"])), {"W": np.array([[2, -3, 1.5]])}),
    "far from where it clips": (lambda p: mse(np.clip(p["W"], -50, 50) @ X40, Y40), tables(3, W=(1, 3))),
    "leaky by a maximum": (lambda p: np.mean(np.maximum(0.1 * (p["W"] @ X40), p["W"] @ X40) ** 2), tables(4, W=(2, 3))),
    "a constant called db": (named_like_a_gradient, tables(5, W=(4, 3), b=(4, 6))),
    "three dimensions": (lambda p: np.sum(np.tanh(CUBE * p["W"] + p["b"]) ** 2), tables(6, W=(1,), b=(4,))),
    "two reductions": (lambda p: np.sum(p["V"] ** 2) * np.sum(np.tanh(p["G"]) * p["G"]), tables(7, V=(4, 3), G=(4, 3))),
    "mixed indices": (lambda p: np.sum(p["W"][:, [0, 2, 0]] ** 2 + p["W"][[0, 1], 0][0]), tables(8, W=(4, 3))),
    "an infinite bound": (lambda p: np.sum(np.clip(p["W"], 0, np.inf) ** 2), tables(9, W=(4, 3))),
    "a keyword for a name": (lambda p: np.sum(p["lambda"] ** 2), tables(10, **{"lambda": (4, 3)})),
    "a function's name": (lambda p: np.sum(p["scatter_add"][[0, 1]] ** 2), tables(11, scatter_add=(3,))),
    "composed functions": (lambda p: np.linalg.norm(p["W"]) + np.sum(np.einsum("ij,jk->ik", p["W"], X6) ** 2),
                           tables(12, W=(4, 3))),
    "single precision": (lambda p: np.mean((np.tanh(p["V"] @ np.tanh(p["W"] @ X6)) - Y6) ** 2),
                         {k: v.astype(np.float32) for k, v in tables(13, W=(4, 3), V=(1, 4)).items()}),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_called_proved_holds_elsewhere(name):
    cost, parameters = ATTACKS[name]
    explanation = explain(cost, parameters=parameters)
    assert all(step.formula for step in explanation)
    rng = np.random.default_rng(99)
    for _ in range(4):
        other = explain(cost, parameters={k: rng.normal(size=v.shape) for k, v in parameters.items()})
        for step in explanation:
            if step.proved:
                found = np.broadcast_to(evaluate(step.formula, {**other.values, "m": explanation.m}), step.shape)
                np.testing.assert_allclose(found, other.values[f"d{step.name}"], rtol=1e-6, atol=1e-9)
    truth = grad(cost)(parameters)
    for step in explanation:
        if step.input:
            own = step.name.rstrip("_")
            np.testing.assert_allclose(step.value, truth[own], rtol=1e-4 if name == "single precision" else 1e-9)
    ElementTree.fromstring(explanation.mathml)


def test_a_mask_of_numbers_that_did_not_change_is_marked():
    explanation = explain(lambda p: np.sum(p["W"] ** 2 * ((p["W"] > -50) * 1.0)), parameters=tables(0, W=(4, 3)))
    assert not explanation["W"].proved
    assert "may depend" in str(explanation)


@pytest.mark.parametrize(
    ("cost", "parameters", "m"),
    [
        (lambda p: np.sum((p["W"] @ X10 - Y10) ** 2) + 0.1 * np.sum(p["W"] ** 2), tables(0, W=(1, 3)), None),
        (lambda p: 0.25 * np.sum((p["W"] @ CUBE[:1, :4, 0].T - np.ones((1, 1))) ** 2), tables(0, W=(1, 4)), None),
        (lambda p: np.mean((p["W"] @ X6[:, :2] - X6[:, :2]) ** 2), tables(0, W=(3, 3)), None),
        (lambda p: np.mean((p["W"] @ X6 - Y6) ** 2) + 0.1 * np.sum(p["W"] ** 2), tables(0, W=(1, 3)), 6),
        (lambda p: np.sum(np.tanh(p["W"] @ X6) ** 3) / 3, tables(0, W=(2, 3)), None),
    ],
)  # fmt: skip
def test_m_is_said_only_where_the_cost_is_a_mean_over_examples(cost, parameters, m):
    explanation = explain(cost, parameters=parameters)
    assert explanation.convention == ("calculus" if m is None else "course")
    assert (explanation.m == m) if m else ("m" not in names_in(explanation.forward[-1][1]))


def test_what_is_said_of_a_step_is_so():
    def cost(p):
        A = np.tanh(p["W"] @ X6)
        B = np.sin(A)
        D = A * A
        C = p["V"] @ X6
        return np.sum((B + C - 0.3) ** 2) + np.sum(D**3) + 0.1 * np.sqrt(np.sum(p["W"] ** 2))

    explanation = explain(cost, parameters=tables(0, W=(4, 3), V=(4, 3)))
    assert explanation["A"].consumers == ["B", "D"]
    assert explanation["W"].why == ""

    def both(d):
        return np.sin(d), np.cos(d)

    def two(p):
        D = p["W"] @ X6
        A, S = both(D)
        return np.sum(A * S)

    assert {name: code for name, code, _ in explain(two, parameters=tables(0, W=(4, 3))).forward}["S"] == "np.cos(D)"


@pytest.mark.parametrize(
    ("code", "as_text", "as_latex"),
    [
        ("(A * B) @ C", "(A * B) C", r"(A \odot B) \, C"),
        ("A * (B @ C)", "A * B C", r"A \odot B \, C"),
        ("(W ** 2) ** 3", "(W^2)^3", r"{({W}^{2})}^{3}"),
        ("(a / b) ** 2", "(a / b)^2", r"{\left(\frac{a}{b}\right)}^{2}"),
        ("np.sum(a) * b", "sum(a) * b", r"\left(\sum a\right) \odot b"),
        ("2 * np.sum(a * b) * c", "2 * sum(a * b) * c", r"\left(2 \, \sum a \odot b\right) \odot c"),
        ("np.broadcast_to(np.max(a), (2,)) * b", "max(a) * b", r"(\max a) \odot b"),
        ("0.3 * (2 * W)", "0.3 * 2 * W", r"0.3 \cdot 2 \, W"),
        ("np.log(A + 1e-08)", "log(A + 1e-08)", r"\log(A + 1 \cdot 10^{-8})"),
        ("Z[:, 0]", "Z[:, 0]", r"Z[\texttt{:, 0}]"),
        ("m_ @ X", "m_ X", r"m' \, X"),
        ("np.sum(a, axis=(0, 1))", "sum(a, axis=(0, 1))", r"\sum_{\text{axis }(0, 1)} a"),
    ],
)  # fmt: skip
def test_brackets_and_axes_are_kept(code, as_text, as_latex):
    assert text(code) == as_text
    assert latex(code) == as_latex


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"unfold": None}, "unfold is None; expected is True, False, or names"),
        ({"wrt": []}, "wrt is empty"),
    ],
)
def test_what_cannot_be_explained_is_said(how, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explain(saturated, parameters=ATTACKS["saturated"][1], **how)
    with pytest.raises(ValueError, match="J is a parameter itself"):
        explain(lambda p: p["w"], parameters={"w": 2.0})


def test_a_squeezed_mean_is_a_mean():
    def cost(p):
        return np.squeeze(-np.sum(Y6 * np.log(1 / (1 + np.exp(-np.dot(p["W"], X6)))), keepdims=True) / 6)

    assert explain(cost, {"W": np.ones((1, 3))}).convention == "course"


def test_the_convention_of_a_backward_pass_is_seen_in_its_variables():
    W = {"W": np.random.default_rng(2).normal(size=(1, 3))}

    def cost(p):
        Z = np.dot(p["W"], X6)
        return np.sum((Z - Y6) ** 2) / 6

    def of_the_loss(p):
        dZ = 2 * (np.dot(p["W"], X6) - Y6)
        return {"dW": np.dot(dZ, X6.T) / 6}

    def of_the_cost(p):
        dZ = 2 * (np.dot(p["W"], X6) - Y6) / 6
        return {"dW": np.dot(dZ, X6.T)}

    it = record(cost, W)
    assert convention_of(it, of_the_loss, W) == "course"
    assert convention_of(it, of_the_cost, W) == "calculus"
    assert convention_of(it, lambda p: {"dW": 1 / 0}, W) == "course", "code that raises tells nothing"


def test_long_names_are_words_and_not_layers():
    assert symbol("W1") == "W^{[1]}"
    assert "[2]" not in symbol("bndiff2")
    assert "[2]" not in symbol("L2_regularization_cost")


def test_a_product_with_a_vector_is_written_as_one():
    """dWy = do * h, entry by entry, would be another thing: the shapes do not even fit."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=3)

    def cost(p):
        h = np.tanh(p["Wx"] @ x)
        o = h @ p["Wy"]
        return o @ o

    derived = explain(cost, {"Wx": rng.normal(size=(4, 3)), "Wy": rng.normal(size=(4, 2))})
    assert text(derived["Wy"].formula) == "outer(h, do)"
    assert text(derived["h"].formula) == "Wy do"
    assert text(derived["Wx"].formula) == "outer(dZ, x)"
    assert "h \\, do^{T}" in derived.latex
    assert text("np.expand_dims(a, -1) * b") == "a[..., None] * b"


def test_a_penalty_is_written_once():
    def cost(p):
        return 0.05 * np.sum(p["W"] * p["W"])

    assert text(explain(cost, {"W": np.ones((2, 3))})["W"].formula) == "0.1 * W"


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        (lambda x, y, J: [(y, "y"), (J, "J2")], "J is not computed from all of y, J2"),
        (lambda x, y, J: [(x, "x"), (x, "x2")], "stands there twice and is no operand of J"),
        (lambda x, y, J: [(x, "lambda")], "names are expected that variables may have"),
        (lambda x, y, J: [(x, "u"), (y, "u")], "two tensors have one name"),
    ],
)
def test_what_has_no_local_derivative_is_refused(ends, message):
    x = Tensor(2.0, name="x")
    y = np.sin(x)
    J = y * np.exp(x)
    with pytest.raises(ValueError, match=message):
        local_derivatives(record(J), J, "J", ends(x, y, J))


def test_a_constant_of_ours_is_not_called_what_another_is():
    c1 = Tensor(np.ones(3))
    y = c1 * np.array([5.0, 6.0, 7.0])
    assert local_derivatives(record(y), y, "y", [(c1, "c1")]).parts[0].formula == "dy * c1_"


def test_a_row_that_becomes_a_column_is_written_as_one():
    """dA = dS would be read along the rows, and of a square table nothing shows that it is not meant."""
    A = Tensor(np.arange(9.0).reshape(3, 3), name="A")
    S = np.sum(A, axis=1)
    derived = explain(np.sum(S * np.array([1.0, 2.0, 3.0])))
    assert text(derived["A"].formula) == "dS[:, None]"
    assert text("np.exp(np.expand_dims(x, -1)) * h") == "exp(x[..., None]) * h"


@pytest.mark.parametrize("divided", [lambda s, m: s / (2 * m), lambda s, m: 0.5 / m * s, lambda s, m: s / m / 2])
def test_a_cost_that_is_halved_is_a_mean_too(divided):
    X, Y = np.random.default_rng(0).normal(size=(2, 5)), np.ones((1, 5))

    def cost(p):
        A = p["W"] @ X
        return divided(np.sum((A - Y) ** 2), 5)

    text = str(explain(cost, parameters={"W": np.array([[0.5, -1.0]])}))
    assert "gradients of the loss summed over the m = 5 examples" in text
    assert "dA = A - Y" in text
    assert "dW = 1 / m * dA X^T" in text
