"""tiny_nn: a very small neural network library."""
import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        bound = 1 / np.sqrt(in_dim)
        self.weight = np.random.uniform(-bound, bound, (out_dim, in_dim))
        self.bias = np.random.uniform(-bound, bound, out_dim)
        self.grad_weight = np.zeros_like(self.weight)
        self.grad_bias = np.zeros_like(self.bias)

    def forward(self, input):
        self.input = input
        return input @ self.weight.T + self.bias

    def backward(self, grad_output):
        self.grad_weight = grad_output.T @ self.input
        self.grad_bias = grad_output.mean(axis=0)
        return grad_output @ self.weight


class Tanh:
    def forward(self, input):
        self.output = np.tanh(input)
        return self.output

    def backward(self, grad_output):
        return grad_output * (1 - self.output ** 2)


class MSELoss:
    def forward(self, prediction, target):
        self.diff = prediction - target
        return np.mean(self.diff ** 2)

    def backward(self):
        return 2 * self.diff / self.diff.size


class Sequential:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def step(self, lr):
        for layer in self.layers:
            if isinstance(layer, Linear):
                layer.weight -= lr * layer.grad_weight
                layer.bias -= lr * layer.grad_bias


if __name__ == "__main__":
    np.random.seed(0)
    x = np.linspace(-3, 3, 100)[:, None]
    y = np.hstack([np.sin(x), np.cos(x)])
    net = Sequential(Linear(1, 20), Tanh(), Linear(20, 2))
    criterion = MSELoss()
    for epoch in range(1, 1001):
        loss = criterion.forward(net.forward(x), y)
        net.backward(criterion.backward())
        net.step(0.1)
        if epoch % 200 == 0:
            print(f"epoch {epoch:4d}  mse {loss:.5f}")
