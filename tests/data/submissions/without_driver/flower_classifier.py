import numpy as np

# one hidden relu layer, sigmoid output, gradient descent with momentum
# theta = everything we learn, memory = everything the backward step needs


def initialize(n_in, n_hidden, n_out, seed=0):
    np.random.seed(seed)
    theta = {}
    theta["W1"] = np.random.randn(n_hidden, n_in) * 0.1
    theta["b1"] = np.zeros((n_hidden, 1))
    theta["W2"] = np.random.randn(n_out, n_hidden) * 0.1
    theta["b2"] = np.zeros((n_out, 1))
    return theta


def forward_prop(X, theta):
    memory = {}
    memory["Z1"] = theta["W1"] @ X + theta["b1"]
    memory["A1"] = np.maximum(memory["Z1"], 0)
    memory["Z2"] = theta["W2"] @ memory["A1"] + theta["b2"]
    memory["A2"] = 1 / (1 + np.exp(-memory["Z2"]))
    return memory["A2"], memory


def cost_function(A2, Y):
    m = Y.shape[1]
    J = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum() / m
    return J


def backward_prop(theta, memory, X, Y):
    m = X.shape[1]
    A1 = memory["A1"]
    A2 = memory["A2"]

    dZ2 = (A2 - Y) / m
    dW2 = dZ2 @ A1.T
    db2 = dZ2.sum(axis=1, keepdims=True)

    dA1 = theta["W2"].T @ dZ2
    dZ1 = dA1 * (memory["Z1"] > 0)
    dW1 = dZ1 @ X.T
    db1 = dZ1.sum(axis=1, keepdims=True)

    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def step(theta, velocity, grads, lr, beta=0.9):
    for k in theta:
        velocity[k] = beta * velocity[k] + (1 - beta) * grads[k]
        theta[k] = theta[k] - lr * velocity[k]
    return theta, velocity


def fit(X, Y, n_hidden=6, lr=0.5, iterations=2000, verbose=False):
    theta = initialize(X.shape[0], n_hidden, Y.shape[0])
    velocity = {k: np.zeros_like(v) for k, v in theta.items()}
    history = []
    for it in range(iterations):
        A2, memory = forward_prop(X, theta)
        J = cost_function(A2, Y)
        grads = backward_prop(theta, memory, X, Y)
        theta, velocity = step(theta, velocity, grads, lr)
        if it % 200 == 0:
            history.append(J)
            if verbose:
                print(it, J)
    return theta, history


if __name__ == "__main__":
    rng = np.random.RandomState(4)
    X = rng.randn(2, 300)
    Y = (X[:1] ** 2 + X[1:] ** 2 < 1.2).astype(float)
    theta, history = fit(X, Y, verbose=True)
    A2, _ = forward_prop(X, theta)
    print("train acc", ((A2 > 0.5) == Y).mean())
