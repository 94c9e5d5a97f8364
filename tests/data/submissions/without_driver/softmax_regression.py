"""Softmax (multinomial logistic) regression in the style of the week 2 notebook."""
import numpy as np


def softmax(z):
    t = np.exp(z - z.max(axis=0))
    return t / t.sum(axis=0)


def one_hot(labels, num_classes):
    Y = np.zeros((num_classes, labels.size))
    Y[labels.ravel(), np.arange(labels.size)] = 1
    return Y


def initialize_with_small_numbers(dim, num_classes):
    w = np.random.randn(dim, num_classes) * 0.01
    b = np.zeros((num_classes, 1))
    return w, b


def propagate(w, b, X, Y):
    """
    w -- weights, a numpy array of size (dim, num_classes)
    b -- bias, (num_classes, 1)
    X -- data of size (dim, number of examples)
    Y -- one hot labels of size (num_classes, number of examples)
    """
    m = X.shape[1]

    A = softmax(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A))

    dZ = A - Y
    dw = 1 / m * np.dot(X, dZ.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)

    grads = {"dw": dw, "db": db}
    return grads, cost


def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
        if i % 50 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration %i: %f" % (i, cost))
    return w, b, costs


def predict(w, b, X):
    return np.argmax(np.dot(w.T, X) + b, axis=0)


if __name__ == "__main__":
    np.random.seed(7)
    centers = np.array([[0, 2], [2, -1], [-2, -1]]).T
    labels = np.random.randint(0, 3, 240)
    X = centers[:, labels] + np.random.randn(2, 240) * 0.8
    w, b = initialize_with_small_numbers(2, 3)
    w, b, costs = optimize(w, b, X, one_hot(labels, 3), 300, 0.3, True)
    print("train accuracy", np.mean(predict(w, b, X) == labels))
