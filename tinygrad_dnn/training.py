"""The loop of training: gradient descent on a cost of plain NumPy code."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .engine.trees import map_tree
from .transforms import value_and_grad

__all__ = ["gradient_descent"]


def gradient_descent(
    cost: Callable[..., Any], parameters: Any, *data: Any, learning_rate: float, steps: int
) -> Iterator[tuple[float, Any]]:
    """For each step the cost before it, and the parameters after it: theta - learning_rate * d(cost)/d(theta).

    cost(parameters, *data) returns a number; parameters are an array, or a dict, list or tuple of them. Each step gives
    new arrays, so earlier ones may be kept. The step is replayed where that is possible (value_and_grad); give what the
    cost reads as data, not from outside, and it is the fastest. For batches, momentum and the like write the loop:

        step = value_and_grad(cost, replay=True)
        for X, Y in batches:
            J, gradients = step(parameters, X, Y)
            ...
    """
    if steps < 0:
        raise ValueError(f"gradient_descent: steps is {steps}; expected is a number of steps, 0 or more")
    step = value_and_grad(cost, replay=True)
    for _ in range(steps):
        J, gradients = step(parameters, *data)
        parameters = map_tree(lambda theta, dtheta: theta - learning_rate * dtheta, parameters, gradients)
        yield float(np.reshape(J, ())), parameters
