"""One neuron and the chain rule, every step with its number.

    z = w1 x1 + w2 x2 + b        a = sigmoid(z) = 1 / (1 + e^-z)
    L = -(y log a + (1 - y) log(1 - a))
    dL/dw1 = dL/da da/dz dz/dw1    and in the same way for w2 and b

The data are two measurements of a breast tumour, its radius and its texture,
in standard deviations from the mean; y = 1 means malignant.
"""

import sys

import numpy as np
from common import compare, confirm, options, print_accuracy, train_both
from sklearn.datasets import load_breast_cancer

import viz
from tinygrad_dnn import Tensor, grad


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(a, y):
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


def chain_rule(x1, x2, y, w1, w2, b):
    """Each derivative: its name, its formula, its value by hand; and the function it is of, and at which point."""
    z = w1 * x1 + w2 * x2 + b
    a = sigmoid(z)
    dL_da = -y / a + (1 - y) / (1 - a)
    da_dz = a * (1 - a)
    dL_dz = dL_da * da_dz
    return [
        ("dL/da", "-y / a + (1 - y) / (1 - a)", dL_da, lambda a: loss(a, y), a),
        ("da/dz", "a (1 - a)", da_dz, sigmoid, z),
        ("dL/dz", "dL/da da/dz", dL_dz, lambda z: loss(sigmoid(z), y), z),
        ("dz/dw1", "x1", x1, lambda w1: w1 * x1 + w2 * x2 + b, w1),
        ("dL/dw1", "dL/dz dz/dw1", dL_dz * x1, lambda w1: loss(sigmoid(w1 * x1 + w2 * x2 + b), y), w1),
        ("dz/dw2", "x2", x2, lambda w2: w1 * x1 + w2 * x2 + b, w2),
        ("dL/dw2", "dL/dz dz/dw2", dL_dz * x2, lambda w2: loss(sigmoid(w1 * x1 + w2 * x2 + b), y), w2),
        ("dz/db", "1", 1.0, lambda b: w1 * x1 + w2 * x2 + b, b),
        ("dL/db", "dL/dz dz/db", dL_dz, lambda b: loss(sigmoid(w1 * x1 + w2 * x2 + b), y), b),
    ]


def central_difference(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def draw_neuron(x1, x2, y, w1, w2, b, pictures):
    """The recorded graph of one loss, with the value and the gradient of every step."""
    w1, w2, b = Tensor(w1, "w1"), Tensor(w2, "w2"), Tensor(b, "b")
    z = w1 * x1 + w2 * x2 + b
    a = sigmoid(z)
    L = loss(a, y)
    z.name, a.name, L.name = "z", "a", "L"
    L.backward()
    try:
        print(f"picture: {viz.draw(L).save(pictures / 'one_neuron.svg')}")
    except (ImportError, RuntimeError) as problem:  # without Graphviz the numbers above must do
        print(f"no picture of the graph: {problem}", file=sys.stderr)


def main():
    arguments = options(__doc__, iterations=200).parse_args()
    print(__doc__)

    data = load_breast_cancer()
    X = data.data[:, :2].T
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    Y = 1 - data.target.reshape(1, -1)  # there 0 means malignant
    m = X.shape[1]

    one = {"x1": X[0, 0], "x2": X[1, 0], "y": Y[0, 0], "w1": 0.5, "w2": -0.25, "b": 0.1}
    print("One tumour:", ", ".join(f"{name} = {value:.4g}" for name, value in one.items()), "\n")
    print(f"{'':8}{'formula':28}{'by hand':>12}{'autograd':>12}{'difference':>12}")
    for name, formula, value, f, x in chain_rule(**one):
        print(f"{name:8}{formula:28}{value:12.6f}{grad(f)(x):12.6f}{central_difference(f, x):12.6f}")
    print("\n(difference: [f(x + h) - f(x - h)] / 2h with h = 0.00001)\n")
    draw_neuron(**one, pictures=arguments.pictures)

    def cost(parameters):
        Z = np.dot(parameters["w"].T, X) + parameters["b"]
        A = sigmoid(Z)
        return np.sum(loss(A, Y)) / m

    def by_hand(parameters):
        """The same steps for all the tumours at once: J is the mean of their losses."""
        Z = np.dot(parameters["w"].T, X) + parameters["b"]
        A = sigmoid(Z)
        dA = -Y / A + (1 - Y) / (1 - A)
        dZ = dA * A * (1 - A)
        return np.sum(loss(A, Y)) / m, {"dA": dA, "dZ": dZ, "dw": np.dot(X, dZ.T) / m, "db": np.sum(dZ) / m}

    print(f"\nNow all {m} tumours at once, w a column of two numbers.")
    start = {"w": np.array([[0.5], [-0.25]]), "b": 0.1}
    confirm(cost, by_hand, start)
    found, _, costs = train_both(cost, by_hand, start, 0.5, arguments.iterations)
    compare(costs, arguments.pictures / "one_neuron_cost.png", "One neuron learns to tell tumours apart")
    print_accuracy(lambda X: np.dot(found["w"].T, X) + found["b"] > 0, train=(X, Y))


if __name__ == "__main__":
    main()
