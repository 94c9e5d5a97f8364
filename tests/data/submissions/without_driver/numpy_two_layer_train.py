# A fully-connected ReLU network with one hidden layer, trained to predict y from x
# by minimizing squared Euclidean distance. Everything happens inside train().
import numpy as np


def make_data(N=64, D_in=20, D_out=3, seed=0):
    rng = np.random.RandomState(seed)
    x = rng.randn(N, D_in)
    y = rng.randn(N, D_out)
    return x, y


def init_weights(D_in, H, D_out, seed=1):
    rng = np.random.RandomState(seed)
    w1 = rng.randn(D_in, H) * 0.1
    w2 = rng.randn(H, D_out) * 0.1
    return w1, w2


def train(x, y, w1, w2, lr=1e-4, epochs=500, print_every=100):
    w1, w2 = w1.copy(), w2.copy()
    losses = []
    for t in range(epochs):
        # Forward pass: compute predicted y
        h = x.dot(w1)
        h_relu = np.maximum(h, 0)
        y_pred = h_relu.dot(w2)

        # Compute and print loss
        loss = np.square(y_pred - y).sum()
        losses.append(loss)
        if print_every and t % print_every == 0:
            print(t, loss)

        # Backprop to compute gradients of w1 and w2 with respect to loss
        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = h_relu.T.dot(grad_y_pred)
        grad_h_relu = grad_y_pred.dot(w2.T)
        grad_h = grad_h_relu.copy()
        grad_h[h < 0] = 0
        grad_w1 = x.T.dot(grad_h)

        # Update weights
        w1 -= lr * grad_w1
        w2 -= lr * grad_w2
    return w1, w2, losses


if __name__ == "__main__":
    x, y = make_data()
    w1, w2 = init_weights(20, 50, 3)
    w1, w2, losses = train(x, y, w1, w2)
    print("final", losses[-1])
