# Lab 4, iris, group 7
import numpy as np


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, inputs):
        self.inputs = inputs
        return np.dot(inputs, self.W) + self.b

    def backward(self, dvalues):
        batch = self.inputs.shape[0]
        self.dweights = np.dot(self.inputs.T, dvalues) / batch
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True) / batch
        self.dinputs = np.dot(dvalues, self.W.T)


class Sigmoid:
    def forward(self, inputs):
        self.output = 1 / (1 + np.exp(-inputs))
        return self.output

    def backward(self, dvalues):
        self.dinputs = dvalues * self.output * (1 - self.output)


class SoftmaxLoss:
    def forward(self, inputs, y_true):
        z = inputs - np.max(inputs, axis=1, keepdims=True)
        log_norm = np.log(np.sum(np.exp(z), axis=1, keepdims=True))
        self.logp = z - log_norm
        self.y_true = y_true
        return -np.mean(self.logp[np.arange(len(y_true)), y_true])

    def backward(self):
        samples = len(self.y_true)
        self.dinputs = np.exp(self.logp)
        self.dinputs[np.arange(samples), self.y_true] -= 1
        self.dinputs = self.dinputs / samples


class IrisNet:
    def __init__(self, W1, b1, W2, b2):
        self.dense1 = Linear(W1, b1)
        self.activation1 = Sigmoid()
        self.dense2 = Linear(W2, b2)
        self.loss = SoftmaxLoss()

    def forward(self, X, y):
        out = self.dense1.forward(X)
        out = self.activation1.forward(out)
        out = self.dense2.forward(out)
        return self.loss.forward(out, y)

    def backward(self):
        self.loss.backward()
        self.dense2.backward(self.loss.dinputs)
        self.activation1.backward(self.dense2.dinputs)
        self.dense1.backward(self.activation1.dinputs)
