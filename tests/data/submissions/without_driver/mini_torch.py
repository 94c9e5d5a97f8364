import numpy as np


class Module:
    def __call__(self, *args):
        return self.forward(*args)

    def parameters(self):
        return []


class Linear(Module):
    def __init__(self, in_features, out_features):
        bound = 1.0 / np.sqrt(in_features)
        self.W = np.random.uniform(-bound, bound, (out_features, in_features))
        self.b = np.random.uniform(-bound, bound, out_features)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, grad_output):
        self.dW += grad_output.T @ self.x
        self.db += grad_output.sum(axis=0)
        return grad_output @ self.W

    def parameters(self):
        return [(self.W, self.dW), (self.b, self.db)]


class ReLU(Module):
    def forward(self, x):
        self.positive = x > 0
        return x * self.positive

    def backward(self, grad_output):
        return grad_output * self.positive


class Sequential(Module):
    def __init__(self, *modules):
        self.modules = modules

    def forward(self, x):
        for module in self.modules:
            x = module(x)
        return x

    def backward(self, grad_output):
        for module in self.modules[::-1]:
            grad_output = module.backward(grad_output)
        return grad_output

    def parameters(self):
        return [pg for module in self.modules for pg in module.parameters()]

    def zero_grad(self):
        for _, g in self.parameters():
            g.fill(0)


class CrossEntropyLoss(Module):
    """takes logits (N, C) and integer targets (N,), like the torch one"""

    def forward(self, logits, target):
        z = logits - logits.max(axis=1, keepdims=True)
        self.logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.target = target
        return -self.logp[np.arange(len(target)), target].mean()

    def backward(self):
        grad = np.exp(self.logp)
        grad[np.arange(len(self.target)), self.target] -= 1
        return grad / len(self.target)


class SGD:
    def __init__(self, params, lr=0.1):
        self.params = params
        self.lr = lr

    def step(self):
        for p, g in self.params:
            p -= self.lr * g


if __name__ == "__main__":
    np.random.seed(0)
    X = np.random.randn(200, 5)
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    net = Sequential(Linear(5, 16), ReLU(), Linear(16, 16), ReLU(), Linear(16, 2))
    criterion = CrossEntropyLoss()
    opt = SGD(net.parameters(), lr=0.3)
    for epoch in range(201):
        loss = criterion(net(X), y)
        net.zero_grad()
        net.backward(criterion.backward())
        opt.step()
        if epoch % 50 == 0:
            print(epoch, round(float(loss), 4))
