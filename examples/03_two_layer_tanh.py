"""A hidden layer of tanh units: which petals of a flower are red?

    Z1 = W1 X + b1,  A1 = tanh Z1,  Z2 = W2 A1 + b2,  A2 = sigmoid(Z2)
    dZ2 = A2 - Y,  dZ1 = W2^T dZ2 * (1 - A1^2)
    dW = 1/m dZ A_prev^T,  db = 1/m sum(dZ)        in both layers

No straight line separates the petals: without the hidden layer about half
of the points would be guessed wrong.
"""

import numpy as np
from common import compare, confirm, options, print_accuracy, save, train_both
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from tinygrad_dnn.by_hand import shallow

COLOURS = ["#3b6fb6", "#d1495b"]
HIDDEN = 12


def flower(m, seed, petals=6):
    """r = 4 |sin(petals/2 angle)|, red where the sine is positive, with some noise: X (2, m), Y (1, m)."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, m)
    wave = np.sin(petals / 2 * angle)
    r, direction = 4 * np.abs(wave) + rng.normal(0, 0.2, m), angle + rng.normal(0, 0.06, m)
    return np.vstack([r * np.cos(direction), r * np.sin(direction)]), np.where(wave > 0, 1, 0).reshape(1, m)


def boundary(parameters, X, Y):
    """The plane in the colours of the prediction, and the points in their own."""
    side = np.linspace(-5, 5, 300)
    grid = np.vstack([axis.ravel() for axis in np.meshgrid(side, side)])
    A2, _ = shallow.forward_propagation(grid, parameters)
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    plane = A2.reshape(300, 300)
    axes.contourf(side, side, plane, levels=[0, 0.5, 1], colors=COLOURS, alpha=0.25)
    axes.contour(side, side, plane, levels=[0.5], colors="black", linewidths=1)
    axes.scatter(X[0], X[1], c=Y[0], cmap=ListedColormap(COLOURS), s=14, edgecolors="white", linewidths=0.4)
    axes.set(title="Where the network draws the line", xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    return figure


def main():
    arguments = options(__doc__, iterations=2000).parse_args()
    print(__doc__)
    (X, Y), test = flower(400, seed=1), flower(400, seed=2)

    def cost(parameters):
        """Only forward: all that autograd is given."""
        A2, _ = shallow.forward_propagation(X, parameters)
        return shallow.compute_cost(A2, Y)

    def by_hand(parameters):
        A2, cache = shallow.forward_propagation(X, parameters)
        return shallow.compute_cost(A2, Y), shallow.backward_propagation(parameters, cache, X, Y)

    start = shallow.initialize_parameters(2, HIDDEN, 1, rng=1, scale=0.5)
    confirm(cost, by_hand, start)
    found, _, costs = train_both(cost, by_hand, start, 1.2, arguments.iterations)
    compare(costs, arguments.pictures / "two_layer_tanh_cost.png", f"{HIDDEN} tanh units learn the flower")
    save(boundary(found, X, Y), arguments.pictures / "two_layer_tanh_boundary.png")
    print_accuracy(lambda X: shallow.predict(X, found), train=(X, Y), test=test)


if __name__ == "__main__":
    main()
