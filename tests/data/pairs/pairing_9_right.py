import numpy as np


class SoftmaxCrossEntropy:
    """logits (m, c); labels (m, 1), each the index of a class."""

    def forward(self, logits, labels):
        self.labels = labels.ravel()
        shifted = logits - logits.max(axis=1, keepdims=True)
        self.log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return -self.log_probs[np.arange(len(logits)), self.labels].mean()

    def backward(self):
        grad = np.exp(self.log_probs)
        grad[np.arange(len(grad)), self.labels] -= 1
        return grad / len(grad)
