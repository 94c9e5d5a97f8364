"""Logistic regression: is a tumour malignant? 30 measurements of 569 tumours.

    A = sigmoid(w^T X + b)        J = -1/m sum(Y log A + (1 - Y) log(1 - A))
    dw = 1/m X (A - Y)^T          db = 1/m sum(A - Y)

Autograd is given the same J in another form, which never meets log 0:

    Z = w^T X + b                 J = 1/m sum(log(1 + e^Z) - Y Z)

X is (30, m), a column per tumour; w is (30, 1), b is a number.
"""

import numpy as np
from common import HAND, compare, confirm, options, print_accuracy, save, split, train_both
from matplotlib.figure import Figure
from sklearn.datasets import load_breast_cancer

from tinygrad_dnn.by_hand import logistic


def tumours():
    """The names of the measurements, and (X, Y) to learn from and to test with, standardised; Y = 1 is malignant."""
    data = load_breast_cancer()
    (X, Y), (X_test, Y_test) = split(data.data.T, 1 - data.target.reshape(1, -1))
    mean, deviation = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return data.feature_names, ((X - mean) / deviation, Y), ((X_test - mean) / deviation, Y_test)


def weights(w, names, most=10):
    """The measurements that weigh most, as bars."""
    heaviest = np.argsort(np.abs(w[:, 0]))[-most:]
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.barh(names[heaviest], w[heaviest, 0], color=HAND)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(title="What speaks for a malignant tumour", xlabel="weight per standard deviation")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def main():
    arguments = options(__doc__, iterations=300).parse_args()
    print(__doc__)
    names, (X, Y), test = tumours()

    def cost(parameters):
        """log(e^0 + e^Z) is logaddexp(0, Z), which cannot overflow either."""
        Z = np.dot(parameters["w"].T, X) + parameters["b"]
        return np.sum(np.logaddexp(0, Z) - Y * Z) / Y.shape[1]

    def by_hand(parameters):
        grads, J = logistic.propagate(parameters["w"], parameters["b"], X, Y)
        return J, grads

    w, b = logistic.initialize_with_zeros(X.shape[0])
    start = {"w": w, "b": b}
    confirm(cost, by_hand, start)
    found, _, costs = train_both(cost, by_hand, start, 0.2, arguments.iterations)
    compare(costs, arguments.pictures / "logistic_regression_cost.png", "Logistic regression on breast cancer data")
    save(weights(found["w"], names), arguments.pictures / "logistic_regression_weights.png")
    print_accuracy(lambda X: logistic.predict(found["w"], found["b"], X), train=(X, Y), test=test)


if __name__ == "__main__":
    main()
