import numpy as np


def tanh(x):
    return np.tanh(x)


def tanh_prime(x):
    return 1 - np.tanh(x)**2


def mse(y_true, y_pred):
    return np.mean(np.power(y_true - y_pred, 2))


def mse_prime(y_true, y_pred):
    return (y_pred - y_true) / y_true.size


class FCLayer:
    # input_size = number of input neurons
    # output_size = number of output neurons
    def __init__(self, input_size, output_size):
        self.weights = np.random.rand(input_size, output_size) - 0.5
        self.bias = np.random.rand(1, output_size) - 0.5

    def forward_propagation(self, input_data):
        self.input = input_data
        self.output = np.dot(self.input, self.weights) + self.bias
        return self.output

    # computes dE/dW, dE/dB for a given output_error=dE/dY. Returns input_error=dE/dX.
    def backward_propagation(self, output_error):
        input_error = np.dot(output_error, self.weights.T)
        self.weights_error = np.dot(self.input.T, output_error)
        self.bias_error = np.sum(output_error, axis=0, keepdims=True)
        return input_error

    def update(self, learning_rate):
        self.weights -= learning_rate * self.weights_error
        self.bias -= learning_rate * self.bias_error


class ActivationLayer:
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward_propagation(self, input_data):
        self.input = input_data
        self.output = self.activation(self.input)
        return self.output

    def backward_propagation(self, output_error):
        return self.activation_prime(self.input) * output_error

    def update(self, learning_rate):
        pass


class Network:
    def __init__(self):
        self.layers = []
        self.loss = None
        self.loss_prime = None

    def add(self, layer):
        self.layers.append(layer)

    def use(self, loss, loss_prime):
        self.loss = loss
        self.loss_prime = loss_prime

    def predict(self, input_data):
        output = input_data
        for layer in self.layers:
            output = layer.forward_propagation(output)
        return output

    def fit(self, x_train, y_train, epochs, learning_rate):
        for i in range(epochs):
            output = self.predict(x_train)
            err = self.loss(y_train, output)
            error = self.loss_prime(y_train, output)
            for layer in reversed(self.layers):
                error = layer.backward_propagation(error)
            for layer in self.layers:
                layer.update(learning_rate)
            if (i + 1) % 100 == 0:
                print('epoch %d/%d   error=%f' % (i + 1, epochs, err))


def build():
    net = Network()
    net.add(FCLayer(2, 3))
    net.add(ActivationLayer(tanh, tanh_prime))
    net.add(FCLayer(3, 1))
    net.add(ActivationLayer(tanh, tanh_prime))
    net.use(mse, mse_prime)
    return net


if __name__ == "__main__":
    np.random.seed(0)
    x_train = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y_train = np.array([[0], [1], [1], [0]], dtype=float)
    net = build()
    net.fit(x_train, y_train, epochs=500, learning_rate=0.5)
    print(net.predict(x_train))
