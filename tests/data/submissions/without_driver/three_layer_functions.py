import numpy as np

rng = np.random.default_rng(11)


def init_params(n_in=5, n_hidden=8, n_out=2):
    """two hidden layers of the same width"""
    return {
        "W1": rng.normal(size=(n_in, n_hidden)) / np.sqrt(n_in),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(size=(n_hidden, n_hidden)) / np.sqrt(n_hidden),
        "b2": np.zeros(n_hidden),
        "W3": rng.normal(size=(n_hidden, n_out)) / np.sqrt(n_hidden),
        "b3": np.zeros(n_out),
    }


def forward(params, X):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    out = h2 @ params["W3"] + params["b3"]
    return out, h1, h2


def loss(params, X, y):
    out, _, _ = forward(params, X)
    return np.mean(np.sum((out - y) ** 2, axis=1))


def backward(params, X, y):
    n = X.shape[0]
    out, h1, h2 = forward(params, X)
    grads = {}

    d_out = 2 * (out - y) / n
    grads["W3"] = h2.T @ d_out
    grads["b3"] = d_out.sum(axis=0)

    d_h2 = d_out @ params["W3"].T
    d_z2 = d_h2 * (1 - h2 ** 2)
    grads["W2"] = h1.T @ d_z2
    grads["b2"] = d_z2.sum(axis=0)

    d_h1 = d_z2 @ params["W2"]
    d_z1 = d_h1 * (1 - h1 ** 2)
    grads["W1"] = X.T @ d_z1
    grads["b1"] = d_z1.sum(axis=0)
    return grads


def sgd_step(params, grads, lr):
    return {k: params[k] - lr * grads[k] for k in params}


if __name__ == "__main__":
    X = rng.normal(size=(64, 5))
    y = np.stack([np.sin(X[:, 0]), X[:, 1] * X[:, 2]], axis=1)
    params = init_params()
    for epoch in range(401):
        params = sgd_step(params, backward(params, X, y), lr=0.05)
        if epoch % 100 == 0:
            print(f"{epoch:4d}  {loss(params, X, y):.5f}")
