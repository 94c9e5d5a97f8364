import numpy as np


def logistic(t):
    return 1.0 / (1.0 + np.exp(-t))


def logistic_derivative(s):
    return s * (2 - s)
