"""Ten classes: which digit is it? Leaky ReLU in between, softmax at the end.

    A = Z where Z > 0, else 0.01 Z        in the hidden layers
    A_j = e^Z_j / sum_k e^Z_k             in the last one
    J = -1/m sum(Y log A),  Y one-hot     dZ = A - Y in the last layer

That dZ is so simple is the reason why softmax and cross-entropy go together.
"""

import numpy as np
from common import compare, confirm, options, print_accuracy, save, split, train_both
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

from tinygrad_dnn.by_hand import softmax

LAYER_DIMS = [64, 32, 16, 10]


def mistakes(parameters, X, y, most=10):
    """Digits that were taken for others, and what the network thought of them."""
    AL, _ = softmax.L_layer_forward(X, parameters)
    guess = np.argmax(AL, axis=0)
    figure = Figure(figsize=(8, 4), layout="constrained")
    figure.suptitle(f"Wrong on {np.sum(guess != y[0])} of {y.size} test digits (at most {most} are shown)")
    grid = figure.subplots(2, most // 2).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, k in zip(grid, np.flatnonzero(guess != y[0]), strict=False):
        axes.imshow(X[:, k].reshape(8, 8), cmap="gray_r")
        axes.set_title(f"{y[0, k]}, taken for {guess[k]}\n({100 * AL[guess[k], k]:.0f} % sure)", fontsize=9)
    return figure


def main():
    arguments = options(__doc__, iterations=400).parse_args()
    print(__doc__)
    data = load_digits()
    (X, y), (X_test, y_test) = split(data.data.T / 16, data.target.reshape(1, -1))
    Y = softmax.one_hot(y, 10)

    def cost(parameters):
        """Only forward: all that autograd is given."""
        AL, _ = softmax.L_layer_forward(X, parameters)
        return softmax.compute_cost(AL, Y)

    def by_hand(parameters):
        AL, caches = softmax.L_layer_forward(X, parameters)
        return softmax.compute_cost(AL, Y), softmax.L_Layer_Back_Prop(AL, Y, caches)

    print(f"Layers of {', '.join(map(str, LAYER_DIMS))} units; {X.shape[1]} examples.\n")
    start = softmax.initialize_parameters_deep(LAYER_DIMS, rng=1, scale="he")
    confirm(cost, by_hand, start)
    found, _, costs = train_both(cost, by_hand, start, 0.2, arguments.iterations)
    compare(costs, arguments.pictures / "softmax_cost.png", "Softmax learns ten digits")
    save(mistakes(found, X_test, y_test), arguments.pictures / "softmax_mistakes.png")
    print_accuracy(lambda X: softmax.predict(X, found), train=(X, y), test=(X_test, y_test))


if __name__ == "__main__":
    main()
