"""
Machine Learning (Andrew Ng), exercise 2 in python: regularized logistic regression
for the microchip data.
"""
import numpy as np


def mapFeature(X1, X2, degree=3):
    out = [np.ones(X1.size)]
    for i in range(1, degree + 1):
        for j in range(i + 1):
            out.append((X1 ** (i - j)) * (X2 ** j))
    return np.stack(out, axis=1)


def sigmoid(z):
    g = 1 / (1 + np.exp(-z))
    return g


def costFunctionReg(theta, X, y, lambda_):
    """
    theta : (n,), the first entry belongs to the column of ones and is not regularized
    X     : (m, n) with the intercept column
    y     : (m,) 0 or 1
    """
    m = y.size
    h = sigmoid(X.dot(theta))

    J = 1 / m * (-y.dot(np.log(h)) - (1 - y).dot(np.log(1 - h)))
    J = J + lambda_ / (2 * m) * np.sum(theta[1:] ** 2)

    grad = 1 / m * X.T.dot(h - y)
    grad[1:] = grad[1:] + lambda_ / (2 * m) * theta[1:]
    return J, grad


def gradientDescent(X, y, theta, alpha, num_iters, lambda_):
    J_history = []
    for _ in range(num_iters):
        J, grad = costFunctionReg(theta, X, y, lambda_)
        theta = theta - alpha * grad
        J_history.append(J)
    return theta, J_history


def predict(theta, X):
    return sigmoid(X.dot(theta)) >= 0.5


def load_microchips(m=118):
    rng = np.random.RandomState(2)
    pts = rng.uniform(-1, 1.2, size=(m, 2))
    accepted = (pts ** 2).sum(axis=1) + 0.1 * rng.randn(m) < 0.7
    return pts, accepted.astype(float)


if __name__ == "__main__":
    data, y = load_microchips()
    X = mapFeature(data[:, 0], data[:, 1])
    initial_theta = np.zeros(X.shape[1])
    cost, grad = costFunctionReg(initial_theta, X, y, 1)
    print('Cost at initial theta (zeros): {:.3f}'.format(cost))
    print('Gradient at initial theta, first five: ', np.round(grad[:5], 4))
    theta, J_history = gradientDescent(X, y, initial_theta, 1.0, 400, 1)
    print('Train Accuracy: {:.1f} %'.format(np.mean(predict(theta, X) == y) * 100))
