"""The graphs of the gallery: costs in plain NumPy, from one neuron to a network of twelve layers.

Each is a function of a dict of parameters; its docstring is its caption.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

P = dict[str, Any]
RNG = np.random.default_rng(2026)
X, Y = RNG.normal(size=(3, 5)), np.array([[1.0, 0, 1, 0, 1]])
CLASSES = np.eye(3)[[0, 2, 1, 1, 0]].T
LETTERS = RNG.normal(size=(5, 2, 4))  # time, features, sequences
WORDS = RNG.normal(size=(4, 6))  # words, features
PICTURES = RNG.normal(size=(2, 5, 5))
DEPTH = 12


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def relu(z: Any) -> Any:
    return np.maximum(0, z)


def softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


def cross_entropy(A: Any) -> Any:
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def one_neuron(p: P) -> Any:
    """One neuron with two inputs, and the square of its error. Each edge has its local derivative."""
    z = p["w1"] * p["x1"] + p["w2"] * p["x2"] + p["b"]
    a = np.tanh(z)
    return (a - 1.0) ** 2


def two_paths(p: P) -> Any:
    """A value that is used twice: what comes back along both paths is added."""
    x = p["x"]
    a = x * x
    b = np.sin(x)
    return a * b


def logistic_regression(p: P) -> Any:
    """Logistic regression over five examples. b was broadcast, so its gradient is a sum."""
    Z = np.dot(p["w"].T, X) + p["b"]
    A = sigmoid(Z)
    return cross_entropy(A)


def two_layers(p: P) -> Any:
    """The two-layer network of the course: tanh, then a sigmoid."""
    Z1 = np.dot(p["W1"], X) + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(p["W2"], A1) + p["b2"]
    A2 = sigmoid(Z2)
    return cross_entropy(A2)


def with_penalty(p: P) -> Any:
    """The same with a penalty on the weights: dW2 comes from two places."""
    Z1 = np.dot(p["W1"], X) + p["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(p["W2"], A1) + p["b2"]
    A2 = sigmoid(Z2)
    L2 = 0.1 / 2 * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
    return cross_entropy(A2) + L2


def softmax_regression(p: P) -> Any:
    """Softmax and cross-entropy over three classes: dZ is A - Y."""
    Z = np.dot(p["W"], X) + p["b"]
    A = softmax(Z)
    return -np.sum(CLASSES * np.log(A)) / 5


def deep(p: P) -> Any:
    """Twelve layers of ReLU and a sigmoid, folded by layer."""
    A = X
    for l in range(1, DEPTH):
        Z = np.dot(p[f"W{l}"], A) + p[f"b{l}"]
        A = relu(Z)
    Z = np.dot(p[f"W{DEPTH}"], A) + p[f"b{DEPTH}"]
    A = sigmoid(Z)
    return cross_entropy(A)


def batch_norm(p: P) -> Any:
    """Batch normalisation between two layers: Z1 is used three times, by itself, by its mean and by its variance."""
    Z1 = np.dot(p["W1"], X)
    mu = np.mean(Z1, axis=1, keepdims=True)
    var = np.mean((Z1 - mu) ** 2, axis=1, keepdims=True)
    Zhat = (Z1 - mu) / np.sqrt(var + 1e-5)
    A1 = relu(p["gamma"] * Zhat + p["beta"])
    Z2 = np.dot(p["W2"], A1) + p["b2"]
    A2 = sigmoid(Z2)
    return cross_entropy(A2)


def rnn(p: P) -> Any:
    """A recurrent network over five moments: the same three parameters at each, so that their gradients are sums."""
    h = np.zeros((3, 4))
    for x in LETTERS:
        h = np.tanh(np.dot(p["Wx"], x) + np.dot(p["Wh"], h) + p["b"])
    out = np.dot(p["Wy"], h)
    return np.mean(out**2)


def long_rnn(p: P) -> Any:
    """The same over a hundred moments: what repeats is one node."""
    h = np.zeros((3, 4))
    for _ in range(100):
        h = np.tanh(np.dot(p["Wh"], h) + p["b"])
    return np.mean(h**2)


def tied_weights(p: P) -> Any:
    """An autoencoder whose decoder is the encoder's transpose: W has two contributions."""
    H = sigmoid(np.dot(p["W"], X) + p["b"])
    R = np.dot(p["W"].T, H) + p["c"]
    return np.mean((R - X) ** 2)


def residual(p: P) -> Any:
    """A residual block: the gradient goes through the block and past it."""
    A1 = np.dot(p["W1"], X)
    F = np.dot(p["W2"], relu(A1))
    A2 = A1 + F
    return np.mean(A2**2)


def dropout(p: P) -> Any:
    """Inverted dropout with a mask that is given: what was dropped sends nothing back."""
    mask = np.array([[1, 1, 0, 1, 1], [0, 1, 1, 1, 0], [1, 0, 1, 1, 1], [1, 1, 1, 0, 1.0]])
    A1 = np.tanh(np.dot(p["W1"], X) + p["b1"])
    D1 = A1 * mask / 0.8
    A2 = sigmoid(np.dot(p["W2"], D1) + p["b2"])
    return cross_entropy(A2)


