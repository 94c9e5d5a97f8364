"""What the examples share: options, the check, training along both roads, and the picture of the two cost curves.

The two roads: by_hand(parameters) -> (cost, {"dW1": array, ...}) holds the derived formulas, and value_and_grad(cost)
records cost(parameters) and finds the gradients itself. Columns of X and Y are examples.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure  # not pyplot: no screen is needed, and nothing has to be closed
from tqdm import tqdm

from tinygrad_dnn import check, value_and_grad

HAND, AUTOGRAD = "#f2a65a", "#1b3a5c"


def options(doc, iterations):
    """The parser of the options that every example has; its help is the example's docstring."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=positive, default=iterations, help="steps of training (%(default)s)")
    parser.add_argument("--pictures", type=folder, default="pictures", help="where to save them (./%(default)s)")
    return parser


def positive(text):
    """A whole number above 0."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def folder(text):
    """A folder, made where it is missing."""
    try:
        Path(text).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be a folder: {problem.strerror}") from None
    return Path(text)


def split(X, Y, seed=0):
    """(X, Y) to learn from and (X, Y) to test with: a random fifth of the examples."""
    order = np.random.default_rng(seed).permutation(X.shape[1])
    test, train = np.split(order, [len(order) // 5])
    return (X[:, train], Y[:, train]), (X[:, test], Y[:, test])


def confirm(cost, by_hand, parameters):
    """Print the check of the hand-written gradients; stop with exit code 1 unless all of them are right."""
    print("Are the gradients derived by hand right? They are held against autograd,")
    print("and autograd against central differences of the cost:\n")
    report = check(cost, lambda parameters: by_hand(parameters)[1], parameters)
    print(report)
    if not report.ok:
        raise SystemExit("Not every gradient is right: no training with these.")


def train_both(cost, by_hand, start, learning_rate, iterations):
    """theta <- theta - learning_rate dtheta along both roads, from the same start.

    Returns the parameters found by hand, those found by autograd, and the costs before every step: (iterations, 2).
    """
    autograd = value_and_grad(cost, replay=True)
    hand = auto = start
    costs = np.empty((iterations, 2))
    for i in tqdm(range(iterations), desc="training both", unit="step"):
        costs[i, 0], grads = by_hand(hand)
        hand = {name: theta - learning_rate * grads["d" + name] for name, theta in hand.items()}
        costs[i, 1], grads = autograd(auto)
        auto = {name: theta - learning_rate * grads[name] for name, theta in auto.items()}
    return hand, auto, costs


def compare(costs, picture, title):
    """Print how far the two curves are apart, and draw them."""
    print(f"\nTraining, {len(costs)} steps from the same start:\n")
    print(f"{'':26}{'by hand':>18}{'autograd':>18}")
    for when, (hand, auto) in {"first": costs[0], "last": costs[-1]}.items():
        print(f"{f'cost at the {when} step':26}{hand:18.14f}{auto:18.14f}")
    print(f"\nlargest relative difference of the two curves: {np.max(apart(costs)):.1e}")
    save(cost_curves(costs, title), picture)


def apart(costs):
    """|J_hand - J_autograd| / J_hand at every step."""
    return np.abs(costs[:, 0] - costs[:, 1]) / costs[:, 0]


def cost_curves(costs, title):
    """Above the two curves, one on the other; below how far they are apart."""
    figure = Figure(figsize=(7, 5.5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    above.plot(costs[:, 0], color=HAND, linewidth=6, alpha=0.7, label="by hand")
    above.plot(costs[:, 1], color=AUTOGRAD, linewidth=1.6, linestyle=(0, (5, 3)), label="autograd")
    above.set(title=title, ylabel="cost J (nats)", ylim=(0, None))
    above.legend(frameon=False)
    below.set(yscale="log", ylim=(3e-17, 1e-11))  # fixed before there is data: all of it may be 0
    below.plot(apart(costs), ".", color=AUTOGRAD, markersize=2)
    below.set(xlabel="step of gradient descent", ylabel="relative\ndifference")
    below.set_title("no dot: equal to the last bit", loc="right", fontsize=8)
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
    return figure


def save(figure, picture):
    """Save a picture and say where it is."""
    figure.savefig(picture, dpi=150)
    print(f"picture: {picture}")


def print_accuracy(predict, **parts):
    """The share of examples of each part (X, Y) that predict(X) gets right."""
    shares = [f"{name} {100 * np.mean(predict(X) == Y):.1f} %" for name, (X, Y) in parts.items()]
    print(f"accuracy: {', '.join(shares)}")
