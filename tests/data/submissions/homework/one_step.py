import numpy as np

def softmax_rows(s):
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)

def model(weights, x):
    u = x @ weights["V"] + weights["v0"]
    h = u / (1 + np.abs(u))
    q = softmax_rows(h @ weights["U"] + weights["u0"])
    return u, h, q

def nll(weights, x, t):
    q = model(weights, x)[2]
    return -np.sum(t * np.log(q)) / x.shape[0]

def sgd_step(weights, x, t, eta):
    """returns (new weights, gradients)"""
    n = x.shape[0]
    u, h, q = model(weights, x)
    new = dict(weights)
    g = {}

    # top layer
    d_top = (q - t) / n
    g["U"] = h.T @ d_top
    g["u0"] = d_top.sum(axis=0)
    new["U"] = weights["U"] - eta * g["U"]
    new["u0"] = weights["u0"] - eta * g["u0"]

    # bottom layer
    d_h = d_top @ new["U"].T
    d_u = d_h / (1 + np.abs(u)) ** 2
    g["V"] = x.T @ d_u
    g["v0"] = d_u.sum(axis=0)
    new["V"] = weights["V"] - eta * g["V"]
    new["v0"] = weights["v0"] - eta * g["v0"]
    return new, g

def fit(weights, x, t, eta=0.5, epochs=100):
    for _ in range(epochs):
        weights, _ = sgd_step(weights, x, t, eta)
    return weights
