import numpy as np

X = np.array([[0.5, -1.2, 0.3], [1.1, 0.4, -0.7], [0.2, 0.9, 1.6], [-0.8, 0.1, 0.6]])
Y = np.array([[0.3, 0.1], [-0.4, 1.0], [0.7, 0.2], [0.5, -0.6]])
parameters = {"W": np.arange(6.).reshape(3, 2), "b": np.array([0.5, -0.5])}


def cost(p):
    return np.mean((X @ p["W"] + p["b"] - Y) ** 2)


def gradients(p):
    error = X @ p["W"] + p["b"] - Y
    dW, db = np.zeros_like(p["W"]), np.zeros_like(p["b"])
    for i in range(3):
        for j in range(2):
            dW[i, j] = X[:, i] @ error[:, j] / 4
    for j in range(2):
        db[j] = error[:, j].sum() / 4
    return {"dW": dW, "db": db}
