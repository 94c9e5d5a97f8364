"""
robust_sparse.py - Huber regression with a two-layer net and an L1 penalty (sparse weights).
Examples in columns.  The bias is handled by appending a row of ones, so there is no b at all.
"""
import numpy as np

HUBER_DELTA = 0.8


def with_ones(M):
    return np.vstack([M, np.ones((1, M.shape[1]))])


def leaky(M):
    return np.maximum(M, 0.2 * M)


def evaluate(theta1, theta2, X, Y, l1):
    z = theta1 @ with_ones(X)
    out = theta2 @ with_ones(leaky(z))
    r = np.abs(out - Y)
    small = r <= HUBER_DELTA
    pieces = np.where(small, 0.5 * r * r, HUBER_DELTA * (r - 0.5 * HUBER_DELTA))
    # the column that multiplies the ones is not penalised
    sparse = np.abs(theta1[:, :-1]).sum() + np.abs(theta2[:, :-1]).sum()
    return pieces.sum() / X.shape[1] + l1 * sparse


def slopes(theta1, theta2, X, Y, l1):
    X1 = with_ones(X)
    z = theta1 @ X1
    H1 = with_ones(leaky(z))
    out = theta2 @ H1

    d_out = np.clip(out - Y, -HUBER_DELTA, HUBER_DELTA) / X.shape[1]
    d_theta2 = d_out @ H1.T
    d_h = (theta2.T @ d_out)[:-1]                  # throw away the row of the ones
    d_z = np.where(z > 0, d_h, 0.2 * d_h)
    d_theta1 = d_z @ X1.T

    d_theta1[:, :-1] += l1 * np.sign(theta1[:, :-1])
    d_theta2[:, :-1] += l1 * np.sign(theta2[:, :-1])
    return d_theta1, d_theta2