def attention(p: P) -> Any:
    """A head of attention over four words."""
    Q = WORDS @ p["WQ"]
    K = WORDS @ p["WK"]
    V = WORDS @ p["WV"]
    S = Q @ K.T / np.sqrt(3)
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    W = E / np.sum(E, axis=1, keepdims=True)
    H = W @ V
    return np.mean(H**2)


def convolution(p: P) -> Any:
    """A convolution of two pictures as a sum over windows, then a ReLU and a mean."""
    windows = np.lib.stride_tricks.sliding_window_view(PICTURES, (3, 3), axis=(1, 2))
    C = np.einsum("nijkl,kl->nij", windows, p["K"]) + p["b"]
    A = relu(C)
    return np.mean(A**2)


def gates(p: P) -> Any:
    """One step of a gated recurrent unit: the gate z blends what was with what is new."""
    h, x = LETTERS[0] @ np.ones((4, 1)), LETTERS[1][:, :1]
    z = sigmoid(p["Wz"] @ x + p["Uz"] @ h)
    r = sigmoid(p["Wr"] @ x + p["Ur"] @ h)
    n = np.tanh(p["Wn"] @ x + p["Un"] @ (r * h))
    h_new = (1 - z) * h + z * n
    return np.sum(h_new**2)


def shaped(seed: int, **shapes: tuple[int, ...]) -> P:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape) * 0.7 for name, shape in shapes.items()}


class Graph(NamedTuple):
    """A cost, its parameters, how viz.draw is to draw it, and a caption where the docstring is another's."""

    cost: Callable[[P], Any]
    parameters: P
    options: dict[str, Any] = {}  # noqa: RUF012, a constant
    caption: str = ""


BACKWARD = (
    "The backward pass of the same, as a graph of its own: from dJ/dJ = 1 to the gradients of the parameters. "
    "Gradients are dashed, local derivatives dotted, and what is taken from the forward pass has square corners."
)


TWO = shaped(2, W1=(4, 3), b1=(4, 1), W2=(1, 4), b2=(1, 1))
SIZES = [3] + [4] * (DEPTH - 1) + [1]
TWELVE = {f"W{l}": (SIZES[l], SIZES[l - 1]) for l in range(1, DEPTH + 1)}
TWELVE |= {f"b{l}": (SIZES[l], 1) for l in range(1, DEPTH + 1)}
NEURON = {"w1": 2.0, "x1": -1.0, "w2": -0.5, "x2": 3.0, "b": 2.5}

GRAPHS = {
    "one_neuron": Graph(one_neuron, NEURON, {"local": True}),
    "one_neuron_backward": Graph(one_neuron, NEURON, {"backward": "alone"}, BACKWARD),
    "two_paths": Graph(two_paths, {"x": 1.5}, {"local": True, "backward": True}),
    "logistic_regression": Graph(logistic_regression, shaped(1, w=(3, 1), b=(1, 1)), {"fold": "calls", "local": True}),
    "two_layers": Graph(two_layers, TWO, {"fold": "calls"}),
    "two_layers_backward": Graph(two_layers, TWO, {"fold": "calls", "backward": "alone"}, BACKWARD),
    "with_penalty": Graph(with_penalty, TWO, {"fold": "calls"}),
    "softmax_regression": Graph(softmax_regression, shaped(3, W=(3, 3), b=(3, 1))),
    "deep": Graph(deep, shaped(4, **TWELVE), {"fold": "layers"}),
    "batch_norm": Graph(
        batch_norm, shaped(5, W1=(4, 3), gamma=(4, 1), beta=(4, 1), W2=(1, 4), b2=(1, 1)), {"fold": "calls"}
    ),
    "rnn": Graph(rnn, shaped(6, Wx=(3, 2), Wh=(3, 3), b=(3, 1), Wy=(1, 3)), {"fold": "calls"}),
    "long_rnn": Graph(long_rnn, shaped(7, Wh=(3, 3), b=(3, 1))),
    "tied_weights": Graph(tied_weights, shaped(8, W=(2, 3), b=(2, 1), c=(3, 1)), {"fold": "calls"}),
    "residual": Graph(residual, shaped(9, W1=(4, 3), W2=(4, 4))),
    "dropout": Graph(dropout, TWO, {"fold": "calls"}),
    "attention": Graph(attention, shaped(10, WQ=(6, 3), WK=(6, 3), WV=(6, 3)), {"fold": "calls"}),
    "convolution": Graph(convolution, shaped(11, K=(3, 3), b=())),
    "gates": Graph(
        gates, shaped(12, Wz=(2, 2), Uz=(2, 2), Wr=(2, 2), Ur=(2, 2), Wn=(2, 2), Un=(2, 2)), {"fold": "calls"}
    ),
}
