import numpy as np

# The bias is weight number 0: a row of ones is put on top of every layer's input.
# (as in the old Coursera machine learning course, but with the examples in columns)


def with_bias(A):
    return np.vstack([np.ones((1, A.shape[1])), A])


def forward(X, Theta1, Theta2):
    a1 = with_bias(X)
    h = np.tanh(Theta1 @ a1)
    a2 = with_bias(h)
    out = 1 / (1 + np.exp(-(Theta2 @ a2)))
    return a1, a2, out


def J(X, Y, Theta1, Theta2, lam):
    m = X.shape[1]
    out = forward(X, Theta1, Theta2)[2]
    fit = -np.sum(Y * np.log(out) + (1 - Y) * np.log(1 - out)) / m
    penalty = lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    return fit + penalty


def no_bias_column(Theta):
    R = Theta.copy()
    R[:, 0] = 0
    return R


def gradJ(X, Y, Theta1, Theta2, lam):
    m = X.shape[1]
    a1, a2, out = forward(X, Theta1, Theta2)
    d3 = out - Y
    d2 = (Theta2.T @ d3) * (1 - a2 ** 2)
    d2 = d2[1:]
    grad2 = (d3 @ a2.T + lam * no_bias_column(Theta2)) / m
    grad1 = (d2 @ a1.T + lam * no_bias_column(Theta1)) / m
    return grad1, grad2


def train(X, Y, hidden, lam=0.1, alpha=0.5, iters=400):
    rng = np.random.RandomState(1)
    Theta1 = rng.uniform(-0.12, 0.12, (hidden, X.shape[0] + 1))
    Theta2 = rng.uniform(-0.12, 0.12, (Y.shape[0], hidden + 1))
    for _ in range(iters):
        g1, g2 = gradJ(X, Y, Theta1, Theta2, lam)
        Theta1, Theta2 = Theta1 - alpha * g1, Theta2 - alpha * g2
    return Theta1, Theta2
