import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng):
        self.params = [rng.normal(0, 0.3, (n_in, n_out)), np.zeros(n_out)]
        self.grads = [None, None]

    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, dout):
        self.grads[0] = self.x.T @ dout
        self.grads[1] = dout.sum(axis=0)
        return dout @ self.params[0].T


class LeakyReLU:
    params, grads = [], []

    def __init__(self, alpha=0.05):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, dout):
        return np.where(self.x > 0, dout, self.alpha)


class SoftmaxCrossEntropy:
    def forward(self, logits, onehot):
        logits = logits - logits.max(axis=1, keepdims=True)
        e = np.exp(logits)
        self.p = e / e.sum(axis=1, keepdims=True)
        self.onehot = onehot
        return -(onehot * np.log(self.p)).sum(axis=1).mean()

    def backward(self):
        return (self.p - self.onehot) / len(self.onehot)


class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x

    def backward(self, dout):
        for l in self.layers[::-1]:
            dout = l.backward(dout)
        return dout

    def params(self):
        return [p for l in self.layers for p in l.params]

    def grads(self):
        return [g for l in self.layers for g in l.grads]


def build_model(n_features, n_hidden, n_classes, seed=0):
    rng = np.random.default_rng(seed)
    return Sequential([
        Dense(n_features, n_hidden, rng),
        LeakyReLU(),
        Dense(n_hidden, n_classes, rng),
    ])


def train(model, x, t, lr=0.1, epochs=100):
    criterion = SoftmaxCrossEntropy()
    for epoch in range(epochs):
        loss = criterion.forward(model.forward(x), t)
        model.backward(criterion.backward())
        for p, g in zip(model.params(), model.grads()):
            p -= lr * g
        if epoch % 20 == 0:
            print("epoch %d loss %.4f" % (epoch, loss))


if __name__ == "__main__":
    rng = np.random.default_rng(42)
    x = rng.normal(size=(150, 4))
    t = np.eye(3)[x[:, :3].argmax(axis=1)]
    train(build_model(4, 10, 3), x, t)
