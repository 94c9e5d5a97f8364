"""Files in which nothing calls what they define, each with its gradients and a mistake to plant."""

PROGRAMS = {
    "sizes that a class has fixed": (
        """
import numpy as np

class XorNet:
    def __init__(self):
        self.w1 = np.random.uniform(-1, 1, (2, 3))
        self.b1 = np.zeros(3)
        self.w2 = np.random.uniform(-1, 1, (3, 1))
        self.b2 = np.zeros(1)

    def sig(self, z):
        return 1 / (1 + np.exp(-z))

    def train(self, X, y, epochs=1000, lr=0.5):
        for epoch in range(epochs):
            h = self.sig(X @ self.w1 + self.b1)
            o = self.sig(h @ self.w2 + self.b2)
            err = o - y
            do = err * o * (1 - o)
            dh = (do @ self.w2.T) * h * (1 - h)
            self.w2 -= lr * h.T @ do
            self.b2 -= lr * do.sum(axis=0)
            self.w1 -= lr * X.T @ dh
            self.b1 -= lr * dh.sum(axis=0)
""",
        "dw1 db1 dw2 db2",
        ("h * (1 - h)", "(1 - h)"),
    ),
    "one picture with its class": (
        """
import numpy as np

class Digits:
    def __init__(self):
        self.W1 = 0.01 * np.random.randn(30, 784)
        self.b1 = np.zeros((30, 1))
        self.W2 = 0.01 * np.random.randn(10, 30)
        self.b2 = np.zeros((10, 1))

    def forward(self, x):
        self.x = x
        self.z1 = self.W1.dot(x) + self.b1
        self.a1 = np.tanh(self.z1)
        z2 = self.W2.dot(self.a1) + self.b2
        e = np.exp(z2 - z2.max())
        self.p = e / e.sum()
        return self.p

    def loss(self, label):
        return -np.log(self.p[label, 0])

    def backward(self, label):
        d2 = self.p.copy()
        d2[label] -= 1
        d1 = self.W2.T.dot(d2) * (1 - self.a1 ** 2)
        return d1.dot(self.x.T), d1, d2.dot(self.a1.T), d2
""",
        "dW1 db1 dW2 db2",
        ("(1 - self.a1 ** 2)", "(1 - self.a1)"),
    ),
    "indices of words": (
        """
import numpy as np

class SkipGram:
    def __init__(self, vocab, dim):
        self.V = np.random.randn(vocab, dim) * 0.1
        self.U = np.random.randn(vocab, dim) * 0.1

    def step(self, center, context, lr):
        v = self.V[center]
        s = self.U @ v
        p = np.exp(s - s.max())
        p /= p.sum()
        loss = -np.log(p[context])
        p[context] -= 1
        dU = np.outer(p, v)
        dv = self.U.T @ p
        self.U -= lr * dU
        self.V[center] -= lr * dv
        return loss
""",
        "dU dV",
        ("p[context] -= 1", "p[context] -= 2"),
    ),
    "an index and tables": (
        """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def neg_cost_and_grad(predicted, target, outputVectors, K=3):
    indices = [target] + [(target + k) % len(outputVectors) for k in range(1, K + 1)]
    grad = np.zeros_like(outputVectors)
    u = outputVectors[target]
    s = sigmoid(u @ predicted)
    cost = -np.log(s)
    gradPred = (s - 1) * u
    grad[target] += (s - 1) * predicted
    for k in indices[1:]:
        t = sigmoid(-outputVectors[k] @ predicted)
        cost -= np.log(t)
        gradPred += (1 - t) * outputVectors[k]
        grad[k] += (1 - t) * predicted
    return cost, gradPred, grad
""",
        "dpredicted doutputVectors",
        ("(1 - t) * predicted", "t * predicted"),
    ),
    "settings in a dict": (
        """
import numpy as np

class Regressor:
    def __init__(self, cfg):
        self.cfg = cfg
        self.w = np.random.randn(cfg["n_features"], cfg["n_hidden"])
        self.v = np.random.randn(cfg["n_hidden"])
        self.lr = cfg["lr"]
    def fit(self, X, y):
        for _ in range(self.cfg["epochs"]):
            h = np.tanh(X @ self.w)
            r = h @ self.v - y
            gv = h.T @ r / len(y)
            gw = X.T @ (np.outer(r, self.v) * (1 - h ** 2)) / len(y)
            self.v -= self.lr * gv
            self.w -= self.lr * gw
""",
        "dv dw",
        ("(1 - h ** 2)", "(1 - h)"),
    ),
    "images": (
        """
import numpy as np

class TinyConv:
    def __init__(self, n_filters=2, size=3, classes=4):
        self.K = np.random.randn(n_filters, 1, size, size) * 0.3
        self.W = np.random.randn(n_filters * 6 * 6, classes) * 0.1
        self.size = size

    def forward(self, X):
        n, c, h, w = X.shape
        s = self.size
        out = np.zeros((n, len(self.K), h - s + 1, w - s + 1))
        for i in range(h - s + 1):
            for j in range(w - s + 1):
                patch = X[:, :, i:i + s, j:j + s]
                out[:, :, i, j] = np.tensordot(patch, self.K, axes=([1, 2, 3], [1, 2, 3]))
        self.X, self.out = X, out
        self.a = np.maximum(out, 0).reshape(n, -1)
        z = self.a @ self.W
        e = np.exp(z - z.max(1, keepdims=True))
        self.p = e / e.sum(1, keepdims=True)
        return self.p

    def backward(self, y):
        n = len(y)
        d = self.p.copy()
        d[np.arange(n), y] -= 1
        d /= n
        dW = self.a.T @ d
        da = (d @ self.W.T).reshape(self.out.shape) * (self.out > 0)
        dK = np.zeros_like(self.K)
        s = self.size
        for i in range(da.shape[2]):
            for j in range(da.shape[3]):
                dK += np.tensordot(da[:, :, i, j], self.X[:, :, i:i + s, j:j + s], axes=([0], [0]))
        return dK, dW
""",
        "dK dW",
        ("* (self.out > 0)", "* 1.0"),
    ),
    "an optimizer": (
        """
import numpy as np

class SGD:
    def __init__(self, lr=0.1):
        self.lr = lr
    def step(self, p, g):
        p -= self.lr * g

class Logit:
    def __init__(self, dim, optimizer):
        self.w = np.zeros(dim)
        self.optimizer = optimizer
    def fit(self, X, y, n_iter=100):
        for _ in range(n_iter):
            p = 1 / (1 + np.exp(-X.dot(self.w)))
            g = X.T.dot(p - y) / len(y)
            self.optimizer.step(self.w, g)
""",
        "dw",
        ("X.T.dot(p - y)", "X.T.dot(p * y)"),
    ),
    "a list of parameters taken apart": (
        """
import numpy as np

def lossFun(inputs, targets, hprev, params):
    Wxh, Whh, Why, bh, by = params
    xs, hs, ps = {}, {-1: hprev}, {}
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((Wxh.shape[1], 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)
        y = Why @ hs[t] + by
        ps[t] = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dnext = np.zeros_like(hprev)
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        dh = Why.T @ dy + dnext
        draw = (1 - hs[t] ** 2) * dh
        dbh += draw
        dWxh += draw @ xs[t].T
        dWhh += draw @ hs[t - 1].T
        dnext = Whh.T @ draw
    return loss, dWxh, dWhh, dWhy, dbh, dby
""",
        "dWxh dWhh dWhy dbh dby",
        ("dby += dy", "dby = dy"),
    ),
    "an activation that is an object": (
        """
import numpy as np

class Sigmoid:
    def value(self, z):
        return 1 / (1 + np.exp(-z))
    def slope(self, z):
        s = self.value(z)
        return s * (1 - s)

class Perceptron:
    def __init__(self, n_in, n_hid, n_out, act):
        self.act = act
        self.A = np.random.randn(n_in, n_hid)
        self.B = np.random.randn(n_hid, n_out)
    def predict(self, X):
        self.z = X @ self.A
        self.h = self.act.value(self.z)
        return self.h @ self.B
    def cost(self, X, Y):
        return np.mean((self.predict(X) - Y) ** 2)
    def gradient(self, X, Y):
        e = 2 * (self.predict(X) - Y) / Y.size
        gB = self.h.T @ e
        gA = X.T @ ((e @ self.B.T) * self.act.slope(self.z))
        return gA, gB
""",
        "dA dB",
        ("return s * (1 - s)", "return 1 - s"),
    ),
    "a model that is given to a trainer": (
        """
import numpy as np

class Linear:
    def __init__(self, inputs, outputs):
        self.W = np.random.randn(inputs, outputs)
        self.b = np.zeros((1, outputs))
    def __call__(self, X):
        self.X = X
        return X @ self.W + self.b
    def grads(self, dZ):
        return self.X.T @ dZ, dZ.sum(axis=0, keepdims=True)

class Trainer:
    def __init__(self, model, lr):
        self.model, self.lr = model, lr
    def run(self, X, Y, epochs):
        history = []
        for _ in range(epochs):
            out = self.model(X)
            history.append(np.mean((out - Y) ** 2))
            dW, db = self.model.grads(2 * (out - Y) / Y.size)
            self.model.W -= self.lr * dW
            self.model.b -= self.lr * db
        return history
""",
        "dW db",
        ("dZ.sum(axis=0, keepdims=True)", "dZ.mean(axis=0, keepdims=True) * 2"),
    ),
    "tables of ratings and of who and what": (
        """
import numpy as np

def matrix_factorization(R, P, Q, K, steps=5000, alpha=0.0002, beta=0.02):
    Q = Q.T
    for step in range(steps):
        for i in range(len(R)):
            for j in range(len(R[i])):
                if R[i][j] > 0:
                    eij = R[i][j] - np.dot(P[i, :], Q[:, j])
                    for k in range(K):
                        pik = P[i][k]
                        P[i][k] = pik + alpha * (2 * eij * Q[k][j] - beta * pik)
                        Q[k][j] = Q[k][j] + alpha * (2 * eij * pik - beta * Q[k][j])
    return P, Q.T
""",
        "dP dQ",
        ("2 * eij * Q[k][j] - beta", "2 * eij * Q[k][j] * pik - beta"),
    ),
    "a vector of parameters": (
        """
import numpy as np

def gradient_descent(X, y, theta, alpha, iters):
    m = len(y)
    for i in range(iters):
        h = X.dot(theta)
        theta = theta - alpha / m * X.T.dot(h - y)
    return theta
""",
        "dtheta",
        ("X.T.dot(h - y)", "X.T.dot(h * y)"),
    ),
    "parameters one by one": (
        """
import numpy as np

def train_step(x, t, W1, b1, W2, b2, lr=0.1):
    a = np.tanh(W1 @ x + b1)
    o = W2 @ a + b2
    loss = 0.5 * np.sum((o - t) ** 2)
    do = o - t
    dW2 = do @ a.T
    db2 = do
    da = W2.T @ do
    dz = da * (1 - a ** 2)
    W2 -= lr * dW2
    b2 -= lr * db2
    W1 -= lr * dz @ x.T
    b1 -= lr * dz
    return loss
""",
        "dW1 db1 dW2 db2",
        ("(1 - a ** 2)", "(1 - a)"),
    ),
    "layers with a class of activations, and pairs of examples": (
        """
import numpy as np

class Dense:
    def __init__(self, units_in, units_out, activation):
        self.w = np.random.randn(units_out, units_in) * 0.3
        self.b = np.random.randn(units_out, 1)
        self.activation = activation

    def run(self, a):
        self.a_in = a
        self.z = self.w @ a + self.b
        return self.activation.f(self.z)

    def learn(self, grad_out, rate):
        dz = grad_out * self.activation.df(self.z)
        back = self.w.T @ dz
        self.w -= rate * dz @ self.a_in.T
        self.b -= rate * dz
        return back

class Tanh:
    def f(self, z):
        return np.tanh(z)
    def df(self, z):
        return 1 - np.tanh(z) ** 2

class Model:
    def __init__(self, dense_layers):
        self.dense_layers = dense_layers

    def run(self, a):
        for d in self.dense_layers:
            a = d.run(a)
        return a

    def train(self, samples, rate=0.1):
        total = 0
        for x, y in samples:
            out = self.run(x)
            total += 0.5 * np.sum((out - y) ** 2)
            g = out - y
            for d in self.dense_layers[::-1]:
                g = d.learn(g, rate)
        return total
""",
        "dw1 db1 dw2 db2",
        ("1 - np.tanh(z) ** 2", "1 - np.tanh(z)"),
    ),
    "characters and a state": (
        """
import numpy as np

class RNN:
    def __init__(self, vocab_size, hidden=16, seq_len=4):
        self.H = hidden
        self.vocab_size = vocab_size
        self.Wx = np.random.randn(hidden, vocab_size) * 0.1
        self.Wh = np.random.randn(hidden, hidden) * 0.1
        self.Wy = np.random.randn(vocab_size, hidden) * 0.1

    def step(self, chars, h0):
        inputs, targets = chars[:-1], chars[1:]
        hs, ps, loss = {-1: h0}, {}, 0.0
        for t, ch in enumerate(inputs):
            hs[t] = np.tanh(self.Wx[:, [ch]] + self.Wh @ hs[t - 1])
            e = np.exp(self.Wy @ hs[t])
            ps[t] = e / e.sum()
            loss -= np.log(ps[t][targets[t], 0])
        gWx, gWh, gWy = np.zeros_like(self.Wx), np.zeros_like(self.Wh), np.zeros_like(self.Wy)
        nxt = np.zeros_like(h0)
        for t in range(len(inputs) - 1, -1, -1):
            d = ps[t].copy()
            d[targets[t]] -= 1
            gWy += d @ hs[t].T
            dh = self.Wy.T @ d + nxt
            dz = dh * (1 - hs[t] ** 2)
            gWx[:, [inputs[t]]] += dz
            gWh += dz @ hs[t - 1].T
            nxt = self.Wh.T @ dz
        return loss, gWx, gWh, gWy
""",
        "dWx dWh dWy",
        ("gWx[:, [inputs[t]]] += dz", "gWx[:, [inputs[t]]] = dz"),
    ),
    "a batch that is taken apart": (
        """
import numpy as np

class MLP:
    def __init__(self, sizes, seed):
        rng = np.random.RandomState(seed)
        self.Ws = [rng.randn(b, a) / np.sqrt(a) for a, b in zip(sizes[:-1], sizes[1:])]
        self.bs = [np.zeros((b, 1)) for b in sizes[1:]]

    def forward(self, x):
        self.acts = [x]
        for W, b in zip(self.Ws[:-1], self.bs[:-1]):
            x = np.maximum(0, W @ x + b)
            self.acts.append(x)
        return self.Ws[-1] @ x + self.bs[-1]

    def train_on(self, batch, optimizer_rate):
        x, y = batch
        out = self.forward(x)
        e = np.exp(out - out.max(axis=0))
        p = e / e.sum(axis=0)
        m = x.shape[1]
        loss = -np.sum(y * np.log(p)) / m
        d = (p - y) / m
        for i in reversed(range(len(self.Ws))):
            gW, gb = d @ self.acts[i].T, d.sum(axis=1, keepdims=True)
            d = (self.Ws[i].T @ d) * (self.acts[i] > 0)
            self.Ws[i] -= optimizer_rate * gW
            self.bs[i] -= optimizer_rate * gb
        return loss
""",
        "dWs0 dWs1 dbs0 dbs1",
        ("d.sum(axis=1, keepdims=True)", "d.mean(axis=1, keepdims=True)"),
    ),
    "an activation of which the first hands on what it is given": (
        """
import numpy as np


class Identity:
    def value(self, z):
        return z

    def slope(self, z):
        return np.ones_like(z)


class Tanh:
    def value(self, z):
        return np.tanh(z)

    def slope(self, z):
        return 1 - np.tanh(z) ** 2


class Perceptron:
    def __init__(self, n_in, n_hid, n_out, act):
        self.act = act
        self.A = np.random.randn(n_in, n_hid)
        self.B = np.random.randn(n_hid, n_out)

    def predict(self, X):
        self.z = X @ self.A
        self.h = self.act.value(self.z)
        return self.h @ self.B

    def cost(self, X, Y):
        return np.mean((self.predict(X) - Y) ** 2)

    def gradient(self, X, Y):
        e = 2 * (self.predict(X) - Y) / Y.size
        gB = self.h.T @ e
        gA = X.T @ (e @ self.B.T * self.act.slope(self.z))
        return gA, gB
""",
        "dA dB",
        (" * self.act.slope(self.z)", ""),
    ),
    "steps in time that a loop runs over": (
        """
import numpy as np


class GRULike:
    def __init__(self, n, h):
        self.params = {"W": np.random.randn(h, n), "U": np.random.randn(h, h), "c": np.zeros(h)}

    def loss_and_grads(self, xs, ys):
        p = self.params
        h, hs, total = np.zeros(len(p["c"])), [], 0.0
        for x, y in zip(xs, ys):
            prev = h
            h = np.tanh(p["W"] @ x + p["U"] @ prev + p["c"])
            hs.append((x, prev, h, y))
            total += 0.5 * (h.sum() - y) ** 2
        grads = {k: np.zeros_like(v) for k, v in p.items()}
        back = np.zeros_like(h)
        for x, prev, h, y in reversed(hs):
            dh = (h.sum() - y) * np.ones_like(h) + back
            dz = dh * (1 - h ** 2)
            back = p["U"].T @ dz
            grads["W"] += np.outer(dz, x)
            grads["U"] += np.outer(dz, prev)
            grads["c"] += dz
        return total, grads
""",
        "dW dU dc",
        ("np.ones_like(h) + back", "np.ones_like(h)"),
    ),
    "a function and its derivative": (
        """
import numpy as np


def linear(z):
    return z


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def relu_prime(z):
    return (z > 0) * 1.0


def linear_prime(z):
    return np.ones_like(z)


class Net:
    def __init__(self, n, h, k, act, act_prime):
        self.W, self.V = np.random.randn(n, h), np.random.randn(h, k)
        self.act, self.act_prime = act, act_prime

    def forward(self, X):
        self.z = X @ self.W
        self.h = self.act(self.z)
        return self.h @ self.V

    def loss(self, X, Y):
        return 0.5 * np.sum((self.forward(X) - Y) ** 2)

    def grad(self, X, Y):
        e = self.forward(X) - Y
        dV = self.h.T @ e
        dW = X.T @ (e @ self.V.T * self.act_prime(self.z))
        return dW, dV
""",
        "dW dV",
        (" * self.act_prime(self.z)", ""),
    ),
    "a list of tables": (
        """
import numpy as np


def sgd(Ws, X, Y, eta):
    acts = [X]
    for W in Ws:
        acts.append(np.tanh(acts[-1] @ W))
    cost = 0.5 * np.sum((acts[-1] - Y) ** 2)
    d = acts[-1] - Y
    for i in range(len(Ws) - 1, -1, -1):
        d = d * (1 - acts[i + 1] ** 2)
        g = acts[i].T @ d
        d = d @ Ws[i].T
        Ws[i] -= eta * g
    return cost
""",
        "dWs0 dWs1",
        ("(1 - acts[i + 1] ** 2)", "(1 - acts[i + 1])"),
    ),
    "an optimizer of which the first is a mere base": (
        """
import numpy as np


class Optimizer:
    def step(self, p, g):
        pass


class Momentum(Optimizer):
    def __init__(self):
        self.v = 0

    def step(self, p, g):
        self.v = 0.9 * self.v + g
        p -= 0.01 * self.v


class Model:
    def __init__(self, n, opt):
        self.w = np.zeros(n)
        self.opt = opt

    def fit(self, X, t, epochs):
        for _ in range(epochs):
            z = X @ self.w
            loss = np.mean((z - t) ** 2)
            g = X.T @ (z - t) / len(t)
            self.opt.step(self.w, g)
            print(loss)
""",
        "dw",
        ("(z - t) / len(t)", "(z + t) / len(t)"),
    ),
}
