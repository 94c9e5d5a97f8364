import numpy as np

# probability forecaster trained on the Brier score
#   score = 1/2 * average over days of (p - y)^2
# net is a list of (weight, bias) pairs, days are rows


def logistic(a):
    return np.exp(-np.logaddexp(0, -a))


def forecast(net, days):
    acts = [days]
    for w, b in net[:-1]:
        acts.append(np.maximum(acts[-1] @ w + b, 0))
    w, b = net[-1]
    acts.append(logistic(acts[-1] @ w + b))
    return acts


def score(net, days, y):
    p = forecast(net, days)[-1]
    return 0.5 * ((p - y) ** 2).sum() / days.shape[0]


def grad_score(net, days, y):
    acts = forecast(net, days)
    p = acts.pop()
    out = []
    back = (p - y) / days.shape[0]
    for w, b in net[::-1]:
        below = acts.pop()
        out.insert(0, (below.T @ back, back.sum(0)))
        # below is relu output, so below > 0 is the same as input > 0
        back = (back @ w.T) * (below > 0)
    return out


def sgd(net, days, y, rate):
    g = grad_score(net, days, y)
    return [(w - rate * gw, b - rate * gb) for (w, b), (gw, gb) in zip(net, g)]
