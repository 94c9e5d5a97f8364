import numpy as np

features = np.array([[0.2, 1.4], [-0.6, 0.8], [1.9, -0.3]])
goal = np.array([1.0, 0.0, 1.0])
parameters = [np.full(2, 1), np.full((), 2.0)]


def cost(parameters):
    w, b = parameters
    return np.mean((features @ w + b - goal) ** 2)

def gradients(parameters):
    w, b = parameters
    d = 2 * (features @ w + b - goal) / 3
    dw = np.empty_like(w)
    np.copyto(dw, features.T @ d, casting="unsafe")
    return [dw, d.sum()]
