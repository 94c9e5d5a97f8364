import numpy as np


class Network:
    def __init__(self, inputs, hidden, outputs):
        self.w1 = np.random.normal(size=(inputs, hidden))
        self.w2 = np.random.normal(size=(hidden, outputs))

    @staticmethod
    def tanh(x):
        return np.tanh(x)

    @staticmethod
    def tanh_derivative(x):
        return 1 - x**2

    def forward(self, x):
        self.x = x
        self.h_in = x @ self.w1
        self.h_out = self.tanh(self.h_in)
        return self.h_out @ self.w2

    def backward(self, error):
        self.dw2 = self.h_out.T @ error
        delta = (error @ self.w2.T) * self.tanh_derivative(self.h_in)
        self.dw1 = self.x.T @ delta
        return delta @ self.w1.T
