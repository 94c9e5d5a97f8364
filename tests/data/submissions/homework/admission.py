import numpy as np

HIDDEN = 4
RATE = 0.1

def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))

def logistic_prime_from_output(o):
    return o * (1.0 - o)

def make_weights(n_features, rs):
    return {'wh': rs.normal(0, 0.5, (n_features, HIDDEN)), 'bh': np.zeros((1, HIDDEN)),
            'wo': rs.normal(0, 0.5, (HIDDEN, 1)), 'bo': np.zeros((1, 1))}

def feed(w, students):
    hidden = logistic(students.dot(w['wh']) + w['bh'])
    admitted = logistic(hidden.dot(w['wo']) + w['bo'])
    return hidden, admitted

def log_loss(w, students, target):
    _, p = feed(w, students)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).mean()

def backprop(w, students, target):
    n_records = students.shape[0]
    hidden, p = feed(w, students)

    delta_o = (p - target) * logistic_prime_from_output(p)
    delta_h = delta_o.dot(w['wo'].T) * logistic_prime_from_output(hidden)

    del_wo = hidden.T.dot(delta_o) / n_records
    del_bo = delta_o.sum(axis=0, keepdims=True) / n_records
    del_wh = students.T.dot(delta_h) / n_records
    del_bh = delta_h.sum(axis=0, keepdims=True) / n_records
    return {'wh': del_wh, 'bh': del_bh, 'wo': del_wo, 'bo': del_bo}

def descend(w, students, target, epochs):
    for _ in range(epochs):
        g = backprop(w, students, target)
        for name in w:
            w[name] = w[name] - RATE * g[name]
    return w
