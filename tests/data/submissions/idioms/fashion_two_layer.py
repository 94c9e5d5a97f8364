import numpy as np


def affine(x, w, b):
    return x @ w + b


def affine_grads(delta, inputs):
    """Average over the batch of the gradients of an affine layer."""
    batch = inputs.shape[0]
    dw = inputs.T @ delta / batch
    db = delta.mean(axis=0)
    return dw, db


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def elu_grad(x):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


def softmax_rows(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class FashionNet:
    def __init__(self, sizes, seed=42):
        rng = np.random.default_rng(seed)
        self.w1 = rng.normal(scale=0.3, size=(sizes[0], sizes[1]))
        self.b1 = np.zeros(sizes[1])
        self.w2 = rng.normal(scale=0.3, size=(sizes[1], sizes[2]))
        self.b2 = np.zeros(sizes[2])

    def probs(self, x):
        self.z1 = affine(x, self.w1, self.b1)
        self.a1 = elu(self.z1)
        return softmax_rows(affine(self.a1, self.w2, self.b2))

    def loss(self, x, onehot):
        picked = (self.probs(x) * onehot).sum(axis=1)
        return -np.log(picked).mean()

    def grads(self, x, onehot):
        probs = self.probs(x)
        delta2 = (probs - onehot) / x.shape[0]
        dw2, db2 = affine_grads(delta2, self.a1)
        delta1 = delta2 @ self.w2.T * elu_grad(self.z1)
        dw1, db1 = affine_grads(delta1, x)
        return {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2}

    def update(self, x, onehot, lr=0.1):
        for name, g in self.grads(x, onehot).items():
            setattr(self, name, getattr(self, name) - lr * g)
