# Elman RNN that predicts the next value of a sine wave
import numpy as np

hidden_size = 5


def lossFun(inputs, targets, hprev, Wxh, Whh, Why, bh, by):
    """
    inputs, targets are lists of floats.
    hprev is Hx1 array of initial hidden state
    returns the loss, gradients on model parameters, and last hidden state
    """
    xs, hs, ys = {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    # forward pass
    for t in range(len(inputs)):
        xs[t] = np.array([[inputs[t]]])
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t-1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        loss += 0.5 * np.sum((ys[t] - targets[t])**2)
    # backward pass: compute gradients going backwards
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = ys[t] - targets[t]
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext # backprop into h
        dhraw = (1 - hs[t] * hs[t]) * dh # backprop through tanh nonlinearity
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t].T)
        dhnext = np.dot(Whh.T, dhraw)
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs)-1]


def train(series, seq_length=25, steps=1000, learning_rate=1e-2):
    Wxh = np.random.randn(hidden_size, 1)*0.1
    Whh = np.random.randn(hidden_size, hidden_size)*0.1
    Why = np.random.randn(1, hidden_size)*0.1
    bh = np.zeros((hidden_size, 1))
    by = np.zeros((1, 1))
    p = 0
    for n in range(steps):
        if p+seq_length+1 >= len(series) or n == 0:
            hprev = np.zeros((hidden_size, 1))
            p = 0
        inputs = series[p:p+seq_length]
        targets = series[p+1:p+seq_length+1]
        loss, dWxh, dWhh, dWhy, dbh, dby, hprev = lossFun(inputs, targets, hprev, Wxh, Whh, Why, bh, by)
        for param, dparam in zip([Wxh, Whh, Why, bh, by], [dWxh, dWhh, dWhy, dbh, dby]):
            param += -learning_rate * dparam
        p += seq_length
    return loss
