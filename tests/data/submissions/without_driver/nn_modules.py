import numpy as np


class Layer(object):
    """Fully connected layer"""

    def __init__(self, n_in, n_out):
        self.weights = np.random.randn(n_in, n_out) / np.sqrt(n_in)
        self.bias = np.zeros((1, n_out))
        self.grad_w = None
        self.grad_b = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.weights) + self.bias

    def backward(self, grad):
        self.grad_w = np.dot(self.x.T, grad)
        self.grad_b = grad.sum(axis=0, keepdims=True)
        return np.dot(grad, self.weights.T)


class Sigmoid(object):
    def forward(self, x):
        self.out = 1.0 / (1.0 + np.exp(-x))
        return self.out

    def backward(self, grad):
        return grad * self.out * (1.0 - self.out)


class BCELoss(object):
    def forward(self, p, y):
        self.p = p
        self.y = y
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def backward(self):
        d = -(self.y / self.p + (1 - self.y) / (1 - self.p))
        return d / self.p.size


class Network(object):
    def __init__(self, sizes):
        self.layers = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            self.layers.append(Layer(n_in, n_out))
            self.layers.append(Sigmoid())
        self.loss = BCELoss()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self):
        grad = self.loss.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def train_step(self, x, y, lr):
        out = self.forward(x)
        value = self.loss.forward(out, y)
        self.backward()
        for layer in self.layers:
            if hasattr(layer, 'weights'):
                layer.weights -= lr * layer.grad_w
                layer.bias -= lr * layer.grad_b
        return value


def demo():
    np.random.seed(1)
    x = np.random.rand(100, 3)
    y = (x.sum(axis=1, keepdims=True) > 1.5).astype(float)
    net = Network([3, 8, 1])
    for i in range(301):
        value = net.train_step(x, y, lr=1.0)
        if i % 100 == 0:
            print('step', i, 'loss', value)


if __name__ == '__main__':
    demo()
