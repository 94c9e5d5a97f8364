"""Character-level vanilla RNN as a class, after Karpathy's gist."""
import numpy as np


class CharRNN:
    def __init__(self, vocab, hidden, seed=0):
        rng = np.random.RandomState(seed)
        self.vocab = vocab
        self.Wxh = rng.randn(hidden, vocab) * 0.5
        self.Whh = rng.randn(hidden, hidden) * 0.5
        self.Why = rng.randn(vocab, hidden) * 0.5
        self.bh = np.zeros((hidden, 1))
        self.by = np.zeros((vocab, 1))

    def forward(self, inputs, targets, hprev):
        self.steps = []
        h = hprev
        loss = 0
        for ch, target in zip(inputs, targets):
            x = np.zeros((self.vocab, 1))
            x[ch] = 1
            h_before = h
            h = np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)
            y = self.Why @ h + self.by
            p = np.exp(y) / np.exp(y).sum()
            loss += -np.log(p[target, 0])
            self.steps.append((x, h_before, h, p, target))
        return loss, h

    def backward(self):
        grads = {k: np.zeros_like(getattr(self, k)) for k in ('Wxh', 'Whh', 'Why', 'bh', 'by')}
        dh_from_right = np.zeros_like(self.bh)
        for x, h_before, h, p, target in self.steps[::-1]:
            dy = p.copy()
            dy[target] -= 1
            grads['Why'] += dy @ h.T
            grads['by'] += dy
            dh = self.Why.T @ dy + dh_from_right
            draw = dh * (1 - h * h)
            grads['bh'] += draw
            grads['Wxh'] += draw @ x.T
            grads['Whh'] += draw @ h_before.T
            dh_from_right = self.Whh.T @ dh
        return grads

    def adagrad(self, grads, mem, lr=1e-1):
        for k, g in grads.items():
            g = np.clip(g, -5, 5)
            mem[k] = mem.get(k, 0) + g * g
            setattr(self, k, getattr(self, k) - lr * g / np.sqrt(mem[k] + 1e-8))

    def sample(self, h, seed_ch, n):
        out = []
        ch = seed_ch
        for _ in range(n):
            h = np.tanh(self.Wxh[:, [ch]] + self.Whh @ h + self.bh)
            y = self.Why @ h + self.by
            p = np.exp(y) / np.exp(y).sum()
            ch = np.random.choice(self.vocab, p=p.ravel())
            out.append(ch)
        return out
