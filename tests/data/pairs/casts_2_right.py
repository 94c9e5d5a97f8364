import numpy as np


def softmax_cross_entropy(logits, labels):
    """labels: indices, one for each row of logits."""
    n = int(logits.shape[0])
    z = logits.astype(float) - np.max(logits, axis=1, keepdims=True)
    probs = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    loss = np.float64(-np.log(probs[np.arange(n), labels]).sum() / n)
    dlogits = probs.astype(np.float64).copy()
    dlogits[np.arange(n), labels] -= 1
    return loss, dlogits / float(n)
