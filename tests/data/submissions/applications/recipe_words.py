import numpy as np

# guess the cuisine of a recipe from its list of ingredients (a list of ids of any length)

def recipe_vector(ids, E):
    v = np.zeros(E.shape[1])
    for i in ids:
        v = v + E[i]
    return v / len(ids)

def cuisine_probs(ids, E, W, b):
    v = recipe_vector(ids, E)
    h = np.tanh(v)
    s = np.dot(W, h) + b
    s = np.exp(s - np.max(s))
    return h, s / np.sum(s)

def total_loss(recipes, cuisines, E, W, b):
    L = 0
    for ids, c in zip(recipes, cuisines):
        h, p = cuisine_probs(ids, E, W, b)
        L = L - np.log(p[c])
    return L / len(recipes)

def total_grad(recipes, cuisines, E, W, b):
    n = len(recipes)
    dE, dW, db = np.zeros(E.shape), np.zeros(W.shape), np.zeros(b.shape)
    for ids, c in zip(recipes, cuisines):
        h, p = cuisine_probs(ids, E, W, b)
        ds = p.copy()
        ds[c] = ds[c] - 1
        ds = ds / n
        dW = dW + np.outer(ds, h)
        db = db + ds
        dh = np.dot(ds, W)
        dv = dh * (1 - h * h)
        for i in ids:
            dE[i] = dv / len(ids)
    return dE, dW, db
