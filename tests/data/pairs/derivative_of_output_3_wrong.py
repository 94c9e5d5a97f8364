import numpy as np


def softplus(x):
    return np.logaddexp(0.0, x)


def softplus_derivative(y):
    return 1.0 + np.exp(-y)


def relu(x):
    return np.maximum(x, 0.0)


def relu_derivative(y):
    return np.where(y > 0, 1.0, 0.0)
