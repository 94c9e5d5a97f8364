"""Many-to-one LSTM: the last hidden state decides between the classes.

All gates are computed from the stacked vector [h, x] (column vectors).
"""
import numpy as np

sigm = lambda v: 1 / (1 + np.exp(-v))


class LSTM:

    def __init__(self, n_x, n_h, n_y):
        r = np.random.RandomState(0)
        s = 1 / np.sqrt(n_h + n_x)
        self.p = {}
        for gate in 'fioc':
            self.p['W' + gate] = r.randn(n_h, n_h + n_x) * s
            self.p['b' + gate] = np.zeros((n_h, 1))
        self.p['Wy'] = r.randn(n_y, n_h) * s
        self.p['by'] = np.zeros((n_y, 1))
        self.n_h = n_h

    def forward(self, xs, label):
        p = self.p
        h = np.zeros((self.n_h, 1))
        c = np.zeros((self.n_h, 1))
        self.tape = []
        for x in xs:
            hx = np.vstack((h, x))
            f = sigm(p['Wf'] @ hx + p['bf'])
            i = sigm(p['Wi'] @ hx + p['bi'])
            o = sigm(p['Wo'] @ hx + p['bo'])
            g = np.tanh(p['Wc'] @ hx + p['bc'])
            c_old = c
            c = f * c_old + i * g
            h = o * np.tanh(c)
            self.tape.append((hx, f, i, o, g, c_old, c))
        self.h_last = h
        y = p['Wy'] @ h + p['by']
        e = np.exp(y - y.max())
        self.prob = e / e.sum()
        self.label = label
        return -np.log(self.prob[label, 0])

    def backward(self):
        p = self.p
        grad = {k: np.zeros_like(v) for k, v in p.items()}
        dy = self.prob.copy()
        dy[self.label] -= 1
        grad['Wy'] = dy @ self.h_last.T
        grad['by'] = dy
        dh = p['Wy'].T @ dy
        dc_next = np.zeros_like(dh)
        for hx, f, i, o, g, c_old, c in reversed(self.tape):
            tc = np.tanh(c)
            do = dh * tc * o * (1 - o)
            dc = dh * o * (1 - tc ** 2)
            df = dc * c_old * f * (1 - f)
            di = dc * g * i * (1 - i)
            dg = dc * i * (1 - g ** 2)
            dhx = np.zeros_like(hx)
            for gate, d in zip('fioc', (df, di, do, dg)):
                grad['W' + gate] += d @ hx.T
                grad['b' + gate] += d
                dhx += p['W' + gate].T @ d
            dh = dhx[:self.n_h]
            dc_next = dc * f
        return grad
