import math
import numpy as np

C0 = math.sqrt(2.0 / math.pi)
C1 = 0.044715


def gelu(x):
    """tanh approximation of GELU"""
    return 0.5 * x * (1.0 + np.tanh(C0 * (x + C1 * x ** 3)))


def gelu_prime(x):
    inner = C0 * (x + C1 * x ** 3)
    dinner = C0 * (1.0 + 3.0 * C1 * x ** 2)
    th = np.tanh(inner)
    left = 0.5 * (1.0 + th)
    right = 0.5 * (1.0 - th ** 2) * dinner
    return left + right


class FeedForward:
    """The MLP block of a transformer: up-projection, GELU, down-projection."""

    def __init__(self, d_model, d_ff, rng):
        self.up = rng.normal(0, 0.6, size=(d_model, d_ff))
        self.up_b = rng.normal(0, 0.2, size=d_ff)
        self.down = rng.normal(0, 0.6, size=(d_ff, d_model))
        self.down_b = rng.normal(0, 0.2, size=d_model)

    def forward(self, x):
        self.x = x
        self.pre = x @ self.up + self.up_b
        self.post = gelu(self.pre)
        return self.post @ self.down + self.down_b

    def backward(self, dy):
        grads = {"down": self.post.T @ dy, "down_b": dy.sum(axis=0)}
        dpre = (dy @ self.down.T) * gelu_prime(self.pre)
        grads["up"] = self.x.T @ dpre
        grads["up_b"] = dpre.sum(axis=0)
        dx = dpre @ self.up.T
        return dx, grads


def l2_loss(y, target):
    return 0.5 * np.sum((y - target) ** 2)


def l2_loss_grad(y, target):
    return y - target
