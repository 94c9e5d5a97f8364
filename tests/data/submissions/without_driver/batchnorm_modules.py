import numpy as np


class Parameter:
    def __init__(self, value):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)


class FullyConnected:
    def __init__(self, n_in, n_out):
        self.W = Parameter(np.random.randn(n_in, n_out) * np.sqrt(2.0 / n_in))
        self.B = Parameter(np.zeros((1, n_out)))

    def forward(self, X):
        self.X = X
        return X.dot(self.W.value) + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T.dot(d_out)
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out.dot(self.W.value.T)

    def params(self):
        return {"W": self.W, "B": self.B}


class BatchNorm1d:
    def __init__(self, dim, eps=1e-5):
        self.gamma = Parameter(np.ones((1, dim)))
        self.beta = Parameter(np.zeros((1, dim)))
        self.eps = eps

    def forward(self, X):
        self.mu = X.mean(axis=0, keepdims=True)
        self.centered = X - self.mu
        self.std = np.sqrt((self.centered ** 2).mean(axis=0, keepdims=True) + self.eps)
        self.norm = self.centered / self.std
        return self.gamma.value * self.norm + self.beta.value

    def backward(self, d_out):
        n = d_out.shape[0]
        self.gamma.grad += (d_out * self.norm).sum(axis=0, keepdims=True)
        self.beta.grad += d_out.sum(axis=0, keepdims=True)
        d_norm = d_out * self.gamma.value
        d_var = (d_norm * self.centered).sum(axis=0) * -0.5 / self.std ** 3
        return d_norm / self.std + 2 * d_var * self.centered / n

    def params(self):
        return {"gamma": self.gamma, "beta": self.beta}


class ReLULayer:
    def forward(self, X):
        self.mask = X > 0
        return X * self.mask

    def backward(self, d_out):
        return d_out * self.mask

    def params(self):
        return {}


def softmax_with_cross_entropy(predictions, target_index):
    z = predictions - predictions.max(axis=1, keepdims=True)
    probs = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    rows = np.arange(len(target_index))
    loss = -np.log(probs[rows, target_index]).mean()
    dprediction = probs
    dprediction[rows, target_index] -= 1
    return loss, dprediction / len(target_index)


class BNClassifier:
    def __init__(self, n_input, n_hidden, n_output):
        self.layers = [FullyConnected(n_input, n_hidden), BatchNorm1d(n_hidden), ReLULayer(),
                       FullyConnected(n_hidden, n_output)]

    def compute_loss_and_gradients(self, X, y):
        for param in self.params().values():
            param.grad = np.zeros_like(param.value)
        out = X
        for layer in self.layers:
            out = layer.forward(out)
        loss, grad = softmax_with_cross_entropy(out, y)
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return loss

    def params(self):
        return {"%s%d" % (k, i): p for i, layer in enumerate(self.layers) for k, p in layer.params().items()}
