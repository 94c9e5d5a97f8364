import numpy as np

class NeuralNetwork:
    def __init__(self, x, y, hidden=4):
        self.input = x
        self.y = y
        self.weights1 = np.random.rand(x.shape[1], hidden)
        self.bias1 = np.zeros((1, hidden))
        self.weights2 = np.random.rand(hidden, y.shape[1])
        self.bias2 = np.zeros((1, y.shape[1]))

    def sigmoid(self, t):
        return 1 / (1 + np.exp(-t))

    def sigmoid_derivative(self, s):
        return s * (1 - s)

    def feedforward(self):
        self.net1 = np.dot(self.input, self.weights1) + self.bias1
        self.layer1 = self.sigmoid(self.net1)
        self.net2 = np.dot(self.layer1, self.weights2) + self.bias2
        self.output = self.sigmoid(self.net2)
        return self.output

    def loss(self):
        # sum of squares over the whole table
        return np.sum((self.y - self.feedforward()) ** 2)

    def backprop(self):
        # application of the chain rule
        d_net2 = 2 * (self.output - self.y) * self.sigmoid_derivative(self.output)
        d_weights2 = np.dot(self.layer1.T, d_net2)
        d_bias2 = d_net2.sum(axis=0, keepdims=True)
        d_net1 = np.dot(d_net2, self.weights2.T) * self.sigmoid_derivative(self.net1)
        d_weights1 = np.dot(self.input.T, d_net1)
        d_bias1 = d_net1.sum(axis=0, keepdims=True)
        return d_weights1, d_bias1, d_weights2, d_bias2

    def train(self, rate, n):
        for _ in range(n):
            self.feedforward()
            dw1, dbi1, dw2, dbi2 = self.backprop()
            self.weights1 -= rate * dw1
            self.bias1 -= rate * dbi1
            self.weights2 -= rate * dw2
            self.bias2 -= rate * dbi2


if __name__ == "__main__":
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    Y = np.array([[0], [1], [1], [0]])
    nn = NeuralNetwork(X, Y)
    nn.train(1.0, 5000)
    print(nn.feedforward())
