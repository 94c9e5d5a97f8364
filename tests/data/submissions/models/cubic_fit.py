# Fitting a cubic to measurements by gradient descent, written with plain loops on purpose.
# The prediction is squashed: y ~ amp * tanh(c0 + c1 x + c2 x^2 + c3 x^3)
import numpy as np


def poly(x, coef):
    value = 0.0
    for power in range(len(coef)):
        value = value + coef[power] * x ** power
    return value


def mean_error(xs, ys, coef, amp):
    total = 0.0
    for x, y in zip(xs, ys):
        total += 0.5 * (amp * np.tanh(poly(x, coef)) - y) ** 2
    return total / len(xs)


def mean_error_grad(xs, ys, coef, amp):
    n = len(xs)
    dcoef = np.zeros(len(coef))
    damp = 0.0
    for x, y in zip(xs, ys):
        th = np.tanh(poly(x, coef))
        diff = amp * th - y
        damp += diff * th / n
        inside = diff * amp * (1 - th * th)
        powers = x ** np.arange(len(coef))
        dcoef = (dcoef + inside * powers) / n
    return dcoef, damp


def descend(xs, ys, degree=3, rate=0.05, steps=300):
    coef, amp = np.zeros(degree + 1) + 0.1, 1.0
    for s in range(steps):
        dcoef, damp = mean_error_grad(xs, ys, coef, amp)
        coef = coef - rate * dcoef
        amp = amp - rate * damp
    return coef, amp
