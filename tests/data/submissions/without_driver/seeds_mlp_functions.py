# One hidden layer, softmax output, everything as plain functions
import numpy as np


def make_weights(d, h, k, scale=0.3):
    w_ih = np.random.normal(0, scale, (d, h))
    b_h = np.zeros(h)
    w_ho = np.random.normal(0, scale, (h, k))
    b_o = np.zeros(k)
    return w_ih, b_h, w_ho, b_o


def forward(x, w_ih, b_h, w_ho, b_o):
    hidden = np.tanh(x @ w_ih + b_h)
    logits = hidden @ w_ho + b_o
    e = np.exp(logits - logits.max(axis=1)[:, np.newaxis])
    probs = e / e.sum(axis=1)[:, np.newaxis]
    return hidden, probs


def loss(probs, t):
    """t: one-hot targets"""
    return -np.sum(t * np.log(probs)) / t.shape[0]


def backward(x, t, hidden, probs, w_ho):
    n = x.shape[0]
    delta_o = (probs - t) / n
    grad_w_ho = hidden.T @ delta_o
    grad_b_o = delta_o.sum(axis=0)
    delta_h = (delta_o @ w_ho.T) * (1 - hidden) ** 2
    grad_w_ih = x.T @ delta_h
    grad_b_h = delta_h.sum(axis=0)
    return grad_w_ih, grad_b_h, grad_w_ho, grad_b_o


def accuracy(x, t, weights):
    _, probs = forward(x, *weights)
    return np.mean(probs.argmax(axis=1) == t.argmax(axis=1))


def main():
    np.random.seed(11)
    n, d, k = 210, 7, 3
    labels = np.arange(n) % k
    x = np.random.randn(n, d) + np.random.randn(k, d)[labels]
    t = np.eye(k)[labels]
    weights = make_weights(d, 9, k)
    eta = 0.2
    for epoch in range(200):
        hidden, probs = forward(x, *weights)
        if epoch % 50 == 0:
            print(f"{epoch:4d} {loss(probs, t):.4f}")
        grads = backward(x, t, hidden, probs, weights[2])
        weights = tuple(w - eta * g for w, g in zip(weights, grads))
    print("accuracy", accuracy(x, t, weights))


if __name__ == "__main__":
    main()
