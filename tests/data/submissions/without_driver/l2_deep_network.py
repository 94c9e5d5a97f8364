import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def relu(Z):
    return np.maximum(0, Z)


def random_init(dims):
    theta = {}
    for l in range(1, len(dims)):
        theta["W%d" % l] = np.random.randn(dims[l], dims[l - 1]) / np.sqrt(dims[l - 1])
        theta["b%d" % l] = np.zeros((dims[l], 1))
    return theta


def forward_propagate_deep(X, theta):
    """X has one example per column."""
    L = len(theta) // 2
    caches = []
    A = X
    for l in range(1, L):
        Z = theta["W%d" % l] @ A + theta["b%d" % l]
        caches.append({"A_prev": A, "W": theta["W%d" % l], "Z": Z})
        A = relu(Z)
    Z = theta["W%d" % L] @ A + theta["b%d" % L]
    caches.append({"A_prev": A, "W": theta["W%d" % L], "Z": Z})
    return sigmoid(Z), caches


def compute_cost_l2(AL, Y, theta, lambd):
    m = Y.shape[1]
    L = len(theta) // 2
    cross_entropy = -(1 / m) * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    penalty = 0
    for l in range(1, L + 1):
        penalty += np.sum(np.square(theta["W%d" % l]))
    return cross_entropy + lambd / (2 * m) * penalty


def backward_propagate_deep(AL, Y, caches, lambd):
    L = len(caches)
    m = Y.shape[1]
    grads = {}

    # output layer (sigmoid + cross entropy)
    c = caches[L - 1]
    dZ = AL - Y
    grads["dW%d" % L] = dZ @ c["A_prev"].T / m + lambd / m * c["W"]
    grads["db%d" % L] = dZ.sum(axis=1, keepdims=True) / m
    dA = c["W"].T @ dZ

    # hidden layers (relu)
    for l in range(L - 1, 0, -1):
        c = caches[l - 1]
        dZ = dA * (c["Z"] > 0)
        grads["dW%d" % l] = dZ @ c["A_prev"].T / m
        grads["db%d" % l] = dZ.sum(axis=1, keepdims=True) / m
        dA = c["W"].T @ dZ
    return grads


def update(theta, grads, alpha):
    for name in theta:
        theta[name] = theta[name] - alpha * grads["d" + name]
    return theta


def train(X, Y, dims, lambd=0.7, alpha=0.1, iterations=2000):
    theta = random_init(dims)
    history = []
    for i in range(iterations):
        AL, caches = forward_propagate_deep(X, theta)
        if i % 100 == 0:
            history.append(compute_cost_l2(AL, Y, theta, lambd))
        theta = update(theta, backward_propagate_deep(AL, Y, caches, lambd), alpha)
    return theta, history


if __name__ == "__main__":
    np.random.seed(1)
    X = np.random.randn(2, 150)
    Y = (X[:1] ** 2 + X[1:] ** 2 < 1.2).astype(float)
    theta, history = train(X, Y, [2, 8, 4, 1], lambd=0.1, iterations=600)
    print("cost every 100:", np.round(history, 4))
    AL, _ = forward_propagate_deep(X, theta)
    print("train accuracy: %.2f" % np.mean((AL > 0.5) == Y))
