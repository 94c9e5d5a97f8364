import numpy as np

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
}


class FCLayer:
    """Fully connected layer with its activation. Examples are columns."""

    def __init__(self, n_prev, n_units, activation):
        self.W = np.random.randn(n_units, n_prev) * np.sqrt(1. / n_prev)
        self.b = np.zeros((n_units, 1))
        self.g, self.g_prime = ACTIVATIONS[activation]

    def forward(self, A_prev):
        self.A_prev = A_prev
        self.Z = np.dot(self.W, A_prev) + self.b
        self.A = self.g(self.Z)
        return self.A

    def backward(self, dA):
        m = dA.shape[1]
        dZ = dA * self.g_prime(self.Z, self.A)
        self.dW = np.dot(dZ, self.A_prev.T) / m
        self.db = np.sum(dZ, axis=1, keepdims=True) / m
        return np.dot(self.W.T, dZ)

    def update(self, learning_rate):
        self.W -= learning_rate * self.dW
        self.b -= learning_rate * self.db


class NeuralNetwork:
    def __init__(self, n_features):
        self.layers = []
        self.width = n_features

    def add_layer(self, n_units, activation):
        self.layers.append(FCLayer(self.width, n_units, activation))
        self.width = n_units
        return self

    def forward(self, X):
        A = X
        for layer in self.layers:
            A = layer.forward(A)
        return A

    @staticmethod
    def cost(AL, Y):
        m = Y.shape[1]
        return -(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)).sum() / m

    def backward(self, AL, Y):
        dA = -np.divide(Y, AL) + np.divide(1 - Y, 1 - AL)
        for layer in reversed(self.layers):
            dA = layer.backward(dA)

    def fit(self, X, Y, learning_rate=0.3, epochs=1000, verbose=0):
        for epoch in range(epochs):
            AL = self.forward(X)
            self.backward(AL, Y)
            for layer in self.layers:
                layer.update(learning_rate)
            if verbose and epoch % verbose == 0:
                print("epoch {}: cost {:.4f}".format(epoch, self.cost(AL, Y)))


if __name__ == "__main__":
    np.random.seed(10)
    X = np.random.uniform(-2, 2, (2, 300))
    Y = (np.abs(X).sum(axis=0, keepdims=True) < 2).astype(float)
    nn = NeuralNetwork(2).add_layer(7, "tanh").add_layer(4, "relu").add_layer(1, "sigmoid")
    nn.fit(X, Y, verbose=250)
    print("accuracy", np.mean((nn.forward(X) > 0.5) == Y))
