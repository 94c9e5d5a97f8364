import numpy as np

"""
Multi-task network. One shared trunk (swish), two heads on top of it:
  * price head  -> linear,  squared error
  * kind head   -> softmax, cross entropy
total loss = price loss + MIX * kind loss, both averaged over the batch
"""

MIX = 0.7


def swish(x):
    sg = 1 / (1 + np.exp(-x))
    return x * sg, sg


def total_loss(prm, x, price, kind):
    return _forward(prm, x, price, kind)[0]


def _forward(prm, x, price, kind):
    n = x.shape[0]
    pre = x @ prm["T"] + prm["t"]
    feat, sg = swish(pre)

    est = feat @ prm["P"] + prm["p"]
    price_loss = np.sum((est - price) ** 2) / (2 * n)

    logit = feat @ prm["K"] + prm["k"]
    logit = logit - logit.max(1, keepdims=True)
    prob = np.exp(logit) / np.exp(logit).sum(1, keepdims=True)
    kind_loss = -np.log(prob[range(n), kind]).mean()

    return price_loss + MIX * kind_loss, (x, pre, feat, sg, est, prob)


def total_grad(prm, x, price, kind):
    _, (x, pre, feat, sg, est, prob) = _forward(prm, x, price, kind)
    n = x.shape[0]
    g = dict()

    # price head
    d_est = (est - price) / n
    g["P"], g["p"] = feat.T @ d_est, d_est.sum(0)
    d_feat = d_est @ prm["P"].T

    # kind head
    d_logit = prob.copy()
    d_logit[range(n), kind] -= 1
    d_logit *= MIX / n
    g["K"], g["k"] = feat.T @ d_logit, d_logit.sum(0)
    d_feat = d_logit @ prm["K"].T

    # trunk
    d_pre = d_feat * (sg + pre * sg * (1 - sg))
    g["T"], g["t"] = x.T @ d_pre, d_pre.sum(0)
    return g
