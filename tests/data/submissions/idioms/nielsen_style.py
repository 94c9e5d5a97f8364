import numpy as np


class Network(object):

    def __init__(self, sizes):
        rng = np.random.RandomState(2)
        self.num_layers = len(sizes)
        self.biases = [rng.randn(k, 1) for k in sizes[1:]]
        self.weights = [rng.randn(k, j) / np.sqrt(j) for j, k in zip(sizes[:-1], sizes[1:])]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid(np.dot(w, a) + b)
        return a

    def total_cost(self, data):
        cost = 0.0
        for x, y in data:
            a = self.feedforward(x)
            cost += np.sum(-y * np.log(a) - (1 - y) * np.log(1 - a))
        return cost / len(data)

    def batch_gradient(self, data):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in data:
            self.backprop(x, y, nabla_b, nabla_w)
        nabla_b = [nb / len(data) for nb in nabla_b]
        nabla_w = [nw / len(data) for nw in nabla_w]
        return nabla_b, nabla_w

    def backprop(self, x, y, nabla_b, nabla_w):
        activation = x
        activations = [x]
        for b, w in zip(self.biases, self.weights):
            activation = sigmoid(np.dot(w, activation) + b)
            activations.append(activation)
        delta = activations[-1] - y
        nabla_b[-1] += delta
        nabla_w[-1] += np.dot(delta, activations[-2].transpose())
        for l in range(2, self.num_layers):
            a = activations[-l]
            delta = np.dot(self.weights[-l + 1].transpose(), delta) * a * (1 - a)
            nabla_b[-l] += np.sum(delta)
            nabla_w[-l] += np.dot(delta, activations[-l - 1].transpose())

    def gradient_step(self, data, eta):
        nabla_b, nabla_w = self.batch_gradient(data)
        self.weights = [w - eta * nw for w, nw in zip(self.weights, nabla_w)]
        self.biases = [b - eta * nb for b, nb in zip(self.biases, nabla_b)]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))
