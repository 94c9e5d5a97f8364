import numpy as np


class AttentionPool:
    """Bag of instances -> weighted mean (learned attention) -> probability of the bag label."""

    def __init__(self, d, a, seed=0):
        rs = np.random.RandomState(seed)
        self.p = dict(K=rs.randn(d, a), q=rs.randn(a), r=rs.randn(d), r0=np.zeros(1))

    def bag_forward(self, bag):
        e = np.tanh(bag.dot(self.p["K"]))
        s = e.dot(self.p["q"])
        w = np.exp(s - s.max())
        w /= w.sum()
        pooled = w.dot(bag)
        logit = pooled.dot(self.p["r"]) + self.p["r0"][0]
        return e, w, pooled, logit

    def loss(self, bags, labels):
        total = 0
        for bag, y in zip(bags, labels):
            logit = self.bag_forward(bag)[3]
            total += np.log1p(np.exp(-logit)) if y == 1 else np.log1p(np.exp(logit))
        return total / len(bags)

    def grads(self, bags, labels):
        g = {k: np.zeros(v.shape) for k, v in self.p.items()}
        for bag, y in zip(bags, labels):
            e, w, pooled, logit = self.bag_forward(bag)
            # y is 0 or 1
            dlogit = (1 / (1 + np.exp(-logit)) - y) / len(bags)
            g["r"] += dlogit * pooled
            g["r0"] += dlogit
            dw = bag.dot(self.p["r"]) * dlogit
            ds = w * (dw - w.dot(dw))
            g["q"] += ds.dot(e)
            de = np.outer(ds, self.p["q"]) * (1 - e ** 2)
            g["K"] += bag.T.dot(de)
        return g
