"""A deep network: is a handwritten digit a 0? Or, with --data, is it a cat?

    A0 = X,  Z = W A_prev + b,  A = max(0, Z),  in the last layer A = sigmoid(Z)
    dZ = A - Y in the last layer, dA * (Z > 0) before it
    dW = 1/m dZ A_prev^T,  db = 1/m sum(dZ),  dA_prev = W^T dZ

--data FILE reads the course's pictures of cats, an HDF5 file with the keys
train_set_x (m, 64, 64, 3) and train_set_y (m,). A fifth is kept for the test.
"""

import sys
from pathlib import Path

import numpy as np
from common import compare, confirm, options, print_accuracy, split, train_both
from sklearn.datasets import load_digits

from tinygrad_dnn.by_hand import deep

try:
    import h5py
except ImportError:  # only --data needs it
    h5py = None

HIDDEN = [20, 7, 5]


def zeros():
    """X (64, 1797), the pixels from 0 to 1; Y = 1 where the digit is a 0."""
    data = load_digits()
    return data.data.T / 16, np.where(data.target == 0, 1, 0).reshape(1, -1)


def cats(path):
    """X (12288, m), the pixels from 0 to 1; Y = 1 where the picture is one of a cat."""
    if not Path(path).exists():
        stop(f"{path} does not exist")
    if h5py is None:
        stop("reading HDF5 needs h5py: pip install h5py")
    if not h5py.is_hdf5(path):
        stop(f"{path} is not an HDF5 file")
    with h5py.File(path) as file:
        missing = {"train_set_x", "train_set_y"} - set(file)
        if missing:
            stop(f"{path} has no {' and no '.join(sorted(missing))}; it has the keys {', '.join(file) or 'none'}")
        x, y = np.asarray(file["train_set_x"]), np.asarray(file["train_set_y"])
    if x.ndim < 2 or y.shape != x.shape[:1] or not np.all((y == 0) | (y == 1)):
        stop(f"{path}: train_set_x has shape {x.shape}, train_set_y {y.shape}: expected a 0 or 1 for every picture")
    return x.reshape(len(x), -1).T / 255, y.reshape(1, -1)


def stop(problem):
    print(f"error: --data: {problem}", file=sys.stderr)
    raise SystemExit(2)


def main():
    parser = options(__doc__, iterations=800)
    parser.add_argument("--data", metavar="FILE", help="the course's HDF5 file of cat pictures")
    arguments = parser.parse_args()
    (X, Y), test = split(*(cats(arguments.data) if arguments.data else zeros()))
    print(__doc__)

    def cost(parameters):
        """Only forward: all that autograd is given."""
        AL, _ = deep.L_model_forward(X, parameters)
        return deep.compute_cost(AL, Y)

    def by_hand(parameters):
        AL, caches = deep.L_model_forward(X, parameters)
        return deep.compute_cost(AL, Y), deep.L_model_backward(AL, Y, caches)

    layer_dims = [X.shape[0], *HIDDEN, 1]
    print(f"Layers of {', '.join(map(str, layer_dims))} units; {X.shape[1]} examples.\n")
    start = deep.initialize_parameters_deep(layer_dims, rng=1, scale="he")
    confirm(cost, by_hand, start)
    learning_rate = 0.01 if arguments.data else 0.2
    found, _, costs = train_both(cost, by_hand, start, learning_rate, arguments.iterations)
    title = f"A network of {len(layer_dims) - 1} layers: is it {'a cat' if arguments.data else 'a 0'}?"
    compare(costs, arguments.pictures / "deep_network_cost.png", title)
    print_accuracy(lambda X: deep.predict(X, found), train=(X, Y), test=test)


if __name__ == "__main__":
    main()
